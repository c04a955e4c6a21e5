"""The sanitised copy: laws over random documents, what stays of the layout, and copies of the other formats."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from docx.shared import Cm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from pypdf import PdfReader

from pipeline.domain.assessment import Forbidden
from pipeline.domain.replacement import Replacement, apply, in_order
from pipeline.sources import SourceFile, read_whole
from pipeline.sources.copy import copy_name, write_copy
from pipeline.verify.assess import assess, assess_bytes
from pipeline.verify.surfaces import SurfaceIndex
from pipeline.word.package import normalise
from tests.word.planting import FIRST, LAST, NAME, base, field, into_body, link, paragraph, picture, png, text_run, zipped

INDEX = SurfaceIndex(Forbidden(((NAME, "PERSON"), (FIRST, "PERSON"), (LAST, "PERSON"))))
ANON = 'w:id="9" w:author="Vera Marchbanks" w:date="2026-05-06T10:22:00Z"'


def redact(source: Path, *, words: str = "Somebody") -> Path:
    """A copy in which every forbidden surface that reading shows is replaced."""
    story = read_whole(SourceFile(source, source.name, 1))
    spans: list[tuple[int, int]] = []
    for start, end in sorted({(hit.start, hit.end) for hit in INDEX.find(story.text)}, key=lambda span: (span[0], -span[1])):
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
    target = source.with_name("copy-" + Path(copy_name(source.name)).name)
    write_copy(
        SourceFile(source, source.name, 1), target, [Replacement(a, b, words) for a, b in spans], author="Wren", title="Copy"
    )
    return target


# --- law 1, over random documents

SHOWN = {
    "run": lambda text: text_run(text),
    "bold": lambda text: text_run(text, "<w:b/>"),
    "inserted": lambda text: f"<w:ins {ANON}>{text_run(text)}</w:ins>",
    "moved here": lambda text: f"<w:moveTo {ANON}>{text_run(text)}</w:moveTo>",
    "link": lambda text: f'<w:hyperlink w:anchor="a">{text_run(text)}</w:hyperlink>',
    "smart tag": lambda text: f'<w:smartTag w:element="x">{text_run(text)}</w:smartTag>',
    "control": lambda text: f"<w:sdt><w:sdtContent>{text_run(text)}</w:sdtContent></w:sdt>",
    "field result": lambda text: field("MERGEFIELD x", text),
    "simple field": lambda text: f'<w:fldSimple w:instr="TITLE">{text_run(text)}</w:fldSimple>',
}
UNSEEN = {
    "deleted": lambda text: f"<w:del {ANON}><w:r><w:delText>{text}</w:delText></w:r></w:del>",
    "moved away": lambda text: f"<w:moveFrom {ANON}>{text_run(text)}</w:moveFrom>",
    "hidden": lambda text: text_run(text, "<w:vanish/>"),
    "field code": lambda text: field(f"INCLUDETEXT {text}", ""),
    "bookmark": lambda text: f'<w:bookmarkStart w:id="3" w:name="{text}"/><w:bookmarkEnd w:id="3"/>',
}
WORDS = st.text(alphabet="abcdefg hijk .,éł", min_size=1, max_size=12)


@st.composite
def paragraphs(draw: st.DrawFn) -> tuple[str, str]:
    """A paragraph's XML and the text that it shows; the name stands in it, cut into pieces of any kind."""
    cuts = sorted(draw(st.sets(st.integers(1, len(NAME) - 1), max_size=4)))
    edges = [0, *cuts, len(NAME)]
    shown = [f"x{draw(WORDS)} ", *(NAME[a:b] for a, b in pairwise(edges)), f" {draw(WORDS)}x"]
    xml = []
    for piece in shown:
        xml.append(SHOWN[draw(st.sampled_from(sorted(SHOWN)))](piece))
        if draw(st.booleans()):
            xml.append(UNSEEN[draw(st.sampled_from(sorted(UNSEEN)))](draw(st.sampled_from([NAME, LAST]))))
    return paragraph("".join(xml)), "".join(shown)


def shown_text(xml_pieces: str) -> str:
    return "".join(xml_pieces.split())


@settings(max_examples=80, deadline=None)
@given(st.lists(paragraphs(), min_size=1, max_size=4))
def test_no_forbidden_surface_survives_in_any_byte_and_the_rest_stays(made: list[tuple[str, str]]) -> None:
    parts = base()
    into_body(parts, "".join(xml for xml, _ in made))
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.docx"
        source.write_bytes(zipped(parts))
        target = redact(source)
        assert assess(target, INDEX).clean
        text = shown_text(read_whole(SourceFile(target, "copy.docx", 1)).text)
    for _, told in made:
        before, after = told.split(NAME)
        assert shown_text(before) in text
        assert shown_text(after) in text
    assert text.count("Somebody") == len(made)


@given(
    st.text(max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 6), st.text(max_size=5)), max_size=6),
)
def test_replacing_stretch_by_stretch_is_replacing_in_the_whole(text: str, raw: list[tuple[int, int, str]]) -> None:
    edits: list[Replacement] = []
    for start, length, new in sorted(raw):
        at = max(start, edits[-1].end + 1 if edits else 0)
        if length and at + length <= len(text):
            edits.append(Replacement(at, at + length, new))
    whole = apply(0, text, edits)
    middle = len(text) // 2
    assert apply(0, text[:middle], edits) + apply(middle, text[middle:], edits) == whole


def test_overlapping_replacements_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        in_order([Replacement(0, 3, "a"), Replacement(2, 4, "b")])


# --- layout


def test_a_replacement_takes_the_look_of_its_first_run(tmp_path: Path) -> None:
    parts = base()
    into_body(parts, paragraph(text_run("Dear ") + text_run(FIRST, "<w:i/>") + text_run(f" {LAST} and all", "<w:b/>")))
    source = tmp_path / "a.docx"
    source.write_bytes(zipped(parts))
    runs = [(run.text, run.italic, run.bold) for run in Document(str(redact(source))).paragraphs[-1].runs]
    assert runs == [("Dear ", None, None), ("Somebody", True, None), (" and all", None, True)]


def test_a_picture_becomes_a_box_of_its_size_with_alt_text(tmp_path: Path) -> None:
    parts = base()
    parts["word/media/image1.png"] = png(text=NAME)
    link(parts, "rId9", "image", "media/image1.png")
    into_body(parts, paragraph(picture("rId9", LAST, NAME)))
    source = tmp_path / "a.docx"
    source.write_bytes(zipped(parts))
    target = redact(source)
    xml = Document(str(target)).element.xml
    assert 'cx="914400"' in xml
    assert 'descr="Picture removed to protect' in xml
    assert not [name for name in Document(str(target)).part.package.iter_parts() if "media" in str(name.partname)]


def test_page_numbers_still_count_and_other_fields_are_their_results(tmp_path: Path) -> None:
    parts = base()
    into_body(parts, paragraph(text_run("Page ") + field("PAGE", "1")) + paragraph(field("AUTHOR", "the author")))
    source = tmp_path / "a.docx"
    source.write_bytes(zipped(parts))
    xml = Document(str(redact(source))).element.xml
    assert xml.count("<w:instrText") == 1
    assert " PAGE " in xml
    assert "the author" in xml


def test_page_breaks_tables_lists_and_sections_stay(tmp_path: Path) -> None:
    document = styled_document()
    source = tmp_path / "a.docx"
    document.save(str(source))
    copy = Document(str(redact(source)))
    assert [p.style.name for p in copy.paragraphs] == [p.style.name for p in document.paragraphs]
    assert [(len(t.rows), len(t.columns), t.style.name) for t in copy.tables] == [
        (len(t.rows), len(t.columns), t.style.name) for t in document.tables
    ]
    assert copy.element.xml.count('w:type="page"') == document.element.xml.count('w:type="page"')
    assert (copy.sections[0].page_width, len(copy.sections)) == (document.sections[0].page_width, len(document.sections))


def styled_document():  # type: ignore[no-untyped-def]
    """A document of about twenty pages with headings, lists, tables, sections, headers and page breaks."""
    document = Document()
    document.styles["Normal"].font.size = Pt(12)
    document.sections[0].header.paragraphs[0].text = f"File of {NAME}"
    for chapter in range(10):
        document.add_heading(f"Chapter {chapter + 1}", 1)
        for number in range(8):
            document.add_paragraph(
                f"{NAME} came to the centre in week {number}. " + "The kettle was mended and tea was made. " * 9
            )
        document.add_paragraph("A point to remember", style="List Bullet")
        table = document.add_table(rows=3, cols=3, style="Table Grid")
        table.cell(1, 1).text = NAME
        table.cell(2, 2).text = "A cell that stays"
        document.add_picture(io.BytesIO(png(text=NAME)), width=Cm(3))
        document.add_page_break()
    document.add_section()
    document.add_paragraph("The end.")
    return document


@pytest.mark.skipif(shutil.which("soffice") is None or shutil.which("pdfinfo") is None, reason="LibreOffice is not installed")
def test_a_long_document_keeps_its_pages_and_headings(tmp_path: Path) -> None:
    source = tmp_path / "long.docx"
    styled_document().save(str(source))
    target = redact(source, words="Somebody Elsewhere")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(source), str(target)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pages = []
    for path in (source, target):
        told = subprocess.run(["pdfinfo", str(path.with_suffix(".pdf"))], check=True, capture_output=True, text=True).stdout
        pages.append(int(next(line for line in told.splitlines() if line.startswith("Pages")).split()[-1]))
    assert pages[0] >= 20
    assert abs(pages[0] - pages[1]) <= 1
    before, after = (places(path.with_suffix(".pdf")) for path in (source, target))
    assert before == after
    assert {what for _, what in before} >= {"Chapter 1", "Chapter 10", "table", "picture"}


def places(path: Path) -> list[tuple[int, str]]:
    """On which page each heading, table and picture stands; a picture's placeholder counts as the picture."""
    found: list[tuple[int, str]] = []
    for number, page in enumerate(PdfReader(path).pages):
        text, drawn = " ".join(page.extract_text().split()), page.get_contents()
        shown = len(re.findall(rb"/Im\d+ Do", drawn.get_data())) if drawn is not None else 0
        found += [(number, heading) for heading in re.findall(r"Chapter \d+", text)]
        found += [(number, "table")] * text.count("A cell that stays")
        found += [(number, "picture")] * (shown + text.count("Picture removed"))
    return found


def test_normalising_makes_the_bytes_depend_on_the_content_alone(tmp_path: Path) -> None:
    kept = []
    for number in range(2):
        path = tmp_path / f"{number}.docx"
        document = Document()
        document.add_paragraph("The same words.")
        document.core_properties.author = f"Author {number}"
        document.core_properties.revision = number + 4
        document.save(str(path))
        normalise(path, "Wrenbeck Open House", "A story")
        kept.append(path.read_bytes())
    assert kept[0] == kept[1]
    properties = Document(str(tmp_path / "0.docx")).core_properties
    assert (properties.author, properties.last_modified_by, properties.title) == ("Wrenbeck Open House",) * 2 + ("A story",)
    assert properties.language == "en-GB"
    assert properties.created is None
    assert b"thumbnail" not in kept[0]


# --- the other formats


def copied(tmp_path: Path, name: str, data: bytes) -> str:
    source = tmp_path / name
    source.write_bytes(data)
    target = redact(source)
    assert assess(target, INDEX).clean
    return (
        target.read_bytes().decode()
        if target.suffix not in (".docx", ".xlsx")
        else read_whole(SourceFile(target, target.name, 1)).text
    )


def test_a_text_copy_keeps_everything_else(tmp_path: Path) -> None:
    text = f"Client: {NAME}\r\n\r\nMet {FIRST} twice.\n"
    assert copied(tmp_path, "a.txt", text.encode()) == "Client: Somebody\r\n\r\nMet Somebody twice.\n"


def test_a_csv_copy_keeps_its_cells_and_delimiter(tmp_path: Path) -> None:
    text = f'date;client;note\n2026-01-01;{NAME};"tea; cake"\n2026-01-02;Other;\n'
    assert copied(tmp_path, "a.csv", text.encode()) == 'date;client;note\n2026-01-01;Somebody;"tea; cake"\n2026-01-02;Other;\n'


def test_a_web_copy_has_no_attributes_comments_or_scripts(tmp_path: Path) -> None:
    page = (
        f"<title>{NAME}</title><h1 class='{LAST}'>Story</h1><p>Met {FIRST} <b>{LAST}</b> at <a href='https://x.example/{LAST}'>home</a>."
        f"<!-- {NAME} --><script>let a = '{NAME}'</script></p><table><tr><td colspan=2>Cell</td></tr></table>"
    )
    text = copied(tmp_path, "a.html", page.encode())
    for words in ("<h1>Story</h1>", "Met Somebody", "home", '<td colspan="2">Cell</td>'):
        assert words in text


def test_an_email_copy_has_its_told_headers_and_body_only(tmp_path: Path) -> None:
    message = (
        f"From: {NAME} <z@x.example>\nSubject: Caf\u00e9\nReceived: from {LAST}\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="B"\n\n--B\nContent-Type: text/plain; charset=utf-8\n\n'
        f'Met {FIRST}.\n--B\nContent-Type: text/plain\nContent-Disposition: attachment; filename="other.txt"\n\n{NAME}\n--B--\n'
    )
    text = copied(tmp_path, "a.eml", message.encode())
    assert "From: Somebody <z@x.example>" in text
    assert "Met Somebody." in text
    assert "[attachment 1 removed]" in text
    assert "Received" not in text


def test_a_workbook_copy_has_values_and_looks_only(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = LAST
    for row in (["Client", "Score", "Note"], [NAME, 9, f"Met {FIRST}"], ["Other", 4.5, f'=HYPERLINK("{LAST}")']):
        sheet.append(row)
    sheet["A2"].comment = Comment(NAME, NAME)
    sheet["B2"].number_format = f'"{LAST}" 0'
    sheet.column_dimensions["C"].width = 40
    kept = book.create_sheet("Kept back")
    kept["A1"] = NAME
    kept.sheet_state = "hidden"
    book.properties.creator = NAME
    book.save(tmp_path / "b.xlsx")
    text = copied(tmp_path, "a.xlsx", (tmp_path / "b.xlsx").read_bytes())
    assert "Client: Somebody" in text
    assert "Score: 9" in text
    copy = openpyxl.load_workbook(tmp_path / "copy-a.xlsx")
    assert copy.sheetnames == ["Somebody"]
    assert copy.active["B3"].value == 4.5
    assert copy.active.column_dimensions["C"].width == 40


def test_a_workbook_whose_rows_begin_with_merged_cells_is_copied(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Client", "Note"], [NAME, "tea"], [None, "cake"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "b.xlsx")
    assert "cake" in copied(tmp_path, "a.xlsx", (tmp_path / "b.xlsx").read_bytes())


def test_a_copy_of_a_workbook_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Client", NAME])
    book.save(tmp_path / "a.xlsx")
    first = redact(tmp_path / "a.xlsx").read_bytes()
    assert redact(tmp_path / "a.xlsx").read_bytes() == first


def test_a_format_that_is_not_written_becomes_a_word_file(tmp_path: Path) -> None:
    assert copy_name("folder/a.rtf") == "folder/a.docx"
    assert copy_name("folder/a.txt") == "folder/a.txt"
    rich = rf"{{\rtf1{{\info{{\author {NAME}}}}}Met {NAME} on Friday.\par}}"
    assert "Met Somebody on Friday." in copied(tmp_path, "a.rtf", rich.encode())


def test_a_copy_names_the_organisation_and_no_one_else(tmp_path: Path) -> None:
    source = tmp_path / "a.docx"
    document = Document()
    document.core_properties.author = NAME
    document.add_paragraph("Words.")
    document.save(str(source))
    properties = Document(str(redact(source))).core_properties
    assert (properties.author, properties.last_modified_by, properties.title) == ("Wren", "Wren", "Copy")
    assert assess_bytes(redact(source).read_bytes(), "copy.docx", INDEX).clean


def test_a_file_with_macros_becomes_a_plain_word_file(tmp_path: Path) -> None:
    parts = base()
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(
        b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", b"vnd.ms-word.document.macroEnabled.main+xml"
    )
    parts["word/vbaProject.bin"] = NAME.encode()
    source = tmp_path / "a.docm"
    source.write_bytes(zipped(parts))
    target = redact(source)
    assert target.suffix == ".docx"
    assert Document(str(target)).paragraphs[0].style.name == "Heading 1"
    assert assess(target, INDEX).clean


def test_tab_stops_and_unusual_breaks_stay(tmp_path: Path) -> None:
    parts = base()
    stops = '<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="9000"/></w:tabs>'
    into_body(parts, paragraph('<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br w:type="textWrapping" w:clear="all"/></w:r>', stops))
    source = tmp_path / "a.docx"
    source.write_bytes(zipped(parts))
    xml = Document(str(redact(source))).element.xml
    for words in ('w:leader="dot"', 'w:pos="9000"', 'w:clear="all"', "<w:tab/>"):
        assert words in xml
