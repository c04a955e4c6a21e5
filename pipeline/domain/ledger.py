"""What the records keep of runs, releases, withdrawals and requests: plain values, without a database in sight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.domain.permission import Purpose


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run: ``run_id`` is the digest of everything that decides its results, so that a repeat is the same run.

    ``out`` is the output folder as it was named; ``channel`` and ``recipient`` are the audience, empty when none was named.
    """

    run_id: str
    out: str
    on: date
    purposes: tuple[Purpose, ...]
    policy_version: str
    model_version: str
    version: str
    channel: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class StoryRecord:
    """One story of a run: ``digest`` is the sha256 of its text, which a decision about it is bound to."""

    run_id: str
    story_id: str
    source: str
    digest: str
    case_refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """One released file and what it tells: to whom, under which permission (P16, P17, P22).

    ``path`` is relative to the run's output folder; ``sought`` is false when the person was never asked, which the
    record has to say; ``channels`` and ``recipients`` are those that the permission names.
    """

    run_id: str
    story_id: str
    purpose: Purpose
    path: str
    sha256: str
    case_ref: str = ""
    identified: bool = False
    permission: str = ""
    consent_id: str = ""
    sought: bool = False
    channels: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One time that a person was asked for permission, or a request was prepared for them (P16)."""

    case_ref: str
    on: date
    method: str
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A permission taken back: one consent, or every consent of a case when ``consent_id`` is empty (P17).

    ``no_use`` is true when the person wants the story told in no form at all, changed details or not.
    """

    case_ref: str
    on: date
    consent_id: str = ""
    no_use: bool = False
    recorded_by: str = ""


@dataclass(frozen=True, slots=True)
class Recall:
    """One released file that a withdrawn permission touched: which version went where, to be asked back (E07)."""

    release: ReleaseRecord
    out: str
    released_on: date
    withdrawn_on: date
