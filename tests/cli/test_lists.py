"""The organisation's own lists in the commands: detect, redact and run use those of the workspace, sealed or not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.records.keys import is_sealed
from tests import flow

TEXT = "Rosalind Teasdale rang thimble about the rent.\nThe arrears of £640 were written off and she has kept the tenancy.\n"
ROWS = "words,list,category\nthimble,deny,PERSON\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    root.mkdir()
    (root / "lists.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "note.txt").write_text(TEXT, encoding="utf-8")
    return root


def found(tmp_path: Path, *options: str | Path) -> list[str]:
    result = flow.storysafe(tmp_path, "detect", tmp_path / "note.txt", "--reveal", *options)
    assert result.code == 0, result.stderr
    return [span["text"] for span in json.loads(result.stdout)["spans"]]


def test_detect_finds_what_the_lists_of_the_workspace_say(tmp_path: Path, workspace: Path) -> None:
    assert "thimble" not in found(tmp_path)
    assert "thimble" in found(tmp_path, "--workspace", workspace)


def test_redact_takes_it_out_whether_or_not_the_workspace_is_encrypted(
    tmp_path: Path, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "copies"
    assert flow.storysafe(out, "redact", tmp_path / "note.txt", "--out", out, "--workspace", workspace).code == 0
    assert "thimble" not in next((out / "released").iterdir()).read_text(encoding="utf-8")
    monkeypatch.setenv("STORYSAFE_PASSPHRASE", "four words not together")
    assert flow.storysafe(tmp_path, "workspace", "encrypt", "--workspace", workspace).code == 0
    assert is_sealed(workspace / "lists.csv")
    assert "thimble" in found(tmp_path, "--workspace", workspace)


def test_lists_that_are_not_in_order_stop_a_run_and_say_in_which_row(tmp_path: Path, workspace: Path) -> None:
    (workspace / "lists.csv").write_text(ROWS + "Teasdale,perhaps,PERSON\n", encoding="utf-8")
    out = tmp_path / "out"
    stopped = flow.storysafe(out, "run", tmp_path / "note.txt", "--out", out, "--workspace", workspace)
    assert stopped.code != 0
    assert "lists.csv, row 3" in stopped.stderr
    assert "Teasdale" not in stopped.stderr
    assert not list(out.rglob("*.docx"))
