"""Figures are rounded in words that stay true, only where the policy says so, and never by default (P19)."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Risk
from pipeline.errors import PolicyError
from pipeline.policy.policies import load_policy
from pipeline.risk.figures import rounded_figure
from pipeline.risk.lowering import finish_safely
from pipeline.run import Told
from tests.policies_for_tests import template_policy
from tests.risk.test_lowering import POLICY, told

__all__ = ["told"]


@pytest.mark.parametrize(("written", "told_as"), [
    ("£640", "about £600"), ("£72.65", "about £70"), ("£1,240", "more than £1,000"), ("£1.2k", "more than £1,000"),
    ("nearly £3,900", "about £4,000"), ("an £840", "a roughly £800"), ("the £1,240", "the roughly £1,200"),
    ("34 nights", "more than 30 nights"), ("twenty-six days", "more than twenty days"), ("46.5 kg", "about 50 kg"),
    ("fourteen months", "more than a year"), ("97 per cent", "more than 90 per cent"), ("92%", "more than 90%"),
    # What everybody has, and what is round already, says nothing.
    ("£4", "£4"), ("£1,000", "£1,000"), ("8 hours", "8 hours"), ("18 months", "18 months"), ("75 per cent", "75 per cent"),
])  # fmt: skip
def test_a_figure_is_told_in_words_that_stay_true(written, told_as):
    assert rounded_figure(written) == told_as


@given(st.floats(0.01, 250_000))
def test_what_is_told_is_true_of_the_figure(value):
    said = rounded_figure(f"£{value:,.2f}")
    shown = float(re.sub(r"[^\d.]", "", said))
    if said.startswith("about"):
        assert abs(shown - value) <= 0.1 * value + 0.01
    elif said.startswith("more than"):
        assert shown <= value + 0.01
        assert shown >= value / 2
    else:
        assert shown == pytest.approx(value, abs=0.01)


@given(st.integers(13, 9_999), st.sampled_from(["£{}", "{} nights", "{} hours"]))
def test_a_figure_that_is_round_already_stays(value, form):
    round_one = rounded_figure(form.format(value)).removeprefix("about ").removeprefix("more than ")
    assert rounded_figure(round_one) == round_one


def test_reports_and_every_other_purpose_keep_the_exact_figure_unless_the_policy_says_otherwise():
    assert template_policy().risk.round_figures == frozenset()
    assert Risk().round_figures == frozenset()


def test_the_policy_names_the_purposes_that_round(tmp_path):
    text = POLICY.read_text(encoding="utf-8")
    (tmp_path / "mine.toml").write_text(text.replace("round_figures = []", 'round_figures = ["publicity"]'), encoding="utf-8")
    assert load_policy(tmp_path / "mine.toml").risk.round_figures == {Purpose.PUBLICITY}
    (tmp_path / "wrong.toml").write_text(text.replace("round_figures = []", 'round_figures = ["press"]'), encoding="utf-8")
    with pytest.raises(PolicyError, match="round_figures"):
        load_policy(tmp_path / "wrong.toml")


def test_a_story_is_rounded_for_the_purposes_that_the_policy_names_and_for_no_other(told, monkeypatch):
    world, case = told
    rounding = replace(world.policy, risk=replace(world.policy.risk, round_figures=frozenset({Purpose.PUBLICITY})))
    monkeypatch.setattr(world, "policy", rounding)
    public, training = (finish_safely(case, purpose, world).outcome for purpose in (Purpose.PUBLICITY, Purpose.TRAINING))
    assert isinstance(public, Told)
    assert isinstance(training, Told)
    shown, exact = (" ".join(p.text for p in outcome.telling.passages) for outcome in (public, training))
    assert "£1,847" not in shown
    assert "about £2,000 of debt" in shown
    assert "£1,847 of debt" in exact
    assert any(decision.finding.kind == "FIGURE" for decision in public.decisions)
