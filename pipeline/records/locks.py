"""One writer at a time: a lock that the operating system lets go of when its process dies."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import IO


class Busy(OSError):
    """Another process holds the lock."""


def take_lock(path: Path) -> IO[bytes]:
    """Open ``path`` and lock it until the returned file is closed; raises ``Busy`` when somebody else holds it."""
    while True:
        stream = path.open("a+b")
        try:
            _lock(stream.fileno())
        except OSError as error:
            stream.close()
            raise Busy(str(path.name)) from error
        if _is_still_there(stream, path):
            return stream
        stream.close()  # Its last holder removed it while we waited: the lock is now another file of that name.


def drop_lock(stream: IO[bytes], path: Path) -> None:
    """Let the lock go and remove its file."""
    # Removed while it is held, where the system lets us: nobody else can then take it in between.
    if sys.platform == "win32":
        stream.close()
    with contextlib.suppress(OSError):
        path.unlink()
    stream.close()


def _is_still_there(stream: IO[bytes], path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(stream.fileno()), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        import msvcrt

        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:

    def _lock(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
