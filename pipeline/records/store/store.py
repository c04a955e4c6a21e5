"""The store: what the rest of the house asks of the records, each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import func, select

from pipeline.domain.ledger import Attempt, Recall, ReleaseRecord, RunRecord, StoryRecord, Withdrawal
from pipeline.domain.permission import ManagerDecision, Permission
from pipeline.names import reference_key
from pipeline.records.registers import Register
from pipeline.records.store import keeping, recalling, schema, telling
from pipeline.records.store.keeping import DECISIONS, PERMISSIONS, Imported
from pipeline.records.store.opening import Database, open_database
from pipeline.records.writing import write_table


class Store:
    """The organisation's records.

    Several processes may use them at once: each write is one transaction, on the disk when the method returns, and
    the same entry recorded again is not recorded twice.  Every method raises ``RecordsError`` when the database cannot
    do it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, address: str | Path, key: bytes = b"") -> Store:
        """The records in a file (made on first use) or at a PostgreSQL address, brought up to date.

        ``key`` is the one that the file is encrypted with, if it is.  Raises ``RecordsError``: damaged, of a newer version,
        locked for too long, read-only, a wrong address, a server that is down.
        """
        return cls(open_database(address, key))

    @property
    def where(self) -> str:
        """The name of the file or the database, without a folder or a password."""
        return self._database.where

    @property
    def database(self) -> Database:
        """The database itself, for the other rooms of this package."""
        return self._database

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # ---- what was told -------------------------------------------------------------------------------------------

    def begin(self, run: RunRecord) -> None:
        """Record that a run begins; the same ``run_id`` again is a run resumed, in this folder or another."""
        with self._database.writing() as connection:
            telling.begin(connection, run)

    def record(self, stories: Sequence[StoryRecord], releases: Sequence[ReleaseRecord]) -> None:
        """Record stories of a run that was begun and what was released of them, all or nothing."""
        with self._database.writing() as connection:
            telling.record(connection, stories, releases)

    def end(self, run_id: str) -> None:
        """Record that a run has come to its end."""
        with self._database.writing() as connection:
            telling.end(connection, run_id)

    def runs(self) -> list[tuple[RunRecord, bool]]:
        """Every run, once for each folder it wrote to, and whether it came to its end."""
        with self._database.reading() as connection:
            return telling.runs_of(connection)

    def releases(self, *, case_ref: str = "", consent_id: str = "", identified: bool | None = None) -> list[ReleaseRecord]:
        """The releases of a case and consent; what is empty or ``None`` narrows nothing."""
        with self._database.reading() as connection:
            return telling.releases_of(connection, case_ref, consent_id, identified)

    def story(self, run_id: str, story_id: str) -> StoryRecord | None:
        """One story of a run."""
        with self._database.reading() as connection:
            return telling.story(connection, run_id, story_id)

    def cases(self, run_id: str) -> dict[str, tuple[str, ...]]:
        """The case references of every story of a run that has any, by the story's id."""
        with self._database.reading() as connection:
            return telling.stories_of(connection, run_id)

    # ---- what was taken back -------------------------------------------------------------------------------------

    def withdraw(self, withdrawal: Withdrawal) -> list[Recall]:
        """Record a withdrawal; every identified release that it touches and that was not recalled yet."""
        with self._database.writing() as connection:
            digest = recalling.withdraw(connection, withdrawal)
            return [listed.recall for listed in recalling.recalls(connection, digest)]

    def mark_withdrawn(self, rows: Sequence[Permission]) -> None:
        """Take in withdrawals that stand in a permission register, where something was told under that permission."""
        with self._database.reading() as connection:
            if not recalling.untold(connection, rows):
                return  # most runs, and every worker of one: nothing to write, so nobody waits for anybody
        with self._database.writing() as connection:
            for withdrawal in recalling.untold(connection, rows):
                recalling.withdraw(connection, withdrawal, recalling.REGISTER)

    def withdrawals(self) -> list[Withdrawal]:
        """Every withdrawal that a person recorded here, in the order they came."""
        with self._database.reading() as connection:
            return recalling.withdrawals_of(connection)

    def recalls(self) -> list[Recall]:
        """Every identified release whose permission was withdrawn since and that was not recalled yet."""
        with self._database.reading() as connection:
            return [listed.recall for listed in recalling.recalls(connection)]

    def recalled(self, sha256: str, on: date, by: str = "", note: str = "", case_ref: str = "") -> int:
        """Mark the version whose digest begins with ``sha256`` as asked back; how many releases that settles."""
        case = reference_key(case_ref)
        with self._database.writing() as connection:
            chosen = [
                listed
                for listed in recalling.recalls(connection)
                if listed.recall.release.sha256.startswith(sha256.lower())
                and case in ("", reference_key(listed.recall.release.case_ref))
            ]
            return recalling.settle(connection, chosen, on, by, note)

    # ---- who was asked -------------------------------------------------------------------------------------------

    def attempt(self, attempt: Attempt) -> None:
        """Record one time that somebody was asked, or that a request was prepared for them."""
        with self._database.writing() as connection:
            telling.attempt(connection, attempt)

    def attempts(self, case_ref: str = "") -> list[Attempt]:
        """The attempts of a case; of all without one."""
        with self._database.reading() as connection:
            return telling.attempts_of(connection, case_ref)

    # ---- registers -----------------------------------------------------------------------------------------------

    def import_register(self, kind: str, path: Path) -> Imported:
        """Take in a register ("permissions" or "decisions"), again or for the first time.

        Raises ``RegisterError`` when the file cannot be read as a whole; nothing is changed then.
        """
        raw, table = keeping.read_file(kind, path)
        read = keeping.understand(kind, table, path.name, path.parent)
        with self._database.writing() as connection:
            done = keeping.import_file(connection, kind, path, raw)
        return Imported(done.added, done.changed, done.same, done.ended, read.warnings, read.errors)

    def export_register(self, kind: str, path: Path) -> None:
        """Write the current rows of a register as CSV or .xlsx, every column and cell as it came in."""
        with self._database.reading() as connection:
            header, rows = keeping.together(connection, kind)
        write_table(path, header, rows)

    def evidence_folders(self) -> list[str]:
        """The folders that the signed forms of the permissions are in."""
        with self._database.reading() as connection:
            return keeping.folders(connection, PERMISSIONS)

    def permissions(self) -> Register[Permission]:
        """The permissions in the records, read as their files are."""
        with self._database.reading() as connection:
            return keeping.permissions(connection)

    def decisions(self) -> Register[ManagerDecision]:
        """The managers' decisions in the records, read as their files are."""
        with self._database.reading() as connection:
            return keeping.decisions(connection)

    def decide(self, cells: Mapping[str, str]) -> None:
        """Record one decision, a row of the decisions register; raises ``DecisionRefused`` when it is not in order."""
        with self._database.writing() as connection:
            keeping.decide(connection, cells)

    def counts(self) -> dict[str, int]:
        """How much is in the records."""
        tables = (schema.runs, schema.stories, schema.releases, schema.attempts)
        people = schema.withdrawals.c.told_by == recalling.PERSON
        rows = schema.register_rows.c
        with self._database.reading() as connection:
            counts = {t.name: connection.execute(select(func.count()).select_from(t)).scalar_one() for t in tables}
            counts["withdrawals"] = connection.execute(select(func.count()).where(people)).scalar_one()
            counts["recalls"] = len(recalling.recalls(connection))
            for kind in (PERMISSIONS, DECISIONS):
                current = rows.kind == kind, rows.ended_at.is_(None)
                counts[kind] = connection.execute(select(func.count()).where(*current)).scalar_one()
        return counts
