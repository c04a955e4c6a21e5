"""This year's figures against targets and against last year's return, so that no difference gives one person away."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.documents.figures import Breakdown
from pipeline.documents.prose import line
from pipeline.documents.suppression import rounded
from pipeline.errors import RegisterError

EVERYONE = "Everyone"
_MOST_ROWS, _MOST_SHEETS = 2000, 40
_LARGEST = 50_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Earlier:
    """The counts that last year's return showed, by its table's title and the group's name, both in lower case."""

    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Compared:
    """One line of the comparison; ``target`` and ``before`` are ``None`` where there is none.

    ``change`` is a difference of two shown figures, ``None`` without one and 0 where it is too small to show.
    """

    label: str
    now: int
    target: int | None
    before: int | None
    change: int | None


def read_last_year(path: Path) -> Earlier:
    """The figures of the workbook that came with last year's return.

    Raises ``RegisterError`` naming the file when it is no such workbook.
    """
    spare = "Give the annual-return.xlsx that last year's run wrote, or leave --last-year out."
    try:
        if path.stat().st_size > _LARGEST:
            raise RegisterError(f"{path.name} is too large to be last year's return.", spare)
        counts = dict(_counts(path))
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile, InvalidFileException):
        raise RegisterError(f"{path.name} cannot be read as last year's return.", spare) from None
    if not counts:
        raise RegisterError(f"{path.name} holds no table of an annual return.", spare)
    return Earlier(counts)


def _counts(path: Path) -> Iterator[tuple[tuple[str, str], int]]:
    book = load_workbook(path, read_only=True, data_only=True)
    try:
        for sheet in book.worksheets[:_MOST_SHEETS]:
            inside = False
            for row in sheet.iter_rows(max_row=_MOST_ROWS, max_col=2, values_only=True):
                label, count = (*row, None, None)[:2]
                if inside and isinstance(label, str) and isinstance(count, int) and count >= 0:
                    yield (sheet.title.casefold(), line(label).casefold()), count
                inside = inside or (label, count) == ("Group", "People")
    finally:
        book.close()


def compare(
    tables: Sequence[Breakdown], targets: Sequence[tuple[str, int]], earlier: Earlier | None, small: int, base: int
) -> tuple[Compared, ...]:
    """Everyone, then each service and outcome that has a target or stood in last year's return.

    Only groups that this year's tables name are shown, as they show them; last year's figure is rounded like this
    year's, and a difference under ``small`` is none.
    """
    wanted = {line(label).casefold(): number for label, number in targets}
    found = []
    for label, now, title in _lines(tables):
        key = label.casefold()
        before = earlier.counts.get((title.casefold(), key)) if earlier else None
        before = None if before is None else rounded(before, base)
        change = None if before is None else now - before if abs(now - before) >= small else 0
        if before is not None or key in wanted:
            found.append(Compared(label, now, wanted.get(key), before, change))
    return tuple(found)


def _lines(tables: Sequence[Breakdown]) -> Iterator[tuple[str, int, str]]:
    total = next(((table.total, sheet_name(table.title)) for table in tables if table.total is not None), None)
    if total is not None and total[0] is not None:
        yield EVERYONE, total[0], total[1]
    for table in tables:
        if table.key in ("service", "outcome"):
            yield from ((row.label, row.count, sheet_name(table.title)) for row in table.rows if row.count is not None)


def sheet_name(title: str) -> str:
    """The name of a table's sheet: Excel forbids some characters and more than 31 of any."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
