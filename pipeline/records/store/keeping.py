"""Registers in the database: every cell as it was written, in its order, with what it said before.

A row is the same row as before when it has the same consent and case (for the n-th time in its file), or, where rows have
no number of their own, the same words.  Importing a file again gives a changed row a new version and keeps the old one as
history; a row that has gone from that file is ended; rows of other files, and those recorded here, are not touched.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, RowMapping, and_, bindparam, func, select, update

from pipeline.domain.permission import ManagerDecision, Permission
from pipeline.errors import DecisionRefused
from pipeline.records.permissions import COLUMNS as PERMISSION_COLUMNS
from pipeline.records.registers import (
    DECISION_COLUMNS,
    DECISION_KNOWN,
    Register,
    decision_problems,
    decisions_in,
    permissions_in,
)
from pipeline.records.rows import RowError
from pipeline.records.store.schema import register_imports, register_rows
from pipeline.records.store.telling import consent_key, digest_of, now
from pipeline.records.tables import Raw, Table, as_table, read_raw

PERMISSIONS, DECISIONS = "permissions", "decisions"
KINDS = (PERMISSIONS, DECISIONS)
_KNOWN = {PERMISSIONS: PERMISSION_COLUMNS, DECISIONS: DECISION_KNOWN}
_REQUIRED = {PERMISSIONS: ("case_ref",), DECISIONS: DECISION_COLUMNS}
_RECORDED_HERE = "the records"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, in rows: new ones, changed ones, those that stayed and those that had gone from the file.

    ``warnings`` and ``errors`` are those of reading the file; a row with an error is kept all the same, as it is.
    """

    added: int
    changed: int
    same: int
    ended: int
    warnings: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    key: str
    number: int
    cells: tuple[str, ...]
    content: str


def read_file(kind: str, path: Path) -> tuple[Raw, Table]:
    """A register file, whole; raises ``RegisterError`` when it cannot be read or lacks a required column."""
    raw = read_raw(path)
    table = as_table(raw, _KNOWN[kind], _REQUIRED[kind])
    # Unlike a run, the records keep a column that nobody knows.
    warnings = tuple(warning.replace("and was left out", "and is kept as it is") for warning in table.warnings)
    return raw, replace(table, warnings=warnings)


def understand(kind: str, table: Table, name: str, folder: Path) -> Register[Permission] | Register[ManagerDecision]:
    """What a table of that kind says, by the code that reads the files."""
    return permissions_in(table, name, folder) if kind == PERMISSIONS else decisions_in(table, name)


def import_file(connection: Connection, kind: str, path: Path, raw: Raw) -> Imported:
    """Take in the lines of a register file that was read from ``path``."""
    origin, at = str(path.resolve()), now()
    import_id = _add_import(connection, kind, raw.name, str(path.resolve().parent), raw, at)
    current = {row["key"]: row for row in connection.execute(_current(kind)).mappings()}
    lines = {line.key: line for line in _lines(kind, raw)}
    same = [key for key, line in lines.items() if key in current and current[key]["content"] == line.content]
    changed = [key for key, line in lines.items() if key in current and current[key]["content"] != line.content]
    added = [key for key in lines if key not in current]
    gone = [key for key, row in current.items() if row["origin"] == origin and key not in lines]
    # What was recorded here does not become the file's, so that it cannot go with it.
    _move(connection, [(current[key]["id"], lines[key]) for key in same if current[key]["origin"]], import_id, origin)
    _end(connection, [current[key]["id"] for key in (*changed, *gone)], at)
    new = [line for key, line in lines.items() if key not in current or current[key]["content"] != line.content]
    _add_rows(connection, kind, new, origin, import_id, at)
    return Imported(len(added), len(changed), len(same), len(gone))


def _move(connection: Connection, rows: Sequence[tuple[int, _Line]], import_id: int, origin: str) -> None:
    """Rows that say the same, at their place in the file as it is now."""
    if rows:
        values = [{"row": number, "line": line.number, "texts": _dump(line.cells)} for number, line in rows]
        at = {"number": bindparam("line"), "cells": bindparam("texts"), "import_id": import_id, "origin": origin}
        connection.execute(update(register_rows).where(register_rows.c.id == bindparam("row")).values(at), values)


def _end(connection: Connection, rows: Sequence[int], at: str) -> None:
    if rows:
        statement = update(register_rows).where(register_rows.c.id == bindparam("row")).values(ended_at=at)
        connection.execute(statement, [{"row": row} for row in rows])


def _add_rows(connection: Connection, kind: str, lines: Sequence[_Line], origin: str, import_id: int, at: str) -> None:
    versions = select(register_rows.c.key, func.max(register_rows.c.version)).where(register_rows.c.kind == kind)
    last = {key: version for key, version in connection.execute(versions.group_by(register_rows.c.key))}
    rows = [
        {
            "kind": kind, "key": line.key, "version": last.get(line.key, 0) + 1, "origin": origin, "import_id": import_id,
            "number": line.number, "cells": _dump(line.cells), "content": line.content, "begun_at": at,
        }
        for line in lines
    ]  # fmt: skip
    if rows:
        connection.execute(register_rows.insert(), rows)


def _add_import(connection: Connection, kind: str, name: str, folder: str, raw: Raw, at: str) -> int:
    written = hashlib.sha256(_dump([raw.header, raw.lines]).encode("ascii")).hexdigest()
    row = {"kind": kind, "name": name, "folder": folder, "header": _dump(raw.header), "sha256": written, "imported_at": at}
    key = connection.execute(register_imports.insert().values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _current(kind: str) -> Any:
    return (
        select(register_rows, register_imports.c.name, register_imports.c.folder, register_imports.c.header)
        .join(register_imports, register_imports.c.id == register_rows.c.import_id)
        .where(register_rows.c.kind == kind, register_rows.c.ended_at.is_(None))
        .order_by(register_rows.c.import_id, register_rows.c.number, register_rows.c.id)
    )


def _lines(kind: str, raw: Raw) -> list[_Line]:
    seen: Counter[str] = Counter()
    lines = []
    for number, cells in raw.lines:
        content = _content(raw, cells)
        named = dict(zip(raw.columns, cells, strict=False))
        consent = named.get("consent_id", "").strip() if kind == PERMISSIONS else ""
        key = digest_of(consent_key(named.get("case_ref", "")), consent_key(consent)) if consent else content
        seen[key] += 1
        lines.append(_Line(f"{key}-{seen[key]}", number, cells, content))
    return lines


def _content(raw: Raw, cells: Sequence[str]) -> str:
    """The digest of what a line says, wherever its columns stand."""
    named = sorted((name, cell) for name, cell in zip(raw.columns, cells, strict=False) if cell)
    return hashlib.sha256(_dump([named, cells[len(raw.header) :]]).encode("ascii")).hexdigest()


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _registers(connection: Connection, kind: str) -> Iterator[tuple[Raw, Path]]:
    """The current rows of a kind as the registers they came from, each with its folder."""
    groups: dict[int, list[RowMapping]] = {}
    for row in connection.execute(_current(kind)).mappings():
        groups.setdefault(row["import_id"], []).append(row)
    for rows in groups.values():
        first = rows[0]
        lines = tuple((row["number"], tuple(json.loads(row["cells"]))) for row in rows)
        yield Raw(first["name"], tuple(json.loads(first["header"])), lines), Path(first["folder"])


def _understood(connection: Connection, kind: str, understand: Callable[[Table, str, Path], Register[T]]) -> Register[T]:
    rows: list[T] = []
    errors: list[RowError] = []
    for raw, folder in _registers(connection, kind):
        # What the records do not know was told when it came in; what they cannot understand is told every time.
        read = understand(as_table(raw, _KNOWN[kind], _REQUIRED[kind]), f"{raw.name} (records)", folder)
        rows.extend(read.rows)
        errors.extend(read.errors)
    return Register(tuple(rows), (), tuple(errors))


def permissions(connection: Connection) -> Register[Permission]:
    """The current permissions, read by the code that reads the files; each row's evidence is looked up where it was."""
    return _understood(connection, PERMISSIONS, permissions_in)


def decisions(connection: Connection) -> Register[ManagerDecision]:
    """The current decisions, read by the code that reads the files."""
    return _understood(connection, DECISIONS, lambda table, name, folder: decisions_in(table, name))


def together(connection: Connection, kind: str) -> tuple[list[str], list[list[str]]]:
    """All current rows under one header: that of the first register, then the columns that only others have."""
    header: list[str] = []
    at: dict[tuple[str, int], int] = {}
    rows: list[list[str]] = []
    for raw, _ in list(_registers(connection, kind)):
        places, seen = [], Counter[str]()
        for heading, column in zip(raw.header, raw.columns, strict=True):
            seen[column] += 1
            name = (column, seen[column])
            if name not in at:
                at[name] = len(header)
                header.append(heading)
            places.append(at[name])
        rows.extend(_placed(cells, places) for _, cells in raw.lines)
    if not header:
        header = list(_KNOWN[kind])
    return header, rows


def _placed(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    if places == list(range(len(places))):
        return list(cells)
    row = [""] * (max(places) + 1)
    for cell, place in zip(cells, places, strict=False):
        row[place] = cell
    # Cells beyond the headings spoil a row, and go on doing so.
    return row + list(cells[len(places) :])


def folders(connection: Connection, kind: str) -> list[str]:
    """The folders that the evidence of current rows is in."""
    return list(dict.fromkeys(str(folder) for _, folder in _registers(connection, kind) if str(folder) != "."))


def decide(connection: Connection, cells: Mapping[str, str]) -> None:
    """Record one decision; raises ``DecisionRefused`` when it is not in order, and names the columns."""
    whole = {column: cells.get(column, "").strip() for column in DECISION_KNOWN}
    problems = decision_problems(whole)
    if problems:
        named = "; ".join(f"{column}: {problem}" for column, problem in problems)
        raise DecisionRefused(
            f"The decision was refused and not recorded: {named}.",
            "A decision is about one case, purpose and reason, and is taken with a manager who is somebody else.",
        )
    raw = Raw(_RECORDED_HERE, DECISION_KNOWN, ((0, tuple(whole.values())),))
    (line,) = _lines(DECISIONS, raw)
    at = now()
    known = register_rows.c.kind == DECISIONS, register_rows.c.key == line.key, register_rows.c.ended_at.is_(None)
    if connection.execute(select(register_rows.c.id).where(*known)).first() is None:
        _add_rows(connection, DECISIONS, [line], "", _here(connection, raw, at), at)


def _here(connection: Connection, raw: Raw, at: str) -> int:
    known = and_(register_imports.c.kind == DECISIONS, register_imports.c.folder == "")
    found = connection.execute(select(register_imports.c.id).where(known)).scalar()
    return int(found) if found is not None else _add_import(connection, DECISIONS, _RECORDED_HERE, "", raw, at)
