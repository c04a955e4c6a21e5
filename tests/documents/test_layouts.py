"""Word layouts: an organisation's own drop in, and a faulty one is refused by name."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest
from docx import Document

from pipeline.documents import publicity, reporting, review, training
from pipeline.documents.layouts import check_layout, fill
from pipeline.documents.publicity import write_publicity
from pipeline.documents.wording import Wording
from pipeline.domain.organisation import Organisation
from pipeline.errors import RenderError
from tests.documents.conftest import Tell


def layout_of(path: Path, *paragraphs: str) -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(path))
    return path


SOUND = ("{{ headline }}", "{%p for item in outcome %}", "{{ item }}", "{%p endfor %}", "{{ change_note }}")


def test_a_layout_made_by_somebody_else_is_filled(
    tell: Tell, organisation: Organisation, wording: Wording, tmp_path: Path
) -> None:
    layout = layout_of(tmp_path / "ours.docx", "Our own page", *SOUND)
    write_publicity(tell(), organisation, wording, layout, tmp_path / "story.docx")
    texts = [p.text for p in Document(str(tmp_path / "story.docx")).paragraphs]
    assert texts[:3] == ["Our own page", "A place to live: Leanne’s story", "She signed for a ground-floor flat."]


def test_a_misspelt_field_is_named(tell: Tell, organisation: Organisation, wording: Wording, tmp_path: Path) -> None:
    layout = layout_of(tmp_path / "ours.docx", "{{ headlin }}", *SOUND)
    with pytest.raises(RenderError, match=r"ours\.docx: the field headlin does not exist"):
        write_publicity(tell(), organisation, wording, layout, tmp_path / "story.docx")
    assert not (tmp_path / "story.docx").exists()
    assert check_layout(layout, publicity.FIELDS, publicity.REQUIRED) == ("The field headlin does not exist.",)


def test_a_layout_without_the_change_note_is_refused(
    tell: Tell, organisation: Organisation, wording: Wording, tmp_path: Path
) -> None:
    layout = layout_of(tmp_path / "ours.docx", *SOUND[:-1])
    with pytest.raises(RenderError, match="the field change_note is missing"):
        write_publicity(tell(), organisation, wording, layout, tmp_path / "story.docx")


@pytest.mark.parametrize("broken", ["{{ headline", "{%p if headline %}", "{% for %}"])
def test_a_field_that_is_not_closed_is_refused_without_quoting_the_layout(tmp_path: Path, broken: str) -> None:
    layout = layout_of(tmp_path / "ours.docx", broken)
    with pytest.raises(RenderError, match=r"ours\.docx") as caught:
        fill(layout, {"headline": "secret"}, frozenset({"headline"}))
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_word_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.docx").write_bytes(b"not a zip")
    with pytest.raises(RenderError, match="not a Word file"):
        fill(tmp_path / "ours.docx", {})
    with pytest.raises(RenderError, match="not a Word file"):
        fill(tmp_path / "none.docx", {})


def test_a_layout_can_place_text_and_do_nothing_else(tmp_path: Path) -> None:
    layout = layout_of(tmp_path / "ours.docx", "{{ ''.__class__.__mro__[1].__subclasses__() }}")
    with pytest.raises(RenderError):
        fill(layout, {})


def test_the_packaged_layouts_are_what_the_script_builds(layouts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["build_layouts.py", str(tmp_path)])
    monkeypatch.setattr(sys, "path", list(sys.path))
    runpy.run_path(str(layouts / "build_layouts.py"), run_name="__main__")
    built = sorted(path.name for path in tmp_path.iterdir())
    assert built == sorted(path.name for path in layouts.glob("*.docx"))
    for name in built:
        assert (tmp_path / name).read_bytes() == (layouts / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "known", "required"),
    [
        ("annual-return", reporting.FIELDS, reporting.REQUIRED),
        ("review", review.FIELDS, review.REQUIRED),
        ("training", training.FIELDS, training.REQUIRED),
    ],
)
def test_the_packaged_layouts_are_sound(layouts: Path, name: str, known: frozenset[str], required: frozenset[str]) -> None:
    assert check_layout(layouts / f"{name}.docx", known, required) == ()
