"""The attack on the figures of an annual return: what its workbook tells of the groups that it does not name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from openpyxl import load_workbook

from pipeline.domain.client import Client
from pipeline.names import fold

_MOST_ROWS = 2000
_SMALL, _BASE = re.compile(r"fewer than (\d+)"), re.compile(r"nearest (\d+)")
_NO_GROUP = frozenset({"", "open", "not recorded", "not known", "unknown"})
_NOTHING_SAID = re.compile(r"not recorded|no outcome", re.IGNORECASE)
_COLUMNS = ("age_band", "gender", "ethnicity", "district", "service", "outcome")


@dataclass(frozen=True, slots=True)
class Tables:
    """What an intruder who knows the rounding, but not the list, gets from the tables of a workbook.

    ``small_named`` are groups of fewer than the small number, on the client list, that a table names; ``narrowed`` are
    the groups that tables count together without naming them and for which, knowing which these are, fewer values than
    three (or than there are) remain; ``small_changes`` are differences to last year under the small number.
    """

    tables: int
    figures: int
    small_named: int
    narrowed: int
    small_changes: int

    @property
    def nothing(self) -> bool:
        """True when the tables give nobody away."""
        return not (self.small_named or self.narrowed or self.small_changes)

    def figures_of(self) -> dict[str, int | bool]:
        """In plain values."""
        return asdict(self) | {"nothing_found": self.nothing}


def attack_tables(workbook: Path, clients: Sequence[Client]) -> Tables:
    """Solve the tables of an annual return for the groups that they hide, knowing what its own notes say of rounding."""
    shown, changes, notes = _read(workbook)
    small, base = (int(match[1]) if (match := said.search(notes)) else 1 for said in (_SMALL, _BASE))
    counts = [_counts(clients, column) for column in _COLUMNS]
    small_named = narrowed = 0
    for table in shown:
        true = max(counts, key=lambda groups: sum(fold(label) in groups for label in table.groups))
        named = {fold(label): count for label, count in table.groups.items() if fold(label) in true}
        small_named += sum(true[label] < small for label in named)
        if named:
            narrowed += _narrowed(table, _hidden(table, true, named), small, base)
    figures = sum(len(table.groups) for table in shown)
    return Tables(len(shown), figures, small_named, narrowed, sum(0 < abs(change) < small for change in changes))


@dataclass(frozen=True, slots=True)
class _Shown:
    groups: Mapping[str, int]
    others: int | None  # the groups that are not named, together; None where not even that is shown
    total: int


def _read(workbook: Path) -> tuple[list[_Shown], list[int], str]:
    book = load_workbook(workbook, read_only=True, data_only=True)
    shown, changes, notes = [], [], ""
    try:
        for sheet in book.worksheets:
            rows = [row[:5] for row in sheet.iter_rows(max_row=_MOST_ROWS, max_col=5, values_only=True)]
            notes = notes or " ".join(str(row[0]) for row in rows)
            if any(row[:2] == ("Line", "This year") for row in rows):
                changes += [row[4] for row in rows if isinstance(row[4], int)]
            heads = [place for place, row in enumerate(rows) if row[:2] == ("Group", "People")]
            if heads:
                figures = {str(row[0]): row[1] for row in rows[heads[0] + 1 :] if row[0] is not None}
                total, others = figures.pop("Everyone", None), figures.pop("All other groups", None)
                whole = {label: count for label, count in figures.items() if isinstance(count, int)}
                if isinstance(total, int):
                    shown.append(_Shown(whole, others if isinstance(others, int) else None, total))
    finally:
        book.close()
    return shown, changes, notes


def _counts(clients: Sequence[Client], column: str) -> Counter[str]:
    return Counter(fold(" ".join(str(getattr(client, column)).split())) for client in clients)


def _hidden(table: _Shown, true: Mapping[str, int], named: Mapping[str, int]) -> dict[str, int]:
    """The groups that a table counts without naming them; cells that say nothing are one group."""
    hidden = {label: count for label, count in true.items() if label not in named and label not in _NO_GROUP}
    nothing = sum(true.get(label, 0) for label in _NO_GROUP - set(named))
    said = any(_NOTHING_SAID.match(label) for label in table.groups)
    return hidden | ({"": nothing} if nothing and not said else {})


def _narrowed(table: _Shown, hidden: Mapping[str, int], small: int, base: int) -> int:
    """Of the small groups that are counted together, those that would have fewer values left than they should."""
    little = [label for label, count in hidden.items() if 0 < count < small]
    if not little:
        return 0
    slack_low, slack_high = base // 2, (base - 1) // 2
    low, high = len(hidden), small - 1
    if table.others is not None:
        low, high = table.others - slack_low, table.others + slack_high
    rest = sum(table.groups.values())
    wobble = (len(table.groups) + 1) * slack_high
    low, high = max(low, table.total - slack_low - rest - wobble), min(high, table.total + slack_high - rest + wobble)
    # Every other hidden group may be as small as one, or as large as the smallest that is shown.
    top = min(table.groups.values(), default=high) + slack_high
    first = max(1, low - (len(hidden) - 1) * top)
    last = min(small - 1, high - (len(hidden) - 1))
    return len(little) if last - first + 1 < min(3, small - 1) else 0
