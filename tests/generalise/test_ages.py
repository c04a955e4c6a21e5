"""Ages become bands from which the years cannot be read back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.generalise.ages import adjective, band, read_age


@pytest.mark.parametrize(
    ("written", "years"),
    [("71", 71), ("42yo", 42), ("twelve", 12), ("forty-two", 42), ("11 mths", 0), ("22 months", 0), ("a lady", None)],
)
def test_an_age_is_read_in_figures_and_words(written, years):
    assert read_age(written) == years


@given(st.integers(0, 120))
def test_no_band_tells_the_years(years):
    told = band(years, "her") + " " + adjective(years)
    assert set(re.findall(r"\d+", told)) <= {"85"}


@given(st.integers(20, 84))
def test_everybody_of_a_decade_is_told_alike(years):
    assert band(years, "his") == band(years // 10 * 10, "his") or years // 10 == 8


def test_the_very_old_are_told_together():
    assert band(85, "her") == band(99, "her") == "over 85"
