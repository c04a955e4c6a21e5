"""The annual return's figures as a workbook: the same figures as the document, with live percentages and a dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lxml import etree
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.documents.comparison import Compared, sheet_name
from pipeline.documents.figures import Breakdown
from pipeline.documents.prose import line
from pipeline.documents.suppression import share
from pipeline.domain.organisation import Organisation
from pipeline.errors import OutputFailed
from pipeline.files.opening import open_package
from pipeline.word.package import APP, CORE, app_properties, core_properties, write_package

_HEAD = PatternFill("solid", fgColor="FF0F4C5C")
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_FONT = "Arial"
_LINE = Border(bottom=Side("thin", color="FFB7C4C8"))
_FIRST = 4  # the row of a table's heads
_DICTIONARY = (
    ("Group", "A group of people. Groups too small to be named are counted together in the last line."),
    ("People", "How many people are in the group, as rounded for this return."),
    ("Share", "People divided by everyone in the table, worked out by this workbook from the figures shown."),
    ("Total", "What the amounts recorded with the outcome add up to, in the unit of the outcome; empty where it is not shown."),
    ("Target", "What the organisation set itself for the year."),
    ("Last year", "What last year's return showed for the same group, rounded like this year's figures."),
    ("Change", "This year less last year, of the figures shown; a difference that could be a few people is about the same."),
    ("Everyone", "All people in the table, as rounded for this return; not the sum of the lines, which are rounded one by one."),
)


def write_workbook(
    tables: Sequence[Breakdown], organisation: Organisation, title: str, notes: Sequence[str], small: int, target: Path,
    compared: Sequence[Compared] = (),
) -> None:  # fmt: skip
    """Write a sheet about the workbook, one for each table, the comparison if there is one, and a data dictionary.

    ``small`` is the policy's small number, said where a count is not shown.  Raises ``OutputFailed`` when the file
    cannot be written.
    """
    book = Workbook()
    shares = [_about(book.active, line(organisation.name), title, notes)]
    for table in tables:
        shares.append(_table(book.create_sheet(sheet_name(table.title)), table, small))
    if compared:
        shares.append(_comparison(book.create_sheet("Targets and last year"), compared))
    shares.append(_dictionary(book.create_sheet("Data dictionary")))
    try:
        book.save(target)
    except OSError as error:
        raise OutputFailed(f"{target.name} cannot be written.", "Check that the disk has room.") from error
    _settle(target, shares, line(organisation.name), title)


def _put(sheet: Worksheet, row: int, column: int, value: str | int, *, bold: bool = False) -> None:
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        # A label that begins like a formula is a label.
        cell.data_type = "s"
    else:
        cell.number_format = "#,##0"
    cell.font = Font(_FONT, 12, bold=bold)
    cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")


def _title(sheet: Worksheet, words: str) -> None:
    _put(sheet, 1, 1, words, bold=True)
    sheet.cell(1, 1).font = Font(_FONT, 16, bold=True, color="FF0F4C5C")
    sheet.cell(1, 1).alignment = Alignment(wrap_text=False)
    sheet.row_dimensions[1].height = 26
    # One page wide when it is printed.
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = sheet.PAPERSIZE_A4, 0


def _fit(sheet: Worksheet, row: int, words: str, width: int) -> None:
    """Make a row tall enough for its words: programs differ in doing so by themselves."""
    sheet.row_dimensions[row].height = 17 * (1 + len(words) // width)


def _heads(sheet: Worksheet, row: int, names: Sequence[str], figures: bool = True) -> None:
    for column, name in enumerate(names, start=1):
        _put(sheet, row, column, name, bold=True)
        sheet.cell(row, column).alignment = Alignment(horizontal="right" if figures and column > 1 else "left", vertical="center")
        sheet.cell(row, column).font = Font(_FONT, 12, bold=True, color="FFFFFFFF")
        sheet.cell(row, column).fill = _HEAD


def _about(sheet: Worksheet, organisation: str, title: str, notes: Sequence[str]) -> dict[str, float]:
    sheet.title = "About"
    sheet.column_dimensions["A"].width = 70
    _title(sheet, title)
    for row, note in enumerate((organisation, *notes), start=2):
        _put(sheet, row, 1, note)
        _fit(sheet, row, note, 66)
    return {}


def _table(sheet: Worksheet, table: Breakdown, small: int) -> dict[str, float]:
    """One table; returns the value of each cell that holds a formula, for programs that do not calculate."""
    _title(sheet, table.title)
    about = " ".join(table.notes) or f"{table.about.capitalize()}."
    _put(sheet, 2, 1, about)
    _fit(sheet, 2, about, 46)
    for column, width in zip("ABCD", (52, 14, 12, 16), strict=True):
        sheet.column_dimensions[column].width = width
    if table.total is None:
        return {}
    _heads(sheet, _FIRST, ("Group", "People", "Share", "Total") if table.amounts else ("Group", "People", "Share"))
    last = _FIRST + len(table.rows) + 1
    values: dict[str, float] = {}
    for row, entry in enumerate(table.rows, start=_FIRST + 1):
        _put(sheet, row, 1, entry.label)
        _put(sheet, row, 2, f"Under {small}" if entry.count is None else entry.count)
        sheet.cell(row, 2).alignment = Alignment(horizontal="right", vertical="top")
        if entry.share is not None:
            values[_share(sheet, row, last)] = entry.share / 100
        if entry.amount is not None:
            _put(sheet, row, 4, entry.amount)
    _put(sheet, last, 1, "Everyone", bold=True)
    _put(sheet, last, 2, table.total, bold=True)
    values[_share(sheet, last, last)] = share(table.total, table.total) / 100
    _finish(sheet)
    return values


def _comparison(sheet: Worksheet, compared: Sequence[Compared]) -> dict[str, float]:
    """Figures beside targets and last year's; the difference is worked out by the workbook."""
    _title(sheet, "Against targets and last year")
    for letter, width in zip("ABCDE", (52, 14, 14, 14, 18), strict=True):
        sheet.column_dimensions[letter].width = width
    _heads(sheet, _FIRST, ("Line", "This year", "Target", "Last year", "Change"))
    values: dict[str, float] = {}
    for row, entry in enumerate(compared, start=_FIRST + 1):
        _put(sheet, row, 1, entry.label)
        for place, number in enumerate((entry.now, entry.target, entry.before), start=2):
            if number is not None:
                _put(sheet, row, place, number)
        if entry.change == 0:
            _put(sheet, row, 5, "About the same")
        elif entry.change is not None:
            cell = sheet.cell(row, 5)
            cell.value, cell.number_format, cell.font = f"=B{row}-D{row}", "+#,##0;-#,##0", Font(_FONT, 12)
            values[str(cell.coordinate)] = entry.change
    _finish(sheet)
    return values


def _finish(sheet: Worksheet) -> None:
    """Thin lines between the rows, and heads that stay."""
    for row in sheet.iter_rows(min_row=_FIRST + 1):
        for cell in row:
            cell.border = _LINE
    sheet.freeze_panes = sheet.cell(_FIRST + 1, 1)


def _share(sheet: Worksheet, row: int, last: int) -> str:
    cell = sheet.cell(row, 3)
    cell.value = f"=ROUND(B{row}/B${last},2)"
    cell.number_format = "0%"
    cell.font = Font(_FONT, 12, bold=row == last)
    cell.alignment = Alignment(vertical="top")
    return str(cell.coordinate)


def _dictionary(sheet: Worksheet) -> dict[str, float]:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 56
    _title(sheet, "Data dictionary")
    _heads(sheet, 2, ("Column", "Meaning"), figures=False)
    for row, (name, meaning) in enumerate(_DICTIONARY, start=3):
        _put(sheet, row, 1, name, bold=True)
        _put(sheet, row, 2, meaning)
        _fit(sheet, row, meaning, 52)
    return {}


def _settle(target: Path, values: Sequence[dict[str, float]], author: str, title: str) -> None:
    """Save again with fixed dates, the organisation as author, and the results of the formulas beside them."""
    parts = dict(open_package(target.read_bytes(), target.name).entries)
    parts[CORE], parts[APP] = core_properties(author, title, "en-GB"), app_properties(author)
    for number, known in enumerate(values, start=1):
        if known:
            name = f"xl/worksheets/sheet{number}.xml"
            parts[name] = _with_results(parts[name], known)
    write_package(target, parts)


def _with_results(data: bytes, values: dict[str, float]) -> bytes:
    root = etree.fromstring(data)
    for cell in root.iter(f"{{{_SHEET}}}c"):
        if cell.get("r") in values:
            result = cell.find(f"{{{_SHEET}}}v")
            result = etree.SubElement(cell, f"{{{_SHEET}}}v") if result is None else result
            result.text = repr(values[cell.get("r")])
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
