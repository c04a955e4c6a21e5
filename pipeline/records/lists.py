"""The organisation's own lists on the disk: one table, ``lists.csv`` in the workspace, which a person can open and mend.

In an encrypted workspace the file is sealed like the secret.  A list that cannot be read stops a run: what somebody
taught storysafe to find may be in it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.domain.finding import Category, Role
from pipeline.domain.remembered import Lesson, Remembered
from pipeline.errors import OutputFailed, RegisterError, ReviewOvertaken, ReviewRefused
from pipeline.records.durable import make_folder
from pipeline.records.keys import is_sealed, seal, unseal, write_private
from pipeline.records.locks import Busy, drop_lock, take_lock

COLUMNS = ("words", "list", "category", "role", "instead", "reason", "by", "on")
LONGEST, MOST = 200, 20_000
_USE = "lists"


@dataclass(frozen=True, slots=True)
class Lists:
    """The rows in their order, and ``version``: the digest of the file that they were read from, empty for none."""

    rows: tuple[Remembered, ...] = ()
    version: str = ""


def load_lists(path: Path, key: bytes = b"") -> Lists:
    """The lists of a workspace; empty when there are none.  Raises ``RegisterError`` naming the row, ``KeyLost``."""
    if not path.exists():
        return Lists()
    try:
        data = unseal(path, key, _USE) if key and is_sealed(path) else path.read_bytes()
        rows = read_rows(data, path.name)
    except OSError:
        raise RegisterError(f"{path.name} cannot be opened", "Check that you may read the workspace.") from None
    return Lists(rows, hashlib.sha256(data).hexdigest())


def save_lists(path: Path, seen: str, rows: Sequence[Remembered], key: bytes = b"") -> Lists:
    """Put other rows in the place of those of version ``seen``.

    Raises ``ReviewOvertaken`` when somebody changed the lists meanwhile, ``ReviewRefused`` for a row that is not in
    order, ``OutputFailed``.
    """
    for row in rows:
        check_row(row)
    if len(rows) > MOST:
        raise ReviewRefused("the lists are full", "Take out what is not needed any more.")
    lock = path.with_suffix(".lock")
    try:
        make_folder(path.parent)
        held = take_lock(lock)
    except Busy:
        raise ReviewOvertaken("somebody else is changing the lists just now", "Look at them again.") from None
    except OSError as error:
        raise OutputFailed("the lists could not be saved", "Check the disk and the workspace folder.") from error
    try:
        if load_lists(path, key).version != seen:
            raise ReviewOvertaken("somebody else changed the lists meanwhile", "Look at them as they are now.")
        data = as_csv(rows)
        write_private(path, seal(data, key, _USE) if key else data)
    finally:
        drop_lock(held, lock)
    return Lists(tuple(rows), hashlib.sha256(data).hexdigest())


def seal_lists(path: Path, key: bytes) -> None:
    """Encrypt the lists of a workspace that is being encrypted; done again it changes nothing."""
    if path.exists() and not is_sealed(path):
        write_private(path, seal(path.read_bytes(), key, _USE))


def unseal_lists(path: Path, key: bytes) -> None:
    """Make the lists of a workspace readable that is being decrypted; done again it changes nothing."""
    if path.exists() and is_sealed(path):
        write_private(path, unseal(path, key, _USE))


def check_row(row: Remembered) -> None:
    """Raise ``ReviewRefused`` for a row that says nothing or would be a formula in a spreadsheet."""
    for words in (row.words, row.instead, row.reason, row.by):
        if len(words) > LONGEST or not (words.isprintable() and (not words or words[0].isalnum() or words[0] in "£€$“‘('\"")):
            raise ReviewRefused("that is no row of a list", f"One line, at most {LONGEST} letters, beginning with a letter.")
    if not any(mark.isalnum() for mark in row.words):
        raise ReviewRefused("a row of a list needs words", "Type the words as they stand in the texts.")
    if row.lesson is Lesson.REPLACE and not row.instead.strip():
        raise ReviewRefused("say the other words", "They are told wherever these stand.")
    if row.category is None and row.lesson not in (Lesson.ALLOW, Lesson.KNOWN):
        raise ReviewRefused("say what the words are", "Choose a category.")


def as_csv(rows: Sequence[Remembered]) -> bytes:
    """The rows as the file has them, and as they are exported."""
    stream = io.StringIO(newline="")
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(COLUMNS)
    for row in rows:
        role = row.role.value if row.lesson is Lesson.KNOWN else ""
        table.writerow([row.words, row.lesson.value, row.category.value if row.category else "", role, row.instead,
                        row.reason, row.by, row.on.isoformat() if row.on else ""])  # fmt: skip
    return stream.getvalue().encode("utf-8")


def read_rows(data: bytes, name: str) -> tuple[Remembered, ...]:
    """The rows of a file; raises ``RegisterError`` naming the row that is not in order, never what stands in it."""
    try:
        table = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        if not {"words", "list"} <= set(table.fieldnames or ()):
            raise RegisterError(f"{name} has no columns words and list", f"Its columns are {', '.join(COLUMNS)}.")
        found = []
        for number, cells in enumerate(table, 2):
            if any((cell or "").strip() for key, cell in cells.items() if key):
                found.append(_row({key: (cell or "").strip() for key, cell in cells.items() if key}, name, number))
        return tuple(found)
    except (UnicodeDecodeError, csv.Error):
        raise RegisterError(f"{name} is no table of text", "Save it as CSV in UTF-8.") from None


def _row(cells: dict[str, str], name: str, number: int) -> Remembered:
    category, role, day = cells.get("category", ""), cells.get("role", ""), cells.get("on", "")
    try:
        row = Remembered(
            cells["words"], Lesson(cells["list"].lower()), Category(category.upper()) if category else None,
            Role(role.lower().replace(" ", "_")) if role else Role.OTHER, cells.get("instead", ""),
            cells.get("reason", ""), cells.get("by", ""), date.fromisoformat(day) if day else None,
        )  # fmt: skip
        check_row(row)
    except (ValueError, ReviewRefused):
        raise RegisterError(
            f"{name}, row {number}, is not in order",
            f"list is one of {', '.join(Lesson)}; category, role and on are empty or as storysafe writes them.",
        ) from None
    return row
