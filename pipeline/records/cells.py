"""What the cell of a register says: dates, answers, lists and the words of the permission register."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from pipeline.domain.permission import Answer, IdentityLevel

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00)?)?")
_UK = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_YES = frozenset({"yes", "y", "true"})
_NO = frozenset({"no", "n", "false"})
_LEVELS = {
    "full name": IdentityLevel.FULL_NAME,
    "first name": IdentityLevel.FIRST_NAME,
    "forename": IdentityLevel.FIRST_NAME,
    "first name only": IdentityLevel.FIRST_NAME,
    "known as name": IdentityLevel.KNOWN_AS,
    "known as": IdentityLevel.KNOWN_AS,
    "anonymous": IdentityLevel.ANONYMOUS,
    "none": IdentityLevel.ANONYMOUS,
}


def plain(text: str) -> str:
    """Words in lower case, one space apart, without accents: how cells are compared."""
    folded = unicodedata.normalize("NFKD", text.replace("\u2019", "'")).casefold()
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.sub(r"[_\u2010-\u2015-]+", " ", bare).split())


def read_date(text: str) -> date | None:
    """The date of a cell, ISO or dd/mm/yyyy; ``None`` when it is empty.  Raises ``ValueError``, without the text."""
    text = text.strip()
    if not text:
        return None
    iso, uk = _ISO.fullmatch(text), _UK.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if uk:
            return date(int(uk[3]), int(uk[2]), int(uk[1]))
    except ValueError:
        pass
    raise ValueError("not a date") from None


def read_answer(text: str) -> Answer:
    """Yes or no; a blank, "?" or "yes - ask first" is unclear (E24)."""
    word = plain(text)
    return Answer.YES if word in _YES else Answer.NO if word in _NO else Answer.UNCLEAR


def read_list(text: str) -> tuple[str, ...]:
    """The parts of a cell between semicolons."""
    return tuple(part.strip() for part in text.split(";") if part.strip())


def read_level(text: str) -> IdentityLevel | None:
    """The identity level; ``None`` when the cell is empty or says something else."""
    return _LEVELS.get(plain(text))
