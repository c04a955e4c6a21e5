"""Breaches: the record, its 72 hours, what it touched, and the review of the policy that it asks for (P28, P30)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pipeline.domain.duties import Breach, Severity
from pipeline.domain.ledger import ReleaseRecord
from pipeline.domain.policy import Policy
from pipeline.errors import UsageError
from pipeline.names import reference_key
from pipeline.records.duties import Register
from pipeline.records.store import Store
from pipeline.records.workspace import Workspace

CLOCK = timedelta(hours=72)
"""How long the Information Commissioner gives from when somebody first knew."""


@dataclass(frozen=True, slots=True)
class Touched:
    """One released file that a breach may be about: what it tells, and whom it was released for."""

    release: ReleaseRecord
    out: str
    on: date
    channel: str
    recipient: str
    same_file: bool


def due(breach: Breach) -> datetime:
    """When the 72 hours are over (UTC)."""
    return breach.known_at + CLOCK


def report(
    register: Register, severity: Severity, known_at: datetime, found_by: str, what: str, files: tuple[str, ...]
) -> Breach:  # fmt: skip
    """Open the record of a breach; ``files`` are digests, ``known_at`` is when somebody here first knew."""
    body = {
        "severity": severity.value, "known_at": known_at.astimezone(UTC).isoformat(), "found_by": found_by, "what": what,
        "files": list(files),
    }  # fmt: skip
    entry = register.add("breach", body)
    return Breach(entry.number, severity, known_at.astimezone(UTC), found_by, what, files)


def record_stopped(workspace: Workspace, store: Store, run_id: str, story_id: str, purpose: str) -> None:
    """Record that a check stopped a leak before anything left; the same run, story and purpose are recorded once (P28)."""
    body = {
        "severity": Severity.STOPPED.value, "known_at": datetime.now(UTC).isoformat(), "found_by": "a check of the run",
        "what": f"leak-found in {story_id or 'the annual return'} for {purpose}, run {run_id[:12]}", "files": [],
    }  # fmt: skip
    Register(workspace, store).add("breach", body, f"stopped {run_id} {story_id} {purpose}")


def close(register: Register, number: int, on: date, changed: str, review: bool) -> None:
    """Close a record: what was changed, and whether the policy needs a review; raises ``UsageError``."""
    found = next((each for each in breaches(register) if each.number == number), None)
    if found is None or found.closed_on is not None:
        raise UsageError("no open record of a breach has that number", "See storysafe breach list.")
    body = {"number": number, "on": on.isoformat(), "changed": changed, "review": review}
    register.add("breach-closed", body)


def breaches(register: Register) -> list[Breach]:
    """Every record of a breach, in order."""
    found: dict[int, Breach] = {}
    for entry in register.entries("breach", "breach-closed"):
        body = entry.body
        if entry.kind == "breach":
            known = datetime.fromisoformat(body["known_at"])
            kind, files = Severity(body["severity"]), tuple(body["files"])
            # What was stopped touched nobody: it asks for nothing by itself.
            found[entry.number] = Breach(
                entry.number, kind, known, body["found_by"], body["what"], files, review=kind is not Severity.STOPPED
            )
        else:
            closed = date.fromisoformat(body["on"])
            found[body["number"]] = replace(found[body["number"]], closed_on=closed, review=body["review"])
    return list(found.values())


def for_review(found: Iterable[Breach], policy: Policy) -> list[Breach]:
    """The breaches that the policy is to be reviewed for: those it was not approved after (P30)."""
    return [breach for breach in found if breach.review and policy.approved_on <= breach.known_at.date()]


def touched(store: Store, files: Iterable[str]) -> list[Touched]:
    """The released files of those digests, and every other file that tells of the same cases."""
    wanted = set(files)
    releases = store.releases()
    runs = {run.run_id: run for run, _ in store.runs()}
    same = [release for release in releases if release.sha256 in wanted]
    cases = {case for release in same for case in _cases(store, release)}
    found = []
    for release in releases:
        if release in same or cases & _cases(store, release):
            run = runs[release.run_id]
            found.append(Touched(release, run.out, run.on, run.channel, run.recipient, release.sha256 in wanted))
    return sorted(found, key=lambda each: not each.same_file)


def digest_of(path: Path) -> str:
    """The sha256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _cases(store: Store, release: ReleaseRecord) -> set[str]:
    if release.case_ref:
        return {reference_key(release.case_ref)}
    story = store.story(release.run_id, release.story_id)
    return {reference_key(ref) for ref in story.case_refs} if story else set()
