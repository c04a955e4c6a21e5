"""The same store on both databases: SQLite in a file, and Debian's PostgreSQL started on loopback where it is installed."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.records.store import Store

PASSWORD = "quay-and-heddle"
NOBODY = 65534


def programs() -> Path | None:
    """The folder of initdb and pg_ctl, wherever the system keeps it."""
    on_path = shutil.which("initdb")
    places = [Path(on_path).resolve().parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()), None)


def as_somebody() -> dict[str, int]:
    """PostgreSQL refuses to run as root: there it is nobody's."""
    return {"user": NOBODY, "group": NOBODY} if hasattr(os, "geteuid") and os.geteuid() == 0 else {}


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of this test run, up to the name of the database."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server is installed (Debian: postgresql)")
    pytest.importorskip("psycopg", reason="the driver of PostgreSQL is not installed (storysafe[postgres])")
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    key = folder / "key"
    key.write_text(PASSWORD, encoding="ascii")
    somebody = as_somebody()
    if somebody:
        for path in (folder, key):
            os.chown(path, NOBODY, NOBODY)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"

    def call(program: str, *arguments: object) -> None:
        log = folder.with_suffix(".log")
        with log.open("ab") as words:
            command = [str(found / program), "-D", str(data), *(str(argument) for argument in arguments)]
            subprocess.run(command, check=True, stdout=words, stderr=words, cwd=folder, **somebody)  # type: ignore[call-overload]

    try:
        call("initdb", "-U", "storysafe", "-A", "scram-sha-256", f"--pwfile={key}", "-E", "UTF8", "--locale=C", "-N")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        call("pg_ctl", "-w", "-o", options, "-l", folder / "log", "start")
        try:
            yield f"postgresql://storysafe:{PASSWORD}@127.0.0.1:{port}"
        finally:
            call("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".log").unlink(missing_ok=True)


def new_database(server: str) -> str:
    import psycopg

    name = f"records_{secrets.token_hex(4)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{server}/{name}"


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where a store that nobody has opened yet will be."""
    if request.param == "sqlite":
        return tmp_path / "workspace" / "records.db"
    return new_database(request.getfixturevalue("server"))


@pytest.fixture
def store(address: str | Path) -> Iterator[Store]:
    with Store.open(address) as opened:
        yield opened


@pytest.fixture
def in_file(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "workspace" / "records.db") as opened:
        yield opened
