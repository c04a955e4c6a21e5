"""What the records hold and what the files say, taken together: the stricter counts (P16, P17)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.domain.ledger import Attempt, Withdrawal
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose, Verdict
from pipeline.permission.permit import judge
from pipeline.records.indexed import Registers
from pipeline.records.store import Store
from pipeline.records.withdrawn import apply_withdrawals
from tests.records.store.entries import permission_of, release_of, told

DAY = date(2026, 11, 22)
PERMISSIONS = (
    "consent_id,case_ref,excluded_topics,effective_from,expires_on,given_on,withdrawn_on\n"
    "C-1,HL/1,,,,2026-01-06,\nC-2,HL/1,,,,2026-12-01,\nC-3,HL/2,,,,2026-01-06,\n"
)
DECISION = {
    "case_ref": "HL/1", "purpose": "publicity", "reason": "safeguarding", "decision": "release",
    "decided_by": "Bren Ashdown", "manager": "Lowenna Pask", "why": "no risk now", "decided_on": "2026-09-30",
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "workspace" / "records.db")


@pytest.fixture
def permissions(tmp_path: Path) -> Path:
    path = tmp_path / "permissions.csv"
    path.write_text(PERMISSIONS, encoding="utf-8")
    return path


def withdrawn(rows: object) -> list[tuple[str, date | None]]:
    return [(row.consent_id, row.withdrawn_on) for row in rows]  # type: ignore[attr-defined]


def test_a_consent_that_was_taken_back_here_is_taken_back_whatever_the_register_says(store: Store, permissions: Path) -> None:
    store.withdraw(Withdrawal("hl/1", date(2026, 11, 1), "c-1"))
    registers = Registers.load(None, None, permissions, None, store)
    assert withdrawn(registers.permissions_of("HL/1")) == [("C-1", date(2026, 11, 1)), ("C-2", None)]
    assert withdrawn(registers.permissions_of("HL/2")) == [("C-3", None)]


def test_a_whole_case_that_was_taken_back_leaves_a_consent_that_was_given_since(store: Store, permissions: Path) -> None:
    store.withdraw(Withdrawal("HL/1", date(2026, 11, 1)))
    registers = Registers.load(None, None, permissions, None, store)
    assert withdrawn(registers.permissions_of("HL/1")) == [("C-1", date(2026, 11, 1)), ("C-2", None)]


def test_the_earlier_of_two_days_counts() -> None:
    rows = [permission_of(withdrawn_on=date(2026, 5, 1)), permission_of(withdrawn_on=date(2026, 12, 1))]
    assert [r.withdrawn_on for r in apply_withdrawals(rows, [Withdrawal("HL/1", DAY, "C-1")])] == [date(2026, 5, 1), DAY]


@pytest.mark.parametrize(
    ("no_use", "on", "verdict", "reason"),
    [
        (False, DAY, Verdict.ANONYMISE, "withdrawn"),
        (True, DAY, Verdict.WITHHOLD, "withdrawn"),
        (False, date(2026, 11, 30), Verdict.ANONYMISE, "withdrawn"),
    ],
)
@pytest.mark.parametrize("rows", [[], [permission_of()]])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_what_was_taken_back_is_judged_so_with_or_without_its_row(
    rows: list, no_use: bool, on: date, verdict: Verdict, reason: str, purpose: Purpose
) -> None:
    settled = apply_withdrawals(rows, [Withdrawal("HL/1", DAY, no_use=no_use)])
    judgement = judge(settled, None, purpose, on, Organisation("Heddle Lane"))
    assert (judgement.verdict, judgement.reason) == (verdict, reason)
    assert judgement.sought


def test_rows_of_the_records_count_beside_those_of_the_file(store: Store, permissions: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    headings = "consent_id,case_ref,given_on,excluded_topics,effective_from,expires_on,withdrawn_on"
    other.write_text(f"{headings}\nC-9,HL/9,not a day,,,,\n", encoding="utf-8")
    store.import_register("permissions", other)
    store.decide(DECISION)
    registers = Registers.load(None, None, permissions, None, store)
    assert [row.consent_id for ref in ("HL/1", "HL/9") for row in registers.permissions_of(ref)] == ["C-1", "C-2", "C-9"]
    assert [row.release for row in registers.decisions_of("hl/1")] == [True]
    assert [str(error) for error in registers.errors] == ["other.csv (records), row 2, column given_on: not_a_date"]


def test_the_records_alone_are_a_register_too_and_a_broken_file_still_means_nobody(store: Store, permissions: Path) -> None:
    store.import_register("permissions", permissions)
    assert len(Registers.load(None, None, None, None, store).permissions_of("HL/1")) == 2
    permissions.write_bytes(b"")
    assert not Registers.load(None, None, permissions, None, store).permissions_readable


def test_a_withdrawal_in_the_register_of_a_run_becomes_a_recall(store: Store, permissions: Path) -> None:
    told(store, release_of(1))
    Registers.load(None, None, permissions, None, store)
    assert store.recalls() == []
    permissions.write_text(PERMISSIONS.replace("2026-01-06,\nC-2", "2026-01-06,2026-11-03\nC-2"), encoding="utf-8")
    Registers.load(None, None, permissions, None, store)
    assert [(r.release.path, r.withdrawn_on) for r in store.recalls()] == [(release_of(1).path, date(2026, 11, 3))]


def test_a_person_was_asked_once_an_attempt_says_so_and_not_by_a_letter_that_lies_ready(store: Store) -> None:
    store.attempt(Attempt("HL/1", date(2026, 11, 20), "letter", "K"))
    store.attempt(Attempt("HL/2", date(2026, 11, 20), "prepared letter", "storysafe"))
    registers = Registers.load(None, None, None, None, store)
    asked = [(ref, on) for ref in ("hl/1", "HL/2", "HL/3") for on in (date(2026, 11, 19), DAY) if registers.sought(ref, on)]
    assert asked == [("hl/1", DAY)]
    assert [attempt.method for attempt in registers.attempts_of("HL/2")] == ["prepared letter"]


def test_what_is_taken_back_by_today_is_so_on_every_day_that_a_run_looks_back_to(store: Store, permissions: Path) -> None:
    store.withdraw(Withdrawal("HL/1", date.today(), "C-1"))
    registers = Registers.load(None, None, permissions, None, store)
    (row,) = (row for row in registers.permissions_of("HL/1") if row.consent_id == "C-1")
    assert row.withdrawn(date(2026, 1, 7))
    judgement = judge([row], None, Purpose.PUBLICITY, date(2026, 1, 7), Organisation("Heddle Lane"))
    assert (judgement.verdict, judgement.reason) == (Verdict.ANONYMISE, "withdrawn")


def test_what_the_register_says_was_taken_back_by_today_is_so_too_and_a_later_day_is_not_yet(permissions: Path) -> None:
    later = date.today() + timedelta(days=40)
    permissions.write_text(
        "consent_id,case_ref,given_on,withdrawn_on\n"
        f"C-1,HL/1,2026-01-06,{date.today().isoformat()}\nC-2,HL/1,2026-01-06,{later.isoformat()}\n",
        encoding="utf-8",
    )
    first, second = Registers.load(None, None, permissions, None).permissions_of("HL/1")
    assert [first.withdrawn(date(2026, 1, 7)), second.withdrawn(date(2026, 1, 7))] == [True, False]
    assert second.withdrawn(later)
