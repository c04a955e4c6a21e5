"""Words of the formats are settings in their own places, and names everywhere else."""

from __future__ import annotations

import base64

import pytest

from pipeline.domain.assessment import Forbidden
from pipeline.verify.assess import assess_bytes
from pipeline.verify.formats import is_format
from pipeline.verify.surfaces import SurfaceIndex
from pipeline.word.vocabulary import FONTS
from tests.word.planting import NAME, base, into_body, paragraph, text_run, zipped


def test_every_font_that_a_copy_keeps_is_known_as_a_font() -> None:
    assert [font for font in FONTS if not is_format("word/styles.xml, rFonts ascii", font)] == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("word/theme/theme1.xml, font script", "Hebr"),
        ("word/_rels/document.xml.rels, Relationship Target", "endnotes.xml"),
        ("[Content_Types].xml", "[Content_Types].xml"),
        ("word/styles.xml, rFonts asciiTheme", "majorHAnsi"),
        ("word/document.xml, docPr name", "Picture 12"),
        ("word/media/image1.png", "word/media/image1.png"),
        ("word/styles.xml, tab leader", "dot"),
        ("word/settings.xml, zoom val", "bestFit"),
    ],
)
def test_a_setting_in_its_place_is_nobody(place: str, value: str) -> None:
    assert is_format(place, value)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("word/theme/theme1.xml, font script", "Anna"),
        ("word/Quillfeather.xml", "word/Quillfeather.xml"),
        ("word/document.xml, docPr name", "Quillfeather 12"),
        ("word/document.xml, bookmarkStart name", "Georgia"),
        ("word/document.xml, bookmarkStart name", "dot"),
        ("word/settings.xml, zoom val", "Best"),
    ],
)
def test_a_name_in_a_settings_place_is_searched(place: str, value: str) -> None:
    assert not is_format(place, value)


def test_the_words_of_a_placeholder_are_nobody_but_the_same_words_elsewhere_count() -> None:
    index = SurfaceIndex(Forbidden((("Diagram", "PERSON"),)))
    for words, clean in (("Diagram removed", True), ("Diagram came", False)):
        parts = base()
        into_body(parts, paragraph(text_run(words)))
        assert assess_bytes(zipped(parts), "a.docx", index).clean is clean


def test_a_name_in_base64_is_found() -> None:
    parts = base()
    into_body(parts, paragraph(text_run(f"x {base64.b64encode(NAME.encode()).decode()} y")))
    assert assess_bytes(zipped(parts), "a.docx", Forbidden(((NAME, "PERSON"),))).leaks
