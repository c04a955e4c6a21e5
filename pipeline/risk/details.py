"""Read what a telling still says about a person: only what is on the page counts, whatever was decided before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.domain.client import Client
from pipeline.domain.risk import Detail, Kind
from pipeline.domain.telling import Telling
from pipeline.generalise.rarity import Rarity
from pipeline.names import fold

_SHE, _HE = re.compile(r"\b(?:she|her|hers|herself)\b", re.IGNORECASE), re.compile(r"\b(?:he|him|his|himself)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_DECADES = {f"{stem}ies": 10 * n for n, stem in enumerate("twent thirt fort fift sixt sevent eight ninet".split(), 2)}
_DECADE = re.compile(rf"\b(?:in (?:my|her|his|their|the|our) (?:early |mid |late )?)?({'|'.join(_DECADES)})\b", re.IGNORECASE)
_SOMETHING = re.compile(r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-something\b", re.IGNORECASE)
_TENS = {word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_BANDS: tuple[tuple[re.Pattern[str], int, int], ...] = tuple(
    (re.compile(rf"\b{words}\b", re.IGNORECASE), low, high)
    for words, low, high in (
        ("late teens", 18, 19), ("(?:teenager|teenage)", 13, 17), ("young child", 0, 12), ("under eighteen", 0, 17),
        ("early adult life", 18, 39), ("middle life", 40, 64), ("later life", 65, 120), ("of adult age", 18, 120),
        ("over 85", 85, 120),
    )
)  # fmt: skip
_EXACT = re.compile(r"\baged (\d{1,3})\b|\b(\d{1,3})[- ]years?[- ]old\b", re.IGNORECASE)
_PARTS = {
    "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (1, 3), "early": (1, 2), "late": (12, 12),
    "first quarter of": (1, 3), "second quarter of": (4, 6), "third quarter of": (7, 9), "fourth quarter of": (10, 12),
}  # fmt: skip
_MONTHS = {name: n for n, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH_YEAR = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\.? ((?:19|20)\d\d)\b", re.IGNORECASE)
_PART_YEAR = re.compile(rf"\b({'|'.join(_PARTS)}) ((?:19|20)\d\d)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:in|during|since|until|by|from) ((?:19|20)\d\d)\b", re.IGNORECASE)
_ENDINGS = re.compile(r"(?:ing|ies|ied|ed|es|s|y|e)$")
_MATTERS_FROM = timedelta(days=366)


def remaining(telling: Telling, client: Client | None, rarity: Rarity) -> tuple[Detail, ...]:
    """Everything that the passages say and the client list or the population can be searched by.

    With a ``client``, ages and days that are not theirs are somebody else's and narrow nothing down to them.
    """
    text = " ".join(passage.text for passage in telling.passages)
    found = [*_gender(text, rarity), *_ages(text, rarity), *_days(text), *_origin(text, rarity), *_rare(text, rarity)]
    if client:
        found = [detail for detail in found if fits(detail, client)]
        found += _of_row(text, telling, client)
    return tuple(dict.fromkeys(found))


def fits(detail: Detail, client: Client) -> bool:
    """Whether a client may be the one whom a detail is about; an empty cell fits everything."""
    match detail.kind:
        case Kind.GENDER:
            letter = client.gender.strip().lower()[:1]
            return letter not in {"f", "m"} or letter == detail.value
        case Kind.AGE:
            return _age_fits(detail, client)
        case Kind.DATES:
            begins = client.referred_on or date.min
            ends = client.closed_on or date.max
            return detail.first <= ends and begins <= detail.last
        case Kind.SERVICE:
            return not client.service.strip() or fold(client.service.strip()) == detail.value
        case Kind.OUTCOME:
            return fold(client.outcome.strip()) == detail.value
        case Kind.PLACE:
            return not client.district.strip() or fold(client.district.strip()) == detail.value
        case Kind.ORIGIN:
            return fold(client.ethnicity.strip()) not in {"white british", "white - british", "white english"}
    return True


def _gender(text: str, rarity: Rarity) -> Iterator[Detail]:
    she, he = len(_SHE.findall(text)), len(_HE.findall(text))
    if she != he:
        yield Detail(Kind.GENDER, "f" if she > he else "m", share=rarity.gender)


def _ages(text: str, rarity: Rarity) -> Iterator[Detail]:
    spans = [(_DECADES[word.lower()], _DECADES[word.lower()] + 9) for word in _DECADE.findall(text)]
    spans += [(_TENS[word.lower()], _TENS[word.lower()] + 9) for word in _SOMETHING.findall(text)]
    spans += [(low, high) for pattern, low, high in _BANDS if pattern.search(text)]
    spans += [(int(a or b), int(a or b)) for a, b in _EXACT.findall(text)]
    for low, high in dict.fromkeys(spans):
        yield Detail(Kind.AGE, low=low, high=high, share=rarity.of_age(low, high))


def _days(text: str) -> Iterator[Detail]:
    for month, year in _MONTH_YEAR.findall(text):
        yield _stretch(int(year), _MONTHS[month.lower()[:3]], _MONTHS[month.lower()[:3]])
    for part, year in _PART_YEAR.findall(text):
        yield _stretch(int(year), *_PARTS[part.lower()])
    for year in _YEAR.findall(text):
        yield _stretch(int(year), 1, 12)


def _stretch(year: int, month: int, until: int) -> Detail:
    return Detail(Kind.DATES, first=date(year, month, 1), last=date(year + until // 12, until % 12 + 1, 1) - timedelta(days=1))


def _origin(text: str, rarity: Rarity) -> Iterator[Detail]:
    if rarity.overseas_words.search(text):
        yield Detail(Kind.ORIGIN, share=rarity.overseas)


def _rare(text: str, rarity: Rarity) -> Iterator[Detail]:
    for rare in rarity.rare:
        for match in rare.words.finditer(text):
            yield Detail(rare.detail, fold(match.group()), share=rare.share)


def _of_row(text: str, telling: Telling, client: Client) -> Iterator[Detail]:
    """What the page says in the words of the person's own row."""
    folded = f" {' '.join(_WORD.findall(fold(text)))} "
    if client.service.strip():
        # What kind of help it was cannot be told apart from the story itself.
        yield Detail(Kind.SERVICE, fold(client.service.strip()))
    if client.district.strip() and f" {' '.join(_WORD.findall(fold(client.district)))} " in folded:
        yield Detail(Kind.PLACE, fold(client.district.strip()))
    words = [_ENDINGS.sub("", word) for word in _WORD.findall(fold(client.outcome))]
    told = {_ENDINGS.sub("", word) for word in folded.split()}
    if words and sum(word in told for word in words) >= 0.5 * len(words):
        yield Detail(Kind.OUTCOME, fold(client.outcome.strip()))


def _age_fits(detail: Detail, client: Client) -> bool:
    if client.date_of_birth:
        begins = client.referred_on or client.closed_on
        if begins is None:
            return True
        ends = client.closed_on or begins + _MATTERS_FROM
        return _years(client.date_of_birth, begins) <= detail.high and detail.low <= _years(client.date_of_birth, ends)
    digits = [int(part) for part in re.findall(r"\d+", client.age_band)]
    if not digits:
        return True
    if "under" in client.age_band.lower():
        return detail.low < digits[0]
    return digits[0] <= detail.high and detail.low <= (digits[-1] if len(digits) > 1 else 120)


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
