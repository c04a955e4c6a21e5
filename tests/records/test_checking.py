"""A finished trail ends where its head and its manifest say; the first event that is not right is named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline.domain.event import Event
from pipeline.errors import OutputFailed, RecordsError
from pipeline.records.audit import BadEvent, Head, Trail, head_path, verify, write_head
from pipeline.records.checking import check_run, check_trail

ROOT = Path(__file__).resolve().parents[2]
COUNT = 6


def write(path: Path, count: int = COUNT, findings: int = 0) -> Trail:
    with Trail(path, now=lambda: datetime(2026, 10, 5, tzinfo=UTC)) as trail:
        for number in range(count):
            trail.append(Event("detected", f"story-{number + 1:04}", {"findings": findings + number}))
    return trail


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder of a finished run of six events."""
    trail = write(tmp_path / "out" / "internal" / "audit.jsonl")
    anchor = {"audit": {"events": trail.head.count, "digest": trail.head.digest}}
    (tmp_path / "out" / "internal" / "manifest.json").write_text(json.dumps(anchor), encoding="utf-8")
    return tmp_path / "out"


def trail_of(out: Path) -> Path:
    return out / "internal" / "audit.jsonl"


def lines(out: Path) -> list[bytes]:
    return trail_of(out).read_bytes().splitlines(keepends=True)


def put(out: Path, *changed: bytes) -> None:
    trail_of(out).write_bytes(b"".join(changed))


def tampered(out: Path) -> None:
    put(out, *lines(out)[:2], lines(out)[2].replace(b'"findings":2', b'"findings":0'), *lines(out)[3:])


def cut_short(out: Path) -> None:
    put(out, *lines(out)[:4])


def cut_in_mid_event(out: Path) -> None:
    put(out, *lines(out)[:5], lines(out)[5][:40])


def cut_with_its_head(out: Path) -> None:
    cut_short(out)
    write_head(trail_of(out), Head(4, json.loads(lines(out)[3])["digest"]))


def cut_without_its_head(out: Path) -> None:
    cut_short(out)
    head_path(trail_of(out)).unlink()


def swapped(out: Path) -> None:
    one, two, three, *rest = lines(out)
    put(out, one, three, two, *rest)


def removed(out: Path) -> None:
    put(out, *lines(out)[:3], *lines(out)[4:])


def doubled(out: Path) -> None:
    put(out, *lines(out)[:3], lines(out)[2], *lines(out)[3:])


def forged(out: Path) -> None:
    """A sound event at the end, by somebody who knows how, with the head to match."""
    write(trail_of(out), 1, findings=9)


def forged_without_its_head(out: Path) -> None:
    head = head_path(trail_of(out)).read_bytes()
    forged(out)
    head_path(trail_of(out)).write_bytes(head)


def written_anew(out: Path) -> None:
    trail_of(out).unlink()
    head_path(trail_of(out)).unlink()
    write(trail_of(out), findings=1)


def head_cut(out: Path) -> None:
    head = head_path(trail_of(out))
    head.write_bytes(head.read_bytes()[:20])


def head_removed(out: Path) -> None:
    head_path(trail_of(out)).unlink()


def manifest_of_less(out: Path) -> None:
    digest = json.loads(lines(out)[3])["digest"]
    (out / "internal" / "manifest.json").write_text(json.dumps({"audit": {"events": 4, "digest": digest}}), encoding="utf-8")


def manifest_cut(out: Path) -> None:
    path = out / "internal" / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8")[:40], encoding="utf-8")


def manifest_removed(out: Path) -> None:
    (out / "internal" / "manifest.json").unlink()


def emptied(out: Path) -> None:
    put(out)


def test_a_whole_trail_is_counted_and_its_end_is_anchored(out: Path) -> None:
    for checked in (check_run(out), check_trail(trail_of(out))):
        assert (checked.events, checked.bad, checked.anchored) == (COUNT, None, True)
    head_removed(out)
    assert (check_trail(trail_of(out)).bad, check_trail(trail_of(out)).anchored) == (None, False)


@pytest.mark.parametrize(
    ("harm", "bad"),
    [
        (tampered, BadEvent(3, "altered")),
        (cut_short, BadEvent(5, "truncated")),
        (cut_in_mid_event, BadEvent(6, "torn")),
        (cut_with_its_head, BadEvent(5, "truncated")),
        (cut_without_its_head, BadEvent(5, "truncated")),
        (emptied, BadEvent(1, "truncated")),
        (swapped, BadEvent(2, "out-of-order")),
        (removed, BadEvent(4, "out-of-order")),
        (doubled, BadEvent(4, "out-of-order")),
        (forged, BadEvent(7, "unanchored")),
        (forged_without_its_head, BadEvent(7, "unanchored")),
        (written_anew, BadEvent(6, "altered")),
        (head_cut, BadEvent(0, "head-unreadable")),
        (head_removed, BadEvent(0, "head-missing")),
        (manifest_of_less, BadEvent(5, "unanchored")),
        (manifest_cut, BadEvent(0, "manifest-unreadable")),
        (manifest_removed, BadEvent(0, "manifest-missing")),
    ],
)
def test_every_harm_to_a_finished_run_is_found_at_its_first_event(out: Path, harm: Callable[[Path], None], bad: BadEvent) -> None:
    harm(out)
    checked = check_run(out)
    assert checked.bad == bad
    if bad.line:
        assert checked.events == bad.line - 1


@pytest.mark.parametrize(
    ("harm", "bad"),
    [
        (tampered, BadEvent(3, "altered")),
        (cut_short, BadEvent(5, "truncated")),
        (removed, BadEvent(4, "out-of-order")),
        (forged_without_its_head, BadEvent(7, "unanchored")),
        (head_cut, BadEvent(0, "head-unreadable")),
    ],
)
def test_a_trail_alone_is_held_against_its_head(out: Path, harm: Callable[[Path], None], bad: BadEvent) -> None:
    harm(out)
    assert check_trail(trail_of(out)).bad == bad


def test_a_trail_that_is_being_written_has_one_writer_and_is_not_judged_yet(out: Path) -> None:
    with Trail(trail_of(out)) as trail:
        trail.append(Event("start", "", {}))
        with pytest.raises(OutputFailed, match="Another run"):
            Trail(trail_of(out))
        for check in (lambda: check_run(out), lambda: check_trail(trail_of(out))):
            with pytest.raises(RecordsError, match="writing this audit trail"):
                check()
    assert check_trail(trail_of(out)).bad is None


WRITER = """
import sys
from pathlib import Path
from pipeline.domain.event import Event
from pipeline.records.audit import Trail
with Trail(Path(sys.argv[1])) as trail:
    for number in range(100000):
        trail.append(Event("detected", "story-0001", {"findings": number}))
        print(number, flush=True)
"""


def test_a_writer_killed_in_the_middle_loses_no_event_that_was_recorded_and_the_next_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    told = 0
    for turn in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE)
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"0\n"
        time.sleep(0.02 * turn)
        os.kill(writer.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        told += 1 + sum(line.endswith(b"\n") for line in writer.stdout.read().splitlines(keepends=True))
        writer.wait()
        with path.open("ab") as torn:
            torn.write(b'{"at":"2026-10-05T0')  # what a power cut leaves of the next
        Trail(path).close()
        assert verify(path) is None
        assert check_trail(path).bad is None
        assert check_trail(path).events >= told + turn + 1
