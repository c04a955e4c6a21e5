"""A story is told more broadly until what is left fits enough people."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date

import pytest

from pipeline import catalogue
from pipeline.case import Case
from pipeline.decide import decide
from pipeline.domain.finding import Category, Finding, Resolution
from pipeline.domain.permission import Purpose
from pipeline.domain.risk import Kind
from pipeline.policy.policies import load_policy
from pipeline.records.indexed import Registers
from pipeline.rewrite import rewrite
from pipeline.risk.assessing import assess_risk, measured
from pipeline.risk.levers import with_broader_words
from pipeline.risk.lowering import finish_safely
from pipeline.risk.words import risk_words
from pipeline.run import Told, finish, prepare
from pipeline.sources import list_sources, read
from pipeline.world import Settings, World
from tests.flow import SAMPLES
from tests.marked import story
from tests.policies_for_tests import terms

POLICY = catalogue.policy_templates() / "policy.toml"
NOTE = """Support record

When she came to us on 12 March 2026 Dawn, who is 44, had nowhere to sleep.
She has scleroderma and looks after her triplets. She was a falconer until the gas explosion.
Our adviser helped her apply for a tenancy.
On 3 June 2026 she was rehoused and she is no longer in arrears. With our help £1,847 of debt was written off.
"""
HEADER = "case_ref,full_name,date_of_birth,gender,service,referred_on,closed_on,outcome,age_band,ethnicity,district\n"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Case]:
    folder = tmp_path_factory.mktemp("risk")
    ages = [(1982, "F"), *[(1950 + 2 * n, "F") for n in range(14)], *[(1980 + n, "M") for n in range(10)]]
    rows = [
        f"HL-{n},Person{n} Lorne,{year}-05-01,{gender},Housing,2026-0{1 + n % 5}-10,2026-0{6 + n % 3}-20,Rehoused,,,Low"
        for n, (year, gender) in enumerate(ages)
    ]
    (folder / "clients.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    (folder / "stories.csv").write_text("file,case_ref\nnote.txt,HL-0\n", encoding="utf-8")
    (folder / "note.txt").write_text(NOTE, encoding="utf-8")
    clients, stories = folder / "clients.csv", folder / "stories.csv"
    settings = Settings(
        SAMPLES / "organisation.toml", POLICY, date(2026, 11, 22), clients=clients, stories=stories, secret=b"x" * 32
    )
    world = World(settings, Registers.load(clients, stories, None, None))
    case = prepare([read(list_sources([folder / "note.txt"])[0])[0]], world)[0]
    # Whatever detection sees of the rare details today: here it has overlooked them.
    seen = tuple(finding for finding in case.resolution.findings if finding.category is not Category.INDIRECT)
    return world, replace(case, resolution=Resolution(seen, case.resolution.entities))


def test_the_threshold_holds_by_the_measure_that_set_it(told):
    world, case = told
    before = finish(case, Purpose.PUBLICITY, world)
    assert isinstance(before, Told)
    assert not assess_risk(case, before.telling, measured(case, before.telling, world), world).holds
    lowered = finish_safely(case, Purpose.PUBLICITY, world)
    assert isinstance(lowered.outcome, Told)
    again = assess_risk(lowered.case, lowered.outcome.telling, measured(lowered.case, lowered.outcome.telling, world), world)
    assert again.holds
    assert again.crowd >= 10
    assert again.population >= 10


def test_rare_details_are_told_broadly_and_the_outcome_stays(told):
    lowered = finish_safely(told[1], Purpose.PUBLICITY, told[0])
    assert isinstance(lowered.outcome, Told)
    text = " ".join(passage.text for passage in lowered.outcome.telling.passages).lower()
    assert not any(word in text for word in ("scleroderma", "triplets", "falconer", "explosion", "44", "  ", " ,"))
    assert "rehoused" in text
    assert "arrears" in text


def test_every_purpose_gives_up_no_more_than_it_needs(told):
    world, case = told
    given = {p: len(finish_safely(case, p, world).risk.given_up) for p in (Purpose.PUBLICITY, Purpose.TRAINING)}
    assert given[Purpose.TRAINING] <= given[Purpose.PUBLICITY]


def test_the_review_pack_names_kinds_and_counts_and_nothing_else(told):
    risk = finish_safely(told[1], Purpose.PUBLICITY, told[0]).risk
    words = dict(risk_words(risk))
    assert {"Singling out", "Linkability", "Inference"} <= set(words)
    assert not any(secret in " ".join(words.values()).lower() for secret in ("dawn", "lorne", "triplets", "scleroderma"))
    assert Kind.GENDER in risk.remaining
    assert pickle.loads(pickle.dumps(risk)) == risk


def test_the_review_pack_says_what_telling_it_more_broadly_bought(told):
    lowered = finish_safely(told[1], Purpose.PUBLICITY, told[0])
    words = dict(risk_words(lowered.risk, lowered.before))
    assert f"told as usual, it would have fitted {lowered.before.crowd}" in words["Told more broadly"]
    assert lowered.before.crowd < lowered.risk.crowd


def test_the_policy_sets_the_numbers():
    policy = load_policy(POLICY)
    assert [policy.risk.people(purpose) for purpose in Purpose] == [10, 5, 5]


def test_a_condition_that_detection_saw_is_told_broadly_and_costs_no_sentence(told):
    world, case = told
    at = case.story.text.index("scleroderma")
    seen = tuple(sorted([*case.resolution.findings, Finding(at, at + len("scleroderma"), Category.INDIRECT, 0.9, "test")]))
    lowered = finish_safely(replace(case, resolution=Resolution(seen, case.resolution.entities)), Purpose.PUBLICITY, world)
    assert isinstance(lowered.outcome, Told)
    assert "She has a long-term condition and looks after her children." in [p.text for p in lowered.outcome.telling.passages]


@pytest.mark.parametrize(
    ("phrase", "becomes"),
    [
        ("ex-bus driver on route 9", "a driver"),
        ("came third in the spelling bee", "did well in a competition"),
        ("came second in the regional baking contest", "did well in a competition"),
        ("in Year 6", "at primary school"),
        ("in Year 11", "at secondary school"),
        ("by the war memorial", "nearby"),
        ("near the gurdwara", "nearby"),
        ("mosque", "a place of worship"),
        ("the highest mark in the county", ""),
    ],
)
def test_what_anybody_around_could_look_up_is_rare_and_has_broader_words(told, phrase, becomes):
    rare = next(rare for rare in told[0].rarity.rare if rare.words.fullmatch(phrase))
    assert rare.becomes == becomes


@pytest.mark.parametrize(
    "phrase", ["came first in the morning", "in year 2 of the course", "a driver on 30 hours a week", "walks by the park"]
)
def test_what_many_do_is_not_rare(told, phrase):
    assert not any(rare.words.search(phrase) for rare in told[0].rarity.rare)


def test_what_detection_saw_a_part_of_is_told_whole_in_broader_words(told):
    world, case = told
    text = "Her daughter came third in the spelling bee, and they moved in May."
    start = text.index("in the spelling bee")
    part = Finding(start, start + len("in the spelling bee"), Category.INDIRECT, 0.9, "test", "EVENT", "e1")
    case = replace(case, story=story(text), told=(), syntax={}, resolution=Resolution((part,), ()))
    broader = with_broader_words(case, world.rarity)
    decision = decide(broader.story, broader.resolution, replace(terms(broader.resolution), softening=broader.softening))[0]
    assert rewrite(text, [decision]) == "Her daughter did well in a competition, and they moved in May."
    beside = Finding(text.index("third"), text.index("third") + 5, Category.AGE, 0.9, "test", "", "e2")
    untouched = with_broader_words(replace(case, resolution=Resolution((beside, part), ())), world.rarity)
    assert not untouched.softening.instead
