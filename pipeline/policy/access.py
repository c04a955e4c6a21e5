"""Reads who may use which command from a policy: the tables ``[access]`` and ``[roles]`` (P10, P29)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.policy.toml_tables import Table, read_tables, single

ANYBODY, EVERYBODY = "anybody", "everybody"
_STATEMENTS = ("required-once-registered", "required", "off")
_OVERDUE = ("warn", "refuse")
_LONGEST = 120  # months
_ROLE = re.compile(r"[a-z][a-z0-9]{1,23}")
_COMMAND = re.compile(r"[a-z][a-z0-9-]*( [a-z][a-z0-9-]*){0,3}")


@dataclass(frozen=True, slots=True)
class Access:
    """Who may do what.

    ``version`` is the policy's, whose statement is signed, and ``review_by`` its last day; ``statements`` is one of
    "required-once-registered", "required" and "off"; ``grants`` are the commands of each role, of "everybody" who works
    here, and of "anybody" at all.  ``training_months`` is how long a training counts, 0 for ever; ``training_overdue`` is
    "warn" or "refuse".
    """

    version: str
    review_by: date
    statements: str
    grants: Mapping[str, tuple[str, ...]]
    training_months: int = 0
    training_overdue: str = "warn"

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that somebody can have."""
        return tuple(role for role in self.grants if role not in (ANYBODY, EVERYBODY))

    def allows(self, roles: Iterable[str], action: str) -> bool:
        """True when one of the roles covers the command: by its whole name, or by the words that it begins with."""
        return any(_covers(grant, action) for role in roles for grant in self.grants.get(role, ()))

    def who_may(self, action: str) -> tuple[str, ...]:
        """The roles that cover a command."""
        return tuple(role for role in self.roles if self.allows((role,), action))


def load_access(path: Path, template: Path) -> Access:
    """What a policy says about access; where it says nothing, the template's words count.

    Raises ``PolicyError`` naming the file and the line.
    """
    tables = read_tables(path)
    check_access(tables)
    spare = tables if "roles" in tables else read_tables(template)
    roles = single(template, spare, "roles")
    grants = {role: roles.texts(role) for role in roles.values}
    head = single(path, tables, "policy")
    statements = tables["access"][0].text("statements", _STATEMENTS[0]) if "access" in tables else _STATEMENTS[0]
    months, overdue = _training(tables)
    return Access(head.text("version"), head.day("review_by"), statements, grants, months, overdue)


def _training(tables: Mapping[str, Sequence[Table]]) -> tuple[int, str]:
    if "access" not in tables:
        return 0, _OVERDUE[0]
    table = tables["access"][0]
    months = table.number("training_months", 0, _LONGEST) if "training_months" in table.values else 0
    return int(months), table.text("training_overdue", _OVERDUE[0])


def check_access(tables: Mapping[str, Sequence[Table]]) -> None:
    """Refuse what cannot be understood about access in the tables of a policy."""
    for table in tables.get("access", ()):
        table.only("statements", "training_months", "training_overdue")
        if table.text("statements", _STATEMENTS[0]) not in _STATEMENTS:
            table.refuse("statements", f"is not one of: {', '.join(_STATEMENTS)}")
        if table.text("training_overdue", _OVERDUE[0]) not in _OVERDUE:
            table.refuse("training_overdue", f"is not one of: {', '.join(_OVERDUE)}")
        if "training_months" in table.values:
            table.number("training_months", 0, _LONGEST)
    for table in tables.get("roles", ()):
        for role in table.values:
            if not _ROLE.fullmatch(role):
                table.refuse(role, "is not a role's name: one word in small letters")
            for command in table.texts(role):
                if not _COMMAND.fullmatch(command):
                    table.refuse(role, 'holds something else than commands, such as "run publicity"', command)


def _covers(grant: str, action: str) -> bool:
    return action == grant or action.startswith(f"{grant} ")
