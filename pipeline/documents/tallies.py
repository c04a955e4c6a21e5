"""Counts of people by group, kept in bounded memory while a client list streams by."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.documents.prose import line

MOST_GROUPS = 1000
LONGEST_LABEL = 60


@dataclass(slots=True)
class Tally:
    """How many people are in each group; groups are the same whatever their capitals and spaces.

    A group beyond the thousandth, and a cell too long to be the name of a group, is counted in ``nameless``: free
    text is never shown.
    """

    counts: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    nameless: int = 0

    def add(self, cell: str) -> str | None:
        """Count one person; the group's key, or ``None`` when it has no name."""
        label = line(cell)
        key = label.casefold()
        if not key or len(label) > LONGEST_LABEL or (key not in self.counts and len(self.counts) >= MOST_GROUPS):
            self.nameless += 1
            return None
        self.labels.setdefault(key, label)
        self.counts[key] = self.counts.get(key, 0) + 1
        return key

    @property
    def people(self) -> int:
        """Everybody counted."""
        return sum(self.counts.values()) + self.nameless


@dataclass(slots=True)
class Amounts:
    """The amounts recorded with one outcome: how many, their sum, the two largest, and whether all are 1."""

    values: int = 0
    total: float = 0.0
    first: float = 0.0
    second: float = 0.0
    only_ones: bool = True

    def add(self, value: float) -> None:
        """Add one person's amount."""
        self.values += 1
        self.total += value
        self.only_ones = self.only_ones and value == 1
        size = abs(value)
        if size > self.first:
            self.first, self.second = size, self.first
        elif size > self.second:
            self.second = size
