"""Targets and last year: a difference never gives one person away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from pipeline.documents.comparison import Earlier, compare, read_last_year
from pipeline.documents.figures import Breakdown, Row
from pipeline.documents.reporting import AnnualReturn
from pipeline.documents.small_numbers import in_prose
from pipeline.documents.wording import Wording
from pipeline.domain.client import Client
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Policy
from pipeline.domain.telling import Part, Passage
from pipeline.errors import RegisterError
from tests.documents.conftest import Tell
from tests.documents.reading import words

OURS = Organisation("Hartsby Open Door", targets=(("rehoused", 40), ("Everyone", 60)))


def people(rehoused: int, cleared: int) -> Iterable[Client]:
    outcomes = ["Rehoused"] * rehoused + ["Debt cleared"] * cleared
    return (Client(f"R{n}", n, outcome=outcome) for n, outcome in enumerate(outcomes))


@pytest.fixture
def returned(policy: Policy, wording: Wording, layouts: Path, tmp_path: Path):
    def written(rehoused: int, cleared: int, earlier: Earlier | None = None, **more) -> tuple[Path, Path]:
        made = AnnualReturn(policy, None, earlier)
        for client in people(rehoused, cleared):
            made.add_client(client)
        for telling in more.get("vignettes", ()):
            made.add_vignette(telling)
        name = f"{rehoused}-{cleared}-{earlier is not None}"
        files = tmp_path / f"{name}.docx", tmp_path / f"{name}.xlsx"
        made.write(OURS, wording, date(2026, 11, 22), layouts / "annual-return.docx", *files)
        return files

    return written


def compared(book: Path) -> list[tuple[object, ...]]:
    sheet = load_workbook(book, data_only=True)["Targets and last year"]
    return [tuple(row) for row in sheet.iter_rows(min_row=5, max_col=5, values_only=True)]


def test_outcomes_stand_beside_their_targets_and_last_years_figures(returned) -> None:
    last_year = read_last_year(returned(31, 20)[1])
    document, book = returned(45, 21, last_year)
    assert compared(book) == [
        ("Everyone", 65, 60, 50, 15),
        ("Rehoused", 45, 40, 30, 15),
        ("Debt cleared", 20, None, 20, "About the same"),
    ]
    assert "Against our targets and last year" in words(document)
    assert "+15" in words(document)
    assert "About the same" in words(document)


def test_a_return_without_targets_and_last_year_has_no_comparison(policy: Policy) -> None:
    table = Breakdown("outcome", "outcomes", "What came of it", "by outcome", (Row("Rehoused", 10, 100),), 10, ())
    assert compare([table], (), None, 5, 5) == ()


@given(st.integers(0, 60), st.integers(0, 60), st.sampled_from([(5, 1), (5, 5), (10, 3), (3, 10)]))
def test_no_difference_of_two_years_is_smaller_than_the_small_number(now: int, before: int, policy_: tuple[int, int]) -> None:
    small, base = policy_
    base = max(small, base)
    table = Breakdown("outcome", "outcomes", "T", "t", (Row("Rehoused", now // base * base, 100),), now // base * base, ())
    for row in compare([table], (), Earlier({("t", "rehoused"): before, ("t", "everyone"): before}), small, base):
        assert row.before is not None
        assert row.change == 0 or abs(row.change or small) >= small
        assert abs(row.now - row.before) == 0 or abs(row.now - row.before) >= small


def test_beside_last_year_counts_are_never_finer_than_the_small_number(wording: Wording, policy: Policy) -> None:
    from dataclasses import replace

    exact = replace(policy, thresholds=replace(policy.thresholds, rounding=1))
    made = AnnualReturn(exact, None, Earlier({}))
    for client in people(23, 17):
        made.add_client(client)
    table = next(table for table in made.breakdowns(wording) if table.key == "outcome")
    assert {row.count for row in table.rows} == {25, 15}


def test_a_group_that_only_last_year_named_is_not_shown(returned) -> None:
    _, book = returned(45, 21, Earlier({("what came of the support", "moved to dawn lorne"): 30}))
    assert all("dawn" not in str(row[0]).lower() for row in compared(book))


@pytest.mark.parametrize("content", [b"", b"not a workbook"])
def test_a_file_that_is_no_return_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "last.xlsx").write_bytes(content)
    with pytest.raises(RegisterError, match=r"last\.xlsx"):
        read_last_year(tmp_path / "last.xlsx")
    Workbook().save(tmp_path / "empty.xlsx")
    with pytest.raises(RegisterError, match=r"empty\.xlsx"):
        read_last_year(tmp_path / "empty.xlsx")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Three young people were housed.", "A few young people were housed."),
        ("19 young people were housed.", "About 20 young people were housed."),
        ("We met 4 other clients.", "We met a few other clients."),
        ("Over 19 families came.", "Over 20 families came."),
        ("She has three children and 2 dogs.", "She has three children and 2 dogs."),
        ("One client rang.", "One client rang."),
        ("It cost £640.", "It cost £640."),
    ],
)
def test_numbers_of_people_in_prose_are_treated_like_those_in_cells(said: str, shown: str) -> None:
    assert in_prose(said, 5, 5) == shown


def test_what_was_learned_is_told_in_the_words_of_the_stories(returned, tell: Tell) -> None:
    passages = (Passage("We learned to ring before a visit.", Part.SUPPORT), Passage("4 clients were rehoused.", Part.OUTCOME))
    document, _ = returned(45, 21, vignettes=[tell(Purpose.REPORTING, passages=passages, quote=False)])
    text = words(document)
    assert "What we learned" in text
    assert text.count("We learned to ring before a visit.") == 2
    assert "A few clients were rehoused." in text
