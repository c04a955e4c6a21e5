"""Dates: read as workers write them, told as seasons, quarters or relative time, with intervals kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pipeline.domain.finding import Category, Finding
from pipeline.domain.permission import Purpose
from pipeline.generalise.removal import remove
from pipeline.generalise.site import Change, Site

_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d|'?\d\d)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)",
        rf"{_DAY}\s*[./-]\s*(?P<number>[01]?\d)\s*[./-]\s*{_YEAR}\b",
        rf"\b{_DAY}\s*(?:of\s+)?[-\s]*{_MONTH},?[-\s]*(?:{_YEAR}\b)?",
        rf"\b{_MONTH}\s*{_DAY}\b(?!\d),?\s*(?:{_YEAR}\b)?",
        rf"\b{_MONTH}\s*{_YEAR}\b",
        r"\b(?P<day>[0-3]?\d)\s*[./]\s*(?P<number>[01]?\d)\b",
        r"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)\b",
    )
)
_MONTH_ALONE = re.compile(rf"(?:(?:early|late|mid)[-\s]*)?{_MONTH},?[-\s]*(?:of\s+)?{_YEAR}?", re.IGNORECASE)
_HOLIDAYS = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "valentine's day": (2, 14),
    "halloween": (10, 31),
    "bonfire night": (11, 5),
}
_WEEKDAY = re.compile(r"\b(?:on\s+)?(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?,?\s*(?:the\s+)?$", re.IGNORECASE)
_IN = re.compile(r"\b(?:on|dated?|of|at|in|for)(?:\s+the)?\s*$", re.IGNORECASE)
_KEEPS = re.compile(
    r"\b(?:by|until|till|til|since|from|before|after|to|between|and|during|around|about|early|late|mid)\s*(?:the\s*)?$",
    re.IGNORECASE,
)
_LEANS = re.compile(
    r"\b(by|until|till|til|since|from|before|after|to|between|and|during|around|about)\s*(?:the\s*)?$", re.IGNORECASE
)
_OPENS = re.compile(r"(?:^|[.!?\n]\s*)\w+\s*(?:the\s*)?$")
_SPACE = re.compile(r"\s+$")
_THEN = frozenset({"by", "until", "till", "til", "since", "from", "before"})
_FIGURE = re.compile(r",\s*\d{1,3}$")
_COUNTED = re.compile(
    r"\s*(?:hours?|hrs|minutes|mins|days?|weeks?|months?|sessions?|people|families|households|pounds|per cent|%|times|visits)\b"
)
_YEAR_ALONE = re.compile(r"\b(?:19|20)\d\d\b")
_BORN = re.compile(r"\b(?:d\.?o\.?b\.?|born(?: on)?|date of birth|birth ?date)\W{0,4}$", re.IGNORECASE)
_JUST_BORN = re.compile(r"\w (?:was )?born(?: on)?\s+$", re.IGNORECASE)
_BEFORE_DAY = re.compile(r"(?: on)?\s+$")
_WEIGHS = re.compile(r",?\s*(?:at |weigh\w+ )?\d[\d.]*\s*(?:lbs?|kgs?|oz|g)\b", re.IGNORECASE)
_LEADS = re.compile(r"^\s*(?:[-*•]\s*)?$")
_SEPARATOR = re.compile(r"[ \t]*(?:[-–—:,.;|]+[ \t]*)?")
_TIME = re.compile(r"[ \t]*(?:at[ \t]+)?\d{1,2}[:.]\d\d(?:[ \t]*[ap]m)?")


def written(text: str, finding: Finding) -> str:
    """A date's surface without a figure that is counted with what follows it: "2 March, 30 hours a week"."""
    surface = text[finding.start : finding.end]
    tail = _FIGURE.search(surface)
    return surface[: tail.start()] if tail and _COUNTED.match(text, finding.end) else surface


def is_birth(text: str, finding: Finding) -> bool:
    """True for a date of birth, by its kind or by the word before it."""
    return finding.kind == "BIRTH" or bool(_BORN.search(text, max(0, finding.start - 24), finding.start))


def without_birth(site: Site) -> Change:
    """A date of birth taken out with its label; of a baby whose weight follows, it is still told that it was born."""
    return (
        site.eat_before(_BEFORE_DAY).becomes("") if _JUST_BORN.search(site.before) and _WEIGHS.match(site.after) else remove(site)
    )


def read_date(surface: str, near: date | None) -> date | None:
    """The day that a surface means; a missing month or year is taken from ``near``; ``None`` when it says no day."""
    folded = " ".join(surface.replace("’", "'").lower().split())
    for name, (month, day) in _HOLIDAYS.items():
        if name in folded:
            return _date(near.year if near else None, month, day)
    for form in _FORMS:
        match = form.search(folded)
        if match:
            found = _from(match.groupdict(), near)
            if found:
                return found
    return None


def _from(parts: dict[str, str | None], near: date | None) -> date | None:
    year = parts.get("year")
    number = int(year.lstrip("'")) if year else None
    if number is not None and number < 100:
        number += 2000 if number < 70 else 1900
    month = int(parts["number"] or 0) if parts.get("number") else _MONTHS.get((parts.get("month") or "")[:3], 0)
    if not month and near:
        month = near.month
    return _date(number or (near.year if near else None), month, int(parts.get("day") or 1))


def _date(year: int | None, month: int, day: int) -> date | None:
    # A date without any year still has a season; a leap year lets 29 February through.
    try:
        return date(year or 4, month, day)
    except ValueError:
        return None


def _nearest(day: date | None, alone: date | None, near: date | None) -> date | None:
    """A day whose year was taken from ``near``, in the year that brings it nearest; ``alone`` is it without any help."""
    if day is None or near is None or alone is None or alone.year > 4:
        return day
    years = [_date(near.year + step, day.month, day.day) for step in (0, 1, -1)]
    return min((one for one in years if one), key=lambda one: abs(one - near), default=day)


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days that a story's dates mean, by the finding's start, and the day on which it begins.

    ``vague`` are those of them that were written as a month alone: such a date has no day and no week.
    """

    days: dict[int, date]
    begins: date | None
    vague: frozenset[date] = frozenset()

    @classmethod
    def of(cls, text: str, findings: Iterable[Finding]) -> Timeline:
        """Read every date in order; one without a year takes that which brings it nearest to the date before it.

        Before any that has a year, it is the next one that counts: "September 2025 ... in February" is five months on.
        """
        dates = [f for f in findings if f.category is Category.DATE and not is_birth(text, f)]
        near = next((d for f in dates if (d := read_date(written(text, f), None)) and d.year > 4), None)
        days: dict[int, date] = {}
        months: set[date] = set()
        exact: set[date] = set()
        for finding in dates:
            day = _nearest(read_date(written(text, finding), near), read_date(written(text, finding), None), near)
            if day is not None:
                days[finding.start] = day
                (months if _MONTH_ALONE.fullmatch(text[finding.start : finding.end].strip()) else exact).add(day)
                near = day if day.year > 4 else near
        known = [day for day in days.values() if day.year > 4]
        # A date long before the rest is history that the story tells, not its first day.
        recent = [day for day in known if day > max(known) - timedelta(days=3 * 366)]
        return cls(days, min(recent, default=None), frozenset(months - exact))

    def label(self, day: date | None) -> str:
        """Relative time for a timeline: Day 1, Week 3, Month 8; empty when unknown."""
        if day is None or self.begins is None or day.year <= 4:
            return ""
        passed = (day - self.begins).days
        if passed < 0:
            return "Before"
        if day in self.vague:
            return f"Month {12 * (day.year - self.begins.year) + day.month - self.begins.month + 1}"
        if passed < 7:
            return f"Day {passed + 1}"
        if passed < 183:
            return f"Week {passed // 7 + 1}"
        return f"Month {passed // 30 + 1}"


def season(day: date) -> str:
    """Part of a year: "spring 2026", "late 2025"; the season alone when the year is unknown."""
    if day.year <= 4:
        return ("winter", "spring", "summer", "autumn")[day.month % 12 // 3]
    if day.month == 12:
        return f"late {day.year}"
    return f"{('early', 'spring', 'summer', 'autumn')[day.month % 12 // 3]} {day.year}"


def quarter(day: date) -> str:
    """A calendar quarter in words; the season when the year is unknown."""
    if day.year <= 4:
        return season(day)
    return f"the {('first', 'second', 'third', 'fourth')[(day.month - 1) // 3]} quarter of {day.year}"


def generalise_date(site: Site, day: date | None, timeline: Timeline, purpose: Purpose, step: int = 0) -> Change:
    """A date told as a season (publicity), a quarter (reporting) or relative time (training).

    A first ``step`` beyond that tells the year of the former two, a second one nothing.
    """
    tail = _FIGURE.search(site.surface)
    if tail and _COUNTED.match(site.after):
        change = generalise_date(replace(site, end=site.start + tail.start()), day, timeline, purpose, step)
        return replace(change, end=site.end, text=change.text + tail.group())
    site = site.eat_before(_WEEKDAY)
    if _LEADS.match(site.before.rsplit("\n", 1)[-1]):
        # "3/2/26 - rang landlord": a diary entry.  Its time is told by the timeline, not in the sentence.
        return Change(site.start, site.eat_after(_TIME).eat_after(_SEPARATOR).end, "")
    words = _words(day, timeline, purpose, step) if day else _bare_year(site, step)
    if not words:
        return _untold(site)
    if _KEEPS.search(site.before) or site.before.rstrip().endswith(("(", ":", "|")):
        return site.becomes(words)
    return site.eat_before(_IN).becomes(f"{'on' if words.startswith('day') else 'in'} {words}")


def _words(day: date, timeline: Timeline, purpose: Purpose, step: int) -> str:
    label = timeline.label(day) if purpose is Purpose.TRAINING else ""
    if label and label != "Before":
        return label.lower()
    if step:
        return str(day.year) if step == 1 and day.year > 4 else ""
    return quarter(day) if purpose is Purpose.REPORTING else season(day)


def _bare_year(site: Site, step: int) -> str:
    year = _YEAR_ALONE.search(site.surface) if step == 1 else None
    return year.group() if year else ""


def _untold(site: Site) -> Change:
    """Nothing of the date, nor of the "since" or "until" that led to it; "between" and its like need something to lean on.

    Where such a word opens its sentence it says when the rest was: "until then she drove".
    """
    leans = _LEANS.search(site.before)
    if not leans:
        return remove(site.eat_before(_IN))
    opens = _OPENS.search(site.before)
    if leans.group(1).lower() not in _THEN:
        return site.becomes("that time")
    return site.becomes("then") if opens else site.eat_before(_LEANS).eat_before(_SPACE).becomes("")
