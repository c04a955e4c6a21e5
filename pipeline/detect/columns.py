"""What the column or the label says of a value: the worker's initials in a log, the day that begins each line of a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.detect.context import Words
from pipeline.detect.found import Span
from pipeline.domain.finding import Category
from pipeline.names import tokens

_WHO = (
    r"(?:case|key|support|outreach|duty|project|family|social|link|night|lead)?[ -]?worker|staff(?: member| initials| name)?|"
    r"initials|(?:housing |duty |link )?officer|advis[eo]r|volunteer|vol|manager|by|author|who|client(?: name)?|resident|su|"
    r"(?:seen|recorded|reported|logged|completed|entered|written|taken|signed|done|made|approved|checked) by|service user|tenant|"
    r"learner|caller|witness|interviewer|mentor|befriender|coach|counsellor|nurse|owner"
)
_LABEL = re.compile(rf"^[^\S\n]*(?:{_WHO})[^\S\n]*[:|=][^\S\n]*(?P<v>[^\n|,;]{{1,40}}?)[^\S\n]*$", re.IGNORECASE | re.MULTILINE)
_HEADER = re.compile(
    rf"^(?=[^\n]{{0,200}}?(?:^|[|,;\t])[^\S\n]*\"?(?:{_WHO})\"?[^\S\n]*(?:[|,;\t]|$))"
    r"(?:[ \w./\"-]{1,30}[|,;\t]){2,14}[ \w./\"-]{0,30}$",
    re.IGNORECASE | re.MULTILINE,
)
_IS_WHO = re.compile(rf"\W*(?:{_WHO})\W*", re.IGNORECASE)
_MARKS = "|\t;,"
_NAME = re.compile(r"[A-Z]{1,4}|[a-z]{2}|[^\W\d_][\w'.-]*(?: [^\W\d_][\w'.-]*){0,2}")
_NOBODY = frozenset("na n/a tbc tba nil none no yes all y n various unknown any other self us we team as above".split())
_DAY = re.compile(
    r"^[^\S\n]{0,4}(?:[-*•][^\S\n]?)?(?P<v>(?P<d>0?[1-9]|[12]\d|3[01])\.(?P<m>0?[1-9]|1[0-2]))"
    r"(?=\.?(?:[^\S\n]*[-–:][^\S\n]|[^\S\n]+[A-Za-z(\"])(?!(?:hrs?|hours?|kg|miles?|mins?|m|st|weeks?|days?|million|per|x)\b))",
    re.MULTILINE | re.IGNORECASE,
)


def columned(text: str, words: Words) -> list[Span]:
    """People and days that their column, their label or their place at the beginning of a line gives away."""
    found = [
        Span(start, end, Category.PERSON, 0.7, "column") for start, end in _people(text) if _somebody(text[start:end], words)
    ]
    found.extend(Span(start, end, Category.DATE, 0.8, "column", "DAY") for start, end in _days(text))
    return found


def _people(text: str) -> Iterator[tuple[int, int]]:
    for match in _LABEL.finditer(text):
        yield match.span("v")
    for header in _HEADER.finditer(text):
        mark = max(_MARKS, key=header.group().count)
        wanted = [at for at, cell in enumerate(header.group().split(mark)) if _IS_WHO.fullmatch(cell)]
        at = header.end() + 1
        while at < len(text) and text.find(mark, at, at + 200) >= 0:
            cells, at = _row(text, at, mark)
            yield from (cells[number] for number in wanted if number < len(cells))


def _row(text: str, at: int, mark: str) -> tuple[list[tuple[int, int]], int]:
    """The cells of the row that begins at a position, and where the next begins; a quoted cell may hold the mark."""
    cells, start, quoted = [], at, False
    while at < len(text) and (quoted or text[at] != "\n"):
        if text[at] == '"':
            quoted = not quoted
        elif text[at] == mark and not quoted:
            cells.append((start, at))
            start = at + 1
        at += 1
    return [*cells, (start, at)], at + 1


def _somebody(value: str, words: Words) -> bool:
    value = value.strip(" \"'")
    folded = [token.fold for token in tokens(value)]
    if not folded or value.casefold() in _NOBODY or not _NAME.fullmatch(value):
        return False
    if len(value) <= 3 and len(folded) == 1:
        return True
    return all(word in words.given or not (word in words.common or word in words.never) for word in folded)


def _days(text: str) -> list[tuple[int, int]]:
    """ "12.1 TC to NB": the 12th of January where lines begin so, unless they are paragraph numbers."""
    lines = list(_DAY.finditer(text))
    days = [(int(line.group("d")), int(line.group("m"))) for line in lines]
    same_month = any(one[1] == two[1] != 1 and one[0] != two[0] for one, two in pairwise(days))
    if len(days) < 2 or not (same_month or any(day > 12 for day, _ in days)):
        return []
    return [line.span("v") for line in lines]
