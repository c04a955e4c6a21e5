"""Count the people whom a combination of details fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, prod

from pipeline.domain.client import Client
from pipeline.domain.risk import Detail, Kind
from pipeline.risk.details import fits

_MEANT = frozenset({Kind.GENDER, Kind.SERVICE})
_COLUMNS = ("ethnicity", "district", "service", "outcome")


def crowd(details: Iterable[Detail], clients: Sequence[Client]) -> list[Client]:
    """The clients whom every detail fits: more details never fit more people."""
    wanted = tuple(details)
    return [client for client in clients if all(fits(detail, client) for detail in wanted)]


def without_outcome(details: Iterable[Detail]) -> tuple[Detail, ...]:
    """The details without the outcome."""
    return tuple(detail for detail in details if detail.kind is not Kind.OUTCOME)


def meant(details: Iterable[Detail], outcome: bool = False) -> tuple[Detail, ...]:
    """What a story cannot be told without: who is "she", what help it was, and with ``outcome`` what came of it (P19)."""
    return tuple(detail for detail in details if detail.kind in _MEANT or (outcome and detail.kind is Kind.OUTCOME))


def expected(details: Iterable[Detail], people: int) -> int:
    """How many of so many people fit, if the details are independent of each other; a floor, and an order of magnitude.

    Of several ages or days one person has one: the narrowest counts.
    """
    narrowest: dict[tuple[Kind, str], float] = {}
    for detail in details:
        key = (detail.kind, "" if detail.kind in {Kind.AGE, Kind.DATES} else detail.value)
        narrowest[key] = min(narrowest.get(key, 1.0), detail.share)
    return floor(people * prod(narrowest.values()) + 1e-9)


def alike(clients: Sequence[Client], told: Iterable[Detail]) -> tuple[str, ...]:
    """The columns, not told in the document, in which everybody of a crowd is the same (inference)."""
    said = {detail.kind.value for detail in told}
    columns = [c for c in _COLUMNS if c not in said and not (c == "district" and Kind.PLACE.value in said)]
    values = {column: {str(getattr(client, column)).strip().lower() for client in clients} for column in columns}
    return tuple(column for column in columns if clients and len(values[column]) == 1 and "" not in values[column])
