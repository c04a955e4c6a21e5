"""Entries that are only ever added, each bound to the one before by its digest: what the duties of the policy leave."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from pipeline.records.store.schema import duty_entries
from pipeline.records.store.store import Store
from pipeline.records.store.telling import now

_GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its number from 1, what kind it is, when it was made (UTC), what it says, and its digest."""

    number: int
    kind: str
    at: str
    body: Mapping[str, Any]
    digest: str


def add_entry(store: Store, kind: str, body: Mapping[str, Any], mark: str = "") -> tuple[Entry, bool]:
    """Add an entry and say whether it is new: one with the same ``mark`` is there once."""
    with store.database.writing() as connection:
        if mark and (found := _marked(connection, mark)):
            return found, False
        latest = select(duty_entries.c.seq, duty_entries.c.digest).order_by(duty_entries.c.seq.desc()).limit(1)
        last = connection.execute(latest).first()
        row: dict[str, Any] = {"seq": last[0] + 1 if last else 1, "kind": kind, "at": now()}
        row |= {"mark": mark or str(row["seq"]), "body": _canonical(body), "previous": last[1] if last else _GENESIS}
        row["digest"] = _digest(row)
        connection.execute(duty_entries.insert().values(row))
        return Entry(row["seq"], kind, row["at"], dict(body), row["digest"]), True


def all_entries(store: Store) -> tuple[list[Entry], int]:
    """Every entry in order, and the number of the first that is not as it was written (0 when all are)."""
    with store.database.reading() as connection:
        rows = connection.execute(select(duty_entries).order_by(duty_entries.c.seq)).mappings().all()
    previous, bad = _GENESIS, 0
    entries = []
    for place, row in enumerate(rows, start=1):
        if not bad and (row["seq"] != place or row["previous"] != previous or row["digest"] != _digest(dict(row))):
            bad = place
        previous = row["digest"]
        entries.append(_entry(row))
    return entries, bad


def _marked(connection: Connection, mark: str) -> Entry | None:
    row = connection.execute(select(duty_entries).where(duty_entries.c.mark == mark)).mappings().first()
    return _entry(row) if row else None


def _entry(row: RowMapping) -> Entry:
    try:
        body = json.loads(row["body"])
    except ValueError:
        body = {}  # its digest does not fit either
    return Entry(row["seq"], row["kind"], row["at"], body if isinstance(body, dict) else {}, row["digest"])


def _digest(row: Mapping[str, Any]) -> str:
    parts = [row[name] for name in ("seq", "kind", "mark", "at", "body", "previous")]
    return hashlib.sha256(_canonical(parts).encode("ascii")).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
