"""The organisation's secret, which keys its made-up names: 32 random bytes that only their owner can read."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import time
from pathlib import Path

from pipeline.errors import OutputFailed, StorysafeError

LENGTH = 32
_LINKING = 5.0  # seconds to wait for another start that has the name and not yet the bytes


def load_or_create_secret(path: Path) -> bytes:
    """The secret kept at ``path``, made on first use.

    The file appears whole or not at all, also when several runs start at once: all of them get the same bytes.
    Raises ``StorysafeError`` when a file is there that is not a secret: a new one would change every made-up name.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _create(path)
        _guard(path)
        return _load(path)
    except OSError as error:
        raise OutputFailed("The organisation's secret cannot be read or kept.", "Check the workspace folder.") from error


def _load(path: Path) -> bytes:
    deadline = time.monotonic() + _LINKING
    while True:
        found = path.read_bytes()
        if len(found) == LENGTH:
            return found
        # Only the fallback of _create can be seen half done, and only for a moment.
        if len(found) > LENGTH or time.monotonic() > deadline:
            raise StorysafeError(
                "The organisation's secret is damaged.",
                "Put it back from your backup; without it, people get new made-up names from now on.",
            )
        time.sleep(0.05)


def _create(path: Path) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    _write(fresh, secrets.token_bytes(LENGTH))
    try:
        # A link is made only when the name is free: the first of several starts wins, with all of its bytes.
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:
        # A file system without links: the first to create the name wins.
        with contextlib.suppress(FileExistsError):
            _write(path, fresh.read_bytes())
    finally:
        fresh.unlink(missing_ok=True)


def _write(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _guard(path: Path) -> None:
    # On Windows a file in the user's own folder is theirs already, and chmod only knows read-only.
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        with contextlib.suppress(OSError):
            path.chmod(0o600)
