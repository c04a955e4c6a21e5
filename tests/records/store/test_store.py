"""What is recorded comes back, once, on either database."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.ledger import Attempt, Withdrawal
from pipeline.domain.permission import Purpose
from pipeline.errors import DecisionRefused, RecordsError
from pipeline.records.store import Store
from tests.records.store.entries import DAY, permission_of, release_of, run_of, story_of, told

DECISION = {
    "case_ref": "HL/1", "purpose": "publicity", "reason": "safeguarding", "decision": "release",
    "decided_by": "Bren Ashdown", "manager": "Lowenna Pask", "why": "no risk now", "decided_on": "2026-09-30",
}  # fmt: skip


def test_what_a_run_told_comes_back_as_it_was_recorded(store: Store) -> None:
    told(store, release_of(1), release_of(2, case_ref="HL/2", identified=False, consent_id="", channels=()))
    assert store.runs() == [(run_of(), True)]
    assert store.story("run-1", "story-0001") == story_of(1)
    assert store.story("run-1", "story-0009") is None
    assert store.releases() == [release_of(1), release_of(2, case_ref="HL/2", identified=False, consent_id="", channels=())]


def test_recording_again_records_nothing_twice_and_a_run_in_another_folder_is_the_same_run(store: Store) -> None:
    told(store, release_of(1))
    told(store, release_of(1), run=run_of(out="/out/two"))
    assert store.releases() == [release_of(1)]
    assert [run.out for run, _ in store.runs()] == ["/out/one", "/out/two"]


def test_a_run_that_was_stopped_shows_that_it_did_not_end(store: Store) -> None:
    store.begin(run_of())
    store.record([story_of()], [release_of()])
    assert store.runs() == [(run_of(), False)]


def test_releases_are_found_by_case_consent_and_whether_they_name_somebody(store: Store) -> None:
    told(store, release_of(1), release_of(2, consent_id="C-2"), release_of(3, identified=False), release_of(4, case_ref="HL/9"))
    assert [r.story_id for r in store.releases(case_ref="hl / 1")] == ["story-0001", "story-0002", "story-0003"]
    assert [r.story_id for r in store.releases(case_ref="HL/1", consent_id="c-2")] == ["story-0002"]
    assert [r.story_id for r in store.releases(identified=False)] == ["story-0003"]
    assert store.releases(case_ref="HL/404") == []


def test_another_version_of_a_file_is_another_release(store: Store) -> None:
    told(store, release_of(1), release_of(1, sha256="f" * 64))
    assert [r.sha256 for r in store.releases()] == [f"{1:064x}", "f" * 64]


def test_a_release_of_a_run_that_was_not_begun_is_refused_whole(store: Store) -> None:
    with pytest.raises(RecordsError, match="refuse") as caught:
        store.record([story_of()], [release_of()])
    assert "HL" not in caught.value.message + caught.value.remedy
    assert (store.releases(), store.story("run-1", "story-0001")) == ([], None)


# --- withdrawals and recalls


def test_a_withdrawn_consent_recalls_every_version_that_named_the_person_under_it_in_every_folder(store: Store) -> None:
    told(store, release_of(1), release_of(2, consent_id="C-2"), release_of(3, identified=False))
    told(store, release_of(1), run=run_of(out="/out/two"))
    touched = store.withdraw(Withdrawal("hl/1", date(2026, 11, 1), "c-1", recorded_by="K"))
    assert [(r.release, r.out, r.released_on, r.withdrawn_on) for r in touched] == [
        (release_of(1), "/out/one", DAY, date(2026, 11, 1)),
        (release_of(1), "/out/two", DAY, date(2026, 11, 1)),
    ]
    assert store.recalls() == touched
    assert store.withdrawals() == [Withdrawal("hl/1", date(2026, 11, 1), "c-1", recorded_by="K")]


def test_a_release_under_a_permission_without_a_number_is_recalled_with_any_of_the_case(store: Store) -> None:
    told(store, release_of(1, consent_id=""))
    assert len(store.withdraw(Withdrawal("HL/1", date(2026, 11, 1), "C-1"))) == 1


def test_a_whole_case_withdrawn_leaves_what_is_told_later_under_a_new_consent(store: Store) -> None:
    told(store, release_of(1))
    # Told after the day, recorded before anybody here knew of it: that is recalled too.
    told(store, release_of(2), run=run_of("run-2", on=date(2026, 11, 3)))
    assert len(store.withdraw(Withdrawal("HL/1", date(2026, 11, 1)))) == 2
    later = run_of("run-3", on=date(2026, 12, 1))
    told(store, release_of(3, "run-3", consent_id="C-9"), run=later)
    assert [r.release.story_id for r in store.recalls()] == ["story-0001", "story-0002"]


def test_the_same_withdrawal_again_is_one_withdrawal_and_nobodys_case_touches_nobody(store: Store) -> None:
    told(store, release_of(1), release_of(2, case_ref=""))
    for _ in range(2):
        assert len(store.withdraw(Withdrawal("HL/1", date(2026, 11, 1), no_use=True))) == 1
    assert store.withdrawals() == [Withdrawal("HL/1", date(2026, 11, 1), no_use=True)]


def test_a_withdrawal_that_stands_in_a_register_is_recalled_too_and_is_nobodys_entry_here(store: Store) -> None:
    told(store, release_of(1))
    rows = [permission_of(), permission_of(case_ref="HL/5", withdrawn_on=DAY)]
    store.mark_withdrawn(rows)
    assert store.recalls() == []
    for _ in range(2):
        store.mark_withdrawn([permission_of(withdrawn_on=date(2026, 11, 2))])
    assert [(r.release.story_id, r.withdrawn_on) for r in store.recalls()] == [("story-0001", date(2026, 11, 2))]
    assert store.withdrawals() == []


def test_a_recall_that_was_done_is_off_the_list_until_something_else_is_taken_back(store: Store) -> None:
    told(store, release_of(1), release_of(2))
    store.withdraw(Withdrawal("HL/1", date(2026, 11, 1), "C-1"))
    assert store.recalled(f"{1:064x}", date(2026, 11, 5), "K", "page taken down", case_ref="HL/404") == 0
    assert store.recalled(f"{1:064x}", date(2026, 11, 5), "K", "page taken down") == 1
    assert [r.release.story_id for r in store.recalls()] == ["story-0002"]
    store.withdraw(Withdrawal("HL/1", date(2026, 11, 9), "C-1", no_use=True))
    assert {r.release.story_id for r in store.recalls()} == {"story-0001", "story-0002"}


def test_attempts_are_kept_once_and_in_order(store: Store) -> None:
    asked = [Attempt("HL/1", DAY, "letter", "K", "sent second class"), Attempt("HL/2", DAY, "prepared request", "storysafe")]
    for attempt in (*asked, asked[0]):
        store.attempt(attempt)
    assert store.attempts() == asked
    assert store.attempts("hl/2") == asked[1:]


# --- decisions recorded here


def test_a_decision_recorded_here_is_read_as_one_of_a_register_and_once(store: Store) -> None:
    for _ in range(2):
        store.decide({**DECISION, "story_sha256": "A" * 64})
    (decision,) = store.decisions().rows
    assert (decision.case_ref, decision.purpose, decision.release) == ("HL/1", Purpose.PUBLICITY, True)
    assert decision.story_sha256 == "a" * 64


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"manager": "B Ashdown"}, "manager: same_person"),
        ({"case_ref": "HL/1; HL/2"}, "case_ref: bulk"),
        ({"case_ref": "*"}, "case_ref: bulk"),
        ({"why": " "}, "why: missing"),
        ({"story_sha256": "abc"}, "story_sha256: not_a_digest"),
        ({"decided_on": "soon"}, "decided_on: not_a_date"),
    ],
)
def test_a_decision_that_is_not_in_order_is_refused_by_column_and_without_its_words(
    in_file: Store, change: dict[str, str], problem: str
) -> None:
    with pytest.raises(DecisionRefused) as caught:
        in_file.decide({**DECISION, **change})
    assert problem in caught.value.message
    assert "Ashdown" not in caught.value.message
    assert in_file.decisions().rows == ()


def test_the_counts_are_of_what_is_there(store: Store) -> None:
    told(store, release_of(1), release_of(2))
    store.withdraw(Withdrawal("HL/1", date(2026, 11, 1)))
    store.decide(DECISION)
    counts = store.counts()
    assert {name: count for name, count in counts.items() if count} == {
        "runs": 1, "stories": 2, "releases": 2, "withdrawals": 1, "recalls": 2, "decisions": 1,
    }  # fmt: skip
