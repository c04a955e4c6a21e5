# ruff: noqa: E501 - mark-up is easier to read on one line
"""What each format gives, and which files are read at all."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from pipeline.domain.story import BlockKind, Story
from pipeline.errors import UnreadableFile, UnsupportedFormat
from pipeline.files.fragments import assemble
from pipeline.sources import SourceFile, list_sources, read, read_whole
from pipeline.sources.text import text_fragments
from tests.sources.made_files import outlook, pdf
from tests.word.planting import KEPT, NAME, base, into_body, link, paragraph, picture, png, text_run, zipped


def save(folder: Path, name: str, data: bytes | str) -> SourceFile:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return SourceFile(path, name, 7)


def labelled(story: Story) -> dict[str, str]:
    return {block.label: story.text[block.start : block.end] for block in story.blocks if block.label}


def kinds(story: Story, kind: BlockKind) -> list[str]:
    return [story.text[block.start : block.end] for block in story.blocks if block.kind is kind]


# --- which files


def test_the_list_does_not_depend_on_the_order_of_the_inputs(tmp_path: Path) -> None:
    for name in ("b/x.txt", "a/x.txt", "a/z/y.docx", "c.txt"):
        save(tmp_path, name, "x")
    inputs = [tmp_path / "a", tmp_path / "b", tmp_path / "c.txt"]
    assert list_sources(inputs) == list_sources(inputs[::-1])
    assert [(source.name, source.index) for source in list_sources(inputs)] == [
        ("c.txt", 1),
        ("x.txt", 2),
        ("x.txt", 3),
        ("z/y.docx", 4),
    ]


def test_a_file_given_twice_is_read_once(tmp_path: Path) -> None:
    source = save(tmp_path, "a.txt", "x")
    assert len(list_sources([source.path, tmp_path])) == 1


def test_hidden_and_lock_files_are_left_out_but_unknown_formats_are_listed(tmp_path: Path) -> None:
    for name in (".DS_Store", "~$note.docx", ".git/config", "Thumbs.db", "note.xyz"):
        save(tmp_path, name, "x")
    assert [source.name for source in list_sources([tmp_path])] == ["note.xyz"]


def test_an_input_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        list_sources([tmp_path / "nowhere"])


# --- text


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",))))
def test_the_text_of_a_text_file_is_kept_to_the_character(text: str) -> None:
    assert assemble(text_fragments(text))[0] == text


def test_a_text_file_keeps_its_newlines(tmp_path: Path) -> None:
    raw = "First line\r\n\r\nClient: Ann\rlast"
    assert read_whole(save(tmp_path, "a.txt", raw)).text == raw


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_told_apart(tmp_path: Path, encoding: str) -> None:
    words = "Siobhán’s café cost £30 and she kept “the receipt” for the worker."
    assert read_whole(save(tmp_path, "a.txt", words.encode(encoding))).text == words


@pytest.mark.parametrize("encoding", ["koi8-r", "shift-jis", "utf-16-le"])
def test_an_encoding_that_cannot_be_told_is_refused(tmp_path: Path, encoding: str) -> None:
    words = {"koi8-r": "она пришла домой", "shift-jis": "彼女は帰宅した", "utf-16-le": "She came home"}[encoding]
    with pytest.raises(UnreadableFile):
        read(save(tmp_path, "a.txt", words.encode(encoding)))


def test_label_lines_become_fields_and_prose_does_not(tmp_path: Path) -> None:
    text = "HOUSING CASE RECORD\nCase ref: WOH/25/0001\nDOB | 1953-02-09\nShe said: nothing at all.\nhttp://x.example\n"
    (story,) = read(save(tmp_path, "a.txt", text))
    assert labelled(story) == {"Case ref": "WOH/25/0001", "DOB": "1953-02-09"}
    assert kinds(story, BlockKind.HEADING) == ["HOUSING CASE RECORD"]
    assert "She said: nothing at all." in kinds(story, BlockKind.PARAGRAPH)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("Case ref: WOH/25/0001\nA note.", "WOH/25/0001"),
        ("Your ref: OP/1/2      Our ref: WOH/26/0011", "WOH/26/0011"),
        ("Client no.: WOH/25/0222", "WOH/25/0222"),
        ("YOUTH - Kai, dob 22.4.09, ref WOH/25/0310", "WOH/25/0310"),
        ("Home Office ref: H2290417", None),
        ("rent ref 70031882", None),
        ("crime ref 44/20713/25", None),
        ("Ref: WOH/26/0001\nRef: WOH/26/0002", None),
        ("ref woh/26/0003, bill ref woh/26/0004", None),
        ("Case ref: HL-2251\nA debt relief order (reference DRO/990/25518).", "HL-2251"),
        ("Case ref: WOH/25/0001\nHer friend is ref WOH/25/0002.", None),
        ("Nothing stated", None),
    ],
)
def test_the_case_reference_is_stated_only_when_there_is_exactly_one(tmp_path: Path, text: str, ref: str | None) -> None:
    assert read(save(tmp_path, "a.txt", text))[0].stated_ref == ref


def test_a_story_is_named_after_its_place(tmp_path: Path) -> None:
    (story,) = read(save(tmp_path, "a.txt", "x"))
    assert (story.story_id, story.source) == ("story-0007", "a.txt")


# --- tables

CONTACTS = (
    "date;client;ref;summary\n01/02/2026;Barker, Lynne;WOH/26/0052;Rang; \n"
    '02/02/2026;Barker, Lyn;WOH/26/0053;"Visit; tea"\n03/02/2026;L Barker;WOH/26/0052;Closed\n'
)


def test_a_table_of_contacts_becomes_a_story_a_client(tmp_path: Path) -> None:
    first, second = read(save(tmp_path, "log.csv", CONTACTS))
    assert (first.story_id, first.stated_ref) == ("story-0007-01", "WOH/26/0052")
    assert (second.story_id, second.stated_ref) == ("story-0007-02", "WOH/26/0053")
    assert "Closed" in first.text
    assert "Visit; tea" not in first.text
    assert labelled(second)["summary"] == "Visit; tea"


def test_the_whole_of_a_table_is_one_story_for_detection(tmp_path: Path) -> None:
    text = read_whole(save(tmp_path, "log.csv", CONTACTS)).text
    assert "Closed" in text
    assert "Visit; tea" in text


def test_rows_that_name_nobody_are_nobodys_story(tmp_path: Path) -> None:
    stories = read(save(tmp_path, "log.csv", CONTACTS + "04/02/2026;;;Overheard\n"))
    assert [story.stated_ref for story in stories] == ["WOH/26/0052", "WOH/26/0053", None]
    assert "Overheard" in stories[2].text


def test_tags_and_references_in_cells_are_read_as_text(tmp_path: Path) -> None:
    story = read_whole(save(tmp_path, "n.csv", 'client,note\nIfrah,"<p>F2F w/ Ifrah&#39;s mum</p><p>Sickle&nbsp;cell</p>"\n'))
    assert labelled(story)["note"] == "F2F w/ Ifrah's mum\nSickle\u00a0cell"


def workbook(folder: Path) -> SourceFile:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Client ref", "Name", "Note"], ["WOH/1", "Ann", "Rang"], ["WOH/2", "Bo", "=1+1"], ["WOH/1", "Ann", 9994127047]):
        sheet.append(row)
    sheet["C2"].comment = Comment("Really Josie", "Olu Author")
    sheet["C4"].hyperlink = "https://files.example/josie"
    sheet.oddHeader.center.text = "Header Person"
    hidden = book.create_sheet("Kept back")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "Hidden Person"
    hidden.row_dimensions[1].hidden = True
    book.properties.creator = "Creator Person"
    book.properties.title = "Title Person"
    path = folder / "book.xlsx"
    book.save(path)
    return SourceFile(path, "book.xlsx", 7)


def test_everything_in_a_workbook_is_read(tmp_path: Path) -> None:
    text = read_whole(workbook(tmp_path)).text
    for words in ("Really Josie", "Olu Author", "Header Person", "Kept back", "Hidden Person", "Creator Person", "Title Person",
                  "files.example/josie", "9994127047", "=1+1"):  # fmt: skip
        assert words in text


def test_a_comment_goes_with_its_row(tmp_path: Path) -> None:
    first, second = read(workbook(tmp_path))
    assert "Really Josie" in first.text
    assert "Really Josie" not in second.text


def test_a_value_merged_over_rows_stands_for_all_of_them(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["Client ref", "Note"], ["A/1", "one"], [None, "two"], ["A/2", "three"]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    book.save(tmp_path / "m.xlsx")
    first, _ = read(SourceFile(tmp_path / "m.xlsx", "m.xlsx", 1))
    assert "two" in first.text


# --- messages

MESSAGE = """From: =?utf-8?q?Siobh=C3=A1n?= K <sk@wren.example>
To: bev@wren.example
Subject: Sky
X-Origin: Sender Person
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="B"

--B
Content-Type: multipart/alternative; boundary="C"

--C
Content-Type: text/plain; charset=utf-8

Sky got the keys on Friday.

Kind regards
Siobhan

On Monday 3 August Bev Crossland wrote:
> How is Sky?
--C
Content-Type: text/html; charset=utf-8

<p>Sky got the keys on Friday.</p><p>Only here: Ada</p><a href="https://files.example/sky">x</a>
--C--
--B
Content-Type: text/csv
Content-Disposition: attachment; filename="Sky Winter.csv"

date,client,note
2026-01-01,Sky,hello there
--B--
"""


def test_every_part_of_a_message_is_read(tmp_path: Path) -> None:
    story = read_whole(save(tmp_path, "m.eml", MESSAGE))
    assert labelled(story)["From"] == "Siobhán K <sk@wren.example>"
    assert "Sky got the keys on Friday." in kinds(story, BlockKind.PARAGRAPH)
    assert story.text.count("Sky got the keys on Friday.") == 1
    assert "Siobhan" in kinds(story, BlockKind.FURNITURE)
    assert "> How is Sky?" in kinds(story, BlockKind.NOTE)
    assert {"Only here: Ada", "https://files.example/sky"} <= set(kinds(story, BlockKind.HIDDEN))
    assert {"Sender Person", "Sky Winter.csv"} <= set(kinds(story, BlockKind.METADATA))
    assert "hello there" in story.text


def test_a_message_with_an_attachment_that_cannot_be_read_is_not_read(tmp_path: Path) -> None:
    broken = MESSAGE.replace("Sky Winter.csv", "Sky Winter.jpg")
    with pytest.raises(UnreadableFile) as caught:
        read(save(tmp_path, "m.eml", broken))
    assert "Winter" not in str(caught.value)


# --- other formats


def test_a_web_page_gives_its_text_and_what_is_behind_it(tmp_path: Path) -> None:
    page = '<title>About Ann</title><h1>Her story</h1><p>She <b>An</b>n came.<!-- secret --></p><p hidden>unseen</p><a href="mailto:a@x.example">x</a>'
    story = read_whole(save(tmp_path, "p.html", page))
    assert kinds(story, BlockKind.HEADING) == ["Her story"]
    assert "She Ann came." in kinds(story, BlockKind.PARAGRAPH)
    assert {"secret", "unseen", "mailto:a@x.example"} <= {text.strip() for text in kinds(story, BlockKind.HIDDEN)}


def test_rich_text_gives_its_text_and_its_properties(tmp_path: Path) -> None:
    rich = r"{\rtf1{\info{\author Olu B}}{\header Header Person}She came {\b on} Friday.\par{\*\annotation {Ask Vera}}}"
    story = read_whole(save(tmp_path, "r.rtf", rich))
    assert "She came on Friday." in story.text
    for words in ("Olu B", "Header Person", "Ask Vera"):
        assert words in story.text


def test_rich_text_that_calls_itself_a_word_file_is_read(tmp_path: Path) -> None:
    assert "She came." in read_whole(save(tmp_path, "r.doc", r"{\rtf1 She came.}")).text


def test_an_open_document_gives_its_text_and_what_is_behind_it(tmp_path: Path) -> None:
    names = (
        " ".join(
            f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
            for prefix, space in (("office", "office"), ("text", "text"))
        )
        + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    content = (
        f"<office:document-content {names}><office:body><office:text><text:h>Her story</text:h><text:p>She <text:span>An</text:span>n<text:s/>came."
        "<office:annotation><dc:creator>Olu B</dc:creator><text:p>Ask Vera</text:p></office:annotation>"
        '<text:a xlink:href="https://files.example/ann"> link</text:a></text:p></office:text></office:body></office:document-content>'
    )
    meta = f"<office:document-meta {names}><dc:title>About Ann</dc:title></office:document-meta>"
    data = zipped(
        {"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode(), "meta.xml": meta.encode()}
    )
    story = read_whole(save(tmp_path, "o.odt", data))
    assert kinds(story, BlockKind.HEADING) == ["Her story"]
    assert kinds(story, BlockKind.PARAGRAPH) == ["She Ann came. link"]
    assert kinds(story, BlockKind.NOTE) == ["Ask Vera"]
    for words in ("Olu B", "files.example/ann", "About Ann"):
        assert words in story.text


def test_a_word_table_gives_labels(tmp_path: Path) -> None:
    parts = base()
    cell = "<w:tc>{}</w:tc>".format
    rows = "".join(
        f"<w:tr>{cell(paragraph(text_run(label)))}{cell(paragraph(text_run(value)))}</w:tr>"
        for label, value in (("Client", NAME), ("Case ref", "WOH/25/0001"), ("Worker", "Olu"))
    )
    into_body(parts, f"<w:tbl>{rows}</w:tbl>")
    story = read_whole(save(tmp_path, "t.docx", zipped(parts)))
    assert labelled(story) == {"Client": NAME, "Case ref": "WOH/25/0001", "Worker": "Olu"}
    assert story.stated_ref == "WOH/25/0001"


@pytest.mark.parametrize("name", ["a.jpg", "a.doc", "a.xls", "a", "a.zip"])
def test_an_unknown_format_is_reported_with_advice(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsupportedFormat) as caught:
        read(save(tmp_path, name, b"\x01\x02"))
    assert caught.value.remedy


def test_a_pdf_gives_its_text_and_what_is_behind_it(tmp_path: Path) -> None:
    data = pdf("Case ref: WOH/25/0001 and she came home.", author="Olu B", link="https://files.example/ann")
    (story,) = read(save(tmp_path, "a.pdf", data))
    assert kinds(story, BlockKind.PARAGRAPH) == ["Case ref: WOH/25/0001 and she came home."]
    assert story.stated_ref == "WOH/25/0001"
    assert labelled(story)["Author"] == "Olu B"
    assert "https://files.example/ann" in kinds(story, BlockKind.HIDDEN)


def test_a_page_that_is_only_a_picture_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="page 1 is a picture"):
        read(save(tmp_path, "scan.pdf", pdf(picture=True)))


def test_a_picture_beside_text_is_no_reason_to_refuse(tmp_path: Path) -> None:
    (story,) = read(save(tmp_path, "a.pdf", pdf("She came home on the second Friday.", picture=True)))
    assert "second Friday" in story.text


def test_an_outlook_message_gives_headers_body_and_attachments(tmp_path: Path) -> None:
    data = outlook("Sky", "Olu Bankole", "Sky got the keys.\r\n\r\nThanks,\r\nOlu", ("Sky W.txt", b"Case ref: WOH/25/0001"))
    story = read_whole(save(tmp_path, "m.msg", data))
    assert labelled(story)["From"] == "Olu Bankole"
    assert labelled(story)["Subject"] == "Sky"
    assert kinds(story, BlockKind.PARAGRAPH) == ["Sky got the keys."]
    assert "Received: from Olu Bankole" in kinds(story, BlockKind.METADATA)
    assert "Sky W.txt" in story.text
    assert story.stated_ref == "WOH/25/0001"


def test_an_outlook_message_with_an_attachment_that_cannot_be_read_is_not_read(tmp_path: Path) -> None:
    data = outlook("Sky", "Olu", "Hello.", ("Sky.jpg", b"\xff\xd8\xff"))
    with pytest.raises(UnreadableFile, match="attachment 1"):
        read(save(tmp_path, "m.msg", data))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b" \n\n "),
        ("a.html", b"<p><img src='x.png' alt='Ann'></p>"),
    ],
)
def test_a_file_without_any_text_to_read_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        read(save(tmp_path, name, data))


def test_a_word_file_that_is_only_a_picture_is_refused(tmp_path: Path) -> None:
    parts = base()
    parts["word/media/image1.png"] = png(text="x")
    link(parts, "rId9", "image", "media/image1.png")
    parts["word/document.xml"] = parts["word/document.xml"].replace(KEPT.encode(), b"Scan")
    into_body(parts, paragraph(picture("rId9")))
    with pytest.raises(UnreadableFile, match="a picture of text"):
        read(save(tmp_path, "scan.docx", zipped(parts)))


def test_a_blank_word_file_without_pictures_is_a_story_without_text(tmp_path: Path) -> None:
    parts = base()
    parts["word/document.xml"] = parts["word/document.xml"].replace(KEPT.encode(), b"").replace(b"Case study", b"")
    (story,) = read(save(tmp_path, "blank.docx", zipped(parts)))
    assert not kinds(story, BlockKind.PARAGRAPH)
