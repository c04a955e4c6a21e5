"""Counting who fits: more details never fit more people, and a broader detail never fits fewer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import catalogue
from pipeline.domain.client import Client
from pipeline.domain.permission import Purpose
from pipeline.domain.risk import Detail, Kind, RiskAssessment
from pipeline.domain.telling import Part, Passage, Telling
from pipeline.generalise.rarity import Rarity
from pipeline.generalise.softening import AGE_STEPS
from pipeline.risk.details import fits, remaining
from pipeline.risk.levers import widened_age
from pipeline.risk.measure import alike, crowd, expected

RARITY = Rarity.load(catalogue.policy_templates() / "risk.toml")
DAYS = st.dates(date(2023, 1, 1), date(2026, 12, 31))


@st.composite
def clients(draw: st.DrawFn) -> Client:
    begins = draw(st.none() | DAYS)
    ends = begins + timedelta(days=draw(st.integers(0, 400))) if begins and draw(st.booleans()) else None
    born = draw(st.none() | st.dates(date(1930, 1, 1), date(2015, 1, 1)))
    gender, service = draw(st.sampled_from(["F", "M", "", "X"])), draw(st.sampled_from(["Housing", "Carers", ""]))
    outcome, ethnicity = draw(st.sampled_from(["Rehoused", ""])), draw(st.sampled_from(["White British", "Arab", ""]))
    return Client(
        draw(st.uuids()).hex, 1, date_of_birth=born, gender=gender, service=service, referred_on=begins, closed_on=ends,
        outcome=outcome, ethnicity=ethnicity,
    )  # fmt: skip


@st.composite
def details(draw: st.DrawFn) -> Detail:
    low, first = draw(st.integers(0, 90)), draw(DAYS)
    return draw(
        st.sampled_from([
            Detail(Kind.GENDER, "f", share=0.5), Detail(Kind.GENDER, "m", share=0.5), Detail(Kind.SERVICE, "housing"),
            Detail(Kind.OUTCOME, "rehoused"), Detail(Kind.ORIGIN, share=0.17),
            Detail(Kind.AGE, low=low, high=low + 9, share=RARITY.of_age(low, low + 9)),
            Detail(Kind.DATES, first=first, last=first + timedelta(days=90)), Detail(Kind.HEALTH, "lupus", share=0.001),
        ])
    )  # fmt: skip


@given(st.lists(clients(), max_size=12), st.lists(details(), max_size=5), details())
def test_one_more_detail_never_fits_more_people(people, told, more):
    assert len(crowd([*told, more], people)) <= len(crowd(told, people))
    assert expected([*told, more], 100_000) <= expected(told, 100_000)


@given(clients(), st.integers(0, 100), st.integers(1, AGE_STEPS))
def test_a_broader_age_fits_everybody_whom_the_narrower_fitted(client, low, step):
    age = Detail(Kind.AGE, low=low, high=low + 9, share=RARITY.of_age(low, low + 9))
    wider = widened_age(age, step, RARITY)
    assert wider is None or (wider.share >= age.share and (fits(wider, client) or not fits(age, client)))


@given(st.lists(clients(), max_size=8))
def test_an_empty_cell_fits_every_age_and_day(people):
    blank = [client for client in people if client.date_of_birth is None and client.referred_on is None]
    assert all(fits(Detail(Kind.AGE, low=30, high=39), c) and fits(Detail(Kind.DATES, last=date(2024, 1, 1)), c) for c in blank)


def test_a_told_detail_is_read_from_the_page():
    telling = _telling("She is in her forties.", "She has lupus, and twins.", "In spring 2025 she was rehoused.")
    client = Client("1", 1, date_of_birth=date(1981, 1, 1), gender="F", referred_on=date(2025, 1, 1), outcome="Rehoused")
    kinds = {detail.kind for detail in remaining(telling, client, RARITY)}
    assert kinds == {Kind.GENDER, Kind.AGE, Kind.DATES, Kind.FAMILY, Kind.HEALTH, Kind.OUTCOME}


def test_somebody_elses_age_does_not_count_as_the_clients():
    telling = _telling("Her neighbour is in his eighties.")
    client = Client("1", 1, date_of_birth=date(1990, 1, 1), gender="F", referred_on=date(2025, 1, 1))
    assert Kind.AGE not in {detail.kind for detail in remaining(telling, client, RARITY)}


@pytest.mark.parametrize(
    ("words", "rare"),
    [
        ("He moved after the ferry capsized off the coast.", True),
        ("She came here after the earthquake.", True),
        ("He is the only man at the club who knits.", True),
        ("For the first time in years he slept.", False),
        ("She was the first to say thank you.", False),
        ("He was in the last week of his notice.", False),
        ("He trained as a taxidermist.", True),
        ("He works as a delivery driver.", False),
    ],
)
def test_what_singles_out_is_told_from_what_is_common(words, rare):
    assert any(detail.share < 0.0001 for detail in remaining(_telling(words), None, RARITY)) == rare


@pytest.mark.parametrize(("crowd_of", "comparable", "listed", "holds", "weak"), [
    (9, 30, 100, False, False), (10, 30, 100, True, False), (3, 3, 60, True, True), (2, 3, 60, False, True),
    (0, 0, 0, True, True),
])  # fmt: skip
def test_a_small_list_is_measured_against_what_it_can_give_and_says_so(crowd_of, comparable, listed, holds, weak):
    risk = RiskAssessment(Purpose.PUBLICITY, 10, listed, comparable, crowd_of, comparable, crowd_of, 5000, 100_000)
    assert (risk.holds, risk.weak) == (holds, weak)


def test_too_few_people_in_the_area_are_too_few_whatever_the_list_says():
    assert not RiskAssessment(Purpose.PUBLICITY, 10, 100, 50, 50, 50, 50, 9, 100_000).holds


def test_a_column_in_which_all_agree_is_named_unless_it_was_told():
    people = [Client(str(n), 1, ethnicity="Arab", service="Carers", district=str(n)) for n in range(3)]
    assert alike(people, [Detail(Kind.SERVICE, "carers")]) == ("ethnicity",)


def test_a_detail_never_shows_what_it_says():
    assert "lupus" not in repr(Detail(Kind.HEALTH, "lupus"))


def _telling(*sentences: str) -> Telling:
    passages = tuple(Passage(text, Part.SITUATION) for text in sentences)
    return Telling("story-0001", Purpose.PUBLICITY, passages, "", False, True, False)
