"""Every permission case through the command line: what is released or held, for each purpose, and whom it really names."""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.domain.permission import Purpose
from pipeline.records.permissions import COLUMNS
from tests import flow

CASES = tomllib.loads((Path(__file__).parent / "permission_cases.toml").read_text(encoding="utf-8"))["case"]
DAY = "2026-10-05"
STORY = """{first} {last} came to us behind with the rent. Our adviser wrote to the landlord and asked for time to pay.
The arrears of £640 were written off and {first} has kept the tenancy.
"""
GOOD = {
    "authority": "self", "capacity": "has capacity", "purpose_publicity": "yes", "purpose_reporting": "yes",
    "purpose_training": "yes", "channels": "website;annual report;training day", "recipients": "public;Funder A",
    "identity_level": "full name", "photo": "yes", "quote": "yes", "quote_approved_on": "2026-02-09",
    "organisation": "Harbour Lane Project", "method": "written form", "sought_on": "2026-02-02", "response": "given",
    "given_on": "2026-02-02", "expires_on": "2028-02-02", "scope": "this story", "evidence_file": "evidence/form.pdf",
    "dob": "1979-05-17",
}  # fmt: skip
DECISIONS = "case_ref,purpose,reason,decision,decided_by,manager,why,decided_on,story_sha256".split(",")
CLIENTS = ("case_ref", "full_name", "date_of_birth", "gender")


def reference(number: int) -> str:
    return f"HL/{number + 1:04}"


def note(case: dict[str, Any]) -> str:
    first, last = case["name"].split()
    return str(case.get("story", STORY)).format(first=first, last=last)


def rows_of(case: dict[str, Any], number: int) -> list[dict[str, str]]:
    base = {**GOOD, "consent_id": f"C-{number:03}", "case_ref": reference(number)}
    base |= {"subject_name": case["name"], "given_by": case["name"]}
    return [{**base, **change} for change in case.get("rows", [case.get("row", {}), *case.get("more", [])])]


def write(path: Path, columns: tuple[str, ...] | list[str], rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def clients_of(case: dict[str, Any], number: int) -> list[dict[str, str]]:
    row = {"case_ref": reference(number), "full_name": case["name"], "date_of_birth": "1979-05-17", "gender": "F"}
    row |= case.get("client", {})
    return [row, {**row, "date_of_birth": "1981-01-01"}] if case.get("twin") else [row]


@dataclass(frozen=True)
class House:
    """An organisation with its registers and notes in a folder of its own."""

    root: Path
    secret: Path

    def __post_init__(self) -> None:
        for folder in ("notes", "evidence"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        (self.root / "evidence" / "form.pdf").write_bytes(b"%PDF-1.4 signed")
        (self.root / "evidence" / "empty.pdf").write_bytes(b"")
        (self.root / "organisation.toml").write_text('[organisation]\nname = "Harbour Lane Project"\n', encoding="utf-8")
        write(self.root / "decisions.csv", DECISIONS, [])

    def fill(self, cases: list[dict[str, Any]]) -> None:
        """Write the notes and registers of some cases, numbered in their order."""
        for number, case in enumerate(cases):
            (self.root / "notes" / f"n{number:02}.txt").write_text(note(case), encoding="utf-8")
        numbered = list(enumerate(cases))
        write(self.root / "clients.csv", CLIENTS, [row for n, case in numbered for row in clients_of(case, n)])
        write(self.root / "permissions.csv", COLUMNS, [row for n, case in numbered for row in rows_of(case, n)])
        links = [{"file": f"n{n:02}.txt", "case_ref": reference(n)} for n, _ in numbered]
        write(self.root / "stories.csv", ("file", "case_ref"), links)
        self.decide([
            {"case_ref": reference(n), "purpose": purpose.value, "reason": case["decided"]}
            for n, case in numbered if "decided" in case for purpose in Purpose
        ])  # fmt: skip

    def decide(self, rows: list[dict[str, str]]) -> None:
        """Write the decisions register: releases by a worker and a manager unless a row says otherwise."""
        sound = {"decision": "release", "decided_by": "Tansy Orr", "manager": "Marguerite Vane", "why": "agreed",
                 "decided_on": "2026-10-01"}  # fmt: skip
        write(self.root / "decisions.csv", DECISIONS, [{**sound, **row} for row in rows])

    def run(self, out: str = "out", **options: object) -> flow.Run:
        """``storysafe run`` over the notes with these registers."""
        registers = {name: self.root / f"{name}.csv" for name in ("clients", "stories", "permissions", "decisions")}
        given: dict[str, object] = {**registers, "organisation": self.root / "organisation.toml", "on": DAY}
        given |= {"workspace": self.root / "workspace", **options}
        return flow.run(self.root / out, self.root / "notes", secret=self.secret, **given)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> flow.Run:
    house = House(tmp_path_factory.mktemp("cases"), secret)
    house.fill(CASES)
    return house.run()


def record(run: flow.Run, number: int, purpose: str) -> dict[str, Any]:
    (line,) = [line for line in run.manifest()["inputs"] if Path(line["source"]).name == f"n{number:02}.txt"]
    return line["purposes"][purpose]


def document(run: flow.Run, number: int, purpose: str) -> str:
    """The text that was released: the story's own document, or the annual return that holds it."""
    outputs = [output["path"] for output in record(run, number, purpose)["outputs"] if output["path"].endswith(".docx")]
    if purpose == "reporting":
        outputs = ["released/reporting/annual-return.docx"]
    return "\n".join(flow.text_of(run.out / path) for path in outputs)


def shown(text: str, name: str) -> str:
    """How far a text names somebody."""
    first, last = name.split()
    if re.search(rf"\b{last}\b", text):
        return "full" if name in text else "surname"
    return "first" if re.search(rf"\b{first}\b", text) else "anonymous"


PAIRS = [(n, case, at) for n, case in enumerate(CASES) for at in range(3)]
IDS = [f"{case['id']}, {list(Purpose)[at].value}" for _, case, at in PAIRS]


@pytest.mark.parametrize(("number", "case", "at"), PAIRS, ids=IDS)
def test_every_case_ends_as_the_list_says(told: flow.Run, number: int, case: dict[str, Any], at: int) -> None:
    purpose, expected, reason = list(Purpose)[at].value, case["expect"][at], case["reasons"][at]
    found = record(told, number, purpose)
    if expected == "held":
        assert (found["status"], found["reasons"]) == ("held", [reason]), found.get("detail")
        assert found["outputs"] == []
        return
    assert found["status"] == "released", (found["reasons"], found.get("detail"))
    assert (found["permission"], found["identified"]) == (reason, expected != "anonymous")
    text = document(told, number, purpose)
    assert shown(text, case["name"]) == expected
    assert "640" in text
    assert all(not re.search(rf"\b{name}\b", text) for name in case.get("silent", []))


@pytest.mark.parametrize(("number", "case", "at"), PAIRS, ids=IDS)
def test_no_release_gives_a_quotation_or_a_picture_that_was_not_allowed(
    told: flow.Run, number: int, case: dict[str, Any], at: int
) -> None:
    found = record(told, number, list(Purpose)[at].value)
    if found["status"] != "released":
        return
    assert case.get("unsaid", "\0") not in document(told, number, list(Purpose)[at].value)
    for output in found["outputs"]:
        if output["path"].endswith(".docx"):
            with zipfile.ZipFile(told.out / output["path"]) as package:
                assert not [name for name in package.namelist() if name.startswith("word/media/")]


def test_what_was_approved_is_quoted(told: flow.Run) -> None:
    (number,) = [n for n, case in enumerate(CASES) if "says" in case]
    assert CASES[number]["says"][0] in document(told, number, "publicity")


def test_the_list_covers_every_case() -> None:
    # E07 needs two runs and has a test of its own.
    assert {case["id"].split()[0] for case in CASES} >= {f"E{n:02}" for n in range(25)} - {"E07"}


def test_a_case_that_nobody_asked_about_says_so(told: flow.Run) -> None:
    for number, case in enumerate(CASES):
        for purpose in Purpose:
            found = record(told, number, purpose.value)
            if found["status"] == "released":
                assert found["sought"] == (not case.get("draft", False)), case["id"]


def test_nothing_that_is_said_names_anybody(told: flow.Run) -> None:
    trail = (told.out / "internal" / "audit.jsonl").read_text(encoding="utf-8")
    for case in CASES:
        for word in case["name"].split():
            assert not re.search(rf"\b{word}\b", told.words + trail)


def test_e07_a_withdrawal_after_publication_recalls_what_was_released(tmp_path: Path, secret: Path) -> None:
    house = House(tmp_path, secret)
    house.fill([{"name": "Rosalind Teasdale"}])
    first = house.run("first", purpose="publicity", on="2026-03-01")
    assert record(first, 0, "publicity")["identified"]
    house.fill([{"name": "Rosalind Teasdale", "row": {"withdrawn_on": "2026-06-01"}}])
    again = house.run("again", purpose="publicity")
    found = record(again, 0, "publicity")
    assert (found["permission"], found["identified"]) == ("withdrawn_recall", False)
    assert shown(document(again, 0, "publicity"), "Rosalind Teasdale") == "anonymous"
    recalls = flow.rows(again.out / "internal" / "recalls.csv")
    digest = hashlib.sha256((first.out / "released" / "publicity" / "story-0001.docx").read_bytes()).hexdigest()
    assert digest in {value for row in recalls for value in row.values()}


def test_e17_an_unreadable_register_names_nobody_and_says_so(tmp_path: Path, secret: Path) -> None:
    house = House(tmp_path, secret)
    house.fill([{"name": "Rosalind Teasdale"}])
    (tmp_path / "permissions.csv").write_bytes(b"\x00\x01\x02")
    run = house.run(purpose="publicity")
    found = record(run, 0, "publicity")
    assert run.code == 3
    assert (found["identified"], found["permission"]) == (False, "register_unreadable")
    assert run.manifest()["permissions_readable"] is False
