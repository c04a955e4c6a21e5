"""Every command as every role: what a role does not cover is refused, and on record (P10, P29)."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from pipeline.cli import main
from tests import flow

TABLE = tomllib.loads((Path(__file__).parent / "roles.toml").read_text(encoding="utf-8"))
COMMANDS: dict[str, dict[str, Any]] = TABLE["commands"]
LOGINS = {role: given["login"] for role, given in TABLE.items() if role != "commands"}
REFUSED = "Your role does not cover"


def leaves(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            if command.invoke_without_command:
                yield " ".join((*path, name))
            yield from leaves(command, (*path, name))
        else:
            yield " ".join((*path, name))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which one person of each role is registered, has signed and was trained."""
    root = tmp_path_factory.mktemp("roles")
    here = ("--workspace", root / "workspace")
    (root / "out").mkdir()
    (root / "empty").mkdir()
    (root / "out" / "kept.txt").write_text("kept", encoding="utf-8")
    (root / "file.txt").write_text("A file.", encoding="utf-8")
    manager = LOGINS["manager"]
    for role in ("manager", *(role for role in LOGINS if role != "manager")):
        flow.storysafe(root, "--as", manager, "staff", "add", f"The {role}", "--login", LOGINS[role], "--role", role, *here)
        assert flow.storysafe(root, "--as", manager, "staff", "sign", f"The {role}", *here).code == 0
        assert flow.storysafe(root, "--as", manager, "staff", "train", f"The {role}", *here).code == 0
    return root


def refusals(house: Path) -> list[dict[str, Any]]:
    lines = (house / "workspace" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    return [event["facts"] for event in map(json.loads, lines) if event["stage"] == "refused"]


def typed(house: Path, command: str) -> list[str]:
    places = {name: str(house / name) for name in ("out", "nowhere", "empty")} | {"file": str(house / "file.txt")}
    return [word.format(**places) for word in COMMANDS[command]["typed"]]


def test_every_command_stands_in_the_table() -> None:
    for_a_purpose = ("run", "redact")
    named = {name.split()[0] if name.startswith(for_a_purpose) else name.removesuffix(" --reveal") for name in COMMANDS}
    assert named == set(leaves(main))


@pytest.mark.parametrize("role", LOGINS)
def test_each_command_is_open_to_the_roles_that_it_is_for_and_to_no_other(
    role: str, house: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(house / "workspace"))
    for command, row in COMMANDS.items():
        before = len(refusals(house))
        run = flow.storysafe(house, "--as", LOGINS[role], *typed(house, command))
        assert "Usage:" not in run.stderr, (command, run.stderr)
        may = "anybody" in row["may"] or role in row["may"]
        assert (REFUSED in run.stderr) is not may, (command, role, run.words)
        if may:
            assert len(refusals(house)) == before
        else:
            assert run.code == 1
            (entry,) = refusals(house)[before:]
            assert entry["roles"] == role
            assert entry["command"].startswith(command.split()[0])


def test_a_refusal_says_which_role_may_and_the_trail_names_nobody(house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(house / "workspace"))
    run = flow.storysafe(house, "--as", LOGINS["comms"], *typed(house, "decide"))
    assert "The roles that may: manager." in run.stderr
    trail = (house / "workspace" / "audit.jsonl").read_text(encoding="utf-8")
    assert not [login for login in LOGINS.values() if login in trail]
    assert "The manager" not in trail


def test_nobody_may_use_a_command_that_the_policy_gives_to_no_role(tmp_path: Path, templates: Path) -> None:
    text = (templates / "policy.toml").read_text(encoding="utf-8")
    rules = tmp_path / "policy.toml"
    rules.write_text(text.replace('"recalls", ', "").replace(', "recalls"]', "]"), encoding="utf-8")
    here = ("--workspace", tmp_path / "workspace")
    for step in (
        ("staff", "add", "A Manager", "--login", "mvane", "--role", "manager"), ("staff", "sign", "A Manager"),
        ("staff", "train", "A Manager"), ("workspace", "adopt", rules),
    ):  # fmt: skip
        assert flow.storysafe(tmp_path, "--as", "mvane", *step, *here).code == 0
    run = flow.storysafe(tmp_path, "--as", "mvane", "recalls", *here)
    assert (run.code, "gives it to no role" in run.stderr) == (1, True)


def test_without_anybody_registered_everything_works_as_before_and_says_so(tmp_path: Path) -> None:
    run = flow.storysafe(tmp_path, "run", tmp_path / "nowhere", "--out", tmp_path / "out", "--workspace", tmp_path / "workspace")
    assert run.code == 2
    assert "Nobody has signed" in run.stderr
    assert not (tmp_path / "workspace").exists()
