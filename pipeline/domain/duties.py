"""What the duties around the stories leave on record: who may work, what went to an authority, what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who works here, paid or not (P10, P29).

    ``number`` is theirs in every record; ``login`` the name they use the computer by; ``statements`` the policy versions
    whose statement they signed, each with its day; ``left_on`` is ``None`` for who still works here.
    """

    number: int
    name: str
    login: str
    roles: tuple[str, ...]
    statements: tuple[tuple[str, date], ...] = ()
    trained_on: tuple[date, ...] = ()
    left_on: date | None = None

    def signed(self, version: str, on: date) -> bool:
        """True when they had signed the statement of that policy version by that day."""
        return any(signed == version and day <= on for signed, day in self.statements)

    def trained(self, on: date) -> bool:
        """True when they had been trained by that day."""
        return any(day <= on for day in self.trained_on)

    def last_trained(self, on: date) -> date | None:
        """The latest day by then on which they were trained."""
        return max((day for day in self.trained_on if day <= on), default=None)

    def at_work(self, on: date) -> bool:
        """False from the day on which they left."""
        return self.left_on is None or on < self.left_on


class Marking(StrEnum):
    """How an item is marked for the authority that gets it (P24)."""

    CONFIDENTIAL = "confidential"
    SENSITIVE = "commercially-sensitive"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Item:
    """One file that goes to an authority: ``source`` is the digest it had here, ``sha256`` that of the copy that leaves."""

    name: str
    source: str
    sha256: str
    marking: Marking
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement with a public authority; ``clause``: it tells us of FOI and EIR requests before it discloses (P23)."""

    number: int
    authority: str
    clause: bool
    on: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What was given to a public authority: recorded before it left (P22).

    ``reference`` is what the authority quotes when it tells us of a request for it.
    ``held`` disclosures never left, for want of an agreement with the clause; ``override_by`` is the manager who let one
    go all the same, and ``override_why`` their reason.
    """

    number: int
    authority: str
    on: date
    items: tuple[Item, ...]
    categories: tuple[str, ...]
    agreement: int = 0
    held: bool = False
    override_by: str = ""
    override_why: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """An authority's notice that somebody asked for what we gave it (P23).

    ``disclosure`` is the reference of ours; ``law`` is FOI or EIR; ``theirs`` the authority's own reference.
    """

    disclosure: str
    law: str
    on: date
    theirs: str = ""


class Severity(StrEnum):
    """How bad a breach is; "stopped" never left the organisation (P28)."""

    STOPPED = "stopped"
    LOW = "low"
    SERIOUS = "serious"
    GRAVE = "grave"


@dataclass(frozen=True, slots=True)
class Breach:
    """Something confidential that got out, or that a check stopped (P28, P30).

    ``known_at`` is when we first knew (UTC) and starts the 72 hours; ``files`` are the digests of what it is about;
    ``closed_on`` and ``review`` (whether the policy needs one) come with its end.
    """

    number: int
    severity: Severity
    known_at: datetime
    found_by: str
    what: str
    files: tuple[str, ...] = ()
    closed_on: date | None = None
    review: bool = True
