"""What a person gets of each file: all that is theirs, and nobody else (P25)."""

from __future__ import annotations

import re

import pytest

from pipeline.access.extract import Extract, extract
from pipeline.access.standing import Seeker, Standing
from pipeline.case import Case
from pipeline.domain.story import Block, BlockKind, Locator, Story
from pipeline.run import prepare
from pipeline.world import World
from tests import flow

DIRECT = {"PERSON", "ADDRESS", "POSTCODE", "PHONE", "EMAIL", "ONLINE_HANDLE", "ID_NUMBER"}
LISTED = flow.rows(flow.SAMPLES / "identifiers.csv")
# The addresses of the office and of a funder, and the number of a message.
SPARED = {"2 Harbour Lane", "HU27 1AA", "1 Customs House Square", "HU27 1BB", "0714.2238@harbourlane.example"}
OWN_FILES = [
    ("01-warm-home-story.md", "HL-2204"), ("02-back-to-work-story.txt", "HL-2219"), ("03-carer-testimony.txt", "HL-2230"),
    ("04-benefit-appeal.eml", "HL-2238"), ("05-housing-record.docx", "HL-2251"), ("07-letter-to-funder.docx", "HL-2263"),
    ("13-family-support-abuse.txt", "HL-2314"), ("19-doorstep-trader.txt", "HL-2335"), ("21-first-contact.txt", "HL-2341"),
]  # fmt: skip


def seeker_of(ref: str, world: World) -> Seeker:
    (client,) = world.registers.clients_of(ref)
    return Seeker(client, world)


def given(ref: str, case: Case, world: World) -> Extract:
    seeker = seeker_of(ref, world)
    return extract(seeker.sight(case), seeker)


def words(found: Extract) -> str:
    return "\n".join(passage.text for passage in found.document("a file").passages)


def stands_in(value: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


@pytest.mark.parametrize(("file", "ref"), OWN_FILES)
def test_of_their_own_file_a_person_gets_every_detail_of_theirs_and_nobody_elses(file: str, ref: str, world: World, cases):
    text = words(given(ref, cases[file][0], world))
    listed = [row for row in LISTED if row["file"] == file and row["grep"] == "yes"]
    assert not [r["identifier"] for r in listed if r["whose"] == "subject" and r["identifier"].strip("]") not in text]
    others = {r["identifier"] for r in listed if r["whose"] == "other" and r["category"] in DIRECT}
    assert len(others) > 1
    assert not {name for name in others - SPARED if stands_in(name, text)}


@pytest.mark.parametrize(
    ("ref", "theirs", "not_theirs"),
    [
        ("HL-2301", ["27 Tiller Street", "£73.90", "18 May", "He is 79"], ["Rosa", "Delacroix", "HL-2302", "£412", "pilot"]),
        ("HL-2302", ["harbour pilot", "£340", "£412", "1 June"], ["Leonard", "Len ", "Sharp", "HL-2301", "Tiller", "Amélie"]),
    ],
)
def test_of_minutes_about_two_clients_each_gets_their_own_part(ref: str, theirs, not_theirs, world: World, cases):
    found = given(ref, cases["11-case-meeting-minutes.txt"][0], world)
    assert found.sighting.standing is Standing.SHARED
    assert not found.document("minutes").whole
    assert [value for value in theirs if value not in words(found)] == []
    assert [value for value in [*not_theirs, "Nuala", "Tansy", "Mark Pellow"] if value in words(found)] == []


def test_what_both_stand_in_is_given_to_both_without_the_other(world: World, cases):
    (case,) = cases["11-case-meeting-minutes.txt"]
    assert "Len had asked [another person] to teach him" in words(given("HL-2301", case, world))
    assert "[another person] had asked Rosa to teach" in words(given("HL-2302", case, world))


def test_rows_of_a_table_go_to_their_client_alone(world: World, cases):
    given_to = {
        ref: [case for case in cases["08-contacts-export.csv"] if seeker_of(ref, world).sight(case).standing is Standing.OWN]
        for ref in ("HL-2270", "HL-2274", "HL-2277")
    }
    assert [len(found) for found in given_to.values()] == [1, 1, 1]
    text = words(given("HL-2270", given_to["HL-2270"][0], world))
    assert "31B Ratline Street" in text
    labels = [passage.label for passage in given("HL-2270", given_to["HL-2270"][0], world).document("").passages]
    assert "Notes" in labels
    assert not [name for name in ("Hartnoll", "Chantal", "Hammond", "01632 960338", "Big Stu") if name in text]


def test_a_name_that_two_clients_have_is_settled_by_a_number_and_else_by_nobody(world: World, cases):
    (case,) = cases["24-two-of-one-name.txt"]
    assert seeker_of("HL-2345", world).sight(case).standing is Standing.OWN  # her telephone number stands in it
    assert seeker_of("HL-2346", world).sight(case).standing is Standing.UNCERTAIN


def test_a_file_of_somebody_elses_gives_no_more_than_the_sentence_that_names_them(world: World):
    text = "Case ref: HL-2204\n\nBernadette Quayle is 71. Her friend Leonard Sharp walked her home. He was tired. She slept well."
    blocks = (Block(0, 17, BlockKind.PARAGRAPH, Locator("body")), Block(19, len(text), BlockKind.PARAGRAPH, Locator("body")))
    (case,) = prepare([Story("story-0001", "a.txt", "", text, blocks, "HL-2204")], world)
    found = given("HL-2301", case, world)
    assert found.sighting.standing is Standing.OTHERS
    assert "Leonard Sharp" in words(found)
    assert not [value for value in ("Quayle", "Bernadette", "71", "slept") if value in words(found)]


def test_files_about_nobody_of_that_name_give_nothing(world: World, cases):
    assert seeker_of("HL-2110", world).sight(cases["01-warm-home-story.md"][0]).standing is Standing.NONE


def test_a_relative_who_has_the_same_telephone_number_keeps_it_hers_and_the_relatives_own_goes(world: World):
    text = "Ref HL-2204. Bernadette Quayle rang. Her sister Carol Finch is on 07700 900555. Her own number is 01632 960114."
    story = Story("story-0001", "a.txt", "", text, (Block(0, len(text), BlockKind.PARAGRAPH, Locator("body")),), "HL-2204")
    said = words(given("HL-2204", prepare([story], world)[0], world))
    assert "01632 960114" in said
    assert not [value for value in ("Carol", "Finch", "900555") if value in said]


def test_a_policy_can_let_workers_keep_their_names_and_nobody_else(world: World, cases):
    seeker = seeker_of("HL-2204", world)
    text = words(extract(seeker.sight(cases["01-warm-home-story.md"][0]), seeker, keep_workers=True))
    assert "Tansy Orr" in text
    assert not [name for name in ("Frost", "Cyril") if name in text]


def test_words_that_the_list_says_of_two_clients_are_no_secret_of_either(world: World):
    seeker = seeker_of("HL-2301", world)
    assert not seeker.others.find(f"{seeker.client.district}, {seeker.client.service}")


def told(ref: str, text: str, world: World) -> str:
    story = Story("story-0001", "a.txt", "", text, (Block(0, len(text), BlockKind.PARAGRAPH, Locator("body")),))
    return words(given(ref, prepare([story], world)[0], world))


LEN = "Leonard Sharp (HL-2301) came to us in May and was given a chair."
ROSA = "Rosa Delacroix (HL-2302) found work."
KEEN = "Bernadette Quayle (HL-2204) has heating."


def test_what_is_said_of_either_of_two_clients_is_said_of_both(world: World):
    text = f"{LEN} {ROSA} Follow-up: no complaints in either case since June."
    assert "no complaints in either case" in told("HL-2301", text, world)
    assert "no complaints in either case" in told("HL-2302", text, world)


def test_of_three_clients_nobody_knows_which_two_are_meant_but_all_are_all(world: World):
    text = f"{LEN} {ROSA} {KEEN} No complaints in either case. All cases were closed in July."
    said = told("HL-2301", text, world)
    assert "either" not in said
    assert "All cases were closed in July." in said


def test_a_name_gives_way_to_who_it_is_and_is_not_said_twice(world: World):
    people = "Bernadette Quayle came with her sister Carol Finch. Carol Finch paid."
    text = f"Ref HL-2204. {people} Key worker: Tansy Orr. On Monday Tansy Orr rang."
    said = told("HL-2204", text, world)
    assert "her sister [name left out]." in said
    assert "[sister] paid." in said
    assert "Key worker: [name left out]" in said
    assert "On Monday [a key worker] rang." in said


def test_who_wrote_a_file_is_left_out_and_its_times_and_the_shape_of_drawings_are_no_names(world: World):
    lines = [
        ("Bernadette Quayle, HL-2204, was well.", BlockKind.PARAGRAPH, ""), ("BQW", BlockKind.METADATA, "initials"),
        ("zq7", BlockKind.METADATA, "lastModifiedBy"), ("2026-11-02T16:05:00Z", BlockKind.METADATA, "modified"),
        ("Shape9", BlockKind.HIDDEN, "id"),
    ]  # fmt: skip
    text, blocks = "", []
    for words_, kind, label in lines:
        blocks.append(Block(len(text), len(text) + len(words_), kind, Locator("property"), label))
        text += words_ + "\n"
    case = prepare([Story("story-0001", "a.docx", "", text, tuple(blocks), "HL-2204")], world)[0]
    document = given("HL-2204", case, world).document("a.docx")
    said = {passage.label: passage.text for passage in document.passages}
    assert said == {
        "": "Bernadette Quayle, HL-2204, was well.", "initials": "[name left out]", "lastModifiedBy": "[name left out]",
        "modified": "2026-11-02T16:05:00Z",
    }  # fmt: skip
    assert document.whole


def test_somebody_at_a_meeting_is_a_worker_of_nobody_knows_whom(world: World):
    text = "Present: Nuala Hythe (Ellerwick Council), Tansy Orr\nBernadette Quayle (HL-2204) is well. Nuala Hythe will ring."
    assert "[a worker] will ring" in told("HL-2204", text, world)
