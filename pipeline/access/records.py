"""What the registers and the records hold about one person, as sections of the answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from pipeline.access.decided import Decided
from pipeline.access.duties import Kept
from pipeline.domain.access import AccessRequest
from pipeline.domain.client import Client
from pipeline.domain.duties import Agreement, Breach, Disclosure, Notice
from pipeline.domain.ledger import Attempt, ReleaseRecord, RunRecord, Withdrawal
from pipeline.domain.permission import Answer, ManagerDecision, Permission
from pipeline.domain.release import Reason
from pipeline.names import reference_key
from pipeline.permission.words import names_agree
from pipeline.records.indexed import Registers
from pipeline.records.registers import CLIENT_COLUMNS
from pipeline.records.store import Store
from pipeline.records.tables import read_raw

GRAVE = frozenset({Reason.SAFEGUARDING.value, Reason.LEGAL_RESTRICTION.value})
"""The reasons of decisions that are not shown before a manager has looked at them again."""

_FREE = frozenset({"outcome", "communication_need"})  # cells in a worker's own words: somebody else may stand in them


@dataclass(frozen=True, slots=True)
class Free:
    """Words of a worker, from which everybody else is taken out like from a note."""

    text: str


@dataclass(frozen=True, slots=True)
class FileName:
    """The name of a file, which may name somebody."""

    text: str


Value = str | Free | FileName
Entry = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One register's entries about the person; ``given`` is false when the register was not looked in."""

    key: str
    title: str
    entries: tuple[Entry, ...]
    given: bool = True


@dataclass(frozen=True, slots=True)
class Lists:
    """The registers as files, ``None`` for one that was not given."""

    clients: Path
    stories: Path | None
    permissions: Path | None


def records_of(
    client: Client, registers: Registers, lists: Lists, store: Store, kept: Kept, open_to: Mapping[str, bool]
) -> tuple[Record, ...]:
    """Every record with its entries about the person, the client list first.

    ``open_to`` says which grave decisions a manager lets them see, by :func:`grave_digest`.
    """
    ref = client.case_ref
    asked, gone, told = _of_store(store, ref)
    permissions = tuple(tuple(_permission(p, client)) for p in registers.permissions_of(ref))
    decisions = (*_decisions(registers, ref, open_to), *map(_decided, kept.decided))
    return (
        Record("client_list", "Our client list", (tuple(_row(client, lists.clients)),)),
        Record("permissions", "Your permissions", permissions, bool(lists.permissions or permissions)),
        Record("asked", "When we asked you", tuple(_asked(attempt) for attempt in asked)),
        Record("withdrawals", "What you took back", tuple(_withdrawn(withdrawal) for withdrawal in gone)),
        Record("decisions", "Decisions about your information", decisions),
        Record("told", "What was told, and to whom", tuple(_told(release, run) for release, run in told)),
        Record("disclosed", "What public authorities got from us", tuple(_given(*each) for each in kept.given)),
        Record("breaches", "What went wrong with your information", tuple(_breach(each) for each in kept.breaches)),
        Record("requests", "When you asked us what we hold", tuple(_request(each) for each in kept.requests)),
        Record(
            "linked_files", "Files that we keep under your reference", _links(registers, ref),
            bool(lists.stories or registers.stories.rows),
        ),
    )  # fmt: skip


def _of_store(store: Store, ref: str) -> tuple[list[Attempt], list[Withdrawal], list[tuple[ReleaseRecord, RunRecord | None]]]:
    runs = {run.run_id: run for run, _ in store.runs()}
    gone = [w for w in store.withdrawals() if reference_key(w.case_ref) == reference_key(ref)]
    return store.attempts(ref), gone, [(release, runs.get(release.run_id)) for release in store.releases(case_ref=ref)]


def _row(client: Client, path: Path) -> Iterator[tuple[str, Value]]:
    """Every cell of the person's line: those that storysafe knows, and the organisation's own columns."""
    known = {field.name for field in fields(Client)}
    raw = read_raw(path)
    cells = next((cells for number, cells in raw.lines if number == client.row), ())
    for heading, column, cell in zip(raw.header, raw.columns, cells, strict=False):
        text = cell.strip()
        if column in known and column in CLIENT_COLUMNS:
            yield heading, Free(text) if column in _FREE and text else text
        elif text:
            yield heading, Free(text)


def _permission(permission: Permission, client: Client) -> Iterator[tuple[str, Value]]:
    yield "number", permission.consent_id
    yield "name", Free(permission.subject_name)
    yield "given by", "you" if names_agree(permission.given_by, client) else permission.given_by and "another person"
    yield "on what authority", permission.authority
    yield "answer", permission.response
    for purpose, answer in permission.purposes:
        yield f"for {purpose.value}", _answer(answer)
    yield "how much of the name", permission.identity_level.value if permission.identity_level else ""
    yield "photograph", _answer(permission.photo)
    yield "your own words", _answer(permission.quote)
    yield "where it may be shown", Free("; ".join(permission.channels))
    yield "who may get it", Free("; ".join(permission.recipients))
    yield "what is left out", Free("; ".join(permission.excluded_topics))
    yield "which stories", Free(permission.scope)
    yield "to which organisation", Free(permission.organisation)
    yield "how it was given", permission.method
    for label, day in (
        ("asked on", permission.sought_on), ("given on", permission.given_on), ("from", permission.effective_from),
        ("until", permission.expires_on), ("taken back on", permission.withdrawn_on),
        ("quotation seen on", permission.quote_approved_on), ("final copy seen on", permission.final_copy_approved_on),
    ):  # fmt: skip
        yield label, _day(day)
    yield "signed form", permission.evidence.value


def _answer(answer: Answer) -> str:
    return answer.value


def _asked(attempt: Attempt) -> Entry:
    return (("date", _day(attempt.on)), ("how", attempt.method), ("by", "our worker"), ("note", Free(attempt.note)))


def _withdrawn(withdrawal: Withdrawal) -> Entry:
    use = "told in no form" if withdrawal.no_use else "told without your name"
    return (("date", _day(withdrawal.on)), ("permission", withdrawal.consent_id or "all"), ("what you asked for", use))


def grave_digest(made: ManagerDecision) -> str:
    """What a grave decision is asked for by: the digest of its own words, since it may be bound to no text."""
    words = (made.case_ref, made.purpose.value, made.reason, made.why, made.decided_on.isoformat())
    return hashlib.sha256("\n".join(words).encode("utf-8", "surrogatepass")).hexdigest()


def _decisions(registers: Registers, ref: str, open_to: Mapping[str, bool]) -> tuple[Entry, ...]:
    return tuple(
        (
            ("date", _day(made.decided_on) if made.decided_on != date.min else ""),
            ("about", made.purpose.value),
            ("reason", made.reason),
            ("decision", "release" if made.release else "withhold"),
            ("decided by", "our worker and a manager"),
            ("why", Free(made.why)),
        )
        for made in registers.decisions_of(ref)
        if made.reason not in GRAVE or open_to.get(grave_digest(made))
    )


def _decided(made: Decided) -> Entry:
    # Why something is held back can say what it is: only that it was decided is told.
    return (
        ("date", _day(made.on)),
        ("about", "what we give you when you ask"),
        ("decision", "given" if made.give else "not given"),
        ("decided by", "our worker and a manager"),
        ("why", Free(made.why) if made.give else ""),
    )


def _given(disclosure: Disclosure, agreement: Agreement | None, notices: Sequence[Notice]) -> Entry:
    asked = (f"{notice.law}, {_day(notice.on)}" for notice in notices)
    return (
        ("date", _day(disclosure.on)),
        ("to", Free(disclosure.authority)),
        ("was it given", "no, it was held" if disclosure.held else "yes"),
        ("our number for it", disclosure.reference),
        ("under the agreement", Free(agreement.reference or f"of {_day(agreement.on)}") if agreement else ""),
        ("what kind", "; ".join(disclosure.categories)),
        ("how it was marked", "; ".join(dict.fromkeys(item.marking.value for item in disclosure.items))),
        ("they were asked for it", "; ".join(asked)),
    )


def _breach(breach: Breach) -> Entry:
    return (
        ("we knew on", _day(breach.known_at.date())),
        ("how bad", breach.severity.value),
        ("what happened", Free(breach.what)),
        ("closed on", _day(breach.closed_on)),
    )


def _request(request: AccessRequest) -> Entry:
    return (("number", request.request_id), ("received", _day(request.received)), ("due", _day(request.due)),
            ("answered on", _day(request.sent)))  # fmt: skip


def _told(release: ReleaseRecord, run: RunRecord | None) -> Entry:
    channels, recipients = release.channels, release.recipients
    where = (run.channel if run else "") or "; ".join(channels)
    whom = (run.recipient if run else "") or "; ".join(recipients)
    return (
        ("date", _day(run.on) if run else ""),
        ("for", release.purpose.value),
        ("file", release.path.rsplit("/", 1)[-1]),
        ("version", release.sha256[:12]),
        ("were you named", "yes" if release.identified else "no, details were changed"),
        ("permission", release.consent_id),
        ("were you asked", "yes" if release.sought else "no"),
        ("where", Free(where)),
        ("to whom", Free(whom)),
    )


def _links(registers: Registers, ref: str) -> tuple[Entry, ...]:
    rows = [link for link in registers.stories.rows if reference_key(link.case_ref) == reference_key(ref)]
    return tuple((("file", FileName(link.file)),) for link in rows)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def free_texts(records: Sequence[Record]) -> tuple[str, ...]:
    """Every worker's words in the records, each once."""
    values = (value for record in records for entry in record.entries for _, value in entry)
    return tuple(dict.fromkeys(value.text for value in values if isinstance(value, Free) and value.text.strip()))
