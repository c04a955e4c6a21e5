"""Small numbers in a table cannot be worked out from what the table shows."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.documents.suppression import (
    POSSIBLE,
    Protected,
    protect,
    rounded,
    share,
    smallest_shown,
    sum_to_show,
)

POLICIES = ((5, 5), (5, 1), (10, 5), (3, 1), (10, 10), (7, 3))

tables = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 60), max_size=9)
policies = st.sampled_from(POLICIES)


def worlds(counts: Mapping[str, int], shown: Protected, least: int, base: int) -> Iterator[dict[str, int]]:
    """Every table that an insider cannot rule out: one who knows the total, each group, and which of them are small."""
    total = sum(counts.values())
    named = {cell.label: cell.count for cell in shown.cells}
    joined = [label for label in counts if label not in named]

    def possible(label: str) -> list[int]:
        if counts[label] < least:
            return list(range(1, least))
        reach = range(least, total + 1)
        return [c for c in reach if label not in named or rounded(c, base) == named[label]]

    for values in product(*(possible(label) for label in joined)):
        together = sum(values)
        if (shown.hidden and together >= least) or (not shown.hidden and joined and rounded(together, base) != shown.others):
            continue
        if joined and not shown.hidden and together < least:
            continue
        for rest in product(*(possible(label) for label in named)):
            if sum(rest) + together == total:
                yield dict(zip([*joined, *named], [*values, *rest], strict=True))
                break


def a_table(number: int) -> tuple[dict[str, int], int, int]:
    random_ = random.Random(number)
    threshold, base = POLICIES[number % len(POLICIES)]
    top = 3 * threshold
    return {f"group {i}": random_.randint(1, top) for i in range(random_.randint(2, 5))}, threshold, base


@pytest.mark.parametrize("number", range(240))
def test_no_small_count_can_be_solved_even_by_somebody_who_knows_the_total(number: int) -> None:
    counts, threshold, base = a_table(number)
    least = smallest_shown(threshold, base)
    unnamed = frozenset(list(counts)[: number % 3])  # none, one or two groups may not be named whatever their size
    shown = protect(counts, threshold, base, unnamed)
    if not shown.cells:
        assert shown.others is None
        return
    named = {cell.label for cell in shown.cells}
    assert not named & unnamed
    small = [label for label in counts if counts[label] < least]
    values: dict[str, set[int]] = {label: set() for label in small}
    for world in worlds(counts, shown, least, base):
        for label in small:
            values[label].add(world[label])
        if all(len(found) >= POSSIBLE for found in values.values()):
            break
    assert not named & set(small)
    for label in small:
        assert len(values[label]) >= min(POSSIBLE, least - 1)


def test_the_solver_does_solve_a_table_that_is_not_protected() -> None:
    counts = {"a": 20, "b": 9, "c": 1}
    bare = Protected(protect({"a": 20, "b": 9}, 5, 1).cells, None, 30, hidden=True)
    assert {world["c"] for world in worlds(counts, bare, 5, 1)} == {1}


@given(tables, policies)
def test_no_figure_under_the_threshold_is_shown(counts: dict[str, int], policy: tuple[int, int]) -> None:
    threshold, base = policy
    shown = protect(counts, threshold, base)
    for cell in shown.cells:
        assert counts[cell.label] >= threshold
        assert cell.count == rounded(counts[cell.label], base) > 0
    joined = sum(counts.values()) - sum(counts[cell.label] for cell in shown.cells)
    assert shown.others is None or joined >= threshold
    assert shown.total is None or sum(counts.values()) >= threshold


@given(tables, policies)
def test_everybody_is_counted_somewhere(counts: dict[str, int], policy: tuple[int, int]) -> None:
    shown = protect(counts, *policy)
    unnamed = sum(counts.values()) - sum(counts[cell.label] for cell in shown.cells)
    if shown.cells:
        assert (unnamed == 0) == (shown.others is None and not shown.hidden)
    else:
        assert not shown.hidden


@given(tables, policies, st.randoms())
def test_the_order_of_the_groups_changes_only_the_order_of_the_cells_where_no_two_tie(
    counts: dict[str, int], policy: tuple[int, int], random_: random.Random
) -> None:
    counts = {label: count for count, label in {count: label for label, count in counts.items()}.items()}
    labels = list(counts)
    random_.shuffle(labels)
    one, other = protect(counts, *policy), protect({label: counts[label] for label in labels}, *policy)
    assert set(one.cells) == set(other.cells)
    assert (one.others, one.total, one.hidden) == (other.others, other.total, other.hidden)


@given(tables, policies)
def test_a_group_without_anybody_leaves_no_trace(counts: dict[str, int], policy: tuple[int, int]) -> None:
    assert protect({**counts, "nobody": 0}, *policy) == protect(counts, *policy)


def test_a_lone_small_group_takes_the_next_smallest_with_it_where_nothing_is_rounded() -> None:
    shown = protect({"a": 40, "b": 20, "c": 12, "d": 2}, 5, 1)
    assert [cell.label for cell in shown.cells] == ["a", "b"]
    assert shown.others == 14


def test_a_group_that_may_not_be_named_is_counted_with_the_others_and_takes_nobody_with_it() -> None:
    shown = protect({"a": 40, "b": 20, "c": 12}, 5, 1, frozenset("a"))
    assert [cell.label for cell in shown.cells] == ["b", "c"]
    assert (shown.others, shown.total) == (40, 72)


def test_a_table_in_which_everybody_is_in_one_group_says_so() -> None:
    assert protect({"a": 30}, 5, 5).uniform
    assert not protect({"a": 30, "b": 2}, 5, 5).uniform


def test_a_table_of_small_groups_only_is_withheld_whole() -> None:
    assert protect({"a": 2, "b": 3, "c": 1}, 5, 5).cells == ()
    assert protect({"a": 1, "b": 1}, 5, 5).total is None


@given(st.integers(0, 10_000), st.sampled_from([1, 3, 5, 10]))
def test_rounding_goes_to_the_nearest_multiple(count: int, base: int) -> None:
    assert rounded(count, base) % base == 0
    assert abs(rounded(count, base) - count) * 2 <= base


def test_percentages_come_from_the_figures_shown() -> None:
    assert share(10, 105) == 10
    assert share(5, 15) == 33
    assert share(0, 0) == 0


def test_a_sum_is_withheld_under_the_threshold() -> None:
    assert sum_to_show(4, 400.0, (100.0, 100.0), 5, 5) is None
    assert sum_to_show(5, 500.0, (100.0, 100.0), 5, 5) == 500


def test_a_sum_that_is_mostly_one_persons_is_withheld() -> None:
    assert sum_to_show(6, 10_040.0, (10_000.0, 10.0), 5, 5) is None


def test_a_sum_is_shown_to_three_figures() -> None:
    assert sum_to_show(10, 48_437.0, (9_000.0, 8_000.0), 5, 5) == 48_400
    assert sum_to_show(10, 163.0, (30.0, 30.0), 5, 5) == 165
