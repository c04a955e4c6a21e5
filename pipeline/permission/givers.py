"""Who may say yes: the person, a parent for an under-16, an attorney for health and welfare (P9, E08 to E12)."""

from __future__ import annotations

from datetime import date

from pipeline.domain.client import Client
from pipeline.domain.permission import Permission
from pipeline.permission.words import child_agrees, lacks_capacity, names_agree


def giver_fails(row: Permission, client: Client | None, on: date) -> str:
    """Whether the person who said yes was entitled to (P9): themselves, a parent, an attorney for welfare.

    Returns the reason code why not, or nothing.
    """
    born = row.dob or (client.date_of_birth if client else None)
    authority = " ".join(row.authority.casefold().split())
    own = client is not None and names_agree(row.given_by, client)
    age = age_on(born, on)
    if authority == "self":
        if not own:
            return "not_subject"
        if age is not None and age < 16:
            return "parental"
        if (then := age_on(born, row.given_on)) is not None and then < 16:
            return "refresh_own_consent"
        return "capacity_hold" if lacks_capacity(row.capacity) is not False else ""
    if authority == "parental responsibility":
        return _parent_fails(row, on, own, born)
    lacks = lacks_capacity(row.capacity)
    if authority == "lpa health and welfare" and lacks and row.best_interest_ref and row.given_by and not own:
        return "" if age is None or age >= 16 else "not_subject"
    return "capacity_hold" if lacks else "not_subject"


def _parent_fails(row: Permission, on: date, own: bool, born: date | None) -> str:
    age, then = age_on(born, on), age_on(born, row.given_on)
    if not row.given_by or own or age is None or then is None:
        return "not_subject"
    if age >= 16:
        return "refresh_own_consent" if then < 16 else "not_subject"
    # A parent alone is not enough: the child's own agreement is on record too (E08).
    return "" if child_agrees(row.capacity) else "parental"


def age_on(born: date | None, on: date | None) -> int | None:
    """Whole years of age on a day; ``None`` when either is not known."""
    if born is None or on is None:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
