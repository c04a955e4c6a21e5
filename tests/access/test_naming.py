"""Whose a name is, where the text itself says so (P25)."""

from __future__ import annotations

import pytest

from pipeline.access import naming
from pipeline.domain.finding import Category, Entity, Finding


def found(text: str, surface: str, category: Category = Category.PERSON, nth: int = 0) -> Finding:
    start = -1
    for _ in range(nth + 1):
        start = text.index(surface, start + 1)
    return Finding(start, start + len(surface), category, 0.9, "test")


def person(*surfaces: str) -> Entity:
    return Entity("e9", Category.PERSON, surfaces)


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("Kye [sic on the school list - it is Kai] was quiet", True),
        ("Kye (should be Kai) was quiet", True),
        ("Kye (his friend Kai was there) was quiet", False),
        ("Kye [sic] was quiet", False),
        ("Kye. It is Kai who was quiet", False),
    ],
)
def test_a_spelling_that_the_text_mends_is_the_name_that_it_gives(text: str, theirs: bool) -> None:
    assert naming.is_mended(text, found(text, "Kye"), {"kai"}) is theirs


def test_two_of_one_name_are_partly_theirs() -> None:
    text = "NB 2 Graces on this file"
    assert naming.is_plural(text, found(text, "Graces"), {"grace"})
    assert not naming.is_plural(text, found(text, "Graces"), {"graces"})
    assert not naming.is_plural(text, found(text, "Graces"), {"hope"})


def test_a_letter_is_theirs_in_their_own_file() -> None:
    assert naming.is_initial("G in tears", found("G in tears", "G"), {"grace"})
    assert not naming.is_initial("P in tears", found("P in tears", "P"), {"grace"})
    assert not naming.is_initial("Gr in tears", found("Gr in tears", "Gr"), {"grace"})


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("a neighbour rang about the Quayles.", True),
        ("from then on the Quayle boys ate at a table.", True),
        ("from then on Quayle rang every day.", False),
        ("the Quayle letter.", False),
        ("Mr and Mrs Quayle rang.", False),
    ],
)
def test_a_family_has_the_name_of_the_person(text: str, theirs: bool) -> None:
    surface = "Quayles" if "Quayles" in text else "Quayle"
    assert naming.is_family(text, found(text, surface), {"bernadette", "quayle"}) is theirs


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("NB cousin also called Penny (Penny Marsden) rings.", True),
        ("NB cousin also called Penny rings.", True),
        ("NB another Penny rings.", True),
        ("NB Penny (not Penny Marsden's own file) rings.", True),
        ("Penny (58) rings. Her cousin is Penny Marsden.", False),
        ("Her mum called Penny in.", False),
    ],
)
def test_somebody_else_of_that_first_name_is_told_apart(text: str, other: bool) -> None:
    meant = naming.namesake(text, found(text, "Penny"), [person("Penny Marsden"), person("Robin")])
    assert (meant is not None) is other
    assert naming.namesake(text, found(text, "Penny"), [person("Robin")]) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Riley and Alfie have started swimming", True),
        ("Alfie, Riley have started swimming", True),
        ("Riley, where Alfie swims", False),
        ("Alfie moved to Riley", False),
    ],
)
def test_a_place_that_stands_among_names_is_a_name(text: str, name: bool) -> None:
    place = found(text, "Riley", Category.LOCATION)
    assert naming.stands_among_names(text, place, [found(text, "Alfie")]) is name


def test_a_person_inside_the_name_of_a_school_is_seen() -> None:
    text = "School = Moorhey Academy, Mrs Lund"
    school = found(text, "Moorhey Academy, Mrs Lund", Category.ORGANISATION)
    match = naming.titled(text, school, {"mrs"}, set())
    assert match is not None
    assert match[0] == "Mrs Lund"
    assert naming.titled(text, school, {"mrs"}, {"lund"}) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Respondent: Kieran Doyle, 36, a special constable\n", ["a special constable"]),
        ("She met Kieran Doyle, a night porter, on the ward.", ["a night porter"]),
        ("She met Kieran Doyle, a bit better now, on the ward.", []),
        ("She met Kieran Doyle, a great help, on the ward.", []),
        ("She met Kieran Doyle on the ward.", []),
    ],
)
def test_what_is_said_of_somebody_behind_their_name_is_theirs(text: str, told: list[str]) -> None:
    name = found(text, "Kieran Doyle")
    assert [text[start:end] for start, end in naming.appositions(text, [(name.start, name.end)])] == told
