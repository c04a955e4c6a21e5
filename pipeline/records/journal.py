"""The journal of an unfinished run: a line for each input that is done, so that a run which was killed can go on.

A line is written, and on the disk, only after everything it speaks of is in its place: it is the commit point.  The
journal lies in the private work folder and goes away with it when the run has finished.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from pipeline.errors import OutputFailed
from pipeline.records.durable import sync_folder

_FORMAT = 1
_DAMAGED = "Keep the folder for whoever looks into it and name another one, or add --overwrite to start again."


@dataclass(frozen=True, slots=True)
class RunKey:
    """What decides the results of a run, each part as a digest or a plain word; equal keys are the same run."""

    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def run_id(self) -> str:
        """The sha256 of the canonical JSON of the parts."""
        text = json.dumps(dict(self.parts), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def differs_in(self, other: RunKey) -> tuple[str, ...]:
        """The names of the parts in which two runs differ."""
        names = sorted({*self.parts, *other.parts})
        return tuple(name for name in names if self.parts.get(name) != other.parts.get(name))


class Journal:
    """An open journal: new, or that of the run which goes on, without the half line that a crash may have left."""

    def __init__(self, path: Path, key: RunKey) -> None:
        self._path = path
        try:
            known = read_key(path)
            if known is not None and known.run_id != key.run_id:
                raise OutputFailed("the journal in the output folder is another run's", _DAMAGED)
            if known is None:
                path.unlink(missing_ok=True)
            else:
                _cut_half_line(path)
            self._file: IO[bytes] = path.open("ab")
            with contextlib.suppress(OSError):
                path.chmod(0o600)
        except OSError as error:
            raise OutputFailed("the journal of the run cannot be opened", "Check that the folder can be written to.") from error
        if known is None:
            self.append({"storysafe": _FORMAT, "key": dict(key.parts)})
            sync_folder(path.parent)

    def append(self, entry: Mapping[str, Any]) -> None:
        """Add one line; on return it is on the disk.  Raises ``OutputFailed`` when the disk refuses."""
        try:
            self._file.write(json.dumps(entry, ensure_ascii=True, sort_keys=True).encode("ascii") + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except (OSError, ValueError) as error:
            raise OutputFailed("the journal of the run cannot be written", "Check the disk, then run again.") from error

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every line but the first, one at a time."""
        with self._path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if number > 1:
                    yield _parsed(line, number)

    def close(self) -> None:
        """Close the file; what is in it stays."""
        # What could not be written before cannot be now: the half line is cut when the run goes on.
        with contextlib.suppress(OSError):
            self._file.close()


def read_key(path: Path) -> RunKey | None:
    """The key of the run whose journal this is; ``None`` when there is none, or none that was finished.

    Raises ``OutputFailed`` for a first line that nobody wrote like this.
    """
    try:
        with path.open("rb") as lines:
            first = lines.readline()
    except FileNotFoundError:
        return None
    if not first.endswith(b"\n"):
        return None
    head = _parsed(first, 1)
    if head.get("storysafe") != _FORMAT or not isinstance(head.get("key"), dict):
        raise OutputFailed("the unfinished run in the output folder was made by another version of storysafe", _DAMAGED)
    return RunKey({str(name): str(value) for name, value in head["key"].items()})


def _parsed(line: bytes, number: int) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict):
        raise OutputFailed(f"the journal of the unfinished run is damaged at line {number}", _DAMAGED)
    return entry


def _cut_half_line(path: Path) -> None:
    whole = 0
    with path.open("r+b") as stream:
        for line in stream:
            whole += len(line) if line.endswith(b"\n") else 0
        if stream.seek(0, os.SEEK_END) != whole:
            stream.truncate(whole)
            stream.flush()
            os.fsync(stream.fileno())
