"""An encrypted workspace: nothing in it can be read, nothing is lost, and what is wrong with it is said plainly."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.ledger import Attempt
from pipeline.errors import KeyLost, RecordsError, StorysafeError, UsageError, WrongPassphrase
from pipeline.records import encrypting
from pipeline.records.duties import Register
from pipeline.records.encrypting import change_passphrase, encrypt
from pipeline.records.keys import read_key_file, unwrap
from pipeline.records.store import cipher
from pipeline.records.workspace import Workspace

WORDS = "four words not together"
ASKED = Attempt("HL/1", date(2026, 1, 5), "letter", "Marguerite Vane", "rang first")


@pytest.fixture
def plain(tmp_path: Path) -> tuple[Workspace, bytes]:
    """A workspace with something in it, and its secret."""
    workspace = Workspace(tmp_path / "workspace")
    secret = workspace.load_secret()
    with workspace.store() as store:
        store.attempt(ASKED)
        Register(workspace, store).add("staff-added", {"name": "Tansy Orr", "login": "torr", "roles": ["manager"]})
    return workspace, secret


def opened(workspace: Workspace, passphrase: str = WORDS) -> Workspace:
    return Workspace(workspace.root, "", unwrap(workspace.key_file, passphrase))


def everything(workspace: Workspace) -> bytes:
    return b"".join(path.read_bytes() for path in workspace.root.rglob("*") if path.is_file())


def holds_all(workspace: Workspace, secret: bytes) -> bool:
    with workspace.store() as store:
        names = [entry.body["name"] for entry in Register(workspace, store).entries("staff-added")]
        return (store.attempts(), names, workspace.load_secret()) == ([ASKED], ["Tansy Orr"], secret)


def test_nothing_can_be_read_and_nothing_is_lost(plain: tuple[Workspace, bytes]) -> None:
    workspace, secret = plain
    assert b"Marguerite Vane" in everything(workspace)
    encrypt(workspace, WORDS)
    for value in (b"Marguerite Vane", b"Tansy Orr", b"torr", secret, WORDS.encode(), b"SQLite format"):
        assert value not in everything(workspace)
    assert holds_all(opened(workspace), secret)


def test_what_is_written_afterwards_is_encrypted_too(plain: tuple[Workspace, bytes]) -> None:
    workspace, _ = plain
    encrypt(workspace, WORDS)
    with opened(workspace).store() as store:
        store.attempt(Attempt("HL/2", date(2026, 1, 6), "letter", "Wilhelmina Crake"))
        assert b"Wilhelmina" not in everything(workspace)  # while the write-ahead log is there


def test_a_workspace_without_records_can_be_encrypted_from_the_start(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    encrypt(workspace, WORDS)
    with opened(workspace).store() as store:
        assert store.attempts() == []


def test_a_wrong_passphrase_is_told_and_changes_nothing(plain: tuple[Workspace, bytes]) -> None:
    workspace, secret = plain
    encrypt(workspace, WORDS)
    before = everything(workspace)
    with pytest.raises(WrongPassphrase, match="not the one"):
        opened(workspace, "four words not apart")
    for locked in (workspace.store, workspace.load_secret):
        with pytest.raises(WrongPassphrase, match="no passphrase was given"):
            locked()
    assert everything(workspace) == before
    assert holds_all(opened(workspace), secret)


def test_a_lost_key_file_is_told_and_never_made_anew(plain: tuple[Workspace, bytes]) -> None:
    workspace, secret = plain
    encrypt(workspace, WORDS)
    kept = workspace.key_file.read_bytes()
    workspace.key_file.unlink()
    for locked in (workspace.store, workspace.load_secret, lambda: encrypt(workspace, WORDS)):
        with pytest.raises(KeyLost, match="key file is missing"):
            locked()
    assert not workspace.key_file.exists()
    workspace.key_file.write_bytes(kept)
    assert holds_all(opened(workspace), secret)


@pytest.mark.parametrize("change", ["", "{", '{"version": 1}', "n"])
def test_a_damaged_key_file_is_told(plain: tuple[Workspace, bytes], change: str) -> None:
    workspace, _ = plain
    encrypt(workspace, WORDS)
    head = json.loads(workspace.key_file.read_text(encoding="ascii"))
    workspace.key_file.write_text(json.dumps({**head, "n": 1 << 40}) if change == "n" else change, encoding="ascii")
    with pytest.raises(KeyLost, match="damaged"):
        opened(workspace)


def test_nobody_can_say_that_the_encryption_is_finished_or_not(plain: tuple[Workspace, bytes]) -> None:
    workspace, _ = plain
    encrypt(workspace, WORDS)
    head = json.loads(workspace.key_file.read_text(encoding="ascii"))
    workspace.key_file.write_text(json.dumps({**head, "complete": False}), encoding="ascii")
    with pytest.raises(WrongPassphrase):
        opened(workspace)


@pytest.mark.parametrize("place", [0, 20, 5_000, -40])
def test_one_changed_byte_of_the_records_is_told(plain: tuple[Workspace, bytes], place: int) -> None:
    workspace, _ = plain
    encrypt(workspace, WORDS)
    data = bytearray(workspace.database.read_bytes())
    data[place] ^= 1
    workspace.database.write_bytes(data)
    with pytest.raises(RecordsError, match="damaged"):
        opened(workspace).store()


def test_readable_records_in_the_place_of_encrypted_ones_are_refused(plain: tuple[Workspace, bytes], tmp_path: Path) -> None:
    workspace, _ = plain
    encrypt(workspace, WORDS)
    other = Workspace(tmp_path / "other")
    other.store().close()
    workspace.database.write_bytes(other.database.read_bytes())
    with pytest.raises(RecordsError, match="not encrypted although this workspace is"):
        opened(workspace).store()


def test_a_secret_of_another_workspace_is_refused(plain: tuple[Workspace, bytes], tmp_path: Path) -> None:
    workspace, _ = plain
    other = Workspace(tmp_path / "other")
    for each in (workspace, other):
        encrypt(each, WORDS)
    workspace.secret.write_bytes(other.secret.read_bytes())
    with pytest.raises(KeyLost, match="secret"):
        opened(workspace).load_secret()


_HOLD = """
import sys
from pathlib import Path
from pipeline.records.workspace import Workspace
with Workspace(Path(sys.argv[1])).store() as store:
    print(len(store.attempts()), flush=True)
    sys.stdin.readline()
"""


def test_records_that_another_program_has_open_are_left_as_they_are(plain: tuple[Workspace, bytes]) -> None:
    workspace, secret = plain
    command = [sys.executable, "-c", _HOLD, str(workspace.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdin is not None
        assert other.stdout is not None
        assert other.stdout.readline() == "1\n"
        with pytest.raises(RecordsError, match="held by another program"):
            encrypt(workspace, WORDS)
        other.stdin.write("done\n")
        other.stdin.flush()
        assert other.wait(30) == 0
    encrypt(workspace, WORDS)
    assert holds_all(opened(workspace), secret)


@pytest.mark.parametrize("at", ["secret", "copy", "proof", "swap", "end"])
def test_stopped_anywhere_it_loses_nothing_and_goes_on(
    plain: tuple[Workspace, bytes], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    workspace, secret = plain
    places = {
        "secret": (encrypting, "seal_file"), "copy": (cipher, "_copy"), "proof": (cipher, "_prove"), "swap": (cipher, "swap"),
        "end": (encrypting, "clear"),
    }  # fmt: skip

    def stop(*_: object) -> None:
        raise StorysafeError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(*places[at], stop)
        with pytest.raises(StorysafeError, match="stopped"):
            encrypt(workspace, WORDS)
    found = read_key_file(workspace.key_file)
    assert found is not None
    assert not found.complete
    encrypt(workspace, WORDS)
    assert holds_all(opened(workspace), secret)
    assert {path.name for path in workspace.root.iterdir()} <= {
        "key.json", "secret", "records.db", "records.db-wal", "records.db-shm", "audit.jsonl", "audit.jsonl.head",
        "audit.jsonl.lock", "records.begun",
    }  # fmt: skip


def test_a_readable_file_that_a_crash_left_is_overwritten_and_removed(plain: tuple[Workspace, bytes]) -> None:
    workspace, secret = plain
    left = workspace.database.with_name("records.db.plain-0a0a0a0a")
    left.write_bytes(workspace.database.read_bytes())
    encrypt(workspace, WORDS)
    assert not left.exists()
    assert holds_all(opened(workspace), secret)


def test_a_new_passphrase_opens_it_and_the_old_one_does_not(plain: tuple[Workspace, bytes]) -> None:
    workspace, secret = plain
    encrypt(workspace, WORDS)
    change_passphrase(workspace, WORDS, "another four words", remembered=False)
    assert holds_all(opened(workspace, "another four words"), secret)
    with pytest.raises(WrongPassphrase):
        opened(workspace)


def test_a_short_passphrase_and_a_second_encryption_are_refused(plain: tuple[Workspace, bytes]) -> None:
    workspace, secret = plain
    with pytest.raises(UsageError, match="12 characters"):
        encrypt(workspace, "short")
    assert workspace.load_secret() == secret
    encrypt(workspace, WORDS)
    with pytest.raises(UsageError, match="encrypted already"):
        encrypt(workspace, WORDS)


def test_a_moved_workspace_opens_where_it_is_put(plain: tuple[Workspace, bytes], tmp_path: Path) -> None:
    workspace, secret = plain
    encrypt(workspace, WORDS)
    workspace.root.rename(tmp_path / "elsewhere")
    assert holds_all(opened(Workspace(tmp_path / "elsewhere")), secret)
