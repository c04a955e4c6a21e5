"""What the records show since the policy was approved, in figures for the trustees: counts alone, and nobody's name (P30)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from pipeline.domain.access import AccessRequest
from pipeline.domain.duties import Agreement, Breach, Disclosure, Severity
from pipeline.domain.policy import Policy
from pipeline.duties.breach import breaches
from pipeline.duties.disclose import agreements, disclosures
from pipeline.duties.staff import overdue, workers
from pipeline.names import fold, reference_key
from pipeline.permission.words import Response, read_response
from pipeline.policy.access import Access
from pipeline.records.duties import Register
from pipeline.records.store import Store, access_requests_of
from pipeline.records.store.counting import told_between

ABSENT = "not in these records"
BLANK = dict.fromkeys(
    ("told", "untold", "asked", "permissions", "decided", "shared", "disclosed", "agreements", "requests", "breaches", "staff"),
    "",
)
"""The figures of a paper that people fill in by hand."""


def figures(register: Register, policy: Policy, access: Access, on: date) -> dict[str, str]:
    """Every figure by the name that the board paper's wording uses, from the policy's approval to ``on``.

    What the records do not keep says so.  Raises ``EntriesAltered``, ``RecordsError``.
    """
    store, since = register.store, policy.approved_on
    told = told_between(store, since, on)
    asked = {reference_key(one.case_ref) for one in store.attempts() if since <= one.on <= on}
    return {
        "told": "; ".join(f"{purpose.value}: {number}" for purpose, number in told.by_purpose),
        "untold": str(told.untold),
        "asked": str(len(asked)),
        "permissions": _permissions(store, since, on),
        "decided": _decided(store, since, on),
        "shared": f"{ABSENT}: count the decision records",
        "disclosed": _disclosed(one for one in disclosures(register) if since <= one.on <= on),
        "agreements": _agreements(one for one in agreements(register) if one.on <= on),
        "requests": _requests([one for one in access_requests_of(store) if since <= one.received <= on], on),
        "breaches": _breaches(one for one in breaches(register) if since <= one.known_at.date() <= on),
        "staff": _staff(register, access, on),
    }


def _permissions(store: Store, since: date, on: date) -> str:
    rows = store.permissions().rows
    withdrawn = [(one.case_ref, one.consent_id, one.on) for one in store.withdrawals()]
    withdrawn += [(row.case_ref, row.consent_id, row.withdrawn_on) for row in rows if row.withdrawn_on]
    gone = len({(reference_key(ref), fold(consent)) for ref, consent, day in withdrawn if since <= day <= on})
    if not rows:
        return f"given and refused: {ABSENT}; taken back: {gone}"
    days = ((row.response, row.given_on or row.sought_on) for row in rows)
    counted = Counter(read_response(said) for said, day in days if day and since <= day <= on)
    return f"given: {counted[Response.GIVEN]}; refused: {counted[Response.REFUSED]}; taken back: {gone}"


def _decided(store: Store, since: date, on: date) -> str:
    rows = store.decisions().rows
    said = Counter(one.release for one in rows if since <= one.decided_on <= on)
    return f"tell it: {said[True]}; do not: {said[False]}" if rows else ABSENT


def _disclosed(given: Iterable[Disclosure]) -> str:
    held = Counter(one.held for one in given)
    return f"sent: {held[False]}; held: {held[True]}"


def _agreements(known: Iterable[Agreement]) -> str:
    latest = {fold(one.authority): one for one in known}
    return f"{sum(not one.clause for one in latest.values())} of {len(latest)}"


def _requests(asked: list[AccessRequest], on: date) -> str:
    late = sum((one.sent or on) > one.due for one in asked)
    return f"{len(asked)}, of them late: {late}"


def _breaches(found: Iterable[Breach]) -> str:
    bad = Counter(one.severity for one in found)
    return "; ".join(f"{severity.value}: {bad[severity]}" for severity in Severity)


def _staff(register: Register, access: Access, on: date) -> str:
    people = [worker for worker in workers(register) if worker.at_work(on)]
    if not people:
        return f"{ABSENT}: nobody is registered"
    missing = sum(not worker.signed(access.version, on) or not worker.trained(on) for worker in people)
    return f"{missing} of {len(people)}; training overdue: {len(overdue(access, people, on))}"
