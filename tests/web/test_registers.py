"""Registers looked at and mended on the page: every fault beside its cell, nothing overwritten, nothing that runs."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from pipeline.records.audit import verify
from pipeline.web.registers import Sheet, look
from tests.web.sites import SCRIPT, Visitor, site, visitor
from tests.web.test_doors import tags

CLIENTS = (
    "case_ref,full_name,date_of_birth,outcome_value,phone\n"
    "HL-1,Rosalind Teasdale,1979-05-17,640,+44 7700 900123\n"
    "HL-2,Petronella Aske,17th May,some,\n"
    "HL-2,Hester Quill,1981-01-01,,\n"
)
DECISIONS = (
    "case_ref,purpose,reason,decision,decided_by,manager,why,decided_on\n"
    "HL-1,publicity,safeguarding,release,Tansy Orr,T Orr,She wants it told,2026-10-01\n"
    "all,advertising,safeguarding,maybe,Tansy Orr,Marguerite Vane,,never\n"
)
PERMISSIONS = (
    "consent_id,case_ref,subject_name,purpose_publicity,identity_level,given_on,evidence_file\n"
    "P-1,HL-1,Rosalind Teasdale,perhaps,whole name,2026-13-45,evidence/form.pdf\n"
)


@pytest.fixture
def page(tmp_path: Path) -> Visitor:
    return visitor(site(tmp_path / "workspace"))


def path_of(page: Visitor, name: str) -> Path:
    path = page.site.shelf.register(name)
    assert path is not None
    return path


def sheet(page: Visitor, name: str) -> Sheet:
    return look(name, path_of(page, name))


def rows(page: Visitor, name: str) -> list[dict[str, str]]:
    with path_of(page, name).open(encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def save(page: Visitor, name: str, number: int, change: dict[str, str] | None = None, **more: str) -> str:
    """Send the form of a row as it stands on its page, with some cells changed."""
    shown = sheet(page, name)
    line = shown.line(number)
    cells = [cell.text for cell in line.cells] if line else [""] * len(shown.columns)
    for column, text in (change or {}).items():
        cells[shown.columns.index(column)] = text
    fields = {f"c{at}": text for at, text in enumerate(cells)} | {"digest": shown.digest, "row": str(number), "act": "save"}
    return page.send(f"/registers/{name}/save", page=f"/registers/{name}", **(fields | more))


# ---- faults -------------------------------------------------------------------------------------------------------------


def test_every_fault_stands_beside_its_cell_with_what_to_do(page: Visitor) -> None:
    assert "Kept: 3 rows, 2 to mend" in page.hand("clients", "Our clients.csv", CLIENTS)
    first, second, third = sheet(page, "clients").lines
    assert not first.wrong
    assert [cell.problem[:12] for cell in second.cells] == ["Another row ", "", "Not a date. ", "Not a number", ""]
    assert third.cells[0].problem.startswith("Another row has the same reference")
    text = page.look("/registers/clients")
    bad = re.findall(r'<td class="bad"><span class="private">([^<]*)</span><p class="fault">([^<]*)', text)
    assert [(cell, fault[:10]) for cell, fault in bad] == [
        ("HL-2", "Another ro"), ("17th May", "Not a date"), ("some", "Not a numb"), ("HL-2", "Another ro"),
    ]  # fmt: skip
    assert "Rosalind" not in page.look("/registers/clients?only=wrong")
    row = page.look("/registers/clients/3")
    assert re.search(r'value="17th May"[^>]*aria-invalid="true" aria-describedby="p2"', row)
    assert re.search(r'id="p2">Not a date\. Write it as 2026-10-05', row)


def test_decisions_and_permissions_show_their_own_faults(page: Visitor) -> None:
    page.hand("decisions", "d.csv", DECISIONS)
    one, two = sheet(page, "decisions").lines
    assert "somebody else" in one.cells[5].problem
    assert [bool(cell.problem) for cell in two.cells] == [True, True, False, True, False, False, True, True]
    assert "publicity, reporting, training" in two.cells[1].problem
    page.hand("permissions", "p.csv", PERMISSIONS)
    (line,) = sheet(page, "permissions").lines
    assert [bool(cell.problem) for cell in line.cells] == [False, False, False, True, True, True, True]
    assert "signed form is not there" in line.cells[6].problem
    assert "1 signed forms kept" in page.upload(("scan/form.pdf", b"%PDF-1.4 signed"), to="/registers/hand", kind="evidence")
    assert not sheet(page, "permissions").lines[0].cells[6].problem


def test_a_row_with_a_comma_too_many_says_so(page: Visitor) -> None:
    page.hand("stories", "s.csv", "file,case_ref\nnote.txt,HL-1,HL-2\n")
    (line,) = sheet(page, "stories").lines
    assert "comma too many" in line.problem
    assert "comma too many" in page.look("/registers/stories")
    assert "no heading" in page.look("/registers/stories/2")
    save(page, "stories", 2, c2="")
    assert rows(page, "stories") == [{"file": "note.txt", "case_ref": "HL-1"}]


@pytest.mark.parametrize(
    ("kind", "name", "data", "why"),
    [
        ("clients", "c.csv", b"", "is empty"),
        ("clients", "c.csv", b"full_name\nRosalind Teasdale\n", "has no column case_ref"),
        ("clients", "c.csv", b"case_ref,full_name\nHL-1,\"Rosalind\n", "cannot be understood"),
        ("clients", "c.csv", "case_ref,full_name\nHL-1,Zo\xeb\n".encode("latin-1"), "not written in UTF-8"),
        ("clients", "c.xlsx", b"PK\x03\x04 nonsense", "not a workbook"),
        ("clients", "c.exe", b"MZ", "ends in .csv or .xlsx"),
        ("permissions", "p.csv", b"nothing\n1\n", "has no column case_ref"),
        ("organisation", "o.toml", b"[organisation]\nname = 3\n", "line 2"),
        ("organisation", "o.csv", b"name\n", "ends in .toml"),
        ("everything", "c.csv", b"case_ref\n", "say which register"),
    ],
)  # fmt: skip
def test_a_register_that_cannot_be_read_is_refused_and_the_one_before_stays(
    page: Visitor, kind: str, name: str, data: bytes, why: str
) -> None:
    page.hand("clients", "good.csv", CLIENTS)
    before = path_of(page, "clients").read_bytes()
    text = page.hand(kind, name, data)
    said = re.search(r'<p class="note wrong"[^>]*>([^<]*)', text)
    assert said
    assert why in said[1]
    assert "Rosalind" not in said[1]
    assert path_of(page, "clients").read_bytes() == before
    assert page.site.shelf.register("organisation") is None


# ---- mending ------------------------------------------------------------------------------------------------------------


def test_a_mended_cell_is_saved_and_what_was_there_before_is_kept(page: Visitor) -> None:
    page.hand("clients", "c.csv", CLIENTS)
    before = path_of(page, "clients").read_bytes()
    text = save(page, "clients", 3, {"date_of_birth": "17/05/1975", "outcome_value": "120"})
    assert "<h1>Row 3</h1>" in text  # its reference is still that of another
    assert "Client list</h1>" in save(page, "clients", 3, {"case_ref": "HL-3"})
    assert [row["case_ref"] for row in rows(page, "clients")] == ["HL-1", "HL-3", "HL-2"]
    assert rows(page, "clients")[0]["phone"] == "+44 7700 900123"
    assert sheet(page, "clients").wrong == 0
    assert sorted(page.site.shelf.history.glob("clients-*"))[0].read_bytes() == before


def test_rows_are_added_and_taken_out(page: Visitor) -> None:
    assert "A new row" in page.send("/registers/stories/begin")
    save(page, "stories", 0, {"file": "note.txt", "case_ref": "HL-1"})
    save(page, "stories", 0, {"file": "other, with a comma.txt", "case_ref": 'HL-"2"'})
    assert rows(page, "stories")[1] == {"file": "other, with a comma.txt", "case_ref": 'HL-"2"'}
    assert "Tick the box" in save(page, "stories", 2, act="remove")
    save(page, "stories", 2, act="remove", sure="yes")
    assert [row["file"] for row in rows(page, "stories")] == ["other, with a comma.txt"]


def test_the_story_index_offers_the_files_that_are_about_nobody_and_the_references_that_there_are(page: Visitor) -> None:
    page.hand("clients", "c.csv", CLIENTS)
    page.hand("stories", "s.csv", "file,case_ref\na.txt,HL-1\n")
    page.upload(("a.txt", b"x"), ("b.txt", b"y"))
    offered = re.findall(r'<option value="([^"]*)">', page.look("/registers/stories/0"))
    assert offered == ["b.txt", "HL-1", "HL-2"]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(page: Visitor) -> None:
    page.hand("stories", "s.csv", "file,case_ref\nnote.txt,HL-1\n")
    digest = sheet(page, "stories").digest
    path_of(page, "stories").write_text("file,case_ref\nnote.txt,HL-9\n", encoding="utf-8")
    text = save(page, "stories", 2, {"case_ref": "HL-2"}, digest=digest)
    assert "changed meanwhile" in text
    assert rows(page, "stories")[0]["case_ref"] == "HL-9"
    path_of(page, "stories").with_name(".~lock.stories.csv#").write_text("open", encoding="utf-8")
    assert "open in another program" in save_open(page)
    assert rows(page, "stories")[0]["case_ref"] == "HL-9"


def save_open(page: Visitor) -> str:
    digest = look("stories", path_of(page, "stories")).digest
    return page.send("/registers/stories/save", digest=digest, row="2", c0="note.txt", c1="HL-2")


@pytest.mark.parametrize("row", ["99", "-1", "x", "1", "99999999999"])
def test_a_row_that_is_not_there_is_not_written(page: Visitor, row: str) -> None:
    page.hand("stories", "s.csv", "file,case_ref\nnote.txt,HL-1\n")
    before = path_of(page, "stories").read_bytes()
    assert "no such row" in save(page, "stories", 2, row=row)
    assert path_of(page, "stories").read_bytes() == before
    assert page.client.get(f"/registers/stories/{row}").status_code in (404, 409)


def test_a_workbook_is_mended_as_one_and_its_formulas_stay_words(page: Visitor, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["file", "case_ref"])
    book.active.append(["note.txt", "HL-1"])
    book.save(tmp_path / "s.xlsx")
    page.hand("stories", "s.xlsx", (tmp_path / "s.xlsx").read_bytes())
    save(page, "stories", 2, {"case_ref": "HL-2"})
    sheet_now = load_workbook(path_of(page, "stories")).active
    assert [[cell.value for cell in row] for row in sheet_now.iter_rows()] == [["file", "case_ref"], ["note.txt", "HL-2"]]
    assert {cell.data_type for row in sheet_now.iter_rows() for cell in row} == {"s"}
    assert page.site.shelf.history.joinpath("stories-000001.xlsx").is_file()


# ---- what cells can do --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [SCRIPT, '"><img src=x onerror=alert(1)>', "</textarea><script>alert(1)</script>\nx", "{{ 7-7 }}", "' onfocus=alert(1) '"],
)
def test_a_script_in_a_cell_or_a_heading_is_shown_and_does_not_run(page: Visitor, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    page.hand("stories", "s.csv", f"file,case_ref,{quoted}\n{quoted},{quoted},{quoted}\n")
    for path in ("/registers", "/registers/stories", "/registers/stories/2", "/registers/stories/0"):
        shown = page.look(path)
        for tag, attributes in tags(shown):
            assert tag != "img" or attributes["src"] == "/static/mark.svg"
            assert tag != "script" or attributes["src"].startswith("/static/")
            assert not [each for each in attributes if each.startswith("on")]
    assert page.client.get("/registers/stories").headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "text", ["=1+1", "@SUM(A1)", '=HYPERLINK("http://evil.example")', "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", " =1"]
)
def test_no_formula_is_written_that_was_not_there(page: Visitor, text: str) -> None:
    page.hand("stories", "s.csv", "file,case_ref\n=2+2,HL-1\n")
    assert "take that for a formula" in save(page, "stories", 2, {"case_ref": text})
    assert rows(page, "stories") == [{"file": "=2+2", "case_ref": "HL-1"}]
    assert "Saved" in save(page, "stories", 2, {"case_ref": "HL-2"})
    assert rows(page, "stories") == [{"file": "=2+2", "case_ref": "HL-2"}]


@pytest.mark.parametrize("text", ["+44 7700 900123", "-12.50", "(01632) 960123", "a=b", "O'Neil"])
def test_telephone_numbers_and_amounts_are_no_formulas(page: Visitor, text: str) -> None:
    page.hand("stories", "s.csv", "file,case_ref\nnote.txt,HL-1\n")
    assert "Saved" in save(page, "stories", 2, {"case_ref": text})
    assert rows(page, "stories")[0]["case_ref"] == text


@pytest.mark.parametrize(
    "path", ["/registers/nothing", "/registers/..%2fsecret", "/registers/clients/../../secret", "/registers/%00"]
)
def test_no_other_file_is_a_register(page: Visitor, path: str) -> None:
    assert page.client.get(path).status_code in (404, 409)


def test_cells_are_in_no_address_no_title_and_no_trail(page: Visitor) -> None:
    page.hand("clients", "Rosalind Teasdale.csv", CLIENTS)
    save(page, "clients", 2, {"full_name": "Rosalind Teasdale-Vane"})
    for path in ("/registers/clients", "/registers/clients/2"):
        text = page.look(path)
        assert "Teasdale-Vane" in text
        assert "Teasdale" not in text.partition("</title>")[0]
        assert not [
            value for _, given in tags(text) for name in ("href", "action") if "easdale" in (value := given.get(name, ""))
        ]
    trail = page.site.base.workspace.trail  # type: ignore[union-attr]
    assert "easdale" not in trail.read_text(encoding="utf-8")
    assert verify(trail) is None
