"""What a reader can take from a text about a person: gender, ages, days, words and numbers.

Written apart from ``generalise`` and ``risk`` on purpose: an attack that shared their idea of a detail would miss what
they miss.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.names import fold

_WORD = re.compile(r"[^\W\d_]{2,}(?:['’][a-z]+)?")
_NAME = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_HEDGES = r"about|around|roughly|nearly|almost|(?:more|less) than|at least|over|under"
_ROUGHLY = re.compile(rf"\b({_HEDGES})\s+£?\s?(\d[\d,]*(?:\.\d+)?)", re.I)
_SLACK = {"more than": (1.0, 1.6), "at least": (1.0, 1.6), "over": (1.0, 1.6), "less than": (0.6, 1.0), "under": (0.6, 1.0)}
_SHE, _HE = re.compile(r"\b(?:she|her|hers|herself)\b", re.I), re.compile(r"\b(?:he|him|his|himself)\b", re.I)
_TENS = {word: 10 * place for place, word in enumerate("twent thirt fort fift sixt sevent eight ninet".split(), 2)}
_TENS_ALSO = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_DECADE = re.compile(rf"\b(?:(early|mid|late)[- ])?({'|'.join(_TENS)})ies\b", re.I)
_SOMETHING = re.compile(rf"\b({'|'.join(_TENS_ALSO)})-something\b", re.I)
_OVER = re.compile(r"\bover (\d\d)\b", re.I)
_AGED = re.compile(
    r"\b(?:aged?|is|was|turned|at)\s+(\d{1,3})\b(?!\s*(?:%|per|hours?|weeks?|days?|months?|of|to|out|-\d))|"
    r"\b(\d{1,3})[- ]?(?:years?[- ]old|yrs?\b|yo\b|y/o\b)|[(,]\s*(\d\d)\s*[),]|\b[fm]\s*(\d\d)\b|\b(\d\d)\s*[fm]\b", re.I)
_NAMED_AGES = (("late teens", 18, 19), ("teenage", 13, 17), ("young child", 0, 12), ("retirement age", 65, 120),
               ("working age", 18, 66), ("middle age", 40, 64))
_MONTHS = {name: place for place, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ISO = re.compile(r"\b((?:19|20)\d\d)-(\d\d)-(\d\d)\b")
_SLASHED = re.compile(r"\b([0-3]?\d)[./-]([01]?\d)[./-]((?:19|20)?\d\d)\b")
_SPELT = re.compile(rf"\b([0-3]?\d)(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\.?,?\s+((?:19|20)\d\d)\b", re.I)
_MONTHLY = re.compile(rf"\b{_MONTH}\.?\s+((?:19|20)\d\d)\b", re.I)
_PARTS = {"early": (1, 3), "winter": (1, 3), "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "late": (10, 12),
          "first quarter of": (1, 3), "second quarter of": (4, 6), "third quarter of": (7, 9), "fourth quarter of": (10, 12)}
_PARTLY = re.compile(rf"\b({'|'.join(_PARTS)})\s+((?:19|20)\d\d)\b", re.I)
_YEARLY = re.compile(r"\b(?:in|during|since|from|until|by)\s+((?:19|20)\d\d)\b", re.I)

Window = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Clues:
    """What one text gives away.

    ``ages``, ``windows`` and ``about`` (figures that the text rounds) are inclusive ranges, ``words`` are folded stems,
    ``written`` are the words as they stand.
    """

    text: str
    written: str
    words: Counter[str]
    numbers: frozenset[str]
    she: int
    he: int
    ages: tuple[tuple[int, int], ...]
    windows: tuple[Window, ...]
    about: tuple[tuple[float, float], ...] = ()

    @classmethod
    def of(cls, text: str) -> Clues:
        """Read a text as an intruder would."""
        folded = " ".join(text.replace("’", "'").split())
        return cls(
            text=f" {fold(folded)} ",
            written=f" {' '.join(_NAME.findall(text))} ",
            words=Counter(stems(folded)),
            numbers=frozenset(n.replace(",", "").rstrip(".") for n in _NUMBER.findall(folded)),
            she=len(_SHE.findall(folded)), he=len(_HE.findall(folded)),
            ages=tuple(dict.fromkeys(_ages(folded.lower()))),
            windows=tuple(sorted(set(_windows(folded)))),
            about=tuple(dict.fromkeys(_rounded(folded.lower()))),
        )


def stems(text: str) -> list[str]:
    """The words of a text, folded, without their commonest endings."""
    return [_stem(fold(word)) for word in _WORD.findall(text)]


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ied", "ed", "es", "s", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word


def _ages(text: str) -> list[tuple[int, int]]:
    found = [(low, high) for words, low, high in _NAMED_AGES if words in text]
    for part, tens in _DECADE.findall(text):
        low = _TENS[tens]
        found.append({"early": (low, low + 3), "mid": (low + 3, low + 6), "late": (low + 6, low + 9)}.get(part, (low, low + 9)))
    found += [(_TENS_ALSO[word], _TENS_ALSO[word] + 9) for word in _SOMETHING.findall(text)]
    found += [(int(age), 120) for age in _OVER.findall(text)]
    plain = [int(next(filter(None, groups))) for groups in _AGED.findall(text)]
    return found + [(age, age) for age in plain if age <= 110]


def _rounded(text: str) -> list[tuple[float, float]]:
    found = [(_SLACK.get(hedge, (0.85, 1.15)), float(number.replace(",", ""))) for hedge, number in _ROUGHLY.findall(text)]
    return [(low * value, high * value) for (low, high), value in found]


def _windows(text: str) -> list[Window]:
    found: list[Window | None] = [_day(int(y), int(m), int(d)) for y, m, d in _ISO.findall(text)]
    found += [_day(_year(y), int(m), int(d)) for d, m, y in _SLASHED.findall(text)]
    found += [_day(int(y), _MONTHS[m.lower()[:3]], int(d)) for d, m, y in _SPELT.findall(text)]
    rest = _SPELT.sub(" ", text)
    found += [_months(int(y), _MONTHS[m.lower()[:3]], _MONTHS[m.lower()[:3]]) for m, y in _MONTHLY.findall(rest)]
    found += [_months(int(y), *_PARTS[part.lower()]) for part, y in _PARTLY.findall(rest)]
    found += [_months(int(y), 1, 12) for y in _YEARLY.findall(rest)]
    return [window for window in found if window]


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits) if int(digits) < 70 else 1900 + int(digits)


def _day(year: int, month: int, day: int) -> Window | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found


def _months(year: int, first: int, last: int) -> Window:
    after = date(year + last // 12, last % 12 + 1, 1)
    return date(year, first, 1), after - timedelta(days=1)
