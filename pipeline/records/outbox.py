"""Where a run writes: a private folder first, ``released/`` only by a move of a finished, verified file."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain.release import Output
from pipeline.errors import OutputFailed, OutputNotEmpty

_OURS = ("released", "internal")


@dataclass(frozen=True, slots=True)
class Outbox:
    """The output folder of one run; picklable, so that every worker writes into the same ``work`` folder."""

    root: Path
    work: Path

    @classmethod
    def open(cls, root: Path, overwrite: bool) -> Outbox:
        """Make the folders; :class:`OutputNotEmpty` when something is there and may not be replaced."""
        with writing():
            if root.exists() and any(root.iterdir()):
                if not overwrite:
                    raise OutputNotEmpty("the output folder is not empty", "Name another folder, or add --overwrite.")
                for name in _OURS:
                    if (root / name).exists():
                        shutil.rmtree(root / name)
            internal = root / "internal"
            internal.mkdir(parents=True, exist_ok=True)
            make_private(internal)
            work = internal / f".work-{uuid.uuid4().hex[:12]}"
            work.mkdir()
        return cls(root, work)

    @property
    def internal(self) -> Path:
        """The folder for the organisation only."""
        return self.root / "internal"

    def draft(self, name: str) -> Path:
        """A path in the private folder for a file that is not yet verified."""
        path = self.work / name
        with writing():
            path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def release(self, draft: Path, name: str) -> Output:
        """Move a verified draft to ``released/name`` in one step; its path and digest."""
        target = self.root / "released" / name
        with writing():
            target.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256(draft.read_bytes()).hexdigest()
            os.replace(draft, target)
        return Output(f"released/{name}", digest)

    def keep(self, draft: Path, name: str) -> None:
        """Move a draft to ``internal/name``."""
        target = self.internal / name
        with writing():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(draft, target)

    def close(self) -> None:
        """Remove the private folder with whatever is left in it."""
        shutil.rmtree(self.work, ignore_errors=True)


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
