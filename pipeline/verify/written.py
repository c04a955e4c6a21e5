"""Every string in a written file, taken from its bytes by code that no reader or writer of storysafe uses."""

from __future__ import annotations

import email
import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from functools import lru_cache
from urllib.parse import unquote_plus
from xml.parsers import expat

from pipeline.verify.packed import base64_text, picture_text

_MAX_PART = 120 * 1024 * 1024
_MAX_NESTING = 6
_PARAGRAPHS = frozenset({"p", "si", "is", "comment", "oddHeader", "oddFooter", "tab", "definedName"})
_PAGE_CODE = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)\s*")
# Only a copy's own vocabularies: the name of any other element may be somebody's word.
_KNOWN_NAMESPACE = re.compile(r"(?:https?://(?:schemas\.openxmlformats\.org|schemas\.microsoft\.com|purl\.org|www\.w3\.org)/|urn:schemas-)")
_INNER = frozenset({"txbxContent"})
_POSITIONS = frozenset({"posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset"})
_BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
_TEXT_SUFFIXES = (".txt", ".md", ".csv", ".html", ".htm", ".eml", ".mht", ".mhtml", ".json", ".jsonl", ".svg", ".rtf")
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f-\x9f]{4,}")


class NotReadable(Exception):
    """The written file cannot be opened whole, so nothing can be said of it."""


@dataclass(frozen=True, slots=True)
class Written:
    """One string of a file and where it is.

    ``prose`` is text that people read; otherwise it is plumbing (names, links, bytes).  ``joined`` is prose put
    together over the borders of paragraphs or mark-up, to find what was cut there.  ``noise`` is raw bytes read as
    characters, in which short words come up by chance.
    """

    part: str
    text: str
    prose: bool
    joined: bool = False
    noise: bool = False


def strings_of(data: bytes, name: str) -> Iterator[Written]:
    """Every string of a file; raises ``NotReadable`` for anything that cannot be opened whole."""
    if data.startswith(b"PK"):
        yield from _package(data, "", 0)
    elif name.lower().endswith(_TEXT_SUFFIXES):
        yield from _text_file(data, name)
    elif data.lstrip()[:5] == b"<?xml":
        yield from _xml(data, name)
    else:
        yield from _binary(data, name)


def _package(data: bytes, inside: str, depth: int) -> Iterator[Written]:
    if depth > _MAX_NESTING:
        raise NotReadable
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise NotReadable from error
    with archive:
        if archive.comment:
            yield Written(f"{inside}zip comment", _decoded(archive.comment), False)
        for info in infos:
            part = f"{inside}{info.filename}"
            yield Written(part, info.filename, False)
            for extra in (info.comment, info.extra):
                if extra:
                    yield Written(f"{part}, zip record", _decoded(extra), False)
            if info.is_dir():
                continue
            yield from _part(_read(archive, info), part, depth)
        yield from _outside(data, infos, inside)


def _outside(data: bytes, infos: list[zipfile.ZipInfo], inside: str) -> Iterator[Written]:
    """Bytes before the first local record and after the end record belong to no part."""
    first = min((info.header_offset for info in infos), default=0)
    end = data.rfind(b"PK\x05\x06")
    if first > 0 or end + 22 < len(data):
        yield Written(f"{inside}bytes around the package", _decoded(data[:first] + b" " + data[end + 22 :]), False)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.file_size > _MAX_PART or info.flag_bits & 1:
        raise NotReadable
    try:
        return archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NotReadable from error


def _part(data: bytes, part: str, depth: int) -> Iterator[Written]:
    low = part.lower()
    if data.startswith(b"PK\x03\x04"):
        yield from _package(data, f"{part}!", depth + 1)
    elif low.endswith((".xml", ".rels", ".vml")) or data.lstrip()[:5] == b"<?xml":
        yield from _xml(data, part)
    elif low.endswith(_TEXT_SUFFIXES):
        yield from _text_file(data, part)
    else:
        yield from _binary(data, part)


class _Collector:
    """Gathers an XML part's text by paragraph and all together, and its attribute values, comments and instructions."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.open: list[list[str]] = [[]]
        self.marks: list[int] = []
        self.paragraphs: list[str] = []
        self.single: list[str] = []
        self.values: list[tuple[str, str, str]] = []
        self.all: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rsplit(" ", 1)[-1]
        self.stack.append(name)
        if name in _PARAGRAPHS or name in _INNER:
            self.marks.append(len(self.stack))
            self.open.append([])
        elif name in _BREAKS:
            self.open[-1].append(_BREAKS[name])
        elif name == "sym":
            self.open[-1].append(_symbol(attributes))
        if not _is_known(tag):
            self.values.append((name, "element", name))
        self.values += [(name, key.rsplit(" ", 1)[-1], value) for key, value in attributes.items() if value]

    def end(self, tag: str) -> None:
        if self.marks and self.marks[-1] == len(self.stack):
            self.marks.pop()
            self._close("".join(self.open.pop()))
        self.stack.pop()

    def _close(self, text: str) -> None:
        if text.strip():
            self.paragraphs.append(text)

    def text(self, data: str) -> None:
        if self.stack[-1] == "instrText" and _PAGE_CODE.fullmatch(data):
            return
        if self.stack[-1] in _POSITIONS:
            # Drawings keep these numbers in the middle of a paragraph; they would stick to its last word.
            self.single.append(data)
            return
        self.open[-1].append(data)
        self.all.append(data)
        if len(self.open) == 1 and data.strip():
            self.single.append(data)

    def namespace(self, prefix: str | None, uri: str) -> None:
        self.values.append(("", "namespace", uri or ""))

    def note(self, data: str) -> None:
        self.values.append(("", "comment", data))

    def instruction(self, target: str, data: str) -> None:
        self.values.append(("", target, data))


@lru_cache(maxsize=4096)
def _is_known(tag: str) -> bool:
    return _KNOWN_NAMESPACE.match(tag) is not None


def _symbol(attributes: dict[str, str]) -> str:
    """The letter that a w:sym shows in any font of letters."""
    code = next((value for key, value in attributes.items() if key.endswith(" char")), "")
    number = int(code, 16) % 0xF000 if re.fullmatch(r"[0-9A-Fa-f]{2,4}", code) else 0
    return chr(number) if number >= 32 else ""


def _xml(data: bytes, part: str) -> Iterator[Written]:
    found = _Collector()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = found.start
    parser.EndElementHandler = found.end
    parser.CharacterDataHandler = found.text
    parser.CommentHandler = found.note
    parser.ProcessingInstructionHandler = found.instruction
    parser.StartNamespaceDeclHandler = found.namespace
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, NotReadable, ValueError) as error:
        raise NotReadable from error
    for text in (*found.paragraphs, *found.single):
        yield from _prose(part, text)
    # A name may be cut by the end of a paragraph or a cell, or by mark-up that is no paragraph at all.
    if len(found.paragraphs) > 1:
        yield Written(f"{part}, read through", " ".join(found.paragraphs), True, True)
    yield Written(f"{part}, read through", " ".join(text.strip() for text in found.single), True, True)
    yield Written(f"{part}, mark-up left out", "".join(found.all), True, True)
    yield Written(f"{part}, piece by piece", " ".join(found.all), True, True)
    for element, key, value in found.values:
        yield from _attribute(part, element, key, value)


def _refuse(*_: object) -> None:
    raise NotReadable


def _attribute(part: str, element: str, key: str, value: str) -> Iterator[Written]:
    where = f"{part}, {element} {key}".rstrip()
    yield Written(where, value, False)
    if ("%" in value or "+" in value) and key != "ContentType":
        yield Written(where, unquote_plus(value), False)
    if "&" in value:
        yield Written(where, html.unescape(value), False)
    for told in base64_text(value):
        yield Written(f"{where}, base64", told, False)


def _prose(part: str, text: str) -> Iterator[Written]:
    yield Written(part, text, True)
    if "&" in text and html.unescape(text) != text:
        yield Written(part, html.unescape(text), True)
    if "%" in text and unquote_plus(text) != text:
        yield Written(part, unquote_plus(text), True)
    for told in base64_text(text):
        yield Written(f"{part}, base64", told, False)


def _text_file(data: bytes, name: str) -> Iterator[Written]:
    for encoding in ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = data.decode("cp1252", "replace")
    yield from _prose(name, text)
    low = name.lower()
    if low.endswith((".html", ".htm", ".svg")):
        yield Written(f"{name}, mark-up left out", html.unescape(re.sub(r"<[^>]*>", "", text)), True)
        yield Written(f"{name}, mark-up as spaces", html.unescape(re.sub(r"<[^>]*>", " ", text)), True)
    if low.endswith((".eml", ".mht", ".mhtml")):
        yield from _message(data, name)


def _message(data: bytes, name: str) -> Iterator[Written]:
    try:
        message = email.message_from_bytes(data, policy=policy.default)
        for key, value in message.items():
            yield Written(f"{name}, header {key}", str(value), True)
        for number, part in enumerate(message.walk(), start=1):
            if part.is_multipart():
                continue
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                suffix = ".html" if part.get_content_type() == "text/html" else ".txt"
                if payload.startswith(b"PK"):
                    yield from _package(payload, f"{name}, part {number}!", 1)
                else:
                    yield from _text_file(payload, f"{name}, part {number}{suffix}")
    except (ValueError, LookupError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise NotReadable from error


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _binary(data: bytes, part: str) -> Iterator[Written]:
    views = [data.decode("utf-8", "replace"), data.decode("latin-1")]
    views += [data[at:].decode("utf-16-le", "replace") for at in (0, 1)] if b"\0" in data else []
    for text in views:
        run = " \u2026 ".join(_PRINTABLE.findall(text))
        if run:
            yield Written(part, run, False, noise=True)
    for block in picture_text(data):
        yield Written(part, _decoded(block), False)
