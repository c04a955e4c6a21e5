"""Decisions: one story, two people, one reason, this text; everything else is refused with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import flow
from tests.cli.test_permission_cases import House, record, reference

HELD = [
    {
        "name": "Rosalind Teasdale",
        "story": "{first} {last} was behind with the rent and said she felt suicidal. "
        "The arrears of £640 were written off and {first} has kept the tenancy.\n",
    },
    {
        "name": "Petronella Aske",
        "story": "{first} {last} was behind with the rent. The arrears of £640 were written off. The client died on 4 May.\n",
    },
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> House:
    house = House(tmp_path_factory.mktemp("decisions"), secret)
    house.fill(HELD)
    run = house.run(purpose="publicity")
    assert [record(run, n, "publicity")["reasons"] for n in (0, 1)] == [["safeguarding"], ["deceased"]]
    return house


def decide(house: House, story: str = "story-0001", **changes: str) -> flow.Run:
    given = {
        "run": str(house.root / "out"), "purpose": "publicity", "reason": "safeguarding", "worker": "Tansy Orr",
        "manager": "Marguerite Vane", "why": "She is well now and wants it told", "on": "2026-10-01",
        "workspace": str(house.root / "workspace"), **changes,
    }  # fmt: skip
    options = [part for name, value in given.items() for part in (f"--{name}", value)]
    return flow.storysafe(house.root, "decide", story, "--release", *options)


@pytest.mark.parametrize(
    ("story", "changes", "why"),
    [
        ("story-0001", {"manager": "Tansy Orr"}, "same_person"),
        ("story-0001", {"manager": "T Orr"}, "same_person"),
        ("story-0001", {"manager": " "}, "manager: missing"),
        ("story-0001", {"why": " "}, "why: missing"),
        ("*", {}, "more than one story"),
        ("all", {}, "more than one story"),
        ("story-0001, story-0002", {}, "more than one story"),
        ("story-0099", {}, "no such story"),
        ("story-0001", {"reason": "permission-refused"}, "no manager can lift"),
        ("story-0001", {"reason": "legal-restriction", "purpose": "training"}, "out of reports and training"),
    ],
)
def test_a_decision_that_is_not_in_order_is_refused_with_its_reason(
    house: House, story: str, changes: dict[str, str], why: str
) -> None:
    refused = decide(house, story, **changes)
    assert refused.code != 0
    assert why in refused.stderr
    assert "Teasdale" not in refused.words
    assert "Orr" not in refused.words


def test_a_decision_lifts_its_own_reason_for_its_own_text_and_purpose(house: House) -> None:
    assert decide(house).code == 0
    # A decision for another reason than the one that holds the story lifts nothing.
    assert decide(house, "story-0002").code == 0
    again = house.run("again")
    assert record(again, 0, "publicity")["status"] == "released"
    assert record(again, 0, "training")["reasons"] == ["safeguarding"]
    assert record(again, 1, "publicity")["reasons"] == ["deceased"]


def test_a_story_that_changed_since_is_decided_anew(house: House) -> None:
    assert decide(house).code == 0
    path = house.root / "notes" / "n00.txt"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + "She took an overdose on Friday.\n", encoding="utf-8")
    try:
        found = record(house.run("changed", purpose="publicity"), 0, "publicity")
    finally:
        path.write_text(before, encoding="utf-8")
    assert (found["status"], found["reasons"], found["detail"]) == ("held", ["safeguarding"], "stale-decision")


def test_a_row_of_the_register_that_approves_itself_or_many_is_refused_and_named(tmp_path: Path, secret: Path) -> None:
    house = House(tmp_path, secret)
    house.fill(HELD)
    own = {"case_ref": reference(0), "purpose": "publicity", "reason": "safeguarding", "manager": "Tansy Orr"}
    bulk = {"case_ref": f"{reference(0)};{reference(1)}", "purpose": "publicity", "reason": "safeguarding"}
    everything = {**bulk, "case_ref": "all"}
    house.decide([own, bulk, everything])
    run = house.run(purpose="publicity")
    assert record(run, 0, "publicity")["reasons"] == ["safeguarding"]
    errors = " ".join(run.manifest()["register_errors"])
    for words in ("row 2, column manager: same_person", "row 3, column case_ref: bulk", "row 4, column case_ref: bulk"):
        assert words in errors


def explained(house: House, story: str, *more: str | Path) -> str:
    registers = [part for name in ("clients", "stories", "permissions", "decisions")
                 for part in (f"--{name}", house.root / f"{name}.csv")]  # fmt: skip
    run = flow.storysafe(
        house.root, "explain", story, "--purpose", "publicity", *registers, "--on", "2026-10-05", "--secret", house.secret,
        "--organisation", house.root / "organisation.toml", "--workspace", house.root / "workspace", *more,
    )  # fmt: skip
    assert run.code == 0, run.words
    return run.stdout


def test_explain_says_rows_rules_clauses_limits_and_decisions_and_no_value(house: House) -> None:
    assert decide(house).code == 0
    text = explained(house, str(house.root / "notes" / "n00.txt"))
    for words in (
        "the person may be named", "(this one decides)", "Clauses named above", "danger: 1 places (P20)",
        "release, for safeguarding only; about this text", "So the story is told",
    ):  # fmt: skip
        assert words in text
    for value in ("Rosalind", "Teasdale", "HL/0001", "Orr", "Vane", "wants it told", "suicidal"):
        assert value not in text


@pytest.mark.parametrize("story", ["HL/0001", "story-0001"])
def test_explain_takes_a_case_reference_or_a_story_of_a_run(house: House, story: str) -> None:
    more = ("--run", house.root / "out") if story.startswith("story") else ()
    text = explained(house, story, *more)
    assert "the person may be named" in text
    assert "Teasdale" not in text


def test_explain_of_nothing_known_says_so(house: House) -> None:
    run = flow.storysafe(
        house.root, "explain", "HL/9999", "--purpose", "publicity", "--workspace", house.root / "workspace",
        "--secret", house.secret,
    )  # fmt: skip
    assert run.code == 2
    assert "no such case" in run.stderr
