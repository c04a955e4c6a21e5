"""Bad input ends in a clear message and loses nothing."""

from __future__ import annotations

import errno
import os
import shutil

import pytest

from pipeline.records import outbox as outboxes
from tests import flow
from tests.flow import SAMPLES

GOOD = SAMPLES / "notes" / "01-warm-home-story.md"
NOT_OPEN = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def no_traceback(run: flow.Run) -> bool:
    return "Traceback" not in run.words and "Error:" not in run.stdout


def test_a_damaged_an_empty_a_locked_and_a_garbled_file_are_held_and_the_good_one_is_told(tmp_path, secret):
    notes = tmp_path / "notes"
    notes.mkdir()
    shutil.copy(GOOD, notes / "good.md")
    (notes / "broken.docx").write_bytes(b"PK\x03\x04 no more")
    (notes / "empty.txt").write_bytes(b"")
    (notes / "locked.docx").write_bytes(NOT_OPEN)
    (notes / "garbled.txt").write_bytes(bytes(range(128, 160)) * 20)
    (notes / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    run = flow.run(tmp_path / "out", notes, secret=secret, purpose="publicity")
    assert run.code == 3
    assert no_traceback(run)
    assert run.endings() == {
        "broken.docx": "unreadable", "empty.txt": "unreadable", "garbled.txt": "unreadable", "good.md": "released",
        "locked.docx": "unreadable", "old.doc": "unsupported",
    }
    assert all(row["what_next"] for row in run.held())


@pytest.mark.parametrize("register", ["clients", "stories", "decisions"])
def test_a_register_that_is_missing_or_malformed_stops_the_run_before_anything_is_released(tmp_path, secret, register):
    missing = flow.run(tmp_path / "a", GOOD, secret=secret, **{register: tmp_path / "nowhere.csv"})
    (tmp_path / "bad.csv").write_bytes(b"\x00\x01\x02 not a table")
    malformed = flow.run(tmp_path / "b", GOOD, secret=secret, **{register: tmp_path / "bad.csv"})
    for run in (missing, malformed):
        assert run.code in (1, 2)
        assert no_traceback(run)
        assert not (run.out / "released").exists()


def test_with_an_unreadable_permission_register_nobody_is_identified_and_the_run_says_so(tmp_path, secret):
    (tmp_path / "bad.csv").write_bytes(b"\x00\x01\x02 not a table")
    run = flow.run(tmp_path / "out", GOOD, secret=secret, permissions=tmp_path / "bad.csv", purpose="publicity")
    assert run.code == 3
    (line,) = run.manifest()["inputs"]
    assert line["purposes"]["publicity"]["identified"] is False
    assert run.manifest()["permissions_readable"] is False


def test_a_policy_with_an_unknown_treatment_is_refused_with_its_line(tmp_path, secret, templates):
    text = (templates / "policy.toml").read_text("utf-8").replace('publicity = "substitute"', 'publicity = "blur"', 1)
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    line = text[: text.index('"blur"')].count("\n") + 1
    run = flow.run(tmp_path / "out", GOOD, secret=secret, policy=tmp_path / "policy.toml")
    assert run.code == 2
    assert f"line {line}" in run.stderr


def test_a_folder_that_is_not_empty_is_refused_unless_it_may_be_replaced(tmp_path, secret):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    refused = flow.run(tmp_path / "out", GOOD, secret=secret, purpose="publicity")
    assert refused.code == 2
    replaced = flow.run(tmp_path / "out", GOOD, secret=secret, purpose="publicity", overwrite=True)
    assert replaced.code == 0
    assert (tmp_path / "out" / "mine.txt").read_text("utf-8") == "mine"


def test_an_output_folder_inside_the_input_and_an_input_that_is_not_there_are_refused(tmp_path, secret):
    notes = tmp_path / "notes"
    notes.mkdir()
    shutil.copy(GOOD, notes)
    assert flow.run(notes / "out", notes, secret=secret).code == 2
    assert flow.run(tmp_path / "out", tmp_path / "nothing.txt", secret=secret).code == 2
    assert flow.storysafe(tmp_path, "run", notes, "--out", tmp_path / "o", "--purpose", "gossip").code == 2


def test_a_disk_that_fills_in_mid_run_leaves_no_half_written_file(tmp_path, secret, monkeypatch):
    moved = []
    replace = os.replace

    def fill_up(source, target):
        if "released" in str(target) and moved:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        moved.append(target)
        replace(source, target)

    monkeypatch.setattr(outboxes.os, "replace", fill_up)
    notes = [SAMPLES / "notes" / "01-warm-home-story.md", SAMPLES / "notes" / "02-back-to-work-story.txt"]
    run = flow.run(tmp_path / "out", *[n for n in notes if n.exists()], secret=secret, purpose="publicity")
    assert run.code == 1
    assert "space" in run.stderr
    assert no_traceback(run)
    assert all(flow.text_of(path) for path in run.released())
    assert not list((run.out / "internal").glob(".work-*"))


def test_ctrl_c_keeps_what_was_finished_with_its_evidence(tmp_path, secret, monkeypatch):
    from pipeline import batch
    from pipeline.evidence import Evidence

    monkeypatch.setattr(batch, "_CHUNK", 1)
    record = Evidence.record
    done = []

    def interrupted(*arguments):
        record(*arguments)
        done.append(1)
        raise KeyboardInterrupt

    monkeypatch.setattr(Evidence, "record", interrupted)
    run = flow.run(tmp_path / "out", GOOD, SAMPLES / "notes" / "05-housing-record.docx", secret=secret, purpose="publicity")
    assert run.code == 1
    assert done == [1]
    assert run.manifest()["complete"] is False
    assert len(run.manifest()["inputs"]) == 1
    assert no_traceback(run)
