"""A review is stricter than the policy or says it otherwise; it never tells what the policy is sure about (laws)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.case import Case, Subject
from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Entity, Finding, Resolution
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Treatment
from pipeline.domain.review import Act, Change, Review
from pipeline.domain.story import Story
from pipeline.errors import ReviewRefused
from pipeline.reviewing import asked, check_current, mentions, refusal, settled, with_marks
from pipeline.rewrite import rewrite

TEXT = "Hope Marsh rang Will on 4 May. Will Tighe and hope marsh came; the Marshes too. Tel 01632 960123."
FOUND = (
    Finding(0, 10, Category.PERSON, 0.9, "tagger", entity="e1"),
    Finding(16, 20, Category.PERSON, 0.9, "tagger", entity="e2"),
    Finding(24, 29, Category.DATE, 0.9, "tagger", entity="e3"),
    Finding(84, 96, Category.PHONE, 0.9, "pattern:uk-phone", entity="e4"),
)
ENTITIES = (
    Entity("e1", Category.PERSON, ("Hope Marsh",), subject=True), Entity("e2", Category.PERSON, ("Will",)),
    Entity("e3", Category.DATE, ("4 May",)), Entity("e4", Category.PHONE, ("01632 960123",)),
)  # fmt: skip
DECISIONS = tuple(Decision(f, Treatment.SUBSTITUTE, f.start, f.end, "Somebody", "rule", "P18", "told") for f in FOUND)


def case(*changes: Change) -> Case:
    story = Story("story-0001", "note.txt", "", TEXT, ())
    return Case(story, Resolution(FOUND, ENTITIES), Subject(), (), (), (), {}, review=Review(story.digest, changes))


def change(act: Act, at: int, text: str = "", reason: str = "") -> Change:
    return Change(act, FOUND[at].start, FOUND[at].end, "Tansy Orr", Purpose.TRAINING, None, text, reason)


def test_a_review_of_another_text_is_refused() -> None:
    check_current(case(), case().review)
    with pytest.raises(ReviewRefused):
        check_current(case(), Review("0" * 64))


@pytest.mark.parametrize("at", [0, 3])
def test_what_identifies_somebody_for_certain_is_never_kept(at: int) -> None:
    kept = change(Act.KEEP, at, reason="it is fine")
    assert refusal(case(), DECISIONS, kept)
    # Nor by a review that says so all the same: it was written by hand, or before the policy was changed.
    assert settled(case(kept), Purpose.TRAINING, DECISIONS) == DECISIONS


def test_a_word_that_is_no_name_is_kept_with_a_reason_and_for_its_purpose_alone() -> None:
    kept = change(Act.KEEP, 1, reason="the verb")
    assert refusal(case(), DECISIONS, change(Act.KEEP, 1)) == "Say why it is no identifying detail."
    assert refusal(case(), DECISIONS, kept) == ""
    assert rewrite(TEXT, settled(case(kept), Purpose.TRAINING, DECISIONS)).startswith("Somebody rang Will on")
    assert settled(case(kept), Purpose.PUBLICITY, DECISIONS) == DECISIONS


def test_a_detail_without_a_rule_stays_withheld_whatever_anybody_says() -> None:
    withheld = tuple(Decision(d.finding, Treatment.WITHHOLD, d.start, d.end, "", "none", "P18", "no rule") for d in DECISIONS)
    for each in (change(Act.KEEP, 2, reason="why not"), change(Act.REPLACE, 2, "in spring")):
        assert refusal(case(), withheld, each)
        assert settled(case(each), Purpose.TRAINING, withheld) == withheld


@pytest.mark.parametrize("words", ["Hope", "mrs MARSH", "call 01632 960123", "a\nb", "x" * 301])
def test_other_words_do_not_say_what_is_left_out(words: str) -> None:
    said = change(Act.REPLACE, 2, words)
    assert refusal(case(), DECISIONS, said)
    assert settled(case(said), Purpose.TRAINING, DECISIONS) == DECISIONS


def test_the_last_word_counts_and_accepting_goes_back_to_the_proposal() -> None:
    one, two = change(Act.REPLACE, 2, "in spring"), change(Act.REPLACE, 2, "one day")
    assert settled(case(one, two), Purpose.TRAINING, DECISIONS)[2].replacement == "one day"
    assert settled(case(one, change(Act.ACCEPT, 2)), Purpose.TRAINING, DECISIONS) == DECISIONS
    assert asked(Review("", (change(Act.REMOVE, 1), change(Act.ACCEPT, 1))), Purpose.TRAINING) == {}


def test_a_person_is_found_by_every_part_of_the_name_in_any_case_and_no_other_word_is() -> None:
    found = [TEXT[start:end] for start, end in mentions(TEXT, "Will  Tighe", Category.PERSON, frozenset({"will"}))]
    assert found == ["Will Tighe", "Tighe"]
    assert [TEXT[start:end] for start, end in mentions(TEXT, "hope marsh", Category.PERSON)] == [
        "Hope", "Hope Marsh", "Marsh", "hope", "hope marsh", "marsh",
    ]  # fmt: skip
    assert mentions(TEXT, "arsh", Category.PERSON) == []


@given(st.lists(st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 30), st.sampled_from(Category)), max_size=6))
def test_whatever_is_marked_every_marked_letter_is_found_once(drawn: list[tuple[int, int, Category]]) -> None:
    marks = [Change(Act.MARK, a, min(a + n, len(TEXT)), "Tansy Orr", None, category) for a, n, category in drawn]
    found = with_marks(TEXT, FOUND, marks, frozenset())
    assert list(found) == sorted(found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    covered = {at for f in found for at in range(f.start, f.end)}
    assert covered >= {at for f in FOUND for at in range(f.start, f.end)}
    assert covered >= {at for mark in marks for at in range(mark.start, mark.end)}
