"""A name found anywhere in a story is sought everywhere in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from pipeline.detect.context import Evidence, Words, Writing, writing
from pipeline.detect.found import Span
from pipeline.detect.tagging import PLAIN_AFTER, Tagged
from pipeline.domain.finding import Category
from pipeline.names import Token

_PLACES = frozenset({Category.LOCATION, Category.ORGANISATION})
_EXACT = frozenset(
    {Category.ID_NUMBER, Category.PHONE, Category.EMAIL, Category.ONLINE_HANDLE, Category.ADDRESS, Category.POSTCODE}
)
_ACTED_ON = re.compile(
    r"(?:\b(?:told|tell|rang|ring|asked|ask|phoned|texted|txt|emailed|proposed|seconded|agreed|actions?|per|by|saw|met|cc|chair|"
    r"advised|(?:tc|call|text|txt|email|letter|msg|vm) (?:to|from|w/|with)|"
    r"(?:mtg|meeting|seen|visit|hv|spoke|discussed|action) (?:by|with|w/?|to|for)):?\s|w/\s?|[+&]\s?|\b[A-Z]{2,3}/)$",
    re.IGNORECASE,
)
_ACTING = re.compile(
    r"\s?[+&/]\s?\w|:\s|'s\b|\s(?:ret'?d|rtn'?d|to (?:ring|write|call|send|chase|contact|check|follow|update|arrange|book|ask|"
    r"speak|visit|do|get|draft|refer|complete|email|phone|lead|report|keep|flag|action|attend|help|see|make|find|liaise|discuss))\b",
    re.IGNORECASE,
)
_SPOKEN_TO = re.compile(
    r"\b(?:thanks|thank(?: you|u)?|thankyou|thx|cheers|ta|bless you|bless|love you|love|well done|hello|hi|hiya|hey|bye|goodbye|"
    r"dear|sorry|please|night|morning)[ ,]{1,2}$",
    re.IGNORECASE,
)
_AFTER_A_PAIR = frozenset("at in on from with came were are went rang both".split())
_SAID = re.compile(r"\s*(?:[.!?,;:)\"”’]|x{1,4}\b|\n|$)", re.IGNORECASE)
_HASHTAG = re.compile(r"(?<![\w&/])#(?P<v>[^\W\d_][\w]{3,60})")
_CAMEL = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])")
_CLIPPED_DAYS = frozenset(
    "mon tue tues wed weds thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec".split()
)


@dataclass(slots=True)
class _Sought:
    """What one story's finds say to look for."""

    parts: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)  # beginnings of parts: "Dev" of Devinder
    ordinary: Counter[str] = field(default_factory=Counter)
    initials: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)  # initials that are an acronym too
    phrases: dict[str, set[tuple[tuple[str, ...], Category]]] = field(default_factory=dict)
    close: dict[tuple[str, int], list[str]] = field(default_factory=dict)  # parts by first letter and length
    misspelt: dict[str, bool] = field(default_factory=dict)  # words already compared

    def is_misspelt(self, word: str) -> bool:
        """Whether a word is one letter away from a part; each word is compared once, with parts of its letter and length."""
        if not self.close:
            for part in self.parts:
                self.close.setdefault((part[0], len(part)), []).append(part)
        if word not in self.misspelt:
            near = (part for size in (-1, 0, 1) for part in self.close.get((word[0], len(word) + size), ()))
            self.misspelt[word] = any(_misspelt(word, part) for part in near)
        return self.misspelt[word]


def propagate(text: str, listed: Sequence[Token], spans: Sequence[Span], tagged: Tagged, words: Words) -> list[Span]:
    """The further places where what was found stands again; only new spans are returned; ``listed`` are the text's words."""
    sought = _collect(text, spans, listed, words)
    covered = _covered(spans, len(text))
    found: list[Span] = []
    for at, token in enumerate(listed):
        if covered[token.start]:
            continue
        found.extend(_phrases(text, listed, at, sought))
        named = token.fold in sought.ordinary and _joined_to_a_name(listed, at, covered)
        if named or _is_part(text, listed, at, sought, tagged, words):
            found.append(Span(_titled(text, listed, at, words), token.end, Category.PERSON, 0.8, "propagated"))
    found.extend(_literal(text, spans))
    found.extend(_hashtags(text, sought, words))
    return found


def _collect(text: str, spans: Iterable[Span], listed: Sequence[Token], words: Words) -> _Sought:
    sought = _Sought()
    starts = {token.start: number for number, token in enumerate(listed)}
    for span in spans:
        first = next((starts[at] for at in range(span.start, span.end) if at in starts), None)
        if first is None:
            continue
        inside = []
        while first < len(listed) and listed[first].start < span.end:
            inside.append(listed[first])
            first += 1
        if span.category is Category.PERSON:
            _collect_person(inside, sought, words)
        elif span.category in _PLACES:
            folded = tuple(token.fold for token in inside if token.fold != "the")
            if len(folded) > 1 or (folded and folded[0] not in words.ordinary and len(folded[0]) > 3):
                sought.phrases.setdefault(folded[0], set()).add((folded, span.category))
    return sought


def _collect_person(inside: Sequence[Token], sought: _Sought, words: Words) -> None:
    parts = [token for token in inside if token.fold not in words.titles or token is inside[-1]]
    names = [token.fold for token in parts if len(token.fold) > 1]
    for name in names:
        if len(names) == 1 and len(parts) == 1 and inside[0].text.isupper() and len(name) <= 3:
            sought.initials.add(inside[0].text)
        elif name in words.titles or name in words.kin or (name in words.never and name not in words.given):
            continue
        elif name in words.ordinary:
            sought.ordinary[name] += 1
        elif len(name) > 2 or parts[0].text.istitle():
            sought.parts.add(name)
            sought.short.update(name[:size] for size in range(2, min(6, len(name) - 1)))
    if len(names) >= 2:
        sought.phrases.setdefault(names[0], set()).add((tuple(names), Category.PERSON))
        initials = "".join(name[0] for name in names).upper()
        if len(initials) <= 3:
            (sought.shared if initials in words.acronyms else sought.initials).add(initials)
        if len(initials) > 2:
            sought.shared.add(initials[0] + initials[-1])


def _joined_to_a_name(listed: Sequence[Token], at: int, covered: bytearray) -> bool:
    """ "saw hope n will at the drop in": the second of two who are named, and no verb."""
    if at < 2 or at + 1 >= len(listed) or listed[at - 1].fold not in {"n", "and"}:
        return False
    return bool(covered[listed[at - 2].start]) and listed[at + 1].fold in _AFTER_A_PAIR


def _addressed(text: str, listed: Sequence[Token], at: int) -> bool:
    """ "Thank you Hope.", "cheers Will!": somebody who is spoken to, at the end of what is said to them."""
    token = listed[at]
    capital = token.text[0].isupper() or writing(text, token.start) is not Writing.MIXED
    return capital and bool(_SPOKEN_TO.search(text[max(0, token.start - 24) : token.start]) and _SAID.match(text, token.end))


def _phrases(text: str, listed: Sequence[Token], at: int, sought: _Sought) -> list[Span]:
    found = []
    for parts, category in sought.phrases.get(listed[at].fold, ()):
        end = at + len(parts)
        if tuple(token.fold for token in listed[at:end]) != parts:
            continue
        if all(
            re.fullmatch(r"[\s,.&'-]{1,3}|\s*\n\s*", text[a.end : b.start])
            for a, b in zip(listed[at:end], listed[at + 1 : end], strict=False)
        ):
            found.append(Span(listed[at].start, listed[end - 1].end, category, 0.85, "propagated"))
    return found


def _is_part(text: str, listed: Sequence[Token], at: int, sought: _Sought, tagged: Tagged, words: Words) -> bool:
    token = listed[at]
    word = token.fold
    if word in sought.parts:
        return len(word) > 2 or token.text[0].isupper()
    if token.text in sought.initials and token.text.isupper():
        return writing(text, token.start) is not Writing.CAPITALS
    if token.text in sought.shared and writing(text, token.start) is Writing.MIXED:
        follower = listed[at + 1].fold if at + 1 < len(listed) and text[token.end : listed[at + 1].start] == " " else ""
        before = text[max(0, token.start - 24) : token.start]
        return follower in words.verbs or bool(_ACTED_ON.search(before) or _ACTING.match(text, token.end))
    if word in sought.ordinary:
        if _addressed(text, listed, at):
            return True
        evidence, doubt = words.evidence(text, listed, at), tagged.doubt(token.start, token.end)
        if PLAIN_AFTER.match(text, token.end) and not token.text.istitle():
            return False
        sure = 0.5 if token.text.islower() and writing(text, token.start) is Writing.MIXED else 0.12
        if evidence is Evidence.STRONG or doubt >= sure or (evidence is Evidence.CAPITAL and doubt >= 0.02):
            return True
        return sought.ordinary[word] > 1 and words.plausible(text, listed, at)
    if word.endswith("s") and word[:-1] in sought.parts and word not in words.common:
        return True
    if word in sought.short and _is_short(text, token, words):
        return True
    if len(word) < 5 or word in words.ordinary or word in words.never or word in words.kin:
        return False
    return sought.is_misspelt(word)


def _is_short(text: str, token: Token, words: Words) -> bool:
    """ "Ty" where Tyrell is in the story: a capital that is no other word, or in lower case a name of its own."""
    word = token.fold
    if word in words.ordinary or word in words.never or word in words.kin or word in words.titles or word in _CLIPPED_DAYS:
        return False
    if not token.text.istitle():
        return word in words.names and len(word) > 2 and writing(text, token.start) is not Writing.MIXED
    return len(word) > 2 or word in words.names


def _hashtags(text: str, sought: _Sought, words: Words) -> list[Span]:
    """ "#JusticeForMaryam": a hashtag in which somebody's name stands."""
    found = []
    for match in _HASHTAG.finditer(text):
        parts = [part.lower() for part in _CAMEL.findall(match.group("v"))]
        named = any(part in sought.parts or (part in words.names and part not in words.ordinary) for part in parts)
        if named or any(len(part) > 3 and part in match.group("v").lower() for part in sought.parts):
            found.append(Span(*match.span(), Category.ONLINE_HANDLE, 0.8, "propagated", "HASHTAG"))
    return found


def _misspelt(word: str, part: str) -> bool:
    return len(part) >= 6 and OSA.distance(word, part, score_cutoff=1) <= 1


def _titled(text: str, listed: Sequence[Token], at: int, words: Words) -> int:
    start = listed[at].start
    if at and listed[at - 1].fold in words.honorifics and text[listed[at - 1].end : start].strip(" .") == "":
        return listed[at - 1].start
    return start


def _literal(text: str, spans: Iterable[Span]) -> list[Span]:
    """Numbers, codes and addresses once found are found again wherever the same characters stand."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return []
    found, seen = [], set[tuple[str, Category]]()
    for span in spans:
        surface = lowered[span.start : span.end]
        if span.category not in _EXACT or len(surface) < 4 or (surface, span.category) in seen:
            continue
        seen.add((surface, span.category))
        if len(surface) == 4 and surface.isdigit():
            continue
        at = lowered.find(surface)
        while at >= 0:
            end = at + len(surface)
            if at != span.start and not (_in_word(lowered, at - 1) or _in_word(lowered, end)):
                found.append(Span(at, end, span.category, 0.85, "propagated", span.kind))
            at = lowered.find(surface, end)
    return found


def _in_word(text: str, at: int) -> bool:
    return 0 <= at < len(text) and (text[at].isalnum() or text[at] == "_")


def _covered(spans: Iterable[Span], length: int) -> bytearray:
    covered = bytearray(length + 1)
    for span in spans:
        covered[span.start : span.end] = b"\x01" * (span.end - span.start)
    return covered
