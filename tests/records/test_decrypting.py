"""Taking the encryption of a workspace off again: nothing is lost, whenever it is stopped."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.finding import Category
from pipeline.domain.ledger import Attempt
from pipeline.domain.remembered import Lesson, Remembered
from pipeline.errors import KeyLost, RecordsError, StorysafeError, UsageError, WrongPassphrase
from pipeline.records import decrypting
from pipeline.records.decrypting import KEPT, decrypt
from pipeline.records.encrypting import encrypt
from pipeline.records.keys import read_key_file, unwrap
from pipeline.records.lists import load_lists, save_lists
from pipeline.records.store import cipher
from pipeline.records.workspace import Workspace

pytest.importorskip("sqlcipher3", reason="storysafe[encryption] is not installed")
WORDS = "four words not together"


@pytest.fixture
def sealed(tmp_path: Path) -> tuple[Workspace, bytes]:
    """An encrypted workspace with an attempt and a list in it, and the secret as it was before."""
    workspace = Workspace(tmp_path / "workspace")
    secret = workspace.load_secret()
    with workspace.store() as store:
        store.attempt(Attempt("HL-1", date(2026, 11, 2), "letter", "Marguerite Vane"))
    save_lists(workspace.lists, "", [Remembered("quernstone", Lesson.DENY, Category.PERSON)])
    encrypt(workspace, WORDS)
    return workspace, secret


def holds_all(workspace: Workspace, secret: bytes) -> bool:
    with workspace.store() as store:
        asked = [attempt.case_ref for attempt in store.attempts()]
    words = [row.words for row in load_lists(workspace.lists, workspace.key).rows]
    return asked == ["HL-1"] and words == ["quernstone"] and workspace.load_secret() == secret


def test_everything_can_be_read_again_and_is_as_it_was(sealed: tuple[Workspace, bytes]) -> None:
    workspace, secret = sealed
    decrypt(workspace, WORDS)
    assert holds_all(workspace, secret)
    assert not workspace.key_file.exists()
    assert b"HL-1" in workspace.database.read_bytes()
    assert unwrap(workspace.root / KEPT, WORDS)


def test_it_can_be_encrypted_anew(sealed: tuple[Workspace, bytes]) -> None:
    workspace, secret = sealed
    decrypt(workspace, WORDS)
    encrypt(workspace, WORDS)
    key = unwrap(workspace.key_file, WORDS)
    assert holds_all(Workspace(workspace.root, "", key), secret)
    assert b"HL-1" not in workspace.database.read_bytes()


@pytest.mark.parametrize("at", ["secret", "lists", "copy", "proof", "end"])
def test_stopped_anywhere_it_loses_nothing_and_goes_on(
    sealed: tuple[Workspace, bytes], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    workspace, secret = sealed
    places = {
        "secret": (decrypting, "unseal"), "lists": (decrypting, "unseal_lists"), "copy": (cipher, "_copy"),
        "proof": (cipher, "_prove"), "end": (decrypting, "_put_aside"),
    }  # fmt: skip

    def stop(*_: object) -> None:
        raise StorysafeError("stopped")

    with monkeypatch.context() as patch:
        patch.setattr(*places[at], stop)
        with pytest.raises(StorysafeError, match="stopped"):
            decrypt(workspace, WORDS)
    found = read_key_file(workspace.key_file)
    assert found is not None
    assert not found.complete
    decrypt(workspace, WORDS)
    assert holds_all(workspace, secret)
    assert not [path.name for path in workspace.root.iterdir() if path.name.endswith((".opening", ".sealing"))]


def test_what_was_stopped_half_way_can_go_back_to_being_encrypted(
    sealed: tuple[Workspace, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, secret = sealed
    with monkeypatch.context() as patch:
        patch.setattr(decrypting, "unseal_file", lambda *_: (_ for _ in ()).throw(StorysafeError("stopped")))
        with pytest.raises(StorysafeError, match="stopped"):
            decrypt(workspace, WORDS)
    encrypt(workspace, WORDS)
    assert holds_all(Workspace(workspace.root, "", unwrap(workspace.key_file, WORDS)), secret)


def test_a_wrong_passphrase_changes_nothing(sealed: tuple[Workspace, bytes]) -> None:
    workspace, _ = sealed
    before = {path.name: path.read_bytes() for path in workspace.root.iterdir() if path.is_file()}
    with pytest.raises(WrongPassphrase):
        decrypt(workspace, "four words not apart")
    assert {path.name: path.read_bytes() for path in workspace.root.iterdir() if path.is_file()} == before


def test_a_lost_key_file_is_told(sealed: tuple[Workspace, bytes]) -> None:
    workspace, _ = sealed
    workspace.key_file.unlink()
    with pytest.raises(KeyLost, match="key file is missing"):
        decrypt(workspace, WORDS)


def test_tampered_records_are_told_before_anything_is_changed(sealed: tuple[Workspace, bytes]) -> None:
    workspace, _ = sealed
    data = bytearray(workspace.database.read_bytes())
    data[2000] ^= 1
    workspace.database.write_bytes(bytes(data))
    with pytest.raises(RecordsError):
        decrypt(workspace, WORDS)
    found = read_key_file(workspace.key_file)
    assert found is not None
    assert found.complete


def test_a_workspace_that_is_not_encrypted_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not encrypted"):
        decrypt(Workspace(tmp_path), WORDS)


def test_records_that_are_gone_stop_everything(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    workspace.store().close()
    for path in workspace.root.glob("records.db*"):
        path.unlink()
    assert workspace.begun
    with pytest.raises(RecordsError, match=r"records\.db is missing, and with it every withdrawal"):
        workspace.store()
    workspace.mark.unlink()
    workspace.store().close()
    assert workspace.database.exists()
