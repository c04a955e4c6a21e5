"""Organisations, places and addresses: told as what kind of thing they are."""

from __future__ import annotations

import re

from pipeline.generalise.phrasebook import Phrasebook, kind_of
from pipeline.generalise.site import Change, Site

_DETERMINER = re.compile(r"\b(?:the|a|an|his|her|their|our|my|your|this|that|local)\s+$", re.IGNORECASE)
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_NO_NOUN = "|".join(
    """
    and or in on at to for with from by is was are were has had have who which that where when but as of said told
    asked gave rang agreed wrote offered will would can could since because until after before then while did does
    not re about so if every each all both only again now then once twice today last next this these those during under over
    near through
""".split()
)
_NOUN_FOLLOWS = re.compile(rf"[- ](?!(?:{_NO_NOUN})\b)[a-z]{{3,}}")
_ARTICLED = re.compile(r"^(?:a|an|the|another)\s+", re.IGNORECASE)
_OTHER = re.compile(r"^an? (?:local )?", re.IGNORECASE)
_ADDRESS_AGAIN = "another address"
_DWELLING = re.compile(r"(?:flat|house|bungalow|studio|bedsit|room|maisonette|apartment)\b(?! no)", re.IGNORECASE)
_HOME_KINDS = (
    r"(?:supported|sheltered|new|own|council|rented|shared|ground[- ]floor|first[- ]floor|training|temporary|private|social|"
    r"furnished|one[- ]bed(?:room)?|two[- ]bed(?:room)?|three[- ]bed(?:room)?|\d[- ]bed)"
)
_KIND_OF_HOME = re.compile(rf"\b(?:{_HOME_KINDS}|a|the)\s+$", re.IGNORECASE)
_HOME_KIND_ALONE = re.compile(_HOME_KINDS, re.IGNORECASE)
_DWELLING_BEFORE = re.compile(
    rf"{_HOME_KINDS} (?:flat|house|bungalow|studio|bedsit|room|maisonette|apartment)\s+$", re.IGNORECASE
)
_SPACE = re.compile(r"\s+$")
_AT_AFTER = re.compile(r"(?:\s*,\s*)$")
_IN_PREPOSITION = re.compile(
    r"\b(?:in|at|to|from|near|around|across|into|of|for|outside|by|on|off|along|down|up|past|behind|beside|opposite|over)\s+$",
    re.IGNORECASE,
)


def generalise_organisation(site: Site, book: Phrasebook, again: bool, other: bool = False) -> Change:
    """A named organisation told as its kind: "a GP surgery" first, "the GP surgery" when it was told before.

    ``other`` when one of the same kind was told before: "another GP surgery".
    """
    if _HOME_KIND_ALONE.fullmatch(site.surface):
        return site.becomes(site.surface)
    phrase = kind_of(site.surface, book.organisations, book.default_organisation)
    return _fit(site, _OTHER.sub("another ", phrase) if other and not again else phrase, again)


def generalise_place(site: Site, book: Phrasebook, again: bool, own: bool, step: int = 0) -> Change:
    """A place told as its kind, else as "the area" (where the person lives) or "another area"; a ``step`` leaves the kind out."""
    area = book.default_place if own else book.other_place
    phrase = area if step else kind_of(site.surface, book.places, area)
    if _DETERMINER.search(site.before) and _NOUN_FOLLOWS.match(site.after):
        return site.becomes("local")
    if _NOUN_FOLLOWS.match(site.after) and _IN_PREPOSITION.search(site.before) is None and not again:
        return site.becomes("local")
    return _fit(site, phrase, again)


def generalise_address(site: Site, book: Phrasebook, again: bool = False, other: bool = False) -> Change:
    """An address told as "a local address", the next one as "another address"; what kind of home it is stays."""
    if _HOME_KIND_ALONE.fullmatch(site.surface):
        return site.becomes(site.surface)  # "supported" before "flat" says no more than what kind of home it is
    if _DWELLING_BEFORE.search(site.before):
        return site.eat_before(_SPACE).becomes("")
    dwelling = _DWELLING.match(site.surface)
    if dwelling and _KIND_OF_HOME.search(site.before):
        return site.becomes(dwelling.group().lower())
    return _fit(site, _ADDRESS_AGAIN if other and not again else book.default_address, again)


def _fit(site: Site, phrase: str, again: bool) -> Change:
    """The phrase with the article that its place allows."""
    bare = _ARTICLED.sub("", phrase)
    if _DETERMINER.search(site.before):
        return site.becomes(bare)
    if _NOUN_FOLLOWS.match(site.after) and re.match(r"[- ][a-z]+", site.after) and phrase.startswith(("a ", "an ")):
        return site.becomes(f"the {bare}" if again else phrase)
    if again and _ARTICLED.match(phrase) and not phrase.startswith(("another", "the")):
        return site.becomes(f"the {bare}")
    return site.becomes(phrase)


def joined_before(text: str, end: int, start: int) -> bool:
    """True when only a comma or space stands between two parts of one address or place chain."""
    return bool(re.fullmatch(r"[,\s]{0,3}|\s*,?\s*(?:in|near)\s+", text[end:start])) and "\n" not in text[end:start]
