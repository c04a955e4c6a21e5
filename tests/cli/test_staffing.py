"""``storysafe staff``: who is registered, and that somebody always can register (P29)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.cli import guarding
from tests import flow


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with a manager who may work."""
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setattr(guarding, "login", lambda: "MVane")
    for step in (("add", "Marguerite Vane", "--login", "mvane", "--role", "manager"), ("sign", "marguerite vane"),
                 ("train", "Marguerite  Vane")):  # fmt: skip
        assert flow.storysafe(tmp_path, "staff", *step).code == 0
    return tmp_path


@pytest.mark.parametrize(
    "wrong",
    [
        ("add", "Marguerite Vane", "--login", "other", "--role", "comms"),
        ("add", "Tansy Orr", "--login", "MVANE", "--role", "comms"),
        ("add", "Tansy Orr", "--login", "torr", "--role", "queen"),
        ("add", " ", "--login", "torr", "--role", "comms"),
        ("add", "Tansy Orr", "--login", " ", "--role", "comms"),
        ("sign", "Tansy Orr"),
        ("sign", "Marguerite Vane", "--on", (date.today() + timedelta(days=2)).isoformat()),
        ("train", "Marguerite Vane", "--on", (date.today() + timedelta(days=2)).isoformat()),
        ("leave", "Marguerite Vane"),
        ("roles", "Marguerite Vane", "--role", "comms"),
        ("roles", "Marguerite Vane", "--role", "anybody"),
    ],
)
def test_what_would_make_the_register_useless_is_refused(here: Path, wrong: tuple[str, ...]) -> None:
    before = flow.storysafe(here, "staff", "list").stdout
    assert flow.storysafe(here, "staff", *wrong).code == 2
    assert flow.storysafe(here, "staff", "list").stdout == before


def test_a_manager_can_leave_once_there_is_another(here: Path) -> None:
    add = ("add", "Tansy Orr", "--login", "torr", "--role", "comms", "--role", "manager")
    assert flow.storysafe(here, "staff", *add).code == 0
    assert flow.storysafe(here, "staff", "leave", "Marguerite Vane").code == 0
    run = flow.storysafe(here, "staff", "list")
    assert (run.code, "has left" in run.stderr) == (1, True)
    assert "left" in flow.storysafe(here, "--as", "torr", "staff", "list").stdout


def test_somebody_who_left_can_be_followed_at_the_same_login(here: Path) -> None:
    for step in (("add", "Tansy Orr", "--login", "desk", "--role", "comms"), ("leave", "Tansy Orr"),
                 ("add", "Bartle Foss", "--login", "desk", "--role", "comms"), ("sign", "Bartle Foss"),
                 ("train", "Bartle Foss")):  # fmt: skip
        assert flow.storysafe(here, "staff", *step).code == 0
    assert flow.storysafe(here, "--as", "desk", "recalls").code == 0


def test_other_roles_open_other_commands(here: Path) -> None:
    for step in (("add", "Tansy Orr", "--login", "torr", "--role", "training"), ("sign", "Tansy Orr"), ("train", "Tansy Orr")):
        assert flow.storysafe(here, "staff", *step).code == 0
    assert flow.storysafe(here, "--as", "torr", "recalls").code == 1
    assert flow.storysafe(here, "staff", "roles", "Tansy Orr", "--role", "comms").code == 0
    assert flow.storysafe(here, "--as", "torr", "recalls").code == 0


def test_whoever_acts_as_somebody_else_is_on_record_by_number(here: Path) -> None:
    assert flow.storysafe(here, "--as", "mvane", "recalls").code == 0
    trail = (here / "workspace" / "audit.jsonl").read_text(encoding="utf-8")
    assert '"stage":"acted-as"' in trail
    assert "vane" not in trail.lower()


def test_a_changed_staff_register_opens_nothing(here: Path) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(f"sqlite:///{here / 'workspace' / 'records.db'}")
    with engine.begin() as connection:
        assert connection.execute(text("UPDATE duty_entries SET body = replace(body, 'manager', 'comms')")).rowcount
    engine.dispose()
    run = flow.storysafe(here, "recalls")
    assert (run.code, "not as it was written" in run.stderr) == (1, True)


def test_an_environment_variable_makes_nobody_somebody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pwd")
    before = guarding.login()
    for name in ("LOGNAME", "USER", "USERNAME"):
        monkeypatch.setenv(name, "mvane")
    assert guarding.login() == before


def test_bringing_decisions_is_deciding() -> None:
    from pipeline.cli.guarding import _actions

    assert _actions("run", {"purposes": ("publicity",)}) == ("run publicity",)
    assert _actions("run", {"purposes": ("publicity",), "decisions": "decisions.csv"}) == ("run publicity", "decide")


@pytest.mark.parametrize(("overdue", "code"), [("warn", 0), ("refuse", 1)])
def test_a_training_counts_for_as_long_as_the_policy_says(here: Path, templates: Path, overdue: str, code: int) -> None:
    rules = here / "ours.toml"
    text = (templates / "policy.toml").read_text(encoding="utf-8")
    for old, new in (
        ("training_months = 24", "training_months = 1"),
        ('training_overdue = "warn"', f'training_overdue = "{overdue}"'),
    ):
        assert old in text
        text = text.replace(old, new)
    rules.write_text(text, encoding="utf-8")
    long_ago = (date.today() - timedelta(days=90)).isoformat()
    for step in (("add", "Tansy Orr", "--login", "torr", "--role", "comms"), ("sign", "Tansy Orr"),
                 ("train", "Tansy Orr", "--on", long_ago)):  # fmt: skip
        assert flow.storysafe(here, "staff", *step).code == 0
    assert flow.storysafe(here, "workspace", "adopt", rules).code == 0
    run = flow.storysafe(here, "--as", "torr", "recalls")
    assert run.code == code, run.words
    assert re.search("training (has run out|counted until)", run.stderr)
    assert re.search(r"Tansy Orr .*OVERDUE since", flow.storysafe(here, "staff", "list").stdout)
    assert "training has run out" not in flow.storysafe(here, "recalls").stderr
    review = flow.storysafe(here, "policy", "review")
    assert (review.code, "TRAINING OVERDUE for 1" in review.stdout) == (3, True)
    assert flow.storysafe(here, "staff", "train", "Tansy Orr").code == 0
    assert "training" not in flow.storysafe(here, "--as", "torr", "recalls").stderr


@pytest.mark.parametrize("wrong", ['training_months = "two"', "training_months = -1", 'training_overdue = "perhaps"'])
def test_a_policy_with_a_term_that_is_none_is_refused(here: Path, templates: Path, wrong: str) -> None:
    rules = here / "ours.toml"
    name = wrong.partition(" ")[0]
    text = (templates / "policy.toml").read_text(encoding="utf-8")
    rules.write_text(re.sub(rf"(?m)^{name} = \S+", wrong, text), encoding="utf-8")
    assert flow.storysafe(here, "workspace", "adopt", rules).code == 2


def test_whoever_shows_originals_on_the_screen_is_on_record(here: Path) -> None:
    (here / "empty").mkdir()
    assert flow.storysafe(here, "detect", here / "empty").code == 0
    trail = here / "workspace" / "audit.jsonl"
    assert '"revealed"' not in trail.read_text(encoding="utf-8")
    assert flow.storysafe(here, "detect", here / "empty", "--reveal").code == 0
    assert trail.read_text(encoding="utf-8").count('"stage":"revealed"') == 1
