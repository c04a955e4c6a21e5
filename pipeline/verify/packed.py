"""Texts that stand packed inside other bytes: base64 in mark-up, the text blocks of pictures."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{4}){2,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?![A-Za-z0-9+/=])")


def base64_text(text: str) -> Iterator[str]:
    """What words of a text say in base64, where they say something that can be printed."""
    for match in _BASE64.finditer(text):
        raw = base64.b64decode(match.group())
        wide = len(raw) > 4 and not any(raw[1::2])
        try:
            told = raw.decode("utf-16-le" if wide else "utf-8")
        except UnicodeDecodeError:
            continue
        if "".join(told.split()).isprintable():
            yield told


def picture_text(data: bytes) -> Iterator[bytes]:
    """The text blocks of a PNG, unpacked."""
    if not data.startswith(b"\x89PNG"):
        return
    at = 8
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += 12 + length
        if kind in (b"tEXt", b"iTXt", b"eXIf"):
            yield body
        if kind in (b"zTXt", b"iTXt"):
            for skip in range(len(body.split(b"\0", 1)[0]), min(len(body), 200)):
                if body[skip : skip + 1] == b"\x78":
                    try:
                        yield zlib.decompressobj().decompress(body[skip:], 1_000_000)
                        break
                    except zlib.error:
                        continue
