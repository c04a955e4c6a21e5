"""The lists on the disk: whole or not at all, over nothing that somebody else changed, sealed where all is sealed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.finding import Category, Role
from pipeline.domain.remembered import Lesson, Remembered
from pipeline.errors import KeyLost, RegisterError, ReviewOvertaken, ReviewRefused
from pipeline.records.keys import is_sealed, new_key
from pipeline.records.lists import load_lists, save_lists, seal_lists

ROWS = (
    Remembered("Sparrow House", Lesson.ALLOW, Category.ORGANISATION, reason="our shop", by="Tansy Orr", on=date(2026, 10, 5)),
    Remembered("Kell Oakes", Lesson.KNOWN, Category.PERSON, Role.STAFF),
    Remembered("the Dell", Lesson.REPLACE, Category.LOCATION, instead="a park"),
)  # fmt: skip


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    saved = save_lists(tmp_path / "lists.csv", "", ROWS)
    assert load_lists(tmp_path / "lists.csv") == saved
    assert saved.rows == ROWS


def test_a_person_can_write_the_table_in_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "lists.csv").write_text("words,list,category\nSparrow House,Deny,organisation\n,,\n", encoding="utf-8-sig")
    assert load_lists(tmp_path / "lists.csv").rows == (Remembered("Sparrow House", Lesson.DENY, Category.ORGANISATION),)


@pytest.mark.parametrize(
    "text", ["", "name\nx\n", "words,list\nHope Marsh,perhaps\n", "words,list,category\nHope,deny,\n", "\xff"]
)
def test_a_table_that_is_not_in_order_stops_everything_and_names_no_value(tmp_path: Path, text: str) -> None:
    (tmp_path / "lists.csv").write_bytes(text.encode("latin-1"))
    with pytest.raises(RegisterError) as refused:
        load_lists(tmp_path / "lists.csv")
    assert "Hope" not in str(refused.value)


def test_nothing_that_somebody_else_changed_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "lists.csv"
    first = save_lists(path, "", ROWS)
    save_lists(path, first.version, ROWS[:1])
    with pytest.raises(ReviewOvertaken):
        save_lists(path, first.version, ROWS)
    assert load_lists(path).rows == ROWS[:1]


@pytest.mark.parametrize("words", ["", "=1+1", "@x", "-", "a\nb", "x" * 201])
def test_a_row_that_is_nothing_or_a_formula_is_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(ReviewRefused):
        save_lists(tmp_path / "lists.csv", "", [Remembered(words, Lesson.ALLOW)])
    assert not (tmp_path / "lists.csv").exists()


def test_in_an_encrypted_workspace_the_lists_are_sealed_and_those_from_before_too(tmp_path: Path) -> None:
    path, key = tmp_path / "lists.csv", new_key()
    save_lists(path, "", ROWS)
    seal_lists(path, key)
    seal_lists(path, key)
    assert is_sealed(path)
    assert b"Sparrow" not in path.read_bytes()
    opened = load_lists(path, key)
    assert opened.rows == ROWS
    save_lists(path, opened.version, ROWS[:2], key)
    assert b"Kell" not in path.read_bytes()
    with pytest.raises(KeyLost):
        load_lists(path, new_key())
