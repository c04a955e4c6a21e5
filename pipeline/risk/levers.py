"""What can still be told more broadly, and what that would do to the details: never fewer people, often more."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.case import Case
from pipeline.domain.finding import Category, Finding, Resolution
from pipeline.domain.risk import Detail, Kind
from pipeline.generalise.rarity import Rare, Rarity
from pipeline.generalise.softening import AGE_STEPS, DATE_STEPS
from pipeline.world import World

_FAR = 80  # characters
_WIDE = ((0, 17), (18, 39), (40, 64), (65, 120))
_BARE = re.compile(r"\b(?:(?:early|mid|late|spring|summer|autumn|winter)[ -](?:in )?)?(?:19|20)\d\d\b", re.IGNORECASE)
_DETERMINER = re.compile(r"\b(?:the|a|an|his|her|their|our|my|your|this|these|those|no)\s+(?:[\w-]+\s+)?$", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:a|an|the)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lever:
    """One kind of detail that can be told more broadly; ``rare`` names the words when it is a rare one."""

    kind: Kind
    rare: Rare | None = None


def levers(case: Case, details: Sequence[Detail], rarity: Rarity) -> list[Lever]:
    """What is left to give, what costs the story least first."""
    kinds, soft = {detail.kind for detail in details}, case.softening
    found = [Lever(rare.detail, rare) for rare in rarity.rare if _said(rare, details) and rare_spans(case, rare)]
    if Kind.DATES in kinds and soft.dates < DATE_STEPS:
        found.append(Lever(Kind.DATES))
    if Kind.AGE in kinds and soft.ages < AGE_STEPS:
        found.append(Lever(Kind.AGE))
    if Kind.ORIGIN in kinds and not soft.origins:
        found.append(Lever(Kind.ORIGIN))
    return found


def foreseen(lever: Lever, case: Case, details: Sequence[Detail], rarity: Rarity) -> list[Detail]:
    """The details as they would be afterwards; the text itself is measured again when the lever has been pulled."""
    if lever.rare:
        return [d for d in details if not (d.kind is lever.kind and lever.rare.words.fullmatch(d.value))]
    others = [detail for detail in details if detail.kind is not lever.kind]
    mine = [detail for detail in details if detail.kind is lever.kind]
    if lever.kind is Kind.AGE:
        mine = [wider for age in mine if (wider := widened_age(age, case.softening.ages + 1, rarity))]
    elif lever.kind is Kind.DATES and case.softening.dates == 0:
        mine = [replace(d, first=date(d.first.year, 1, 1), last=date(d.last.year, 12, 31)) for d in mine]
    else:
        mine = []
    return [*others, *mine]


def widened_age(age: Detail, step: int, rarity: Rarity) -> Detail | None:
    """An age as a step tells it; ``None`` when it is no longer told."""
    low, high = age.low, age.high
    if step >= AGE_STEPS:
        return None
    low = max(first for first, _ in _WIDE if first <= low)
    high = min(last for _, last in _WIDE if last >= high)
    return replace(age, low=low, high=high, share=rarity.of_age(low, high))


def pulled(lever: Lever, case: Case, world: World) -> Case:
    """The case with one detail told more broadly; everything is decided again from it."""
    soft = case.softening
    if lever.rare:
        return _with_rare(case, lever.rare, world)
    if lever.kind is Kind.AGE:
        return replace(case, softening=replace(soft, ages=soft.ages + 1))
    if lever.kind is Kind.ORIGIN:
        return replace(case, softening=replace(soft, origins=1))
    if not soft.dates:
        case = with_findings(case, bare_dates(case))
    return replace(case, softening=replace(soft, dates=soft.dates + 1))


def bare_dates(case: Case) -> list[Finding]:
    """Seasons and years in words that detection leaves, because alone they say nothing."""
    found = []
    for sentence in case.told:
        for match in _BARE.finditer(case.story.text, sentence.start, sentence.end):
            found.append(Finding(match.start(), match.end(), Category.DATE, 0.5, "risk", "SEASON"))
    return [finding for finding in found if is_free(finding, case)]


def rare_spans(case: Case, rare: Rare) -> list[Finding]:
    """Where a rare detail stands in the sentences that may be told, untouched so far."""
    found = [
        Finding(match.start(), match.end(), Category.INDIRECT, 0.5, "risk", rare.kind)
        for sentence in case.told
        for match in rare.words.finditer(case.story.text, sentence.start, sentence.end)
    ]
    return [finding for finding in found if is_free(finding, case)]


def with_broader_words(case: Case, rarity: Rarity) -> Case:
    """The case in which a rare detail that detection saw is told in broader words, not taken out, where there are any.

    Detection may see a part of it: "in the spelling bee" of "came third in the spelling bee".
    """
    text, instead, whole = case.story.text, dict(case.softening.instead), dict(case.softening.whole)
    for finding in case.resolution.findings:
        if finding.category is Category.INDIRECT:
            found = next(((rare, span) for rare in rarity.rare if rare.becomes and (span := _around(finding, rare, case))), None)
            if found:
                rare, (start, end) = found
                instead[finding.start] = _fitted(text, replace(finding, start=start, end=end), rare)
                whole[finding.start] = start, end
    return replace(case, softening=replace(case.softening, instead=instead, whole=whole))


def _around(finding: Finding, rare: Rare, case: Case) -> tuple[int, int] | None:
    """Where words for a rare detail stand around a finding, and around no other."""
    text = case.story.text
    low, high = text.rfind("\n", max(0, finding.start - _FAR), finding.start) + 1, finding.end + _FAR
    for match in rare.words.finditer(text, max(low, finding.start - _FAR), high):
        if match.start() <= finding.start and finding.end <= match.end() and "\n" not in match.group():
            inside = [f for f in case.resolution.findings if f.start < match.end() and match.start() < f.end]
            return match.span() if len(inside) == 1 else None
    return None


def with_findings(case: Case, extra: Sequence[Finding]) -> Case:
    """The case with more findings, to be decided like every other."""
    findings = tuple(sorted([*case.resolution.findings, *extra]))
    return replace(case, resolution=Resolution(findings, case.resolution.entities))


def _with_rare(case: Case, rare: Rare, world: World) -> Case:
    found = rare_spans(case, rare)
    instead = dict(case.softening.instead) | {finding.start: _fitted(case.story.text, finding, rare) for finding in found}
    spans = [(s.start, s.end) for s in case.told if any(s.start <= finding.start < s.end for finding in found)]
    parsed = dict(case.syntax) | world.parser.parse(case.story.text, [s for s in spans if s[0] not in case.syntax])
    return replace(with_findings(case, found), syntax=parsed, softening=replace(case.softening, instead=instead))


def _fitted(text: str, finding: Finding, rare: Rare) -> str:
    led = _DETERMINER.search(text, max(0, finding.start - 30), finding.start)
    return _ARTICLE.sub("", rare.becomes) if led else rare.becomes


def _said(rare: Rare, details: Sequence[Detail]) -> bool:
    return any(detail.kind is rare.detail and rare.words.fullmatch(detail.value) for detail in details)


def is_free(finding: Finding, case: Case) -> bool:
    """Whether no other finding of the case touches this one."""
    return all(finding.end <= other.start or other.end <= finding.start for other in case.resolution.findings)
