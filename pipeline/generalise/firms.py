"""Firms named after people, whose names were found in pieces: "Vail" & "Lorne" "Bakeries"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain.finding import Category, Finding
from pipeline.generalise.phrasebook import Phrasebook
from pipeline.generalise.places import generalise_organisation
from pipeline.generalise.site import Change, Site

_PIECES = frozenset({Category.PERSON, Category.ORGANISATION})
_GAP = re.compile(r"[ ]?(?:&[ ]?)?")


def firms(text: str, findings: Sequence[Finding]) -> dict[int, tuple[int, int]]:
    """By the start of each piece, where the whole name begins and ends."""
    found: dict[int, tuple[int, int]] = {}
    group: list[Finding] = []
    for finding in findings:
        if group and finding.category in _PIECES and _GAP.fullmatch(text[group[-1].end : finding.start]):
            group.append(finding)
            continue
        found |= _firm(text, group)
        group = [finding] if finding.category in _PIECES else []
    return found | _firm(text, group)


def _firm(text: str, group: Sequence[Finding]) -> dict[int, tuple[int, int]]:
    if len(group) < 2 or all(f.category is not Category.ORGANISATION for f in group):
        return {}
    start, end = group[0].start, group[-1].end
    return {f.start: (start, end) for f in group} if "&" in text[start:end] else {}


def whole_firm(site: Site, name: str, book: Phrasebook, other: bool) -> Change:
    """The first piece told as what the whole ``name`` is; the other pieces have changes of their own."""
    named = replace(site, end=site.start + len(name), right=site.start + len(name))
    return replace(generalise_organisation(named, book, False, other), end=site.end)
