"""The server killed at any point: whatever it confirmed is there, the rest is not half there, and work goes on."""

from __future__ import annotations

import multiprocessing
import random
import re
import sys
import time
from multiprocessing.connection import Connection

import pytest

from pipeline.domain.permission import Purpose
from pipeline.records.checking import check_run
from pipeline.releasing import load_finished
from tests.web.conftest import Place
from tests.web.test_reviewing import detail

STORY = "/story/story-0001/training"
ROUNDS = 6

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="needs a copy of the loaded server")


def _decide(place: Place, at: str, told: Connection, begin: int) -> None:
    """Reword one detail again and again, mark and take back, and say each time what was confirmed."""
    browser = place.browser()
    for number in range(begin, begin + 1000):
        page = browser.send(STORY, STORY + "/change", act="replace", at=at, words=f"somebody {number}")
        if f"somebody {number}" in re.sub(r"<[^>]+>", " ", page):
            told.send(number)


def _release(place: Place, told: Connection) -> None:
    browser = place.browser()
    while True:
        told.send("found clean" in browser.send(STORY, STORY + "/release"))


def killed(target: object, *given: object) -> list[object]:
    """Run something in a copy of this process, kill it at some moment, and give what it had confirmed by then."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=target, args=(*given[:-1], there, given[-1]) if len(given) > 1 else (*given, there))
    process.start()
    there.close()
    first = here.recv()
    time.sleep(random.uniform(0.0, 0.15))
    process.kill()
    process.join()
    found = [first]
    try:
        while here.poll():
            found.append(here.recv())
    except EOFError:
        pass
    return found


@pytest.fixture(autouse=True)
def _as_before(place: Place) -> None:
    for path in place.desk.workspace.reviews.glob("*"):
        path.unlink()
    place.browser().look(STORY)  # detected before the copy is made


def test_every_decision_that_was_confirmed_is_there_after_the_server_was_killed(place: Place) -> None:
    at = str(detail(place, "story-0001", "Rosalind Teasdale"))
    for number in range(ROUNDS):
        confirmed = killed(_decide, place, at, 1000 * (number + 1))
        kept = place.desk.look("story-0001", Purpose.TRAINING).kept
        said = [change.text for change in kept.review.changes]
        assert {f"somebody {n}" for n in confirmed} <= set(said)
        assert len(said) == len(set(said))  # nothing was done twice
        page = place.browser().send(STORY, STORY + "/change", act="replace", at=at, words=f"goes on {number}")
        assert f"goes on {number}" in page


def test_a_release_that_was_cut_short_is_done_again_without_harm(place: Place) -> None:
    for _ in range(ROUNDS):
        assert killed(_release, place)[0] is True
        assert "found clean" in place.browser().send(STORY, STORY + "/release")
        assert check_run(place.run.out).bad is None
        record = load_finished(place.run.out).line("story-0001")["purposes"]["training"]
        assert record["status"] == "released"
        assert all((place.run.out / output["path"]).is_file() for output in record["outputs"])
