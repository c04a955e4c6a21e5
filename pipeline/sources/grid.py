"""Rows of cells that came from a CSV file or a worksheet: where the header is, and which client a row is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.files.labels import column_share, is_case_reference, is_client_name, is_label

Row = Sequence[str]
_HEADER_WITHIN = 12


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet.

    ``header`` is the index of the header row, ``None`` when there is none; ``key`` the column that says which client a
    row is about; ``key_is_reference`` whether that column holds case references rather than names.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    header: int | None
    key: int | None
    key_is_reference: bool = False

    def label(self, column: int) -> str:
        """The header over a column; empty when there is none."""
        if self.header is None or column >= len(self.rows[self.header]):
            return ""
        return self.rows[self.header][column].strip()

    def owner(self, row: int) -> str:
        """What the key column says in a row below the header; empty for every other row."""
        if self.key is None or self.header is None or row <= self.header or self.key >= len(self.rows[row]):
            return ""
        return self.rows[row][self.key].strip()


def understand(name: str, rows: Sequence[Row]) -> Grid:
    """Find a sheet's header row and its client column."""
    kept = tuple(tuple(row) for row in rows)
    header = _header(kept)
    if header is None:
        return Grid(name, kept, None, None)
    labels = kept[header]
    for test, is_reference in ((is_case_reference, True), (is_client_name, False)):
        for column, label in enumerate(labels):
            if label.strip() and test(label):
                return Grid(name, kept, header, column, is_reference)
    return Grid(name, kept, header, None)


def _header(rows: Sequence[Row]) -> int | None:
    """The first of the top rows in which most cells are labels; failing that, none."""
    best: int | None = None
    for number, row in enumerate(rows[:_HEADER_WITHIN]):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) < 2 or any(len(cell) > 60 for cell in filled):
            continue
        share = column_share(row)
        alike = len({cell.strip().lower() for cell in filled}) == len(filled)
        if share >= 0.6 and alike and any(is_label(cell) for cell in filled):
            return number
        if best is None and share >= 0.3 and alike and not any(char.isdigit() for cell in filled for char in cell):
            best = number
    return best
