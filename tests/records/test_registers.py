"""Registers as offices keep them, and as they go wrong."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose
from pipeline.errors import RegisterError
from pipeline.permission.permit import judge
from pipeline.records.indexed import Registers
from pipeline.records.registers import (
    load_clients,
    load_decisions,
    load_permissions,
    load_stories,
    refs_for,
)

LOADERS = (load_clients, load_stories, load_decisions)


def csv_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)
    return path


CLIENTS = "case_ref,full_name,date_of_birth,outcome_value\nHL/1,Rosalind Teasdale,1979-05-17,12.5\nHL/2,Piran Oke,03/11/1960,\n"


@pytest.mark.parametrize("text", [CLIENTS, "\ufeff" + CLIENTS, CLIENTS.replace("\n", "\r\n"), CLIENTS + "\n,,,\n\n"])
def test_a_client_list_is_read_with_either_kind_of_date(tmp_path: Path, text: str) -> None:
    read = load_clients(csv_file(tmp_path / "c.csv", text))
    assert [(c.case_ref, c.row, c.full_name, c.date_of_birth, c.outcome_value) for c in read.rows] == [
        ("HL/1", 2, "Rosalind Teasdale", date(1979, 5, 17), 12.5),
        ("HL/2", 3, "Piran Oke", date(1960, 11, 3), None),
    ]
    assert (read.warnings, read.errors, read.readable) == ((), (), True)


def test_columns_come_in_any_order_and_any_spelling_and_a_cell_may_hold_a_line_end(tmp_path: Path) -> None:
    text = 'Address,Full Name,CASE-REF\n"4 Quay\nLD9",Rosalind Teasdale,HL/1\n,Piran Oke,HL/2\n'
    read = load_clients(csv_file(tmp_path / "c.csv", text))
    assert [(c.case_ref, c.full_name, c.address, c.row) for c in read.rows] == [
        ("HL/1", "Rosalind Teasdale", "4 Quay\nLD9", 2),
        ("HL/2", "Piran Oke", "", 4),
    ]


def test_a_workbook_says_the_same_as_the_text_file(tmp_path: Path) -> None:
    rows = [
        ["case_ref", "full_name", "date_of_birth", "outcome_value"],
        ["HL/1", "Rosalind Teasdale", datetime(1979, 5, 17), 12.5],
        [None, None, None, None],
        ["HL/2", "Piran Oke", "03/11/1960", None],
    ]
    read = load_clients(workbook(tmp_path / "c.xlsx", rows))
    plain = load_clients(csv_file(tmp_path / "c.csv", CLIENTS))
    assert [(c.case_ref, c.full_name, c.date_of_birth, c.outcome_value) for c in read.rows] == [
        (c.case_ref, c.full_name, c.date_of_birth, c.outcome_value) for c in plain.rows
    ]
    assert [c.row for c in read.rows] == [2, 4]


def test_an_unknown_column_is_named_and_left_out(tmp_path: Path) -> None:
    read = load_clients(csv_file(tmp_path / "c.csv", "case_ref,full_name,shoe size\nHL/1,Piran Oke,41\n"))
    assert read.warnings == ('c.csv: the column "shoe size" is not known and was left out',)


def test_a_file_without_headings_puts_nobody_into_a_message(tmp_path: Path) -> None:
    with pytest.raises(RegisterError) as caught:
        load_clients(csv_file(tmp_path / "c.csv", "HL/1,Rosalind Teasdale,1979-05-17\n"))
    assert "Teasdale" not in caught.value.message + caught.value.remedy
    read = load_clients(csv_file(tmp_path / "c.csv", "case_ref,full_name,Rosalind Teasdale 07700 900123\nHL/1,x,x\n"))
    assert read.warnings == ("c.csv: the column number 3 is not known and was left out",)


def test_a_cell_that_is_no_date_is_an_error_with_its_place_and_nobody_is_identified_by_the_row(tmp_path: Path) -> None:
    read = load_clients(csv_file(tmp_path / "c.csv", "case_ref,full_name,date_of_birth\nHL/1,Rosalind Teasdale,May 79\n"))
    assert [str(error) for error in read.errors] == ["c.csv, row 2, column date_of_birth: not_a_date"]
    assert read.rows[0].full_name == "Rosalind Teasdale"  # still a name that must not get out
    assert read.rows[0].unreadable == ("date_of_birth",)


@pytest.mark.parametrize("text", ["31/02/2026", "2026-13-01", "1/2/26", "02-03-2026", "tomorrow", "2026-1-1x", "45000"])
def test_a_date_that_could_be_another_is_no_date(tmp_path: Path, text: str) -> None:
    read = load_clients(csv_file(tmp_path / "c.csv", f"case_ref,full_name,referred_on\nHL/1,Piran Oke,{text}\n"))
    assert read.rows[0].referred_on is None
    assert [error.problem for error in read.errors] == ["not_a_date"]


def test_two_clients_of_one_reference_are_an_ambiguity(tmp_path: Path) -> None:
    path = csv_file(tmp_path / "c.csv", "case_ref,full_name\nHL/1,A B\nHL/1,C D\nHL/2,E F\n")
    registers = Registers.load(path, None, None, None)
    assert [len(registers.clients_of(ref)) for ref in ("HL/1", "HL/2", "HL/3")] == [2, 1, 0]
    assert [(error.row, error.problem) for error in registers.errors] == [(2, "duplicate"), (3, "duplicate")]


def lock_excel(path: Path) -> None:
    csv_file(path, CLIENTS)
    path.with_name("~$" + path.name).write_bytes(b"x")


def lock_libreoffice(path: Path) -> None:
    csv_file(path, CLIENTS)
    path.with_name(f".~lock.{path.name}#").write_bytes(b"x")


BROKEN: Mapping[str, tuple[str, Callable[[Path], object]]] = {
    "missing": ("c.csv", lambda path: None),
    "empty": ("c.csv", lambda path: path.write_bytes(b"")),
    "blank": ("c.csv", lambda path: path.write_bytes(b"\xef\xbb\xbf\n \n")),
    "other encoding": ("c.csv", lambda path: csv_file(path, "case_ref,file,full_name\nHL/1,a,Zoë\n", "cp1252")),
    "utf-16": ("c.csv", lambda path: csv_file(path, CLIENTS, "utf-16")),
    "no case_ref": ("c.csv", lambda path: csv_file(path, "name\nx\n")),
    "a column twice": ("c.csv", lambda path: csv_file(path, "case_ref,case_ref\n1,2\n")),
    "an open quotation mark": ("c.csv", lambda path: csv_file(path, 'case_ref,file\nHL/1,"a\nHL/2,b\n')),
    "a folder": ("c.csv", lambda path: path.mkdir()),
    "a workbook that is none": ("c.xlsx", lambda path: path.write_bytes(b"PK\x03\x04 not really")),
    "text called a workbook": ("c.xlsx", lambda path: csv_file(path, CLIENTS)),
    "a workbook called text": ("c.csv", lambda path: workbook(path.with_suffix(".xlsx"), [["case_ref"]]).rename(path)),
    "open in Excel": ("c.csv", lock_excel),
    "open in LibreOffice": ("c.csv", lock_libreoffice),
}


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("load", LOADERS)
def test_a_register_that_cannot_be_read_ends_in_a_message_that_names_it(
    tmp_path: Path, how: str, load: Callable[[Path], object]
) -> None:
    name, break_it = BROKEN[how]
    break_it(tmp_path / name)
    with pytest.raises(RegisterError) as caught:
        load(tmp_path / name)
    assert name in caught.value.message
    assert caught.value.remedy
    assert "Zo" not in caught.value.message


@pytest.mark.parametrize("how", BROKEN)
def test_a_permission_register_that_cannot_be_read_identifies_nobody_and_says_so(tmp_path: Path, how: str) -> None:
    name, break_it = BROKEN[how]
    break_it(tmp_path / name)
    read = load_permissions(tmp_path / name)
    assert (read.readable, read.rows) == (False, ())
    assert [str(error) for error in read.errors] == [f"{name}: register_unreadable"]
    assert "Nobody is identified" in read.warnings[0]
    assert (
        judge(read.rows, None, Purpose.PUBLICITY, date(2026, 10, 5), Organisation("x"), read.readable).reason
        == "register_unreadable"
    )


def test_a_register_with_headings_and_no_rows_is_readable_and_gives_nobody(tmp_path: Path) -> None:
    read = load_permissions(csv_file(tmp_path / "p.csv", "consent_id,case_ref\n"))
    assert (read.readable, read.rows, read.warnings) == (True, (), ("p.csv has no rows",))


@pytest.mark.parametrize("column", ["excluded_topics", "effective_from", "expires_on", "withdrawn_on"])
def test_a_permission_register_that_lacks_what_ends_or_narrows_one_names_nobody_and_says_so(tmp_path: Path, column: str) -> None:
    headings = ["consent_id", "case_ref", "response", "excluded_topics", "effective_from", "expires_on", "withdrawn_on"]
    misspelt = ",".join("when_" + name if name == column else name for name in headings)
    read = load_permissions(csv_file(tmp_path / "p.csv", f"{misspelt}\nF-1,HL/1,granted,,,,\nF-2,HL/2,refused,,,,\n"))
    assert [row.unreadable for row in read.rows] == [(column,), (column,)]
    assert [str(error) for error in read.errors] == [f"p.csv, row 1, column {column}: no_column"]
    assert read.warnings[0] == f"p.csv has no column {column}. Nobody is identified. Its first row must name the columns."


def test_a_client_list_without_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match="full_name"):
        load_clients(csv_file(tmp_path / "c.csv", "case_ref,client\nHL/1,Piran Oke\n"))


# --- stories


@pytest.mark.parametrize(
    ("source", "refs"),
    [
        ("a.txt", ("HL/1",)),
        ("notes/a.txt", ("HL/1",)),
        ("NOTES/A.TXT", ("HL/1",)),
        ("b.txt", ("HL/2", "HL/3")),
        ("2025/c.txt", ("HL/4",)),
        ("2026/c.txt", ("HL/5",)),
        ("c.txt", ("HL/4", "HL/5")),
        ("d.txt", ()),
        ("aa.txt", ()),
        ("d\\e.txt", ("HL/6",)),
        ("x/f.txt", ("HL/7",)),
    ],
)
def test_a_file_belongs_to_the_cases_that_its_name_leads_to(tmp_path: Path, source: str, refs: tuple[str, ...]) -> None:
    rows = (
        "a.txt,HL/1",
        "b.txt,HL/2",
        "b.txt,HL/3",
        "2025/c.txt,HL/4",
        "2026\\c.txt,HL/5",
        "d/e.txt,HL/6",
        "f.txt,HL/7",
        "f.txt,HL/7",
    )
    text = "\n".join(("file,case_ref", *rows, ""))
    path = csv_file(tmp_path / "s.csv", text)
    assert refs_for(load_stories(path), source) == refs
    registers = Registers.load(None, path, None, None)
    assert registers.refs_of(source, None) == refs
    assert registers.refs_of(source, "STATED") == (refs or ("STATED",))


def test_a_story_row_without_a_reference_is_an_error(tmp_path: Path) -> None:
    read = load_stories(csv_file(tmp_path / "s.csv", "file,case_ref\na.txt,\n"))
    assert (read.rows, [str(e) for e in read.errors]) == ((), ["s.csv, row 2, column case_ref: missing"])


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_whatever_the_bytes_a_register_is_read_or_refused_and_permissions_never_stop_a_run(tmp_path: Path, data: bytes) -> None:
    for name in ("r.csv", "r.xlsx"):
        path = tmp_path / name
        path.write_bytes(b"case_ref,file\n" + data if name == "r.csv" else data)
        load_permissions(path)
        for load in LOADERS:
            with contextlib.suppress(RegisterError):
                load(path)
