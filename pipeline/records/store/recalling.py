"""Withdrawals, and the recalls that follow: every identified release whose permission was taken back (P17, E07)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, exists, or_, select

from pipeline.domain.ledger import Recall, Withdrawal
from pipeline.domain.permission import Permission
from pipeline.names import reference_key
from pipeline.records.store.schema import recalls_done, releases, run_folders, runs, withdrawals
from pipeline.records.store.telling import consent_key, digest_of, insert_new, now, release_in

PERSON, REGISTER = "person", "register"


@dataclass(frozen=True, slots=True)
class Listed:
    """A recall with what it takes to mark it done: the release's number in the database."""

    release_id: int
    recall: Recall


def withdraw(connection: Connection, withdrawal: Withdrawal, told_by: str = PERSON) -> str:
    """Record a withdrawal; its digest."""
    w = withdrawal
    case_key, consent = reference_key(w.case_ref), consent_key(w.consent_id)
    digest = digest_of(case_key, consent, w.on.isoformat(), w.no_use, told_by)
    row = {
        "digest": digest,
        "case_ref": w.case_ref,
        "case_key": case_key,
        "consent_id": w.consent_id,
        "consent_key": consent,
        "day": w.on,
        "no_use": w.no_use,
        "recorded_by": w.recorded_by,
        "recorded_at": now(),
        "told_by": told_by,
    }
    insert_new(connection, withdrawals, [row])
    return digest


def withdrawals_of(connection: Connection) -> list[Withdrawal]:
    """The withdrawals that a person recorded, in the order they came."""
    query = select(withdrawals).where(withdrawals.c.told_by == PERSON).order_by(withdrawals.c.id)
    return [
        Withdrawal(row["case_ref"], row["day"], row["consent_id"], bool(row["no_use"]), row["recorded_by"])
        for row in connection.execute(query).mappings()
    ]


def untold(connection: Connection, rows: Iterable[Permission]) -> list[Withdrawal]:
    """The withdrawals in rows of a register that touch a release and have not been heard of yet."""
    taken_back = [row for row in rows if row.withdrawn_on is not None]
    if not taken_back:
        return []
    cases = set(connection.execute(select(releases.c.case_key).where(releases.c.identified).distinct()).scalars())
    known = set(connection.execute(select(withdrawals.c.digest)).scalars())
    return [
        Withdrawal(row.case_ref, row.withdrawn_on, row.consent_id)
        for row in taken_back
        if row.withdrawn_on is not None
        and reference_key(row.case_ref) in cases
        and digest_of(reference_key(row.case_ref), consent_key(row.consent_id), row.withdrawn_on.isoformat(), False, REGISTER)
        not in known
    ]


def recalls(connection: Connection, digest: str = "") -> list[Listed]:
    """What has to be asked back and has not been, of one withdrawal or of all: a file once for each of its folders.

    A withdrawn consent touches whatever was told under it; a case whose every consent was withdrawn, what was told up to
    that day or before anybody here knew: what came later stands on a newer consent.
    """
    whole_case = and_(
        withdrawals.c.consent_key == "",
        or_(runs.c.day <= withdrawals.c.day, releases.c.recorded_at <= withdrawals.c.recorded_at),
    )
    one_consent = and_(withdrawals.c.consent_key != "", releases.c.consent_key.in_((withdrawals.c.consent_key, "")))
    done = exists().where(
        recalls_done.c.release_id == releases.c.id, recalls_done.c.recorded_at >= withdrawals.c.recorded_at
    )  # fmt: skip
    query = (
        select(releases, run_folders.c.out, runs.c.day.label("released_on"), withdrawals.c.day.label("withdrawn_on"))
        .join(runs, runs.c.run_id == releases.c.run_id)
        .join(run_folders, run_folders.c.run_id == releases.c.run_id)
        .join(withdrawals, and_(withdrawals.c.case_key == releases.c.case_key, withdrawals.c.case_key != ""))
        .where(releases.c.identified, or_(whole_case, one_consent), ~done)
        .order_by(withdrawals.c.day, releases.c.id, run_folders.c.id)
    )
    if digest:
        query = query.where(withdrawals.c.digest == digest)
    found: dict[tuple[int, str], Listed] = {}
    for row in connection.execute(query).mappings():
        recall = Recall(release_in(row), row["out"], row["released_on"], row["withdrawn_on"])
        found.setdefault((row["id"], row["out"]), Listed(row["id"], recall))
    return list(found.values())


def settle(connection: Connection, listed: Iterable[Listed], on: date, by: str, note: str) -> int:
    """Record that recalls were carried out; how many releases that settles."""
    at = now()
    done = [
        {"release_id": number, "day": on, "by": by, "note": note, "recorded_at": at}
        for number in dict.fromkeys(item.release_id for item in listed)
    ]
    if done:
        connection.execute(recalls_done.insert(), done)
    return len(done)
