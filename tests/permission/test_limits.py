"""What sends a story to a manager, and what does not."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.policy import LimitName, Policy
from pipeline.permission.limits import find_limits
from pipeline.policy.cues import compile_cue, fold
from pipeline.policy.policies import load_policy

POLICY = load_policy(Path(__file__).parents[2] / "policy_templates" / "policy.toml")
SENTENCES = tomllib.loads((Path(__file__).parent / "limit_sentences.toml").read_text(encoding="utf-8"))
HELD = [(name, text) for name, texts in SENTENCES["hold"].items() for text in texts]
PASSED = SENTENCES["passes"]["sentences"]


def limits(text: str, policy: Policy = POLICY) -> set[str]:
    return {hit.limit.value for hit in find_limits(text, policy)}


@pytest.mark.parametrize(("name", "text"), HELD)
def test_what_a_manager_must_see_is_held(name: str, text: str) -> None:
    assert name in limits(text)


@pytest.mark.parametrize("text", PASSED)
def test_what_only_sounds_like_it_passes(text: str) -> None:
    assert limits(text) == set()


@pytest.mark.parametrize("name", list(SENTENCES["unseen"]))
def test_most_of_what_nobody_tuned_for_is_held_too(name: str) -> None:
    texts = SENTENCES["unseen"][name]
    missed = [text for text in texts if name not in limits(text)]
    assert len(missed) <= 0.2 * len(texts), missed


def test_each_limit_is_tried_in_eight_sentences_or_more() -> None:
    assert set(SENTENCES["hold"]) == {name.value for name in LimitName}
    assert min(len(texts) for texts in SENTENCES["hold"].values()) >= 8
    assert len(PASSED) >= 40


@pytest.mark.parametrize(("name", "text"), HELD)
def test_capitals_and_lost_line_ends_change_nothing(name: str, text: str) -> None:
    assert name in limits(text.upper())
    assert name in limits(text.lower())
    assert name in limits(text.replace(" ", "\n", 4))


@pytest.mark.parametrize(("name", "text"), HELD)
def test_the_words_around_a_sentence_do_not_hide_it(name: str, text: str) -> None:
    text = text.rstrip(".") + "."
    assert name in limits(f"No concerns about the rent. {text} No further action.")
    assert name in limits(f"Client well and settled, flat tidy.\n\n{text}\n\nThe choir starts on Monday.")


@pytest.mark.parametrize(
    "text",
    [
        "She did not deny having thoughts of suicide.",
        "We cannot rule out self harm.",
        "No doubt he will kill himself if she goes.",
        "No one else was there, he said he is suicidal.",
        "No debts, but he feels suicidal.",
        "No money, suicidal.",
        "No further contact from the ward, he is suicidal.",
        "No food in and she took an overdose.",
    ],
)
def test_a_denial_of_something_else_denies_nothing(text: str) -> None:
    assert "danger" in limits(text)


def test_offsets_point_into_the_text_as_it_was_read() -> None:
    text = "Å note.\r\nShe said \u201cI\u2019m suicidal\u201d twice."
    (hit,) = find_limits(text, POLICY)
    assert text[hit.start : hit.end] == "suicidal"
    assert hit.clause == "P20"


@given(st.text(max_size=300))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in find_limits(text, POLICY))


def test_a_space_of_a_cue_matches_a_line_end_but_not_a_new_paragraph() -> None:
    assert compile_cue("court order").search("a court \n order")
    assert not compile_cue("court order").search("in court\n\norder of the day")
    assert compile_cue("best[- ]interests").search("best\ninterests")


def test_a_long_text_is_searched_in_reasonable_time() -> None:
    # Cues are ours: none may take time that grows faster than the text.
    text = "She went to the shop and told him that the police were there with a bag of shopping for the lads. " * 400
    assert limits(text + "He hits her.") == {"abuse"}
    assert find_limits("he " * 12_000, POLICY) == ()
