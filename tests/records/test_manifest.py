"""Every input is in the manifest, and everything not released is in held.csv with what would lift it."""

from __future__ import annotations

import csv
import json

import pytest

from pipeline.domain.permission import Purpose
from pipeline.domain.release import Held, Output, Reason, Released, Skipped
from pipeline.records.manifest import Manifest
from pipeline.records.outbox import Outbox

STORY = Output("released/publicity/story-0001.docx", "a" * 64)
ANNUAL = Output("released/reporting/annual-return.docx", "b" * 64)


@pytest.fixture
def outbox(tmp_path):
    return Outbox.open(tmp_path / "out", overwrite=False)


def read(outbox):
    manifest = json.loads((outbox.internal / "manifest.json").read_text(encoding="utf-8"))
    with (outbox.internal / "held.csv").open(encoding="utf-8", newline="") as table:
        return manifest, list(csv.DictReader(table))


def write(outbox, annual=(ANNUAL,)):
    manifest = Manifest(outbox)
    endings = (
        Released("story-0001", Purpose.PUBLICITY, (STORY,), True, "permitted", "C1"),
        Released("story-0001", Purpose.REPORTING, (), False, "no_record"),
        Held("story-0001", Purpose.TRAINING, Reason.SAFEGUARDING, "Ask a manager.", "abuse"),
    )
    manifest.add("a.txt", "0" * 64, "story-0001", endings)
    skipped = Skipped("story-0002", Purpose.PUBLICITY, Reason.UNSUPPORTED, "Save as .docx.")
    manifest.add("b.doc", "1" * 64, "story-0002", (skipped,))
    manifest.finish({"complete": True, "nested": {"a": {}}}, annual)
    return manifest


def test_each_story_and_purpose_has_its_status_reasons_and_outputs(outbox):
    write(outbox)
    manifest, _ = read(outbox)
    first, second = manifest["inputs"]
    assert manifest["complete"] is True
    assert first["purposes"]["publicity"]["identified"] is True
    assert first["purposes"]["training"]["reasons"] == ["safeguarding"]
    assert second["purposes"]["publicity"]["status"] == "skipped"


def test_stories_in_the_annual_return_name_its_files(outbox):
    write(outbox)
    manifest, _ = read(outbox)
    assert manifest["inputs"][0]["purposes"]["reporting"]["outputs"] == [{"path": ANNUAL.path, "sha256": ANNUAL.sha256}]


def test_stories_are_held_when_the_annual_return_was_not_released(outbox):
    counts = write(outbox, annual=()).counts
    manifest, held = read(outbox)
    assert manifest["inputs"][0]["purposes"]["reporting"]["status"] == "held"
    assert counts == {"released": 1, "held": 2, "skipped": 1}
    assert {row["purpose"] for row in held if row["story"] == "story-0001"} == {"reporting", "training"}


def test_the_held_list_says_why_and_what_next(outbox):
    write(outbox)
    _, held = read(outbox)
    assert {"story": "story-0001", "purpose": "training", "reason": "safeguarding (abuse)", "what_next": "Ask a manager."} in held


def test_an_empty_run_still_leaves_a_readable_manifest(outbox):
    Manifest(outbox).finish({"complete": False}, ())
    manifest, held = read(outbox)
    assert manifest["inputs"] == []
    assert held == []
