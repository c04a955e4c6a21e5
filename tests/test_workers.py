"""Results come in order and are the same for any number of workers."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RegisterError, StorysafeError
from pipeline.workers import in_chunks, map_in_order

_added = 0


def start(number: int) -> None:
    global _added
    _added = number


def add(number: int) -> int:
    return number + _added


def test_two_workers_give_the_same_results_in_the_same_order_as_one():
    items = list(range(25))
    alone = list(map_in_order(add, items, 1, start, (100,)))
    assert list(map_in_order(add, items, 2, start, (100,))) == alone == [n + 100 for n in items]


def refuse(words: str) -> None:
    raise RegisterError(words)


def die(number: int) -> int:
    os._exit(number)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_keeps_a_process_from_starting_is_said_in_its_own_words(workers):
    with pytest.raises(RegisterError, match="changed"):
        list(map_in_order(add, [1], workers, refuse, ("a register was changed",)))


def test_a_process_that_is_ended_from_outside_ends_the_work_with_advice():
    with pytest.raises(StorysafeError) as caught:
        list(map_in_order(die, [9], 2, start, (0,)))
    assert "same command" in caught.value.remedy


def test_work_is_taken_only_as_fast_as_it_is_done():
    taken = []

    def items():
        for number in range(10):
            taken.append(number)
            yield number

    results = map_in_order(add, items(), 1, start, (0,))
    next(results)
    assert len(taken) == 1


@given(st.lists(st.integers(), max_size=30), st.integers(1, 7))
def test_chunks_hold_everything_once_in_order(items, size):
    chunks = list(in_chunks(items, size))
    assert [item for chunk in chunks for item in chunk] == items
    assert all(1 <= len(chunk) <= size for chunk in chunks)
