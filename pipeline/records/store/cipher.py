"""The records in an encrypted file: SQLCipher, which is SQLite with every page encrypted and sealed against changes."""

from __future__ import annotations

import contextlib
import importlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import RecordsError
from pipeline.records.durable import sync_file, sync_folder
from pipeline.records.store.troubles import CLOSED, DAMAGED, LOCKED, trouble

_LEFT = ".plain-"  # what a readable file is called for the moment between its replacement and its end
_BLOCK = 1 << 20


def driver() -> Any:
    """The driver; raises ``RecordsError`` when it is not installed."""
    try:
        return importlib.import_module("sqlcipher3.dbapi2")
    except ImportError:
        raise RecordsError(
            "The records are encrypted, and the library that reads them is missing.", "Install storysafe[encryption]."
        ) from None


def connect(path: Path, key: bytes | None, patience: float) -> Any:
    """A connection to the encrypted file, a readable one without a key; a wrong key shows with the first statement."""
    connection = driver().connect(str(path), timeout=patience, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to the screen, past everybody
    if key:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    return connection


def seal_file(path: Path, key: bytes) -> None:
    """Put an encrypted copy in the place of a readable database, once it is proved that it holds the same.

    Raises ``RecordsError``; the readable one is then still there as it was.
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.sealing")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with _alone(path) as plain:
            _copy(plain, fresh, key, path.name)
            _prove(fresh, key, path.name)
            sync_file(fresh)
            if os.name == "nt":
                plain.close()  # an open file cannot be replaced there; nor can anybody else's, so nothing is lost
            swap(fresh, path)
    except OSError:
        raise trouble(path.name, CLOSED) from None
    except driver().Error as error:
        raise trouble(path.name, LOCKED if getattr(error, "sqlite_errorcode", 0) & 0xFF in (5, 6) else DAMAGED) from None
    finally:
        for name in (fresh, fresh.with_name(fresh.name + "-journal"), fresh.with_name(fresh.name + "-wal")):
            name.unlink(missing_ok=True)


def unseal_file(path: Path, key: bytes) -> None:
    """Put a readable copy in the place of an encrypted database, once it is proved that it holds the same.

    Raises ``RecordsError``; the encrypted one is then still there as it was.
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.opening")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with _alone(path, key) as sealed:
            _copy(sealed, fresh, None, path.name)
            _prove(fresh, None, path.name)
            sync_file(fresh)
            if os.name == "nt":
                sealed.close()
            os.replace(fresh, path)
            sync_folder(path.parent)
    except OSError:
        raise trouble(path.name, CLOSED) from None
    except driver().Error as error:
        raise trouble(path.name, LOCKED if getattr(error, "sqlite_errorcode", 0) & 0xFF in (5, 6) else DAMAGED) from None
    finally:
        for name in (fresh, fresh.with_name(fresh.name + "-journal"), fresh.with_name(fresh.name + "-wal")):
            name.unlink(missing_ok=True)


def swap(fresh: Path, path: Path) -> None:
    """Put ``fresh`` in the place of ``path`` in one step, then overwrite what stood there."""
    left = path.with_name(f"{path.name}{_LEFT}{secrets.token_hex(4)}")
    with contextlib.suppress(OSError):  # a file system without links: what stood there is only let go
        os.link(path, left)
    os.replace(fresh, path)
    sync_folder(path.parent)
    clear(path)


def clear(path: Path) -> int:
    """Overwrite and remove readable files that an encryption left beside ``path``; how many there were."""
    found = list(path.parent.glob(f"{path.name}{_LEFT}*"))
    for left in found:
        # Stopped before the replacement, the name is a second one of the file that is still in use.
        if not (path.exists() and left.samefile(path)):
            with contextlib.suppress(OSError), left.open("r+b") as stream:
                for _ in range(0, left.stat().st_size, _BLOCK):
                    stream.write(bytes(_BLOCK))
                os.fsync(stream.fileno())
                stream.truncate(0)
        left.unlink()
    return len(found)


@contextlib.contextmanager
def _alone(path: Path, key: bytes | None = None) -> Iterator[Any]:
    """A connection that nobody else's is beside, from its first statement until it is closed."""
    connection = connect(path, key, 2.0)
    try:
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        if connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] != "delete":
            raise trouble(path.name, LOCKED)
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("COMMIT")
        yield connection
    finally:
        connection.close()


def _copy(plain: Any, fresh: Path, key: bytes | None, name: str) -> None:
    wanted = f"\"x'{key.hex()}'\"" if key else "''"
    plain.execute(f"ATTACH DATABASE ? AS sealed KEY {wanted}", (str(fresh),))
    plain.execute("SELECT sqlcipher_export('sealed')")
    shape = "SELECT type, name, sql FROM {}.sqlite_master ORDER BY type, name"
    if plain.execute(shape.format("main")).fetchall() != plain.execute(shape.format("sealed")).fetchall():
        raise trouble(name, DAMAGED)
    for (table,) in plain.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
        rows = [f'SELECT * FROM {where}."{table}"' for where in ("main", "sealed")]
        counts = {plain.execute(f"SELECT count(*) FROM ({each})").fetchone()[0] for each in rows}
        lost = plain.execute(f"SELECT count(*) FROM ({rows[0]} EXCEPT {rows[1]})").fetchone()[0]
        if len(counts) != 1 or lost:
            raise trouble(name, DAMAGED)
    plain.execute("DETACH DATABASE sealed")


def _prove(fresh: Path, key: bytes | None, name: str) -> None:
    """Open the copy as it will be opened from now on, and look at every page."""
    with contextlib.closing(connect(fresh, key, 2.0)) as sealed:
        whole = sealed.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok"
        if not whole or (key and sealed.execute("PRAGMA cipher_integrity_check").fetchall()):
            raise trouble(name, DAMAGED)
