"""The trained tagger's finds in a text, cleaned of what is never a detail, and what it was in doubt about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.detect.context import Words, Writing, writing
from pipeline.detect.found import Span
from pipeline.detect.tagger import CONNECTIVES, Tagger, tokenise
from pipeline.domain.finding import Category
from pipeline.names import tokens

_AMOUNT = re.compile(
    r"^(?:about |approximately |over |nearly |almost |some )?[£€$]?\s?\d[\d,.]*\s?"
    r"(?:k|m|%|pounds?|quid|pence|p|people|families|hours?|hrs?|days?|weeks?|wks?|"
    r"months?|mths?|years?|yrs?|times|sessions?|calls?)?(?: (?:a|per) (?:day|week|month|year))?$|"
    r"^(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2}) (?:hours?|days?|weeks?|months?|years?)$",
    re.IGNORECASE,
)
_TECHNICAL = re.compile(r"utf-?(?:8|16)|[78]bit|us-ascii|iso-8859-1|windows-1252|base64|quoted-printable", re.IGNORECASE)
_DOUBT = 0.03  # P(person) from which a word that the tagger let pass is remembered
_NO_DAY = re.compile(
    r"^(?:(?:in|since|from|by|until|end|early|mid|late|of|the|last|next|this|every|on|around|about|to|and|&|-|\s)*"
    r"(?:24/7|(?:19|20)\d\d|\d{1,2}[:.]\d\d(?:\s?[ap]m)?|\d{1,2}\s?[ap]m|mon(?:day)?s?|tue(?:s(?:day)?)?s?|wed(?:s|nesday)?s?|"
    r"thu(?:r(?:s(?:day)?)?)?s?|fri(?:day)?s?|sat(?:urday)?s?|sun(?:day)?s?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|"
    r"june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|spring|summer|autumn|winter|christmas|"
    r"xmas|easter|today|tomorrow|yesterday|morning|afternoon|evening|night|week|month|year)\W*)+$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s+(?:[-–+&/]|n|and|also|aka)\s+(?:also\s+|aka\s+)?(?=\w)|\s*[;|\n]+\s*|\s{2,}|:\s", re.IGNORECASE)
PLAIN_AFTER = re.compile(r"\s(?:up|of|to)\b", re.IGNORECASE)
_NOT_AFTER_AGE = re.compile(
    r"-?\s?(?:year|month|week|day|yr|mth|wk)s?[- ]"
    r"(?:tenancy|lease|plan|order|term|ban|contract|sentence|course|wait|fix|bed)",
    re.IGNORECASE,
)
_SUM_BEFORE = re.compile(r"£[\d,.]+\s?$")
_LEAD = re.compile(r"(?:(?:in|at|from|to|near|by|for|on|of|with|that|this)\s+)+", re.IGNORECASE)
_TRAIL = re.compile(r"\s+(?:and|or|in|at|to|for|on|is|was)$", re.IGNORECASE)
_NO_AGE = re.compile(
    r"^(?:(?:19|20)\d\d|1[2-9]\d|[2-9]\d\d|\d{1,2}:\d{1,2}|\d+(?:\.\d+)?\s?(?:%|c|f|kg|g|mg|ml|lb|lbs|oz|st|cm|m|km|k|x|"
    r"mins?|hrs?|hours?|°c?)(?:\s?\d+)?)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Tagged:
    """``spans`` of one text, and ``doubts``: P(person) at the start of each word piece that was in doubt."""

    spans: list[Span]
    doubts: Mapping[int, float]

    def doubt(self, start: int, end: int) -> float:
        """The highest P(person) of the pieces of a word."""
        return max((self.doubts[at] for at in range(start, end) if at in self.doubts), default=0.0)


def tag(tagger: Tagger, text: str, words: Words) -> Tagged:
    """Run the tagger over one text, whole; it makes its own windows."""
    pieces = tokenise(tagger.tokenizer, text)
    if not len(pieces.ids):
        return Tagged([], {})
    odds = tagger.probabilities(pieces)
    person = 1 + 2 * tagger.categories.index(Category.PERSON.value)
    chance = odds[:, person] + odds[:, person + 1]
    doubts = {int(pieces.starts[at]): float(chance[at]) for at in np.flatnonzero(chance >= _DOUBT)}
    spans = [Span(one.start, one.end, Category(one.category), one.score, "tagger") for one in tagger.decode(text, pieces, odds)]
    pieces_of = (piece for span in spans for piece in _pieces(text, span, words))
    return Tagged([span for span in pieces_of if allowed(text, span, words)], doubts)


def _pieces(text: str, span: Span, words: Words) -> Iterator[Span]:
    """A person's span holds one person ("drew n bill" are two); a place's does not begin with a preposition."""
    surface = text[span.start : span.end]
    if span.category is Category.PERSON:
        at = 0
        for cut in [*_BETWEEN.finditer(surface), None]:
            end = cut.start() if cut else len(surface)
            folded = [token.fold for token in tokens(surface[at:end])]
            if folded and not all(word in words.common and word not in words.given for word in folded):
                yield span._replace(start=span.start + at, end=span.start + end)
            elif at == 0 and cut is None:
                yield span
            at = cut.end() if cut else end
    elif span.category in (Category.LOCATION, Category.ORGANISATION):
        lead, tail = _LEAD.match(surface), _TRAIL.search(surface)
        start, end = lead.end() if lead else 0, tail.start() if tail else len(surface)
        if start < end:
            yield span._replace(start=span.start + start, end=span.start + end)
    elif span.category in (Category.PHONE, Category.POSTCODE):
        yield from _on_its_lines(span, surface)
    else:
        yield span


def _on_its_lines(span: Span, surface: str) -> Iterator[Span]:
    """A number that goes on over a line break, without the lines beside it that hold no figure."""
    lines = [line for line in re.finditer(r"[^\n]+", surface) if any(map(str.isdecimal, line.group()))]
    if lines:
        yield span._replace(start=span.start + lines[0].start(), end=span.start + lines[-1].end())


def allowed(text: str, span: Span, words: Words) -> bool:
    """False for a find that is nobody's detail: a benefit, a drug, a bare month, a clock time."""
    surface = text[span.start : span.end].strip(" .,;:()'\"-")
    if _TECHNICAL.fullmatch(surface):
        return False  # how an e-mail is written, in its head
    if span.category is Category.DATE:
        return _NO_DAY.match(surface) is None and _AMOUNT.match(surface) is None
    if span.category is Category.INDIRECT and _AMOUNT.match(surface):
        return False  # a fact of the story; in a court's judgment the recognisers find it
    if span.category is Category.AGE:
        return _NO_AGE.match(surface) is None and _NOT_AFTER_AGE.match(text, span.end) is None
    if span.category in (Category.ID_NUMBER, Category.PHONE):
        return sum(map(str.isalnum, surface)) >= 4 and (span.category is Category.ID_NUMBER or any(map(str.isdecimal, surface)))
    folded = " ".join(token.fold for token in tokens(surface))
    if not _substantial(text, span, surface, folded, words):
        return False
    if span.category is Category.PERSON:
        per_week = len(surface) <= 3 and _SUM_BEFORE.search(text[max(0, span.start - 16) : span.start])
        if per_week or not any(map(str.isalpha, surface)):
            return False
        if surface.isupper() and len(surface) <= 4 and surface in words.acronyms:
            return False
        if folded in words.given and PLAIN_AFTER.match(text, span.end) and not surface.istitle():
            return False
        if folded in words.common and surface.islower() and writing(text, span.start) is Writing.MIXED:
            return False
        return folded not in words.never or folded in words.given or (surface.isupper() and len(surface) <= 3)
    if span.category in (Category.LOCATION, Category.ORGANISATION, Category.INDIRECT):
        return bool(folded) and folded.removeprefix("the ") not in words.never
    return True


def _substantial(text: str, span: Span, surface: str, folded: str, words: Words) -> bool:
    """False for titles and articles alone, for a phrase without a word that says anything, and for a lone small letter."""
    if span.category is Category.INDIRECT:
        return not all(part in words.grammar["particles"] or part in CONNECTIVES for part in folded.split())
    if span.category not in (Category.PERSON, Category.LOCATION, Category.ORGANISATION):
        return True
    parts = folded.split()
    if all(part in words.honorifics or part in words.grammar["particles"] for part in parts) and surface.islower():
        return False
    return not (len(folded) == 1 and surface.islower() and writing(text, span.start) is Writing.MIXED)
