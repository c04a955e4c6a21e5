"""Case notes typed in capitals, told in ordinary type."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LETTER = re.compile(r"[^\W\d_]")
_NO_VOWEL = re.compile(r"[^AEIOUY]{3,5}$")
_SHORT_WORDS = frozenset("HRS MTH MTHS YRS WKS LBS PTS GRP HSG PYMT PMT CHLD BTWN TXT MSG PPL FWD".split())
_LETTERED = re.compile(r"(?:Client|Person) [A-Z]{1,2}", re.IGNORECASE)  # "Client A", and never "twice A week"
_CODE = re.compile(r"[A-Z](?=\d)")
_START = re.compile(r"(^[\s\"“‘'(\[-]*|[.!?:][\"”’)]*\s+[\"“‘'(]?)([a-z])")
_SHARE, _LEAST = 0.75, 6
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
    october november december jan feb apr jun jul aug sept oct nov dec mon tues weds thurs fri christmas easter xmas""".split()
)


@lru_cache(maxsize=2048)  # asked twice of each sentence, and again after every click of a review
def shouted(words: str) -> bool:
    """True for words typed in capitals, rather than for a short one that is all initials."""
    letters = _LETTER.findall(words)
    return len(letters) >= _LEAST and sum(letter.isupper() for letter in letters) > _SHARE * len(letters)


def lowered(words: str, names: Collection[str], initials: Collection[str], titles: Collection[str] = ()) -> str:
    """The words in ordinary type: names, the trade's ``initials`` and ``titles`` ("Universal Credit") keep their capitals."""
    lettered = {name for name in names if _LETTERED.fullmatch(name)}
    known = {part.upper(): part for name in names if name not in lettered for part in _WORD.findall(name)}

    def put(match: re.Match[str]) -> str:
        word = match.group()
        upper = word.upper()
        stem = re.sub(r"['’]S$", "", upper)
        if upper in initials or (_NO_VOWEL.match(upper) and upper not in _SHORT_WORDS):
            return word
        if stem in known:
            return known[stem] + word[len(stem) :].lower()
        if upper == "I" or upper.startswith(("I'", "I’")):
            return "I" + word[1:].lower()
        if word.lower() in _CALENDAR:
            return word.capitalize()
        if len(word) == 1 and _CODE.match(words, match.start()):
            return word
        return word.lower()

    told = _START.sub(lambda m: m.group(1) + m.group(2).upper(), _WORD.sub(put, words))
    for title in (*titles, *sorted(lettered)):
        told = re.sub(rf"\b{re.escape(title)}\b", title, told, flags=re.IGNORECASE)
    return told
