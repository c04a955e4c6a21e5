"""The annual return of a run: a cell of the client list may hold anything, and is not shown for that."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from docx import Document

from pipeline import catalogue
from pipeline.closing import Checker, Searcher
from pipeline.documents.reporting import AnnualReturn
from pipeline.documents.wording import load_wording
from pipeline.domain.permission import Purpose
from pipeline.domain.telling import Part, Passage, Telling
from pipeline.policy.policies import load_policy, organisation_of
from pipeline.records.indexed import Registers
from pipeline.records.outbox import Outbox
from pipeline.records.registers import load_clients
from pipeline.returns import AnnualReport
from pipeline.world import Settings
from tests import flow

ORGANISATION = flow.SAMPLES / "organisation.toml"
TOLD = {
    "service": "Calls with Dr Horace Whitlock",
    "outcome": "Rehoused by Sister Agnes Mullarkey",
    "district": "Mullarkey Court, LD9 4QZ",
    "ethnicity": "as Agnes Mullarkey says",
    "age_band": "ring 01632 960123",
}
"""What somebody typed into columns that are meant for the names of groups."""


@pytest.fixture
def release(tmp_path: Path):
    """Write the return of the sample organisation for some rows of a client list; the released files."""

    def released(rows: list[dict[str, str]], *tellings: Telling, organisation: Path | None = ORGANISATION) -> list[Path]:
        clients = tmp_path / "clients.csv"
        with clients.open("w", encoding="utf-8", newline="") as table:
            writer = csv.DictWriter(table, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        policy = catalogue.policy_templates() / "policy.toml"
        settings = Settings(organisation, policy, date(2026, 11, 22), (Purpose.REPORTING,), clients)
        registers = Registers.load(clients, None, None, None)
        report = AnnualReport(settings, registers, Searcher(registers, organisation_of(organisation)))
        for telling in tellings:
            report.add(telling)
        outbox = Outbox.open(tmp_path / "out", overwrite=True)
        outputs = report.write(outbox).outputs
        for output in outputs:
            outbox.deliver(output)
        outbox.close()
        return [tmp_path / "out" / output.path for output in outputs]

    return released


def sample_rows() -> list[dict[str, str]]:
    return flow.rows(flow.SAMPLES / "clients.csv")


def people(number: int, **cells: str) -> list[dict[str, str]]:
    empty = dict.fromkeys(sample_rows()[0], "")
    return [{**empty, "case_ref": f"HL-99{at:02}", **cells} for at in range(number)]


def table_of(document: Path, label: str) -> dict[str, str]:
    """The counts of the table of a document in which a label stands."""
    tables = ({row.cells[0].text: row.cells[1].text for row in t.rows} for t in Document(str(document)).tables)
    return next(table for table in tables if label in table)


def test_what_somebody_typed_into_a_column_is_counted_and_not_printed(release) -> None:
    document, workbook = release([*sample_rows(), *people(6, **TOLD)])
    for path in (document, workbook):
        found = " ".join(flow.strings(path))
        for word in ("Whitlock", "Horace", "Mullarkey", "Agnes", "LD9", "960123"):
            assert word not in found
    # 61 people and 6; 3 people of Family Support are too few to be named.
    services = table_of(document, "Befriending")
    assert services == {
        "Group": "People", "Money Advice": "20", "Work Club": "15", "Housing": "10", "Befriending": "10", "Warm Homes": "5",
        "All other groups": "10", "Everyone": "65",
    }  # fmt: skip
    assert table_of(document, "Gullhouse")["Everyone"] == "65"
    assert table_of(document, "Moved into work")["Everyone"] == "65"


def test_every_group_of_the_sample_list_that_is_large_enough_keeps_its_name(release) -> None:
    document, _ = release(sample_rows())
    templates = catalogue.policy_templates()
    unasked = AnnualReturn(load_policy(templates / "policy.toml"))
    for client in load_clients(flow.SAMPLES / "clients.csv").rows:
        unasked.add_client(client)
    labels = {row.label for table in unasked.breakdowns(load_wording(templates / "documents.toml")) for row in table.rows}
    shown = {row.cells[0].text for table in Document(str(document)).tables for row in table.rows}
    assert {"Gullhouse", "White British", "Moved into work", "Housing"} <= labels
    assert labels <= shown


def test_without_a_list_of_services_a_service_is_named_only_where_nothing_is_found_in_it(release) -> None:
    rows = [*people(12, service="Debt advice"), *people(8, service=TOLD["service"])]
    document, _ = release(rows, organisation=None)
    assert set(table_of(document, "Debt advice")) == {"Group", "Debt advice", "All other groups", "Everyone"}


@pytest.mark.parametrize(
    ("sentence", "files"),
    [("Then Hope signed for a flat and Hope’s neighbours helped.", 0), ("There was hope, and a flat was found.", 2)],
)
def test_a_clients_name_that_is_also_a_word_holds_the_return_where_it_is_a_name(release, sentence: str, files: int) -> None:
    told = Telling(
        "story-0001", Purpose.REPORTING, (Passage(sentence, Part.OUTCOME, "", 1),), "Client A", False, True, False
    )  # fmt: skip
    assert len(release(people(12, full_name="Hope", service="Housing"), told)) == files


def test_where_people_live_is_an_area_and_neither_a_postcode_nor_a_hostel(release) -> None:
    areas = ["Hollinwell", "Eastmere Ward"]
    others = ["BB19", "LD9 4", "Northgate Hostel", "Saint Ebba’s Primary School"]
    document, _ = release([row for label in [*areas, *others] for row in people(9, district=label)])
    shown = table_of(document, "Hollinwell")
    assert shown == {"Group": "People", "Eastmere Ward": "10", "Hollinwell": "10", "All other groups": "35", "Everyone": "55"}


def test_both_documents_of_many_stories_search_with_what_was_loaded_once() -> None:
    registers = Registers.load(None, None, None, None)
    searcher = Searcher(registers, organisation_of(ORGANISATION))
    report, book = Checker(searcher), Checker(searcher)
    report.allow(Telling("story-0001", Purpose.REPORTING, (), "Hope Marchbanks", True, True, False))
    assert report._searcher is book._searcher
    assert "hope" in report._allowed
    assert "hope" not in book._allowed  # What one document may name another may not.
