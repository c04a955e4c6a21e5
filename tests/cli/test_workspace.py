"""``storysafe workspace`` and what an encrypted workspace means for every other command."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests import flow

WORDS = "four words not together"
OTHER = "another four words"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An encrypted workspace with an attempt in it; the passphrase is in the environment."""
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("STORYSAFE_PASSPHRASE", WORDS)
    asked = ("seek", "record", "HL-2110", "--method", "letter", "--by", "Marguerite Vane")
    assert flow.storysafe(tmp_path, *asked).code == 0
    assert flow.storysafe(tmp_path, "workspace", "encrypt").code == 0
    return tmp_path / "workspace"


class Keyring:
    """A keyring that forgets when the test ends."""

    class errors:
        class KeyringError(Exception): ...

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, account: str) -> str | None:
        return self.kept.get((service, account))

    def set_password(self, service: str, account: str, passphrase: str) -> None:
        self.kept[service, account] = passphrase


def test_with_the_passphrase_everything_works_as_before(workspace: Path) -> None:
    assert flow.storysafe(workspace, "seek", "list").stdout.startswith("HL-2110")
    assert "  encrypted" in flow.storysafe(workspace, "workspace", "status").stdout


@pytest.mark.parametrize(
    ("given", "says"), [("four words not apart", "not the one that the workspace was encrypted"), ("", "no passphrase was given")]
)
def test_without_it_nothing_does_and_the_reason_is_said(
    workspace: Path, monkeypatch: pytest.MonkeyPatch, given: str, says: str
) -> None:
    monkeypatch.setenv("STORYSAFE_PASSPHRASE", given)
    for command in (("seek", "list"), ("records", "where"), ("staff", "list"), ("recalls",)):
        run = flow.storysafe(workspace, *command)
        assert (run.code, says in run.stderr, run.stdout) == (1, True, "")


def test_a_lost_key_file_is_said_by_every_command_that_needs_it(workspace: Path) -> None:
    (workspace / "key.json").unlink()
    for command in (("seek", "list"), ("workspace", "status"), ("workspace", "encrypt")):
        run = flow.storysafe(workspace, *command)
        assert (run.code, "key file is missing" in run.stderr) == (1, True)


def test_the_passphrase_is_changed(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYSAFE_NEW_PASSPHRASE", OTHER)
    assert flow.storysafe(workspace, "workspace", "passphrase").code == 0
    assert flow.storysafe(workspace, "seek", "list").code == 1
    monkeypatch.setenv("STORYSAFE_PASSPHRASE", OTHER)
    assert flow.storysafe(workspace, "seek", "list").code == 0


def test_the_keyring_remembers_it(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.cli import unlocking

    ring = Keyring()
    monkeypatch.setattr(unlocking, "_keyring", lambda: ring)
    monkeypatch.setenv("STORYSAFE_NEW_PASSPHRASE", OTHER)
    assert flow.storysafe(workspace, "workspace", "passphrase", "--keyring").code == 0
    monkeypatch.delenv("STORYSAFE_PASSPHRASE")
    assert list(ring.kept.values()) == [OTHER]
    assert flow.storysafe(workspace, "seek", "list").code == 0
    assert "keyring" in flow.storysafe(workspace, "workspace", "status").stdout


def test_an_encryption_that_was_stopped_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.errors import OutputFailed
    from pipeline.records import encrypting

    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("STORYSAFE_PASSPHRASE", WORDS)
    assert flow.storysafe(tmp_path, "seek", "record", "HL-1", "--method", "letter", "--by", "M").code == 0

    def full(*_: object) -> None:
        raise OutputFailed("the disk is full", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(encrypting, "seal_file", full)
        assert flow.storysafe(tmp_path, "workspace", "encrypt").code == 1
    run = flow.storysafe(tmp_path, "seek", "list")
    assert (run.code, "stopped half-way; nothing is lost" in run.stderr) == (1, True)
    assert flow.storysafe(tmp_path, "workspace", "encrypt").code == 0
    assert flow.storysafe(tmp_path, "seek", "list").stdout.startswith("HL-1")


def test_a_run_in_an_encrypted_workspace_tells_what_it_told_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, templates: Path
) -> None:
    notes, out = tmp_path / "notes", []
    notes.mkdir()
    note = "Rosalind Teasdale was behind with the rent. The arrears of £640 were written off.\n"
    (notes / "n.txt").write_text(note, encoding="utf-8")
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("STORYSAFE_PASSPHRASE", WORDS)
    for name in ("plain", "encrypted"):
        run = flow.storysafe(tmp_path / name, "run", notes, "--out", tmp_path / name, "--purpose", "publicity", "--workers", "2")
        assert run.code in (0, 3), run.words
        out.append(run.manifest()["inputs"])
        if name == "plain":
            assert flow.storysafe(tmp_path, "workspace", "encrypt").code == 0
    assert out[0] == out[1]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps who may read a file elsewhere")
def test_what_the_workspace_keeps_is_its_owners_alone(workspace: Path) -> None:
    for path in workspace.iterdir():
        if path.suffix not in (".head", ".lock"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name
    assert stat.S_IMODE(workspace.stat().st_mode) == 0o700


def test_a_policy_that_is_kept_is_the_one_that_runs_go_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, templates: Path
) -> None:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    rules = tmp_path / "ours.toml"
    text = (templates / "policy.toml").read_text("utf-8")
    rules.write_text(text.replace('version = "1.0"', 'version = "4.2"'), encoding="utf-8")
    assert flow.storysafe(tmp_path, "workspace", "adopt", rules).code == 0
    note = tmp_path / "n.txt"
    note.write_text("Rosalind Teasdale rang.\n", encoding="utf-8")
    run = flow.storysafe(tmp_path / "out", "run", note, "--out", tmp_path / "out", "--purpose", "publicity")
    assert run.manifest()["policy_version"] == "4.2"
    again = flow.storysafe(
        tmp_path / "two", "run", note, "--out", tmp_path / "two", "--purpose", "publicity", "--policy", templates / "policy.toml"
    )
    assert "another policy than the one that the workspace keeps" in again.stderr


def test_a_policy_that_cannot_be_understood_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, templates: Path) -> None:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    rules = tmp_path / "ours.toml"
    text = (templates / "policy.toml").read_text("utf-8")
    for wrong in ('statements = "sometimes"', 'statements = "off"\nstatement = "off"'):
        rules.write_text(text.replace('statements = "required-once-registered"', wrong), encoding="utf-8")
        run = flow.storysafe(tmp_path, "workspace", "adopt", rules)
        assert (run.code, "ours.toml, line" in run.stderr) == (2, True)
    assert not (tmp_path / "workspace" / "policy.toml").exists()


def test_the_encryption_is_taken_off_again(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = flow.storysafe(workspace, "workspace", "decrypt")
    assert (run.code, "not encrypted any more" in run.stdout) == (0, True)
    monkeypatch.delenv("STORYSAFE_PASSPHRASE")
    assert flow.storysafe(workspace, "seek", "list").stdout.startswith("HL-2110")
    assert "  not encrypted" in flow.storysafe(workspace, "workspace", "status").stdout
    again = flow.storysafe(workspace, "workspace", "decrypt")
    assert (again.code, "not encrypted" in again.stderr) == (2, True)


def test_a_decryption_that_was_stopped_is_gone_on_with(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.errors import OutputFailed
    from pipeline.records import decrypting

    def full(*_: object) -> None:
        raise OutputFailed("the disk is full", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(decrypting, "unseal_file", full)
        assert flow.storysafe(workspace, "workspace", "decrypt").code == 1
    run = flow.storysafe(workspace, "seek", "list")
    assert (run.code, "workspace decrypt" in run.stderr) == (1, True)
    assert flow.storysafe(workspace, "workspace", "decrypt").code == 0
    assert flow.storysafe(workspace, "seek", "list").stdout.startswith("HL-2110")


def test_a_workspace_that_is_not_there_is_begun_and_that_is_said(tmp_path: Path) -> None:
    run = flow.storysafe(tmp_path, "seek", "list", "--workspace", tmp_path / "misttyped")
    assert "There was no workspace at" in run.stderr
    assert "There was no workspace" not in flow.storysafe(tmp_path, "seek", "list", "--workspace", tmp_path / "misttyped").stderr


def test_records_that_are_gone_are_not_begun_anew_in_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    assert flow.storysafe(tmp_path, "withdraw", "HL-1").code == 0
    for path in (tmp_path / "workspace").glob("records.db*"):
        path.unlink()
    note = tmp_path / "n.txt"
    note.write_text("Rosalind Teasdale rang.\n", encoding="utf-8")
    for command in (
        ("run", note, "--out", tmp_path / "out"),
        ("recalls",),
        ("seek", "list"),
        ("redact", note, "--out", tmp_path / "o"),
    ):
        run = flow.storysafe(tmp_path, *command)
        assert (run.code, "with it every withdrawal" in run.stderr) == (1, True), command
    assert not (tmp_path / "out").exists()
