"""Where the records are kept: for their owner alone, and with a clear word when they cannot be opened."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.errors import RecordsError
from pipeline.records.store import Store, opening
from pipeline.records.workspace import Workspace
from tests.records.store.conftest import NOBODY, PASSWORD
from tests.records.store.entries import release_of, run_of, story_of, told

ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(os.name != "posix", reason="the modes of files are POSIX's")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "records.db"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def refused(path: Path) -> RecordsError:
    with pytest.raises(RecordsError) as caught:
        Store.open(path)
    assert caught.value.remedy
    assert str(path.parent) not in caught.value.message
    return caught.value


@posix
def test_the_files_and_their_folder_are_the_owners_alone_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        with Store.open(path) as store:
            told(store, release_of(1))
            assert {each.name: mode(each) for each in path.parent.iterdir()} == {
                "records.db": 0o600, "records.db-wal": 0o600, "records.db-shm": 0o600,
            }  # fmt: skip
            assert mode(path.parent) == 0o700
    finally:
        os.umask(before)


@posix
def test_the_file_is_its_owners_alone_from_its_first_byte(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    run = opening._update

    def looking(database: opening.Database) -> None:
        seen.extend(mode(each) for each in path.parent.iterdir())
        run(database)
        seen.extend(mode(each) for each in path.parent.iterdir())

    monkeypatch.setattr(opening, "_update", looking)
    before = os.umask(0)
    try:
        Store.open(path).close()
    finally:
        os.umask(before)
    assert set(seen) == {0o600}


@posix
def test_a_file_that_others_may_read_is_closed_to_them(path: Path) -> None:
    Store.open(path).close()
    path.chmod(0o644)
    Store.open(path).close()
    assert mode(path) == 0o600


def test_a_folder_that_is_somebody_elses_too_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    Store.open(tmp_path / "records.db").close()
    assert mode(tmp_path) == 0o755


def test_a_workspace_names_its_secret_and_hides_the_address_of_its_records(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws", f"postgresql://storysafe:{PASSWORD}@db.example/records")
    assert workspace.secret == tmp_path / "ws" / "secret"
    assert PASSWORD not in repr(workspace)
    with Workspace(tmp_path / "ws").store() as store:
        assert store.where == "records.db"
    assert (tmp_path / "ws" / "records.db").is_file()


# --- what can be wrong with a file


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def overwritten(path: Path) -> None:
    path.write_bytes(b"case_ref,full_name\n" * 400)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


def scribbled(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:12288] = b"\x5a" * 8192
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("spoil", [emptied, overwritten, cut, scribbled])
def test_a_damaged_file_is_called_damaged_and_left_as_it_is(path: Path, spoil: object) -> None:
    with Store.open(path) as store:
        store.begin(run_of())
        for number in range(1, 60):
            store.record([story_of(number)], [release_of(number)])
    spoil(path)  # type: ignore[operator]
    found = path.read_bytes()
    assert "damaged" in refused(path).message
    assert path.read_bytes() == found


def test_a_database_of_another_program_is_not_written_to(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (title TEXT)")
    assert "another program" in refused(path).message
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


def test_a_folder_in_its_place_is_an_error_with_a_remedy(path: Path) -> None:
    path.mkdir(parents=True)
    assert "cannot be opened" in refused(path).message


def test_records_that_another_program_holds_too_long_are_called_locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.2)
    with Store.open(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.releases() == []  # reading goes on
        began = time.monotonic()
        with pytest.raises(RecordsError, match="held by another program"):
            store.begin(run_of())
        assert time.monotonic() - began < 5
        other.execute("ROLLBACK")
        store.begin(run_of())


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@posix
@pytest.mark.parametrize("made", [True, False])
def test_a_disk_that_cannot_be_written_is_called_that(open_folder: Path, made: bool) -> None:
    path = open_folder / "records.db"
    if made:
        with Store.open(path) as store:
            told(store, release_of(1))
        path.chmod(0o444)
    open_folder.chmod(0o555)
    found = path.read_bytes() if made else b""
    # Root may write anywhere, so a child that is nobody has to try.
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if os.geteuid() == 0:
                os.setuid(NOBODY)
            Store.open(path)
        except RecordsError as error:
            code = 0 if "cannot be written" in error.message and error.remedy else 2
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    open_folder.chmod(0o755)
    assert path.exists() == made
    assert not made or path.read_bytes() == found


def test_several_first_starts_make_one_store(path: Path) -> None:
    code = f"import pathlib; from pipeline.records.store import Store; Store.open(pathlib.Path({str(path)!r})).close()"
    starts = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    assert [(start.communicate(timeout=120)[1], start.returncode) for start in starts] == [(b"", 0)] * 4
    assert [each.name for each in path.parent.iterdir()] == ["records.db"]


# --- what can be wrong with an address


@pytest.mark.parametrize(
    "address",
    ["mysql://u:pw-1@db.example/r", "postgresql://u:pw-1@db.example", "db.example", "postgres:r", "sqlite:///r.db", "", "://"],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(RecordsError, match="not one that can be used") as caught:
        Store.open(address)
    assert "pw-1" not in caught.value.message + caught.value.remedy


def test_a_server_that_is_down_says_so_without_the_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(RecordsError, match="cannot be reached") as caught:
        Store.open(f"postgresql://storysafe:{PASSWORD}@127.0.0.1:1/records")
    assert PASSWORD not in caught.value.message + caught.value.remedy
    assert caught.value.__cause__ is None


def test_without_the_driver_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(RecordsError) as caught:
        Store.open("postgresql://storysafe@db.example/records")
    assert "storysafe[postgres]" in caught.value.remedy


def test_a_wrong_password_and_a_missing_database_are_told_apart(server: str) -> None:
    with pytest.raises(RecordsError, match="name and password") as caught:
        Store.open(server.replace(PASSWORD, "pw-wrong") + "/postgres")
    assert "pw-wrong" not in caught.value.message + caught.value.remedy
    with pytest.raises(RecordsError, match="not at that address"):
        Store.open(f"{server}/not_there")
