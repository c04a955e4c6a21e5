from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.detect import Known
from pipeline.detect.context import Words
from pipeline.detect.known import KnownIndex
from pipeline.domain.client import Client
from pipeline.domain.finding import Category
from pipeline.names import read_diminutives
from tests.detect.conftest import KNOWN


@pytest.fixture(scope="module")
def index(models: Path) -> KnownIndex:
    return KnownIndex.build(KNOWN, Words.load(models), read_diminutives(models))


def surfaces(index: KnownIndex, text: str, category: Category = Category.PERSON) -> list[str]:
    return sorted({text[span.start : span.end] for span in index.find(text) if span.category is category})


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("saw dawn akehurst today", "dawn akehurst"),
        ("AKEHURST, Dawn", "AKEHURST, Dawn"),
        ("D. Akehurst signed", "D. Akehurst"),
        ("Mrs Akehurst signed", "Mrs Akehurst"),
        ("Shaz Akehurst rang", "Shaz Akehurst"),
        ("akehurst_dawn_form.docx", "akehurst_dawn"),
        ("Peggy Fothergill", "Peggy Fothergill"),
        ("Margaret Fothergil was seen", "Margaret"),
        ("kelly dunn (worker)", "kelly dunn"),
        ("wrote to Fothergil about it", "Fothergil"),
    ],
)
def test_a_known_person_is_found_however_written(index: KnownIndex, text: str, name: str) -> None:
    assert any(name in surface for surface in surfaces(index, text))


@pytest.mark.parametrize(
    "text", ["I will hope for the best", "We hope he will ring", "WILL HOPE TO HEAR SOON", "at dawn they left"]
)
def test_a_name_that_is_a_word_needs_the_context_of_a_name(index: KnownIndex, text: str) -> None:
    assert surfaces(index, text) == []


def test_the_organisations_own_name_is_told_apart(index: KnownIndex) -> None:
    (span,) = index.find("thanks to Harbourlight for the bed")
    assert (span.category, span.kind) == (Category.ORGANISATION, "OWN")


def test_case_references_of_the_lists_shape_are_found_whoever_they_belong_to(index: KnownIndex) -> None:
    assert surfaces(index, "see CL-99999 and cl 00001", Category.ID_NUMBER) == ["CL-99999", "cl 00001"]


def test_addresses_and_telephone_numbers_are_found_in_other_spellings(index: KnownIndex) -> None:
    assert surfaces(index, "now at 14 pell st with a friend", Category.ADDRESS) == ["14 pell st"]
    assert surfaces(index, "on 07700-900-123 today", Category.PHONE) == ["07700-900-123"]


def test_a_reference_of_digits_alone_teaches_no_shape(models: Path) -> None:
    known = Known((Client("10234", 2, "Dawn Akehurst"),))
    index = KnownIndex.build(known, Words.load(models), {})
    assert surfaces(index, "owes 10235 and 10234", Category.ID_NUMBER) == ["10234"]
