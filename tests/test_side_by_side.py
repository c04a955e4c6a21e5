"""Two runs at once in one workspace: both finish, and the records hold what each released."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.records.store import Store
from tests.flow import SAMPLES

NOTES = ("01-warm-home-story.md", "02-back-to-work-story.txt")


def start(workspace: Path, out: Path, note: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipeline", "run", SAMPLES / "notes" / note, "--out", out, "--on", "2026-11-22"]
    for name, suffix in (("organisation", "toml"), ("clients", "csv"), ("stories", "csv"), ("permissions", "csv")):
        command += [f"--{name}", SAMPLES / f"{name}.{suffix}"]
    environment = os.environ | {"STORYSAFE_WORKSPACE": str(workspace)}
    return subprocess.Popen(list(map(str, command)), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_nothing_that_either_released_is_missing_from_the_records(tmp_path: Path) -> None:
    workspace, outs = tmp_path / "workspace", [tmp_path / "one", tmp_path / "two"]
    running = [start(workspace, out, note) for out, note in zip(outs, NOTES, strict=True)]
    said = [process.communicate(timeout=300)[1].decode() for process in running]
    assert [process.returncode for process in running] == [0, 0], said
    told = set()
    for out in outs:
        manifest = json.loads((out / "internal" / "manifest.json").read_text(encoding="utf-8"))
        for line in manifest["inputs"]:
            for record in line["purposes"].values():
                told |= {(manifest["run"], output["path"], output["sha256"]) for output in record["outputs"]}
    with Store.open(workspace / "records.db") as store:
        kept = {(release.run_id, release.path, release.sha256) for release in store.releases()}
    assert told
    assert told <= kept
