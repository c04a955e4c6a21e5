from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from pipeline.detect.checksums import iban, luhn, nhs, utr
from pipeline.detect.presidio import Patterns, numbers_in
from pipeline.domain.finding import Category

CASES = tomllib.loads((Path(__file__).parent / "found.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("text", "value", "category"), CASES["found"], ids=lambda case: str(case)[:40])
def test_a_pattern_finds(patterns: Patterns, text: str, value: str, category: str) -> None:
    start = text.index(value)
    right = [span for span in patterns.find(text) if span.category is Category(category)]
    covered = {position for span in right for position in range(span.start, span.end)}
    assert set(range(start, start + len(value))) <= covered | {i for i, mark in enumerate(text) if mark in " .,"}


@pytest.mark.parametrize("text", CASES["untouched"])
def test_no_pattern_touches(patterns: Patterns, text: str) -> None:
    assert [text[span.start : span.end] for span in patterns.find(text)] == []


def test_a_hint_hides_nothing_that_its_patterns_would_find(patterns: Patterns) -> None:
    # Of a judgment the hint says what kind of text it is, and of a meeting place that it is called "the" and nothing more.
    quick = [one for one in patterns.ours if not one.recipe.name.startswith(("judgment", "meeting-place"))]
    for text in [*(case[0] for case in CASES["found"]), *CASES["untouched"]]:
        for one in quick:
            assert one.hinted(text, text.casefold()) or not list(one.values(text, numbers_in(text))), (one.recipe.name, text)


@pytest.mark.parametrize(
    ("rule", "right", "wrong"),
    [
        (nhs, "999 000 0018", "999 000 0019"),
        (luhn, "4111111111111111", "4111111111111112"),
        (iban, "GB33BUKB20201555555555", "GB34BUKB20201555555555"),
        (utr, "1955839661", "2955839661"),
    ],
)
def test_check_digits_tell_a_typing_error(rule: object, right: str, wrong: str) -> None:
    assert rule(right)  # type: ignore[operator]
    assert not rule(wrong)  # type: ignore[operator]


def test_a_number_that_fails_its_check_is_still_found_beside_its_cue(patterns: Patterns) -> None:
    assert any(span.kind == "NHS_NUMBER" for span in patterns.find("NHS no 999 000 0019"))


def test_ten_digits_without_a_cue_or_a_check_are_left_alone(patterns: Patterns) -> None:
    assert not any(span.kind == "NHS_NUMBER" for span in patterns.find("batch 123 456 7891 of leaflets"))


JUDGMENT = (
    "The applicant, a Turkish national, complained to the Crown Court. In 1993 the applicant was sentenced to six years' "
    "imprisonment. The applicant paid 205,000 Turkish liras (TRY) within 42 days, and the applicant lives in England."
)


@pytest.mark.parametrize("value", ["Turkish national", "1993", "six years", "205,000 Turkish liras (TRY)", "42 days", "England"])
def test_a_judgment_is_public_so_its_amounts_years_and_nationalities_lead_to_the_case(patterns: Patterns, value: str) -> None:
    assert value in [JUDGMENT[span.start : span.end] for span in patterns.find(JUDGMENT)]


def test_the_same_words_in_a_case_note_are_the_storys_own(patterns: Patterns) -> None:
    note = JUDGMENT.replace("The applicant", "She").replace("the applicant", "she")
    assert patterns.find(note) == []
