"""The audit trail: whole, in order, and of nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.domain.event import Event
from pipeline.errors import OutputFailed
from pipeline.records.audit import BadEvent, Head, Trail, head_path, verify

NOW = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)


def written(path: Path, count: int = 6) -> Head:
    with Trail(path, now=lambda: NOW) as trail:
        for number in range(count):
            trail.append(Event("detected", f"story-{number + 1:04}", {"findings": number, "clean": number % 2 == 0}))
        return trail.head


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "internal" / "audit.jsonl"


def test_a_trail_as_it_was_written_is_whole(path: Path) -> None:
    head = written(path)
    assert verify(path) is None
    assert verify(path, head) is None
    first = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert (first["seq"], first["stage"], first["at"], first["facts"]["findings"]) == (1, "detected", "2026-10-05T09:30:00Z", 0)


def test_a_trail_goes_on_where_it_ended(path: Path) -> None:
    early = written(path, 2)
    written(path, 3)
    assert verify(path) is None
    assert verify(path, early) is None
    assert len(path.read_bytes().splitlines()) == 5


def test_each_event_is_on_the_disk_before_append_returns(path: Path) -> None:
    with Trail(path) as trail:
        trail.append(Event("read", "", {}))
        assert path.read_bytes().endswith(b"\n")


@given(st.integers(0, 5), st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_changed_byte_is_found_at_its_line(tmp_path: Path, line: int, data: st.DataObject) -> None:
    path = tmp_path / "t.jsonl"
    if not path.exists():
        written(path)
    lines = path.read_bytes().splitlines(keepends=True)
    at = data.draw(st.integers(0, len(lines[line]) - 1))
    new = data.draw(st.integers(0, 255).filter(lambda byte: byte != lines[line][at]))
    spoilt = [*lines]
    spoilt[line] = lines[line][:at] + bytes([new]) + lines[line][at + 1 :]
    other = tmp_path / "spoilt.jsonl"
    other.write_bytes(b"".join(spoilt))
    bad = verify(other, Head(6, json.loads(lines[5])["digest"]))
    assert bad is not None
    assert bad.line == line + 1


def test_a_rewritten_chain_is_found_by_its_anchor(path: Path, tmp_path: Path) -> None:
    head = written(path)
    with Trail(tmp_path / "other.jsonl", now=lambda: NOW) as trail:
        for number in range(6):
            trail.append(Event("detected", f"story-{number + 1:04}", {"findings": 9}))
    assert verify(tmp_path / "other.jsonl") is None
    assert verify(tmp_path / "other.jsonl", head) == BadEvent(6, "altered")


@pytest.mark.parametrize("kept", range(6))
def test_a_shortened_trail_is_found_by_the_head_beside_it_and_by_the_manifest(path: Path, kept: int) -> None:
    head = written(path)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:kept]))
    assert verify(path) == BadEvent(kept + 1, "truncated")
    head_path(path).unlink()
    assert verify(path, head) == BadEvent(kept + 1, "truncated")


def test_lines_in_another_order_are_found(path: Path) -> None:
    written(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], lines[3], lines[2], *lines[4:]]))
    assert verify(path) == BadEvent(3, "out-of-order")


def test_a_line_taken_out_of_the_middle_is_found(path: Path) -> None:
    written(path)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2] + lines[3:]))
    assert verify(path) == BadEvent(3, "out-of-order")


def test_a_missing_trail_and_a_spoilt_head_are_found(path: Path) -> None:
    assert verify(path) == BadEvent(0, "missing")
    written(path)
    head_path(path).write_text("six", encoding="ascii")
    assert verify(path) == BadEvent(0, "unreadable")


@pytest.mark.parametrize("cut", [1, 40, 150])
def test_half_a_line_after_a_crash_is_cut_off_and_the_loss_is_recorded(path: Path, cut: int) -> None:
    written(path, 3)
    head_path(path).unlink()  # a process that died wrote no head
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    assert verify(path) == BadEvent(3, "torn")
    with Trail(path, now=lambda: NOW) as trail:
        trail.append(Event("read", "story-0003", {}))
    assert verify(path) is None
    events = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [event["stage"] for event in events] == ["detected", "detected", "recovered", "read"]
    assert events[2]["facts"]["bytes_lost"] == len(whole.splitlines(keepends=True)[2]) - cut


def test_nothing_is_added_to_a_trail_that_was_changed(path: Path) -> None:
    written(path)
    path.write_bytes(path.read_bytes().replace(b'"findings":2', b'"findings":3'))
    before = path.read_bytes()
    with pytest.raises(OutputFailed, match="altered at line 3"):
        Trail(path)
    assert path.read_bytes() == before


def test_two_runs_cannot_write_one_trail(path: Path) -> None:
    with Trail(path), pytest.raises(OutputFailed, match="Another run"):
        Trail(path)
    with Trail(path) as again:
        again.append(Event("read", "", {}))


@pytest.mark.parametrize(
    "value",
    [
        "permitted", "conflict_most_restrictive", "still-identifiable", "1.0", "2.3.1", "2026-10-05", "P18", "PERSON", "",
        "a" * 64, "0123456789abcdef" * 4, "story-0001", "story-0012-03", "released/publicity/story-0001.docx",
        "released/reporting/annual-return.xlsx", "internal/review/story-0001-publicity.docx", 7, 0, True,
    ],
)  # fmt: skip
def test_codes_counts_and_digests_may_stand_in_a_trail(path: Path, value: str | int | bool) -> None:
    with Trail(path) as trail:
        trail.append(Event("decided", "story-0001", {"fact": value}))
    assert verify(path) is None


@pytest.mark.parametrize(
    "value",
    [
        "Rosalind", "Rosalind Teasdale", "rosalind teasdale", "r.teasdale@post.example", "07700 900123", "07700900123",
        "QQ123456C", "LD9 4QZ", "LD94QZ", "@roz_t", "HL/0412", "1979/05/17", "released/publicity/Rosalind.docx",
        "../notes/rosalind.docx", "C:\\notes\\r.txt", "a note about her", "é", "999 012 3454", "PERSON: Roz", 1.5, None, ["x"],
    ],
)  # fmt: skip
def test_what_could_be_personal_is_refused_and_not_repeated(path: Path, value: object) -> None:
    with Trail(path) as trail:
        with pytest.raises(ValueError, match="fact") as caught:
            trail.append(Event("decided", "story-0001", {"fact": value}))  # type: ignore[dict-item]
        assert str(value) not in str(caught.value)
    assert path.read_bytes() == b""


@pytest.mark.parametrize(
    "event",
    [Event("Rosalind", "", {}), Event("read", "rosalind.txt", {}), Event("read", "", {"Rosalind Teasdale": 1})],
)
def test_stage_story_and_fact_names_are_codes_too(path: Path, event: Event) -> None:
    with Trail(path) as trail, pytest.raises(ValueError, match="must be"):
        trail.append(event)
