"""Readable text inside parts that are not XML: picture metadata, old embedded objects, macros."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_ASCII = re.compile(rb"[\x20-\x7e\xa0-\xff]{5,400}")
_WIDE = re.compile(rb"(?:[\x20-\x7e\xa0-\xff]\x00){4,400}")
_MAX_STRINGS = 400
_MAX_INFLATED = 1024 * 1024


def binary_strings(data: bytes) -> tuple[str, ...]:
    """Strings that a person could have put there, at most 400 a part."""
    if data.startswith(_PNG):
        blocks = list(_png_text(data))
    elif data.startswith(_JPEG):
        blocks = list(_jpeg_segments(data))
    else:
        blocks = [data]
    found: dict[str, None] = {}
    for block in blocks:
        for text in _strings(block):
            found.setdefault(text)
            if len(found) >= _MAX_STRINGS:
                return tuple(found)
    return tuple(found)


def _strings(block: bytes) -> Iterator[str]:
    for match in _WIDE.finditer(block):
        yield match.group().decode("utf-16-le").strip()
    for match in _ASCII.finditer(block):
        raw = match.group()
        try:
            text = raw.decode("utf-8").strip()
        except UnicodeDecodeError:
            text = raw.decode("cp1252", "replace").strip()
        if re.search(r"[A-Za-z]{3}|\d{5}|\w@\w", text):
            yield text


def _png_text(data: bytes) -> Iterator[bytes]:
    at = 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind in (b"tEXt", b"eXIf"):
            yield body.replace(b"\0", b" ")
        elif kind == b"zTXt":
            yield body.split(b"\0", 1)[0] + b" " + _inflate(body.split(b"\0", 1)[-1][1:])
        elif kind == b"iTXt":
            # A packed iTXt has flag 1 after its keyword; unpack from the first zlib header that works.
            rest = body.split(b"\0", 1)[-1]
            yield body.replace(b"\0", b" ")
            if rest[:1] == b"\x01":
                yield _inflate(rest[2:].split(b"\0", 2)[-1])


def _jpeg_segments(data: bytes) -> Iterator[bytes]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xDA:
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : at + 2 + length]
        if (marker in (0xE1, 0xED, 0xFE)) or 0xE2 < marker < 0xED:
            yield body
        at += 2 + max(2, length)


def _inflate(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MAX_INFLATED)
    except zlib.error:
        return b""
