"""What people decided when they looked at a story: plain values, bound to the text that they looked at (P21)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.finding import Category
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Treatment


class Act(StrEnum):
    """What somebody did with a detail; all but ``mark`` are about one that was found."""

    ACCEPT = "accept"  # as the policy proposed
    REPLACE = "replace"  # other words in its place
    GENERALISE = "generalise"  # a broader value instead of another one
    STEP = "step"  # as many steps broader than usual: an age, a date or a place
    REMOVE = "remove"
    KEEP = "keep"  # it is no identifying detail, and here is why
    MARK = "mark"  # it was missed


UNASKED = frozenset({Act.MARK, Act.GENERALISE, Act.STEP, Act.REMOVE})
"""The acts that stand in a changed text where words and surroundings are the same, before anybody looked: none lets stand."""

STRICTER = {Act.GENERALISE: Treatment.GENERALISE, Act.REMOVE: Treatment.REMOVE}
"""The acts that ask for more than the policy does, and what they ask for."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that one person decided about ``[start, end)`` of a story's text.

    ``purpose`` is ``None`` for a mark: what was missed was missed for every purpose.  ``category`` is that of a mark,
    ``text`` the words of a replacement, ``reason`` why a detail is kept, ``step`` how much broader it is told; ``trace``
    is the keyed digest of the words and of what stands around them, by which a later text is compared.
    """

    act: Act
    start: int
    end: int
    author: str
    purpose: Purpose | None = None
    category: Category | None = None
    text: str = ""
    reason: str = ""
    step: int = 0
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """Every change that stands, in the order they were made; ``digest`` is that of the text they are about."""

    digest: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def marks(self) -> tuple[Change, ...]:
        """What people found that nobody had."""
        return tuple(change for change in self.changes if change.act is Act.MARK)

    def chosen(self, purpose: Purpose) -> dict[tuple[int, int], Change]:
        """The last change of each detail for one purpose, by the span of the detail."""
        return {(c.start, c.end): c for c in self.changes if c.purpose is purpose and c.act is not Act.MARK}
