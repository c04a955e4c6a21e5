from __future__ import annotations

import random
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.detect.found import Span
from pipeline.detect.overlaps import settle
from pipeline.domain.finding import Category

TEXT = "Mrs Grace Oyelaran of 14 Pell Street, LD9 4QZ rang (07700 900123) on 3/2/26 about K.B. and 2 others."


def spans() -> st.SearchStrategy[list[Span]]:
    edges = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 30))
    one = st.builds(
        lambda edge, category, score: Span(edge[0], min(len(TEXT), edge[0] + edge[1]), category, score, "test"),
        edges,
        st.sampled_from(Category),
        st.sampled_from([0.3, 0.6, 0.9]),
    )
    return st.lists(one, max_size=12)


@given(spans())
def test_winners_are_in_order_and_apart(found: list[Span]) -> None:
    settled = settle(found, TEXT)
    assert all(left.end <= right.start for left, right in pairwise(settled))


@given(spans())
def test_no_letter_or_digit_that_a_loser_covered_is_lost(found: list[Span]) -> None:
    before = {i for span in found for i in range(span.start, span.end) if TEXT[i].isalnum()}
    after = {i for span in settle(found, TEXT) for i in range(span.start, span.end)}
    assert before <= after


@given(spans(), st.randoms())
def test_the_order_of_finds_does_not_matter(found: list[Span], shuffler: random.Random) -> None:
    shuffled = found[:]
    shuffler.shuffle(shuffled)
    assert settle(shuffled, TEXT) == settle(found, TEXT)


def test_a_direct_identifier_beats_what_it_stands_in() -> None:
    phrase = Span(0, 45, Category.INDIRECT, 0.9, "test")
    postcode = Span(38, 45, Category.POSTCODE, 0.6, "test")
    assert [(span.category, TEXT[span.start : span.end]) for span in settle([phrase, postcode], TEXT)] == [
        (Category.INDIRECT, "Mrs Grace Oyelaran of 14 Pell Street"),
        (Category.POSTCODE, "LD9 4QZ"),
    ]


def test_a_span_that_ends_inside_a_word_takes_the_word() -> None:
    (span,) = settle([Span(4, 12, Category.PERSON, 0.9, "test")], TEXT)
    assert TEXT[span.start : span.end] == "Grace Oyelaran"
