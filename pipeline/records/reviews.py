"""Reviews on the disk: for each text a file of steps that is only ever added to, so that nothing anybody did is lost.

The file is named after the digest of the text, which binds the review to it: a changed story has none.  It is as
private as the records beside it, and in an encrypted workspace each step is encrypted, bound to its text and its place.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from pipeline.domain.review import Change, Review
from pipeline.errors import OutputFailed, ReviewOvertaken, ReviewRefused
from pipeline.records.durable import make_folder, sync_folder
from pipeline.records.keys import derived, write_private
from pipeline.records.locks import Busy, drop_lock, take_lock
from pipeline.records.plain import from_plain, to_plain

_DIGEST = re.compile(r"[0-9a-f]{64}")
_UNDO = "undo"
_SEALED = b"sealed-1 "


@dataclass(frozen=True, slots=True)
class Kept:
    """A review as it stands, and ``version``: how many steps led to it, undone ones and undoings counted."""

    review: Review
    version: int = 0


class Reviews:
    """The reviews of a workspace, safe to share between browsers and processes: a step is added to what was seen, or not."""

    def __init__(self, folder: Path, key: bytes = b"") -> None:
        self._folder, self._key = folder, key

    def of(self, digest: str) -> Kept:
        """The review of a text; without any change when nobody looked at it.  Raises ``ReviewRefused`` for a damaged file."""
        try:
            data = self._path(digest).read_bytes()
        except FileNotFoundError:
            return Kept(Review(digest))
        except OSError as error:
            raise ReviewRefused("the review of this story cannot be opened", "Check that you may read the workspace.") from error
        steps = [_parsed(_opened(line, digest, number, self._key), digest) for number, line in enumerate(_whole(data))]
        return Kept(Review(digest, _standing(steps)), len(steps))

    def digests(self) -> frozenset[str]:
        """The texts that somebody has reviewed."""
        try:
            return frozenset(path.stem for path in self._folder.iterdir() if path.suffix == ".jsonl")
        except OSError:
            return frozenset()

    def earlier(self, about: str) -> Review:
        """The last review of a story, whatever its text was; ``about`` is a keyed digest that stands for the story.

        Without any change when nobody reviewed it.  Raises ``ReviewRefused`` for a damaged file.
        """
        try:
            digest = self._last(about).read_text(encoding="ascii").strip()
        except (OSError, ValueError):
            return Review()
        return self.of(digest).review if _DIGEST.fullmatch(digest) else Review()

    def add(self, digest: str, seen: int, by: str, changes: Sequence[Change], about: str = "") -> Kept:
        """Add one step to version ``seen``; on return it is on the disk, and the last of the story that it is ``about``.

        Raises ``ReviewOvertaken`` when there are other steps than were seen, ``OutputFailed`` when the disk refuses.
        """
        kept = self._append(digest, seen, by, {"changes": [to_plain(change) for change in changes]})
        if about and (not seen or not self._last(about).exists()):
            write_private(self._last(about), digest.encode("ascii"))
        return kept

    def undo(self, digest: str, seen: int, by: str) -> Kept:
        """Take the last step that stands back."""
        return self._append(digest, seen, by, {_UNDO: True})

    def _append(self, digest: str, seen: int, by: str, step: dict[str, Any]) -> Kept:
        path = self._path(digest)
        lock = path.with_suffix(".lock")
        try:
            make_folder(self._folder)
            with contextlib.suppress(OSError):
                self._folder.chmod(0o700)
            held = take_lock(lock)
        except Busy:
            raise ReviewOvertaken("somebody else is changing this review just now", "Look at it again.") from None
        except OSError as error:
            raise _refused() from error
        try:
            now = self.of(digest)
            if now.version != seen:
                raise ReviewOvertaken("somebody else changed this review meanwhile", "Look at it as it is now, and decide again.")
            at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            line = json.dumps({"story": digest, "by": by, "at": at, **step}, ensure_ascii=True, sort_keys=True).encode("ascii")
            if self._key:
                _seal(path, digest, self._key)
                line = _sealed(line, digest, seen, self._key)
            _write(path, line)
        finally:
            drop_lock(held, lock)
        return self.of(digest)

    def _last(self, about: str) -> Path:
        if not _DIGEST.fullmatch(about):
            raise ReviewRefused("a review is of one story", "Open the story from the work list.")
        return self._folder / f"{about}.last"

    def _path(self, digest: str) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise ReviewRefused("a review is of one text", "Open the story from the work list.")
        return self._folder / f"{digest}.jsonl"


def _standing(steps: Sequence[dict[str, Any]]) -> tuple[Change, ...]:
    standing: list[list[Change]] = []
    for step in steps:
        if step.get(_UNDO):
            del standing[-1:]
        else:
            standing.append([from_plain(Change, each) for each in step["changes"]])
    return tuple(change for changes in standing for change in changes)


def _parsed(line: bytes, digest: str) -> dict[str, Any]:
    try:
        step = json.loads(line)
        if step["story"] == digest and (step.get(_UNDO) or isinstance(step["changes"], list)):
            return dict(step)
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise ReviewRefused("the review of this story is damaged", "Keep its file for whoever looks into it; it is not used.")


def seal_reviews(folder: Path, key: bytes) -> None:
    """Encrypt the reviews of a workspace that is being encrypted; done again it changes nothing."""
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        _seal(path, path.stem, key)


def unseal_reviews(folder: Path, key: bytes) -> None:
    """Make the reviews of a workspace readable that is being decrypted; done again it changes nothing."""
    for path in sorted(folder.glob("*.jsonl")) if folder.is_dir() else ():
        lines = _whole(path.read_bytes())
        if any(line.startswith(_SEALED) for line in lines):
            opened = (_opened(line, path.stem, number, key).strip() for number, line in enumerate(lines))
            write_private(path, b"".join(line + b"\n" for line in opened))


def _seal(path: Path, digest: str, key: bytes) -> None:
    """Encrypt what still lies open in a file."""
    lines = _whole(path.read_bytes()) if path.exists() else []
    if any(not line.startswith(_SEALED) for line in lines):
        opened = [_opened(line, digest, number, key).strip() for number, line in enumerate(lines)]
        write_private(path, b"".join(_sealed(line, digest, number, key) + b"\n" for number, line in enumerate(opened)))


def _whole(data: bytes) -> list[bytes]:
    """The lines that were written to their end."""
    return [line for line in data.splitlines(keepends=True) if line.endswith(b"\n")]


def _sealed(line: bytes, digest: str, number: int, key: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return _SEALED + base64.b64encode(nonce + AESGCM(derived(key, "reviews")).encrypt(nonce, line, f"{digest} {number}".encode()))


def _opened(line: bytes, digest: str, number: int, key: bytes) -> bytes:
    if not line.startswith(_SEALED):
        return line
    try:
        data = base64.b64decode(line[len(_SEALED) :].strip(), validate=True)
        return AESGCM(derived(key, "reviews")).decrypt(data[:12], data[12:], f"{digest} {number}".encode())
    except (InvalidTag, ValueError):
        raise ReviewRefused("the review of this story was changed, or encrypted with another key",
                            "Put back the whole workspace from one backup.") from None  # fmt: skip


def _write(path: Path, line: bytes) -> None:
    """Add one line, after cutting the half line that a crash may have left: that step was never confirmed to anybody."""
    try:
        fresh = not path.exists()
        with path.open("a+b") as stream:
            with contextlib.suppress(OSError):
                path.chmod(0o600)
            stream.seek(0)
            stream.truncate(stream.read().rfind(b"\n") + 1)
            stream.write(line + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
        if fresh:
            sync_folder(path.parent)
    except OSError as error:
        raise _refused() from error


def _refused() -> OutputFailed:
    return OutputFailed("the review could not be saved", "Check the disk and the workspace folder; nothing was changed.")
