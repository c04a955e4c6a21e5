"""Runs, stories, releases and attempts in and out of the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, and_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.domain.ledger import Attempt, ReleaseRecord, RunRecord, StoryRecord
from pipeline.domain.permission import Purpose
from pipeline.names import reference_key
from pipeline.records.store.schema import (
    attempts,
    releases,
    run_folders,
    runs,
    stories,
    story_cases,
)

_BETWEEN = "\n"  # between the parts of a list in one column; no channel or recipient has a line end


def now() -> str:
    """This moment in UTC, written so that texts sort as times do."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def consent_key(consent_id: str) -> str:
    """What a consent's number is compared by, without case and spaces."""
    return reference_key(consent_id)


def digest_of(*parts: object) -> str:
    """The digest that makes the same entry, recorded twice, one entry."""
    text = json.dumps([part if isinstance(part, (str, bool, int)) else str(part) for part in parts], separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows that are not there yet, by the table's unique columns."""
    if rows:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(table).on_conflict_do_nothing(), list(rows))


def begin(connection: Connection, run: RunRecord) -> None:
    """Record a run and the folder it writes to."""
    head = {
        "run_id": run.run_id,
        "day": run.on,
        "purposes": _BETWEEN.join(run.purposes),
        "policy_version": run.policy_version,
        "model_version": run.model_version,
        "version": run.version,
        "channel": run.channel,
        "recipient": run.recipient,
    }
    insert_new(connection, runs, [head])
    insert_new(connection, run_folders, [{"run_id": run.run_id, "out": run.out, "begun_at": now()}])


def end(connection: Connection, run_id: str) -> None:
    """Record that a run has finished."""
    open_ones = and_(run_folders.c.run_id == run_id, run_folders.c.ended_at.is_(None))
    connection.execute(update(run_folders).where(open_ones).values(ended_at=now()))


def record(connection: Connection, told: Sequence[StoryRecord], released: Sequence[ReleaseRecord]) -> None:
    """Record stories and releases; what is there already stays as it is."""
    at = now()
    insert_new(
        connection,
        stories,
        [{"run_id": s.run_id, "story_id": s.story_id, "source": s.source, "digest": s.digest} for s in told],
    )
    cases = [
        {"run_id": s.run_id, "story_id": s.story_id, "place": place, "case_ref": ref, "case_key": reference_key(ref)}
        for s in told
        for place, ref in enumerate(s.case_refs)
    ]
    insert_new(connection, story_cases, cases)
    insert_new(connection, releases, [_release_row(release, at) for release in released])


def _release_row(r: ReleaseRecord, at: str) -> dict[str, Any]:
    case_key, consent = reference_key(r.case_ref), consent_key(r.consent_id)
    return {
        "digest": digest_of(r.run_id, r.story_id, r.purpose.value, r.path, r.sha256, case_key, consent),
        "run_id": r.run_id,
        "story_id": r.story_id,
        "purpose": r.purpose.value,
        "path": r.path,
        "sha256": r.sha256,
        "case_ref": r.case_ref,
        "case_key": case_key,
        "identified": r.identified,
        "permission": r.permission,
        "consent_id": r.consent_id,
        "consent_key": consent,
        "sought": r.sought,
        "channels": _BETWEEN.join(r.channels),
        "recipients": _BETWEEN.join(r.recipients),
        "recorded_at": at,
    }


def story(connection: Connection, run_id: str, story_id: str) -> StoryRecord | None:
    """One story of a run."""
    row = connection.execute(select(stories).where(stories.c.run_id == run_id, stories.c.story_id == story_id)).mappings().first()
    if row is None:
        return None
    wanted = and_(story_cases.c.run_id == run_id, story_cases.c.story_id == story_id)
    refs = connection.execute(select(story_cases.c.case_ref).where(wanted).order_by(story_cases.c.place)).scalars()
    return StoryRecord(run_id, story_id, row["source"], row["digest"], tuple(refs))


def stories_of(connection: Connection, run_id: str) -> dict[str, tuple[str, ...]]:
    """The case references of every story of a run, by its id."""
    found: dict[str, tuple[str, ...]] = {}
    query = select(story_cases.c.story_id, story_cases.c.case_ref).where(story_cases.c.run_id == run_id)
    for story_id, case_ref in connection.execute(query.order_by(story_cases.c.story_id, story_cases.c.place)):
        found[story_id] = (*found.get(story_id, ()), case_ref)
    return found


def runs_of(connection: Connection) -> list[tuple[RunRecord, bool]]:
    """Every run with each of its folders, in the order they were begun, and whether it came to its end there."""
    query = select(runs, run_folders.c.out, run_folders.c.ended_at).join(run_folders).order_by(run_folders.c.id)
    return [
        (
            RunRecord(
                row["run_id"], row["out"], row["day"], tuple(Purpose(p) for p in _parts(row["purposes"])),
                row["policy_version"], row["model_version"], row["version"], row["channel"], row["recipient"],
            ),
            row["ended_at"] is not None,
        )
        for row in connection.execute(query).mappings()
    ]  # fmt: skip


def releases_of(connection: Connection, case_ref: str, consent_id: str, identified: bool | None) -> list[ReleaseRecord]:
    """The releases of a case and consent, all of them when these are empty, in the order they were recorded."""
    query = select(releases).order_by(releases.c.id)
    if case_ref:
        query = query.where(releases.c.case_key == reference_key(case_ref))
    if consent_id:
        query = query.where(releases.c.consent_key == consent_key(consent_id))
    if identified is not None:
        query = query.where(releases.c.identified == identified)
    return [release_in(row) for row in connection.execute(query).mappings()]


def release_in(row: RowMapping) -> ReleaseRecord:
    """The release of a row."""
    return ReleaseRecord(
        run_id=row["run_id"],
        story_id=row["story_id"],
        purpose=Purpose(row["purpose"]),
        path=row["path"],
        sha256=row["sha256"],
        case_ref=row["case_ref"],
        identified=bool(row["identified"]),
        permission=row["permission"],
        consent_id=row["consent_id"],
        sought=bool(row["sought"]),
        channels=_parts(row["channels"]),
        recipients=_parts(row["recipients"]),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(text.split(_BETWEEN)) if text else ()


def attempt(connection: Connection, tried: Attempt) -> None:
    """Record one time that somebody was asked."""
    key = reference_key(tried.case_ref)
    row = {
        "digest": digest_of(key, tried.on.isoformat(), tried.method, tried.by, tried.note),
        "case_ref": tried.case_ref,
        "case_key": key,
        "day": tried.on,
        "method": tried.method,
        "by": tried.by,
        "note": tried.note,
        "recorded_at": now(),
    }
    insert_new(connection, attempts, [row])


def attempts_of(connection: Connection, case_ref: str) -> list[Attempt]:
    """The attempts of a case, of all when it is empty, in the order they were recorded."""
    query = select(attempts).order_by(attempts.c.id)
    if case_ref:
        query = query.where(attempts.c.case_key == reference_key(case_ref))
    return [
        Attempt(row["case_ref"], row["day"], row["method"], row["by"], row["note"])
        for row in connection.execute(query).mappings()
    ]
