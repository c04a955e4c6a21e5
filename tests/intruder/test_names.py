"""A made-up name joins nothing: neither two purposes, nor two years, nor two offices."""

from __future__ import annotations

import pytest

from pipeline import catalogue
from pipeline.domain.finding import Category, Entity, Gender, Role
from pipeline.domain.permission import Purpose
from pipeline.intruder.chance import bound
from pipeline.surrogates import NameLists, Scope, assign

NAMES = NameLists.load(catalogue.policy_templates() / "surrogates.toml")
PERSON = [Entity("p1", Category.PERSON, ("Somebody",), Role.SERVICE_USER, Gender.FEMALE)]
STORIES = 400


def name(secret: str, story: str, purpose: Purpose = Purpose.PUBLICITY) -> str:
    return assign(PERSON, NAMES, Scope(secret.encode(), story, purpose))["p1"]


def test_two_purposes_of_one_story_never_share_a_name():
    told = [{name("office", f"story {n}", purpose) for purpose in Purpose} for n in range(200)]
    assert all(len(names) == len(Purpose) for names in told)


@pytest.mark.parametrize(("first", "second"), [
    (("office", "{} in 2025"), ("office", "{} in 2026")),  # two stories of one person, a year apart
    (("office", "{}"), ("another office", "{}")),  # one story, told by two who share nothing
])  # fmt: skip
def test_names_of_one_person_meet_no_more_often_than_those_of_two(first, second):
    pairs = ((name(first[0], first[1].format(n)), name(second[0], second[1].format(n))) for n in range(STORIES))
    assert sum(one == other for one, other in pairs) <= bound([1 / len(NAMES.female)] * STORIES)
