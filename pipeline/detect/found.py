"""What one detector family hands to the next, in positions of the reading."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.domain.finding import Category


class Span(NamedTuple):
    """A stretch ``[start, end)`` of a reading's text that identifies, as one detector saw it."""

    start: int
    end: int
    category: Category
    score: float
    detector: str
    kind: str = ""
