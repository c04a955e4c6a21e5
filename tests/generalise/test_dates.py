"""Dates are read as workers write them and told as seasons, quarters and relative time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.finding import Category, Finding
from pipeline.generalise.dates import Timeline, quarter, read_date, season

NEAR = date(2025, 3, 10)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("3/2/26", date(2026, 2, 3)),
        ("14 oct 25", date(2025, 10, 14)),
        ("9 February 1953", date(1953, 2, 9)),
        ("30.08.1986", date(1986, 8, 30)),
        ("2026-04-07", date(2026, 4, 7)),
        ("the 1st of March", date(2025, 3, 1)),
        ("Tuesday 21 May", date(2025, 5, 21)),
        ("24/1", date(2025, 1, 24)),
        ("the 13th", date(2025, 3, 13)),
        ("Boxing Day", date(2025, 12, 26)),
        ("March 2024", date(2024, 3, 1)),
        ("12 MAR 1947", date(1947, 3, 12)),
        ("17th October 1940", date(1940, 10, 17)),
        ("soon", None),
        ("31/02/2025", None),
    ],
)
def test_a_date_is_read_in_every_way_that_workers_write_it(written, meant):
    assert read_date(written, NEAR) == meant


days = st.dates(date(1930, 1, 1), date(2069, 12, 31))


@given(days)
def test_a_day_written_in_any_full_form_is_the_same_day(day):
    forms = ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d.%m.%Y", "%d %b %Y")
    assert {read_date(day.strftime(form), None) for form in forms} == {day}


@given(days)
def test_neither_day_nor_month_can_be_read_off_a_season_or_a_quarter(day):
    told = season(day) + quarter(day)
    assert day.strftime("%B") not in told
    assert not any(word.isdigit() and int(word) <= 31 for word in told.split())


@given(st.lists(days, min_size=1, max_size=6))
def test_intervals_between_recent_dates_survive_in_relative_time(found):
    text = " ".join(day.isoformat() for day in found)
    findings = [Finding(11 * n, 11 * n + 10, Category.DATE, 1.0, "test") for n in range(len(found))]
    timeline = Timeline.of(text, findings)
    assert list(timeline.days.values()) == found
    assert timeline.begins is not None
    for day in found:
        label, passed = timeline.label(day), (day - timeline.begins).days
        if 7 <= passed < 183:
            assert label == f"Week {passed // 7 + 1}"


def test_a_birth_date_is_no_part_of_the_timeline():
    text = "1950-01-01 2025-01-01"
    findings = [Finding(0, 10, Category.DATE, 1.0, "t", "BIRTH"), Finding(11, 21, Category.DATE, 1.0, "t")]
    assert Timeline.of(text, findings).begins == date(2025, 1, 1)


def test_the_word_before_it_tells_a_birth_date_too():
    text = "dob 19/12/88 seen 4 May"
    timeline = Timeline.of(text, [Finding(4, 12, Category.DATE, 1.0, "t"), Finding(18, 23, Category.DATE, 1.0, "t")])
    assert [day.month for day in timeline.days.values()] == [5]
    assert timeline.begins is None


def test_a_date_long_before_the_rest_is_history_not_the_first_day():
    text = "1998-05-01 2025-01-01 2025-01-15"
    timeline = Timeline.of(text, [Finding(n, n + 10, Category.DATE, 1.0, "t") for n in (0, 11, 22)])
    assert timeline.label(date(1998, 5, 1)) == "Before"
    assert timeline.label(date(2025, 1, 1) + timedelta(days=14)) == "Week 3"


def test_a_month_alone_is_told_as_a_month_and_never_as_a_day():
    text = "In March 2025 he rang. 20 June 2025: back."
    timeline = Timeline.of(text, [Finding(3, 13, Category.DATE, 1.0, "t"), Finding(23, 35, Category.DATE, 1.0, "t")])
    assert [timeline.label(day) for day in timeline.days.values()] == ["Month 1", "Week 16"]


def test_a_date_without_a_year_is_the_nearest_to_the_one_before_it():
    text = "Came in on 3 September 2025. Passed on 12 February. Began on 18 May. Last seen on 20 December 2025."
    surfaces = ("3 September 2025", "12 February", "18 May", "20 December 2025")
    findings = [Finding(text.index(one), text.index(one) + len(one), Category.DATE, 1.0, "t") for one in surfaces]
    timeline = Timeline.of(text, findings)
    assert list(timeline.days.values()) == [date(2025, 9, 3), date(2026, 2, 12), date(2026, 5, 18), date(2025, 12, 20)]
