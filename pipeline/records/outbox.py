"""Where a run writes: a private folder first, ``released/`` only by a move of a finished, verified file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pipeline.domain.release import Output
from pipeline.errors import OutputFailed, OutputNotEmpty
from pipeline.records.durable import make_folder, move
from pipeline.records.journal import RunKey, read_key
from pipeline.records.locks import Busy, drop_lock, take_lock

_LOCK, _WORK, _JOURNAL = ".lock", ".work", "journal.jsonl"
_ELSEWHERE = "Name another folder, or add --overwrite."


@dataclass(frozen=True, slots=True)
class Outbox:
    """The output folder of one run; picklable, so that every worker writes into the same ``work`` folder.

    ``resumed`` is true when an unfinished run of the same key was there and goes on.
    """

    root: Path
    work: Path
    resumed: bool = False
    _lock: IO[bytes] | None = field(default=None, compare=False, repr=False)

    def __reduce__(self) -> tuple[type, tuple[Path, Path, bool]]:
        return Outbox, (self.root, self.work, self.resumed)  # The lock stays with the process that took it.

    @classmethod
    def open(cls, root: Path, overwrite: bool, key: RunKey | None = None) -> Outbox:
        """Make the folders, for this process alone; with ``key`` an unfinished run of that key goes on.

        Raises :class:`OutputNotEmpty` when something is there and may not be replaced, :class:`OutputFailed` when
        another run is writing there or the folder cannot be written to.
        """
        internal = root / "internal"
        with writing():
            if not overwrite and not internal.is_dir() and root.exists() and any(root.iterdir()):
                raise OutputNotEmpty("the output folder is not empty", _ELSEWHERE)
            make_folder(internal)
            make_private(internal)
            lock = _take(internal / _LOCK)
            try:
                resumed = _prepare(root, overwrite, key)
                work = internal / _WORK / uuid.uuid4().hex[:12]
                make_folder(work)
            except BaseException:
                drop_lock(lock, internal / _LOCK)
                raise
        return cls(root, work, resumed, lock)

    @classmethod
    def reopen(cls, root: Path) -> Outbox:
        """The folder of a run that has finished, to release one more of its stories.

        Raises :class:`OutputFailed` when a run is writing there or was stopped before its end.
        """
        internal = root / "internal"
        with writing():
            lock = _take(internal / _LOCK)
            try:
                if (internal / _WORK / _JOURNAL).exists():
                    raise OutputFailed("the run in the output folder has not finished", "Give its command again first.")
                work = internal / _WORK / uuid.uuid4().hex[:12]
                make_folder(work)
            except BaseException:
                drop_lock(lock, internal / _LOCK)
                raise
        return cls(root, work, False, lock)

    @property
    def internal(self) -> Path:
        """The folder for the organisation only."""
        return self.root / "internal"

    @property
    def journal(self) -> Path:
        """Where a run that may be killed notes what is done."""
        return self.internal / _WORK / _JOURNAL

    def draft(self, name: str) -> Path:
        """A path in the private folder for a file that is not yet verified."""
        path = self.work / name
        with writing():
            path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def seal(self, name: str) -> Output:
        """What the verified draft ``name`` will be once it is released: its path and digest."""
        with writing():
            return Output(f"released/{name}", _digest(self.work / name))

    def deliver(self, *outputs: Output, kept: Sequence[str] = ()) -> None:
        """Release sealed drafts, and keep others as ``internal/<name>``; on return they are there for good.

        Nothing is moved when a sealed draft is not, byte for byte, the one that was verified.
        """
        released = [(self.work / output.path.removeprefix("released/"), self.root / output.path) for output in outputs]
        with writing():
            for output, (draft, _) in zip(outputs, released, strict=True):
                if _digest(draft) != output.sha256:
                    raise OutputFailed(
                        "a verified file was changed before its release", "See what else writes into the folder; run again."
                    )
            move(*((self.work / name, self.internal / name) for name in kept), *released)

    def release(self, draft: Path, name: str) -> Output:
        """Move a verified draft to ``released/name`` in one step; its path and digest."""
        with writing():
            output = Output(f"released/{name}", _digest(draft))
            move((draft, self.root / output.path))
        return output

    def keep(self, draft: Path, name: str) -> None:
        """Move a draft to ``internal/name``."""
        with writing():
            move((draft, self.internal / name))

    def finish(self) -> None:
        """The run is done: remove the work folder, its journal last but for the folder itself."""
        shutil.rmtree(self.work, ignore_errors=True)
        with writing():
            self.journal.unlink(missing_ok=True)

    def close(self) -> None:
        """Remove this start's drafts and let the folder go; a journal stays for the run to go on."""
        shutil.rmtree(self.work, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.work.parent.rmdir()  # Only when no journal is in it.
        if self._lock is not None and not self._lock.closed:
            drop_lock(self._lock, self.internal / _LOCK)


def make_private(folder: Path) -> bool:
    """Let the owner alone in; false where the system has no such permissions (Windows: the profile's own apply)."""
    try:
        folder.chmod(0o700)
    except OSError:
        return False
    return os.name == "posix"


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """Turn a full disk or a refused write into an error that says what to do."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else type(error).__name__
        raise OutputFailed(
            f"the output could not be written ({reason})",
            "Nothing half-written was released. Free some space or choose another folder, and run again.",
        ) from None


def _take(path: Path) -> IO[bytes]:
    try:
        return take_lock(path)
    except Busy:
        raise OutputFailed(
            "another run is writing into the output folder", "Wait until it has finished, or name another folder."
        ) from None


def _prepare(root: Path, overwrite: bool, key: RunKey | None) -> bool:
    """Clear what may be replaced, or refuse; true when an unfinished run goes on."""
    work = root / "internal" / _WORK
    if overwrite:
        _wipe(root)
        return False
    unfinished = read_key(work / _JOURNAL)
    if unfinished is None:
        # Nothing of a run that was killed before it began; of one that has finished, an empty folder at most.
        shutil.rmtree(work, ignore_errors=True)
        if any(path.name != "internal" for path in root.iterdir()) or _holds_records(root):
            raise OutputNotEmpty("the output folder is not empty", _ELSEWHERE)
        return False
    differing = unfinished.differs_in(key) if key else ()
    if key is None or differing:
        day = unfinished.parts.get("on", "")
        raise OutputNotEmpty(
            "the output folder holds an unfinished run of something else"
            + (f" (another: {', '.join(differing)}; it was started for {day})" if differing else ""),
            "Give the command as it was given then, with --on and its day, to go on with it. " + _ELSEWHERE,
        )
    for left in work.iterdir():
        if left.name != _JOURNAL:
            shutil.rmtree(left)
    return True


def _holds_records(root: Path) -> bool:
    return any(path.name not in (_LOCK, _WORK) for path in (root / "internal").iterdir())


def _wipe(root: Path) -> None:
    """Remove an earlier run and nothing else: its journal first, so that a half-removed run is never gone on with."""
    (root / "internal" / _WORK / _JOURNAL).unlink(missing_ok=True)
    if (root / "released").exists():
        shutil.rmtree(root / "released")
    for path in (root / "internal").iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != _LOCK:
            path.unlink()


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
