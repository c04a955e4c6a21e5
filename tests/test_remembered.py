"""The organisation's lists teach detection; they never lift what the client list or the detail itself says (laws)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.finding import Category, Entity, Finding, Resolution, Role
from pipeline.domain.permission import Purpose
from pipeline.domain.remembered import Lesson, Remembered
from pipeline.domain.review import Act
from pipeline.remembered import Taught, asleep

TEXT = "Hope helped at Sparrow House. Dr. Kell-Oakes rang Hope Marsh on 01632 960123; the kells came too."


def found(surface: str, category: Category, detector: str = "tagger", at: int = 0) -> Finding:
    start = TEXT.index(surface, at)
    return Finding(start, start + len(surface), category, 0.9, detector)


HOPE, HOUSE = found("Hope", Category.PERSON), found("Sparrow House", Category.ORGANISATION)
PHONE = found("01632 960123", Category.PHONE, "pattern:uk-phone")
WHOLE = found("Hope Marsh", Category.PERSON)


def words(findings: tuple[Finding, ...]) -> list[str]:
    return [TEXT[f.start : f.end] for f in findings]


def test_allowed_words_are_no_detail_any_more() -> None:
    taught = Taught.of([Remembered("sparrow  HOUSE", Lesson.ALLOW, Category.ORGANISATION)])
    assert taught.findings(TEXT, [HOPE, HOUSE]) == (HOPE,)


@pytest.mark.parametrize(
    ("entry", "finding", "others"),
    [
        (Remembered("Hope", Lesson.ALLOW), HOPE, [WHOLE]),  # somebody in the story has this name
        (Remembered("01632 960123", Lesson.ALLOW), PHONE, []),
        (Remembered("Sparrow House", Lesson.ALLOW, Category.PERSON), HOUSE, []),  # of another kind
        (Remembered("Hope", Lesson.ALLOW), found("Hope", Category.PERSON, "client-list"), []),
        (Remembered("Hope", Lesson.ALLOW), found("Hope", Category.PERSON, "review"), []),
    ],
)
def test_what_is_sure_to_identify_somebody_is_never_allowed(entry: Remembered, finding: Finding, others: list[Finding]) -> None:
    assert finding in Taught.of([entry]).findings(TEXT, [finding, *others])


def test_a_name_of_the_client_list_sleeps_on_the_list_of_allowed_words() -> None:
    entry = Remembered("Hope", Lesson.ALLOW)
    assert asleep(entry, frozenset({"hope"}))
    assert not asleep(entry, frozenset({"marsh"}))
    assert Taught.of([entry], frozenset({"hope"})).findings(TEXT, [HOPE]) == (HOPE,)
    assert Taught.of([entry], listed=lambda text: text == "Hope").findings(TEXT, [HOPE]) == (HOPE,)


def test_denied_words_are_found_wherever_they_stand_and_a_known_person_by_each_name() -> None:
    denied = Taught.of([Remembered("came too", Lesson.DENY, Category.INDIRECT)]).findings(TEXT, [])
    assert words(denied) == ["came too"]
    known = Taught.of([Remembered("Kell Oakes", Lesson.KNOWN, Category.PERSON, Role.PROFESSIONAL)], common=frozenset({"oakes"}))
    assert words(known.findings(TEXT, [])) == ["Kell-Oakes"]
    assert [f.detector for f in known.findings(TEXT, [])] == ["own-lists"]


def test_a_known_person_has_the_role_of_the_list_unless_it_is_a_client() -> None:
    taught = Taught.of([Remembered("Kell Oakes", Lesson.KNOWN, Category.PERSON, Role.STAFF)])
    somebody = Entity("e1", Category.PERSON, ("Kell-Oakes",))
    client = Entity("e2", Category.PERSON, ("Kell-Oakes",), case_ref="WOH/1")
    roles = taught.roles(Resolution((), (somebody, client))).entities
    assert [entity.role for entity in roles] == [Role.STAFF, Role.OTHER]


def test_other_words_become_a_change_for_every_purpose() -> None:
    taught = Taught.of([Remembered("Sparrow House", Lesson.REPLACE, Category.ORGANISATION, instead="a hostel", by="Tansy Orr")])
    changes = taught.changes(TEXT, [HOPE, HOUSE], tuple(Purpose))
    assert {(c.act, c.start, c.end, c.text, c.author) for c in changes} == {
        (Act.REPLACE, HOUSE.start, HOUSE.end, "a hostel", "Tansy Orr")
    }
    assert {c.purpose for c in changes} == set(Purpose)


SPANS = st.lists(st.tuples(st.integers(0, len(TEXT) - 2), st.integers(1, 20), st.sampled_from(Category)), max_size=5)
LESSONS = st.sampled_from([Lesson.DENY, Lesson.KNOWN, Lesson.ALLOW])
ROWS = st.lists(st.tuples(st.sampled_from(TEXT.replace(".", "").split()), LESSONS, st.sampled_from(Category)), max_size=6)


@given(SPANS, ROWS)
def test_whatever_the_lists_say_nothing_that_is_sure_is_lost_and_findings_stay_apart(
    drawn: list[tuple[int, int, Category]], rows: list[tuple[str, Lesson, Category]]
) -> None:
    apart, end = [], 0
    for start, length, category in sorted(drawn):
        if start >= end:
            end = min(start + length, len(TEXT))
            apart.append(Finding(start, end, category, 0.9, "client-list"))
    taught = Taught.of([Remembered(word, lesson, category) for word, lesson, category in rows])
    result = taught.findings(TEXT, apart)
    covered = {at for f in result for at in range(f.start, f.end)}
    assert covered >= {at for f in apart for at in range(f.start, f.end)}
    assert all(one.end <= other.start for one, other in pairwise(result))
