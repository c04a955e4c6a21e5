"""Every version of a paper can be used: by eye, by ear, on a screen, with a pen (P27)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree, html

from pipeline.accessible import Version, version_for, write_versions
from pipeline.errors import RenderError
from tests.accessible.papers import HARBOUR, as_pdf, made
from tests.documents.reading import headings, languages, part, words

W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
TEXT = """# A form
First words.\\
A second line.
## Part
- one
- two
> Mind this.
?1 Which?
[ ] This one <identity_level=full name>
[ ] That one <identity_level=anonymous>
__ Your name <subject_name> = {name}
____ More
===
### Smaller
|= What is what
| A | B |
| one | |
"""
NASTY = 'O\'Quill <b>&amp; "x" {name} {{ 7*7 }} {% raw %} \x00\x07\ud800 ☃'


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> dict[Version, Path]:
    folder = tmp_path_factory.mktemp("versions")
    paper = made(folder, TEXT, name="Ada Quill")
    write_versions(paper, HARBOUR, folder, "form")
    return {version: folder / f"form{version}" for version in Version}


def test_every_version_holds_every_word(versions, tmp_path: Path):
    paper = made(tmp_path, TEXT, name="Ada Quill")
    texts = {
        Version.WORD: words(versions[Version.WORD]),
        Version.LARGE_PRINT: words(versions[Version.LARGE_PRINT]),
        Version.TEXT: versions[Version.TEXT].read_text(encoding="utf-8"),
        Version.PAGE: versions[Version.PAGE].read_text(encoding="utf-8"),
    }
    for version, text in texts.items():
        for piece in paper.texts():
            assert all(word in text for word in piece.split()), (version, piece)


@pytest.mark.parametrize("version", [Version.WORD, Version.LARGE_PRINT])
def test_word_has_real_headings_and_is_british(versions, version):
    path = versions[version]
    assert headings(path) == [("Title", "A form"), ("Heading 1", "Part"), ("Heading 2", "Smaller")]
    assert languages(path) == {"en-GB"}
    properties = Document(str(path)).core_properties
    assert (properties.title, properties.author, properties.language) == ("A form", HARBOUR.name, "en-GB")


@pytest.mark.parametrize(("version", "points"), [(Version.WORD, 12), (Version.LARGE_PRINT, 18)])
def test_no_letter_is_smaller_than_it_should_be(versions, version, points):
    roots = [part(versions[version], "word/styles.xml"), part(versions[version], "word/document.xml")]
    sizes = [int(node.get(qn("w:val"))) for root in roots for node in root.iter(qn("w:sz"), qn("w:szCs"))]
    assert min(sizes) == points * 2
    assert Document(str(versions[version])).styles["Normal"].font.size.pt == points


def test_boxes_are_controls_named_by_their_labels(versions):
    controls = list(part(versions[Version.WORD], "word/document.xml").iter(qn("w:sdt")))
    names = [control.find(f".//{qn('w:alias')}").get(qn("w:val")) for control in controls]
    assert names == ["This one", "That one", "Your name", "More"]
    assert [c.find(f".//{qn('w:tag')}").get(qn("w:val")) for c in controls[:3]] == [
        "identity_level=full name", "identity_level=anonymous", "subject_name",
    ]  # fmt: skip
    assert [len(list(c.iter(f"{W14}checkbox"))) for c in controls] == [1, 1, 0, 0]
    ids = [control.find(f".//{qn('w:id')}").get(qn("w:val")) for control in controls]
    assert len(set(ids)) == len(ids)


def test_tables_have_a_marked_header_row_and_a_description(versions):
    (table,) = Document(str(versions[Version.WORD])).tables
    assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val")) == "What is what"


def test_pages_are_numbered_and_a_new_page_is_no_empty_paragraph(versions):
    document = Document(str(versions[Version.WORD]))
    assert "PAGE" in etree.tostring(document.sections[0].footer._element).decode()
    (smaller,) = [p for p in document.paragraphs if p.text == "Smaller"]
    assert smaller.paragraph_format.page_break_before
    assert all(p.text for p in document.paragraphs if p.paragraph_format.page_break_before)


def test_libreoffice_opens_both_word_versions(versions, tmp_path: Path):
    for version in (Version.WORD, Version.LARGE_PRINT):
        assert as_pdf(versions[version], tmp_path).startswith(b"%PDF")


def test_plain_text_has_short_lines_and_says_what_is_to_be_filled_in(versions):
    text = versions[Version.TEXT].read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 78
    assert "[ ] This one" in text
    assert "PLEASE NOTE: Mind this." in text
    assert "Your name:\n    Ada Quill" in text
    assert "A: one" in text


@pytest.fixture(scope="module")
def page(versions) -> html.HtmlElement:
    return html.fromstring(versions[Version.PAGE].read_text(encoding="utf-8"))


def test_the_page_names_its_language_and_title_and_has_landmarks(page):
    assert page.get("lang") == "en-GB"
    assert "A form" in page.findtext(".//title")
    assert [len(page.findall(f".//{tag}")) for tag in ("main", "header", "footer", "h1")] == [1, 1, 1, 1]


def test_headings_of_the_page_skip_no_level(page):
    levels = [int(node.tag[1]) for node in page.iter("h1", "h2", "h3", "h4")]
    assert levels == [1, 2, 3]
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_everything_to_fill_in_has_a_label_of_its_own(page):
    fields = [*page.iter("input", "textarea")]
    ids = [field.get("id") for field in fields]
    assert len(fields) == 4
    assert len(set(ids)) == len(ids)
    assert all(page.xpath(f"//label[@for='{name}']") for name in ids)
    assert [f.get("type") for f in page.iter("input")] == ["radio", "radio", "text"]
    assert page.findtext(".//fieldset/legend") == "Which?"


def test_table_headers_say_which_way_they_go(page):
    assert [th.get("scope") for th in page.iter("th")] == ["col", "col"]
    assert page.findtext(".//table/caption") == "What is what"


def test_the_page_fetches_nothing(versions):
    assert not re.search(r"https?://|@import|url\(|<script|<link", versions[Version.PAGE].read_text(encoding="utf-8"))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("ink", "ground"),
    [("#22303a", "#ffffff"), ("#4f5b66", "#ffffff"), ("#0f4c5c", "#ffffff"), ("#0f4c5c", "#e8f2f2"), ("#ffffff", "#0f4c5c")],
)
def test_colours_stand_out_enough(templates: Path, ink: str, ground: str):
    assert ink in (templates / "papers" / "paper.html").read_text(encoding="utf-8")
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_no_name_breaks_a_file_or_becomes_markup(tmp_path: Path):
    write_versions(made(tmp_path, TEXT, name=NASTY), HARBOUR, tmp_path, "nasty")
    shown = 'O\'Quill <b>&amp; "x" {name} {{ 7*7 }} {% raw %} ☃'
    assert shown in words(tmp_path / "nasty.docx")
    assert shown in (tmp_path / "nasty.txt").read_text(encoding="utf-8")
    page = html.fromstring((tmp_path / "nasty.html").read_text(encoding="utf-8"))
    assert shown in [field.get("value") for field in page.iter("input")]
    assert not list(page.iter("b"))


def test_the_same_paper_gives_the_same_bytes(versions, tmp_path: Path):
    write_versions(made(tmp_path, TEXT, name="Ada Quill"), HARBOUR, tmp_path, "form")
    for version, path in versions.items():
        assert (tmp_path / f"form{version}").read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("need", "version"),
    [
        ("", Version.WORD), ("large print", Version.LARGE_PRINT), ("Needs LARGE-PRINT letters", Version.LARGE_PRINT),
        ("partially sighted", Version.LARGE_PRINT), ("read aloud", Version.TEXT), ("uses a screen reader", Version.TEXT),
        ("interpreter, Punjabi", Version.TEXT), ("by e-mail please", Version.PAGE), ("wheelchair", Version.WORD),
    ],
)  # fmt: skip
def test_a_recorded_need_chooses_the_version_that_is_named_first(tmp_path: Path, need: str, version: Version):
    assert version_for(need) is version
    first, *others = write_versions(made(tmp_path, "# T\nWords.\n"), HARBOUR, tmp_path, "paper", need)
    assert first.name == f"paper{version}"
    assert len({first, *others}) == len(Version)


def test_a_logo_stands_above_the_title_with_words_for_those_who_cannot_see_it(tmp_path: Path):
    from PIL import Image

    Image.new("RGB", (40, 20), "#0F4C5C").save(tmp_path / "logo.png")
    organisation = replace(HARBOUR, logo=tmp_path / "logo.png")
    write_versions(made(tmp_path, TEXT, name="A"), organisation, tmp_path, "logo")
    shapes = Document(str(tmp_path / "logo.docx")).inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == [f"Logo of {HARBOUR.name}"]


def test_a_layout_without_its_styles_is_named(tmp_path: Path):
    from pipeline.accessible.word import write_word

    Document().save(str(tmp_path / "bare.docx"))
    with pytest.raises(RenderError, match=r"bare\.docx: a style is missing"):
        write_word(made(tmp_path, TEXT, name="A"), HARBOUR, tmp_path / "bare.docx", tmp_path / "out.docx")
    assert not (tmp_path / "out.docx").exists()
