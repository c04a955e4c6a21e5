"""Writes a table as CSV or as a workbook, every cell as the text that it is, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from pipeline.errors import OutputFailed, RecordsError
from pipeline.records.tables import refuse_locked

_LONGEST = 32_767  # characters that a workbook's cell can hold


def write_table(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write ``path`` anew, as .xlsx when it ends so and as CSV in UTF-8 otherwise, readable by its owner alone.

    Raises ``RecordsError`` for a cell that a workbook cannot hold, ``OutputFailed`` when the disk refuses, and
    ``RegisterError`` when somebody has the file open.
    """
    refuse_locked(path)
    data = _workbook(path.name, [header, *rows]) if path.suffix.lower() == ".xlsx" else _csv([header, *rows])
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, path)
    except OSError:
        raise OutputFailed(
            f"{path.name} cannot be written.", "Close it in other programs, and check the folder and the disk."
        ) from None
    finally:
        fresh.unlink(missing_ok=True)


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    # With the mark at its start a spreadsheet knows that it is UTF-8.
    return text.getvalue().encode("utf-8-sig", "backslashreplace")


def _workbook(name: str, rows: Sequence[Sequence[str]]) -> bytes:
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            if not _holds(text):
                raise RecordsError(
                    f"{name}, row {number}, column {column}: a workbook cannot hold that cell as it is.", "Export it as CSV."
                )
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append([_cell(sheet, text) for text in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet)
    if text:
        cell.value = text
        cell.data_type = "s"  # a text that looks like a formula, an error or a number stays a text
    return cell


def _holds(text: str) -> bool:
    # XML has no control characters, and turns one kind of line end into another.
    return len(text) <= _LONGEST and "\r" not in text and not ILLEGAL_CHARACTERS_RE.search(text) and _unicode(text)


def _unicode(text: str) -> bool:
    # Two code points that XML leaves out, and half characters.
    return not any(char in "\ufffe\uffff" or "\ud800" <= char <= "\udfff" for char in text)
