"""The registers that an organisation keeps: clients, stories, permissions and managers' decisions.

A register that cannot be read as a whole is a ``RegisterError``, except for permissions: those are then an unreadable
register, with which nobody is identified (E17).  A row that cannot be understood is a ``RowError`` and gives nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Generic, TypeVar

from pipeline.domain.client import Client
from pipeline.domain.permission import ManagerDecision, Permission, Purpose
from pipeline.domain.release import Reason
from pipeline.errors import RegisterError
from pipeline.records.cells import plain, read_date
from pipeline.records.permissions import COLUMNS as PERMISSION_COLUMNS
from pipeline.records.permissions import read_permission
from pipeline.records.rows import RowError, bulk_reference, same_person
from pipeline.records.tables import Row, Table, read_table

T = TypeVar("T")

CLIENT_COLUMNS = (
    "case_ref", "full_name", "known_as", "date_of_birth", "gender", "address", "postcode", "phone", "email",
    "service", "referred_on", "closed_on", "outcome", "outcome_value", "age_band", "ethnicity", "district",
)  # fmt: skip
STORY_COLUMNS = ("file", "case_ref")
DECISION_COLUMNS = ("case_ref", "purpose", "reason", "decision", "decided_by", "manager", "why", "decided_on")


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
    return _load(path, CLIENT_COLUMNS, ("case_ref",), _client)


def load_stories(path: Path) -> Register[StoryLink]:
    """Which file is about whom."""
    return _load(path, STORY_COLUMNS, STORY_COLUMNS, _story)


def load_permissions(path: Path) -> Register[Permission]:
    """The permission register, with each row's evidence checked; never raises for its content (E17)."""

    def read(row: Row, name: str, errors: list[RowError]) -> Permission | None:
        return read_permission(row, name, path.parent, errors)

    try:
        return _load(path, PERMISSION_COLUMNS, ("case_ref",), read)
    except RegisterError as error:
        return Register(
            warnings=(f"{error.message} Nobody is identified. {error.remedy}".strip(),),
            errors=(RowError(path.name, 0, "", "register_unreadable"),),
            readable=False,
        )


def load_decisions(path: Path) -> Register[ManagerDecision]:
    """Managers' decisions, each about one case, purpose and reason; self-approval and bulk rows are errors (P21)."""
    return _load(path, DECISION_COLUMNS, DECISION_COLUMNS, _decision)


def client_for(clients: Register[Client], case_ref: str) -> Client | None:
    """The one client of that reference; ``None`` when there is none, two, or a row that could not be understood."""
    found = [client for client in clients.rows if client.case_ref == case_ref]
    return found[0] if len(found) == 1 and not found[0].unreadable else None


def permissions_for(permissions: Register[Permission], case_ref: str) -> tuple[Permission, ...]:
    """The rows of one case."""
    return tuple(row for row in permissions.rows if row.case_ref == case_ref)


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


def decision_for(
    decisions: Register[ManagerDecision], case_ref: str, purpose: Purpose, reason: Reason, on: date
) -> ManagerDecision | None:
    """The latest decision on or before ``on`` about exactly that; of two on one day, the one that withholds."""
    made = [
        row
        for row in decisions.rows
        if (row.case_ref, row.purpose, row.reason) == (case_ref, purpose, reason) and row.decided_on <= on
    ]
    return max(made, key=lambda row: (row.decided_on, not row.release), default=None)


def _load(
    path: Path,
    columns: tuple[str, ...],
    required: tuple[str, ...],
    read: Callable[[Row, str, list[RowError]], T | None],
) -> Register[T]:
    table: Table = read_table(path, columns, required)
    errors: list[RowError] = []
    rows: list[T] = []
    for row in table.rows:
        if row.overflow:
            errors.append(RowError(path.name, row.number, "", "too_many_cells"))
        value = read(row, path.name, errors)
        if value is not None:
            rows.append(value)
    if columns is CLIENT_COLUMNS:
        _mark_duplicates(path.name, rows, errors)
    return Register(tuple(rows), table.warnings, tuple(errors))


def _mark_duplicates(name: str, clients: list[T], errors: list[RowError]) -> None:
    refs = Counter(client.case_ref for client in clients if isinstance(client, Client))
    errors.extend(
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


def _decision(row: Row, name: str, errors: list[RowError]) -> ManagerDecision | None:
    cells = {column: row.cell(column) for column in DECISION_COLUMNS}
    problems = [(column, "missing") for column in DECISION_COLUMNS if not cells[column]]
    if bulk_reference(cells["case_ref"]):
        problems.append(("case_ref", "bulk"))
    for column, words in (("purpose", tuple(Purpose)), ("reason", tuple(Reason)), ("decision", ("release", "withhold"))):
        if cells[column] and plain(cells[column]) not in {plain(word) for word in words}:
            problems.append((column, "not_known"))
    if same_person(cells["decided_by"], cells["manager"]):
        problems.append(("manager", "same_person"))
    try:
        decided_on = read_date(cells["decided_on"])
    except ValueError:
        decided_on = None
        problems.append(("decided_on", "not_a_date"))
    if problems or decided_on is None or row.overflow:
        errors.extend(RowError(name, row.number, column, problem) for column, problem in problems)
        return None
    return ManagerDecision(
        case_ref=cells["case_ref"],
        purpose=Purpose(plain(cells["purpose"])),
        reason=plain(cells["reason"]).replace(" ", "-"),
        release=plain(cells["decision"]) == "release",
        decided_by=cells["decided_by"],
        manager=cells["manager"],
        why=cells["why"],
        decided_on=decided_on,
        row=row.number,
    )
