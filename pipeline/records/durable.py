"""Writes that outlive a power cut: a file's bytes, then its name, are on the disk before anything counts on them."""

from __future__ import annotations

import os
from pathlib import Path


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, and keep their names."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


def move(*pairs: tuple[Path, Path]) -> None:
    """Put each finished file in its place in one step: after it the whole file is there, before it nothing is."""
    for source, target in pairs:
        make_folder(target.parent)
        sync_file(source)
        os.replace(source, target)
    for folder in dict.fromkeys(target.parent for _, target in pairs):
        sync_folder(folder)


def sync_file(path: Path) -> None:
    """Wait until a file's bytes are on the disk."""
    with path.open("r+b") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; nothing on Windows, which has no such call and journals them."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # Some file systems over a network refuse it; the rename itself is still whole.
    finally:
        os.close(descriptor)
