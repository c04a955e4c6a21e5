"""Case studies bound into one workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from pipeline.documents.wording import Wording
from pipeline.documents.workbook_of_cases import WorkbookOfCases
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Policy
from tests.documents.conftest import Tell
from tests.documents.reading import headings, small_sizes, styled, words


@pytest.fixture
def bound(tell: Tell, policy: Policy, wording: Wording, organisation: Organisation, layouts: Path, tmp_path: Path):
    def written(count: int) -> Path:
        workbook = WorkbookOfCases(policy, wording)
        for number in range(count):
            workbook.add(tell(Purpose.TRAINING, story_id=f"story-{number:04d}", themes=(("housing", "youth")[number % 2],)))
        workbook.write(organisation, layouts / "workbook.docx", tmp_path / "workbook.docx")
        return tmp_path / "workbook.docx"

    return written


def test_every_case_is_in_the_contents_and_in_its_own_place(bound) -> None:
    path = bound(3)
    cases = [text for style, text in headings(path) if style == "Heading 1" and text[0].isdigit()]
    assert cases == [
        "1  Case study: housing and homelessness",
        "2  Case study: children and young people",
        "3  Case study: housing and homelessness",
    ]
    assert [line.split("\t")[0] for line in styled(path, "Contents")] == [*cases, "Notes for the facilitator"]


def test_the_page_numbers_of_the_contents_refer_to_the_cases(bound) -> None:
    body = Document(str(bound(3))).element
    marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    asked = [field.get(qn("w:instr")).split()[1] for field in body.iter(qn("w:fldSimple"))]
    assert asked == ["case_1", "case_2", "case_3", "facilitator"]
    assert set(asked) <= marks
    ids = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(set(ids)) == len(ids)


def test_letters_are_large_enough(bound) -> None:
    assert small_sizes(bound(2)) == []


def test_a_workbook_holds_no_more_cases_than_its_wording_sets(bound, wording: Wording) -> None:
    text = words(bound(wording.training.cases + 5))
    assert f"{wording.training.cases}  Case study" in text
    assert f"{wording.training.cases + 1}  Case study" not in text
    assert wording.training.left_out in text


def test_one_case_alone_makes_no_workbook(tell: Tell, policy: Policy, wording: Wording) -> None:
    workbook = WorkbookOfCases(policy, wording)
    workbook.add(tell(Purpose.TRAINING))
    assert not workbook.worth_writing
    workbook.add(tell(Purpose.TRAINING))
    assert workbook.worth_writing
