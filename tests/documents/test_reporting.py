"""The annual return and its workbook."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from pipeline.documents.reporting import AnnualReturn
from pipeline.documents.tallies import MOST_GROUPS, Tally
from pipeline.documents.wording import Wording
from pipeline.domain.client import Client
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Policy
from tests.documents.conftest import Tell
from tests.documents.reading import headings, languages, small_sizes, styled, words

ON = date(2026, 11, 22)


def people() -> list[Client]:
    """Eighty-seven invented rows: groups of many sizes, small ones among them."""
    rows: list[Client] = []
    sizes = {"Housing": 41, "Money": 26, "Youth": 12, "Carers": 6, "Arts": 2}
    outcomes = {"Debt cleared": 300.0, "Tenancy secured": 1.0, "open": None, "Blue badge": 1.0}
    for service, size in sizes.items():
        for number in range(size):
            outcome = "Blue badge" if service == "Arts" else list(outcomes)[number % 3]
            value = outcomes[outcome]
            rows.append(
                Client(
                    f"R{len(rows)}", len(rows) + 2, gender="F" if number % 2 else "male", service=service, outcome=outcome,
                    outcome_value=value if value is None or value == 1 else value + 10 * number,
                    age_band=("18-24", "25-34", "Under 18", "65-74", "")[number % 5],
                    ethnicity="Group 1" if number else "Group 2", district=f"District {number % 4}",
                    referred_on=date(2025, 1 + number % 12, 1), closed_on=date(2026, 2, 1) if number % 2 else None,
                )
            )  # fmt: skip
    return rows


@pytest.fixture
def write(organisation: Organisation, policy: Policy, wording: Wording, layouts: Path, tmp_path: Path):
    def written(made: AnnualReturn, name: str = "return") -> tuple[Path, Path]:
        document, workbook = tmp_path / f"{name}.docx", tmp_path / f"{name}.xlsx"
        made.write(organisation, wording, ON, layouts / "annual-return.docx", document, workbook)
        return document, workbook

    return written


@pytest.fixture
def full(policy: Policy, tell: Tell) -> AnnualReturn:
    return collected(policy, people(), [tell(Purpose.REPORTING, person="Client A")] * 3)


def collected(policy: Policy, clients: Iterable[Client], stories: Iterable = ()) -> AnnualReturn:
    made = AnnualReturn(policy)
    for client in clients:
        made.add_client(client)
    for telling in stories:
        made.add_vignette(telling)
    return made


def tables_of(document: Path) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(str(document)).tables]


def test_the_return_has_its_chapters_in_order(write, full: AnnualReturn) -> None:
    document, _ = write(full)
    chapters = [text for style, text in headings(document) if style != "Heading 2"]
    assert chapters == [
        "Hartsby Open Door & Advice", "Who we reached", "What we did", "Outcomes", "Stories", "How these figures were made",
    ]  # fmt: skip


def test_the_workbook_has_the_figures_of_the_document(write, full: AnnualReturn) -> None:
    document, workbook = write(full)
    in_document = tables_of(document)
    in_workbook = []
    for sheet in load_workbook(workbook, data_only=True).worksheets[1:-1]:
        rows = [list(row) for row in sheet.iter_rows(min_row=4, values_only=True)]
        in_workbook.append([[cell_text(index, value) for index, value in enumerate(row)] for row in rows])
    assert len(in_document) == len(in_workbook) == 8
    for there, here in zip(in_document, in_workbook, strict=True):
        assert [[text.replace("–", "") for text in row] for row in there] == here


def cell_text(column: int, value: object) -> str:
    if value is None:
        return ""
    if column == 2 and isinstance(value, int | float):
        return f"{value:.0%}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def test_percentages_in_the_workbook_are_live_and_agree_with_what_they_show(write, full: AnnualReturn) -> None:
    _, workbook = write(full)
    formulas, results = load_workbook(workbook), load_workbook(workbook, data_only=True)
    checked = 0
    for sheet in formulas.worksheets[1:-1]:
        for row in sheet.iter_rows(min_row=5, min_col=3, max_col=3):
            if row[0].value is None:
                continue
            top, bottom = re.fullmatch(r"=ROUND\(B(\d+)/B\$(\d+),2\)", row[0].value).groups()
            shown = results[sheet.title]
            assert abs(shown[row[0].coordinate].value - shown[f"B{top}"].value / shown[f"B{bottom}"].value) <= 0.005
            checked += 1
    assert checked > 20


def test_no_figure_is_under_the_small_number(write, full: AnnualReturn, policy: Policy) -> None:
    document, _ = write(full)
    for table in tables_of(document):
        for row in table[1:]:
            assert row[1] == "Under 5" or int(row[1].replace(",", "")) >= policy.thresholds.small_number
            assert row[1] == "Under 5" or int(row[1].replace(",", "")) % policy.thresholds.rounding == 0


def test_a_group_too_small_to_show_is_not_named_anywhere(write, full: AnnualReturn) -> None:
    document, workbook = write(full)
    values = [str(c.value) for sheet in load_workbook(workbook).worksheets for row in sheet.iter_rows() for c in row]
    descriptions = [shape._inline.docPr.get("descr") or "" for shape in Document(str(document)).inline_shapes]
    for text in (words(document), *values, *descriptions):
        assert "Arts" not in text
        assert "Blue badge" not in text
    assert any("Housing" in value for value in values)


def test_prose_and_charts_say_only_what_the_tables_say(write, full: AnnualReturn, wording: Wording) -> None:
    document, _ = write(full)
    assert "This return counts about 85 people." in styled(document, "Normal")
    assert "The service that most people used is Housing, with about 40 people." in styled(document, "Normal")
    shown = {f"{row.count:,}" for table in full.breakdowns(wording) for row in table.rows if row.count is not None}
    for shape in Document(str(document)).inline_shapes:
        description = shape._inline.docPr.get("descr")
        assert set(re.findall(r": (\d+)[;.]", description)) <= shown
        assert description.startswith("Bar chart of people by ")


def test_every_chart_has_words_for_those_who_cannot_see_it_and_a_number_of_its_own(write, full: AnnualReturn) -> None:
    document, _ = write(full)
    shapes = Document(str(document)).inline_shapes
    assert len(shapes) == 3
    assert all(shape._inline.docPr.get("descr") for shape in shapes)
    assert len({shape._inline.docPr.get("id") for shape in shapes}) == 3


def test_amounts_are_added_up_where_enough_people_share_an_outcome(full: AnnualReturn, wording: Wording) -> None:
    rows = {row.label: row for table in full.breakdowns(wording) if table.key == "outcome" for row in table.rows}
    values = sum(c.outcome_value or 0 for c in people() if c.outcome == "Debt cleared")
    assert rows["Debt cleared"].amount == pytest.approx(values, rel=0.01)
    assert rows["Tenancy secured"].amount is None
    assert wording.reporting.no_outcome in rows


def test_cells_that_mean_the_same_are_counted_together(policy: Policy, wording: Wording) -> None:
    made = collected(policy, [Client(str(n), n, gender=g) for n, g in enumerate(["F", "f ", "Female", "woman"] * 5)])
    genders = next(table for table in made.breakdowns(wording) if table.key == "gender")
    assert [(row.label, row.count) for row in genders.rows] == [("Women and girls", 20)]
    assert genders.notes == ("Everyone counted here is in one group, so this table says the same of each of them.",)


def test_free_text_in_a_column_is_counted_and_never_shown(write, policy: Policy, wording: Wording) -> None:
    long = "came with her neighbour and said that nobody else at the surgery should ever hear of it"
    clients = [replace(client, district=long) if n % 2 else client for n, client in enumerate(people())]
    document, workbook = write(collected(policy, clients))
    assert "neighbour" not in words(document)
    assert all("neighbour" not in str(c.value) for s in load_workbook(workbook).worksheets for r in s.iter_rows() for c in r)


def test_a_label_that_looks_like_a_formula_stays_a_label(write, policy: Policy) -> None:
    clients = [Client(str(n), n, district="=1+1", service="+HYPERLINK(1)") for n in range(30)]
    _, workbook = write(collected(policy, clients))
    cells = [
        c for s in load_workbook(workbook).worksheets for r in s.iter_rows() for c in r if c.value in ("=1+1", "+HYPERLINK(1)")
    ]
    assert len(cells) == 2
    assert {cell.data_type for cell in cells} == {"s"}


def test_without_a_client_list_the_return_tells_its_stories_and_no_figures(write, policy: Policy, tell: Tell) -> None:
    document, workbook = write(collected(policy, (), [tell(Purpose.REPORTING)]))
    assert "No client list was given" in words(document)
    assert tables_of(document) == []
    assert load_workbook(workbook).sheetnames == ["About", "Data dictionary"]


def test_nothing_to_count_and_nothing_to_tell_is_not_worth_writing(policy: Policy, tell: Tell) -> None:
    assert not AnnualReturn(policy).worth_writing
    assert collected(policy, people()[:1]).worth_writing
    assert collected(policy, (), [tell()]).worth_writing


def test_too_few_people_give_no_figures_at_all(write, policy: Policy) -> None:
    document, _ = write(collected(policy, people()[:3]))
    assert "too few people" in words(document).lower()
    assert tables_of(document) == []


def test_stories_beyond_the_policys_number_are_not_told(write, policy: Policy, tell: Tell) -> None:
    most = policy.thresholds.vignettes
    document, _ = write(collected(policy, (), [tell(Purpose.REPORTING, person="Client A")] * (most + 3)))
    stories = [text for _, text in headings(document) if text.startswith("Story ")]
    assert stories == [f"Story {number}: A place to live" for number in range(1, most + 1)]


def test_stories_say_what_was_changed_and_quote_only_where_allowed(write, policy: Policy, tell: Tell) -> None:
    document, _ = write(collected(policy, (), [tell(quote=False), tell(quote=False, identified=True, person="Zita")]))
    assert "front door" not in words(document)
    notes = styled(document, "Change Note")
    assert any("written permission" in note for note in notes)
    assert any("have been changed" in note and "permission" not in note for note in notes)
    assert ("Heading 2", "Story 2: A place to live: Zita’s story") in headings(document)


def test_the_note_that_most_stories_share_is_said_once_and_any_other_under_its_story(write, policy: Policy, tell: Tell) -> None:
    plain, named = tell(quote=False), tell(quote=False, identified=True, person="Zita")
    document, _ = write(collected(policy, (), [plain, named, plain, plain]))
    notes = styled(document, "Change Note")
    assert len(notes) == 2
    assert "written permission" in notes[0]
    assert notes[1] == "Where no note stands under a story, names and some details have been changed to protect the people in it."


def test_a_label_that_is_not_safe_is_counted_and_never_shown(write, policy: Policy, wording: Wording) -> None:
    asked: list[tuple[str, str]] = []

    def safe(column: str, label: str) -> bool:
        asked.append((column, label))
        return label not in ("Money", "Debt cleared")

    made, free = AnnualReturn(policy, safe), collected(policy, people())
    for client in people():
        made.add_client(client)
    tables = {table.key: table for table in made.breakdowns(wording)}
    assert [row.label for row in tables["service"].rows] == ["Housing", "Youth", "Carers", "All other groups"]
    assert tables["service"].rows[-1].count == 30  # 26 and the two who are too few to be named
    assert [table.total for table in tables.values()] == [table.total for table in free.breakdowns(wording)]
    assert len(asked) == len(set(asked))
    assert {column for column, _ in asked} == {"age_band", "district", "service", "outcome", "ethnicity"}
    document, workbook = write(made)
    cells = [str(c.value) for sheet in load_workbook(workbook).worksheets for row in sheet.iter_rows() for c in row]
    assert "Debt cleared" not in words(document)
    assert "Money" not in words(document)
    assert not {"Debt cleared", "Money"} & set(cells)


def test_the_same_list_in_any_order_gives_the_same_bytes(write, policy: Policy) -> None:
    one, other = write(collected(policy, people()), "one"), write(collected(policy, reversed(people())), "two")
    assert one[0].read_bytes() == other[0].read_bytes()
    assert one[1].read_bytes() == other[1].read_bytes()


def test_letters_language_and_properties_are_as_everywhere(write, full: AnnualReturn) -> None:
    document, workbook = write(full)
    assert small_sizes(document) == []
    assert languages(document) == {"en-GB"}
    for properties in (Document(str(document)).core_properties, load_workbook(workbook).properties):
        assert properties.title == "Annual return of Hartsby Open Door & Advice"
        assert (properties.author if hasattr(properties, "author") else properties.creator) == "Hartsby Open Door & Advice"


def test_memory_does_not_grow_with_the_client_list(policy: Policy) -> None:
    def peak(rows: int) -> int:
        made = AnnualReturn(policy)
        tracemalloc.start()
        for number in range(rows):
            made.add_client(Client(f"R{number}", number, service=f"free text {number}", outcome=f"o {number}", outcome_value=1.0))
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    assert peak(20 * MOST_GROUPS) < 1.5 * peak(2 * MOST_GROUPS)


def test_a_tally_counts_everybody_even_beyond_its_groups() -> None:
    tally = Tally()
    for number in range(MOST_GROUPS + 50):
        tally.add(f"group {number}")
    assert tally.people == MOST_GROUPS + 50
    assert tally.nameless == 50


def test_lines_stand_in_the_order_of_the_figures_shown_and_of_ages(full: AnnualReturn, wording: Wording) -> None:
    tables = {table.key: [row.label for row in table.rows] for table in full.breakdowns(wording)}
    assert tables["age_band"] == ["Under 18", "18-24", "25-34", "65-74", "Not recorded"]
    # 22 and 21 people are both shown as 20: their order must not tell which is the larger.
    assert tables["district"] == ["District 0", "District 1", "District 2", "District 3"]
    assert tables["service"] == ["Housing", "Money", "Youth", "Carers", "All other groups"]
