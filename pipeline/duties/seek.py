"""Asking for permission: whom to ask, and the request pack that asks them (P16, P17, P27)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from pipeline import catalogue
from pipeline.accessible import Paper, joined, read_paper, write_versions
from pipeline.documents.prose import spoken
from pipeline.domain.client import Client
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Judgement, Purpose, Verdict
from pipeline.domain.release import Ending, Reason, Skipped
from pipeline.duties.wording import house_words
from pipeline.permission.givers import age_on
from pipeline.permission.permit import judge
from pipeline.records.indexed import Registers

METHODS = ("letter", "e-mail", "in person", "telephone")
"""How somebody can be asked."""

_CHILD = 16  # under it a parent answers as well (P9, E08)
_BARRED = frozenset(
    {
        Reason.SAFEGUARDING, Reason.LEGAL_RESTRICTION, Reason.PERMISSION_REFUSED, Reason.DECEASED, Reason.AMBIGUOUS_CLIENT,
        Reason.UNREADABLE, Reason.UNSUPPORTED,
    }
)  # fmt: skip
# Nobody has said yes or no to us yet, or not so that it counts.  Whoever answered is not asked again by a machine.
_OPEN = frozenset(
    {
        "permission_not_sought", "not_in_writing", "expired", "evidence_missing", "wrong_controller", "not_subject",
        "unparseable_consent", "refresh_own_consent", "conflict_most_restrictive", "recipient_not_granted",
    }
)  # fmt: skip
# A person decides what to do about these; nothing is sent out meanwhile.
_CLOSED = frozenset(
    {
        "withdrawn", "withdrawn_recall", "deceased_confidence_survives", "capacity_hold", "parental", "register_unreadable",
        "ambiguous_match", "statutory_restriction",
    }
)  # fmt: skip


def may_be_asked(judgements: Iterable[Judgement]) -> bool:
    """False for somebody who refused, took a permission back, has died, or whose answer waits for a manager."""
    return not any(j.verdict is Verdict.WITHHOLD or j.reason in _CLOSED for j in judgements)


def needs_request(judgements: Mapping[Purpose, Judgement], endings: Mapping[Purpose, Ending]) -> bool:
    """True when a story is worth asking for, may be asked for, and its permission is open for a purpose of the run.

    ``judgements`` and ``endings`` are those of one story.  A story that any purpose holds for safeguarding, a legal
    restriction, a refusal or a death is not asked for, nor one whose person has answered (P16, P20).
    """
    if any(getattr(ending, "reason", None) in _BARRED for ending in endings.values()) or not may_be_asked(judgements.values()):
        return False
    useful = [purpose for purpose, ending in endings.items() if not isinstance(ending, Skipped)]
    return any(purpose in judgements and judgements[purpose].reason in _OPEN for purpose in useful)


def to_ask(case_ref: str, registers: Registers, organisation: Organisation, on: date) -> Client | None:
    """The one client of a reference, when they may be asked today; ``None`` is for a manager to look at (P16, P21)."""
    clients = registers.clients_of(case_ref)
    if len(clients) != 1 or not clients[0].full_name or any(not d.release for d in registers.decisions_of(case_ref)):
        return None
    rows, readable = registers.permissions_of(case_ref), registers.permissions_readable
    judged = [judge(rows, clients[0], purpose, on, organisation, readable) for purpose in Purpose]
    return clients[0] if may_be_asked(judged) else None


def write_request(
    stem: str, client: Client, organisation: Organisation, folder: Path, on: date, need: str = ""
) -> tuple[Path, ...]:  # fmt: skip
    """Write the request pack for one service user in every version, as ``folder/stem...`` (P16, P27).

    ``stem`` is the story's id, never a name; ``need`` is the person's recorded communication need, and the version
    that suits it comes first.  The files name the person: they belong inside.  Raises ``RenderError``, ``OutputFailed``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return write_versions(request_paper(client, organisation, on), organisation, folder, stem, need)


def request_paper(client: Client, organisation: Organisation, on: date) -> Paper:
    """The letter, the explanation, the form and the office's page for one service user."""
    values = house_words(organisation, on) | {
        "name": client.full_name,
        "greeting": client.known_as or client.full_name or "friend",
        "dob": spoken(client.date_of_birth) if client.date_of_birth else "",
        "case_ref": client.case_ref,
        "service": client.service,
        "form_version": form_version(),
    }
    facts = {name for name, so in (("child", _is_child(client, on)), ("service", bool(client.service.strip()))) if so}
    letter, *rest = (read_paper(_wording(name), values, facts) for name in ("letter", "explanation", "form", "office"))
    return joined(letter.title, letter, *rest)


def blank_form(organisation: Organisation, child: bool = False) -> Paper:
    """The form of the pack with nothing filled in, to be kept at the front desk."""
    nobody = dict.fromkeys(("name", "greeting", "dob", "case_ref", "service"), "")
    values = house_words(organisation, None) | nobody | {"form_version": form_version()}
    facts = {"child"} if child else set()
    papers = [read_paper(_wording(name), values, facts) for name in ("explanation", "form", "office")]
    title = "May we tell your story? For a child under 16" if child else "May we tell your story?"
    return joined(title, Paper(title, papers[0].blocks), *papers[1:])


def form_version() -> str:
    """The number of the form's wording: it changes when a word of the explanation or the form does."""
    digest = hashlib.sha256()
    for name in ("explanation", "form"):
        digest.update(_wording(name).read_text(encoding="utf-8-sig").encode())
    return f"PF-{digest.hexdigest()[:6].upper()}"


def _wording(name: str) -> Path:
    return catalogue.policy_templates() / "requests" / f"{name}.md"


def _is_child(client: Client, on: date) -> bool:
    age = age_on(client.date_of_birth, on)
    if age is not None:
        return age < _CHILD
    band = [int(number) for number in re.findall(r"\d+", client.age_band)]
    return bool(band) and (max(band) < _CHILD or client.age_band.casefold().startswith(f"under {_CHILD}"))
