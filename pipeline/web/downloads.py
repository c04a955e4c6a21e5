"""Everything that was released, as one zip: the files that manifest and records both name, byte for byte, and nothing else."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.domain.permission import Purpose
from pipeline.errors import UsageError
from pipeline.records.store import Store
from pipeline.releasing import load_finished

_EPOCH = (1980, 1, 1, 0, 0, 0)
_AGAIN = "Release its story again, or run again."


@dataclass(frozen=True, slots=True)
class Parcel:
    """The released files of a run for some purposes: their path below the output folder, and their sha256, in order."""

    out: Path
    files: tuple[tuple[str, str], ...]

    @property
    def digest(self) -> str:
        """The sha256 of the list, by which a download is known in the audit trail."""
        return hashlib.sha256("\n".join(f"{sha256} {path}" for path, sha256 in self.files).encode()).hexdigest()


def parcel(out: Path, store: Store, purposes: Collection[Purpose]) -> Parcel:
    """What may be taken away of a finished run; raises ``UsageError`` when a file is not the one that was recorded."""
    finished = load_finished(out)
    recorded = {(each.path, each.sha256) for each in store.releases() if each.run_id == finished.run_id}
    named = {
        (str(output["path"]), str(output["sha256"]))
        for line in finished.lines
        for purpose, record in line["purposes"].items()
        if purpose in tuple(purposes) and record["status"] == "released"
        for output in record["outputs"]
    }
    if not named:
        raise UsageError("nothing is released that you may take away", "Look at what was held, and why.")
    for path, sha256 in sorted(named):
        if (path, sha256) not in recorded or not _ours(path):
            raise UsageError("a file of the output folder is not in the records of releases", _AGAIN)
        _bytes(out, path, sha256)
    return Parcel(out, tuple(sorted(named)))


def zipped(made: Parcel) -> Iterator[bytes]:
    """The zip, file by file; the same files make the same bytes.

    Raises ``UsageError`` when a file was changed since :func:`parcel` looked: the browser then has half a zip, which opens
    nowhere, and no file that nobody verified.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as package:
        for path, sha256 in made.files:
            entry = zipfile.ZipInfo(path.removeprefix("released/"), _EPOCH)
            entry.create_system, entry.external_attr = 3, 0o600 << 16
            package.writestr(entry, _bytes(made.out, path, sha256))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where the zip is written to, and taken from piece by piece."""

    def __init__(self) -> None:
        self._data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._data += piece
        return len(piece)

    def taken(self) -> bytes:
        data = bytes(self._data)
        self._data.clear()
        return data


def _ours(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return len(parts) > 1 and parts[0] == "released" and not {"..", "."} & set(parts) and "\\" not in path


def _bytes(out: Path, path: str, sha256: str) -> bytes:
    found = out / path
    data = found.read_bytes() if found.is_file() and not found.is_symlink() else b""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise UsageError("a released file was changed or removed since it was verified", _AGAIN)
    return data
