"""Whose a name is where the text itself says so: misspelt, shared by two people, an initial, or a family's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from pipeline.domain.finding import Category, Entity, Finding
from pipeline.names import fold, tokens

_BRACKET = re.compile(r"\s*[\[(]([^\[\]()\n]{1,80})[\])]")
_MENDED = re.compile(r"\b(?:sic|should (?:be|read|say)|meaning|misspel\w+|(?:it|that) is|it['’]s|correctly)\b", re.IGNORECASE)
_NAMESAKE = re.compile(
    r"(?:\b(?:also|too|likewise) (?:called|named)|\b(?:another|a different|the other|a second|not our|not the same))\s+$",
    re.IGNORECASE,
)
_HOUSEHOLD = re.compile(r"\s+(?:boys|girls|children|kids|twins|triplets|family|household|home|house)\b", re.IGNORECASE)
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)
_JOINED = re.compile(r"\s*(?:,|&|\+|\band\b)\s*", re.IGNORECASE)
_TITLED = re.compile(r"\b([A-Z][a-z]{1,8})\.?[ \t]+([A-Z][\w'’-]+)(?:[ \t]+[A-Z][\w'’-]+)?")
_APPOSITION = re.compile(
    r"\s*,\s*(?P<age>(?:aged?\s+)?\d{1,3}\s*,\s*)?(?P<what>(?:an?|the)\s[^,.;:()\n]{3,50})(?=[,.;:()\n]|$)", re.IGNORECASE
)
_TRADE = re.compile(
    r"(?:er|or|ist|ian|ant|ent|man|woman|constable|nurse|cook|chef|clerk|pilot|priest|imam|judge|smith)$", re.IGNORECASE
)
_MEASURE = re.compile(r"an? (?:bit|little|lot|few|great|while|day|week|month|year)\b", re.IGNORECASE)
_BEFORE = 30  # characters before a name that may say whose it is


def is_mended(text: str, finding: Finding, first_names: Collection[str]) -> bool:
    """True for "Kye [sic: it is Kai]": another spelling of a name, and the text says so."""
    bracket = _BRACKET.match(text, finding.end)
    if bracket is None or not _MENDED.search(bracket[1]):
        return False
    return any(token.fold in first_names for token in tokens(bracket[1]))


def is_plural(text: str, finding: Finding, first_names: Collection[str]) -> bool:
    """True for "2 Graces on this file": one of them is she."""
    word = fold(text[finding.start : finding.end])
    return word.endswith("s") and word[:-1] in first_names and word not in first_names


def is_initial(text: str, finding: Finding, first_names: Iterable[str]) -> bool:
    """True for a letter that begins a first name; in a person's own file it is theirs whoever else begins with it."""
    letter = fold(text[finding.start : finding.end])
    return len(letter) == 1 and any(name.startswith(letter) for name in first_names)


def is_family(text: str, finding: Finding, name_words: Collection[str]) -> bool:
    """True for "the Ogdens" and "the Ogden boys": a family's name that is the person's own."""
    word = fold(text[finding.start : finding.end])
    if not _THE.search(text, max(0, finding.start - _BEFORE), finding.start):
        return False
    plural = word.endswith("s") and (word[:-1] in name_words or word.removesuffix("es") in name_words)
    return plural or (word in name_words and bool(_HOUSEHOLD.match(text, finding.end)))


def namesake(text: str, finding: Finding, strangers: Iterable[Entity]) -> Entity | None:
    """Who is meant by "her cousin, also called Penny (Penny Marsden)": somebody else of the same first name."""
    said = {token.fold for token in tokens(text, finding.start, finding.end)}
    same = [
        entity for entity in strangers
        if any(said < {token.fold for token in tokens(surface)} for surface in entity.surfaces)
    ]  # fmt: skip
    bracket = _BRACKET.match(text, finding.end)
    meant = {token.fold for token in tokens(bracket[1])} if bracket else set()
    told = bool(_NAMESAKE.search(text, max(0, finding.start - _BEFORE), finding.start))
    for entity in same:
        wordings = ({token.fold for token in tokens(surface)} for surface in entity.surfaces)
        if told or any(said < wording <= meant for wording in wordings):
            return entity
    return None


def stands_among_names(text: str, finding: Finding, people: Iterable[Finding]) -> bool:
    """True for "Riley" in "Riley and Alfie": one word with a capital, joined to somebody's first name, is a name itself."""
    if not re.fullmatch(r"[^\W\d_]+", surface := text[finding.start : finding.end]) or not surface[0].isupper():
        return False
    for person in people:
        if person.category is Category.PERSON and re.fullmatch(r"[^\W\d_]+", text[person.start : person.end]):
            first, second = sorted((person, finding), key=lambda one: one.start)
            if first.end <= second.start and _JOINED.fullmatch(text, first.end, second.start):
                return True
    return False


def titled(text: str, finding: Finding, titles: Collection[str], own: Collection[str]) -> re.Match[str] | None:
    """The "Mrs Lund" in "Moorhey Academy, Mrs Lund": a person inside what was taken for a firm or a place."""
    for match in _TITLED.finditer(text, finding.start, finding.end):
        if fold(match[1]) in titles and fold(match[2]) not in own:
            return match
    return None


def appositions(text: str, people: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Where it is said what somebody is, right behind their name: "Kieran Doyle, 36, a special constable"."""
    for _, end in people:
        match = _APPOSITION.match(text, end)
        if match and (match["age"] or (_TRADE.search(match["what"]) and not _MEASURE.match(match["what"]))):
            yield match.span("what")
