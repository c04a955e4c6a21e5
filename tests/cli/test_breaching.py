"""``storysafe breach``: the clock, what is touched, and what a run stopped by itself (P28, P30)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest

from pipeline import publish
from pipeline.domain.telling import Telling
from tests import flow
from tests.cli.test_permission_cases import House, record

REPORT = ("--found-by", "Marguerite Vane", "--what", "It went to the wrong funder.", "--severity", "serious")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    return tmp_path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> flow.Run:
    house = House(tmp_path_factory.mktemp("breach"), secret)
    house.fill([{"name": "Rosalind Teasdale"}, {"name": "Petronella Aske"}])
    return house.run(channel="website", recipient="Funder A")


def test_the_file_finds_every_file_of_its_case_and_whom_it_went_to(told: flow.Run, tmp_path: Path) -> None:
    output = next(o["path"] for o in record(told, 0, "publicity")["outputs"] if o["path"].endswith(".docx"))
    sent = tmp_path / "as-it-came-back.docx"
    sent.write_bytes((told.out / output).read_bytes())
    kept = ("--workspace", told.out.parent / "workspace", "--out", tmp_path / "touched.csv")
    run = flow.storysafe(tmp_path, "breach", "report", "--file", sent, *REPORT, *kept)
    assert run.code == 0
    touched = flow.rows(tmp_path / "touched.csv")
    assert {row["file"] for row in touched if row["same_file"] == "yes"} == {output}
    assert {row["purpose"] for row in touched} == {"publicity", "reporting", "training"}
    assert {row["case_ref"] for row in touched} == {"HL/0001"}
    assert {(row["channel"], row["recipient"]) for row in touched} == {("website", "Funder A")}


def test_a_file_that_the_records_do_not_know_is_said(here: Path) -> None:
    lost = here / "lost.txt"
    lost.write_text("lost", encoding="utf-8")
    run = flow.storysafe(here, "breach", "report", "--file", lost, *REPORT)
    assert (run.code, "1 of the files are not among" in run.stderr) == (0, True)


@pytest.mark.parametrize(("known", "ends"), [("2026-03-01T09:30", "2026-03-04 09:30"), ("2026-03-01", "2026-03-04 00:00")])
def test_the_clock_runs_for_72_hours_from_when_somebody_knew(here: Path, known: str, ends: str) -> None:
    run = flow.storysafe(here, "breach", "report", *REPORT, "--on", known)
    assert f"by {ends}, which was " in run.stdout
    assert f"OPEN. The Information Commissioner hears of it by {ends}" in flow.storysafe(here, "breach", "list").stdout


@pytest.mark.parametrize(
    "wrong",
    [
        ("report", "--found-by", " ", "--what", "x", "--severity", "low"),
        ("report", "--found-by", "A", "--what", " ", "--severity", "low"),
        ("report", "--found-by", "A", "--what", "x", "--severity", "stopped"),
        ("report", "--found-by", "A", "--what", "x", "--severity", "low", "--on", "2999-01-01"),
        ("close", "1", "--changed", "x", "--review", "no"),
        ("close", "1", "--changed", " ", "--review", "no"),
    ],
)
def test_a_record_that_says_too_little_is_refused(here: Path, wrong: tuple[str, ...]) -> None:
    assert flow.storysafe(here, "breach", *wrong).code == 2
    assert "No breach is recorded" in flow.storysafe(here, "breach", "list").stderr


def test_a_record_is_closed_once_and_can_leave_the_policy_as_it_is(here: Path) -> None:
    flow.storysafe(here, "breach", "report", *REPORT)
    close = ("breach", "close", "1", "--changed", "We check addresses.", "--review", "no")
    assert flow.storysafe(here, *close).code == 0
    assert flow.storysafe(here, *close).code == 2
    assert "closed on" in flow.storysafe(here, "breach", "list").stdout
    assert flow.storysafe(here, "policy", "review", "--on", "2026-10-05").code == 0


def test_a_policy_that_was_approved_after_the_breach_is_not_up_for_review(here: Path) -> None:
    flow.storysafe(here, "breach", "report", *REPORT, "--on", "2025-08-01")
    assert flow.storysafe(here, "policy", "review", "--on", "2026-10-05").code == 0
    flow.storysafe(here, "breach", "report", *REPORT, "--on", "2025-08-20")
    assert flow.storysafe(here, "policy", "review", "--on", "2026-10-05").code == 3


def test_a_leak_that_a_run_stopped_is_in_the_record_once_and_touched_nobody(
    tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path, secret)
    house.fill([{"name": "Rosalind Teasdale", "rows": []}])
    honest = publish.write_publicity

    def careless(telling: Telling, *rest: Any) -> None:
        honest(telling, *rest)
        (draft,) = [one for one in rest if isinstance(one, Path) and one.parent.name == "publicity" and one.exists()]
        document = docx.Document(str(draft))
        document.add_paragraph("Thanks to Rosalind Teasdale.")
        document.save(str(draft))

    monkeypatch.setattr(publish, "write_publicity", careless)
    for overwrite in (None, True):
        run = house.run(purpose="publicity", overwrite=overwrite)
        assert record(run, 0, "publicity")["reasons"] == ["leak-found"]
    kept = ("--workspace", tmp_path / "workspace")
    listed = flow.storysafe(tmp_path, "breach", "list", *kept).stdout.splitlines()
    assert len(listed) == 1
    assert "stopped before it left" in listed[0]
    assert flow.storysafe(tmp_path, "policy", "review", "--on", "2026-10-05", *kept).code == 0
