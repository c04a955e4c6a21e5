"""The registers that an organisation keeps: clients, stories, permissions and managers' decisions.

A register that cannot be read as a whole is a ``RegisterError``, except for permissions: those are then an unreadable
register, with which nobody is identified (E17).  A row that cannot be understood is a ``RowError`` and allows nothing; a
manager's withhold counts all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar

from pipeline.domain.client import Client
from pipeline.domain.permission import ManagerDecision, Permission, Purpose
from pipeline.domain.release import Reason
from pipeline.errors import RegisterError
from pipeline.records.cells import plain, read_date
from pipeline.records.permissions import COLUMNS as PERMISSION_COLUMNS
from pipeline.records.permissions import LIMITS as PERMISSION_LIMITS
from pipeline.records.permissions import read_permission
from pipeline.records.rows import RowError, bulk_reference, listed_references, same_person
from pipeline.records.tables import Row, Table, read_table

T = TypeVar("T")
W = TypeVar("W", bound=StrEnum)

CLIENT_COLUMNS = (
    "case_ref", "full_name", "known_as", "date_of_birth", "gender", "address", "postcode", "phone", "email",
    "service", "referred_on", "closed_on", "outcome", "outcome_value", "age_band", "ethnicity", "district",
    "communication_need",
)  # fmt: skip
STORY_COLUMNS = ("file", "case_ref")
DECISION_COLUMNS = ("case_ref", "purpose", "reason", "decision", "decided_by", "manager", "why", "decided_on")
DECISION_KNOWN = (*DECISION_COLUMNS, "story_sha256")
_DIGEST = re.compile(r"(?:sha256:)?([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Register(Generic[T]):
    """What was understood of a register, in its own order, and what was not.

    ``readable`` is false for a permission register that could not be read at all: the run must say so and end
    non-zero.
    """

    rows: tuple[T, ...] = ()
    warnings: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()
    readable: bool = True


@dataclass(frozen=True, slots=True)
class StoryLink:
    """One row of the story register: ``file`` is about the client ``case_ref``."""

    file: str
    case_ref: str
    row: int


def load_clients(path: Path) -> Register[Client]:
    """The client list; a row with a broken cell is kept, for its names must be found, and is an error as well."""
    return _load(path, CLIENT_COLUMNS, ("case_ref", "full_name"), _client)


def load_stories(path: Path) -> Register[StoryLink]:
    """Which file is about whom."""
    return _load(path, STORY_COLUMNS, STORY_COLUMNS, _story)


def load_permissions(path: Path) -> Register[Permission]:
    """The permission register, with each row's evidence checked; never raises for its content (E17)."""

    try:
        return permissions_in(read_table(path, PERMISSION_COLUMNS, ("case_ref",)), path.name, path.parent)
    except RegisterError as error:
        return Register(
            warnings=(f"{error.message} Nobody is identified. {error.remedy}".strip(),),
            errors=(RowError(path.name, 0, "", "register_unreadable"),),
            readable=False,
        )


def load_decisions(path: Path) -> Register[ManagerDecision]:
    """Managers' decisions, each about one case, purpose and reason; self-approval and bulk rows are errors (P21).

    A faulty release gives nothing.  A faulty withhold still withholds: for every purpose when its purpose is not
    known, from ``date.min`` when its day is not, as permission-refused when its reason is not.
    """
    return decisions_in(read_table(path, DECISION_KNOWN, DECISION_COLUMNS), path.name)


def permissions_in(table: Table, name: str, folder: Path) -> Register[Permission]:
    """The permissions of a table that was read from ``name``, whose evidence is in ``folder``.

    Without a column that can end or narrow a permission, as when its heading is misspelt, no row names anybody; a
    refusal still counts.
    """
    lost = tuple(column for column in PERMISSION_LIMITS if column not in table.columns) if table.rows else ()

    def read(row: Row, name: str, errors: list[RowError]) -> Permission | None:
        found = read_permission(row, name, folder, errors)
        return replace(found, unreadable=(*found.unreadable, *lost)) if found and lost else found

    register = _understand(table, name, read)
    gaps = tuple(RowError(name, 1, column, "no_column") for column in lost)
    warning = f"{name} has no column {', '.join(lost)}. Nobody is identified. Its first row must name the columns."
    warned = (warning,) if lost else ()
    return replace(register, warnings=(*warned, *register.warnings), errors=(*gaps, *register.errors))


def decisions_in(table: Table, name: str) -> Register[ManagerDecision]:
    """The decisions of a table that was read from ``name``."""
    read = _understand(table, name, _decision)
    return Register(tuple(decision for row in read.rows for decision in row), read.warnings, read.errors)


def links_by_name(stories: Register[StoryLink]) -> dict[str, tuple[StoryLink, ...]]:
    """The rows of the story register under the base name of their file, for ``refs_for``."""
    found: dict[str, list[StoryLink]] = {}
    for link in stories.rows:
        found.setdefault(base_name(link.file), []).append(link)
    return {name: tuple(links) for name, links in found.items()}


def base_name(file: str) -> str:
    """The last part of a path, as files are compared: whatever its slashes and capitals."""
    parts = _parts(file)
    return parts[-1] if parts else ""


def refs_for(stories: Register[StoryLink] | Sequence[StoryLink], source: str) -> tuple[str, ...]:
    """The case references that the story register gives a file: exactly one makes it somebody's story.

    ``source`` is relative; a row matches by the same path, by the base name, or where one path is the end of the
    other.
    """
    parts = _parts(source)
    found: dict[str, None] = {}
    for link in stories.rows if isinstance(stories, Register) else stories:
        other = _parts(link.file)
        short = min(len(parts), len(other))
        if short and parts[-short:] == other[-short:]:
            found[link.case_ref] = None
    return tuple(found)


def _load(
    path: Path,
    columns: tuple[str, ...],
    required: tuple[str, ...],
    read: Callable[[Row, str, list[RowError]], T | None],
) -> Register[T]:
    read_rows = _understand(read_table(path, columns, required), path.name, read)
    if columns is not CLIENT_COLUMNS:
        return read_rows
    return replace(read_rows, errors=(*read_rows.errors, *_duplicates(path.name, read_rows.rows)))


def _understand(table: Table, name: str, read: Callable[[Row, str, list[RowError]], T | None]) -> Register[T]:
    errors: list[RowError] = []
    rows: list[T] = []
    for row in table.rows:
        if row.overflow:
            errors.append(RowError(name, row.number, "", "too_many_cells"))
        value = read(row, name, errors)
        if value is not None:
            rows.append(value)
    return Register(tuple(rows), table.warnings, tuple(errors))


def _duplicates(name: str, clients: Sequence[T]) -> tuple[RowError, ...]:
    refs = Counter(client.case_ref for client in clients if isinstance(client, Client))
    return tuple(
        RowError(name, client.row, "case_ref", "duplicate")
        for client in clients
        if isinstance(client, Client) and refs[client.case_ref] > 1
    )


def _parts(file: str) -> tuple[str, ...]:
    return PurePosixPath(file.strip().replace("\\", "/").casefold()).parts


def _day(row: Row, name: str, column: str, errors: list[RowError]) -> date | None:
    try:
        return read_date(row.cell(column))
    except ValueError:
        errors.append(RowError(name, row.number, column, "not_a_date"))
        return None


def _number(row: Row, name: str, column: str, errors: list[RowError]) -> float | None:
    text = row.cell(column).replace(",", "").replace("£", "")
    try:
        return float(text) if text else None
    except ValueError:
        errors.append(RowError(name, row.number, column, "not_a_number"))
        return None


def _client(row: Row, name: str, errors: list[RowError]) -> Client | None:
    if not row.cell("case_ref"):
        errors.append(RowError(name, row.number, "case_ref", "missing"))
    before = len(errors)
    texts = {c: row.cell(c) for c in CLIENT_COLUMNS if not c.endswith("_on") and c not in ("date_of_birth", "outcome_value")}
    born = _day(row, name, "date_of_birth", errors)
    referred_on, closed_on = _day(row, name, "referred_on", errors), _day(row, name, "closed_on", errors)
    value = _number(row, name, "outcome_value", errors)
    unreadable = tuple(error.column for error in errors[before:]) + (("cells",) if row.overflow else ())
    return Client(
        row=row.number,
        date_of_birth=born,
        referred_on=referred_on,
        closed_on=closed_on,
        outcome_value=value,
        unreadable=unreadable,
        **texts,
    )


def _story(row: Row, name: str, errors: list[RowError]) -> StoryLink | None:
    missing = [column for column in STORY_COLUMNS if not row.cell(column)]
    if missing:
        errors.append(RowError(name, row.number, missing[0], "missing"))
        return None
    return StoryLink(row.cell("file"), row.cell("case_ref"), row.number)


def _decision(row: Row, name: str, errors: list[RowError]) -> tuple[ManagerDecision, ...]:
    cells = {column: row.cell(column) for column in DECISION_KNOWN}
    problems = decision_problems(cells)
    errors.extend(RowError(name, row.number, column, problem) for column, problem in problems)
    release = plain(cells["decision"]) == "release"
    # Only a release has to be in order: a manager's no counts however badly it is filled in.
    if plain(cells["decision"]) != "withhold" and (not release or problems or row.overflow):
        return ()
    reason = _word(cells["reason"], Reason) or Reason.PERMISSION_REFUSED
    purpose = _word(cells["purpose"], Purpose)
    digest = _DIGEST.fullmatch(cells["story_sha256"].lower())
    return tuple(
        ManagerDecision(
            case_ref=case_ref,
            purpose=each,
            reason=reason.value,
            release=release,
            decided_by=cells["decided_by"],
            manager=cells["manager"],
            why=cells["why"],
            decided_on=_decided_on(cells) or date.min,
            row=row.number,
            story_sha256=digest[1] if digest else "",
        )
        for case_ref in listed_references(cells["case_ref"])
        for each in ((purpose,) if purpose else Purpose)
    )


def decision_problems(cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """Every column of a decision that is not in order, with its problem code."""
    problems = [(column, "missing") for column in DECISION_COLUMNS if not cells[column]]
    if bulk_reference(cells["case_ref"]):
        problems.append(("case_ref", "bulk"))
    known = {
        "purpose": _word(cells["purpose"], Purpose) is not None,
        "reason": _word(cells["reason"], Reason) is not None,
        "decision": plain(cells["decision"]) in ("release", "withhold"),
    }
    problems.extend((column, "not_known") for column, is_known in known.items() if cells[column] and not is_known)
    if same_person(cells["decided_by"], cells["manager"]):
        problems.append(("manager", "same_person"))
    if cells["decided_on"] and _decided_on(cells) is None:
        problems.append(("decided_on", "not_a_date"))
    bound_to = cells.get("story_sha256", "")
    if bound_to and not _DIGEST.fullmatch(bound_to.lower()):
        problems.append(("story_sha256", "not_a_digest"))
    return problems


def _word(text: str, words: type[W]) -> W | None:
    return next((word for word in words if plain(word) == plain(text)), None)


def _decided_on(cells: Mapping[str, str]) -> date | None:
    try:
        return read_date(cells["decided_on"])
    except ValueError:
        return None
