"""What a column, a label, a neighbour or the end of a letter says of a word that nothing else gives away."""

from __future__ import annotations

import pytest

from pipeline.detect import Detector
from pipeline.detect.columns import columned
from pipeline.domain.finding import Category
from pipeline.domain.story import Story


def found(detector: Detector, text: str, category: Category = Category.PERSON) -> list[str]:
    findings = detector.detect([Story("story-0001", "a.txt", "", text, ())])[0]
    return [text[one.start : one.end] for one in findings if one.category is category]


def test_letters_in_the_workers_column_are_a_worker(detector: Detector) -> None:
    text = 'Date,Staff,Note\n05/01/26,FT,"Boiler out, 2 days"\n06/01/26,RO,"Boiler, in"\n07/01/26,Faith,all well\n'
    assert {"FT", "RO", "Faith"} <= set(found(detector, text))


def test_a_label_says_that_its_value_is_somebody(detector: Detector) -> None:
    assert "MS" in found(detector, "Ref: see file\nWorker: MS\nOutcome: rent paid in full\n")


@pytest.mark.parametrize("value", ["n/a", "Duty", "None"])
def test_a_label_without_somebody_names_nobody(detector: Detector, value: str) -> None:
    assert columned(f"Ref: see file\nWorker: {value}\nOutcome: rent paid in full\n", detector.words) == []


def test_lines_of_a_note_begin_with_days(detector: Detector) -> None:
    text = "12.1 Rang the landlord.\n13.1 No answer.\n2.2 Works agreed.\n"
    assert found(detector, text, Category.DATE) == ["12.1", "13.1", "2.2"]


def test_paragraph_numbers_are_no_days(detector: Detector) -> None:
    assert found(detector, "1.1 Aims of the paper.\n1.2 Scope.\n2.1 Findings so far.\n", Category.DATE) == []


def test_letters_that_stand_for_a_thing_are_somebody_where_they_act(detector: Detector) -> None:
    text = "Nasra Barre came on Monday about the flat. TC to NB re the boiler. NB ret'd call. He was told he has MS."
    assert found(detector, text) == ["Nasra Barre", "NB", "NB"]


def test_the_short_form_of_a_name_is_the_same_person(detector: Detector) -> None:
    assert "Ty" in found(detector, "Me and Tyrell are in a house now.\n\nAll my love x\nShanice & Ty\n")


@pytest.mark.parametrize("farewell", ["Ta ever so", "Best", "Yours truly,"])
def test_a_word_alone_under_a_farewell_is_who_wrote(detector: Detector, farewell: str) -> None:
    assert "Lol" in found(detector, f"Just a note because I am no good on the phone.\n\n{farewell}\nLol\n")


def test_a_hashtag_with_a_name_in_it_is_that_persons(detector: Detector) -> None:
    text = "Maryam Hassan has a campaign. Follow #JusticeForMaryam today."
    assert found(detector, text, Category.ONLINE_HANDLE) == ["#JusticeForMaryam"]


def test_a_title_makes_a_name_of_the_word_behind_it(detector: Detector) -> None:
    assert any("Dunne" in name for name in found(detector, "POLICE? | Yes. PCSO Dunne, by telephone"))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("moved to a Housing First flat, 6 Barge Ct, in May", "6 Barge Ct"),
        ("lives at 44 Tannery Ln, top flr flat now", "44 Tannery Ln, top flr flat"),
    ],
)
def test_an_address_is_whole_and_no_more(detector: Detector, text: str, address: str) -> None:
    assert found(detector, text, Category.ADDRESS) == [address]


@pytest.mark.parametrize(
    "text", ["Gender: M\nTenure: rented", "NO. IN HOUSEHOLD: 3\nTENURE: RENTED", "We met at 0945 and rang at 1030."]
)
def test_a_mark_on_a_form_is_nobody(detector: Detector, text: str) -> None:
    assert found(detector, text) == found(detector, text, Category.PHONE) == []


@pytest.mark.parametrize("town", ["Leeds", "leeds", "Burnley"])
def test_a_large_town_is_found_in_any_sentence(detector: Detector, town: str) -> None:
    assert found(detector, f'he told them to "try {town}"', Category.LOCATION) == [town]


def test_a_duke_is_no_town(detector: Detector) -> None:
    assert found(detector, "Duke of Edinburgh trip agreed.", Category.LOCATION) == []
