"""What the duties of the policy left about one person: what authorities got of theirs, breaches, decisions, requests (P25)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pipeline.access.decided import Decided, decisions_about
from pipeline.domain.access import AccessRequest
from pipeline.domain.client import Client
from pipeline.domain.duties import Agreement, Breach, Disclosure, Notice, Severity
from pipeline.duties.breach import breaches, touched
from pipeline.duties.disclose import agreements, disclosures, notices
from pipeline.names import reference_key
from pipeline.records.duties import Register
from pipeline.records.store import Store, access_requests_of
from pipeline.records.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Kept:
    """The entries of the register of duties that are about one person."""

    given: tuple[tuple[Disclosure, Agreement | None, tuple[Notice, ...]], ...] = ()
    breaches: tuple[Breach, ...] = ()
    decided: tuple[Decided, ...] = ()
    requests: tuple[AccessRequest, ...] = ()


def kept_about(client: Client, workspace: Workspace, store: Store, files: Collection[str]) -> Kept:
    """What the register of duties holds about a client; ``files`` are the digests of the files that are about them.

    Raises ``EntriesAltered``, ``RecordsError``.
    """
    register, key = Register(workspace, store), reference_key(client.case_ref)
    theirs = {*files, *(release.sha256 for release in store.releases(case_ref=client.case_ref))}
    known = {agreement.number: agreement for agreement in agreements(register)}
    told = notices(register)
    given = tuple(
        (one, known.get(one.agreement), tuple(notice for notice in told if one.reference and notice.disclosure == one.reference))
        for one in disclosures(register)
        if any({item.source, item.sha256} & theirs for item in one.items)
    )
    return Kept(
        given,
        tuple(_breaches(register, store, theirs, key)),
        decisions_about(register, client.case_ref),
        tuple(request for request in access_requests_of(store) if reference_key(request.case_ref) == key),
    )


def _breaches(register: Register, store: Store, theirs: Collection[str], key: str) -> Iterator[Breach]:
    for breach in breaches(register):
        if breach.severity is Severity.STOPPED:
            continue  # nothing left the organisation, and the entry names no person
        if not set(breach.files).isdisjoint(theirs) or any(
            reference_key(each.release.case_ref) == key for each in touched(store, breach.files) if each.same_file
        ):
            yield breach
