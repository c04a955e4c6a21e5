"""Registers go into the records and come out as they were, and what they said before is kept."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import select

from pipeline import catalogue
from pipeline.domain.permission import Evidence
from pipeline.errors import OutputFailed, RecordsError, RegisterError
from pipeline.records.registers import load_decisions, load_permissions
from pipeline.records.store import Store, schema
from pipeline.records.tables import read_raw

SAMPLES = catalogue.samples()
HEADER = ["consent_id", "case_ref", "shoe size", "withdrawn_on", "scope"]


def csv_file(path: Path, header: Sequence[str], *rows: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([header, *rows])
    return path


def cells(path: Path) -> list[tuple[str, ...]]:
    raw = read_raw(path)
    return [raw.header, *(line for _, line in raw.lines)]


def bare(rows: Sequence[tuple[str, ...]]) -> list[list[str]]:
    """Rows without the empty cells at their ends, which a workbook does not tell from none."""
    kept = [list(row) for row in rows]
    for row in kept:
        while row and not row[-1]:
            row.pop()
    return kept


def out_again(store: Store, kind: str, to: Path) -> list[tuple[str, ...]]:
    store.export_register(kind, to)
    return cells(to)


@pytest.mark.parametrize("kind", ["permissions", "decisions"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_samples_go_in_and_come_out_cell_by_cell(store: Store, tmp_path: Path, kind: str, ending: str) -> None:
    source = SAMPLES / f"{kind}.csv"
    done = store.import_register(kind, source)
    assert (done.changed, done.same, done.ended) == (0, 0, 0)
    assert done.added == len(cells(source)) - 1 > 0
    assert bare(out_again(store, kind, tmp_path / f"x.{ending}")) == bare(cells(source))


def test_what_is_in_the_records_reads_as_its_file_does(store: Store) -> None:
    for kind, load in (("permissions", load_permissions), ("decisions", load_decisions)):
        path = SAMPLES / f"{kind}.csv"
        store.import_register(kind, path)
        kept, file = getattr(store, kind)(), load(path)
        assert kept.rows == file.rows
        assert [(e.row, e.column, e.problem) for e in kept.errors] == [(e.row, e.column, e.problem) for e in file.errors]


def test_a_workbook_goes_in_with_its_dates_and_numbers_as_they_are_read(store: Store, tmp_path: Path) -> None:
    book = Workbook()
    for row in (["Case ref", "Consent-ID", "given on", None], ["HL/1", 7, datetime(2026, 1, 5), "=1+1"], ["HL/2", "007", None]):
        book.active.append(row)
    book.active["D2"].data_type = "s"
    book.save(tmp_path / "p.xlsx")
    store.import_register("permissions", tmp_path / "p.xlsx")
    expected = [["Case ref", "Consent-ID", "given on"], ["HL/1", "7", "2026-01-05", "=1+1"], ["HL/2", "007"]]
    for ending in ("csv", "xlsx"):
        assert bare(out_again(store, "permissions", tmp_path / f"out.{ending}")) == expected


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
TABLES = st.lists(WORDS, max_size=4).flatmap(
    lambda more: st.tuples(
        st.permutations(["case_ref", "consent_id", *(f"x {word}" for word in more)]),
        st.lists(st.lists(WORDS, min_size=1, max_size=7).filter(lambda row: any(cell.strip() for cell in row)), max_size=6),
    )
)


@given(TABLES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_whatever_is_in_a_register_comes_out_of_the_records_as_it_went_in(
    store: Store, tmp_path: Path, table: tuple[list[str], list[list[str]]]
) -> None:
    header, rows = table
    path = csv_file(tmp_path / "p.csv", header, *rows)
    if any(header.count(name) > 1 for name in header):
        return
    # The file of the example before is the same file: what it no longer holds has gone from the records.
    store.import_register("permissions", path)
    expected = [tuple(header), *(tuple(row) for row in rows)] if rows else []
    found = out_again(store, "permissions", tmp_path / "out.csv")
    assert found[1:] == expected[1:]
    assert not rows or found[0] == expected[0]
    done = store.import_register("permissions", path)
    assert (done.added, done.changed, done.same, done.ended) == (0, 0, len(rows), 0)
    book = tmp_path / "out.xlsx"
    if re.search("[\x00-\x08\x0b-\x1f\ufffe\uffff]", "".join(cell for row in expected for cell in row)):
        with pytest.raises(RecordsError, match="workbook cannot hold"):
            store.export_register("permissions", book)
    else:
        assert bare(out_again(store, "permissions", book))[1:] == bare(expected)[1:]


# --- importing again


def test_a_changed_row_is_a_new_version_and_the_old_one_is_kept(store: Store, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "p.csv", HEADER, ["C-1", "HL/1", "41", "", ""], ["C-2", "HL/2", "", "", ""])
    store.import_register("permissions", path)
    csv_file(path, HEADER, ["C-2", "HL/2", "", "", ""], ["c-1 ", "hl/1", "41", "2026-11-01", ""], ["C-3", "HL/3", "", "", ""])
    done = store.import_register("permissions", path)
    assert (done.added, done.changed, done.same, done.ended) == (1, 1, 1, 0)
    assert [(row.case_ref, row.withdrawn_on) for row in store.permissions().rows] == [
        ("HL/2", None), ("hl/1", date(2026, 11, 1)), ("HL/3", None),
    ]  # fmt: skip
    rows = schema.register_rows.c
    with store._database.reading() as connection:
        kept = connection.execute(select(rows.version, rows.ended_at.is_(None)).order_by(rows.key, rows.version)).all()
    assert sorted(kept) == [(1, False), (1, True), (1, True), (2, True)]


def test_a_row_that_has_gone_from_its_file_no_longer_counts_and_rows_of_other_files_stay(store: Store, tmp_path: Path) -> None:
    north = csv_file(tmp_path / "north" / "p.csv", HEADER, ["C-1", "HL/1", "", "", ""], ["C-2", "HL/2", "", "", ""])
    south = csv_file(tmp_path / "south" / "p.csv", HEADER, ["C-1", "SL/1", "", "", ""])
    for path in (north, south):
        store.import_register("permissions", path)
    csv_file(north, HEADER, ["C-2", "HL/2", "", "", ""])
    assert store.import_register("permissions", north).ended == 1
    assert {row.case_ref for row in store.permissions().rows} == {"HL/2", "SL/1"}
    csv_file(north, HEADER, ["C-1", "HL/1", "", "", ""], ["C-2", "HL/2", "", "", ""])
    assert store.import_register("permissions", north).added == 1
    assert {row.case_ref for row in store.permissions().rows} == {"HL/1", "HL/2", "SL/1"}


def test_the_same_consent_in_a_register_that_was_moved_is_the_same_row(store: Store, tmp_path: Path) -> None:
    for folder, day in (("old", ""), ("new", "2026-11-01")):
        store.import_register("permissions", csv_file(tmp_path / folder / "p.csv", HEADER, ["C-1", "HL/1", "", day, ""]))
    assert [row.withdrawn_on for row in store.permissions().rows] == [date(2026, 11, 1)]


def test_two_rows_of_one_consent_and_two_that_say_the_same_are_all_kept(store: Store, tmp_path: Path) -> None:
    rows = [["C-1", "HL/1", "", "", ""], ["C-1", "HL/1", "", "", "no use"], ["", "HL/2", "", "", ""], ["", "HL/2", "", "", ""]]
    path = csv_file(tmp_path / "p.csv", HEADER, *rows)
    store.import_register("permissions", path)
    assert store.import_register("permissions", path).same == 4
    assert out_again(store, "permissions", tmp_path / "out.csv")[1:] == [tuple(row) for row in rows]


def test_registers_with_other_columns_come_out_under_one_header(store: Store, tmp_path: Path) -> None:
    store.import_register("permissions", csv_file(tmp_path / "a.csv", ["case_ref", "shoe size"], ["HL/1", "41"]))
    store.import_register(
        "permissions", csv_file(tmp_path / "b.csv", ["hat", "Case Ref", "scope"], ["top", "HL/2", "this story"])
    )
    assert out_again(store, "permissions", tmp_path / "out.csv") == [
        ("case_ref", "shoe size", "hat", "scope"), ("HL/1", "41"), ("HL/2", "", "top", "this story"),
    ]  # fmt: skip


def test_a_decision_recorded_here_does_not_go_with_a_file_that_was_exported_and_cut(store: Store, tmp_path: Path) -> None:
    decision = {
        "case_ref": "HL/1", "purpose": "publicity", "reason": "safeguarding", "decision": "withhold", "decided_by": "A B",
        "manager": "C D", "why": "w", "decided_on": "2026-09-30",
    }  # fmt: skip
    store.decide(decision)
    path = tmp_path / "d.csv"
    store.export_register("decisions", path)
    assert store.import_register("decisions", path).same == 1
    path.write_text(path.read_text(encoding="utf-8-sig").splitlines()[0] + "\n", encoding="utf-8")
    assert store.import_register("decisions", path).ended == 0
    assert [row.release for row in store.decisions().rows] == [False]


def test_a_column_that_nobody_knows_is_named_and_kept_and_a_cell_that_is_not_understood_too(store: Store, tmp_path: Path) -> None:
    header = [*HEADER, "excluded_topics", "effective_from", "expires_on"]
    path = csv_file(tmp_path / "p.csv", header, ["C-1", "HL/1", "41", "last week", "", "", "", ""])
    done = store.import_register("permissions", path)
    assert done.warnings == ('p.csv: the column "shoe size" is not known and is kept as it is',)
    assert [str(error) for error in done.errors] == ["p.csv, row 2, column withdrawn_on: not_a_date"]
    read = store.permissions()
    assert [str(error) for error in read.errors] == ["p.csv (records), row 2, column withdrawn_on: not_a_date"]
    assert read.rows[0].unreadable == ("withdrawn_on",)
    assert out_again(store, "permissions", tmp_path / "out.csv")[1][3] == "last week"


def test_the_signed_forms_are_looked_for_where_the_register_was(store: Store, tmp_path: Path) -> None:
    form = tmp_path / "office" / "evidence" / "C-1.pdf"
    form.parent.mkdir(parents=True)
    form.write_bytes(b"signed")
    digest = hashlib.sha256(b"signed").hexdigest()
    header = ["consent_id", "case_ref", "evidence_file", "evidence_hash"]
    store.import_register(
        "permissions", csv_file(tmp_path / "office" / "p.csv", header, ["C-1", "HL/1", "evidence/C-1.pdf", digest])
    )
    assert [row.evidence for row in store.permissions().rows] == [Evidence.PRESENT]
    assert store.evidence_folders() == [str(tmp_path / "office")]
    form.write_bytes(b"altered")
    assert [row.evidence for row in store.permissions().rows] == [Evidence.UNREADABLE]
    form.unlink()
    assert [row.evidence for row in store.permissions().rows] == [Evidence.MISSING]


# --- what can be wrong with a file


def held_by_excel(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.with_name(f"~${path.name}").write_bytes(b"x")


def held_by_libreoffice(path: Path, patch: pytest.MonkeyPatch) -> None:
    path.with_name(f".~lock.{path.name}#").write_bytes(b"x")


def opened_exclusively(path: Path, patch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "sharing violation")

    patch.setattr(Path, "read_bytes", refuse)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("hold", [held_by_excel, held_by_libreoffice, opened_exclusively])
def test_a_register_that_is_being_edited_is_not_imported_and_nothing_is_changed(
    in_file: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, hold: object
) -> None:
    path = tmp_path / f"permissions.{ending}"
    in_file.import_register("permissions", csv_file(tmp_path / "first.csv", HEADER, ["C-1", "HL/1", "", "", ""]))
    in_file.export_register("permissions", path)
    before = in_file.counts()
    hold(path, monkeypatch)  # type: ignore[operator]
    with pytest.raises(RegisterError, match=f"permissions.{ending} ") as caught:
        in_file.import_register("permissions", path)
    assert "lose it" in caught.value.remedy.replace("Close", "close")  # "Save and close it there", "Close it in other programs"
    monkeypatch.undo()
    assert in_file.counts() == before


@pytest.mark.parametrize("hold", [held_by_excel, held_by_libreoffice])
def test_a_register_that_is_being_edited_is_not_written_over(
    in_file: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hold: object
) -> None:
    path = tmp_path / "permissions.xlsx"
    in_file.export_register("permissions", path)
    before = path.read_bytes()
    hold(path, monkeypatch)  # type: ignore[operator]
    with pytest.raises(RegisterError, match="open in another program"):
        in_file.export_register("permissions", path)
    assert path.read_bytes() == before


def test_a_register_without_its_columns_is_not_imported(in_file: Store, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="no column case_ref"):
        in_file.import_register("permissions", csv_file(tmp_path / "p.csv", ["name"], ["Rosalind Teasdale"]))
    assert in_file.counts()["permissions"] == 0


def test_an_export_that_cannot_be_written_leaves_nothing_and_says_so(in_file: Store, tmp_path: Path) -> None:
    with pytest.raises(OutputFailed, match=r"p\.csv cannot be written"):
        in_file.export_register("permissions", tmp_path / "not there" / "p.csv")
    (tmp_path / "p.csv").mkdir()
    with pytest.raises(OutputFailed):
        in_file.export_register("permissions", tmp_path / "p.csv")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["p.csv", "workspace"]
