"""How a Word table is meant to be read: as label and value, under a header row, or as plain cells."""

from __future__ import annotations

from enum import Enum

from pipeline.files.labels import column_share, is_label


class Layout(Enum):
    """The three ways of reading a table."""

    PAIRS = "label and value side by side"
    HEADED = "values under a header row"
    PLAIN = "cells without labels"


def layout(rows: list[list[str]]) -> Layout:
    """The layout that a table's cell texts suggest."""
    width = max((len(row) for row in rows), default=0)
    if not rows or width < 2:
        return Layout.PLAIN
    if width % 2 == 0 and _pairs(rows, width):
        return Layout.PAIRS
    header = [cell for cell in rows[0] if cell.strip()]
    if len(rows) > 1 and len(header) >= 2 and all(is_label(cell) for cell in header):
        return Layout.HEADED
    if len(rows) > 1 and len(header) == width and column_share(rows[0]) >= 0.5 and not any(len(cell) > 48 for cell in header):
        return Layout.HEADED
    return Layout.PLAIN


def _pairs(rows: list[list[str]], width: int) -> bool:
    labels = [row[column] for row in rows for column in range(0, len(row), 2)]
    values = [row[column] for row in rows for column in range(1, len(row), 2)]
    if len(rows) > 1 and width > 2 and all(is_label(cell) for cell in rows[0] if cell.strip()) and column_share(labels) < 0.75:
        return False
    return column_share(labels) >= 0.5 and column_share(labels) > column_share(values)


def label_for(rows: list[list[str]], how: Layout, row: int, column: int) -> str | None:
    """The label of the cell there; ``None`` when the cell is itself a label, empty when it has none."""
    if how is Layout.PAIRS:
        if column % 2 == 0:
            return None
        return rows[row][column - 1].strip().rstrip(":").strip()
    if how is Layout.HEADED:
        if row == 0:
            return None
        return rows[0][column].strip() if column < len(rows[0]) else ""
    return ""
