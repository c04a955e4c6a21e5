"""CSV files and workbooks: every cell under its header, and everything else that a workbook carries."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, time

import openpyxl
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.domain.story import BlockKind, Locator
from pipeline.errors import UnreadableFile
from pipeline.files.fragments import Fragment
from pipeline.files.markup import plain
from pipeline.files.opening import MAX_TOTAL, Package, open_package, parse_xml
from pipeline.sources.grid import Grid, understand
from pipeline.sources.text import decode
from pipeline.word.hidden import Budget, sweep

_MAX_CELLS = 2_000_000
_DELIMITERS = ",;\t|"


def csv_grid(data: bytes, name: str) -> Grid:
    """The rows of a CSV file with the delimiter that fits them best."""
    text = decode(data, name)
    if len(text) > 100_000_000:
        raise UnreadableFile(f"{name}: the table is too large", "Split it into smaller files.")
    csv.field_size_limit(10_000_000)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)))
    except csv.Error as error:
        raise UnreadableFile(f"{name}: not a sound CSV file", "Export it again, or save it as .xlsx.") from error
    return understand("table", [[plain(cell) for cell in row] for row in rows])


def delimiter_of(text: str) -> str:
    """The delimiter that gives the first lines the most columns alike; a comma when nothing does."""
    sample = text[:20_000]
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row][:-1]
        except csv.Error:
            continue
        common = max(set(widths), key=widths.count, default=1)
        score = (common - 1) * widths.count(common)
        if score > most:
            best, most = delimiter, score
    return best


def grid_fragments(grid: Grid, owners: frozenset[str] | None = None) -> list[Fragment]:
    """A sheet's cells row by row as labelled fields; with ``owners``, only the header and those clients' rows."""
    found: list[Fragment] = []
    for number, row in enumerate(grid.rows):
        below = grid.key is not None and grid.header is not None and number > grid.header
        if owners is not None and below and grid.owner(number) not in owners:
            continue
        found += _row(grid, number, row)
    return found


def _row(grid: Grid, number: int, row: tuple[str, ...]) -> list[Fragment]:
    found: list[Fragment] = []
    below = grid.header is not None and number > grid.header
    last = max((column for column, cell in enumerate(row) if cell.strip()), default=-1)
    for column, cell in enumerate(row):
        if not cell.strip():
            continue
        where = Locator(grid.name, f"row {number + 1}, column {column + 1}")
        anchor = (grid.name, number, column)
        label = grid.label(column) if below else ""
        if label:
            found.append(Fragment(label, None, where, ending=": "))
        kind = BlockKind.FIELD if below else (None if number == grid.header else BlockKind.FURNITURE)
        ending = "\n\n" if column == last else ("\n" if below else " | ")
        found.append(Fragment(cell, kind, where, label, ending, anchor))
    return found


def workbook(data: bytes, name: str) -> tuple[list[Grid], list[Fragment]]:
    """A workbook's sheets (hidden ones too) as grids, and its other texts: comments, formulas, names, properties."""
    package = open_package(data, name)
    _check_parts(package, name)
    try:
        values = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        formulas = openpyxl.load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
        grids = [_sheet(sheet, number, name) for number, sheet in enumerate(values.worksheets, start=1)]
        extras = _extras(formulas)
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises anything at all on damaged workbooks
        raise UnreadableFile(f"{name}: the workbook is damaged", "Open it in Excel and save it again.") from error
    known = {text.strip() for text in _cell_strings(values, formulas)} | {fragment.text for fragment in extras}
    trees: dict[str, etree._Element] = {}

    def tree(part: str) -> etree._Element:
        if part not in trees:
            trees[part] = parse_xml(package.entries[part], name)
        return trees[part]

    swept = sweep(package, set(), tree, budget=Budget(MAX_TOTAL, name))
    rest = [fragment for fragment in swept if fragment.text not in known and not _is_cell_plumbing(fragment)]
    return grids, [*extras, *rest]


def _cell_strings(*books: openpyxl.Workbook) -> Iterator[str]:
    """Every cell's text as it stands in the file and as it was read."""
    for book in books:
        for sheet in book.worksheets:
            for row in sheet.iter_rows(values_only=True):
                for value in row:
                    if value is not None:
                        yield str(value)
                        yield str(value).removeprefix("=")
                        yield cell_text(value)


def _is_cell_plumbing(fragment: Fragment) -> bool:
    """Cell references, counts and the like, which every worksheet's XML is full of."""
    text = fragment.text
    if fragment.label == "formatCode":
        return not re.search(r'"[^"]*\w{3}', text)  # words in a number's format are somebody's own
    if fragment.label in (
        "r",
        "ref",
        "sqref",
        "spans",
        "topLeftCell",
        "activeCell",
        "v",
        "dimension",
        "oddHeader",
        "oddFooter",
        "id",
        "path",
        "AutoFill",
        "defaultPivotStyle",
        "defaultTableStyle",
        "xfId",
    ):
        return True
    return text.replace(".", "").replace("-", "").replace("E", "").isdigit() and len(text) < 9


def _check_parts(package: Package, name: str) -> None:
    if "[Content_Types].xml" not in package.entries:
        raise UnreadableFile(f"{name}: not an Excel workbook inside", "Open it in Excel and save it again as .xlsx.")
    for part, data in package.entries.items():
        if part.endswith((".xml", ".rels")):
            parse_xml(data, name)


def _sheet(sheet: Worksheet, number: int, name: str) -> Grid:
    if sheet.max_row * sheet.max_column > _MAX_CELLS:
        raise UnreadableFile(f"{name}: sheet {number} is too large", "Split it into smaller sheets.")
    cells = [[cell_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    for merged in sheet.merged_cells.ranges:
        _spread(cells, merged.bounds)
    return understand(f"sheet {number}", cells)


def _spread(cells: list[list[str]], bounds: tuple[int, int, int, int]) -> None:
    """A value merged down a column stands for every row it covers; across a row it stays where it is."""
    left, top, _, bottom = bounds
    for row in range(top, min(bottom, len(cells))):
        if left - 1 < len(cells[row]):
            cells[row][left - 1] = cells[top - 1][left - 1]


def cell_text(value: object) -> str:
    """A cell's value as people read it: ISO dates, whole numbers without a point, notes without their tags."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return plain(str(value))


def _extras(book: openpyxl.Workbook) -> list[Fragment]:
    found: list[Fragment] = []
    for number, sheet in enumerate(book.worksheets, start=1):
        where = f"sheet {number}"
        found.append(Fragment(sheet.title, BlockKind.METADATA, Locator(where, "name"), anchor=(where, -1, -1)))
        for row in sheet.iter_rows():
            for cell in row:
                spot = f"row {cell.row}, column {cell.column}"
                at = (where, cell.row - 1, cell.column - 1)
                if isinstance(cell.value, str) and cell.value.startswith("="):
                    found.append(Fragment(cell.value, BlockKind.HIDDEN, Locator(where, f"{spot}, formula"), anchor=at))
                if cell.comment is not None:
                    found.append(
                        Fragment(cell.comment.text or "-", BlockKind.NOTE, Locator(where, f"{spot}, comment"), anchor=at)
                    )
                    author = Locator(where, f"{spot}, comment author")
                    found.append(Fragment(cell.comment.author or "-", BlockKind.METADATA, author, anchor=at))
                if cell.hyperlink is not None and cell.hyperlink.target:
                    found.append(Fragment(cell.hyperlink.target, BlockKind.HIDDEN, Locator(where, f"{spot}, link"), anchor=at))
        for title in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter, sheet.firstHeader, sheet.firstFooter):
            for side in (title.left, title.center, title.right):
                if side is not None and side.text:
                    found.append(Fragment(side.text, BlockKind.FURNITURE, Locator(where, "header or footer")))
    return found
