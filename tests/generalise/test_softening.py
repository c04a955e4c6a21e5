"""What is still told when the usual breadth of an age or a date would single somebody out."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.domain.finding import Gender
from pipeline.domain.permission import Purpose
from pipeline.generalise.ages import generalise_age
from pipeline.generalise.dates import Timeline, generalise_date
from pipeline.generalise.site import Site
from pipeline.rewrite import tidy


@pytest.mark.parametrize(
    ("text", "detail", "step", "told"),
    [
        ("Dawn is 44 and lives alone.", "44", 1, "Dawn is in middle life and lives alone."),
        ("Dawn is 44 and lives alone.", "44", 2, "Dawn lives alone."),
        ("Dawn, 44, lives alone.", "44", 2, "Dawn lives alone."),
        ("She came to us at 71.", "71", 1, "She came to us in later life."),
        ("Her son is 9.", "9", 1, "Her son is under eighteen."),
        ("He was 44, he was tired.", "44", 2, "He was tired."),
        ("Dawn was 44, she was tired.", "44", 2, "Dawn was an adult, she was tired."),
        ("She is in Year 6 now.", "Year 6", 1, "She is at school now."),
    ],
)
def test_an_age_is_told_more_broadly_and_then_not_at_all(text, detail, step, told):
    change = generalise_age(_site(text, detail), Gender.FEMALE, step)
    assert tidy(text[: change.start] + change.text + text[change.end :]) == told


@pytest.mark.parametrize(
    ("text", "step", "told"),
    [
        ("She moved on 12 March 2026.", 0, "She moved in spring 2026."),
        ("She moved on 12 March 2026.", 1, "She moved in 2026."),
        ("She moved on 12 March 2026.", 2, "She moved."),
        ("Until 12 March 2026 she drove.", 2, "Until then she drove."),
    ],
)
def test_a_date_becomes_a_season_a_year_and_nothing(text, step, told):
    change = generalise_date(_site(text, "12 March 2026"), date(2026, 3, 12), Timeline({}, None), Purpose.PUBLICITY, step)
    assert tidy(text[: change.start] + change.text + text[change.end :]) == told


def _site(text: str, detail: str) -> Site:
    start = text.index(detail)
    return Site(text, start, start + len(detail), 0, len(text), 0, len(text))
