"""Organisations, places and addresses: told as what kind of thing they are."""

from __future__ import annotations

import re

from pipeline.generalise.phrasebook import Phrasebook, kind_of
from pipeline.generalise.site import Change, Site

_DETERMINER = re.compile(r"\b(?:the|a|an|his|her|their|our|my|your|this|that|local)\s+$", re.IGNORECASE)
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_NO_NOUN = "|".join("""
    and or in on at to for with from by is was are were has had have who which that where when but as of said told
    asked gave rang agreed wrote offered will would can could since because until after before then while did does
    not re about so if
""".split())
_NOUN_FOLLOWS = re.compile(rf"[- ](?!(?:{_NO_NOUN})\b)[a-z]{{3,}}")
_ARTICLED = re.compile(r"^(?:a|an|the|another)\s+", re.IGNORECASE)
_AT_AFTER = re.compile(r"(?:\s*,\s*)$")
_IN_PREPOSITION = re.compile(r"\b(?:in|at|to|from|near|around|across|into|of|for|outside|by)\s+$", re.IGNORECASE)


def generalise_organisation(site: Site, book: Phrasebook, again: bool) -> Change:
    """A named organisation told as its kind: "a GP surgery" first, "the GP surgery" when it was told before."""
    phrase = kind_of(site.surface, book.organisations, book.default_organisation)
    return _fit(site, phrase, again)


def generalise_place(site: Site, book: Phrasebook, again: bool, own: bool) -> Change:
    """A place told as its kind, else as "the area" (where the person lives) or "another area"."""
    phrase = kind_of(site.surface, book.places, book.default_place if own else book.other_place)
    if _DETERMINER.search(site.before) and _NOUN_FOLLOWS.match(site.after):
        return site.becomes("local")
    if _NOUN_FOLLOWS.match(site.after) and _IN_PREPOSITION.search(site.before) is None and not again:
        return site.becomes("local")
    return _fit(site, phrase, again)


def generalise_address(site: Site, book: Phrasebook) -> Change:
    """A home address told as "a local address"."""
    return _fit(site, book.default_address, again=False)


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
