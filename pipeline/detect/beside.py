"""Ages that only their neighbour tells: "Grace, 42,", "Zayd (7)", "kids 3, 5 and 9", "At twelve, Ben"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.detect.found import Span
from pipeline.domain.finding import Category

_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    r"nineteen|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
)
_UNIT = r"(?:\s?(?:mths?|months?|mos?|wks?|weeks?|yrs?|years?|y/?o|days)\b(?!\s*(?:ago|later|in\b|to\b)))"
_AGE = rf"(?:(?:1[01]\d|[1-9]?\d){_UNIT}?|(?:{_WORD}){_UNIT}?)"
_STOP = r"(?![\w%£/:-])(?!\.\d)"
_IN_BRACKETS = re.compile(rf"\s?\((?:[^()\n]{{0,40}}?[,;/ ])?(?P<v>{_AGE}){_STOP}(?=\s*(?:[),;]|and\b))", re.IGNORECASE)
_AFTER_COMMA = re.compile(
    rf",\s?(?:(?:they|she|he)/\w+,\s?|(?:now|aged|only|just|about|abt|male|female|m|f)[,\s]\s?)?(?P<v>(?:1[01]\d|[1-9]?\d)(?:\s?(?:mths?|months?|wks?))?|{_WORD}){_STOP}"
    r"(?=\s*(?:[,.;)!?]|$|\n|\band\b))",
    re.IGNORECASE | re.MULTILINE,
)
_AFTER_SPACE = re.compile(
    rf"\s(?:(?:abt|about|now|is|was|approx|c\.?)\s)?(?P<v>(?:1[01]\d|[1-9]\d|[4-9]){_UNIT}?){_STOP}(?=\s*(?:[,.;)]|$|\n|(?:and|from|of|who|dx|lives?|alone)\b))",
    re.IGNORECASE | re.MULTILINE,
)
_CHILDREN = re.compile(
    r"\b(?:sons?|daughters?|dtrs?|lads?|kids?|children|boys?|girls?|twins|triplets|baby|bb|toddler|brothers?|sisters?|grandsons?|"
    r"granddaughters?|grandchildren|nephews?|nieces?|dependents?|child|siblings?)\b(?P<list>(?:\s?[(:,]\s?|\s(?:aged\s|is\s|are\s)?)"
    rf"{_AGE}{_STOP}(?:(?:\s?[,&+/]\s?|\sand\s|,\sand\s){_AGE}{_STOP})*)(?=\s*(?:[,.;)!?]|$|\n|\b(?:and|who|at|in|with)\b))",
    re.IGNORECASE | re.MULTILINE,
)
_AT = re.compile(rf"\b(?:at|by|aged?|was|when)\s(?P<v>[1-9]\d|{_WORD})(?=,?\s(?:he|she|they|i|you)\b)", re.IGNORECASE)
_RANKED = re.compile(
    rf"\b(?:eldest|oldest|youngest|elder|younger|middle one|little one)\b"
    rf"[^.\n]{{0,12}}?\b(?:at|is|was|,)\s?(?P<v>\d{{1,2}}|{_WORD})(?=\s*[,.;)]|\s(?:and|who)\b)",
    re.IGNORECASE,
)
_OF = re.compile(
    r"\b(?:an?|this|old)\s(?:[\w-]+\s){0,2}?(?:man|woman|lad|girl|boy|widow|widower|driver|nurse|teacher|worker|mother|father|student|"
    r"grandmother|grandfather|grandad|pensioner|carer|cleaner|engineer|builder|farmer|veteran|refugee|neighbour|volunteer|lady|"
    rf"gentleman|mum|dad|person|someone)\sof\s(?P<v>\d{{2}}|{_WORD})(?=\s*[,.;)!?]|\s(?:and|who|with)\b)",
    re.IGNORECASE,
)
_STILL_AT = re.compile(r"(?<=[a-z]\sat\s)(?P<v>[6-9]\d|10\d)(?=[!.?])")
_NUMBER = re.compile(_AGE, re.IGNORECASE)


def ages(text: str, spans: Iterable[Span]) -> list[Span]:
    """Ages told by a person or a kin word beside them."""
    found = [(m.start("v"), m.end("v")) for one in (_AT, _RANKED, _OF, _STILL_AT) for m in one.finditer(text)]
    for children in _CHILDREN.finditer(text):
        found.extend(m.span() for m in _NUMBER.finditer(text, *children.span("list")))
    for span in spans:
        if span.category is Category.PERSON:
            found.extend(_after(text, span.end))
    return [Span(start, end, Category.AGE, 0.8, "beside", "AGE") for start, end in found]


def _after(text: str, end: int) -> Iterator[tuple[int, int]]:
    if text[end : end + 2] in ("'s", "'S"):
        end += 2
    if text[end : end + 1] in "\"')":
        end += 1
    for pattern in (_IN_BRACKETS, _AFTER_COMMA, _AFTER_SPACE):
        match = pattern.match(text, end)
        if match:
            yield match.span("v")
            return
