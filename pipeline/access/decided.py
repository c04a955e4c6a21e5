"""What a manager decided about a document that waits: given to the person who asks, or not (P21, P25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pipeline.errors import UsageError
from pipeline.names import fold, reference_key
from pipeline.records.duties import Register

_KIND = "access-decision"


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about one text for one person; ``digest`` is that of for-a-manager.csv, bound to the words as they are."""

    case_ref: str
    digest: str
    give: bool
    worker: str
    manager: str
    why: str
    on: date


def record(register: Register, decided: Decided) -> None:
    """Record a decision.

    Raises ``UsageError`` for a digest that is none, an empty name or reason, and one person who would be both.
    """
    if len(decided.digest) != 64 or not set(decided.digest) <= set("0123456789abcdef"):
        raise UsageError("that is not the digest of a document", "Copy it whole from the column digest of for-a-manager.csv.")
    if not all(words.strip() for words in (decided.worker, decided.manager, decided.why)):
        raise UsageError("a name or the reason is empty", "Give --worker, --manager and --why.")
    if fold(decided.worker).split() == fold(decided.manager).split():
        raise UsageError("a worker and a manager decide together", "Name two people.")
    body = {
        "case_ref": decided.case_ref.strip(), "digest": decided.digest, "give": decided.give, "worker": decided.worker.strip(),
        "manager": decided.manager.strip(), "why": decided.why.strip(), "on": decided.on.isoformat(),
    }  # fmt: skip
    register.add(_KIND, body)


def decisions_about(register: Register, case_ref: str) -> tuple[Decided, ...]:
    """Every decision for one person, in order; of two about one text the later counts."""
    key = reference_key(case_ref)
    bodies = (entry.body for entry in register.entries(_KIND))
    return tuple(
        Decided(b["case_ref"], b["digest"], b["give"], b["worker"], b["manager"], b["why"], date.fromisoformat(b["on"]))
        for b in bodies
        if reference_key(b["case_ref"]) == key
    )


def by_digest(decided: tuple[Decided, ...]) -> Mapping[str, bool]:
    """Whether each text that was decided about is given."""
    return {one.digest: one.give for one in decided}
