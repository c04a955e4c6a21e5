from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.domain.finding import Category, Finding
from pipeline.errors import UsageError
from pipeline.evaluate import Gold, evaluate, load_gold, required

TEXT = "Mrs Dawn Akehurst, aged 42, rang. Dawn is well. In the shop she will wait."
GOLD = Gold(
    "a",
    "letter",
    TEXT,
    ((0, 17, Category.PERSON, "p1"), (24, 26, Category.AGE, "p1.age"), (34, 38, Category.PERSON, "p1")),
    optional=((55, 59),),
    negatives=((64, 68, "homograph"),),
)


def finding(start: int, end: int, category: Category = Category.PERSON) -> Finding:
    return Finding(start, end, category, 0.9, "test")


def test_a_title_need_not_be_covered() -> None:
    assert required(TEXT, 0, 17, Category.PERSON) == set(range(4, 8)) | set(range(9, 17))


def test_an_entity_counts_only_when_every_mention_is_covered() -> None:
    figures = evaluate([GOLD], {"a": [finding(4, 17)]})
    assert (figures.mentions["PERSON"].full, figures.mentions["PERSON"].n) == (1, 2)
    assert (figures.entities["PERSON"].full, figures.entities["PERSON"].n) == (0, 1)
    assert [miss.start for miss in figures.misses] == [24, 34]


def test_an_owner_counts_only_with_everything_linked_to_it() -> None:
    found = [finding(4, 17), finding(34, 38)]
    assert evaluate([GOLD], {"a": found}).owners.full == 0
    assert evaluate([GOLD], {"a": [*found, finding(24, 26, Category.AGE)]}).owners.full == 1


def test_precision_counts_words_and_leaves_out_optional_ones() -> None:
    figures = evaluate([GOLD], {"a": [finding(0, 17), finding(55, 59), finding(64, 68)]})
    assert figures.precision == pytest.approx(3 / 4)
    assert figures.negatives["homograph"].full == 1


def test_a_line_that_is_no_gold_is_named_without_its_text(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps({"doc": "a", "text": "x", "spans": []}) + "\nDawn Akehurst\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"gold\.jsonl, line 2") as error:
        load_gold(path)
    assert "Dawn" not in str(error.value)
