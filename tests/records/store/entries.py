"""Entries as a run makes them, all of them invented, and what other processes do in these tests."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.domain.ledger import ReleaseRecord, RunRecord, StoryRecord
from pipeline.domain.permission import Answer, Evidence, IdentityLevel, Permission, Purpose
from pipeline.records.store import Store, telling

DAY = date(2026, 10, 5)


def run_of(run_id: str = "run-1", out: str = "/out/one", on: date = DAY) -> RunRecord:
    return RunRecord(run_id, out, on, (Purpose.PUBLICITY, Purpose.TRAINING), "3.1", "tagger-2", "0.2.0", "website", "public")


def story_of(number: int = 1, run_id: str = "run-1") -> StoryRecord:
    return StoryRecord(run_id, f"story-{number:04}", f"notes/{number}.txt", f"{number:064x}", ("HL/1", "HL/2"))


def release_of(number: int = 1, run_id: str = "run-1", **changes: object) -> ReleaseRecord:
    given: dict[str, object] = {
        "run_id": run_id, "story_id": f"story-{number:04}", "purpose": Purpose.PUBLICITY,
        "path": f"released/publicity/story-{number:04}.docx", "sha256": f"{number:064x}", "case_ref": "HL/1",
        "identified": True, "permission": "permitted", "consent_id": "C-1", "sought": True,
        "channels": ("website", "annual report"), "recipients": ("public",),
    }  # fmt: skip
    return ReleaseRecord(**{**given, **changes})  # type: ignore[arg-type]


def told(store: Store, *releases: ReleaseRecord, run: RunRecord | None = None) -> None:
    """A run that released these."""
    begun = run or run_of()
    store.begin(begun)
    store.record([story_of(number, begun.run_id) for number in range(1, len(releases) + 1)], releases)
    store.end(begun.run_id)


def permission_of(**changes: object) -> Permission:
    given: dict[str, object] = {
        "consent_id": "C-1", "case_ref": "HL/1", "row": 2, "subject_name": "", "dob": None, "given_by": "", "authority": "self",
        "capacity": "", "best_interest_ref": "", "purposes": tuple((purpose, Answer.YES) for purpose in Purpose),
        "channels": (), "recipients": (), "identity_level": IdentityLevel.FULL_NAME, "photo": Answer.NO, "quote": Answer.NO,
        "quote_approved_on": None, "excluded_topics": (), "organisation": "", "method": "written form", "response": "given",
        "sought_on": date(2026, 1, 5), "given_on": date(2026, 1, 6), "effective_from": None, "expires_on": None,
        "withdrawn_on": None, "scope": "", "evidence": Evidence.PRESENT, "final_copy_approved_on": None,
    }  # fmt: skip
    return Permission(**{**given, **changes})  # type: ignore[arg-type]


def say(word: str) -> None:
    """Tell the test how far this process is."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(what: str, address: str, arguments: Sequence[str]) -> None:
    """What another process does: ``write FIRST COUNT``, ``hold`` (dies in a transaction) or ``open``."""
    with Store.open(Path(address) if address.endswith(".db") else address) as store:
        store.begin(run_of())
        if what == "write":
            first, count = int(arguments[0]), int(arguments[1])
            for number in range(first, first + count):
                store.record([story_of(number)], [release_of(number), release_of(number, purpose=Purpose.TRAINING)])
                say(str(number))
        elif what == "hold":
            with store._database.writing() as connection:
                telling.record(connection, [story_of(7)], [release_of(7)])
                say("holding")
                time.sleep(60)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
