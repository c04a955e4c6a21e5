"""What is kept from click to click is never another telling: each story is as if it were opened for the first time."""

from __future__ import annotations

import random
import sys

import pytest

from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Finding
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Treatment
from pipeline.narrative import Sentence
from pipeline.tell import _near
from tests.web.conftest import Browser, Place

STORY = "story-0005"
WORDS = ("rent", "thimble", "landlord", "adviser", "arrears", "tenancy", "time to pay")


def forget(place: Place) -> None:
    """As after a start: nothing of any story is kept."""
    place.desk._remembered.clear()
    for name, module in list(sys.modules.items()):
        if name.startswith("pipeline."):
            for each in vars(module).values():
                if callable(clear := getattr(each, "cache_clear", None)):
                    clear()


def told(place: Place, purpose: Purpose) -> tuple[object, ...]:
    opened = place.desk.look(STORY, purpose)
    return opened.case, opened.told.outcome, opened.told.risk, opened.told.before


@pytest.mark.parametrize("seed", range(4))
def test_after_every_click_the_story_is_told_as_if_it_were_opened_for_the_first_time(
    place: Place, browser: Browser, seed: int
) -> None:
    drawn = random.Random(seed)
    for _ in range(8):
        purpose = drawn.choice([Purpose.PUBLICITY, Purpose.TRAINING])
        path, at = f"/story/{STORY}/{purpose.value}", str(drawn.randrange(4))
        form, fields = drawn.choice([
            ("mark", {"words": drawn.choice(WORDS), "category": drawn.choice(["PERSON", "ORGANISATION", "LOCATION"])}),
            ("change", {"act": "replace", "at": at, "words": f"somebody {drawn.randrange(9)}"}),
            ("change", {"act": drawn.choice(["accept", "generalise", "remove"]), "at": at}),
            ("undo", {}),
        ])  # fmt: skip
        browser.send(path, f"{path}/{form}", **fields)
        seen = {purpose: told(place, purpose) for purpose in Purpose}
        forget(place)
        assert {purpose: told(place, purpose) for purpose in Purpose} == seen


@pytest.mark.parametrize("seed", range(20))
def test_the_decisions_near_a_sentence_are_those_that_reach_into_it(seed: int) -> None:
    drawn = random.Random(seed)
    edges = sorted(drawn.sample(range(200), 20))
    sentences = [Sentence(start, end, 0) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    spans = [(start, start + drawn.randrange(1, 60)) for start in drawn.sample(range(200), 15)]
    found = [Finding(start, end, Category.PERSON, 1.0, "test") for start, end in spans]
    decisions = [Decision(f, Treatment.REMOVE, f.start, f.end, "", "rule", "P18", "test") for f in found]
    assert _near(sentences, decisions) == [[d for d in decisions if d.start < s.end and d.end > s.start] for s in sentences]
