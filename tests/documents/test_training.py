"""The training case study."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from pipeline.documents.layouts import check_layout
from pipeline.documents.training import FIELDS, REQUIRED, timeline, write_training
from pipeline.documents.wording import Wording
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Policy
from pipeline.domain.telling import Part, Telling
from tests.documents.conftest import PASSAGES, Tell
from tests.documents.reading import headings, languages, small_sizes, styled, words


@pytest.fixture
def write(organisation: Organisation, policy: Policy, wording: Wording, layouts: Path, tmp_path: Path):
    def written(telling: Telling, name: str = "case.docx", policy: Policy = policy) -> Path:
        target = tmp_path / name
        write_training(telling, organisation, policy, wording, layouts / "training.docx", target)
        return target

    return written


def test_the_case_study_reads_from_the_ground_rules_to_the_facilitators_notes(write, tell: Tell) -> None:
    assert [text for style, text in headings(write(tell(Purpose.TRAINING))) if style != "Heading 2"] == [
        "Case study: housing and homelessness",
        "Before you start",
        "The scenario",
        "What happened",
        "Questions to discuss",
        "Learning points",
        "Notes for the facilitator",
    ]


def test_what_happened_stands_in_relative_time_and_does_not_repeat_the_scenario(tell: Tell) -> None:
    assert [{"when": row["when"], "what": row["what"]} for row in timeline(tell(quote=False))] == [
        {"when": "Week 2", "what": "A volunteer sorted the letters into three piles. She kept a list."},
        {"when": "Week 5", "what": "A claim was sent."},
        {"when": "Month 6", "what": "She signed for a ground-floor flat."},
    ]


def test_a_story_that_goes_back_and_forth_between_two_times_is_told_in_its_own_order(tell: Tell) -> None:
    told = [p for p in tell(quote=False).passages if p.part in (Part.SUPPORT, Part.OUTCOME)]
    whens = [["Week 13", "Day 1"][n == len(told) - 1] for n in range(len(told))]
    rows = timeline(tell(quote=False, passages=tuple(replace(p, when=when) for p, when in zip(told, whens, strict=True))))
    assert [row["when"] for row in rows] == ["The support", "The outcome"]
    assert rows[-1]["what"] == told[-1].text


def test_a_story_without_times_is_told_by_its_parts(tell: Tell) -> None:
    rows = timeline(tell(quote=False, passages=tuple(replace(p, when="") for p in PASSAGES)))
    assert [row["when"] for row in rows] == ["The support", "The outcome"]


def test_a_quotation_that_is_not_allowed_is_nowhere(write, tell: Tell) -> None:
    assert "front door" not in words(write(tell(Purpose.TRAINING, quote=False)))


def test_the_questions_are_shared_among_the_themes(write, tell: Tell, wording: Wording) -> None:
    path = write(tell(Purpose.TRAINING))
    asked = styled(path, "List Number")
    housing, debt = wording.chosen(("housing", "debt"))
    assert len(asked) == wording.training.questions
    assert housing.questions[0] in asked
    assert debt.questions[0] in asked
    assert {housing.warning, debt.warning} == set(styled(path, "Content Warning"))


def test_a_story_without_a_theme_gets_the_general_questions(write, tell: Tell, wording: Wording) -> None:
    assert styled(write(tell(Purpose.TRAINING, themes=())), "List Number") == list(wording.chosen(())[0].questions)


def test_the_facilitator_is_told_what_the_policy_says(write, tell: Tell, policy: Policy) -> None:
    path = write(tell(Purpose.TRAINING, themes=("domestic abuse",)))
    cells = [cell.text for row in Document(str(path)).tables[-1].rows for cell in row.cells]
    for number in ("P13", "P18", "P20", "P21"):
        assert policy.clauses[number] == cells[cells.index(number) + 1]
    assert policy.version in words(path)


def test_a_clause_that_the_policy_does_not_have_is_not_made_up(write, tell: Tell, policy: Policy) -> None:
    path = write(tell(Purpose.TRAINING), policy=replace(policy, clauses={"P18": "Change it."}))
    assert [row.cells[0].text for row in Document(str(path)).tables[-1].rows] == ["Clause", "P18"]


def test_letters_language_and_change_note_are_as_everywhere(write, tell: Tell) -> None:
    path = write(tell(Purpose.TRAINING))
    assert small_sizes(path) == []
    assert languages(path) == {"en-GB"}
    assert "have been changed" in " ".join(styled(path, "Change Note"))


def test_the_header_row_of_every_table_is_one(write, tell: Tell) -> None:
    from docx.oxml.ns import qn

    for table in Document(str(write(tell(Purpose.TRAINING)))).tables:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblDescription")) is not None


def test_the_same_case_gives_the_same_bytes(write, tell: Tell) -> None:
    assert write(tell(), "one.docx").read_bytes() == write(tell(), "two.docx").read_bytes()


def test_the_packaged_layout_asks_for_known_fields_only(layouts: Path) -> None:
    assert check_layout(layouts / "training.docx", FIELDS, REQUIRED) == ()


def test_a_story_that_is_all_situation_has_no_empty_table(write, tell: Tell) -> None:
    path = write(tell(Purpose.TRAINING, passages=tuple(p for p in PASSAGES if p.part is Part.SITUATION)))
    assert "What happened" not in words(path)


def test_rows_out_of_order_are_told_in_order_of_time(tell: Tell) -> None:
    mixed = (
        replace(PASSAGES[3], when="Week 17"), replace(PASSAGES[4], when="Before"), replace(PASSAGES[5], when="Day 6"),
        replace(PASSAGES[6], when="Week 17"),
    )  # fmt: skip
    rows = timeline(tell(passages=mixed))
    assert [row["when"] for row in rows] == ["Before", "Day 6", "Week 17"]
    assert rows[-1]["what"] == f"{PASSAGES[3].text} {PASSAGES[6].text}"


def test_the_story_stops_and_asks_between_its_times_and_never_after_the_last(tell: Tell) -> None:
    assert [row["stop"] for row in timeline(tell(quote=False), ("First?", "Second?", "Third?"))] == ["First?", "Second?", ""]
    assert [row["stop"] for row in timeline(tell(passages=PASSAGES[:4]), ("First?",))] == [""]


def test_a_draft_says_so_in_its_header_and_its_first_line(write, tell: Tell) -> None:
    path = write(tell(Purpose.TRAINING, draft=True))
    assert styled(path, "Content Warning")[0] == "Draft: permission has not been sought."
    assert "DRAFT" in words(path)
    assert "DRAFT" not in words(write(tell(Purpose.TRAINING), "asked.docx"))
