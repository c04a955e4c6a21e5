"""Asking for permission from a story's page: the request pack, the attempt, and the answer with its scanned form (P16)."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from starlette.requests import ClientDisconnect, Request

from pipeline.domain.client import Client
from pipeline.domain.event import Event
from pipeline.domain.ledger import Attempt
from pipeline.domain.permission import Purpose
from pipeline.duties.seek import METHODS, form_version, to_ask, write_request
from pipeline.errors import OutputFailed, RegisterError, ReviewRefused, UsageError
from pipeline.records.cells import read_date
from pipeline.records.durable import make_folder
from pipeline.records.duties import note
from pipeline.records.keys import write_private
from pipeline.records.permissions import COLUMNS
from pipeline.records.tables import read_raw
from pipeline.records.writing import write_table
from pipeline.web.desk import Desk, Opened
from pipeline.web.uploads import Limits, Sent, receive

ANSWER = "/answer"
"""The address that an answer with its scanned form is sent to."""

_LARGEST = 25 * 1024 * 1024
ROOMY = {ANSWER: _LARGEST + 64 * 1024}
_FORMS = {b"%PDF-": ".pdf", b"\x89PNG\r\n\x1a\n": ".png", b"\xff\xd8\xff": ".jpg"}
_LEVELS = ("full name", "first name", "anonymous")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Asking:
    """Where asking stands for a story: whom it is about, when they were asked, the pack that lies ready, and what may be done."""

    client: Client
    asked: tuple[Attempt, ...]
    pack: tuple[str, ...]
    may_ask: bool
    may_answer: bool
    register: bool


def asking(desk: Desk, opened: Opened) -> Asking | None:
    """Where asking stands; ``None`` for a story that is not about one client of the list."""
    client = opened.case.subject.client
    if client is None or not opened.case.subject.case_ref:
        return None
    registers = desk.world.registers
    return Asking(
        client,
        tuple(sorted(registers.attempts_of(client.case_ref), key=lambda attempt: attempt.on)),
        tuple(path.name for path in _pack(desk, opened.case.story.story_id)),
        "seek prepare" in desk.allowed and _askable(desk, client) is not None,
        "records import" in desk.allowed,
        desk.world.settings.permissions is not None,
    )


def prepare(desk: Desk, opened: Opened) -> int:
    """Write the request pack; how many versions there are.  Raises ``ReviewRefused`` for whoever may not be asked."""
    desk.may("seek prepare")
    client = _asked(opened)
    if _askable(desk, client) is None:
        raise ReviewRefused("this person is not asked now", "They have answered, or it waits for a manager.")
    folder = desk.out / "internal" / "requests"
    settings = desk.world.settings
    story_id = opened.case.story.story_id
    return len(write_request(story_id, client, desk.world.organisation, folder, settings.on, client.communication_need))


def pack_file(desk: Desk, story_id: str, number: int) -> tuple[str, bytes]:
    """One file of the request pack; raises ``UsageError`` when there is none."""
    pack = _pack(desk, story_id)
    if not 0 <= number < len(pack):
        raise UsageError("there is no such file", "Create the request pack first.")
    return pack[number].name, pack[number].read_bytes()


def record_attempt(desk: Desk, opened: Opened, by: str, method: str, on: str, remark: str) -> None:
    """Record that the person was asked; raises ``ReviewRefused`` for what is no method or no day so far."""
    desk.may("seek record")
    day = _day(on, desk.world.settings.on)
    if method not in METHODS or day > max(date.today(), desk.world.settings.on):
        raise ReviewRefused("that form was not filled in", "Say how they were asked, and on which day until today.")
    with desk.lock, desk.workspace.store() as store:
        store.attempt(Attempt(_asked(opened).case_ref, day, method, by, remark.strip()[:_LONGEST]))
    desk.reload()


async def answer_form(request: Request, desk: Desk, csrf: str) -> Sent:
    """Take in an answer and its scanned form, into the private folder of the run.  Raises ``UsageError``, ``OutputFailed``."""
    into = desk.out / "internal" / f".answer-{secrets.token_hex(8)}"
    into.mkdir(mode=0o700)
    try:
        kind = request.headers.get("content-type", "")
        return await receive(request.stream(), kind, into, csrf, Limits(_LARGEST, 1, _LARGEST))
    finally:
        with contextlib.suppress(ClientDisconnect, RuntimeError):  # a browser that is cut off shows nobody our answer
            async for _ in request.stream():
                pass


def register_answer(desk: Desk, opened: Opened, by: str, fields: Mapping[str, str], form: bytes) -> str:
    """Add the answer to the permission register, its form kept beside it; the id that the row has.

    The row is judged like every other: it allows nothing that is not in order.  Raises ``ReviewRefused`` for a form that is
    not filled in or a file that is no scan, ``RegisterError`` when the register cannot be written.
    """
    desk.may("records import")
    register = desk.world.settings.permissions
    if register is None:
        raise ReviewRefused("there is no permission register yet", "Start one under Registers, or name it with --permissions.")
    suffix = next((suffix for start, suffix in _FORMS.items() if form.startswith(start)), "")
    if not suffix:
        raise ReviewRefused("the signed form is missing or no scan", "Choose a PDF, a JPEG or a PNG.")
    given = fields.get("response") == "given"
    if fields.get("response") not in ("given", "refused") or (given and fields.get("identity_level") not in _LEVELS):
        raise ReviewRefused("that form was not filled in", "Say what they answered, and how they may be named.")
    client, number = _asked(opened), f"PF-{secrets.token_hex(4).upper()}"
    with desk.lock:
        evidence = register.parent / "evidence" / f"{number}{suffix}"
        cells = _cells(desk, client, fields, given, by) | {
            "consent_id": number, "evidence_file": f"evidence/{evidence.name}", "evidence_hash": hashlib.sha256(form).hexdigest(),
        }  # fmt: skip
        _check(cells)
        try:
            make_folder(evidence.parent)
            write_private(evidence, form)
        except OSError:
            raise OutputFailed("the signed form cannot be kept", "Check the folder of the register.") from None
        _append(register, cells)
        digest = hashlib.sha256(register.read_bytes()).hexdigest()
        note(desk.workspace.trail, Event("register", opened.case.story.story_id, {"what": "permissions", "sha256": digest}))
        desk.reload()
    return number


def _cells(desk: Desk, client: Client, fields: Mapping[str, str], given: bool, by: str) -> dict[str, str]:
    day = _day(fields.get("given_on", ""), desk.world.settings.on).isoformat()
    said = {name: " ".join(fields.get(name, "").split()) for name in ("given_by", "channels", "recipients", "excluded_topics")}
    answers = {f"purpose_{p}": "yes" if given and fields.get(f"purpose_{p}") == "yes" else "no" for p in Purpose}
    own = not said["given_by"]
    attempts = sorted(attempt.on for attempt in desk.world.registers.attempts_of(client.case_ref))
    return answers | said | {
        "case_ref": client.case_ref, "subject_name": client.full_name,
        "dob": client.date_of_birth.isoformat() if client.date_of_birth else "",
        "given_by": client.full_name if own else said["given_by"],
        "authority": "self" if own else "parental responsibility" if fields.get("authority") == "parent" else "other",
        "capacity": " ".join(fields.get("capacity", "").split()),
        "identity_level": fields.get("identity_level", "anonymous") if given else "anonymous",
        "photo": _yes(fields, "photo", given), "quote": _yes(fields, "quote", given),
        "organisation": desk.world.organisation.name,
        "quote_approved_on": day if _yes(fields, "quote", given) == "yes" else "",
        "form_version": form_version(), "method": "written form", "response": "given" if given else "refused",
        "sought_on": attempts[-1].isoformat() if attempts else "", "given_on": day, "effective_from": day,
        "expires_on": _optional(fields.get("expires_on", "")), "explained_by": by, "scope": "this story",
    }  # fmt: skip


def _append(register: Path, cells: Mapping[str, str]) -> None:
    raw = read_raw(register)
    if missing := {"case_ref", "consent_id", "response", "evidence_file"} - set(raw.columns):
        raise RegisterError(f"{register.name} has no column {min(missing)}", f"Its columns are {', '.join(COLUMNS)}.")
    row = [cells.get(column, "") for column in raw.columns]
    kept = [old for _, old in raw.lines if any(cell.strip() for cell in old)]
    write_table(register, raw.header, [*kept, row])


def _check(cells: Mapping[str, str]) -> None:
    for text in cells.values():
        if len(text) > 1000 or not text.isprintable() or text[:1] in ("=", "@", "+", "-"):
            raise ReviewRefused("a spreadsheet would take that for a formula, or it cannot be shown", "Begin it with a letter.")


def _yes(fields: Mapping[str, str], name: str, given: bool) -> str:
    return "yes" if given and fields.get(name) == "yes" else "no"


def _day(text: str, otherwise: date) -> date:
    try:
        return read_date(text) or otherwise
    except ValueError:
        raise ReviewRefused("that is no date", "Write it as 2026-10-05.") from None


def _optional(text: str) -> str:
    return _day(text, date.max).isoformat() if text.strip() else ""


def _asked(opened: Opened) -> Client:
    client = opened.case.subject.client
    if client is None or not opened.case.subject.case_ref:
        raise ReviewRefused("the story is not about one client", "Link it in the stories register first.")
    return client


def _askable(desk: Desk, client: Client) -> Client | None:
    world = desk.world
    if world.settings.organisation is None:
        return None
    return to_ask(client.case_ref, world.registers, world.organisation, world.settings.on)


def _pack(desk: Desk, story_id: str) -> Sequence[Path]:
    folder = desk.out / "internal" / "requests"
    return sorted(path for path in folder.glob(f"{story_id}*") if path.name[len(story_id) : len(story_id) + 1] in ".-")
