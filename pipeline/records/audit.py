"""The audit trail: JSON Lines that are only ever added to, each bound to the one before by its digest.

A line holds ``seq``, ``at`` (UTC), ``stage``, ``story``, ``facts``, ``previous`` and ``digest``.  The digest is sha256
over the canonical JSON of the rest, so a changed, moved or missing line breaks the chain.  A chain cannot show that
its own end was cut off: the head file beside the trail, or a count and digest kept in the manifest, anchors it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from pipeline.domain.event import Event
from pipeline.domain.finding import Category
from pipeline.errors import OutputFailed
from pipeline.records.locks import Busy, take_lock

GENESIS = "0" * 64
RECOVERED = "recovered"
_KEYS = ("seq", "at", "stage", "story", "facts", "previous", "digest")
_CODE = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+){0,7}")
_STORY = re.compile(r"story-\d{4,}(?:-\d{2,})?")
# Texts that cannot be anybody's name, address or number: codes, digests, versions, days, ids and paths of ours.
_SAFE = (
    re.compile(r""),
    re.compile(r"[a-z][a-z0-9]{0,23}(?:[_-][a-z0-9]{1,24}){0,7}"),
    re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}"),
    re.compile(r"v?\d{1,4}(?:\.\d{1,4}){1,3}(?:[a-z]{1,4}\d{0,3})?"),
    re.compile(r"\d{4}-\d{2}-\d{2}"),
    re.compile(r"P\d{1,3}"),
    _STORY,
    re.compile(
        r"(?:(?:released|internal|review|publicity|reporting|training)/)*"
        r"(?:story-\d{4,}(?:-\d{2,})?(?:-(?:publicity|reporting|training))?|annual-return|workbook|held|manifest|audit)"
        r"\.(?:docx|xlsx|csv|json|jsonl|txt|md|html|eml|pdf)"
    ),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a trail: how many events it has and the digest of the last."""

    count: int
    digest: str


@dataclass(frozen=True, slots=True)
class BadEvent:
    """The first event that is not as it was written: its line from 1, and what is wrong.

    Problems: unreadable, torn, altered, out-of-order, truncated, missing; and those of ``checking``.
    """

    line: int
    problem: str


class Trail:
    """An open audit trail, of which one process at a time is the writer.

    Opening one that ends in half a line, after a crash or a power cut, cuts that half off and records it as an
    event of stage "recovered".  ``append`` returns only when the event is on the disk.
    """

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._now = now
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = take_lock(path.with_name(path.name + ".lock"))
            lost, self._head = _cut_torn_end(path)
            self._file: IO[bytes] = path.open("ab")
        except Busy as error:
            raise OutputFailed("Another run is writing this audit trail.", "Wait until it has finished.") from error
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise OutputFailed("The audit trail cannot be opened.", "Check that the folder can be written to.") from error
        with contextlib.suppress(OSError):
            path.chmod(0o600)
        if (bad := verify(path)) is not None:
            self._file.close()
            self._lock.close()
            raise OutputFailed(
                f"The audit trail is {bad.problem} at line {bad.line}, so nothing can follow it.",
                "Keep the file as it is for whoever looks into it, and start a new trail elsewhere.",
            )
        if lost:
            self.append(Event(RECOVERED, "", {"bytes_lost": lost}))

    @property
    def head(self) -> Head:
        """Where the trail ends now, to be kept in the manifest."""
        return self._head

    def append(self, event: Event) -> None:
        """Add one event.

        Raises ``ValueError`` when a fact could be a personal value, ``OutputFailed`` when the disk refuses.
        """
        _refuse_personal(event)
        body: dict[str, Any] = {
            "seq": self._head.count + 1,
            "at": self._now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "stage": event.stage,
            "story": event.story,
            "facts": dict(event.facts),
            "previous": self._head.digest,
        }
        digest = _digest(body)
        line = _canonical({**body, "digest": digest}) + b"\n"
        try:
            self._file.write(line)
            self._file.flush()
            os.fsync(self._file.fileno())
        except (OSError, ValueError) as error:
            raise OutputFailed("The audit trail cannot be written.", "Check the disk, then run again.") from error
        self._head = Head(self._head.count + 1, digest)

    def close(self) -> None:
        """Close the file and write the head beside it."""
        if self._file.closed:
            return
        self._file.close()
        try:
            write_head(self._path, self._head)
        finally:
            self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def head_path(path: Path) -> Path:
    """Where the head of a trail is kept."""
    return path.with_name(path.name + ".head")


def write_head(path: Path, head: Head) -> None:
    """Write the head file of the trail at ``path``, whole or not at all."""
    target = head_path(path)
    fresh = target.with_name(target.name + ".new")
    try:
        fresh.write_text(f"{head.count} {head.digest}\n", encoding="ascii", newline="\n")
        os.replace(fresh, target)
    except OSError as error:
        raise OutputFailed("The head of the audit trail cannot be written.", "Check the disk.") from error


def verify(path: Path, anchor: Head | None = None) -> BadEvent | None:
    """The first event that is not as it was written, or ``None`` for a whole trail.

    ``anchor`` is the head that the manifest recorded; without it the head file is used when there is one.  A trail may
    have grown since its anchor; it may not have become shorter or other.
    """
    if anchor is None:
        anchor, broken = read_head(path)
        if broken:
            return BadEvent(0, "unreadable")
    return follow(path, anchor)[1]


def follow(path: Path, anchor: Head | None) -> tuple[int, BadEvent | None]:
    """How many events of a trail are as they were written, up to the first that is not."""
    try:
        data = path.read_bytes()
    except OSError:
        return 0, BadEvent(0, "missing")
    previous, seen = GENESIS, 0
    for number, line in enumerate(data.splitlines(keepends=True), start=1):
        problem, digest = _check(line, number, previous)
        if not problem and anchor is not None and number == anchor.count and digest != anchor.digest:
            problem = "altered"
        if problem:
            return seen, BadEvent(number, problem)
        previous, seen = digest, number
    if anchor is not None and seen < anchor.count:
        return seen, BadEvent(seen + 1, "truncated")
    return seen, None


def _check(line: bytes, number: int, previous: str) -> tuple[str, str]:
    if not line.endswith(b"\n"):
        return "torn", ""
    try:
        record = json.loads(line.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return "unreadable", ""
    if not isinstance(record, dict) or tuple(sorted(record)) != tuple(sorted(_KEYS)):
        return "unreadable", ""
    body = {key: value for key, value in record.items() if key != "digest"}
    if record["digest"] != _digest(body) or _canonical(record) + b"\n" != line:
        return "altered", ""
    if record["seq"] != number or record["previous"] != previous:
        return "out-of-order", ""
    return "", str(record["digest"])


def _canonical(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def _digest(body: Mapping[str, Any]) -> str:
    return hashlib.sha256(_canonical(body)).hexdigest()


def _refuse_personal(event: Event) -> None:
    # No message repeats the value: it may be the very thing that must not be written.
    if not _CODE.fullmatch(event.stage):
        raise ValueError("an event's stage must be a code")
    if event.story and not _STORY.fullmatch(event.story):
        raise ValueError("an event's story must be a story id")
    for key, value in event.facts.items():
        if not _CODE.fullmatch(key):
            raise ValueError("the name of a fact must be a code")
        if isinstance(value, str):
            if value not in tuple(Category) and not any(pattern.fullmatch(value) for pattern in _SAFE):
                raise ValueError(f"the fact {key} is no code, digest, version, day, story id or output path")
        elif isinstance(value, float):
            raise ValueError(f"the fact {key} must be a whole number")
        elif not isinstance(value, int):
            raise ValueError(f"the fact {key} is of a kind that a trail cannot hold")


def _cut_torn_end(path: Path) -> tuple[int, Head]:
    """Cut half a line off the end of the file; how many bytes went, and where the trail ends now."""
    if not path.exists():
        return 0, Head(0, GENESIS)
    whole, last, count = 0, b"", 0
    with path.open("r+b") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                whole, last, count = whole + len(line), line, count + 1
        lost = stream.seek(0, os.SEEK_END) - whole
        if lost:
            stream.truncate(whole)
            stream.flush()
            os.fsync(stream.fileno())
    return lost, Head(count, str(json.loads(last)["digest"]) if last else GENESIS)


def read_head(path: Path) -> tuple[Head | None, bool]:
    """The head kept beside the trail at ``path``, ``None`` when there is none, and whether it cannot be understood."""
    try:
        match = re.fullmatch(r"(\d{1,18}) ([0-9a-f]{64})\s*", head_path(path).read_text(encoding="ascii"))
    except FileNotFoundError:
        return None, False
    except (OSError, UnicodeDecodeError):
        return None, True
    return (Head(int(match[1]), match[2]), False) if match else (None, True)
