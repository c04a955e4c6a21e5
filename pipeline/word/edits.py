"""Replacements in a story's text carried back to the runs that the text came from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from lxml import etree

from pipeline.domain.replacement import Replacement, within
from pipeline.files.fragments import Fragment, offsets
from pipeline.word.reader import Anchor
from pipeline.word.runs import Piece


def edited_texts(fragments: Sequence[Fragment], replacements: Sequence[Replacement]) -> dict[etree._Element, str]:
    """What each shown node is to say; a node that is not a key was not shown and must not be copied.

    A replacement stands in the run in which the original began, so it takes that run's look.
    """
    ends = [replacement.end for replacement in replacements]
    texts: dict[etree._Element, str] = {}
    for start, fragment in offsets(fragments):
        if not isinstance(fragment.anchor, Anchor):
            continue
        near = replacements[max(0, bisect_right(ends, start) - 1) :]
        touching = within(start, fragment.text, _until(near, start + len(fragment.text)))
        for piece in fragment.anchor.pieces:
            texts[piece.node] = _piece_text(piece, fragment.text, touching)
    return texts


def _until(replacements: Sequence[Replacement], end: int) -> list[Replacement]:
    found = []
    for replacement in replacements:
        if replacement.start > end:
            break
        found.append(replacement)
    return found


def _piece_text(piece: Piece, text: str, edits: Sequence[tuple[int, int, str]]) -> str:
    start, end = piece.start, piece.start + piece.length
    kept: list[str] = []
    at = start
    for first, last, new in edits:
        if last < start or first >= end or (last == start and first < start):
            continue
        kept.append(text[at : max(at, min(first, end))])
        if first >= start:
            kept.append(new)
        at = max(at, min(last, end))
    return "".join([*kept, text[at:end]])
