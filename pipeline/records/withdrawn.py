"""Withdrawals applied to permissions: what was taken back counts, whatever a register still says (P17)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from pipeline.domain.ledger import Withdrawal
from pipeline.domain.permission import Answer, Evidence, Permission, Purpose
from pipeline.names import reference_key

_NO_USE = "no use at all"  # as a permission register says it


def apply_withdrawals(rows: Iterable[Permission], withdrawals: Sequence[Withdrawal]) -> tuple[Permission, ...]:
    """The rows with the day each was withdrawn, and a row for each withdrawal that no row shows.

    A withdrawal of a whole case is of every consent given up to its day: one that was given later stands.
    """
    settled = list(rows)
    extra: list[Permission] = []
    for withdrawal in withdrawals:
        touched = [at for at, row in enumerate(settled) if _touches(withdrawal, row)]
        for at in touched:
            day = settled[at].withdrawn_on
            settled[at] = replace(settled[at], withdrawn_on=min(day, withdrawal.on) if day else withdrawal.on)
        # No use at all is more than a row without permission says, and a row may be in another register.
        if withdrawal.no_use or not touched:
            extra.append(_row(withdrawal))
    return (*settled, *extra)


def taken_back(rows: Iterable[Permission], today: date) -> tuple[Permission, ...]:
    """The rows with those marked whose withdrawal has come by ``today``: a run that looks back does not undo it (P17)."""
    return tuple(
        replace(row, taken_back=True) if row.withdrawn_on is not None and row.withdrawn_on <= today else row for row in rows
    )


def _touches(withdrawal: Withdrawal, row: Permission) -> bool:
    if reference_key(row.case_ref) != reference_key(withdrawal.case_ref):
        return False
    if withdrawal.consent_id:
        return reference_key(row.consent_id) == reference_key(withdrawal.consent_id)
    return (row.given_on or date.min) <= withdrawal.on


def _row(withdrawal: Withdrawal) -> Permission:
    return Permission(
        consent_id=withdrawal.consent_id,
        case_ref=withdrawal.case_ref,
        row=0,
        subject_name="",
        dob=None,
        given_by="",
        authority="",
        capacity="",
        best_interest_ref="",
        purposes=tuple((purpose, Answer.NO) for purpose in Purpose),
        channels=(),
        recipients=(),
        identity_level=None,
        photo=Answer.NO,
        quote=Answer.NO,
        quote_approved_on=None,
        excluded_topics=(),
        organisation="",
        method="",
        response="",
        sought_on=None,
        given_on=withdrawal.on,
        effective_from=None,
        expires_on=None,
        withdrawn_on=withdrawal.on,
        scope=_NO_USE if withdrawal.no_use else "",
        evidence=Evidence.NOT_NAMED,
        final_copy_approved_on=None,
    )
