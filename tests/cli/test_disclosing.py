"""``storysafe disclose``: nothing leaves before it is recorded, and nothing is marked by the dozen (P22 to P24)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_SECTION

from pipeline.errors import RecordsError
from pipeline.records.duties import Register
from tests import flow

AUTHORITY = "Ellerwick Council"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    (tmp_path / "organisation.toml").write_text('[organisation]\nname = "Harbour Lane Project"\n', encoding="utf-8")
    document = docx.Document()
    document.add_paragraph("The report.")
    document.sections[0].different_first_page_header_footer = True
    document.add_section(WD_SECTION.NEW_PAGE).header.is_linked_to_previous = False
    document.save(str(tmp_path / "report.docx"))
    (tmp_path / "figures.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert flow.storysafe(tmp_path, "agreement", "add", AUTHORITY, "--notification-clause", "yes").code == 0
    return tmp_path


def disclose(here: Path, *more: str | Path) -> flow.Run:
    common = ("--category", "other", "--organisation", here / "organisation.toml", "--out", here / "out")
    return flow.storysafe(here, "disclose", AUTHORITY, *common, *more)


def item(here: Path, name: str, marking: str, reason: str = "") -> tuple[str | Path, ...]:
    return ("--item", here / name, "--marking", marking, *(("--reason", reason) if reason else ()))


def test_the_mark_is_on_every_first_and_later_page_of_every_section(here: Path) -> None:
    assert disclose(here, *item(here, "report.docx", "confidential", "A small group")).code == 0
    for section in docx.Document(str(here / "out" / "report.docx")).sections:
        headers = [section.header, *([section.first_page_header] if section.different_first_page_header_footer else [])]
        for header in headers:
            assert [p.text for p in header.paragraphs].count("CONFIDENTIAL: A small group") == 1
    assert docx.Document(str(here / "report.docx")).sections[0].header.is_linked_to_previous


def test_the_register_has_the_digest_of_what_left(here: Path) -> None:
    assert disclose(here, *item(here, "report.docx", "confidential", "A small group")).code == 0
    sent = hashlib.sha256((here / "out" / "report.docx").read_bytes()).hexdigest()
    assert sent[:12] in flow.storysafe(here, "disclose", "list").stdout
    assert sent != hashlib.sha256((here / "report.docx").read_bytes()).hexdigest()


def test_what_cannot_bear_a_mark_leaves_as_it_is_and_that_is_said(here: Path) -> None:
    run = disclose(here, *item(here, "figures.csv", "commercially-sensitive", "Our prices"))
    assert (run.code, "1 items are not Word files" in run.stderr) == (0, True)
    assert (here / "out" / "figures.csv").read_bytes() == (here / "figures.csv").read_bytes()
    assert "Our prices" in flow.text_of(here / "out" / "cover-note.docx")


def test_nothing_leaves_when_it_cannot_be_recorded(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RecordsError("The records cannot be written.", "Free some space.")

    monkeypatch.setattr(Register, "add", broken)
    assert disclose(here, *item(here, "report.docx", "none")).code == 1
    assert not (here / "out").exists()
    assert not list(here.glob(".out.*"))


@pytest.mark.parametrize(
    "wrong",
    [
        ("--item", "report.docx", "--item", "figures.csv", "--marking", "none"),
        ("--item", "report.docx", "--marking", "confidential"),
        ("--item", "report.docx", "--marking", "none", "--reason", "none needed"),
        ("--item", "report.docx", "--marking", "confidential", "--reason", " "),
        ("--item", "report.docx", "--item", "report.docx", "--marking", "none", "--marking", "none"),
        ("--item", "report.docx", "--marking", "none", "--agreement", "99"),
    ],
)
def test_items_that_are_not_marked_one_by_one_are_refused(here: Path, wrong: tuple[str, ...]) -> None:
    assert disclose(here, *(here / word if "." in word else word for word in wrong)).code == 2
    assert not (here / "out").exists()


def test_only_a_registered_manager_can_let_it_go(here: Path) -> None:
    for name, login, role in (("Marguerite Vane", "mvane", "manager"), ("Tansy Orr", "torr", "reporting")):
        for step in (("add", name, "--login", login, "--role", role), ("sign", name), ("train", name)):
            assert flow.storysafe(here, "--as", "mvane", "staff", *step).code == 0
    asked = (
        "--as", "torr", "disclose", "Another Council", *item(here, "report.docx", "none"), "--category", "other",
        "--organisation", here / "organisation.toml", "--out", here / "out", "--override-why", "A court ordered it.",
    )  # fmt: skip
    assert flow.storysafe(here, *asked, "--override-by", "Tansy Orr").code == 1
    assert flow.storysafe(here, *asked, "--override-by", "Somebody Else").code == 2
    assert not (here / "out").exists()
    assert flow.storysafe(here, *asked, "--override-by", "marguerite vane").code == 0


def test_a_folder_that_holds_something_is_not_added_to(here: Path) -> None:
    assert disclose(here, *item(here, "report.docx", "none")).code == 0
    assert disclose(here, *item(here, "figures.csv", "none")).code == 2
