"""The day an answer is due, the letter that goes with it, and the pack as words and as data (P25, P27)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from pipeline.accessible.paper import Bullets
from pipeline.domain.organisation import Organisation
from pipeline.duties.access import (
    Document,
    LeftOut,
    Pack,
    Passage,
    Section,
    as_data,
    due_on,
    latest_on,
    pack_paper,
    reply_letter,
)
from tests.accessible.readability import measure

HOUSE = Organisation("Harbour Lane Community Trust", contact="hello@harbourlane.example")
PACK = Pack(
    "Bernadette Quayle", "HL-2204", date(2026, 1, 31), "large print",
    (
        Section("client_list", "Our client list", ((("full_name", "Bernadette Quayle"), ("closed_on", "")),)),
        Section("permissions", "Your permissions", ()),
    ),
    (Document("01.txt", (Passage("body, paragraph 1", "She got £40."), Passage("comment 1", "Ring her.")), False),),
    (LeftOut("names of other people", 3, "it is about somebody else"),),
    ("cut.docx",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-01-31", "2026-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2026-03-31", "2026-04-30"),
        ("2026-02-28", "2026-03-28"),
        ("2026-12-05", "2027-01-05"),
        ("2026-11-30", "2026-12-30"),
    ],
)
def test_an_answer_is_due_on_the_same_day_of_the_next_month_or_its_last(received: str, due: str):
    assert due_on(date.fromisoformat(received)) == date.fromisoformat(due)


def test_the_longest_time_is_three_months_from_receipt():
    assert latest_on(date(2026, 11, 30)) == date(2027, 2, 28)


def words(paper) -> str:
    return "\n".join(paper.texts())


def test_the_letter_says_when_what_was_left_out_and_how_to_complain():
    said = words(reply_letter(PACK, HOUSE, date(2026, 2, 20)))
    for word in (
        "Bernadette Quayle", "HL-2204", "31 January 2026", "28 February 2026", "30 April 2026", "names of other people: 3",
        "files that could not be read: 1", "Information Commissioner", "hello@harbourlane.example",
    ):  # fmt: skip
        assert word in said
    assert "The office ticks" not in said


def test_the_letter_names_only_what_is_enclosed():
    said = words(reply_letter(PACK, HOUSE, date(2026, 2, 20)))
    assert "Notes, letters and e-mails" in said
    assert "Your permissions" not in said


def test_the_letter_is_in_plain_english():
    assert measure(reply_letter(PACK, HOUSE, date(2026, 2, 20)).texts()).ease >= 75


def test_the_pack_says_what_is_held_what_is_missing_and_what_could_not_be_read():
    said = words(pack_paper(PACK))
    for word in ("full name: Bernadette Quayle", "She got £40.", "Only the parts about you", "cut.docx", "names of other people"):
        assert word in said
    assert "closed" not in said  # an empty cell says nothing


def test_the_data_hold_what_the_pack_holds():
    data = json.loads(as_data(PACK))
    assert data["request"] == {"received": "2026-01-31", "due": "2026-02-28", "latest": "2026-04-30"}
    assert data["records"]["client_list"] == [{"full_name": "Bernadette Quayle", "closed_on": ""}]
    assert data["documents"][0]["passages"][0] == {"where": "body, paragraph 1", "label": "", "text": "She got £40."}
    assert data["could_not_be_read"] == ["cut.docx"]


def test_what_holds_nothing_is_named_once_at_the_end():
    said = words(pack_paper(PACK))
    assert said.count("Your permissions") == 1
    assert said.index("She got £40.") < said.index("there is nothing about you") < said.index("Your permissions")


def test_a_list_that_names_no_file_says_nothing_against_the_files_that_were_found():
    none = Section("linked_files", "Files that we keep", ())
    assert "Files that we keep" not in words(pack_paper(replace(PACK, sections=(none,))))
    assert "Files that we keep" in words(pack_paper(replace(PACK, sections=(none,), documents=())))


def test_a_list_of_files_is_one_list():
    files = Section("linked_files", "Files that we keep", ((("file", "01.txt"),), (("file", "02.txt"),)))
    paper = pack_paper(replace(PACK, sections=(files,)))
    assert Bullets(("file: 01.txt", "file: 02.txt")) in paper.blocks


def test_the_pack_says_what_a_page_does_not_show():
    hidden = Document(
        "02.docx", (Passage("body, paragraph 2, deleted", "She was late."), Passage("property, item 1", "x", "title")), True
    )
    said = words(pack_paper(replace(PACK, documents=(hidden,))))
    assert "(body, deleted)" in said
    assert "(properties of the file)" in said


def test_the_letter_says_who_has_had_it_as_the_records_do():
    told = Section(
        "told", "What was told", ((("to whom", "funders"), ("where", "website")), (("to whom", "funders"), ("where", "")))
    )
    given = Section("disclosed", "What authorities got", (
        (("to", "Ellerwick Council"), ("was it given", "yes")), (("to", "Harbour Board"), ("was it given", "no, it was held")),
    ))  # fmt: skip
    said = words(reply_letter(replace(PACK, sections=(told, given)), HOUSE, date(2026, 2, 20)))
    assert "funders; website; Ellerwick Council" in said
    assert "Harbour Board" not in said
