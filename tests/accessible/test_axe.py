"""Every web page that is written for people can be used without seeing it, without a mouse, and by axe's rules (P27).

axe-core runs where STORYSAFE_AXE names axe.min.js and Chromium and Playwright are installed; our own checks always run.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from pipeline.accessible import Version, write_versions
from pipeline.domain.client import Client
from pipeline.domain.duties import Marking
from pipeline.domain.organisation import Organisation
from pipeline.duties import access, disclose
from pipeline.duties.papers import write_policy_papers
from pipeline.duties.seek import write_request
from pipeline.policy.policies import load_policy
from pipeline.records.duties import Register
from pipeline.records.workspace import Workspace
from tests.accessible.papers import HARBOUR

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DAY = date(2026, 11, 22)
LEAST = 4.5  # the contrast of text and ground that WCAG asks for
PACK = access.Pack(
    "Ada Quill", "HL-1", DAY, "",
    (access.Section("client_list", "Our client list", ((("full_name", "Ada Quill"), ("phone", "07700 900123")),)),
     access.Section("permissions", "Your permissions", (), given=False),
     access.Section("told", "What was told, and to whom", ((("date", "2026-01-01"),), (("date", "2026-02-02"),)))),
    (access.Document("note.txt", (access.Passage("body", "Ada came."), access.Passage("table 1, row 2", "Yes", "Help")), False),),
    (access.LeftOut("names of other people", 3, "it is about somebody else"),), ("scan.docx",),
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every paper that storysafe writes for people."""
    here = tmp_path_factory.mktemp("papers")
    write_policy_papers(HARBOUR, load_policy(templates / "policy.toml"), DAY, here)
    client = Client(case_ref="HL-1", row=2, full_name="Ada Quill", date_of_birth=date(1971, 3, 2), service="Housing")
    write_request("request", client, HARBOUR, here, DAY)
    write_request(
        "request-child", Client(case_ref="HL-2", row=3, full_name="Bo Quill", date_of_birth=date(2015, 3, 2)), HARBOUR, here, DAY
    )
    write_versions(access.reply_letter(PACK, HARBOUR, DAY), HARBOUR, here, "letter")
    write_versions(access.pack_paper(PACK), HARBOUR, here, "your-information")
    write_cover_note(here)
    return here


def write_cover_note(here: Path) -> None:
    item = here / "report.txt"
    item.write_text("A report.", encoding="utf-8")
    workspace = Workspace(here / "workspace")
    with workspace.store() as store:
        register = Register(workspace, store)
        disclose.add_agreement(register, "Ellerwick Council", True, DAY, "SLA 7")
        marked = disclose.Marked(item, Marking.CONFIDENTIAL, "It tells of a small group")
        disclose.disclose(register, disclose.Request("Ellerwick Council", DAY, (marked,), ("other",)), HARBOUR, here / "sent")
    for path in (here / "sent").glob(f"{disclose.COVER}*"):
        path.rename(here / path.name)


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(folder.glob("*.html"))}


def test_every_paper_is_there_in_every_version(folder: Path, pages: dict[str, Path]) -> None:
    assert len(pages) == 17
    for stem in pages:
        assert {version for version in Version if (folder / f"{stem}{version}").is_file()} == set(Version), stem


def test_a_page_says_its_language_and_its_title_and_has_one_way_in(pages: dict[str, Path]) -> None:
    for stem, path in pages.items():
        page = html.fromstring(path.read_text(encoding="utf-8"))
        assert page.get("lang") == "en-GB", stem
        assert page.findtext(".//title").strip(), stem
        levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels[0] == 1, stem
        assert levels.count(1) == 1, stem
        assert all(below - above <= 1 for above, below in pairwise(levels)), stem
        assert all(heading.text_content().strip() for heading in page.iter("h1", "h2", "h3", "h4")), stem
        assert [len(list(page.iter(mark))) for mark in ("header", "main", "footer")] == [1, 1, 1], stem


def test_everything_that_is_said_stands_in_a_landmark(pages: dict[str, Path]) -> None:
    for stem, path in pages.items():
        body = html.fromstring(path.read_text(encoding="utf-8")).find("body")
        assert {child.tag for child in body} == {"header", "main", "footer"}, stem
        assert not (body.text or "").strip() + "".join(child.tail or "" for child in body).strip(), stem


def test_whatever_is_filled_in_has_a_label_and_a_name_of_its_own(pages: dict[str, Path]) -> None:
    for stem, path in pages.items():
        page = html.fromstring(path.read_text(encoding="utf-8"))
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids)), stem
        labels = {label.get("for") for label in page.iter("label") if label.text_content().strip()}
        assert {field.get("id") for field in page.iter("input", "textarea", "select")} == labels, stem
        assert all(group.findtext("legend").strip() for group in page.iter("fieldset")), stem


def test_a_table_says_what_it_is_and_what_its_columns_are(pages: dict[str, Path]) -> None:
    tables = 0
    for stem, path in pages.items():
        for table in html.fromstring(path.read_text(encoding="utf-8")).iter("table"):
            tables += 1
            assert table.findtext("caption").strip(), stem
            heads = table.findall("thead/tr/th")
            assert heads, stem
            assert all(head.get("scope") == "col" and head.text_content().strip() for head in heads), stem
            assert all(len(row.findall("td")) == len(heads) for row in table.iterfind("tbody/tr")), stem
            region = table.getparent()
            assert (region.get("role"), region.get("tabindex"), bool(region.get("aria-label"))) == ("region", "0", True), stem
    assert tables > 5


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_letters_stand_out_from_what_is_behind_them(pages: dict[str, Path]) -> None:
    assert round(contrast("#ffffff", "#767676"), 2) == 4.54  # what the standard says of these two
    style = re.search(r"<style>(.*?)</style>", next(iter(pages.values())).read_text(encoding="utf-8"), re.DOTALL)
    assert style
    inks = 0
    for rule in re.findall(r"\{([^{}]*)\}", style[1]):
        ink = re.search(r"(?<![\w-])color: (#[0-9a-f]{6})", rule)
        ground = re.search(r"(?<![\w-])background: (#[0-9a-f]{6})", rule)
        if ink:
            inks += 1
            assert contrast(ink[1], ground[1] if ground else "#ffffff") >= LEAST, rule
    assert inks > 5


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None or "STORYSAFE_AXE" not in os.environ:
        pytest.skip("Chromium is not installed, or STORYSAFE_AXE does not name axe.min.js")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.mark.slow
def test_axe_finds_nothing(browser: Any, pages: dict[str, Path]) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    found = {}
    for stem, path in pages.items():
        page.goto(path.as_uri())
        page.evaluate(Path(os.environ["STORYSAFE_AXE"]).read_text(encoding="utf-8"))
        result = page.evaluate("axe.run()")
        assert len(result["passes"]) > 10
        found[stem] = [(rule["id"], [node["html"][:120] for node in rule["nodes"]][:4]) for rule in result["violations"]]
    assert {stem: rules for stem, rules in found.items() if rules} == {}
    assert all(url.startswith("file:") for url in asked)


@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_runs_over_its_side(browser: Any, pages: dict[str, Path], width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    for stem, path in pages.items():
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width, stem


def test_an_organisation_without_a_contact_has_papers_too(tmp_path: Path) -> None:
    paths = write_versions(
        access.reply_letter(PACK, Organisation("Ours"), DAY), Organisation("Ours"), tmp_path, "letter", "large print"
    )
    assert paths[0].name == "letter-large-print.docx"
    assert "our office" in (tmp_path / "letter.txt").read_text(encoding="utf-8")
