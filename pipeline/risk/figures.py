"""Tell sums, weights and durations less exactly, in words that stay true: "about £600", "more than a year" (P13).

An exact sum finds one row of a list that holds sums.  A report owes its funder the sum (P19): which purposes round is
the policy's choice (``round_figures``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.case import Case
from pipeline.domain.finding import Category, Finding
from pipeline.risk.levers import is_free, with_findings

_STEPS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)
_CLOSE = 0.1  # "about" is said of a figure that is at most a tenth away
_COMMON = 12  # weeks, hours, months up to here are everybody's; and so are the figures that people round to themselves
_EVERYBODYS = {"month": {18, 24, 36, 48, 60}, "hour": {24, 48}, "week": {26, 52}, "day": {14, 28, 30}}
_UNITS = {"£": "", "hrs": "hour", "hr": "hour", "mths": "month", "mth": "month", "wks": "week", "yrs": "year"}
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ONES = "one two three four five six seven eight nine".split()
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_WORDS = {word: n for n, word in enumerate(_TEENS, 13)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_NAMES = {n: word for word, n in _WORDS.items()} | {10: "ten", 100: "a hundred"}
_LEAD = r"(?:(?P<article>an?|the|his|her|their|its|my|our|this|that|all) )?"
_HEDGE = r"(?:(?:about|around|roughly|approximately|approx\.?|almost|nearly|just (?:over|under)|over|more than|some) |~ ?)?"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SPELT = rf"(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES)}))?|{'|'.join(_TEENS)}"
_UNIT = r"%| ?per cent|(?: |-(?=\w+ ))?(?:kilos?|kg|lbs?|stone|(?:night|day|week|month|year|hour|mile)s?|hrs?|mths?|wks|yrs)\b"
_FIGURE = re.compile(
    rf"(?<![\w£.,/-]){_LEAD}{_HEDGE}(?:£ ?(?P<sum>{_NUMBER})(?P<thousands>k)?|(?P<number>{_NUMBER}|{_SPELT})(?P<unit>{_UNIT}))"
    r"(?![\w/]|[-–]\w|[.,]\d)",
    re.IGNORECASE,
)


def with_rounded_figures(case: Case) -> Case:
    """The case in which the exact figures of the sentences that may be told are rounded, each a finding like any other."""
    instead, found = dict(case.softening.instead), []
    for finding, words in _rounded(case):
        if is_free(finding, case):
            instead[finding.start] = words
            found.append(finding)
    return replace(with_findings(case, found), softening=replace(case.softening, instead=instead))


def rounded_figure(written: str) -> str:
    """A figure as it is told, which is true of it; the same again where it is round already."""
    match = _FIGURE.fullmatch(written)
    return _told(match) if match else written


def _rounded(case: Case) -> Iterator[tuple[Finding, str]]:
    for sentence in case.told:
        for match in _FIGURE.finditer(case.story.text, sentence.start, sentence.end):
            words = _told(match)
            if words != match.group():
                yield Finding(match.start(), match.end(), Category.INDIRECT, 0.5, "risk", "FIGURE"), words


def _told(match: re.Match[str]) -> str:
    value, unit = _value(match), (match["unit"] or "").strip(" -").lower()
    kind = _UNITS.get(unit, unit.rstrip("s"))
    money = match["sum"] is not None
    if value <= _COMMON or value in _EVERYBODYS.get(kind, ()) or _is_round(value, kind):
        return match.group()
    article = (match["article"] or "") and {"an": "a"}.get(match["article"].lower(), match["article"]) + " "
    if kind == "month" and not article:
        years = int(value // 12)
        return "more than a year" if years == 1 else f"more than {_ONES[years - 1] if years < 10 else years} years"
    hedge, near = _near(value, kind, bool(article))
    if near == value:
        return match.group()
    spelt = not money and match["number"][0].isalpha() and _NAMES.get(int(near))
    said = f"£{near:,.0f}" if money else f"{spelt or f'{near:,.0f}'}{match['unit']}"
    return f"{article}{hedge} {said}"


def _value(match: re.Match[str]) -> float:
    written = (match["sum"] or match["number"]).replace(",", "").lower()
    if not written[0].isalpha():
        return float(written) * (1000 if match["thousands"] else 1)
    tens, _, ones = written.replace("-", " ").partition(" ")
    return float(_WORDS[tens] + (_ONES.index(ones) + 1 if ones else 0))


def _is_round(value: float, kind: str) -> bool:
    if kind in {"%", "per cent"}:
        return value % 10 == 0 or value in {25, 75}
    return value == _step(value, 0) or value == _step(value, 1)


def _near(value: float, kind: str, after_article: bool) -> tuple[str, float]:
    """The hedge and the round figure: the nearest where it is close, else the one below."""
    below, above = _step(value, 0), _step(value, 1)
    if kind in {"%", "per cent"}:
        return ("at least" if after_article else "more than"), value // 10 * 10
    nearest = min(below, above, key=lambda step: abs(value - step))
    if abs(value - nearest) <= _CLOSE * value:
        return ("roughly" if after_article else "about"), nearest
    if after_article:  # "the more than £1,000 grant" is not English
        unit = 10 ** (len(str(int(value))) - 2)
        return "roughly", round(value / unit) * unit
    return "more than", below


def _step(value: float, up: int) -> float:
    """The round figure at or below a value, or the next above it."""
    scale = 10.0 ** (len(str(int(value))) - 1)
    place = max(n for n, step in enumerate(_STEPS) if step * scale <= value)
    return _STEPS[min(place + up, len(_STEPS) - 1)] * scale
