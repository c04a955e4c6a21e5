"""What the tagger takes for a detail and what stands beside it says is none: "NO. IN HOUSEHOLD", "Gender: M"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.detect.context import Words, Writing, writing
from pipeline.detect.found import Span
from pipeline.domain.finding import Category

_SPELT = re.compile(r"\w\s?@\s?\w|\bat\b.*(?:\bdot\b|\.)|\[at\]|\(at\)", re.IGNORECASE | re.DOTALL)
_SEX = re.compile(r"\b(?:gender|sex|m/f)\W{1,4}$", re.IGNORECASE)
_NUMBER_LABEL = re.compile(r"nos?|nino?|ni", re.IGNORECASE)
_NUMBERED = re.compile(r"\.?\s?(?:[:#|]|[a-z]{0,2}\s?\d|in (?:household|family|property|class|group)|of )", re.IGNORECASE)
_SCHEMES = (
    "housing first", "homes for ukraine", "rapid rehousing", "everyone in", "right to buy", "right to rent", "right to remain",
    "rent a room", "shared lives", "shared ownership", "supporting people", "supported housing", "supported living",
    "supported lodgings", "families first", "family first", "flying start", "team around the child", "team around the family",
    "early help", "no second night out", "making every adult matter", "staying put", "staying close",
)  # fmt: skip
_SCHEMED = frozenset({Category.PERSON, Category.ORGANISATION, Category.LOCATION, Category.ADDRESS, Category.INDIRECT})
_KIND_OF_HOME = re.compile(
    r"(?:(?:a|an|the|his|her|their|new|own|supported|sheltered|temporary|temp|permanent|council|private|furnished|unfurnished|shared|"
    r"empty|small|ground[- ]floor|first[- ]floor|one|two|three|\d|bed|bedroom|studio|extra|care|move-on|outreach|tenancy|"
    r"address|moved|moving|living|lives?|keys|to|at|in|for)[\s:]+)*(?:(?:flat|house|bungalow|tenancy|property|accommodation|placement)"
    r"(?:[:,]\s*|\s+(?:at|is)\s+|\s+(?=[a-z])))?(?=\d|(?:flat|fl|apt|apartment|unit|room|rm)\b[^\n]*\d)",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\d|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|twent|thirt|fort|fift|sixt|eight|ninet|hundred|half|"
    r"\ba (?:year|month|week|day)|newborn|new born",
    re.IGNORECASE,
)
_DEGREES = re.compile(r"\b(?:temp(?:erature)?|thermometer|reading|heating|cold|damp)\b[^\n]{0,30}$", re.IGNORECASE)
_LEAD = re.compile(r"(?P<v>[a-z]{2,12})\s+(?=[A-Z][a-z]+(?:\s+[A-Z][a-z]+|$))")
_PARTICLES = frozenset(
    "de da do di du del dos das della la le les van von der den ter ten bin bint ibn abu al el ul ur ap ab ferch mac nic ni o st "
    "y e i".split()
)
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d")
_CLOCKED = re.compile(
    r"(?:\b(?:phoned|rang|called|at|from|by|until|till|since|time|approx|about|arrived|left)|[@:-])\s?$", re.IGNORECASE
)
_HOT = re.compile(r"\d\s?°?[CF]$")


def details(text: str, spans: Iterable[Span], words: Words) -> Iterator[Span]:
    """The spans that stay, some of them shorter."""
    schemes = _schemes(text)
    for span in spans:
        named = [end for start, end in schemes if start <= span.start < end and span.category in _SCHEMED]
        if named:
            if named[0] >= span.end:
                continue
            span = span._replace(start=named[0])
        if span.category is Category.ADDRESS:
            span = _without_its_kind(text, span)
        elif span.category is Category.PERSON:
            span = _without_its_lead(text, span, words)
        if not _none(text, span, words):
            yield span


def _schemes(text: str) -> list[tuple[int, int]]:
    """Where a way of helping is named, the "the" before it and what joins it to the next word included."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return []
    return [
        (match.start(), match.end())
        for scheme in _SCHEMES
        if scheme in lowered
        for match in re.finditer(rf"(?:\bthe )?\b{scheme}\b[\s,-]*", lowered)
    ]


def _without_its_kind(text: str, span: Span) -> Span:
    lead = _KIND_OF_HOME.match(text, span.start)
    return span._replace(start=lead.end()) if lead and lead.end() < span.end else span


def _without_its_lead(text: str, span: Span, words: Words) -> Span:
    """ "sys Nasra Barre": a small word before capitals that is neither a title nor a part of a name."""
    lead = _LEAD.match(text, span.start, span.end) if text[span.start].islower() else None
    if lead is None or writing(text, span.start) is not Writing.MIXED:
        return span
    word = lead.group("v")
    belongs = word in words.honorifics or word in words.titles or word in words.kin or word in _PARTICLES or word in words.names
    return span if belongs else span._replace(start=lead.end())


def _none(text: str, span: Span, words: Words) -> bool:
    surface = text[span.start : span.end]
    if span.category is Category.EMAIL:
        return _SPELT.search(surface) is None
    if span.category is Category.AGE:
        return _NUMBER_WORD.search(surface) is None
    if span.category is Category.ADDRESS:
        if _HOT.search(surface) and _DEGREES.search(text[max(0, span.start - 50) : span.start]):
            return True
        if surface.lower() in words.never:
            return True
        return surface.islower() and surface in words.common and writing(text, span.start) is Writing.MIXED
    if span.category is Category.PHONE:
        return _CLOCK.fullmatch(surface) is not None and _CLOCKED.search(text[max(0, span.start - 14) : span.start]) is not None
    if span.category is not Category.PERSON:
        return False
    if len(surface) == 1:
        return surface in "MFmf" and _SEX.search(text[max(0, span.start - 14) : span.start]) is not None
    return _NUMBER_LABEL.fullmatch(surface) is not None and _NUMBERED.match(text, span.end) is not None
