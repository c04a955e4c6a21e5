"""The attack works on texts from which only names were taken, and gets nowhere on what is released."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from pipeline import catalogue
from pipeline.documents.wording import load_wording
from pipeline.domain.client import Client
from pipeline.intruder.attack import Document, attack, match_originals, released, stories_of, texts_of, without_names
from pipeline.intruder.chance import bound, interval, rate
from pipeline.intruder.clues import Clues
from pipeline.intruder.linking import link
from pipeline.intruder.matching import place_of, rank
from pipeline.intruder.tables import attack_tables
from pipeline.records.indexed import Registers
from pipeline.sources import list_sources
from tests import flow

THEMES = load_wording(catalogue.policy_templates() / "documents.toml").themes_in


@pytest.fixture(scope="module")
def registers() -> Registers:
    return Registers.load(flow.SAMPLES / "clients.csv", flow.SAMPLES / "stories.csv", None, None)


@pytest.fixture(scope="module")
def named_out(registers) -> list[Document]:
    """The originals with the names of their clients alone removed."""
    of_one = []
    for source in list_sources([flow.SAMPLES / "notes"]):
        refs = registers.refs_of(source.name, None)
        clients = registers.clients_of(refs[0]) if len(refs) == 1 else []
        if len(clients) == 1:
            of_one.append(Document("", source.name, "", registers.clients.index(clients[0])))
    return without_names(of_one, texts_of(flow.SAMPLES / "notes"), registers.clients)


def test_the_attack_works_where_names_alone_were_removed(registers, named_out):
    found = attack(named_out, registers.clients, THEMES)
    assert not found.of_list[1].by_chance
    assert not found.of_alike[1].by_chance
    assert found.of_list[1].matched > 0.7 * len(named_out)


def test_what_is_released_is_matched_no_better_than_by_chance(sample_run, registers):
    documents, identified, _ = released(sample_run.out, registers)
    assert identified
    assert len(documents) >= 5
    for purpose in ("publicity", "reporting", "training"):
        found = attack([d for d in documents if d.purpose == purpose], registers.clients, THEMES)
        assert found.of_alike[1].by_chance
        assert found.of_alike[1].matched < found.of_alike[1].tried / 2


def test_a_text_is_matched_to_its_original(sample_run, registers):
    documents, _, _ = released(sample_run.out, registers)
    assert match_originals(documents, texts_of(flow.SAMPLES / "notes"))[1].matched > 0.5 * len(documents)


def test_the_command_prints_counts_and_nobody(sample_run):
    shown = flow.storysafe(
        sample_run.out, "intrude", sample_run.out, "--clients", flow.SAMPLES / "clients.csv", "--stories",
        flow.SAMPLES / "stories.csv", "--originals", flow.SAMPLES / "notes", "--json",
    )  # fmt: skip
    assert shown.code == 0
    figures = json.loads(shown.stdout)
    assert figures["attacked"] > 0
    assert "95 of 100" in figures["bound"]
    control = figures["originals_without_names"]["rank_1"]["guess_among_alike"]
    assert not control["no_better_than_chance"]
    assert control["matched"] > control["bound_95"]
    assert {"by_details", "by_details_and_exact_sums", "to_originals"} <= set(figures["publicity"])
    assert figures["reporting"]["by_details"]["rank_1"]["guess_among_alike"]["no_better_than_chance"]
    assert figures["tables"]["nothing_found"]
    assert figures["linked"]["publicity to training"]["tried"]
    with (flow.SAMPLES / "clients.csv").open(encoding="utf-8", newline="") as table:
        assert not any(row["full_name"] in shown.words or row["case_ref"] in shown.words for row in csv.DictReader(table))


def test_the_command_states_its_bound_and_both_verdicts_in_words(sample_run):
    shown = flow.storysafe(
        sample_run.out, "intrude", sample_run.out, "--clients", flow.SAMPLES / "clients.csv", "--stories",
        flow.SAMPLES / "stories.csv", "--originals", flow.SAMPLES / "notes",
    )  # fmt: skip
    first = {line.partition(":")[0]: line for line in shown.stdout.splitlines()}
    for purpose in ("publicity", "reporting", "training"):
        assert ": no better than chance; of the whole list, " in first[f"{purpose}, by what is left, rank 1"]
    assert "BETTER THAN CHANCE" in first["originals without the names alone, rank 1"]
    assert "95 of 100 attacks" in first["The bound"]


def test_names_alone_are_taken_out_of_the_originals(registers, named_out):
    assert len(named_out) > 5
    for document in named_out:
        client = registers.clients[document.true]
        assert not any(word.lower() in document.text.lower().split() for word in client.full_name.split())
        assert len(document.text) > 100


def test_every_story_of_the_annual_return_is_attacked_by_itself(sample_run, registers):
    told = stories_of(sample_run.out)
    listed = [record for line in sample_run.manifest()["inputs"] for purpose, record in line["purposes"].items()
              if purpose == "reporting" and record["status"] == "released"]  # fmt: skip
    assert len(told) == len(listed) > 3
    assert all(text.startswith(f"Story {number}: ") for number, text in enumerate(told, 1))
    assert "How these figures were made" not in told[-1]
    documents, _, _ = released(sample_run.out, registers)
    alone = [document for document in documents if document.purpose == "reporting"]
    assert match_originals(alone, texts_of(flow.SAMPLES / "notes"))[1].matched > 0.5 * len(alone)


def test_documents_about_one_person_are_joined_by_their_words_and_an_earlier_run_by_all_of_them(sample_run, registers):
    documents, _, _ = released(sample_run.out, registers)
    again = link(documents, documents)
    assert again.matched == again.tried == len(documents)
    strangers = [replace(document, true=None) for document in documents]
    assert link(strangers, documents).tried == 0


def test_a_rounded_figure_is_matched_as_one():
    paid = [Client(str(n), 1, gender="F", service="Housing", outcome="Repaid", outcome_value=value)
            for n, value in enumerate((310.0, 640.0, 2900.0, 12000.0))]  # fmt: skip
    for text, expected in (("She had about £600 written off.", 1), ("She got more than £10,000.", 3), ("She had £640 back.", 1)):
        scores = rank(Clues.of(text), paid, THEMES, figures=True)
        assert max(range(4), key=lambda place: scores[place]) == expected


def workbook_of(tmp_path: Path, tables: dict[str, list[tuple[str, object]]], changes: tuple[int, ...] = ()) -> Path:
    book = Workbook()
    book.active["A1"] = "Where fewer than 5 people are in a group, the group is not named. Counts are rounded to the nearest 5."
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        for row in (("Group", "People"), *rows):
            sheet.append(row)
    sheet = book.create_sheet("Targets")
    sheet.append(("Line", "This year", "Target", "Last year", "Change"))
    for change in changes:
        sheet.append(("Housing", 20, None, 15, change))
    book.save(tmp_path / "return.xlsx")
    return tmp_path / "return.xlsx"


def test_the_attack_on_tables_finds_what_a_careless_return_gives_away(tmp_path):
    clients = [Client(str(n), 1, service=service) for n, service in enumerate(["Housing"] * 20 + ["Youth"] * 9 + ["Carers"] * 2)]
    careful = {"Services": [("Housing", 20), ("All other groups", 10), ("Everyone", 30)]}
    assert attack_tables(workbook_of(tmp_path, careful), clients).nothing
    named = {"Services": [("Housing", 20), ("Youth", 10), ("Carers", 2), ("Everyone", 30)]}
    assert attack_tables(workbook_of(tmp_path, named), clients).small_named == 1
    assert attack_tables(workbook_of(tmp_path, careful, (5, -2)), clients).small_changes == 1
    alone = [Client(str(n), 1, service=service) for n, service in enumerate(["Housing"] * 20 + ["Youth"] * 10 + ["Carers"] * 4)]
    lonely = {"Services": [("Housing", 20), ("Youth", 10), ("All other groups", 5), ("Everyone", 35)]}
    assert attack_tables(workbook_of(tmp_path, lonely), alone).narrowed == 1


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path):
    shown = flow.storysafe(
        tmp_path, "intrude", tmp_path, "--clients", flow.SAMPLES / "clients.csv", "--stories", flow.SAMPLES / "stories.csv"
    )
    assert shown.code == 1
    assert "manifest" in shown.stderr


def test_clues_are_read_from_plain_words():
    clues = Clues.of("She is in her forties; it was spring 2025. Aged 71. DOB 03/02/1954. £1,250 paid.")
    assert (40, 49) in clues.ages
    assert (71, 71) in clues.ages
    assert (date(2025, 3, 1), date(2025, 5, 31)) in clues.windows
    assert (date(1954, 2, 3), date(1954, 2, 3)) in clues.windows
    assert "1250" in clues.numbers
    assert clues.she > clues.he


@given(st.lists(st.floats(0.01, 0.9), min_size=1, max_size=20))
def test_the_bound_is_what_guessing_exceeds_one_time_in_twenty(chances):
    dice = random.Random(7)
    most = bound(chances)
    beyond = sum(sum(dice.random() < c for c in chances) > most for _ in range(400))
    assert beyond <= 400 * 0.05 + 25


@given(st.integers(0, 30), st.integers(0, 30))
def test_the_interval_holds_the_rate(matched, more):
    low, high = interval(matched, matched + more)
    assert 0 <= low <= (matched / (matched + more) if matched + more else 0) <= high <= 1


def test_known_intervals_and_bounds():
    assert interval(0, 10) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert interval(5, 10) == pytest.approx((0.1871, 0.8129), abs=1e-4)
    assert bound([0.1] * 20) == 4
    assert rate(3.0, [0.01] * 20).by_chance is False


def test_thousands_of_documents_can_be_attacked():
    assert interval(300, 20_000) == pytest.approx((0.01336, 0.01678), abs=1e-4)
    assert 222 <= bound([0.01] * 20_000) <= 224
    assert bound([0.01] * 1_000) == pytest.approx(bound([0.01] * 1_001), abs=1)


def test_a_tie_counts_by_its_chance():
    assert place_of(1, [0.0, 0.0, -1.0], 1) == 0.5
    assert place_of(2, [0.0, 0.0, -1.0], 1) == 0.0
    assert place_of(2, [0.0, 0.0, -1.0], 3) == 1.0
