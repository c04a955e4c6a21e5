"""The story cut to a length, in plain text, and short for social media."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.length import cut, word_count
from pipeline.documents.newsletter import SOCIAL_LETTERS, social, write_newsletter
from pipeline.documents.wording import Wording
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose
from pipeline.domain.telling import Part, Passage, Telling
from tests.documents.conftest import PASSAGES, Tell

LONG = tuple(
    Passage(f"The {part} has its sentence number {number}, and £{number} with it.", part, paragraph=number)
    for number, part in enumerate([Part.SITUATION, Part.SUPPORT, Part.OUTCOME] * 20)
)


@pytest.mark.parametrize("words", [150, 300, 600])
def test_a_long_story_is_cut_to_the_length_in_whole_sentences_and_in_order(tell: Tell, words: int) -> None:
    told = cut(tell(passages=LONG), words).passages
    assert 0.8 * words < sum(word_count(p.text) for p in told) <= words or told == LONG
    assert [p for p in LONG if p in told] == list(told)


def test_a_story_that_fits_is_told_whole(tell: Tell) -> None:
    assert cut(tell(), 600).passages == PASSAGES


def test_the_shortest_story_still_has_its_situation_support_outcome_and_quote(tell: Tell) -> None:
    told = cut(tell(), 50)
    assert {p.part for p in cut(replace(told, passages=(*PASSAGES, *LONG)), 50).passages} == set(Part)


def test_the_outcome_with_a_figure_is_kept_before_one_without(tell: Tell) -> None:
    said = (Passage("It was done.", Part.OUTCOME), Passage("She now saves £40 a week on heating.", Part.OUTCOME))
    assert cut(tell(passages=(*PASSAGES[:4], *said)), 8).told(Part.OUTCOME) == said[1:]


def test_the_newsletter_is_plain_text_with_everything_around_the_story(
    tell: Tell, organisation: Organisation, wording: Wording, tmp_path: Path
) -> None:
    write_newsletter(tell(), organisation, wording, tmp_path / "story.txt", 600)
    pieces = (tmp_path / "story.txt").read_text(encoding="utf-8").strip().split("\n\n")
    assert pieces[0] == "A place to live: Leanne’s story"
    assert pieces[-2].startswith("Names and some details have been changed")
    assert "Alternative text" in pieces[-1]
    assert any("get in touch" in piece for piece in pieces)


def test_a_draft_says_so_first(tell: Tell, organisation: Organisation, wording: Wording, tmp_path: Path) -> None:
    write_newsletter(tell(draft=True), organisation, wording, tmp_path / "story.txt", 600)
    assert (tmp_path / "story.txt").read_text(encoding="utf-8").startswith("Draft: permission has not been sought.")
    assert social(tell(draft=True), organisation, wording).startswith("Draft: permission has not been sought.")


sentences = st.text("ab £1", min_size=3, max_size=300).filter(lambda text: text.strip()).map(lambda text: text.strip() + ".")


@given(st.lists(st.tuples(sentences, st.sampled_from(Part)), max_size=6))
def test_the_social_version_is_short_whole_sentences_with_the_change_note(wording_, drawn) -> None:
    passages = tuple(Passage(text, part, paragraph=n) for n, (text, part) in enumerate(drawn))
    telling = Telling("story-0001", Purpose.PUBLICITY, passages, "Leanne", False, True, False)
    text = social(telling, Organisation("Hartsby Open Door", website="www.hartsby.example"), wording_)
    assert len(text) <= SOCIAL_LETTERS
    assert "Names and details changed." in text


@pytest.fixture(scope="module")
def wording_(templates: Path) -> Wording:
    from pipeline.documents.wording import load_wording

    return load_wording(templates / "documents.toml")
