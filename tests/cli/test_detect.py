"""``storysafe detect`` prints one JSON object a file, and never the words themselves unless asked."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests import flow

NOTE = "Client: Mrs Keziah Thornbury\nTel 01632 960777. Keziah lives at 4 Larch Row, BB19 4TD.\r\nShe is 71."


@pytest.fixture(scope="module")
def note(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("detect") / "note.txt"
    path.write_bytes(NOTE.encode())
    return path


def lines(run: flow.Run) -> list[dict]:
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_spans_are_offsets_into_the_file_with_its_newlines_untouched(note, tmp_path):
    (line,) = lines(flow.storysafe(tmp_path, "detect", note))
    assert line["source"] == "note.txt"
    assert line["text_sha256"] == hashlib.sha256(NOTE.encode()).hexdigest()
    found = {NOTE[span["start"] : span["end"]]: span["category"] for span in line["spans"]}
    assert found["01632 960777"] == "PHONE"
    assert found["BB19 4TD"] == "POSTCODE"
    assert "PERSON" in found.values()
    assert all({"start", "end", "category", "score", "detector", "entity"} <= set(span) for span in line["spans"])


def test_no_surface_is_printed_unless_it_is_asked_for(note, tmp_path):
    silent, revealed = (flow.storysafe(tmp_path, "detect", note, *more) for more in ((), ("--reveal",)))
    assert "Keziah" not in silent.words
    assert "01632 960777" in [span["text"] for line in lines(revealed) for span in line["spans"]]


def test_two_mentions_of_one_person_are_one_entity(note, tmp_path):
    (line,) = lines(flow.storysafe(tmp_path, "detect", note))
    people = [span for span in line["spans"] if span["category"] == "PERSON"]
    assert len(people) >= 2
    assert len({span["entity"] for span in people}) == 1


def test_a_file_that_cannot_be_read_is_said_on_the_other_stream(note, tmp_path):
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04")
    run = flow.storysafe(tmp_path, "detect", note, tmp_path / "broken.docx")
    assert run.code == 3
    assert len(lines(run)) == 1
    assert "unreadable" in run.stderr
