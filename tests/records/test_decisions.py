"""Managers' decisions: two people, one case, one reason, with a date and a why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.permission import ManagerDecision, Purpose
from pipeline.records.indexed import Registers
from pipeline.records.registers import load_decisions

DECISION = {
    "case_ref": "HL/1", "purpose": "publicity", "reason": "safeguarding", "decision": "release",
    "decided_by": "Bren Ashdown", "manager": "Lowenna Pask",
    "why": "discussed with client, no risk now", "decided_on": "2026-09-30",
}  # fmt: skip
DAY = date(2026, 9, 30)


def decisions(tmp_path: Path, *changes: Mapping[str, str]) -> Path:
    rows = [",".join(DECISION)] + [",".join(f'"{v}"' for v in {**DECISION, **change}.values()) for change in changes]
    path = tmp_path / "d.csv"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_decision_of_two_people_about_one_thing_counts(tmp_path: Path) -> None:
    read = load_decisions(decisions(tmp_path, {}))
    assert read.errors == ()
    assert read.rows == (
        ManagerDecision(
            "HL/1", Purpose.PUBLICITY, "safeguarding", True, "Bren Ashdown", "Lowenna Pask",
            "discussed with client, no risk now", date(2026, 9, 30), 2,
        ),
    )  # fmt: skip


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


@pytest.mark.parametrize("word", ["withhold", " Withhold ", "WITHHOLD"])
def test_a_withhold_in_order_is_one_decision(tmp_path: Path, word: str) -> None:
    read = load_decisions(decisions(tmp_path, {"decision": word}))
    assert [(row.release, row.purpose, row.reason, row.decided_on) for row in read.rows] == [
        (False, Purpose.PUBLICITY, "safeguarding", date(2026, 9, 30))
    ]
    assert read.errors == ()


@pytest.mark.parametrize(
    ("change", "problem", "purposes", "reason", "day"),
    [
        ({"manager": "Bren Ashdown"}, "manager: same_person", [Purpose.PUBLICITY], "safeguarding", DAY),
        ({"manager": ""}, "manager: missing", [Purpose.PUBLICITY], "safeguarding", DAY),
        ({"why": ""}, "why: missing", [Purpose.PUBLICITY], "safeguarding", DAY),
        ({"decided_on": ""}, "decided_on: missing", [Purpose.PUBLICITY], "safeguarding", date.min),
        ({"decided_on": "Tuesday"}, "decided_on: not_a_date", [Purpose.PUBLICITY], "safeguarding", date.min),
        ({"reason": ""}, "reason: missing", [Purpose.PUBLICITY], "permission-refused", DAY),
        ({"reason": "she rang"}, "reason: not_known", [Purpose.PUBLICITY], "permission-refused", DAY),
        ({"purpose": ""}, "purpose: missing", list(Purpose), "safeguarding", DAY),
        ({"purpose": "all"}, "purpose: not_known", list(Purpose), "safeguarding", DAY),
    ],
)
def test_a_withhold_that_is_not_in_order_is_an_error_and_withholds_all_the_same(
    tmp_path: Path, change: dict[str, str], problem: str, purposes: list[Purpose], reason: str, day: date
) -> None:
    read = load_decisions(decisions(tmp_path, {"decision": "withhold", **change}))
    assert [(row.case_ref, row.release, row.purpose, row.reason, row.decided_on) for row in read.rows] == [
        ("HL/1", False, purpose, reason, day) for purpose in purposes
    ]
    assert [str(error) for error in read.errors] == [f"d.csv, row 2, column {problem}"]


def test_a_withhold_with_nothing_but_a_reference_withholds_every_purpose(tmp_path: Path) -> None:
    blank = dict.fromkeys(DECISION, "")
    path = decisions(tmp_path, {**blank, "case_ref": "HL/1", "decision": "withhold"})
    read = load_decisions(path)
    assert [(row.release, row.purpose) for row in read.rows] == [(False, purpose) for purpose in Purpose]
    assert {error.problem for error in read.errors} == {"missing"}


@pytest.mark.parametrize("cell", ["HL/1; HL/2", "HL/1,HL/2"])
def test_a_withhold_of_a_list_withholds_each_case_of_it(tmp_path: Path, cell: str) -> None:
    path = decisions(tmp_path, {"decision": "withhold", "case_ref": cell})
    registers = Registers.load(None, None, None, path)
    for ref in ("HL/1", "HL/2"):
        assert [row.release for row in registers.decisions_of(ref)] == [False]
    assert [error.problem for error in registers.errors] == ["bulk"]


def test_a_withhold_without_a_reference_is_an_error_only(tmp_path: Path) -> None:
    read = load_decisions(decisions(tmp_path, {"decision": "withhold", "case_ref": ""}))
    assert (read.rows, [error.problem for error in read.errors]) == ((), ["missing"])


@pytest.mark.parametrize(("decision", "left"), [("release", []), ("withhold", [False])])
def test_surplus_cells_spoil_a_release_and_not_a_withhold(tmp_path: Path, decision: str, left: list[bool]) -> None:
    path = decisions(tmp_path, {"decision": decision})
    path.write_text(path.read_text(encoding="utf-8").rstrip("\n") + ",surplus\n", encoding="utf-8")
    read = load_decisions(path)
    assert [row.release for row in read.rows] == left
    assert [error.problem for error in read.errors] == ["too_many_cells"]


# --- bound to one text

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize("cell", [DIGEST, DIGEST.upper(), f"sha256:{DIGEST}", f" {DIGEST} "])
def test_a_decision_may_be_bound_to_the_text_that_it_is_about(tmp_path: Path, cell: str) -> None:
    read = load_decisions(decisions(tmp_path, {}, {}))
    assert [row.story_sha256 for row in read.rows] == ["", ""]
    path = decisions(tmp_path, {"why": f'w","{cell}'})
    path.write_text(path.read_text(encoding="utf-8").replace("why,", "why,story_sha256,"), encoding="utf-8")
    read = load_decisions(path)
    assert (read.warnings, read.errors) == ((), ())
    assert [row.story_sha256 for row in read.rows] == [DIGEST]


@pytest.mark.parametrize(("decision", "left"), [("release", []), ("withhold", [(False, "")])])
@pytest.mark.parametrize("cell", ["abc", DIGEST[:-1], DIGEST + "0", "the same text"])
def test_what_is_no_digest_spoils_a_release_and_never_a_withhold(
    tmp_path: Path, decision: str, left: list[tuple[bool, str]], cell: str
) -> None:
    path = decisions(tmp_path, {"decision": decision, "why": f'w","{cell}'})
    path.write_text(path.read_text(encoding="utf-8").replace("why,", "why,story_sha256,"), encoding="utf-8")
    read = load_decisions(path)
    assert [(row.release, row.story_sha256) for row in read.rows] == left
    assert [str(error) for error in read.errors] == ["d.csv, row 2, column story_sha256: not_a_digest"]
