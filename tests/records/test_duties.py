"""The register of duties: only ever added to, and whoever changes it is found out."""

from __future__ import annotations

from multiprocessing import get_context
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from pipeline.errors import EntriesAltered, OutputFailed
from pipeline.records.duties import Register
from pipeline.records.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace with three entries."""
    made = Workspace(tmp_path / "workspace")
    with made.store() as store:
        register = Register(made, store)
        for number in (1, 2, 3):
            assert register.add("sort", {"n": number}).number == number
    return made


def numbers(workspace: Workspace) -> list[int]:
    with workspace.store() as store:
        return [entry.body["n"] for entry in Register(workspace, store).entries("sort")]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE duty_entries SET body = replace(body, '2', '9') WHERE seq = 2",
        "UPDATE duty_entries SET at = '2020-01-01' WHERE seq = 1",
        "UPDATE duty_entries SET kind = 'other' WHERE seq = 3",
        "DELETE FROM duty_entries WHERE seq = 3",
        "DELETE FROM duty_entries WHERE seq = 1",
        "DELETE FROM duty_entries",
        "UPDATE duty_entries SET seq = 4 WHERE seq = 3",
    ],
)
def test_a_changed_moved_or_missing_entry_is_found(workspace: Workspace, change: str) -> None:
    assert numbers(workspace) == [1, 2, 3]
    engine = create_engine(f"sqlite:///{workspace.database}")
    with engine.begin() as connection:
        assert connection.execute(text(change)).rowcount
    engine.dispose()
    with pytest.raises(EntriesAltered, match="not as it was written"):
        numbers(workspace)


def test_a_trail_that_was_taken_away_or_changed_is_found(workspace: Workspace) -> None:
    data = workspace.trail.read_bytes()
    workspace.trail.write_bytes(data.replace(b'"number":2', b'"number":3', 1))
    with pytest.raises(EntriesAltered, match="audit trail"):
        numbers(workspace)
    workspace.trail.unlink()
    workspace.trail.with_name("audit.jsonl.head").unlink()
    with pytest.raises(EntriesAltered):
        numbers(workspace)
    workspace.trail.write_bytes(data)
    assert numbers(workspace) == [1, 2, 3]


def test_the_same_mark_is_one_entry(workspace: Workspace) -> None:
    with workspace.store() as store:
        register = Register(workspace, store)
        first = register.add("sort", {"n": 4}, "a mark")
        assert register.add("sort", {"n": 5}, "a mark") == first
    assert numbers(workspace) == [1, 2, 3, 4]


def _add(root: Path) -> None:
    workspace = Workspace(root)
    with workspace.store() as store:
        for _ in range(5):
            Register(workspace, store).add("sort", {"n": 0})


def test_several_processes_add_without_losing_any(workspace: Workspace) -> None:
    with get_context("spawn").Pool(2) as pool:
        pool.map(_add, [workspace.root] * 2)
    assert len(numbers(workspace)) == 13


def test_an_entry_whose_anchor_cannot_be_written_is_told(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    with workspace.trail.open("ab") as trail:
        trail.write(b"not an event\n")
    with workspace.store() as store, pytest.raises(OutputFailed):
        Register(workspace, store).add("sort", {"n": 4})
