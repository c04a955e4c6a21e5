"""What is wrong with a row, and what rows are compared by: names and case references."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.records.cells import plain


@dataclass(frozen=True, slots=True)
class RowError:
    """A row that could not be understood: where, and a problem code; never the cell's text.

    Codes: missing, not_a_date, not_a_number, not_a_digest, not_known, duplicate, bulk, same_person, too_many_cells,
    no_column (the heading), register_unreadable (row 0: the whole file).
    """

    file: str
    row: int
    column: str
    problem: str

    def __str__(self) -> str:
        place = f"{self.file}, row {self.row}" if self.row else self.file
        return f"{place}, column {self.column}: {self.problem}" if self.column else f"{place}: {self.problem}"


def bulk_reference(case_ref: str) -> bool:
    """True for a reference that could mean several cases: wildcards, lists and words such as "all" (P21)."""
    return bool(re.search(r"[*%?;,]|\.\.|\s[-–]\s|\bto\b", case_ref)) or plain(case_ref) in {
        "all", "any", "each", "every", "everyone", "everybody", "the rest", "as above", "ditto", "various",
    }  # fmt: skip


def listed_references(case_ref: str) -> tuple[str, ...]:
    """The references that a cell can be read as: itself and, when it is a list, each part of it."""
    parts = (part.strip() for part in re.split(r"[;,]", case_ref))
    return tuple(dict.fromkeys(ref for ref in (case_ref, *parts) if ref))


def same_person(one: str, other: str) -> bool:
    """True when two cells name one person, also by initials or a part of the name: nobody approves their own work."""
    a, b = re.findall(r"\w+", plain(one)), re.findall(r"\w+", plain(other))
    if not a or not b:
        return False
    if sorted(a) == sorted(b) or set(a) <= set(b) or set(b) <= set(a):
        return True
    if len(a) == len(b) and all(x[0] == y[0] and (len(x) == 1 or len(y) == 1 or x == y) for x, y in zip(a, b, strict=True)):
        return True
    return "".join(a) == "".join(word[0] for word in b) or "".join(b) == "".join(word[0] for word in a)
