"""Opens the database of the records: a file that its owner alone can read, or a PostgreSQL address; always up to date."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError

from pipeline.errors import RecordsError
from pipeline.records.store import cipher
from pipeline.records.store.schema import REVISIONS, VERSION_TABLE
from pipeline.records.store.troubles import CLOSED, DAMAGED, FOREIGN, LOCKED, READ_ONLY, UNSEALED, speaking, trouble

PATIENCE = 20.0
"""Seconds to wait for another writer."""
_LOCK = 7_391_204_577  # PostgreSQL: one writer at a time, as in SQLite, so that both behave alike
_WRITING = "storysafe_writing"
_HEADER = b"SQLite format 3\x00"


class Database:
    """An engine that speaks plainly: ``reading()`` and ``writing()`` are transactions whose errors are ours.

    ``where`` names it in messages, without folders or passwords.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine, self.where = engine, where
        self._writer = engine.execution_options(**{_WRITING: True})

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the records."""
        with speaking(self.where), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """The one write transaction at a time: all of it is on the disk when it ends, or nothing."""
        with speaking(self.where), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of every connection."""
        self._engine.dispose()


def open_database(address: str | Path, key: bytes = b"") -> Database:
    """The database at ``address``, made when it is a file that is missing, and brought up to date.

    A file is encrypted with ``key`` when one is given.  Raises ``RecordsError``.
    """
    if isinstance(address, Path) or ("://" not in address and address.endswith(".db")):
        return _open_file(Path(address), key)
    return _open_server(_url(address))


def _open_file(path: Path, key: bytes) -> Database:
    try:
        _prepare(path, key)
    except PermissionError:
        raise trouble(path.name, READ_ONLY) from None
    except OSError as error:
        raise trouble(path.name, READ_ONLY if error.errno == 30 else CLOSED) from None
    database = Database(_file_engine(path, key), path.name)
    with database.reading() as connection:
        if connection.execute(text("PRAGMA quick_check(1)")).scalar() != "ok":
            raise trouble(path.name, DAMAGED)
    _update(database)
    _write_ahead(database)
    return database


def _prepare(path: Path, key: bytes) -> None:
    """Make the folder and the file on first use; the file appears whole, so that an emptied one is known as damaged."""
    missing = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if missing and os.name == "posix":
        path.parent.chmod(0o700)
    if not path.exists():
        _create(path, key)
    if is_plain(path) is bool(key):
        raise trouble(path.name, UNSEALED if key else DAMAGED)
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)  # SQLite gives its side files the mode of the database


def is_plain(path: Path) -> bool:
    """True for a database that anybody can read: an encrypted one has no header to know it by."""
    with path.open("rb") as stream:
        return stream.read(len(_HEADER)) == _HEADER


def _create(path: Path, key: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        made = Database(_file_engine(fresh, key), path.name)
        _update(made)
        made.close()
        try:
            os.link(fresh, path)  # the first of several starts wins
        except FileExistsError:
            pass
        except OSError:
            if not path.exists():
                os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _file_engine(path: Path, key: bytes) -> Engine:
    sealed: dict[str, Any] = {"module": cipher.driver(), "creator": lambda: cipher.connect(path, key, PATIENCE)} if key else {}
    # One connection is kept: closing the last one tidies the side files away, which costs more than a transaction.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=8,
        hide_parameters=True,
        connect_args={"timeout": PATIENCE, "isolation_level": None},
        **sealed,
    )

    @event.listens_for(engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        for pragma in ("foreign_keys=ON", "synchronous=FULL", "trusted_schema=OFF", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        # A transaction that is going to write says so at once: it waits for its turn instead of failing half-way.
        writing = connection.get_execution_options().get(_WRITING)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _write_ahead(database: Database) -> None:
    """Readers do not wait for a writer; the setting stays in the file, and needs a moment with nobody else in it."""
    deadline = time.monotonic() + PATIENCE
    raw = database._engine.raw_connection()
    try:
        while True:
            try:
                raw.cursor().execute("PRAGMA journal_mode=WAL")
                return
            except Exception as error:
                code = getattr(error, "sqlite_errorcode", 0) & 0xFF
                if code not in (5, 6):
                    raise trouble(database.where, READ_ONLY) from None
            if time.monotonic() > deadline:
                raise trouble(database.where, LOCKED)
            time.sleep(0.05)
    finally:
        raw.close()


def _url(address: str) -> URL:
    try:
        url = make_url(address)
        scheme = url.drivername.partition("+")[0]
    except (ArgumentError, ValueError):
        scheme = ""
    if scheme not in ("postgresql", "postgres") or not url.database:
        raise RecordsError(
            "The address of the records is not one that can be used.",
            "Write postgresql://NAME@HOST/DATABASE, or leave it out: the records are then a file in the workspace.",
        )
    if importlib.util.find_spec("psycopg") is None:
        raise RecordsError("The records are at a PostgreSQL server, and its driver is missing.", "Install storysafe[postgres].")
    return url.set(drivername="postgresql+psycopg")


def _open_server(url: URL) -> Database:
    engine = create_engine(url, pool_size=1, pool_pre_ping=True, hide_parameters=True, connect_args={"connect_timeout": 10})

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITING):
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{int(PATIENCE * 1000)}ms'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    database = Database(engine, f"the database {url.database}")
    _update(database)
    return database


def revision_of(connection: Connection) -> str:
    """The revision that the tables are at; empty for a database without any of ours."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return ""
    return str(connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar() or "")


def _update(database: Database) -> None:
    """Run the revisions that are missing, all or none of them."""
    with database.reading() as connection:
        if _current(connection, database.where):
            return
    with database.writing() as connection:
        # Another process may have done it while this one waited for its turn.
        if not _current(connection, database.where):
            migrate(connection, REVISIONS[-1])


def _current(connection: Connection, where: str) -> bool:
    found = revision_of(connection)
    if found and found not in REVISIONS:
        raise RecordsError(
            f"The records in {where} were written by a newer version of storysafe.", "Install that version, or a later one."
        )
    if not found and connection.dialect.name == "sqlite" and inspect(connection).get_table_names():
        raise trouble(where, FOREIGN)
    return found == REVISIONS[-1]


def migrate(connection: Connection, revision: str) -> None:
    """Bring the tables to ``revision`` within the transaction of ``connection``."""
    from alembic import command
    from alembic.config import Config

    config = Config(stdout=io.StringIO())
    folder = Path(__file__).resolve().parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
