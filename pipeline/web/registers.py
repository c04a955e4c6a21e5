"""The registers as tables: what stands in each cell, what is wrong with it and what to do, and one row mended at a time.

A register is written whole or not at all, over nothing that somebody else changed meanwhile, and what it was before is kept.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.domain.permission import Evidence, Permission, Purpose
from pipeline.domain.release import Reason
from pipeline.errors import RegisterError, ReviewOvertaken, ReviewRefused
from pipeline.records.permissions import COLUMNS as PERMISSION_COLUMNS
from pipeline.records.registers import (
    CLIENT_COLUMNS,
    DECISION_KNOWN,
    STORY_COLUMNS,
    Register,
    load_clients,
    load_decisions,
    load_permissions,
    load_stories,
)
from pipeline.records.tables import Raw, read_raw
from pipeline.records.workspace import Workspace
from pipeline.records.writing import write_table
from pipeline.runkey import digest_of_file
from pipeline.web.shelf import Shelf

KINDS = ("clients", "stories", "permissions", "decisions")
"""The registers that are tables."""

TITLES = {
    "organisation": "Your organisation", "clients": "Client list", "stories": "Which file is about whom",
    "permissions": "Permissions", "decisions": "Managers' decisions",
}  # fmt: skip

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "clients": CLIENT_COLUMNS, "stories": STORY_COLUMNS, "permissions": PERMISSION_COLUMNS, "decisions": DECISION_KNOWN,
}  # fmt: skip

_LOAD: Mapping[str, Callable[[Path], Register]] = {
    "clients": load_clients, "stories": load_stories, "permissions": load_permissions, "decisions": load_decisions,
}  # fmt: skip

_PROBLEMS = {
    "missing": "This has to be filled in.",
    "not_a_date": "Not a date. Write it as 2026-10-05.",
    "not_a_number": "Not a number. Write digits alone, such as 640.",
    "not_a_digest": "Not a digest. Leave it as the page wrote it, or empty.",
    "not_known": "Not a word that is known here.",
    "no_column": "No column has this heading. Add it to the first row; until then nobody is identified.",
    "duplicate": "Another row has the same reference, so nobody can tell which client is meant.",
    "bulk": "A decision is about one case. Write a row for each.",
    "same_person": "The manager has to be somebody else than the worker.",
    "too_many_cells": "This row has more cells than there are headings. Look for a comma too many.",
}  # fmt: skip
_WORDS = {
    "purpose": tuple(Purpose), "reason": tuple(Reason), "decision": ("release", "withhold"),
    "identity_level": ("full name", "first name", "anonymous"),
} | {f"purpose_{purpose}": ("yes", "no") for purpose in Purpose}  # fmt: skip
_EVIDENCE = {
    Evidence.MISSING: "The signed form is not there. Hand it in under Signed forms, and write evidence/ and its name here.",
    Evidence.UNREADABLE: "The signed form is empty, or it is not the one whose digest stands in evidence_hash.",
}  # fmt: skip
# What a spreadsheet would work out instead of showing; a telephone number may begin with a plus.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d\s().,/-]*$)")
_LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, and what is wrong with it in words, empty when nothing is."""

    text: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row by its number in the file; ``problem`` is about the row as a whole."""

    number: int
    cells: tuple[Cell, ...]
    problem: str = ""

    @property
    def wrong(self) -> bool:
        """True when anything of it has to be mended."""
        return bool(self.problem) or self.first >= 0

    @property
    def first(self) -> int:
        """The place of the first cell that has to be mended, -1 when there is none."""
        return next((at for at, cell in enumerate(self.cells) if cell.problem), -1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A register to look at: ``digest`` is that of the file as it was read; ``failure`` says why it cannot be read."""

    name: str
    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    digest: str = ""
    warnings: tuple[str, ...] = ()
    failure: RegisterError | None = None

    @property
    def wrong(self) -> int:
        """How many rows have to be mended."""
        return sum(line.wrong for line in self.lines)

    @property
    def order(self) -> tuple[int, ...]:
        """The columns as they are shown: the first two, then those with something to mend, so that they are in sight."""
        width = max([len(self.columns), *(len(line.cells) for line in self.lines)])
        wrong = {at for line in self.lines for at, cell in enumerate(line.cells) if cell.problem}
        return tuple(sorted(range(width), key=lambda at: (at > 1, at not in wrong, at)))

    def line(self, number: int) -> Line | None:
        """The row of that number."""
        return next((line for line in self.lines if line.number == number), None)


def look(name: str, path: Path) -> Sheet:
    """A register as it stands, with every fault at its cell."""
    digest = digest_of_file(path)
    # Whether a permission counts depends on the signed forms too: it is looked at anew every time.
    return _look(name, path, digest) if name == "permissions" or not digest else _looked(name, path, digest)


@lru_cache(maxsize=8)
def _looked(name: str, path: Path, digest: str) -> Sheet:
    return _look(name, path, digest)


def _look(name: str, path: Path, digest: str) -> Sheet:
    try:
        raw, register = read_raw(path), _LOAD[name](path)
    except RegisterError as error:
        return Sheet(name, digest=digest, failure=error)
    columns = raw.columns
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for fault in register.errors:
        found[fault.row][fault.column].append(_words(fault.problem, fault.column))
    for row in register.rows:
        if isinstance(row, Permission) and row.evidence in _EVIDENCE:
            found[row.row]["evidence_file"].append(_EVIDENCE[row.evidence])
    failure = None if register.readable else RegisterError(*(register.warnings[0].partition(". ")[::2]))
    lines = tuple(_line(number, cells, columns, found.get(number, {})) for number, cells in raw.lines)
    return Sheet(name, tuple(heading.strip() for heading in raw.header), lines, digest, register.warnings, failure)


def save(shelf: Shelf, name: str, path: Path, seen: str, number: int, cells: Sequence[str]) -> int:
    """Write one row anew, or a new one for number 0, or take it out when it has no cells; the number of the row.

    Raises ``ReviewOvertaken`` when the file is not the one that was ``seen``, ``ReviewRefused`` for a cell that a
    spreadsheet would take for a formula, ``RegisterError`` when somebody has it open.
    """
    raw = read_raw(path)
    if digest_of_file(path) != seen:
        raise ReviewOvertaken("the register was changed meanwhile; nothing was overwritten", "Look at it as it is now.")
    before = next((old for at, old in raw.lines if at == number), ())
    if number and not before:
        raise ReviewRefused("the register has no such row", "Look at it as it is now.")
    _check(raw, before, cells)
    width = len(raw.header)
    fresh = (*(cell.strip() for cell in cells[:width]), *(cell for cell in cells[width:] if cell.strip()))
    rows = [(at, fresh if at == number else old) for at, old in raw.lines]
    if not number:
        rows.append((0, fresh))
    shelf.remember(name, path)
    write_table(path, raw.header, [row for _, row in rows if any(cell.strip() for cell in row)])
    at = next((place for place, (line, _) in enumerate(rows) if line == number), 0)
    kept = read_raw(path).lines
    return kept[min(at, len(kept) - 1)][0] if kept else 0


def kept_on_page(shelf: Shelf, name: str, workspace: Workspace) -> bool:
    """True when a register is not there, or is the one that the workspace's trail says was kept on the page last."""
    path, last = shelf.register(name), ""
    if path is None:
        return True
    for line in workspace.trail.read_text(encoding="utf-8").splitlines() if workspace.trail.is_file() else ():
        facts = json.loads(line)["facts"] if '"register"' in line else {}
        last = str(facts["sha256"]) if facts.get("what") == name else last
    return last == digest_of_file(path)


def begin(shelf: Shelf, name: str) -> Path:
    """An empty register with its headings, to be filled in on the page."""
    header = ",".join(COLUMNS[name]) + "\r\n"
    return shelf.take_register(name, ".csv", header.encode("utf-8-sig"))


def _check(raw: Raw, before: Sequence[str], cells: Sequence[str]) -> None:
    for at, text in enumerate(cells):
        column = raw.columns[at] if at < len(raw.columns) else f"number {at + 1}"
        if at < len(before) and before[at].strip() == text.strip():
            continue
        if _FORMULA.match(text.strip(" ")):
            raise ReviewRefused(
                f"in the column {_heading(column)} a spreadsheet would take that for a formula",
                "Begin it with a letter or a digit.",
            )
        if len(text) > _LONGEST or not all(char.isprintable() or char == "\n" for char in text):
            raise ReviewRefused(f"in the column {_heading(column)} that is too long or cannot be shown", "Shorten it.")


def _heading(column: str) -> str:
    # A file without headings has a person in its first row.
    known = {name for columns in COLUMNS.values() for name in columns}
    return column if column in known else "that you changed"


def _line(number: int, cells: Sequence[str], columns: Sequence[str], found: Mapping[str, Sequence[str]]) -> Line:
    shown = []
    for at in range(max(len(columns), len(cells))):
        column = columns[at] if at < len(columns) else ""
        text = cells[at] if at < len(cells) else ""
        shown.append(Cell(text, " ".join(found.get(column, ())) if column else ""))
    elsewhere = [words for column, problems in found.items() if column not in columns for words in problems]
    return Line(number, tuple(shown), " ".join(elsewhere))


def _words(problem: str, column: str) -> str:
    words = _PROBLEMS.get(problem, problem.replace("_", " "))
    return f"{words} Write one of: {', '.join(_WORDS[column])}." if problem == "not_known" and column in _WORDS else words
