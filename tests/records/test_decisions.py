"""Managers' decisions: two people, one case, one reason, with a date and a why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.permission import Purpose
from pipeline.domain.release import Reason
from pipeline.records.registers import decision_for, load_decisions

DECISION = {
    "case_ref": "HL/1", "purpose": "publicity", "reason": "safeguarding", "decision": "release",
    "decided_by": "Bren Ashdown", "manager": "Lowenna Pask",
    "why": "discussed with client, no risk now", "decided_on": "2026-09-30",
}  # fmt: skip


def decisions(tmp_path: Path, *changes: Mapping[str, str]) -> Path:
    rows = [",".join(DECISION)] + [",".join(f'"{v}"' for v in {**DECISION, **change}.values()) for change in changes]
    path = tmp_path / "d.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_decision_of_two_people_about_one_thing_counts(tmp_path: Path) -> None:
    read = load_decisions(decisions(tmp_path, {}))
    found = decision_for(read, "HL/1", Purpose.PUBLICITY, Reason.SAFEGUARDING, date(2026, 10, 5))
    assert found is not None
    assert (found.release, found.manager, found.row) == (True, "Lowenna Pask", 2)
    for ref, purpose, reason, on in (
        ("HL/2", Purpose.PUBLICITY, Reason.SAFEGUARDING, date(2026, 10, 5)),
        ("HL/1", Purpose.TRAINING, Reason.SAFEGUARDING, date(2026, 10, 5)),
        ("HL/1", Purpose.PUBLICITY, Reason.LEGAL_RESTRICTION, date(2026, 10, 5)),
        ("HL/1", Purpose.PUBLICITY, Reason.SAFEGUARDING, date(2026, 9, 29)),
    ):
        assert decision_for(read, ref, purpose, reason, on) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"manager": "Bren Ashdown"}, "manager: same_person"),
        ({"manager": "ASHDOWN, Bren"}, "manager: same_person"),
        ({"manager": "B. Ashdown"}, "manager: same_person"),
        ({"manager": "BA"}, "manager: same_person"),
        ({"manager": "bren"}, "manager: same_person"),
        ({"manager": ""}, "manager: missing"),
        ({"why": ""}, "why: missing"),
        ({"decided_on": ""}, "decided_on: missing"),
        ({"decided_on": "Tuesday"}, "decided_on: not_a_date"),
        ({"case_ref": "*"}, "case_ref: bulk"),
        ({"case_ref": "HL/*"}, "case_ref: bulk"),
        ({"case_ref": "All"}, "case_ref: bulk"),
        ({"case_ref": "HL/1; HL/2"}, "case_ref: bulk"),
        ({"case_ref": "HL/1 - HL/9"}, "case_ref: bulk"),
        ({"purpose": "all"}, "purpose: not_known"),
        ({"purpose": "fundraising"}, "purpose: not_known"),
        ({"reason": "any"}, "reason: not_known"),
        ({"decision": "ok"}, "decision: not_known"),
    ],
)
def test_self_approval_bulk_approval_and_half_a_record_are_refused(tmp_path: Path, change: dict[str, str], problem: str) -> None:
    read = load_decisions(decisions(tmp_path, change, {"case_ref": "HL/7"}))
    assert [row.case_ref for row in read.rows] == ["HL/7"]
    assert [str(error) for error in read.errors] == [f"d.csv, row 2, column {problem}"]


def test_the_latest_decision_counts_and_of_one_day_the_one_that_withholds(tmp_path: Path) -> None:
    read = load_decisions(decisions(tmp_path, {"decided_on": "01/09/2026", "decision": "withhold"}, {}, {"decision": "withhold"}))
    found = decision_for(read, "HL/1", Purpose.PUBLICITY, Reason.SAFEGUARDING, date(2026, 10, 5))
    assert found is not None
    assert not found.release
    early = decision_for(read, "HL/1", Purpose.PUBLICITY, Reason.SAFEGUARDING, date(2026, 9, 15))
    assert early is not None
    assert early.decided_on == date(2026, 9, 1)
