"""One person, one surrogate; never anybody's name; never the same in two places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.finding import Category, Entity, Gender, Role
from pipeline.domain.permission import Purpose
from pipeline.names import fold
from pipeline.surrogates import NameLists, Scope, assign, letter


@pytest.fixture(scope="module")
def names(templates: Path) -> NameLists:
    return NameLists.load(templates / "surrogates.toml")


def people(*genders: Gender) -> list[Entity]:
    return [
        Entity(f"e{n}", Category.PERSON, (f"Real {n}",), Role.SERVICE_USER, gender) for n, gender in enumerate(genders, 1)
    ]


genders = st.lists(st.sampled_from(Gender), min_size=1, max_size=8)


@given(genders=genders, secret=st.binary(min_size=1, max_size=32), story=st.text(max_size=20), purpose=st.sampled_from(Purpose))
def test_two_people_never_share_a_surrogate(names, genders, secret, story, purpose):
    given_names = assign(people(*genders), names, Scope(secret, story, purpose))
    assert len(given_names) == len(genders)
    assert len(set(given_names.values())) == len(genders)


@given(genders=genders, secret=st.binary(min_size=1, max_size=32), story=st.text(max_size=20))
def test_the_same_run_again_gives_the_same_names(names, genders, secret, story):
    scope = Scope(secret, story, Purpose.PUBLICITY)
    assert assign(people(*genders), names, scope) == assign(people(*genders), names, scope)


@given(genders=genders, secret=st.binary(min_size=1, max_size=32), story=st.text(max_size=20))
def test_two_purposes_never_meet_in_a_name(names, genders, secret, story):
    publicity, training = (
        set(assign(people(*genders), names, Scope(secret, story, purpose)).values())
        for purpose in (Purpose.PUBLICITY, Purpose.TRAINING)
    )
    assert not publicity & training


def test_another_story_and_another_secret_give_other_names(names):
    def first(secret: bytes, story: str) -> str:
        return assign(people(Gender.FEMALE), names, Scope(secret, story, Purpose.PUBLICITY))["e1"]

    assert len({first(b"one", f"story {n}") for n in range(40)}) > 20
    assert len({first(f"secret {n}".encode(), "story") for n in range(40)}) > 20


def test_a_widened_scope_gives_one_name_for_every_purpose(names):
    given_names = {
        assign(people(Gender.MALE), names, Scope(b"s", "case", purpose, widened=True))["e1"] for purpose in Purpose
    }
    assert len(given_names) == 1


@given(taken=st.sets(st.sampled_from("leanne thelma keith horace walter zelda robin kim sasha".split())))
def test_a_surrogate_is_nobody_in_the_corpus_or_client_list(names, taken):
    everyone = people(*[Gender.FEMALE, Gender.MALE, Gender.UNKNOWN] * 6)
    given_names = assign(everyone, names.without(taken), Scope(b"s", "story", Purpose.TRAINING))
    assert not {fold(name) for name in given_names.values()} & taken


def test_surrogates_fit_the_gender_that_the_text_gives(names):
    given_names = assign(people(Gender.FEMALE, Gender.MALE, Gender.UNKNOWN), names, Scope(b"s", "x", Purpose.PUBLICITY))
    assert given_names["e1"] in names.female
    assert given_names["e2"] in names.male
    assert given_names["e3"] in names.either


def test_when_every_name_is_taken_people_are_lettered_and_still_apart(names):
    nobody = names.without(names.all())
    given_names = assign(people(Gender.FEMALE, Gender.MALE), nobody, Scope(b"s", "x", Purpose.PUBLICITY))
    assert list(given_names.values()) == ["Person A", "Person B"]


def test_letters_go_on_after_z():
    assert [letter("Client", n) for n in (0, 25, 26, 27)] == ["Client A", "Client Z", "Client AA", "Client AB"]


def test_the_lists_hold_each_name_once_and_no_name_for_two_genders(names):
    folded = [fold(name) for name in (*names.female, *names.male, *names.either)]
    assert len(folded) == len(set(folded))
    assert len(names.female) > 150
    assert len(names.male) > 150
