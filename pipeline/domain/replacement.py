"""What is put in the place of a stretch of a story's text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True, order=True)
class Replacement:
    """``text`` instead of ``[start, end)`` of a story's text (code points); empty text removes it."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError("a replacement must cover a forward span")


def in_order(replacements: Sequence[Replacement]) -> tuple[Replacement, ...]:
    """The replacements by place; ``ValueError`` when two of them overlap."""
    ordered = tuple(sorted(replacements))
    for first, second in pairwise(ordered):
        if second.start < first.end:
            raise ValueError("replacements must not overlap")
    return ordered


def within(start: int, text: str, replacements: Sequence[Replacement]) -> tuple[tuple[int, int, str], ...]:
    """The replacements that touch a stretch of text at ``start``, cut to it, in its own offsets.

    One that runs over several stretches puts its text into the first and empties its share of the others.
    """
    end = start + len(text)
    found = []
    for one in replacements:
        if one.start < end and (one.end > start or one.start == one.end == start):
            new = one.text if one.start >= start else ""
            found.append((max(one.start, start) - start, min(one.end, end) - start, new))
    return tuple(found)


def apply(start: int, text: str, replacements: Sequence[Replacement]) -> str:
    """A stretch of text at ``start`` with the replacements that touch it made."""
    pieces: list[str] = []
    at = 0
    for first, last, new in within(start, text, replacements):
        pieces += (text[at:first], new)
        at = last
    return "".join([*pieces, text[at:]])
