"""The figures of the paper for the trustees: counted where they are recorded, open where they are not (P30)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipeline import catalogue
from pipeline.cli import guarding
from pipeline.domain.duties import Severity
from pipeline.domain.ledger import Attempt, ReleaseRecord, RunRecord, StoryRecord, Withdrawal
from pipeline.domain.permission import Purpose
from pipeline.duties import breach, disclose, staff
from pipeline.duties.figures import ABSENT, figures
from pipeline.policy.access import load_access
from pipeline.policy.policies import load_policy
from pipeline.records.duties import Register
from pipeline.records.store import Store, access_sent, request_access
from pipeline.records.workspace import Workspace
from tests import flow

TEMPLATE = catalogue.policy_templates() / "policy.toml"
POLICY, ACCESS = load_policy(TEMPLATE), load_access(TEMPLATE, TEMPLATE)
DAY, LONG_AGO = date(2026, 11, 22), date(2020, 1, 1)


def run(store: Store, run_id: str, on: date, told: dict[str, tuple[Purpose, ...]]) -> None:
    """A run of stories, each by its digest, with the purposes that it was told for."""
    store.begin(RunRecord(run_id, "out", on, tuple(Purpose), "1.0", "m", "v"))
    stories = [StoryRecord(run_id, f"story-{digest}", f"{digest}.txt", digest) for digest in told]
    releases = [
        ReleaseRecord(run_id, f"story-{digest}", purpose, f"released/{run_id}-{digest}-{purpose}-{copy}", digest * 4)
        for digest, purposes in told.items() for purpose in purposes for copy in ("docx", "txt")
    ]  # fmt: skip
    store.record(stories, releases)
    store.end(run_id)


@pytest.fixture
def register(tmp_path: Path):
    workspace = Workspace(tmp_path / "workspace")
    workspace.root.mkdir()
    with workspace.store() as store:
        yield Register(workspace, store)


def test_a_story_that_was_run_again_or_written_twice_is_one_story(register: Register):
    run(register.store, "one", DAY, {"a": (Purpose.PUBLICITY, Purpose.TRAINING), "b": (), "c": ()})
    run(register.store, "two", DAY, {"a": (Purpose.PUBLICITY,), "b": (Purpose.PUBLICITY,), "c": ()})
    run(register.store, "old", LONG_AGO, {"d": (Purpose.PUBLICITY,), "e": ()})
    counted = figures(register, POLICY, ACCESS, DAY)
    assert counted["told"] == "publicity: 2; reporting: 0; training: 1"
    assert counted["untold"] == "1"


def test_people_requests_and_breaches_are_counted_since_the_policy_was_approved(register: Register):
    store = register.store
    for ref, on in (("HL-1", DAY), ("hl-1", date(2026, 3, 1)), ("HL-2", DAY), ("HL-3", LONG_AGO)):
        store.attempt(Attempt(ref, on, "letter", "A Worker"))
    store.withdraw(Withdrawal("HL-2", DAY))
    for ref, received in (("HL-1", date(2026, 9, 1)), ("HL-2", date(2026, 9, 1)), ("HL-3", DAY)):
        made = request_access(store, ref, received, date(2026, 10, 1) if received != DAY else date(2026, 12, 22))
        if ref == "HL-1":
            access_sent(store, made.request_id, date(2026, 9, 20))
    for severity, year in ((Severity.LOW, 2026), (Severity.GRAVE, 2026), (Severity.GRAVE, 2020)):
        breach.report(register, severity, datetime(year, 5, 1, tzinfo=UTC), "a person", "what", ())
    disclose.add_agreement(register, "Callowness Council", False, LONG_AGO, "")
    disclose.add_agreement(register, "Callowness Council", True, DAY, "")
    disclose.add_agreement(register, "Harbour Board", False, DAY, "")
    counted = figures(register, POLICY, ACCESS, DAY)
    assert counted["asked"] == "2"
    assert counted["permissions"] == f"given and refused: {ABSENT}; taken back: 1"
    assert counted["requests"] == "3, of them late: 1"
    assert counted["breaches"] == "stopped: 0; low: 1; serious: 0; grave: 1"
    assert counted["agreements"] == "1 of 2"
    assert counted["decided"] == ABSENT
    assert counted["shared"].startswith(ABSENT)
    assert counted["staff"].startswith(ABSENT)


def test_permissions_and_decisions_are_counted_once_they_are_in_the_records(register: Register):
    for kind in ("permissions", "decisions"):
        register.store.import_register(kind, flow.SAMPLES / f"{kind}.csv")
    counted = figures(register, POLICY, ACCESS, DAY)
    rows = flow.rows(flow.SAMPLES / "permissions.csv")
    given = [row for row in rows if row["response"] == "given" and row["given_on"] >= POLICY.approved_on.isoformat()]
    assert len(given) > 3
    assert counted["permissions"].startswith(f"given: {len(given)}; refused: ")
    decided = [row["decision"] for row in flow.rows(flow.SAMPLES / "decisions.csv")]
    assert counted["decided"] == f"tell it: {decided.count('release')}; do not: {decided.count('withhold')}"


def test_who_has_not_signed_or_was_not_trained_is_counted_and_not_named(register: Register):
    for number, name in enumerate(("Marguerite Vane", "Tansy Orr", "Bartle Foss")):
        staff.add_worker(register, name, f"login{number}", ("manager",), ACCESS)
        if name != "Tansy Orr":
            staff.sign(register, name, ACCESS.version, DAY, 1)
            staff.train(register, name, DAY if number else LONG_AGO, 1)
    assert figures(register, POLICY, ACCESS, DAY)["staff"] == "1 of 3; training overdue: 1"


def test_the_board_paper_has_the_figures_and_is_left_open_for_who_may_not_see_them(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run(register.store, "one", DAY, {"a": (Purpose.PUBLICITY,)})
    for name, role in (("Marguerite Vane", "manager"), ("Tansy Orr", "training")):
        staff.add_worker(register, name, role, (role,), ACCESS)
        staff.sign(register, name, ACCESS.version, DAY, 1)
        staff.train(register, name, DAY, 1)
    monkeypatch.setattr(guarding, "date", type("Today", (date,), {"today": staticmethod(lambda: DAY)}))
    build = (
        "policy",
        "build",
        "--organisation",
        flow.SAMPLES / "organisation.toml",
        "--on",
        DAY,
        "--workspace",
        tmp_path / "workspace",
    )
    said = {}
    for role in ("manager", "training"):
        assert flow.storysafe(tmp_path, "--as", role, *build, "--out", tmp_path / role).code == 0
        said[role] = (tmp_path / role / "board-review.txt").read_text(encoding="utf-8")
    assert "publicity: 1; reporting: 0; training: 0" in said["manager"]
    assert "0 of 2; training overdue: 0" in said["manager"]
    assert "publicity: 1" not in said["training"]
    assert "Fill these in from the records" in said["training"]
