"""How personal names and case references are written: folding, tokens, and the word lists of ``models/lists``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ModelMissing

_BEFORE_A_NAME = frozenset("mr mrs ms miss mx dr prof professor rev revd sir dame lady lord sister father fr".split())
LISTED_NAME = r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)?(?: \([^()\n]{1,16}\))?"
"""An expression for one name of several in a row, with what stands in brackets behind it: "Kit (6)"."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


class Token(NamedTuple):
    """A word at ``[start, end)``; ``fold`` is its spelling for comparison.  A possessive ending is left out."""

    start: int
    end: int
    text: str
    fold: str
    possessive: bool


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """The word in lower case without accents or apostrophes, so that O'Brien and OBRIEN compare equal."""
    lowered = word.lower()
    if not lowered.isascii():
        lowered = lowered.translate(_LETTERS)
        decomposed = unicodedata.normalize("NFKD", lowered)
        lowered = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return lowered.replace("'", "").replace("’", "")


def reference_key(case_ref: str) -> str:
    """What a case reference is compared by, without case and spaces: a worker types "woh/25/0341"."""
    return "".join(case_ref.split()).casefold()


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Every word of the text, in order; digits and underscores divide words, so file names and handles open up."""
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        word, at, stop = match.group(), match.start(), match.end()
        possessive = len(word) > 2 and word[-2] in "'’" and word[-1] in "sS"
        if possessive:
            word, stop = word[:-2], stop - 2
        yield Token(at, stop, word, fold(word), possessive)


def read_list(models: Path, name: str) -> tuple[str, ...]:
    """The entries of ``models/lists/<name>``: one a line, ``#`` begins a comment.  Raises ``ModelMissing``."""
    path = models / "lists" / name
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise ModelMissing(f"the list {name} is missing", "install storysafe again, models included") from None
    entries = (line.split("#", 1)[0].strip() for line in lines)
    return tuple(entry for entry in entries if entry)


@lru_cache(maxsize=32)  # detection, resolution and the checks ask for the same lists, some of many thousand names
def read_words(models: Path, name: str) -> frozenset[str]:
    """The folded entries of a list of single words or phrases."""
    return frozenset(" ".join(fold(part) for part in entry.split()) for entry in read_list(models, name))


def read_diminutives(models: Path) -> dict[str, frozenset[str]]:
    """For each folded first name, the other names that the same person may go by.

    Each line of ``diminutives.txt`` is a name, a colon, and its short forms.
    """
    family: dict[str, set[str]] = {}
    for line in read_list(models, "diminutives.txt"):
        head, _, rest = line.partition(":")
        name = fold(head.strip())
        shorts = {fold(word) for word in rest.split()}
        family.setdefault(name, set()).update(shorts)
        for short in shorts:
            family.setdefault(short, set()).add(name)
    return {name: frozenset(others) for name, others in family.items()}


def forename(full_name: str) -> str:
    """The first forename of a name as client lists write it; empty when it cannot be told from the surname.

    "Mrs Dawn Lorne", "LORNE, Dawn" and "LORNE Dawn" are all Dawn; "D Lorne" and "LORNE" alone are not told.
    """
    surname_first = full_name.partition(",")
    written = (surname_first[2].strip() or surname_first[0]).split()
    words = [word for word in written if word.strip(".").lower() not in _BEFORE_A_NAME]
    if len(words) == 1 and len(written) > 1:
        return ""  # "Mrs Lorne"
    capitals = [word for word in words if word.isupper() and len(word) > 1]
    if capitals and len(capitals) < len(words):
        words = [word for word in words if word not in capitals]
    first = words[0].strip("\"'“”‘’(),.") if words else ""
    return first if len(first) > 1 and not (first.isupper() and capitals) else ""
