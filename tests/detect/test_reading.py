from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.reading import read
from pipeline.domain.story import Block, BlockKind, Locator, Story


def story(text: str, *blocks: Block) -> Story:
    return Story("story-0001", "a.txt", "", text, blocks)


def field(start: int, end: int, label: str) -> Block:
    return Block(start, end, BlockKind.FIELD, Locator("sheet 1"), label)


@given(st.text(max_size=60))
def test_every_visible_character_can_be_found_again(text: str) -> None:
    reading = read(story(text))
    seen = {i for start, end in reading.in_story(0, len(reading.text)) for i in range(start, end)}
    assert all(text[low:high] for low, high in reading.in_story(0, len(reading.text)))
    assert {i for i, mark in enumerate(text) if mark.isalnum() and mark.isascii()} <= seen


def test_a_soft_hyphen_does_not_break_a_name() -> None:
    reading = read(story("O\u00adyelaran rang"))
    assert reading.text == "Oyelaran rang"
    assert reading.in_story(0, 8) == [(0, 9)]


def test_a_label_is_read_beside_its_value_and_is_no_part_of_the_story() -> None:
    reading = read(story("9990001235\n44", field(0, 10, "NHS number"), field(11, 13, "Age")))
    assert "NHS number: 9990001235" in reading.text
    at = reading.text.index("NHS")
    assert reading.in_story(at, at + len("NHS number: 9990001235")) == [(0, 10)]


def test_a_find_over_two_cells_becomes_two() -> None:
    reading = read(story("De Souza\nMaria", field(0, 8, "Surname"), field(9, 14, "Forename")))
    assert reading.in_story(0, len(reading.text)) == [(0, 8), (8, 9), (9, 14)]
