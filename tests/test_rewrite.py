"""Decisions applied: everything outside them untouched, everything inside them gone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Finding
from pipeline.domain.policy import Treatment
from pipeline.rewrite import outermost, rewrite, tidy


def change(start: int, end: int, put: str, treatment: Treatment = Treatment.SUBSTITUTE) -> Decision:
    finding = Finding(start, end, Category.PERSON, 1.0, "test")
    return Decision(finding, treatment, start, end, put, "R1", "P18", "test")


@st.composite
def texts_with_changes(draw):
    text = draw(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=4, max_size=80))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    return text, [change(a, b, draw(st.sampled_from(["Leanne", "", "her son"]))) for a, b in spans]


@given(texts_with_changes())
def test_rewriting_replaces_exactly_the_spans_and_nothing_else(case):
    text, decisions = case
    expected, at = "", 0
    for decision in decisions:
        expected += text[at : decision.start] + decision.replacement
        at = decision.end
    assert rewrite(text, decisions) == expected + text[at:]


def test_neighbouring_changes_of_one_kind_stay_two_changes():
    assert rewrite("Ann Ben", [change(0, 3, "Una"), change(4, 7, "Rex")]) == "Una Rex"


def test_a_change_inside_a_removed_clause_goes_with_it():
    outer, inner = change(4, 20, ""), change(8, 11, "Rex")
    assert outermost([inner, outer]) == [outer]


def test_crossing_changes_become_one_that_covers_both():
    (whole,) = outermost([change(0, 5, "Rex"), change(3, 8, "")])
    assert (whole.start, whole.end, whole.replacement) == (0, 8, "Rex")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)), max_size=8))
def test_whatever_the_spans_all_of_them_are_covered_and_none_overlap(spans):
    decisions = [change(start, start + length, "") for start, length in spans]
    kept = outermost(decisions)
    covered = {at for d in kept for at in range(d.start, d.end)}
    assert {at for d in decisions for at in range(d.start, d.end)} == covered
    assert all(a.end <= b.start for a, b in pairwise(kept))


def test_a_kept_detail_is_left_as_it_is():
    assert rewrite("Ann came", [change(0, 3, "Ann", Treatment.KEEP)]) == "Ann came"


@pytest.mark.parametrize(
    ("rough", "smooth"),
    [
        ("She came  with her the son .", "She came with her son."),
        ("He rang a a GP surgery", "He rang a GP surgery"),
        ("it was a older man", "It was an older man"),
        ("an hospital", "A hospital"),
        ("We met ( ) and talked", "We met and talked"),
        (", and so it ended,.", "And so it ended."),
        ("in in spring 2025 we met", "In spring 2025 we met"),
        ("She had had enough", "She had had enough"),
        ("Client A is home and lent Client A a phone", "Client A is home and lent Client A a phone"),
        ("it took an hour", "It took an hour"),
    ],
)
def test_tidying_puts_right_what_changes_left_behind(rough, smooth):
    assert tidy(rough) == smooth


@pytest.mark.parametrize(
    ("left", "told"),
    [
        ("Dot (known as Dot) rang.", "Dot rang."),
        ("Dot, as everyone calls her, is well.", "Dot is well."),
        ("A GP of a GP surgery wrote.", "A GP wrote."),
        ("She moved to a local address, in autumn 2024.", "She moved to a local address in autumn 2024."),
        ("Edgar, came to our group.", "Edgar came to our group."),
        ("In March, was it? He rang.", "In March, was it? He rang."),
        ("Together they paid, asked and won.", "Together they paid, asked and won."),
        ("He left a school in May.", "He left school in May."),
        ("It was paid by the end in spring 2026.", "It was paid by the end of spring 2026."),
        ("She has Zelda (a young child) and Bo (a young child).", "She has Zelda and Bo (both young children)."),
        ("She has two children (a young child) (a young child).", "She has two children (both young children)."),
        ("Her sons (a young child) (a teenager) came.", "Her sons (a young child and a teenager) came."),
        ("\u202eZelda\u202c rang.", "Zelda rang."),
        ("Zelda, first came to us with a bag.", "Zelda first came to us with a bag."),
        ("5 in the home: Grace, husband).", "5 in the home: Grace, husband."),
        ("In his sixties. He read it twice.", "He read it twice."),
        ("Kit Kit rang.", "Kit rang."),
        ("She is known as Polly.", ""),
        ("He trained with a local organisation a local organisation.", "He trained with a local organisation."),
    ],
)
def test_what_a_change_left_behind_is_put_right(left, told):
    assert tidy(left) == told
