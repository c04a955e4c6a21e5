"""Names that the words beside them give away, where the tagger let them pass or saw only a part.

"Nan (Carol)", "nephew trev", "known as Connie", "Councillor Faith Riding (FR)", a letter alone under a message; titles
before a name; the last words of an organisation's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.detect.context import Evidence, Words, Writing, writing
from pipeline.detect.found import Span
from pipeline.detect.longer import longer
from pipeline.detect.tagging import Tagged
from pipeline.domain.finding import Category
from pipeline.names import Token, tokens

_ALIAS = re.compile(
    r"\b(?:aka|a\.k\.a\.?|known as|also known as|goes by|likes to be called|prefers|or is it|called|calls (?:him|her|them)self|"
    r"nickname(?:d)?|alias|n[ée]e|formerly|maiden name|married name|surname(?:,? which)? is|name is|named)\W{1,3}$",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"\s?[(\[](?P<v>[A-Z]{1,4})[)\]]")
_LONE = re.compile(r"^[> \t]{0,20}(?P<v>[A-Z]{1,3})[ \t]*(?:x{0,3}|\.)[ \t]*$", re.MULTILINE)
_SIGNED = re.compile(r"[.!?)]\s{1,2}(?P<v>[A-Z]{2})[ \t]*$", re.MULTILINE)
_CALLED = re.compile(r"\b(?:rang|told|asked|phoned|texted|txt|emailed|messaged|w|cc)\s$", re.IGNORECASE)
_PLACED = re.compile(r"\s(?:at|from|re|on|about|who|in|and|n)\b|\s?[,.;)]|$", re.IGNORECASE)
_LENT = re.compile(r"\b(?:owe[sd]?|owing|lent|lends?)\s$", re.IGNORECASE)
_SUM = re.compile(r"\s(?:(?:about|around|over|nearly|another)\s)?£")
_PAIR = re.compile(
    r"^[> \t]{0,20}(?P<a>[A-Z][\w'-]{0,11})[ \t]*(?:&|\+|and|n)[ \t]*(?P<b>[A-Z][\w'-]{0,11})[ \t]*x{0,4}[.!]?[ \t]*$",
    re.MULTILINE,
)
_ALONE = re.compile(r"^[> \t]{0,20}(?P<v>[A-Z][\w'-]{1,14}(?: [A-Z][\w'.-]{0,14}){0,2})[ \t]*x{0,4}[.!]?[ \t]*$", re.MULTILINE)
_FAREWELL = re.compile(
    r"\b(?:yours|regards|wishes|best|thanks|thank you|ta|cheers|love|cofion|hwyl|sincerely|faithfully|truly|bye|cariad|god bless|"
    r"see you|speak soon|soon|thx|ever so|blessings|salaams?|xx+)\b[^\n]{0,20}\n[> \t]*(?:\n[> \t]*)?$",
    re.IGNORECASE,
)
_NICK = re.compile(r"(?:^|[.;:\n-] ?)(?P<v>[A-Z][a-z]{1,9}) \($", re.MULTILINE)
_JOINED = re.compile(r"\s?(?:and|&|\+|/|n)\s?")
_JOINED_BEHIND = re.compile(r"\s?(?:and|&|\+|/|n)\s?$")
_SOLID = 4


def cued(text: str, listed: Sequence[Token], tagged: Tagged, spans: Sequence[Span], words: Words) -> list[Span]:
    """Further spans of persons and organisations, and longer ones of those already found; ``listed`` are the text's words."""
    taken = bytearray(len(text) + 1)
    for span in spans:
        taken[span.start : span.end] = b"\x01" * (span.end - span.start)
    found = [
        Span(token.start, token.end, Category.PERSON, score, "cue")
        for at, token in enumerate(listed)
        if not taken[token.start] and (score := _score(text, listed, at, tagged, words))
    ]
    found.extend(longer(text, spans, tagged, words))
    found.extend(_initials(text, [*spans, *found], words))
    found.extend(_acting_initials(text, listed, spans, words))
    found.extend(
        Span(*match.span("v"), Category.PERSON, 0.6, "cue")
        for match in _SIGNED.finditer(text)
        if match.group("v") not in words.acronyms and writing(text, match.start("v")) is Writing.MIXED
    )
    return found


def _score(text: str, listed: Sequence[Token], at: int, tagged: Tagged, words: Words) -> float:
    """How surely a word that nobody found is a name; 0 for not at all."""
    token = listed[at]
    word = token.fold
    if _titled(text, listed, at, words):
        return 0.7
    if word in words.given:
        return _homograph(text, listed, at, tagged, words)
    if len(word) < 3 or word in words.ordinary or word in words.never or word in words.kin or word in words.titles:
        return 0.0
    style = writing(text, token.start)
    if style is Writing.MIXED and (not token.text[0].isupper() or (token.text.isupper() and len(word) <= _SOLID)):
        return 0.0
    doubt = tagged.doubt(token.start, token.end)
    before = text[max(0, token.start - 40) : token.start]
    if style is Writing.MIXED and (_ALIAS.search(before) or (_LENT.search(before) and _SUM.match(text, token.end))):
        return 0.7
    if _after_kin(text, listed, at, words):
        return 0.7 if style is Writing.MIXED or doubt >= 0.1 else 0.0
    if word in words.names and not _part_of_a_title(text, listed, at, style):
        return 0.6
    if text[token.start - 1 : token.start] == "(" and text[token.end : token.end + 1] == ")" and doubt >= 0.04:
        return 0.6
    if len(word) >= _SOLID and doubt >= (0.15 if style is Writing.LOWER else 0.06):
        return 0.55
    return 0.0


def _titled(text: str, listed: Sequence[Token], at: int, words: Words) -> bool:
    """ "PCSO Dunne", "Mr Power": a capital after a title that nobody writes before anything but a name."""
    if not at or listed[at - 1].fold not in words.grammar["short_titles"]:
        return False
    token, title = listed[at], listed[at - 1]
    if text[title.end : token.start] not in (" ", ". ") or not token.text[0].isupper() or not title.text[0].isupper():
        return False
    mixed = writing(text, token.start) is Writing.MIXED
    return (mixed and token.text.istitle()) or not (mixed or _known_word(token.fold, words))


def _known_word(word: str, words: Words) -> bool:
    return word in words.common or word in words.never


def _part_of_a_title(text: str, listed: Sequence[Token], at: int, style: Writing) -> bool:
    """ "Marie Curie Centre", "Alma Street": a given name beside a capital that is no name may name a place."""
    if style is not Writing.MIXED:
        return False
    after = listed[at + 1] if at + 1 < len(listed) and text[listed[at].end : listed[at + 1].start] == " " else None
    return after is not None and after.text[0].isupper() and not after.text.isupper()


def _after_kin(text: str, listed: Sequence[Token], at: int, words: Words) -> bool:
    previous = listed[at - 1] if at else None
    if previous is None or previous.possessive or previous.fold not in words.kin:
        return False
    return re.fullmatch(r"\s?[ (:]", text[previous.end : listed[at].start]) is not None


def _homograph(text: str, listed: Sequence[Token], at: int, tagged: Tagged, words: Words) -> float:
    """A given name that is also a word: only where both its place and the tagger lean to a name, or its place is sure."""
    token = listed[at]
    doubt = tagged.doubt(token.start, token.end)
    if token.text.istitle() and _after_kin(text, listed, at, words) and writing(text, token.start) is Writing.MIXED:
        return 0.6
    if len(token.fold) > 2 and _CALLED.search(text[max(0, token.start - 12) : token.start]) and _PLACED.match(text, token.end):
        return 0.6
    if _as_subject(text, listed, at, words):
        return 0.6
    if doubt < 0.02:
        return 0.0
    evidence = words.evidence(text, listed, at)
    if evidence is Evidence.STRONG and doubt >= 0.05:
        return 0.6
    return 0.55 if evidence is Evidence.CAPITAL and doubt >= 0.25 else 0.0


def _as_subject(text: str, listed: Sequence[Token], at: int, words: Words) -> bool:
    """ "since Dale left": a capital inside a sentence, before a form that only a subject has."""
    if not 0 < at < len(listed) - 1 or not listed[at].text.istitle() or listed[at].fold in words.grammar["calendar"]:
        return False
    before, token, after = listed[at - 1 : at + 2]
    beside = text[before.end : token.start] == text[token.end : after.start] == " "
    joins = before.text.islower() and before.fold in words.grammar["before_name"]
    return beside and joins and after.fold in words.grammar["finite"] and writing(text, token.start) is Writing.MIXED


def _initials(text: str, spans: Sequence[Span], words: Words) -> Iterator[Span]:
    """ "(FR)" after Faith Riding, and a letter alone on a line that begins the name of somebody here."""
    firsts: set[str] = set()
    for span in spans:
        if span.category is not Category.PERSON:
            continue
        letters = "".join(word[0] for word in re.findall(r"[^\W\d_]+", text[span.start : span.end])).upper()
        match = _INITIALS.match(text, span.end)
        if match and len(match.group("v")) >= 2 and letters.endswith(match.group("v")[-2:]):
            yield Span(*match.span("v"), Category.PERSON, 0.9, "cue")
        firsts.add(letters[:1])
        firsts.add(letters[-2:])
    for match in _LONE.finditer(text):
        if match.group("v") in firsts:
            yield Span(*match.span("v"), Category.PERSON, 0.8, "cue")
    for span in spans:
        nick = _NICK.search(text, max(0, span.start - 24), span.start) if span.category is Category.PERSON else None
        if nick and " " in text[span.start : span.end] and nick.group("v").lower() not in words.common | words.kin | words.titles:
            yield Span(*nick.span("v"), Category.PERSON, 0.7, "cue")
    for match in _ALONE.finditer(text):
        post = any(token.fold in words.never or token.fold in words.titles for token in tokens(match.group("v")))
        if not post and _FAREWELL.search(text[max(0, match.start() - 50) : match.start()]):
            yield Span(*match.span("v"), Category.PERSON, 0.7, "cue")
    for match in _PAIR.finditer(text):
        if match.group("a") in firsts or match.group("b") in firsts:
            yield Span(*match.span("a"), Category.PERSON, 0.8, "cue")
            yield Span(*match.span("b"), Category.PERSON, 0.8, "cue")


def _acting_initials(text: str, listed: Sequence[Token], spans: Sequence[Span], words: Words) -> Iterator[Span]:
    """ "NB and IPC met", "FT rang": letters that stand for a thing elsewhere, doing what only a person does."""
    people = {span.start for span in spans if span.category is Category.PERSON} | {
        -span.end for span in spans if span.category is Category.PERSON
    }
    for at, token in enumerate(listed):
        if not (token.text.isupper() and 2 <= len(token.text) <= 3 and token.fold in words.grammar["things"]):
            continue
        after = listed[at + 1] if at + 1 < len(listed) and text[token.end : listed[at + 1].start] == " " else None
        acts = after is not None and after.text.islower() and after.fold in words.grammar["acts"]
        joined = _JOINED.match(text, token.end)
        behind = _JOINED_BEHIND.search(text, max(0, token.start - 6), token.start)
        beside = (joined and joined.end() in people and text[joined.end() : joined.end() + 2].isupper()) or (
            behind and -behind.start() in people and text[behind.start() - 2 : behind.start()].isupper()
        )
        if (acts or beside) and writing(text, token.start) is Writing.MIXED:
            yield Span(token.start, token.end, Category.PERSON, 0.6, "cue")
