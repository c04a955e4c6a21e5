"""Checks a finished audit trail against what anchors its end: the head beside it and the manifest of its run.

A chain of digests shows a changed, moved or missing event, and not that its end was cut off, nor that somebody who knows
how added to it.  The anchors show that, so a finished trail has to end exactly where they say.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RecordsError
from pipeline.records.audit import GENESIS, BadEvent, Head, follow, read_head
from pipeline.records.locks import Busy, take_lock


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of it: the events that are as they were written, the first that is not, and what anchored the end.

    Further problems, of line 0 when they are not an event's: head-unreadable, head-missing, head-other,
    manifest-missing, manifest-unreadable, unanchored (an event after the end that was recorded).
    """

    events: int
    bad: BadEvent | None
    anchored: bool


def check_run(out: Path) -> Checked:
    """Check the trail of a run's output folder; its manifest has to be there."""
    trail = out / "internal" / "audit.jsonl"
    _refuse_busy(trail)
    manifest, problem = _of_manifest(out / "internal" / "manifest.json")
    if manifest is None:
        events, bad = follow(trail, None)
        return Checked(events, bad or BadEvent(0, problem), False)
    events, bad = _ends_at(trail, manifest)
    head, broken = read_head(trail)
    if bad is None and head != manifest:
        bad = BadEvent(0, "head-unreadable" if broken else "head-missing" if head is None else "head-other")
    return Checked(events, bad, True)


def check_trail(path: Path) -> Checked:
    """Check a trail by itself; its head file anchors it when there is one."""
    _refuse_busy(path)
    head, broken = read_head(path)
    if head is None:
        events, bad = follow(path, None)
        return Checked(events, bad or (BadEvent(0, "head-unreadable") if broken else None), False)
    return Checked(*_ends_at(path, head), True)


def _ends_at(path: Path, anchor: Head) -> tuple[int, BadEvent | None]:
    events, bad = follow(path, anchor)
    if bad is None and events > anchor.count:
        return anchor.count, BadEvent(anchor.count + 1, "unanchored")
    if bad is None and anchor.count == 0 and anchor.digest != GENESIS:
        return events, BadEvent(0, "head-unreadable")
    return events, bad


def _of_manifest(path: Path) -> tuple[Head | None, str]:
    try:
        audit = json.loads(path.read_text(encoding="utf-8"))["audit"]
        count, digest = audit["events"], audit["digest"]
    except FileNotFoundError:
        return None, "manifest-missing"
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None, "manifest-unreadable"
    sound = type(count) is int and count >= 0 and isinstance(digest, str) and re.fullmatch(r"[0-9a-f]{64}", digest)
    return (Head(count, digest), "") if sound else (None, "manifest-unreadable")


def _refuse_busy(trail: Path) -> None:
    lock = trail.with_name(trail.name + ".lock")
    if not lock.exists():
        return
    try:
        take_lock(lock).close()
    except Busy:
        raise RecordsError("A run is writing this audit trail.", "Wait until it has finished, then check again.") from None
    except OSError:
        pass  # a copy on a disk that cannot be written has no writer
