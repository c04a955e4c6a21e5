"""The work list: every story and purpose of a run by what became of it, in counts that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.domain.permission import Purpose
from pipeline.domain.release import Reason
from pipeline.gate import LIFTABLE
from pipeline.releasing import Finished

STATES = ("held", "released", "skipped")
PER_PAGE = 100
NONE = "not known"
"""What the service or the age band is called of a story that is about nobody on the client list."""
ROLES = {"comms": "communications", "manager": "a manager", "lead": "the data protection lead"}
_LEAD = frozenset(
    {Reason.LEAK_FOUND.value, Reason.UNREADABLE.value, Reason.AMBIGUOUS_CLIENT.value, Reason.PERMISSION_REFUSED.value}
)


@dataclass(frozen=True, slots=True)
class Item:
    """One story for one purpose: how it ended, and whether somebody reviewed it (``touched``).

    ``service`` and ``age`` are those of the one client whom it is about, as the client list has them; empty for none.
    """

    story: str
    source: str
    purpose: str
    state: str
    reason: str
    detail: str
    what_next: str
    touched: bool
    liftable: bool
    service: str = ""
    age: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is shown; what is empty narrows nothing.  ``find`` are digits and hyphens of a story's id."""

    state: str = ""
    purpose: str = ""
    reason: str = ""
    find: str = ""
    service: str = ""
    age: str = ""
    me: str = ""

    def lets(self, item: Item) -> bool:
        """True for an item that is to be shown."""
        return (
            self.state in ("", item.state)
            and self.purpose in ("", item.purpose)
            and self.reason in ("", item.reason)
            and self.find in item.story
            and self.service in ("", item.service or NONE)
            and self.age in ("", item.age or NONE)
            and (not self.me or for_whom(item) == self.me)
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Stories and inputs of the run; ``table`` has for each purpose the number in each state, which add up to the stories."""

    inputs: int
    stories: int
    table: dict[str, dict[str, int]]
    reasons: tuple[tuple[str, int], ...]
    services: tuple[tuple[str, int], ...] = ()
    ages: tuple[tuple[str, int], ...] = ()
    waiting: tuple[tuple[str, int], ...] = ()

    @property
    def together(self) -> int:
        """Every story once for each purpose."""
        return sum(number for row in self.table.values() for number in row.values())


def items(finished: Finished, reviewed: frozenset[str], about: Mapping[str, tuple[str, str]]) -> list[Item]:
    """Every story and purpose, in the order of the run; ``about`` has service and age band by story."""
    return list(_items(finished, reviewed, about))


def for_whom(item: Item) -> str:
    """Whose a held story is to take further; empty for one that waits for nobody."""
    if item.state != "held":
        return ""
    return "manager" if item.liftable else "lead" if item.reason in _LEAD else "comms"


def _items(finished: Finished, reviewed: frozenset[str], about: Mapping[str, tuple[str, str]]) -> Iterator[Item]:
    liftable = {reason.value for reason in LIFTABLE}
    for line in finished.lines:
        touched = line.get("digest", "") in reviewed
        service, age = about.get(line["story"], ("", ""))
        for purpose, record in line["purposes"].items():
            reason = record["reasons"][0] if record["reasons"] else ""
            yield Item(
                line["story"], line["source"], purpose, record["status"], reason, record.get("detail", ""),
                record.get("what_next", ""), touched, reason in liftable, service, age,
            )  # fmt: skip


def counts(finished: Finished, listed: list[Item]) -> Counts:
    """The counts of the whole list, whatever of it is shown."""
    table: dict[str, dict[str, int]] = {p.value: dict.fromkeys(STATES, 0) for p in Purpose if _has(finished, p.value)}
    reasons: Counter[str] = Counter()
    services: Counter[str] = Counter()
    ages: Counter[str] = Counter()
    waiting: Counter[str] = Counter(filter(None, map(for_whom, listed)))
    for item in listed:
        services[item.service or NONE] += 1
        ages[item.age or NONE] += 1
        table.setdefault(item.purpose, dict.fromkeys(STATES, 0))[item.state] += 1
        if item.reason:
            reasons[item.reason] += 1
    inputs = {line["story"][:10] for line in finished.lines}
    return Counts(
        len(inputs), len(finished.lines), table, *(tuple(sorted(each.items())) for each in (reasons, services, ages, waiting))
    )


def _has(finished: Finished, purpose: str) -> bool:
    return any(purpose in line["purposes"] for line in finished.lines)
