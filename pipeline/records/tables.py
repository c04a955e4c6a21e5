"""Reads a register's table, from CSV or a workbook, row by row: text cells under known column names."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.errors import RegisterError

_SAFE_HEADING = re.compile(r"[A-Za-z][A-Za-z _/().-]{0,30}")
_MAX_CELL = 100_000
_FIX = "Open it in a spreadsheet, check it and save it again, as CSV UTF-8 or as .xlsx."


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank: ``number`` is its line in the file (in a workbook, its row), cells by column.

    ``overflow`` is true when it has more cells than there are headings.
    """

    number: int
    cells: Mapping[str, str]
    overflow: bool = False

    def cell(self, column: str) -> str:
        """The cell's text without surrounding space; empty when the column is not there."""
        return self.cells.get(column, "").strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A whole register: the columns it has of those known, its rows, and warnings about the rest."""

    columns: frozenset[str]
    rows: tuple[Row, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Raw:
    """A register exactly as it was written: the name of its file, its headings, and its lines that are not blank.

    A line is its number in the file and its cells as text, as many as there are.
    """

    name: str
    header: tuple[str, ...]
    lines: tuple[tuple[int, tuple[str, ...]], ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings as they are compared: in lower case, with underscores."""
        return tuple(re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in self.header)


def read_table(path: Path, known: Sequence[str], required: Sequence[str]) -> Table:
    """The table of a register file.

    Raises ``RegisterError`` when it is missing, open in another program, empty, of another format, broken, or lacks
    a required column; no message holds a cell.
    """
    return as_table(read_raw(path), known, required)


def read_raw(path: Path) -> Raw:
    """Every cell of a register file as text; raises ``RegisterError`` when it cannot be read as a whole."""
    refuse_locked(path)
    lines = _csv(path) if path.suffix.lower() != ".xlsx" else _workbook(path)
    header = next(lines, None)
    if header is None:
        raise RegisterError(f"{path.name} is empty.", _FIX)
    return Raw(path.name, tuple(header[1]), tuple((number, tuple(cells)) for number, cells in lines))


def as_table(raw: Raw, known: Sequence[str], required: Sequence[str]) -> Table:
    """The known columns of a register; raises ``RegisterError`` when one that is required is missing or there twice."""
    names = raw.columns
    columns = {name: at for at, name in enumerate(names) if name in known}
    for column in required:
        if column not in columns:
            raise RegisterError(f"{raw.name} has no column {column}.", "Its first row must name the columns.")
    twice = [name for name in columns if names.count(name) > 1]
    if twice:
        raise RegisterError(f"{raw.name} has the column {twice[0]} twice.", "Keep one of them.")
    warnings = [
        f"{raw.name}: the column {_heading(raw.header[at], at)} is not known and was left out"
        for at, name in enumerate(names)
        if name and name not in known
    ]
    rows = tuple(
        Row(number, {name: cells[at] for name, at in columns.items() if at < len(cells)}, any(cells[len(names) :]))
        for number, cells in raw.lines
    )
    if not rows:
        warnings.append(f"{raw.name} has no rows")
    return Table(frozenset(columns), rows, tuple(warnings))


def _heading(text: str, at: int) -> str:
    # A file without a header row would otherwise put its first person into a message.
    text = text.strip()
    return f'"{text}"' if _SAFE_HEADING.fullmatch(text) else f"number {at + 1}"


def refuse_locked(path: Path) -> None:
    """Raise ``RegisterError`` when somebody has the file open in a spreadsheet."""
    # Excel and LibreOffice leave these beside a file that somebody is editing: what is on the disk may be half old.
    for lock in (path.with_name(f"~${path.name}"), path.with_name(f".~lock.{path.name}#")):
        if lock.exists():
            raise RegisterError(
                f"{path.name} is open in another program.",
                f"Save and close it there; if nobody has it open, delete the file {lock.name} beside it.",
            )


def _read(path: Path) -> bytes:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise RegisterError(f"{path.name} is not there.", "Check the name of the register.") from None
    except OSError:
        raise RegisterError(
            f"{path.name} cannot be read.", "Close it in other programs and check that you may open it."
        ) from None
    if not data.strip():
        raise RegisterError(f"{path.name} is empty.", _FIX)
    return data


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    data = _read(path)
    if data[:4] == b"PK\x03\x04" or data[:4] == b"\xd0\xcf\x11\xe0":
        raise RegisterError(f"{path.name} is a workbook with another ending.", "Save it as .xlsx or as CSV UTF-8.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RegisterError(f"{path.name} is not written in UTF-8.", "Save it again as CSV UTF-8.") from None
    if "\x00" in text:
        raise RegisterError(f"{path.name} is not a text file.", _FIX)
    # strict: a quotation mark that is never closed would swallow the rest of the register in silence.
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise RegisterError(
                f"{path.name} cannot be understood from line {start} on.", "Check its quotation marks. " + _FIX
            ) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield start, cells
        start = reader.line_num + 1


def _workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    data = _read(path)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        book.close()
    except (
        InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError, TypeError, OSError, EOFError,
        AttributeError, ParseError,
    ):  # fmt: skip
        raise RegisterError(f"{path.name} is not a workbook that can be read.", _FIX) from None
    for number, cells in enumerate(rows, start=1):
        if any(cell.strip() for cell in cells):
            yield number, cells


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:_MAX_CELL]
