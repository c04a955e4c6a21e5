"""How a story ends for a purpose: released, held or skipped, each a type of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.permission import Purpose


class Reason(StrEnum):
    """Why a story is not released (interface contract)."""

    PERMISSION_REFUSED = "permission-refused"
    SAFEGUARDING = "safeguarding"
    LEGAL_RESTRICTION = "legal-restriction"
    NO_OUTCOME = "no-outcome"
    STILL_IDENTIFIABLE = "still-identifiable"
    LEAK_FOUND = "leak-found"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"
    ORGANISATION_CONFIDENTIAL = "organisation-confidential"
    SIGN_OFF = "sign-off"
    AMBIGUOUS_CLIENT = "ambiguous-client"
    DECEASED = "deceased"
    PERMISSION_NOT_SOUGHT = "permission-not-sought"


@dataclass(frozen=True, slots=True)
class Output:
    """One released file: its path relative to the run's output folder (forward slashes) and its sha256."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Released:
    """A story told for a purpose; ``identified`` says whether the service user is named in it.

    ``sought`` is false when nobody asked for permission; ``channels`` and ``recipients`` are those it names (P8, P16).
    """

    story_id: str
    purpose: Purpose
    outputs: tuple[Output, ...]
    identified: bool
    permission: str  # the judgement's reason code
    consent_id: str = ""
    sought: bool = False
    channels: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """A story that waits for somebody: why, and what would lift it, in words without any personal value.

    ``detail`` narrows the reason (the limit for safeguarding, the clause or the category otherwise).
    """

    story_id: str
    purpose: Purpose | None
    reason: Reason
    what_next: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A story with nothing to tell for a purpose."""

    story_id: str
    purpose: Purpose | None
    reason: Reason
    what_next: str
    detail: str = ""


Ending = Released | Held | Skipped
