"""A clean copy of a workbook: values, plain formatting and layout; nothing that is not seen on a sheet."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from copy import copy
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.files.opening import open_package
from pipeline.sources.spreadsheet import cell_text
from pipeline.word.package import APP, CORE, app_properties, core_properties, write_package
from pipeline.word.vocabulary import FONTS

Texts = Mapping[tuple[str, int, int], str]

_NUMBER_FORMAT = re.compile(r"General|@|[#0.,%;()/: \-_\\\[\]£$€dmyhsDMYHSEe+AP?*]*")
_TITLE = re.compile(r"[\[\]:*?/\\]")


def copy_workbook(data: bytes, target: Path, texts: Texts, author: str, title: str, language: str) -> None:
    """Write the copy; ``texts`` gives the new text of each cell by (sheet, row, column) from 0, and row -1 for names."""
    old = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    new = openpyxl.Workbook()
    new.remove(new.active)
    used: set[str] = set()
    for number, sheet in enumerate(old.worksheets, start=1):
        if sheet.sheet_state != "visible":
            continue
        name = f"sheet {number}"
        called = _TITLE.sub(" ", texts.get((name, -1, -1), ""))[:31].strip() or f"Sheet {number}"
        while called.lower() in used:
            called = f"{called[:26]} {number}"
        used.add(called.lower())
        _copy_sheet(sheet, new.create_sheet(called), name, texts)
    if not new.worksheets:
        new.create_sheet("Sheet 1")
    buffer = io.BytesIO()
    new.save(buffer)
    parts = dict(open_package(buffer.getvalue(), target.name).entries)
    parts[CORE] = core_properties(author, title, language)
    parts[APP] = app_properties(author)
    write_package(target, parts)


def _copy_sheet(old: Worksheet, new: Worksheet, name: str, texts: Texts) -> None:
    hidden_columns = {letter for letter, column in old.column_dimensions.items() if column.hidden}
    for row in old.iter_rows():
        if old.row_dimensions[row[0].row].hidden:
            continue
        for cell in row:
            if not isinstance(cell, Cell) or cell.column_letter in hidden_columns:
                continue
            _copy_cell(cell, new.cell(cell.row, cell.column), texts.get((name, cell.row - 1, cell.column - 1)))
    for letter, column in old.column_dimensions.items():
        if column.width:
            new.column_dimensions[letter].width = column.width
    for merged in old.merged_cells.ranges:
        new.merge_cells(merged.coord)
    if isinstance(old.freeze_panes, str):
        new.freeze_panes = old.freeze_panes


def _copy_cell(old: Cell, new: Cell, text: str | None) -> None:
    # A cell that reading did not give a text for is not copied: it was empty or could not be understood.
    if text is not None:
        unchanged = text == cell_text(old.value)
        new.value = old.value if unchanged and not isinstance(old.value, str) else text
        if isinstance(new.value, str) and new.value.startswith("="):
            new.data_type = "s"
    if not old.has_style:
        return
    name = old.font.name if old.font.name in FONTS else "Calibri"
    colour = copy(old.font.color)
    new.font = Font(
        name=name, size=old.font.size, bold=old.font.bold, italic=old.font.italic, underline=old.font.underline, color=colour
    )
    new.fill, new.border, new.alignment = copy(old.fill), copy(old.border), copy(old.alignment)
    if _NUMBER_FORMAT.fullmatch(old.number_format):
        new.number_format = old.number_format
