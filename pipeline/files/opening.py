"""Opening zip packages and XML that nobody vouches for: bounded time and memory, no entities, never the network."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from pipeline.errors import UnreadableFile, UnsupportedFormat

MAX_FILE = 200 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_TOTAL = 300 * 1024 * 1024
MAX_XML = 50 * 1024 * 1024
# Deflate cannot do better than about 1,030 to 1; documents stay far under 250 to 1 once they are large.
MAX_RATIO = 250
RATIO_FROM = 4 * 1024 * 1024
# lxml stops at 256 levels, but code that walks the tree recursively needs room on Python's stack too.
MAX_DEPTH = 200

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_TYPE_DECLARATIONS = tuple(
    mark.encode(encoding) for mark in ("<!DOCTYPE", "<!ENTITY") for encoding in ("utf-8", "utf-16-le", "utf-16-be")
)


@dataclass(frozen=True, slots=True)
class Package:
    """A zip package read whole: ``entries`` by name in the order of the file.

    ``comment`` holds the comments of the archive and of its entries; ``extra`` what else its directory says of them.
    """

    entries: Mapping[str, bytes]
    comment: bytes
    extra: bytes = b""


def read_bytes(path: Path, name: str) -> bytes:
    """The bytes of a file of bearable size; ``UnreadableFile`` when it is empty, too large or will not open."""
    try:
        size = path.stat().st_size
        if size == 0:
            raise UnreadableFile(f"{name}: the file is empty", "Check that the right file was saved, or leave it out.")
        if size > MAX_FILE:
            raise UnreadableFile(f"{name}: the file is larger than 200 MB", "Split it into smaller files.")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{name}: the file cannot be opened", "Close it in other programs and check who may read it."
        ) from error


def open_package(data: bytes, name: str) -> Package:
    """Every entry of a zip package; ``UnreadableFile`` when it is damaged, encrypted or hostile."""
    refuse_ole(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_directory(archive.infolist(), name)
            entries = {info.filename: _read_entry(archive, info, name) for info in archive.infolist()}
            comments = [archive.comment, *(info.comment for info in archive.infolist())]
            extras = b"\n".join(dict.fromkeys(info.extra for info in archive.infolist()))
            return Package(entries, b"\n".join(filter(None, comments)), extras)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(
            f"{name}: the file is damaged or cut short", "Open it in the program that made it and save it again."
        ) from error


def refuse_ole(data: bytes, name: str) -> None:
    """Refuse the old binary container: a password-protected Office file, or a format from before 2007."""
    if not data.startswith(_OLE):
        return
    if _ENCRYPTED in data:
        raise UnreadableFile(f"{name}: the file is password-protected", "Open it with its password and save a copy without one.")
    raise UnsupportedFormat(
        f"{name}: an old binary Office file (.doc, .xls or .ppt)", "Open it in Word or Excel and save it as .docx or .xlsx."
    )


def _check_directory(infos: list[zipfile.ZipInfo], name: str) -> None:
    if len(infos) > MAX_ENTRIES or sum(info.file_size for info in infos) > MAX_TOTAL:
        raise _hostile(name, "it holds far more than a document does")
    seen: set[str] = set()
    for info in infos:
        if info.flag_bits & 0x1:
            raise UnreadableFile(f"{name}: the file is password-protected", "Save a copy without a password.")
        if info.filename in seen:
            raise _hostile(name, "it holds two parts of one name")
        seen.add(info.filename)
        parts = info.filename.replace("\\", "/").split("/")
        if ".." in parts or info.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise _hostile(name, "a part's name points outside the package")
        if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise _hostile(name, "a part is packed more tightly than a document can be")


def _read_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    with archive.open(info) as stream:
        # The size in the directory is a claim; never read past it.
        blob = stream.read(info.file_size + 1)
    if len(blob) > info.file_size:
        raise _hostile(name, "a part is larger than it says")
    return blob


def _hostile(name: str, why: str) -> UnreadableFile:
    return UnreadableFile(f"{name}: refused, because {why}", "If you trust its sender, save it again from Word or Excel.")


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root of an XML part; ``UnreadableFile`` for bad XML, any document type declaration, or deep nesting."""
    if len(data) > MAX_XML:
        raise _hostile(name, "a part is larger than 50 MB")
    if any(mark in data for mark in _TYPE_DECLARATIONS):
        raise _hostile(name, "a part declares a document type, which Office files never do")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, dtd_validation=False, remove_blank_text=False
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(
            f"{name}: a part of the file is not sound XML", "Open it in the program that made it and save it again."
        ) from error
    _check_depth(root, name)
    _close_over_remarks(root)
    return root


def _close_over_remarks(root: etree._Element) -> None:
    """Join the text on both sides of a remark or instruction: what follows one would be nobody's text otherwise."""
    for remark in root.iter(etree.Comment, etree.ProcessingInstruction):
        parent, before = remark.getparent(), remark.getprevious()
        if not remark.tail or parent is None:
            continue
        while before is not None and not isinstance(before.tag, str):
            before = before.getprevious()
        if before is None:
            parent.text = (parent.text or "") + remark.tail
        else:
            before.tail = (before.tail or "") + remark.tail
        remark.tail = None


def _check_depth(root: etree._Element, name: str) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise _hostile(name, "its parts are nested too deeply")
