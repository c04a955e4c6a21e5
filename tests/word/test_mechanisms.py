"""Every mechanism by which a Word file holds a name: read, cleaned, and caught when it is not cleaned."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from pipeline.domain.assessment import Forbidden
from pipeline.domain.replacement import Replacement
from pipeline.sources import SourceFile, read_whole
from pipeline.verify.assess import assess, assess_bytes
from pipeline.verify.surfaces import SurfaceIndex
from pipeline.word.redact import write_copy
from tests.word.mechanisms import ALL, HIDDEN, SEEN
from tests.word.planting import KEPT, LAST, NAME, base, zipped

FORBIDDEN = SurfaceIndex(Forbidden(((NAME, "PERSON"), (LAST, "PERSON"))))


def planted(tmp_path: Path, mechanism: str) -> Path:
    parts = base()
    ALL[mechanism](parts)
    path = tmp_path / "note.docx"
    path.write_bytes(zipped(parts))
    return path


def cleaned(source: Path) -> Path:
    story = read_whole(SourceFile(source, source.name, 1))
    spans = sorted({(hit.start, hit.end) for hit in FORBIDDEN.find(story.text)})
    outer = [span for span in spans if not any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in spans)]
    target = source.with_name("copy.docx")
    write_copy(source, target, [Replacement(a, b, "Somebody") for a, b in outer], author="Wrenbeck", title="Copy")
    return target


@pytest.mark.parametrize("mechanism", ALL)
def test_the_reader_finds_a_name_in(mechanism: str, tmp_path: Path) -> None:
    source = planted(tmp_path, mechanism)
    text = read_whole(SourceFile(source, source.name, 1)).text
    assert FORBIDDEN.find(text, apart=True)
    assert KEPT in text


@pytest.mark.parametrize("mechanism", ALL)
def test_a_copy_is_clean_and_whole_after_a_name_was_in(mechanism: str, tmp_path: Path) -> None:
    target = cleaned(planted(tmp_path, mechanism))
    assert assess(target, FORBIDDEN).clean
    assert KEPT in "\n".join(paragraph.text for paragraph in Document(str(target)).paragraphs)


@pytest.mark.parametrize("mechanism", SEEN)
def test_what_stands_around_a_name_stays_in(mechanism: str, tmp_path: Path) -> None:
    target = cleaned(planted(tmp_path, mechanism))
    assert "Somebody" in read_whole(SourceFile(target, target.name, 1)).text


@pytest.mark.parametrize("mechanism", HIDDEN)
def test_nothing_is_put_in_the_place_of(mechanism: str, tmp_path: Path) -> None:
    target = cleaned(planted(tmp_path, mechanism))
    assert "Somebody" not in read_whole(SourceFile(target, target.name, 1)).text


@pytest.mark.parametrize("mechanism", ALL)
def test_verification_catches_a_writer_that_leaves(mechanism: str, tmp_path: Path) -> None:
    assert assess(planted(tmp_path, mechanism), FORBIDDEN).leaks


def test_verification_finds_nothing_in_a_clean_document() -> None:
    assert assess_bytes(zipped(base()), "note.docx", FORBIDDEN).clean


def test_verification_finds_a_name_in_the_zip_comment() -> None:
    assert assess_bytes(zipped(base(), NAME.encode()), "note.docx", FORBIDDEN).leaks


def test_the_reader_finds_a_name_in_the_zip_comment(tmp_path: Path) -> None:
    path = tmp_path / "note.docx"
    path.write_bytes(zipped(base(), NAME.encode()))
    assert NAME in read_whole(SourceFile(path, path.name, 1)).text


def test_a_copy_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    source = planted(tmp_path, "a text box")
    first = cleaned(source).read_bytes()
    assert cleaned(source).read_bytes() == first
