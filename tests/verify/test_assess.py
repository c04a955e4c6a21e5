"""Verification finds a forbidden surface wherever it is in a finished file, and nothing where there is none."""

from __future__ import annotations

import io
import time
import zipfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.domain.assessment import Forbidden
from pipeline.verify.assess import assess, assess_bytes
from pipeline.verify.surfaces import SurfaceIndex
from tests.word.planting import KEPT, NAME, base, beside, into_body, paragraph, png, text_run, zipped

INDEX = SurfaceIndex(Forbidden(((NAME, "PERSON"), ("Quillfeather", "PERSON"))))


def found(surface: str, text: str, category: str = "PERSON") -> bool:
    return bool(SurfaceIndex(Forbidden(((surface, category),))).find(text))


@pytest.mark.parametrize(
    ("surface", "text"),
    [
        ("Selam Haile", "a letter for SELAM HAILE."),
        ("Selam Haile", "Selam  Haile"),
        ("Selam Haile", "Selam\nHaile"),
        ("Selam Haile", "Selam\u00a0Haile"),
        ("Selam Haile", "Se\u00adlam Ha\u200bile"),
        ("Selam Haile", "Selam-Haile"),
        ("Selam Haile", "selam_haile"),
        ("Selam Haile", "SelamHaile"),
        ("Selam Haile", "S E L A M H A I L E"),
        ("Selam Haile", "Selam Haile's room"),
        ("Selam Haile", "Selam Haile\u2019s room"),
        ("Entwistle", "the Entwistles came"),
        ("Hannah Szymańska", "Hannah Szymanska"),
        ("Hannah Szymanska", "HANNAH SZYMAŃSKA"),
        ("Siobhan", "Siobha\u0301n"),
        ("Łukasz", "Lukasz"),
        ("O'Reilly-Khan", "O\u2019REILLY KHAN"),
        ("O'Reilly", "OReilly"),
        ("D. P. Entwistle", "DP Entwistle"),
        ("DP Entwistle", "D. P. Entwistle"),
        ("will.price86@mailbox.example", "Will.Price86@mailbox.example"),
        ("ＡＮＮＡ Price", "Anna Price"),
    ],
)
def test_a_name_is_found_however_it_is_written(surface: str, text: str) -> None:
    assert found(surface, text)


@pytest.mark.parametrize(
    ("surface", "category", "text"),
    [
        ("01632 960417", "PHONE", "ring 01632960417"),
        ("01632 960417", "PHONE", "ring (01632) 960-417"),
        ("01632 960417", "PHONE", "ring +44 1632 960417"),
        ("+44 7700 900123", "PHONE", "ring 07700 900 123"),
        ("BB19 6HD", "POSTCODE", "at bb196hd"),
        ("QQ 12 34 56 C", "ID_NUMBER", "NINO QQ123456C"),
        ("999 412 7047", "ID_NUMBER", "NHS 9994127047"),
        ("1953-02-09", "DATE", "born 9 February 1953"),
        ("9 February 1953", "DATE", "born 09/02/1953"),
        ("09/02/1953", "DATE", "born 9.2.53"),
    ],
)
def test_a_number_is_found_however_it_is_spaced(surface: str, category: str, text: str) -> None:
    assert found(surface, text, category)


@pytest.mark.parametrize(
    ("surface", "text"),
    [
        ("Ann", "the annual report"),
        ("Ann", "An n-gram"),
        ("Ian", "a librarian"),
        ("Donald", "McDonald"),
        ("Harris", "Mrs Harrison"),
        ("MA", "her ma said"),
        ("J", "J came"),
        ("71", "aged 71 in £71.00"),
    ],
)
def test_a_word_that_only_looks_alike_is_no_leak(surface: str, text: str) -> None:
    assert not found(surface, text)


def test_an_ordinary_word_counts_only_where_a_name_stands() -> None:
    index = SurfaceIndex(Forbidden((("Will", "PERSON"),), frozenset({"will"})))
    text = "He will see Will."
    assert not index.find(text)
    assert [hit.start for hit in index.find(text, lambda _: [(12, 16)])] == [12]
    assert not index.find(text, lambda _: [(0, 2)])


def test_initials_count_only_as_written() -> None:
    assert found("TM", "seen by TM today")
    assert found("TM", "seen by T.M. today")
    assert not found("TM", "seen by tm today")


def test_markup_words_are_nobody() -> None:
    words = ("Georgia", "Strong", "Single", "Auto", "Document", "Val", "Body")
    parts = base()
    beside(parts, '<w:r><w:rPr><w:rFonts w:ascii="Georgia"/><w:u w:val="single"/></w:rPr><w:t> end</w:t></w:r>')
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(
        b"</w:styles>", b'<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/></w:style></w:styles>'
    )
    # "single" as an underline is not vocabulary to skip by its place, so only the names among these words are asked for.
    wanted = Forbidden(tuple((word, "PERSON") for word in words if word != "Single"))
    assert assess_bytes(zipped(parts), "note.docx", wanted).clean


def test_a_leak_says_where_it_is_but_not_what_when_printed() -> None:
    parts = base()
    into_body(parts, paragraph(text_run(NAME)))
    leak = assess_bytes(zipped(parts), "note.docx", INDEX).leaks[0]
    assert leak.part.startswith("word/document.xml")
    assert leak.surface == NAME
    assert "Quillfeather" not in repr(leak)


def test_the_name_of_the_file_itself_is_searched(tmp_path: Path) -> None:
    path = tmp_path / "quillfeather-z.txt"
    path.write_text("Nothing here.", encoding="utf-8")
    assert [leak.part for leak in assess(path, INDEX).leaks] == ["file name"]


@pytest.mark.parametrize("name", ["copy.txt", "copy.md", "copy.csv", "copy.html", "copy.eml"])
def test_text_files_are_searched(name: str) -> None:
    assert assess_bytes(f"To: x\n\nA line about {NAME}.\n".encode(), name, INDEX).leaks
    assert assess_bytes(b"To: x\n\nA line about nobody.\n", name, INDEX).clean


def test_mark_up_inside_a_name_does_not_hide_it_in_a_web_page() -> None:
    assert assess_bytes(b"<p>Zebedee Quill<b>feather</b></p>", "copy.html", INDEX).leaks
    assert assess_bytes(b"<p>Quill&#102;eather</p>", "copy.html", INDEX).leaks


def test_an_encoded_message_is_decoded() -> None:
    message = b"Subject: =?utf-8?q?Quillfeather?=\nContent-Transfer-Encoding: base64\nContent-Type: text/plain\n\nbm9ib2R5\n"
    assert assess_bytes(message, "copy.eml", INDEX).leaks
    body = b"Subject: x\nContent-Transfer-Encoding: base64\nContent-Type: text/plain\n\nUXVpbGxmZWF0aGVy\n"
    assert assess_bytes(body, "copy.eml", INDEX).leaks


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 not a zip", zipped(base())[:-300], zipped({"word/document.xml": b"<w:p><unclosed>"})],
)
def test_what_cannot_be_opened_whole_is_not_clean(data: bytes) -> None:
    verdict = assess_bytes(data, "copy.docx", INDEX)
    assert not verdict.readable
    assert not verdict.clean


def test_a_document_type_makes_a_file_unreadable() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "Quill"><!ENTITY b "&a;feather">]><x>&b;</x>'
    assert not assess_bytes(zipped({"word/document.xml": bomb}), "copy.docx", INDEX).readable


def test_a_name_split_over_paragraphs_or_cells_is_found() -> None:
    parts = base()
    into_body(parts, paragraph(text_run("Zebedee")) + paragraph(text_run("Quillfeather")))
    index = SurfaceIndex(Forbidden(((NAME, "PERSON"),)))
    assert assess_bytes(zipped(parts), "copy.docx", index).leaks


def nest(data: bytes, depth: int) -> bytes:
    for _ in range(depth):
        parts = base()
        parts["word/embeddings/inner.bin"] = data
        data = zipped(parts)
    return data


def run_split(pieces: list[str]) -> str:
    return paragraph("".join(text_run(piece) for piece in pieces))


PLACES = {
    "runs": lambda parts, pieces: into_body(parts, run_split(pieces)),
    "attribute": lambda parts, pieces: beside(parts, f'<w:bookmarkStart w:id="1" w:name="{"".join(pieces)}"/>'),
    "new part": lambda parts, pieces: parts.update({"word/other.xml": f"<a>{''.join(pieces)}</a>".encode()}),
    "bytes": lambda parts, pieces: parts.update({"word/other.bin": b"\0\1" + "".join(pieces).encode("utf-16-le") + b"\0"}),
    "file name": lambda parts, pieces: parts.update({f"word/{''.join(pieces)}.bin": b"x"}),
    "odd mark-up": lambda parts, pieces: parts.update(
        {"custom/odd.xml": f"<a>{''.join(f'<b>{piece}</b>' for piece in pieces)}</a>".encode()}
    ),
}


@settings(max_examples=60, deadline=None)
@given(place=st.sampled_from(sorted(PLACES)), cuts=st.sets(st.integers(1, len(NAME) - 1), max_size=4), depth=st.integers(0, 2))
def test_a_marker_is_found_in_any_place_cut_anyhow_and_nested(place: str, cuts: set[int], depth: int) -> None:
    edges = [0, *sorted(cuts), len(NAME)]
    parts = base()
    PLACES[place](parts, [NAME[a:b] for a, b in pairwise(edges)])
    verdict = assess_bytes(nest(zipped(parts), depth), "copy.docx", INDEX)
    assert verdict.leaks


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=200), depth=st.integers(0, 1)
)
def test_a_clean_document_gives_no_leak(text: str, depth: int) -> None:
    parts = base()
    safe = text.replace("&", "").replace("<", "").replace(">", "").replace("\ufffe", "").replace("\uffff", "")
    into_body(parts, paragraph(text_run(safe)))
    assert assess_bytes(nest(zipped(parts), depth), "copy.docx", INDEX).clean


def test_a_client_list_of_thousands_is_searched_in_a_large_text_quickly() -> None:
    entries = tuple((f"Person{n} Surname{n}", "PERSON") for n in range(4000)) + tuple(
        (f"07700 90{n:04d}", "PHONE") for n in range(4000)
    )
    index = SurfaceIndex(Forbidden(entries))
    text = f"{KEPT} The phone rang and nobody came. " * 14_000
    start = time.perf_counter()
    assert not index.find(text)
    assert time.perf_counter() - start < 20


def test_bytes_around_the_package_are_searched() -> None:
    data = zipped(base())
    assert (
        assess_bytes(b"Quillfeather" + data, "copy.docx", INDEX).leaks
        or not assess_bytes(b"Quillfeather" + data, "copy.docx", INDEX).readable
    )
    assert assess_bytes(data + b"Quillfeather", "copy.docx", INDEX).leaks


def test_a_comment_on_an_entry_is_searched() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("word/document.xml")
        info.comment = b"Quillfeather"
        archive.writestr(info, b"<a/>")
    assert assess_bytes(buffer.getvalue(), "copy.docx", INDEX).leaks


def test_short_words_in_the_bytes_of_a_picture_are_chance_but_its_text_is_not() -> None:
    parts = base()
    parts["word/media/image1.png"] = png(b"tEXt", "nobody") + b"\x00 Joe \x00"
    index = SurfaceIndex(Forbidden((("Joe", "PERSON"),)))
    assert assess_bytes(zipped(parts), "copy.docx", index).clean
    for keyword in (b"tEXt", b"zTXt", b"iTXt"):
        parts["word/media/image1.png"] = png(keyword, "by Joe")
        assert assess_bytes(zipped(parts), "copy.docx", index).leaks
