"""Requests of people to see what is held about them: when each came, when it is due, when it was answered (P25)."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import Column, Date, Index, Integer, RowMapping, Table, select, update

from pipeline.domain.access import AccessRequest
from pipeline.names import reference_key
from pipeline.records.store.schema import Words, metadata
from pipeline.records.store.store import Store
from pipeline.records.store.telling import digest_of, insert_new, now

_ID = re.compile(r"AR-(\d{1,9})", re.IGNORECASE)

# One request of one case on one day: the pack may be made again without asking twice.
access_requests = Table(
    "access_requests", metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("case_ref", Words, nullable=False),
    Column("case_key", Words, nullable=False),
    Column("received", Date, nullable=False),
    Column("due", Date, nullable=False),
    Column("sent", Date),
    Column("recorded_at", Words, nullable=False),
    Index("access_requests_of_a_case", "case_key"),
)  # fmt: skip


def request_access(store: Store, case_ref: str, received: date, due: date) -> AccessRequest:
    """Record a request, or find the one of that case and day; raises ``RecordsError``."""
    key = reference_key(case_ref)
    row = {"digest": digest_of(key, received.isoformat()), "case_ref": case_ref, "case_key": key}
    with store.database.writing() as connection:
        insert_new(connection, access_requests, [row | {"received": received, "due": due, "recorded_at": now()}])
        found = select(access_requests).where(access_requests.c.digest == row["digest"])
        return _request(connection.execute(found).mappings().one())


def access_requests_of(store: Store, unanswered: bool = False) -> list[AccessRequest]:
    """Every request, or those that wait for their answer, the one due first at the top."""
    query = select(access_requests).order_by(access_requests.c.due, access_requests.c.id)
    if unanswered:
        query = query.where(access_requests.c.sent.is_(None))
    with store.database.reading() as connection:
        return [_request(row) for row in connection.execute(query).mappings()]


def access_sent(store: Store, request_id: str, on: date) -> AccessRequest | None:
    """Record that an answer has gone; ``None`` when there is no such request.  A first answer's day stays."""
    match = _ID.fullmatch(request_id.strip())
    if match is None:
        return None
    this = access_requests.c.id == int(match[1])
    with store.database.writing() as connection:
        connection.execute(update(access_requests).where(this, access_requests.c.sent.is_(None)).values(sent=on))
        row = connection.execute(select(access_requests).where(this)).mappings().first()
        return _request(row) if row is not None else None


def _request(row: RowMapping) -> AccessRequest:
    return AccessRequest(f"AR-{row['id']}", row["case_ref"], row["received"], row["due"], row["sent"])
