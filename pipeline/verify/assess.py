"""Did anything that had to go survive in the bytes of a finished file?"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.domain.assessment import Assessment, Forbidden, Leak
from pipeline.verify.formats import is_format, without_placeholders
from pipeline.verify.surfaces import Judge, SurfaceIndex
from pipeline.verify.written import NotReadable, Written, strings_of

__all__ = ["SurfaceIndex", "assess", "assess_bytes"]

_BYTES_LIMIT = 300 * 1024 * 1024

_LONG = 6
_ENDINGS = frozenset("docx xlsx txt text log md csv html htm eml json jsonl pdf png".split())


def assess(path: Path, forbidden: Forbidden | SurfaceIndex, judge: Judge | None = None) -> Assessment:
    """Open a finished file again and search every string in it for every forbidden surface.

    ``judge`` gives the spans of a text at which a name stands; surfaces that are also ordinary words count only there.
    A file that cannot be opened whole is not readable, and so never clean (DESIGN law 1; policy P18, P28).
    """
    try:
        if path.stat().st_size > _BYTES_LIMIT:
            return Assessment(False)
        data = path.read_bytes()
    except OSError:
        return Assessment(False)
    return assess_bytes(data, path.name, forbidden, judge)


def assess_bytes(data: bytes, name: str, forbidden: Forbidden | SurfaceIndex, judge: Judge | None = None) -> Assessment:
    """The same for bytes in memory; ``name`` tells the format and is itself searched."""
    index = forbidden if isinstance(forbidden, SurfaceIndex) else SurfaceIndex(forbidden)
    if not data:
        return Assessment(False)
    try:
        leaks = list(_leaks(strings_of(data, name), index, judge))
    except (NotReadable, RecursionError, MemoryError):
        return Assessment(False)
    leaks += list(_leaks([Written("file name", _without_ending(name), False)], index, judge))
    return Assessment(True, tuple(dict.fromkeys(leaks)))


def _without_ending(name: str) -> str:
    stem, _, ending = name.rpartition(".")
    return stem if stem and ending.lower() in _ENDINGS else name


def _leaks(strings: Iterable[Written], index: SurfaceIndex, judge: Judge | None) -> Iterable[Leak]:
    seen: set[tuple[str, bool]] = set()
    for string in strings:
        if (string.text, string.prose) in seen or (not string.prose and is_format(string.part, string.text)):
            continue
        if len(string.text) < 10_000:
            seen.add((string.text, string.prose))
        text = without_placeholders(string.text)
        hits = index.find(text, None if string.joined else judge, apart=not string.prose)
        if string.noise:
            hits = [hit for hit in hits if len(hit.surface) >= _LONG]
        if not string.prose:
            hits += index.find_inside(text)
        for hit in hits:
            yield Leak(string.part, hit.category, hit.surface)
