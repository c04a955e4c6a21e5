"""One writer at a time: a lock that the operating system lets go of when its process dies."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO


class Busy(OSError):
    """Another process holds the lock."""


def take_lock(path: Path) -> IO[bytes]:
    """Open ``path`` and lock it until the returned file is closed; raises ``Busy`` when somebody else holds it."""
    stream = path.open("a+b")
    try:
        _lock(stream.fileno())
    except OSError as error:
        stream.close()
        raise Busy(str(path.name)) from error
    return stream


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        import msvcrt

        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:

    def _lock(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
