"""The laws of the house, on the samples: nothing withheld survives, nothing personal is said, everything is accounted for."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict

import pytest

from pipeline.domain.assessment import Forbidden
from pipeline.sources import list_sources
from pipeline.verify.assess import SurfaceIndex, assess
from tests import flow
from tests.flow import SAMPLES, Run


def test_what_is_released_held_and_skipped_is_what_the_samples_say(sample_run: Run):
    stories = defaultdict(list)
    for line in sample_run.manifest()["inputs"]:
        stories[line["source"]].append(line["purposes"])
    wrong = []
    for row in flow.rows(SAMPLES / "expected.csv"):
        record = stories[row["file"]][int(row["story"] or 1) - 1][row["purpose"]]
        got = (record["status"], (record["reasons"] or [""])[0], "yes" if record["identified"] else "no")
        if got != (row["status"], row["reason"].split(" ")[0], row["identified"]):
            wrong.append((row["file"], row["story"], row["purpose"], got, record.get("detail")))
    assert wrong == []


def test_the_exit_code_says_that_something_was_held(sample_run: Run):
    assert sample_run.code == 3


def test_every_input_is_accounted_for(sample_run: Run):
    named = {line["source"] for line in sample_run.manifest()["inputs"]}
    assert named == {source.name for source in list_sources([SAMPLES / "notes"])}
    statuses = [r["status"] for line in sample_run.manifest()["inputs"] for r in line["purposes"].values()]
    assert len(sample_run.held()) == len(statuses) - statuses.count("released")


def test_every_released_file_is_in_the_manifest_with_its_digest(sample_run: Run):
    outputs = {
        output["path"]: output["sha256"]
        for line in sample_run.manifest()["inputs"]
        for record in line["purposes"].values()
        for output in record["outputs"]
    }
    on_disk = {path.relative_to(sample_run.out).as_posix(): path for path in sample_run.released()}
    assert set(outputs) == set(on_disk)
    assert all(hashlib.sha256(on_disk[path].read_bytes()).hexdigest() == digest for path, digest in outputs.items())


def test_no_identifier_of_a_source_is_in_what_was_released_from_it(sample_run: Run):
    """The subject's own name may be, where the manifest says identified; nobody else's ever."""
    identifiers = defaultdict(set)
    for row in flow.rows(SAMPLES / "identifiers.csv"):
        if row["grep"] != "no":
            identifiers[row["file"]].add((row["identifier"], row["category"], row["whose"]))
    leaks = []
    for line in sample_run.manifest()["inputs"]:
        for purpose, record in line["purposes"].items():
            for output in record["outputs"]:
                if purpose == "reporting":
                    continue
                entries = tuple(
                    (text, category)
                    for text, category, whose in identifiers[line["source"]]
                    if not (record["identified"] and whose == "subject" and category == "PERSON")
                )
                found = assess(sample_run.out / output["path"], SurfaceIndex(Forbidden(entries)))
                leaks += [(line["source"], purpose, leak.category, leak.surface) for leak in found.leaks]
                assert found.readable
    assert leaks == []


def test_nothing_that_is_said_and_nothing_in_the_trail_is_personal(sample_run: Run):
    trail = (sample_run.out / "internal" / "audit.jsonl").read_text(encoding="utf-8")
    said = sample_run.words + trail
    spoken = [
        row["identifier"] for row in flow.rows(SAMPLES / "identifiers.csv")
        if row["grep"] != "no" and re.search(rf"(?<!\w){re.escape(row['identifier'])}(?!\w)", said)
    ]
    assert spoken == []


def test_file_names_never_carry_a_name_or_a_reference(sample_run: Run):
    for path in sample_run.released():
        story = r"story-\d{4}(-\d\d)?(?:(?:-social)?\.txt|\.docx)"
        assert re.fullmatch(rf"{story}|annual-return\.(docx|xlsx)|workbook\.docx", path.name)


def test_a_sentence_in_a_released_story_comes_from_the_source_or_a_template(sample_run: Run):
    """Law 7, seen from outside: no release has a number with a pound sign that its source has not."""
    for line in sample_run.manifest()["inputs"]:
        source = SAMPLES / "notes" / line["source"]
        if source.suffix not in (".txt", ".md"):
            continue
        amounts = set(re.findall(r"£[\d,]+", source.read_text(encoding="utf-8")))
        for output in line["purposes"]["publicity"]["outputs"]:
            assert set(re.findall(r"£[\d,]+", flow.text_of(sample_run.out / output["path"]))) <= amounts


@pytest.mark.parametrize("purpose", ["publicity", "training"])
def test_two_documents_about_one_story_share_no_surrogate(sample_run: Run, purpose: str):
    review = sample_run.out / "internal" / "review"
    assert list(review.glob(f"*-{purpose}.docx"))


def test_the_trail_verifies(sample_run: Run):
    from pipeline.records.audit import verify

    assert verify(sample_run.out / "internal" / "audit.jsonl") is None
    events = [json.loads(line) for line in (sample_run.out / "internal" / "audit.jsonl").read_text("utf-8").splitlines()]
    assert len(events) > 50


@pytest.mark.slow
def test_two_workers_and_shuffled_inputs_give_the_same_text(sample_run: Run, tmp_path, secret):
    notes = sorted((SAMPLES / "notes").iterdir(), reverse=True)
    again = flow.run(tmp_path / "out", *notes, secret=secret, workers=2)
    assert again.code == sample_run.code
    first = {path.name: (path.parent.name, flow.text_of(path)) for path in sample_run.released()}
    assert {path.name: (path.parent.name, flow.text_of(path)) for path in again.released()} == first
