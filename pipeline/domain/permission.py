"""What a person allowed, in writing, and what may be told because of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Purpose(StrEnum):
    """The three uses that the policy knows; there is no other (P15)."""

    PUBLICITY = "publicity"
    REPORTING = "reporting"
    TRAINING = "training"


class Evidence(StrEnum):
    """The state of the signed form that a permission row names."""

    PRESENT = "present"
    NOT_NAMED = "not-named"
    MISSING = "missing"
    UNREADABLE = "unreadable"  # empty, or its digest is not the one that was recorded


class IdentityLevel(StrEnum):
    """How much of the person's name may be shown."""

    FULL_NAME = "full name"
    FIRST_NAME = "first name"
    KNOWN_AS = "known-as name"
    ANONYMOUS = "anonymous"


class Answer(StrEnum):
    """A yes, a no, or a cell that says neither: only a yes is a yes (E24)."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom documents are for (P8): the channel they appear in and who gets them, empty where a run does not say."""

    channel: str = ""
    recipient: str = ""


ANYBODY = Audience()


@dataclass(frozen=True, slots=True)
class Permission:
    """One row of the permission register, parsed.

    Dates are ``None`` when the cell is empty; ``unreadable`` names the columns whose cells could not be understood,
    which makes the row no permission at all (fail closed).  ``row`` is the line in the register, for messages.
    ``taken_back`` is true once the day of ``withdrawn_on`` has come, whatever day a run is asked to judge permissions at.
    """

    consent_id: str
    case_ref: str
    row: int
    subject_name: str
    dob: date | None
    given_by: str
    authority: str
    capacity: str
    best_interest_ref: str
    purposes: tuple[tuple[Purpose, Answer], ...]
    channels: tuple[str, ...]
    recipients: tuple[str, ...]
    identity_level: IdentityLevel | None
    photo: Answer
    quote: Answer
    quote_approved_on: date | None
    excluded_topics: tuple[str, ...]
    organisation: str
    method: str
    response: str
    sought_on: date | None
    given_on: date | None
    effective_from: date | None
    expires_on: date | None
    withdrawn_on: date | None
    scope: str
    evidence: Evidence
    final_copy_approved_on: date | None
    unreadable: tuple[str, ...] = ()
    taken_back: bool = False

    def withdrawn(self, on: date) -> bool:
        """True when it was taken back by that day, or is known to be today whatever day is judged."""
        return self.withdrawn_on is not None and (self.taken_back or self.withdrawn_on <= on)


class Verdict(StrEnum):
    """What may be done with a story for a purpose."""

    IDENTIFY = "identify"
    ANONYMISE = "anonymise"
    WITHHOLD = "withhold"


@dataclass(frozen=True, slots=True)
class Judgement:
    """The permission position of one person for one purpose on one day.

    ``reason`` is a code of permission-cases ("expired", "not_in_writing", ...; "permitted" when identified).  What
    may be told beyond the anonymised baseline is only what the other fields name; they are empty unless the verdict
    is identify, except ``quote``, which an anonymous permission may allow too.
    """

    verdict: Verdict
    reason: str
    consent_id: str = ""
    identity_level: IdentityLevel = IdentityLevel.ANONYMOUS
    quote: bool = False
    photo: bool = False
    channels: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    excluded_topics: tuple[str, ...] = ()
    sought: bool = False


@dataclass(frozen=True, slots=True)
class ManagerDecision:
    """A manager's recorded decision about one story and purpose (P21).

    ``release`` is false for "withhold".  ``decided_by`` and ``manager`` are two people; the register refuses a row
    in which they are the same.  ``story_sha256`` binds it to one text (``Story.digest``): of another it says nothing;
    empty when the row binds it to none.
    """

    case_ref: str
    purpose: Purpose
    reason: str
    release: bool
    decided_by: str
    manager: str
    why: str
    decided_on: date
    row: int
    story_sha256: str = ""
