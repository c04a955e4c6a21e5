"""A story as it was read: one immutable text, and where each stretch of it stood."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a stretch of text is in its document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    FIELD = "field"  # a value with a label: a form line, a cell under a column header
    FURNITURE = "furniture"  # headers, footers, letterheads
    NOTE = "note"  # comments, footnotes, endnotes
    HIDDEN = "hidden"  # deleted, hidden or alternative text, field codes, link targets
    METADATA = "metadata"  # properties, authors, file names


NARRATIVE = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.FIELD})
"""Kinds whose text may appear in a published document; the rest is only searched for identifiers."""


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a block stood, in words a person can follow and without any of its text.

    ``part`` names the layer ("body", "header 1", "comment 3", "sheet 2", "property");
    ``position`` the place in it ("paragraph 4", "table 1, row 2, column 3").
    """

    part: str
    position: str = ""

    def __str__(self) -> str:
        return f"{self.part}, {self.position}" if self.position else self.part


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch ``[start, end)`` of the story's text, with its kind, place and, for a field, its label."""

    start: int
    end: int
    kind: BlockKind
    locator: Locator
    label: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError("a block must be a forward span")


@dataclass(frozen=True, slots=True)
class Story:
    """What one source says about one matter; ``text`` is never changed after reading.

    ``story_id`` is "story-0001", from the sorted place of the source; a workbook of several clients gives
    "story-0001-02".  ``source`` is the path relative to what was given.  ``stated_ref`` is the case reference that
    the file itself states, if any.  ``blocks`` are in order and do not overlap.
    """

    story_id: str
    source: str
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    stated_ref: str | None = None

    def __post_init__(self) -> None:
        at = 0
        for block in self.blocks:
            if block.start < at or block.end > len(self.text):
                raise ValueError("blocks must be in order, apart, and inside the text")
            at = block.end

    @property
    def digest(self) -> str:
        """The sha256 of the text, which a manager's decision about this story is bound to (P21)."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()
