"""How addresses and references are written another way: abbreviated streets, the shape of a charity's own numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.names import fold

_STREET = {
    "rd": "road", "st": "street", "ln": "lane", "ave": "avenue", "av": "avenue", "dr": "drive", "cl": "close", "ct": "court",
    "cres": "crescent", "pl": "place", "terr": "terrace", "gdns": "gardens", "sq": "square", "apt": "flat", "gr": "grove",
}  # fmt: skip
ADDRESS_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def street_word(word: str) -> str:
    """A word of an address, abbreviations written out."""
    word = fold(word)
    return _STREET.get(word, word)


def address_words(address: str) -> tuple[str, ...]:
    """The folded words of an address."""
    return tuple(street_word(match.group()) for match in ADDRESS_WORD.finditer(address))


def ref_shapes(refs: Iterable[str]) -> re.Pattern[str] | None:
    """The shapes of the organisation's references: WOH/24/0028 teaches WOH/dd/dddd.

    A reference of digits alone teaches nothing, since any amount has its shape; it is matched only as it stands.
    """
    shapes: dict[str, None] = {}
    for ref in refs:
        ref = ref.strip()
        if not re.search(r"\d", ref) or len(plain(ref)) < 4:
            continue
        if re.search(r"[A-Za-z]", ref) and len(plain(ref)) >= 5:
            shape = re.sub(r"\d+", lambda run: rf"\d{{{len(run.group())}}}", _escaped(ref))
        else:
            shape = re.escape(ref)
        shapes.setdefault(shape)
        if len(shapes) > 2000:
            break
    if not shapes:
        return None
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(sorted(shapes, key=len, reverse=True))})(?![\w-])", re.IGNORECASE)


def _escaped(ref: str) -> str:
    """Separators of a reference may be typed as another, or left out."""
    return "".join(mark if mark.isalnum() else r"[ /._-]?" for mark in ref)


def plain(ref: str) -> str:
    """A reference without case and punctuation."""
    return re.sub(r"[\W_]", "", ref).lower()
