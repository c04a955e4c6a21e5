"""The same command into the same folder goes on; another one is refused, and what stands in the way is said plainly."""

from __future__ import annotations

import csv
import errno
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import batch
from pipeline.detect import Parser
from pipeline.detect.presidio import Patterns
from pipeline.detect.tagger import Tagger
from pipeline.domain.permission import Purpose
from pipeline.domain.telling import Part, Passage, Telling
from pipeline.evidence import Evidence
from pipeline.records import durable
from pipeline.records.audit import verify
from pipeline.records.locks import drop_lock, take_lock
from pipeline.records.plain import from_plain, to_plain
from tests import flow
from tests.flow import SAMPLES

NOTES = (SAMPLES / "notes" / "01-warm-home-story.md", SAMPLES / "notes" / "02-back-to-work-story.txt")


@pytest.fixture(scope="module", autouse=True)
def models_are_loaded_once():
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Parser, Patterns, Tagger):
            patch.setattr(kind, "load", staticmethod(functools.cache(kind.load)))
        yield


@pytest.fixture
def again(tmp_path, secret):
    """The same command each time: two notes, for publicity and reporting."""

    def run(*extra: str, out: Path = tmp_path / "out", purposes=("publicity", "reporting"), **given) -> flow.Run:
        options = {"organisation": SAMPLES / "organisation.toml", "on": flow.DAY, "secret": secret}
        options |= {name: SAMPLES / f"{name}.csv" for name in flow.REGISTERS if name != "organisation"} | given
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        asked = [word for purpose in purposes for word in ("--purpose", purpose)]
        return flow.storysafe(out, "run", *NOTES, "--out", out, *asked, *words, *extra)

    return run


@pytest.fixture
def stopped(again, monkeypatch):
    """A run that Ctrl-C stopped after its first input."""
    record = Evidence.record

    def interrupted(*arguments):
        record(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "_CHUNK", 1)
    monkeypatch.setattr(Evidence, "record", interrupted)
    run = again()
    monkeypatch.setattr(Evidence, "record", record)
    assert run.code == 1
    return run


def stages(run: flow.Run) -> list[tuple[str, str]]:
    trail = run.out / "internal" / "audit.jsonl"
    assert verify(trail) is None
    return [(event["stage"], event["story"]) for event in map(json.loads, trail.read_text("utf-8").splitlines())]


def test_a_run_stopped_by_ctrl_c_goes_on_and_ends_as_if_it_had_not_been(stopped, again, tmp_path):
    assert "same command" in stopped.stderr
    assert stopped.manifest()["complete"] is False
    assert [r["reporting"]["reasons"] for r in [line["purposes"] for line in stopped.manifest()["inputs"]]] == [["unfinished"]]
    finished = again()
    assert "1 inputs had been done before" in finished.stderr
    whole = again(out=tmp_path / "whole")
    assert finished.code == whole.code
    assert {p.name: p.read_bytes() for p in finished.released()} == {p.name: p.read_bytes() for p in whole.released()}
    assert finished.manifest() | {"audit": 0} == whole.manifest() | {"audit": 0}
    assert stages(finished).count(("finish", "story-0001")) == stages(whole).count(("finish", "story-0001"))
    assert ("resumed", "") in stages(finished)


def test_a_finished_run_is_not_run_again_over_itself(again):
    first = again(purposes=("publicity",))
    assert again(purposes=("publicity",)).code == 2
    assert [p.name for p in (first.out / "internal").iterdir() if p.name.startswith(".")] == []


def test_an_unfinished_run_of_something_else_is_not_gone_on_with(stopped, again):
    released = {path: path.read_bytes() for path in stopped.released()}
    others = {"on": {"on": "2026-11-23"}, "channel": {"channel": "website"}, "purposes": {"purposes": ("training",)}}
    for said, changed in others.items():
        refused = again(**changed)
        assert refused.code == 2
        assert "unfinished run" in refused.stderr
        assert f"another: {said};" in refused.stderr
    assert {path: path.read_bytes() for path in stopped.released()} == released


def test_overwrite_starts_an_unfinished_run_from_the_beginning(stopped, again):
    finished = again("--overwrite")
    assert finished.manifest()["complete"] is True
    assert "done before" not in finished.stderr
    assert stages(finished)[0] == ("start", "")


def test_a_file_that_was_changed_after_its_release_is_never_passed_off_as_the_released_one(stopped, again):
    (stopped.out / "released" / "publicity" / "story-0001.docx").write_bytes(b"something else")
    refused = again()
    assert refused.code == 1
    assert "changed or removed" in refused.stderr


def test_a_disk_that_fills_in_mid_run_costs_no_more_than_freeing_it(again, monkeypatch):
    replace, moved = os.replace, []

    def fill_up(source, target):
        if "released" in str(target) and "story-0002" in str(target):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        moved.append(target)
        replace(source, target)

    monkeypatch.setattr(durable.os, "replace", fill_up)
    full = again(purposes=("publicity",))
    assert full.code == 1
    assert "space" in full.stderr
    assert full.manifest()["complete"] is False
    monkeypatch.setattr(durable.os, "replace", replace)
    assert "1 inputs had been done before" in again(purposes=("publicity",)).stderr
    assert full.manifest()["complete"] is True
    assert verify(full.out / "internal" / "audit.jsonl") is None


def test_two_runs_into_one_folder_at_once_are_one_too_many(again, tmp_path):
    (tmp_path / "out" / "internal").mkdir(parents=True)
    lock = tmp_path / "out" / "internal" / ".lock"
    held = take_lock(lock)
    refused = again()
    drop_lock(held, lock)
    assert refused.code == 1
    assert "another run" in refused.stderr
    assert not (tmp_path / "out" / "released").exists()


def test_an_output_folder_that_is_a_file_or_lies_in_one_is_refused(again, tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert again(out=tmp_path / "file").code == 2
    inside = again(out=tmp_path / "file" / "out")
    assert inside.code == 1
    assert "could not be written" in inside.stderr
    assert (tmp_path / "file").read_text("utf-8") == "x"


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="whoever runs the tests may write everywhere here")
def test_a_read_only_output_folder_is_said(again, tmp_path):
    (tmp_path / "out").mkdir(mode=0o500)
    refused = again()
    assert refused.code == 1
    assert "could not be written" in refused.stderr


def test_a_read_only_disk_is_said(again, tmp_path, monkeypatch):
    def refuse(*arguments, **named):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", refuse)
    refused = again(secret=tmp_path / "out")
    monkeypatch.undo()
    assert refused.code == 1
    assert "Traceback" not in refused.words


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"], ids=["Excel", "LibreOffice"])
def test_a_register_that_somebody_is_editing_is_named_and_nothing_is_told_by_it(again, tmp_path, lock):
    clients = tmp_path / "clients.csv"
    shutil.copy(SAMPLES / "clients.csv", clients)
    (tmp_path / lock.format("clients.csv")).write_bytes(b"Somebody")
    refused = again(clients=clients)
    assert refused.code == 1
    assert "clients.csv is open in another program" in refused.stderr
    assert not refused.out.exists()


def test_a_withdrawn_permission_lists_what_was_released_under_it(again, tmp_path):
    first = again(purposes=("publicity",))
    identified = {line["story"] for line in first.manifest()["inputs"] if line["purposes"]["publicity"]["identified"]}
    assert identified
    rows = flow.rows(SAMPLES / "permissions.csv")
    for row in rows:
        row["withdrawn_on"] = "2026-11-20"
    with (tmp_path / "permissions.csv").open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert not (first.out / "internal" / "recalls.csv").exists()
    second = again(out=tmp_path / "second", purposes=("publicity",), permissions=tmp_path / "permissions.csv")
    recalled = flow.rows(second.out / "internal" / "recalls.csv")
    assert {row["path"].split("/")[-1][:10] for row in recalled} == identified
    assert {(row["run"], row["out"], row["released_on"], row["withdrawn_on"]) for row in recalled} == {
        (first.manifest()["run"], str(first.out), flow.DAY, "2026-11-20")
    }
    assert f"{len(recalled)} released files name somebody who has withdrawn" in second.stderr
    assert not any(row["case_ref"] in second.words for row in recalled)
    assert ("recalls", "") in stages(second)
    assert not any(line["purposes"]["publicity"]["identified"] for line in second.manifest()["inputs"])


def test_a_telling_comes_back_from_the_journal_as_it_went_in():
    passages = (Passage("It was £90.", Part.OUTCOME, "Week 3", 2), Passage("“Good.”", Part.QUOTE))
    lists = {"themes": ("debt",), "channels": ("website",)}
    telling = Telling("story-0001", Purpose.REPORTING, passages, "Leanne", True, False, True, **lists)
    assert from_plain(Telling, json.loads(json.dumps(to_plain(telling)))) == telling
    with pytest.raises((TypeError, ValueError)):
        from_plain(Telling, to_plain(telling) | {"person": 5})


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill without notice")
def test_the_workers_of_a_killed_run_end_and_the_next_run_goes_on(sample_run, tmp_path, secret):
    options = {name: SAMPLES / f"{name}.csv" for name in flow.REGISTERS if name != "organisation"}
    options |= {"organisation": SAMPLES / "organisation.toml", "on": flow.DAY, "secret": secret, "out": tmp_path / "out"}
    words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
    command = [sys.executable, "-m", "pipeline", "run", str(SAMPLES / "notes"), *words, "--workers", "2"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, start_new_session=True, **quiet) as process:
        journal, deadline = tmp_path / "out" / "internal" / ".work" / "journal.jsonl", time.monotonic() + 120
        while time.monotonic() < deadline and not (journal.exists() and journal.read_bytes().count(b"\n") > 2):
            time.sleep(0.05)
        process.kill()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and any_left(process.pid):
        time.sleep(0.1)
    assert not any_left(process.pid)
    done = journal.read_bytes().count(b"\n") - 1
    again = flow.storysafe(tmp_path / "out", *command[3:-2])
    assert again.code == sample_run.code
    assert f"{done} inputs had been done before" in again.stderr
    assert {p.name: p.read_bytes() for p in again.released()} == {p.name: p.read_bytes() for p in sample_run.released()}


def any_left(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
