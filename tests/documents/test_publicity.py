"""The publicity story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from pipeline.documents.publicity import FIELDS, REQUIRED, write_publicity
from pipeline.documents.wording import Wording
from pipeline.domain.organisation import Organisation
from pipeline.domain.telling import Part, Passage, Telling
from pipeline.errors import RenderError
from tests.documents.conftest import PASSAGES, Tell
from tests.documents.reading import headings, languages, small_sizes, styled, words


@pytest.fixture
def write(organisation: Organisation, wording: Wording, layouts: Path, tmp_path: Path):
    def written(telling: Telling, name: str = "story.docx") -> Path:
        target = tmp_path / name
        write_publicity(telling, organisation, wording, layouts / "publicity.docx", target)
        return target

    return written


def test_the_story_has_real_headings_in_reading_order(write, tell: Tell) -> None:
    assert headings(write(tell())) == [
        ("Title", "A place to live: Leanne’s story"),
        ("Heading 1", "How things were"),
        ("Heading 1", "How we helped"),
        ("Heading 1", "What changed"),
        ("Heading 1", "Get in touch"),
    ]


def test_a_part_that_the_source_says_nothing_of_has_no_heading(write, tell: Tell) -> None:
    path = write(tell(passages=tuple(p for p in PASSAGES if p.part is not Part.SUPPORT)))
    assert "How we helped" not in words(path)


def test_every_sentence_of_the_telling_is_told_and_no_other_but_the_templates(write, tell: Tell, wording: Wording) -> None:
    text = words(write(tell()))
    for passage in PASSAGES:
        assert passage.text in text


def test_sentences_that_stood_together_stay_together(write, tell: Tell) -> None:
    assert f"{PASSAGES[0].text} {PASSAGES[1].text}" in styled(write(tell()), "Normal")
    assert PASSAGES[2].text in styled(write(tell()), "Normal")


def test_letters_are_large_enough_and_the_language_is_british(write, tell: Tell) -> None:
    path = write(tell())
    assert small_sizes(path) == []
    assert languages(path) == {"en-GB"}
    section = Document(str(path)).sections[0]
    assert (section.page_width.mm, section.page_height.mm) == (pytest.approx(210, abs=0.2), pytest.approx(297, abs=0.2))


def test_the_properties_name_the_organisation_and_the_headline(write, tell: Tell) -> None:
    properties = Document(str(write(tell()))).core_properties
    assert properties.author == "Hartsby Open Door & Advice"
    assert properties.title == "A place to live: Leanne’s story"
    assert properties.language == "en-GB"


def test_a_quotation_is_set_apart_only_when_it_is_allowed(write, tell: Tell) -> None:
    assert styled(write(tell(quote=True)), "Quote") == ["“I can open my own front door again.”"]
    assert "front door" not in words(write(tell(quote=False)))


@pytest.mark.parametrize(
    ("identified", "changed", "said", "unsaid"),
    [
        (False, True, "some details have been changed", "written permission"),
        (True, True, "written permission", "Nobody in this story is named"),
        (True, False, "written permission", "have been changed"),
        (False, False, "Nobody in this story is named", "have been changed"),
    ],
)
def test_the_story_says_what_was_changed_and_what_was_permitted(
    write, tell: Tell, identified: bool, changed: bool, said: str, unsaid: str
) -> None:
    note = " ".join(styled(write(tell(identified=identified, changed=changed, quote=False)), "Change Note"))
    assert said in note
    assert unsaid not in note


def test_the_note_speaks_of_quotations_only_where_there_is_one(write, tell: Tell) -> None:
    assert "quotation" in words(write(tell(quote=True)))
    assert "quotation" not in words(write(tell(quote=True, passages=PASSAGES[:7])))


@pytest.mark.parametrize(
    ("outcome", "themes", "person", "headline"),
    [
        ("Arrears cleared", (), "Leanne", "Getting on top of the rent: Leanne’s story"),
        ("Something without a template", ("carers",), "Leanne", "Time to breathe: Leanne’s story"),
        ("", (), "", "How support made a difference"),
        ("", ("no such theme",), "a service user", "How support made a difference"),
    ],
)
def test_the_headline_comes_from_the_outcome_then_the_theme(
    write, tell: Tell, outcome: str, themes: tuple[str, ...], person: str, headline: str
) -> None:
    assert headings(write(tell(outcome=outcome, themes=themes, person=person)))[0] == ("Title", headline)


def test_words_of_the_client_list_are_not_copied_into_the_story(write, tell: Tell) -> None:
    text = words(write(tell(service="ask Jo about her", outcome="Tenancy with her aunt in Hartsby")))
    assert "ask Jo" not in text
    assert "aunt" not in text


@pytest.mark.parametrize(
    "nasty", ["a < b & c > d \"e\" 'f'", "{{ organisation }} {% if x %} {# y #}", "nul \x00 bell \x07 half \ud800"]
)
def test_no_character_of_a_sentence_breaks_the_file(write, tell: Tell, nasty: str) -> None:
    path = write(tell(passages=(*PASSAGES, Passage(nasty, Part.OUTCOME, "", 9)), person="L&<b>anne"))
    shown = " ".join(nasty.replace("\x00", " ").replace("\x07", " ").replace("\ud800", " ").split())
    assert shown in styled(path, "Normal")
    assert headings(path)[0] == ("Title", "A place to live: L&<b>anne’s story")


def test_the_same_story_gives_the_same_bytes(write, tell: Tell) -> None:
    assert write(tell(), "one.docx").read_bytes() == write(tell(), "two.docx").read_bytes()


def test_a_logo_stands_on_the_page_with_words_for_those_who_cannot_see_it(
    tell: Tell, organisation: Organisation, wording: Wording, layouts: Path, tmp_path: Path
) -> None:
    from PIL import Image

    logo = tmp_path / "logo.png"
    Image.new("RGB", (40, 20), "#0F4C5C").save(logo)
    target = tmp_path / "story.docx"
    write_publicity(tell(), replace(organisation, logo=logo), wording, layouts / "publicity.docx", target)
    shapes = Document(str(target)).inline_shapes
    assert [shape._inline.docPr.get("descr") for shape in shapes] == ["Logo of Hartsby Open Door & Advice"]


@pytest.mark.parametrize("damage", [lambda png: b"", lambda png: png[:30], lambda png: b"not a picture", lambda png: b"GIF89a"])
def test_a_logo_that_cannot_be_placed_is_named(
    tell: Tell, organisation: Organisation, wording: Wording, layouts: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    from PIL import Image

    logo, target = tmp_path / "logo.png", tmp_path / "story.docx"
    Image.new("RGB", (40, 20), "#0F4C5C").save(logo)
    logo.write_bytes(damage(logo.read_bytes()))
    with pytest.raises(RenderError, match=r"organisation\.toml: the logo"):
        write_publicity(tell(), replace(organisation, logo=logo), wording, layouts / "publicity.docx", target)
    assert not target.exists()


def test_the_packaged_layout_asks_for_known_fields_only(layouts: Path) -> None:
    from pipeline.documents.layouts import check_layout

    assert check_layout(layouts / "publicity.docx", FIELDS, REQUIRED) == ()
