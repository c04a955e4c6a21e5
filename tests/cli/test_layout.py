"""``storysafe layout check`` names what is wrong with an organisation's own layout."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from pipeline import catalogue
from tests import flow


def a_layout(path: Path, *paragraphs: str) -> Path:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(path))
    return path


@pytest.mark.parametrize("kind", ["publicity", "training", "workbook", "annual-return", "review"])
def test_the_packaged_layouts_are_sound(tmp_path, kind):
    checked = flow.storysafe(tmp_path, "layout", "check", catalogue.layout(kind))
    assert (checked.code, checked.stderr) == (0, "")


def test_a_misspelt_and_a_missing_field_are_named(tmp_path):
    ours = a_layout(tmp_path / "ours.docx", "{{ headlin }}", "{{ outcome }}")
    checked = flow.storysafe(tmp_path, "layout", "check", ours, "--kind", "publicity")
    assert checked.code == 3
    assert "headlin does not exist. Did you mean headline?" in checked.stdout
    assert "change_note is missing" in checked.stdout


def test_a_file_that_is_no_layout_is_refused(tmp_path):
    (tmp_path / "training.docx").write_text("not a Word file", encoding="utf-8")
    assert flow.storysafe(tmp_path, "layout", "check", tmp_path / "training.docx").code == 1


def test_the_organisations_own_layout_is_used(tmp_path):
    (tmp_path / "layouts").mkdir()
    ours = a_layout(tmp_path / "layouts" / "training.docx", "{{ timeline }}")
    assert catalogue.layout("training", tmp_path / "organisation.toml") == ours
    assert catalogue.layout("review", tmp_path / "organisation.toml") == catalogue.layout("review")
