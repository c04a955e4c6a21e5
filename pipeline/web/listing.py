"""The work list: every story and purpose of a run by what became of it, in counts that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.domain.permission import Purpose
from pipeline.gate import LIFTABLE
from pipeline.releasing import Finished

STATES = ("held", "released", "skipped")
PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Item:
    """One story for one purpose: how it ended, and whether somebody reviewed it (``touched``)."""

    story: str
    source: str
    purpose: str
    state: str
    reason: str
    detail: str
    what_next: str
    touched: bool
    liftable: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is shown; what is empty narrows nothing.  ``find`` are digits and hyphens of a story's id."""

    state: str = ""
    purpose: str = ""
    reason: str = ""
    find: str = ""

    def lets(self, item: Item) -> bool:
        """True for an item that is to be shown."""
        return (
            self.state in ("", item.state)
            and self.purpose in ("", item.purpose)
            and self.reason in ("", item.reason)
            and self.find in item.story
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Stories and inputs of the run; ``table`` has for each purpose the number in each state, which add up to the stories."""

    inputs: int
    stories: int
    table: dict[str, dict[str, int]]
    reasons: tuple[tuple[str, int], ...]

    @property
    def together(self) -> int:
        """Every story once for each purpose."""
        return sum(number for row in self.table.values() for number in row.values())


def items(finished: Finished, reviewed: frozenset[str]) -> list[Item]:
    """Every story and purpose, in the order of the run."""
    return list(_items(finished, reviewed))


def _items(finished: Finished, reviewed: frozenset[str]) -> Iterator[Item]:
    liftable = {reason.value for reason in LIFTABLE}
    for line in finished.lines:
        touched = line.get("digest", "") in reviewed
        for purpose, record in line["purposes"].items():
            reason = record["reasons"][0] if record["reasons"] else ""
            yield Item(
                line["story"], line["source"], purpose, record["status"], reason, record.get("detail", ""),
                record.get("what_next", ""), touched, reason in liftable,
            )  # fmt: skip


def counts(finished: Finished, listed: list[Item]) -> Counts:
    """The counts of the whole list, whatever of it is shown."""
    table: dict[str, dict[str, int]] = {p.value: dict.fromkeys(STATES, 0) for p in Purpose if _has(finished, p.value)}
    reasons: Counter[str] = Counter()
    for item in listed:
        table.setdefault(item.purpose, dict.fromkeys(STATES, 0))[item.state] += 1
        if item.reason:
            reasons[item.reason] += 1
    inputs = {line["story"][:10] for line in finished.lines}
    return Counts(len(inputs), len(finished.lines), table, tuple(sorted(reasons.items())))


def _has(finished: Finished, purpose: str) -> bool:
    return any(purpose in line["purposes"] for line in finished.lines)
