"""The records through the command line: registers in and out, withdrawals, recalls, the audit trail."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.records.store import Store
from pipeline.records.workspace import Workspace
from tests import flow
from tests.records.store.entries import release_of, run_of, told
from tests.records.test_checking import out, tampered  # noqa: F401  a finished run, and harm done to it

SECRET_WORDS = "quay-and-heddle"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    return tmp_path / "workspace"


@pytest.fixture
def store(workspace: Path) -> Store:
    return Workspace(workspace).store()


def call(*arguments: str | Path) -> flow.Run:
    return flow.storysafe(Path(), *arguments)


def test_a_register_goes_in_comes_out_and_is_counted_without_a_name(workspace: Path, tmp_path: Path) -> None:
    done = call("records", "import", "permissions", flow.SAMPLES / "permissions.csv")
    rows = flow.rows(flow.SAMPLES / "permissions.csv")
    assert (done.code, f"{len(rows)} rows added" in done.stdout) == (0, True)
    assert call("records", "export", "permissions", tmp_path / "p.xlsx").code == 0
    assert call("records", "export", "permissions", tmp_path / "p.csv").code == 0
    assert flow.rows(tmp_path / "p.csv") == rows
    told_where = call("records", "where")
    assert str(workspace / "records.db") in told_where.stdout
    assert f"permissions  {len(rows)}" in told_where.stdout
    assert not [
        row["subject_name"] for row in rows if row["subject_name"] and row["subject_name"] in told_where.words + done.words
    ]


def test_an_export_replaces_nothing_unless_it_is_told_to(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("mine", encoding="utf-8")
    refused = call("records", "export", "decisions", path)
    assert (refused.code, path.read_text(encoding="utf-8")) == (2, "mine")
    assert call("records", "export", "decisions", path, "--overwrite").code == 0
    assert flow.rows(path) == []


@pytest.mark.parametrize("kind", ["releases", "attempts", "withdrawals", "recalls"])
def test_every_list_of_the_records_can_be_written_for_people(store: Store, tmp_path: Path, kind: str) -> None:
    told(store, release_of(1))
    call("withdraw", "HL/1", "--on", "2026-11-01")
    assert call("records", "export", kind, tmp_path / "list.csv").code == 0
    assert [row["case_ref"] for row in flow.rows(tmp_path / "list.csv")] == ([] if kind == "attempts" else ["HL/1"])


def test_withdrawing_lists_every_file_that_names_the_person_with_what_is_needed_to_ask_it_back(
    store: Store, tmp_path: Path
) -> None:
    told(store, release_of(1), release_of(2, identified=False), release_of(3, case_ref="HL/2"))
    told(store, release_of(1), run=run_of(out="/out/two"))
    done = call("withdraw", "hl/1", "--consent", "C-1", "--on", "2026-11-01", "--by", "K", "--out", tmp_path / "list.csv")
    assert (done.code, "2 released files" in done.stdout) == (0, True)
    assert flow.rows(tmp_path / "list.csv") == [
        {
            "case_ref": "HL/1", "consent_id": "C-1", "withdrawn_on": "2026-11-01", "purpose": "publicity",
            "version": f"{1:064x}", "channel": "website", "recipient": "public", "released_on": "2026-10-05",
            "folder": folder, "file": "released/publicity/story-0001.docx",
            "permitted_channels": "website; annual report", "permitted_recipients": "public",
        }
        for folder in ("/out/one", "/out/two")
    ]  # fmt: skip
    (withdrawal,) = store.withdrawals()
    assert (withdrawal.on, withdrawal.recorded_by, withdrawal.no_use) == (date(2026, 11, 1), "K", False)


def test_recalls_are_listed_until_they_are_done(store: Store) -> None:
    told(store, release_of(1, sha256="ab" * 32), release_of(2, sha256="cd" * 32))
    call("withdraw", "HL/1", "--no-use")
    listed = call("recalls")
    assert (listed.code, "ab" * 32 in listed.stdout, "cd" * 32 in listed.stdout) == (0, True, True)
    assert call("recalls", "done", "ab" * 4, "--by", "K").stdout == "1 marked as asked back; 1 still to do.\n"
    assert "ab" * 32 not in call("recalls").stdout
    for version, words in (("cd" * 3, "eight characters"), ("ef" * 32, "no file on the list")):
        refused = call("recalls", "done", version)
        assert (refused.code, words in refused.stderr) == (2, True)
    assert call("recalls", "done", "cd" * 32).code == 0
    assert call("recalls").stdout == "Nothing is to be asked back.\n"


def test_a_withdrawal_of_somebody_nothing_was_told_of_is_recorded_all_the_same(store: Store) -> None:
    done = call("withdraw", "HL/77", "--no-use")
    assert (done.code, "Nothing is to be asked back" in done.stdout) == (0, True)
    assert [(w.case_ref, w.no_use) for w in store.withdrawals()] == [("HL/77", True)]
    assert call("withdraw", " ").code == 2


def test_a_reference_that_nothing_was_released_under_is_pointed_out(store: Store) -> None:
    assert "spelt right" in call("withdraw", "XX-99").stderr


def test_a_register_that_is_open_in_excel_is_refused_by_name(workspace: Path, tmp_path: Path) -> None:
    path = tmp_path / "permissions.csv"
    path.write_text("consent_id,case_ref\nC-1,HL/1\n", encoding="utf-8")
    (tmp_path / "~$permissions.csv").write_bytes(b"x")
    done = call("records", "import", "permissions", path)
    assert (done.code, "permissions.csv is open in another program" in done.stderr) == (1, True)


def test_records_that_cannot_be_opened_end_in_a_word_and_not_in_the_password(workspace: Path) -> None:
    address = f"postgresql://storysafe:{SECRET_WORDS}@127.0.0.1:1/records"
    down = call("records", "where", "--records", address)
    assert (down.code, "Traceback" in down.words, SECRET_WORDS in down.words) == (1, False, False)
    workspace.mkdir(exist_ok=True)
    (workspace / "records.db").write_bytes(b"not a database")
    damaged = call("recalls")
    assert (damaged.code, "damaged" in damaged.stderr) == (1, True)


def test_a_whole_trail_is_counted_and_a_harmed_one_named_by_its_first_bad_event(out: Path) -> None:  # noqa: F811
    for whole in (out, out / "internal" / "audit.jsonl"):
        done = call("audit", "verify", whole)
        assert (done.code, done.stdout) == (0, "The audit trail is whole: 6 events.\n")
    tampered(out)
    done = call("audit", "verify", out)
    assert (done.code, "event 3 (line 3) was changed" in done.stdout) == (1, True)
    assert call("audit", "verify", out / "nothing").code == 2
