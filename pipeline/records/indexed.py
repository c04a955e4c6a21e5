"""All registers of a run, indexed by case reference, so that a look-up costs the same however long they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from pipeline.domain.client import Client
from pipeline.domain.ledger import Attempt
from pipeline.domain.permission import ManagerDecision, Permission
from pipeline.names import reference_key
from pipeline.records.registers import (
    Register,
    StoryLink,
    base_name,
    links_by_name,
    load_clients,
    load_decisions,
    load_permissions,
    load_stories,
    refs_for,
)
from pipeline.records.rows import RowError
from pipeline.records.withdrawn import apply_withdrawals, taken_back

if TYPE_CHECKING:
    from pipeline.records.store import Store

PREPARED = "prepared"
"""How the method of an attempt begins when a request was only made ready: nobody has been asked by it (P16)."""


class _Row(Protocol):
    @property
    def case_ref(self) -> str: ...


R = TypeVar("R", bound=_Row)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Registers:
    """Clients, story links, permissions, managers' decisions and attempts; a register that was not given is empty."""

    clients: tuple[Client, ...] = ()
    stories: Register[StoryLink] = field(default_factory=Register)
    permissions_readable: bool = True
    warnings: tuple[str, ...] = ()
    errors: tuple[RowError, ...] = ()
    _links: dict[str, tuple[StoryLink, ...]] = field(default_factory=dict)
    _clients: dict[str, list[Client]] = field(default_factory=dict)
    _permissions: dict[str, list[Permission]] = field(default_factory=dict)
    _decisions: dict[str, list[ManagerDecision]] = field(default_factory=dict)
    _attempts: dict[str, list[Attempt]] = field(default_factory=dict)

    @classmethod
    def load(
        cls,
        clients: Path | None,
        stories: Path | None,
        permissions: Path | None,
        decisions: Path | None,
        store: Store | None = None,
    ) -> Registers:
        """Read every register that is named, together with what the records hold.

        Withdrawals in the records apply to the rows of files too, and the records are told of those that the permission
        file shows.  Raises ``RegisterError`` when a file other than the permissions is unreadable, ``RecordsError``.
        """
        read_clients, read_stories = _given(load_clients, clients), _given(load_stories, stories)
        read_permissions, read_decisions = _given(load_permissions, permissions), _given(load_decisions, decisions)
        attempts: list[Attempt] = []
        if store is not None:
            store.mark_withdrawn(read_permissions.rows)
            read_permissions = _and(read_permissions, store.permissions())
            read_permissions = replace(read_permissions, rows=apply_withdrawals(read_permissions.rows, store.withdrawals()))
            read_decisions = _and(read_decisions, store.decisions())
            attempts = store.attempts()
        read_permissions = replace(read_permissions, rows=taken_back(read_permissions.rows, date.today()))
        every: tuple[Register, ...] = (read_clients, read_stories, read_permissions, read_decisions)
        return cls(
            read_clients.rows,
            read_stories,
            read_permissions.readable,
            tuple(warning for register in every for warning in register.warnings),
            tuple(error for register in every for error in register.errors),
            links_by_name(read_stories),
            _by_case(read_clients.rows),
            _by_case(read_permissions.rows),
            _by_case(read_decisions.rows),
            _by_case(attempts),
        )

    def refs_of(self, source: str, stated: str | None) -> tuple[str, ...]:
        """The case references of a file: those of the stories register, failing that the one the file states."""
        return refs_for(self._links.get(base_name(source), ()), source) or ((stated,) if stated else ())

    def clients_of(self, case_ref: str) -> list[Client]:
        """Every client of that reference; more than one is an ambiguity."""
        return self._clients.get(reference_key(case_ref), [])

    def permissions_of(self, case_ref: str) -> tuple[Permission, ...]:
        """The permission rows of one case."""
        return tuple(self._permissions.get(reference_key(case_ref), ()))

    def decisions_of(self, case_ref: str) -> tuple[ManagerDecision, ...]:
        """The managers' decisions about one case."""
        return tuple(self._decisions.get(reference_key(case_ref), ()))

    def attempts_of(self, case_ref: str) -> tuple[Attempt, ...]:
        """The times that the person of one case was asked, or that a request was made ready for them."""
        return tuple(self._attempts.get(reference_key(case_ref), ()))

    def sought(self, case_ref: str, on: date) -> bool:
        """True when the records say that the person was asked by that day; a request made ready asks nobody yet."""
        return any(a.on <= on and not a.method.casefold().startswith(PREPARED) for a in self.attempts_of(case_ref))


def _given(load: Callable[[Path], Register], path: Path | None) -> Register:
    return load(path) if path else Register()


def _and(one: Register[T], other: Register[T]) -> Register[T]:
    """Two registers as one, what both say said once."""
    errors = tuple(dict.fromkeys((*one.errors, *other.errors)))
    return Register((*one.rows, *other.rows), (*one.warnings, *other.warnings), errors, one.readable and other.readable)


def _by_case(rows: Iterable[R]) -> dict[str, list[R]]:
    found: dict[str, list[R]] = defaultdict(list)
    for row in rows:
        found[reference_key(row.case_ref)].append(row)
    return dict(found)
