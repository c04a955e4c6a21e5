"""Several processes on one store, and processes that die: nothing is lost, nothing is half there."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.records.store import Store
from tests.records.store.entries import release_of, run_of, story_of

ROOT = Path(__file__).resolve().parents[3]


def process(what: str, address: str | Path, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.records.store.entries", what, str(address), *(str(a) for a in arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []
    yield running
    for each in running:
        each.kill()
        each.communicate()


def test_two_processes_that_make_the_store_and_write_at_once_lose_nothing(address: str | Path) -> None:
    writers = [process("write", address, first, 40) for first in (1, 1001)]
    for writer in writers:
        _, words = writer.communicate(timeout=120)
        assert (writer.returncode, words) == (0, "")
    with Store.open(address) as store:
        written = sorted({release.story_id for release in store.releases()})
        assert written == sorted(f"story-{n:04}" for n in (*range(1, 41), *range(1001, 1041)))
        assert len(store.releases()) == 2 * 80


def test_a_process_killed_in_a_transaction_leaves_nothing_of_it_and_nobody_waits(
    address: str | Path, started: list[subprocess.Popen[str]]
) -> None:
    with Store.open(address) as store:
        started.append(process("hold", address))
        assert started[0].stdout is not None
        assert started[0].stdout.readline() == "holding\n"
        started[0].kill()
        started[0].wait()
        store.begin(run_of())
        assert (store.releases(), store.story("run-1", "story-0007")) == ([], None)
        store.record([story_of(7)], [release_of(7)])
        assert store.releases() == [release_of(7)]


def test_a_process_killed_anywhere_leaves_whole_stories_and_all_that_it_was_told_are_there(
    address: str | Path, started: list[subprocess.Popen[str]]
) -> None:
    with Store.open(address) as store:
        for turn in range(4):
            writer = process("write", address, 1, 5000)
            started.append(writer)
            assert writer.stdout is not None
            assert writer.stdout.readline() == "1\n"
            stop = threading.Timer(random.Random(turn).uniform(0.02, 0.3), writer.kill)
            stop.start()
            told = [1, *(int(line) for line in writer.stdout.read().splitlines(keepends=True) if line.endswith("\n"))]
            stop.join()
            written = [int(release.story_id[6:]) for release in store.releases()]
            assert set(told) <= set(written)
            assert all(written.count(number) == 2 for number in written)
            assert all(store.story("run-1", f"story-{number:04}") for number in written[-5:])
