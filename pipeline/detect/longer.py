"""What was found in part, whole: the title before a name, the last words of an organisation's, the floor of an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.detect.context import Words, Writing, writing
from pipeline.detect.found import Span
from pipeline.detect.tagging import Tagged
from pipeline.domain.finding import Category

_HONOUR = re.compile(
    r"\b(?:Her|His)\s+Honour(?:\s+Judge)?\s*$|\b(?:Rt\.?\s+)?Hon\.?\s*$|\bJudge\s*$|"
    r"\b(?-i:Baby|BABY)\s*$|\bDistrict Judge\s*$",
    re.IGNORECASE,
)
_HEADS = (
    "club|fund|school|surgery|centre|center|works|group|cafe|café|church|chapel|mosque|temple|gurdwara|mandir|synagogue|hall|"
    "hospital|academy|college|nursery|clinic|hub|trust|association|housing|homes|house|lodge|court|practice|pharmacy|dental|"
    "solicitors|llp|ltd|council|university|choir|band|society|project|kitchen|pantry|foodbank|library|team|unit|ward|mill|mills|"
    "factory|bakery|dairy|farm|garage|hotel|inn|arms|dance|shed|refuge|shelter|hostel|foyer|department|services?|partnership|"
    "charity|foundation|institute|infirmary|primary|secondary|infants?|juniors?|high|grammar|homecare|care|lettings|estates?|"
    "catering|motors|stores?|market|museum|theatre|cinema|gym|pool|baths|gardens?|allotments?|rovers|united|city|fc|rfc|cc|"
    "hosp|prim|sch|coll|surg|ctr|cntr|infirm|nurs|assoc|skips|travel|cabs|taxis|coaches|plumbing|roofing|builders|scaffolding|"
    "recovery|haulage|logistics|joinery|electrical|tyres|autos|salon|barbers|kaff|caff|takeaway|tandoori|fisheries|recruitment|"
    "removals|meats|foods|textiles|carpets|furniture|pawnbrokers|bookmakers|properties|rentals|cleaners|laundry|brewery|joiners"
)
_TAIL = re.compile(
    rf"(?:'s)?(?:\s(?!(?:and|or|the|a|in|at|on|for|with|who|is|was)\b)[\w'&]+){{0,2}}?\s(?:{_HEADS})\b", re.IGNORECASE
)
_SAINT = re.compile(r"(?:the )?(?:st|saint|ss)\.? [\w -]{2,30}'s", re.IGNORECASE)
_ENDS_AS_OWNER = re.compile(
    r"'s(?=[.,;:!?)\n]|$| (?:with|and|on|at|for|in|by|when|where|as|to|but|who|she|he|they|is|was|has|or|from|if|until|since|"
    r"then|again)\b)",
    re.IGNORECASE,
)
_SITE = re.compile(r" (?:(?:caravan|traveller|travellers'|gypsy) )?(?:site|estate|island|village|precinct)\b", re.IGNORECASE)
_FLOOR = r"(?:top|ground|grd|1st|2nd|3rd|first|second|third|fourth|basement|bsmt|lower|upper|rear|back|front|attic|garden)"
_FLOOR_AFTER = re.compile(rf",?[ ]\(?{_FLOOR}[ ](?:floor|flr|fl|flat|flt)\b(?:[ ](?:flat|flt))?", re.IGNORECASE)
_FLOOR_BEFORE = re.compile(
    rf"\b(?:{_FLOOR}[ ](?:floor|flr|fl|flat|flt)(?:[ ](?:flat|flt))?|basement|bsmt|attic|annexe?),?[ ](?:(?:at|of)[ ])?$",
    re.IGNORECASE,
)
_IN_CAPITALS = re.compile(r" (?P<v>[A-Z][A-Z'-]{2,})(?= (?:AT|FROM|ON|RE|ABOUT|FOR|IN)\b|,| ?\(|\.|\n|$| \d)")
_AND = re.compile(r"\s(?:and|&|of|for)\s", re.IGNORECASE)


def longer(text: str, spans: Sequence[Span], tagged: Tagged, words: Words) -> Iterator[Span]:
    """Longer spans of the people, places and addresses that were found."""
    for span in spans:
        if span.category is Category.PERSON:
            yield from _longer_person(text, span, tagged, words)
        elif span.category in (Category.ORGANISATION, Category.LOCATION):
            yield from _longer_place(text, span)
        elif span.category is Category.ADDRESS:
            yield from _with_its_floor(text, span)
    yield from _one_organisation(text, spans, words)


def _longer_person(text: str, span: Span, tagged: Tagged, words: Words) -> Iterator[Span]:
    start, end = span.start, span.end
    title = re.search(r"([^\W\d_]+)\.?[ \t]$", text[max(0, start - 16) : start])
    if title and title.group(1).lower() in words.honorifics:
        start -= len(title.group())
    honour = _HONOUR.search(text[max(0, start - 30) : start])
    if honour:
        start -= len(honour.group())
    after = re.match(r"[ ]([^\W\d_][\w'-]*)(?=\W|$)", text[end : end + 40])
    if after and after.group(1)[0].isupper() and tagged.doubt(end + 1, end + len(after.group())) >= 0.05:
        end += len(after.group())
    elif text[start:end].isupper() and text[start:end].lower() in words.given and writing(text, start) is Writing.CAPITALS:
        surname = _IN_CAPITALS.match(text, end)
        if surname and not _plain_word(surname.group("v").lower(), words):
            end = surname.end("v")
    if (start, end) != (span.start, span.end):
        yield span._replace(start=start, end=end, detector="cue")


def _plain_word(word: str, words: Words) -> bool:
    return any(word in words.grammar[kind] for kind in ("finite", "particles", "not_before", "function_words", "calendar")) or (
        word in words.verbs or word in words.never or word in words.titles or word in words.kin
    )


def _with_its_floor(text: str, span: Span) -> Iterator[Span]:
    """ "top flr flat" before or after the street."""
    before = _FLOOR_BEFORE.search(text, max(0, span.start - 40), span.start)
    after = _FLOOR_AFTER.match(text, span.end)
    if before or after:
        yield span._replace(
            start=before.start() if before else span.start, end=after.end() if after else span.end, detector="cue"
        )


def _longer_place(text: str, span: Span) -> Iterator[Span]:
    saint = _SAINT.match(text[span.start : span.end + 2])
    if saint and len(saint.group()) == span.end - span.start + 2:
        span = span._replace(end=span.end + 2, detector="cue")
        yield span
    owner = _ENDS_AS_OWNER.match(text, span.end)
    site = _SITE.match(text, span.end) if span.category is Category.LOCATION else None
    longer = site or (owner if span.category is Category.ORGANISATION else None)
    if longer:
        yield span._replace(end=longer.end(), detector="cue")
    tail = _TAIL.match(text, span.end)
    if tail is None or "\n" in tail.group():
        return
    last = tail.group().split()[-1]
    same_case = last[0].isupper() == text[span.start : span.end].lstrip("the ")[:1].isupper()
    if same_case:
        yield Span(span.start, tail.end(), Category.ORGANISATION, span.score, "cue")


def _one_organisation(text: str, spans: Sequence[Span], words: Words) -> Iterator[Span]:
    """ "Kirkmoulin Care and Repair": what follows the "and" is an ordinary word, so it is no second organisation."""
    for one, two in pairwise(spans):
        if not (one.category is two.category is Category.ORGANISATION and _AND.fullmatch(text, one.end, two.start)):
            continue
        if all(word.lower() in words.common for word in text[two.start : two.end].split()):
            yield one._replace(end=two.end, detector="cue")
