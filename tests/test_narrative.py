"""Sentences are found as they stand, records are left out, and each sentence is given its part."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.story import Block, BlockKind, Locator, Story
from pipeline.domain.telling import Part
from pipeline.narrative import parts, sentences, split_spans
from pipeline.policy.cues import CueSet
from tests.marked import story

OUTCOME = CueSet(("written off|secured|awarded",))


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in split_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("She came. She stayed.", ["She came.", "She stayed."]),
        ("Dr. Bose rang. He agreed.", ["Dr. Bose rang.", "He agreed."]),
        ("hes safe now. ward says ok. home fri", ["hes safe now.", "ward says ok.", "home fri"]),
        ('"I was lost. Now I am home." She smiled.', ['"I was lost. Now I am home."', "She smiled."]),
        ("Owed £640. £11.55 a week.", ["Owed £640.", "£11.55 a week."]),
        ("- one thing\n- another thing", ["- one thing", "- another thing"]),
    ],
)
def test_text_is_split_where_sentences_end(text, found):
    assert split(text) == found


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=120))
def test_splitting_loses_nothing_but_white_space(text):
    spans = split_spans(text, 0, len(text))
    assert all(a < b for a, b in spans)
    assert all(x[1] <= y[0] for x, y in pairwise(spans))
    rest = text
    for a, b in reversed(spans):
        rest = rest[:a] + rest[b:]
    assert not rest.strip()


def test_form_lines_signatures_and_metadata_are_not_told(cues):
    text = "Dear Sir\nName: Dawn\nShe was helped to stay at home.\nauthor"
    blocks = [Block(m.start(), m.end(), BlockKind.PARAGRAPH, Locator("body")) for m in re.finditer(r"[^\n]+", text)]
    blocks[3] = Block(blocks[3].start, blocks[3].end, BlockKind.METADATA, Locator("property"))
    told = sentences(Story("story-0001", "a", "0", text, tuple(blocks)), cues)
    assert [text[s.start : s.end] for s in told] == ["She was helped to stay at home."]


def test_a_field_with_prose_in_it_is_told_and_one_with_a_record_is_not(cues):
    text = "Ellerwick\nElectric hob and oil radiators were given."
    blocks = (
        Block(0, 9, BlockKind.FIELD, Locator("body"), "Address 2"),
        Block(10, len(text), BlockKind.FIELD, Locator("body"), "ACTION 1"),
    )
    told = sentences(Story("story-0001", "a", "0", text, blocks), cues)
    assert [s.under for s in told] == ["ACTION 1"]


def test_headings_say_what_the_sentences_under_them_do(cues):
    text = "Background\nShe paid rent for years.\nOutcome\nShe pays rent again."
    kinds = [BlockKind.HEADING, BlockKind.PARAGRAPH] * 2
    lines = list(re.finditer(r"[^\n]+", text))
    blocks = tuple(Block(m.start(), m.end(), k, Locator("body")) for m, k in zip(lines, kinds, strict=True))
    source = Story("story-0001", "a", "0", text, blocks)
    told = sentences(source, cues)
    assert parts(text, told, cues, OUTCOME) == (Part.SITUATION, Part.OUTCOME)


def test_a_sentence_that_is_mostly_quoted_is_a_quote(cues):
    source = story('She owed rent.\n"You never told me off, not once," she says.\nThe debt was written off.')
    told = sentences(source, cues)
    assert parts(source.text, told, cues, OUTCOME) == (Part.SITUATION, Part.QUOTE, Part.OUTCOME)
