"""A picture that may stay is painted anew: what the page showed stays, and nothing else of the file."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Cm
from PIL import Image, PngImagePlugin

from pipeline.domain.assessment import Forbidden
from pipeline.domain.replacement import Replacement
from pipeline.sources import SourceFile, read_whole
from pipeline.verify.assess import assess
from pipeline.verify.surfaces import SurfaceIndex
from pipeline.word.pictures import repainted
from pipeline.word.redact import write_copy
from tests.word.planting import KEPT, LAST, NAME, png

INDEX = SurfaceIndex(Forbidden(((NAME, "PERSON"), (LAST, "PERSON"))))


def photograph(size: tuple[int, int] = (40, 20), form: str = "JPEG") -> bytes:
    """A picture, red on its left half and blue on its right, that says in every way it can who made it."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x013B], exif[0x010E] = NAME, NAME
    words = PngImagePlugin.PngInfo()
    words.add_itxt("Author", NAME, zip=True)
    image.save(out, form, exif=exif, comment=NAME, xmp=f"<x>{NAME}</x>".encode(), pnginfo=words)
    return out.getvalue()


def with_picture(folder: Path, data: bytes, change: Callable[[str], str] = str) -> Path:
    document = Document()
    document.add_paragraph(KEPT)
    document.add_picture(io.BytesIO(data), width=Cm(4))
    document.sections[0].header.paragraphs[0].add_run().add_picture(io.BytesIO(data), width=Cm(2))
    path = folder / "a.docx"
    document.save(str(path))
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    xml = parts["word/document.xml"].decode().replace('name="Picture 1"', f'name="{LAST}.jpg" descr="{NAME} at the door"', 1)
    parts["word/document.xml"] = change(xml).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, blob in parts.items():
            archive.writestr(name, blob)
    return path


def copied(source: Path, pictures: bool) -> Path:
    text = read_whole(SourceFile(source, source.name, 1)).text
    at = [(hit.start, hit.end) for hit in INDEX.find(text) if hit.surface == NAME]
    target = source.with_name("copy.docx")
    changes = [Replacement(start, end, "Somebody") for start, end in sorted(set(at))]
    write_copy(source, target, changes, author="Wren", title="Copy", pictures=pictures)
    return target


def media(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "media" in name}


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_that_may_stay_keeps_its_points_and_loses_its_words(tmp_path: Path, form: str) -> None:
    source = with_picture(tmp_path, photograph(form=form))
    assert assess(source, INDEX).leaks
    target = copied(source, pictures=True)
    assert assess(target, INDEX).clean
    (data,) = media(target).values()
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (40, 20)
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert image.convert("RGB").getpixel((5, 10))[0] > 200
    assert [shape.width for shape in Document(str(target)).inline_shapes] == [Cm(4)]


def test_its_alternative_text_is_rewritten_and_its_file_name_goes(tmp_path: Path) -> None:
    xml = Document(str(copied(with_picture(tmp_path, photograph()), pictures=True))).element.xml
    assert 'descr="Somebody at the door"' in xml
    assert f'name="{LAST}' not in xml


def test_a_picture_in_a_header_stays_too(tmp_path: Path) -> None:
    target = copied(with_picture(tmp_path, photograph()), pictures=True)
    header = Document(str(target)).sections[0].header
    assert header.part.related_parts
    assert "blip" in header._element.xml


def test_without_leave_no_picture_is_in_the_copy(tmp_path: Path) -> None:
    target = copied(with_picture(tmp_path, photograph()), pictures=False)
    assert not media(target)
    assert "Picture removed" in read_whole(SourceFile(target, "copy.docx", 1)).text


def test_what_was_cropped_away_is_not_in_the_copy(tmp_path: Path) -> None:
    def crop(xml: str) -> str:
        return xml.replace("<a:stretch>", '<a:srcRect r="50000"/><a:stretch>', 1)

    target = copied(with_picture(tmp_path, photograph(form="PNG"), crop), pictures=True)
    sizes = set()
    for data in media(target).values():
        with Image.open(io.BytesIO(data)) as image:
            sizes.add(image.size)
            if image.size == (20, 20):
                assert {colour for _, colour in image.convert("RGB").getcolors() or ()} == {(255, 0, 0)}
    assert (20, 20) in sizes


@pytest.mark.parametrize("data", [b"", b"\x01\0\0\0 EMF", b"<svg/>", photograph()[:60], png(text="x")[:45], b"GIF89a"])
def test_a_picture_that_cannot_be_painted_anew_is_not_kept(data: bytes) -> None:
    assert repainted(data) is None


def test_a_picture_too_large_to_unpack_is_not_kept() -> None:
    start = time.perf_counter()
    bomb = png(text="x").replace(b"IHDR\x00\x00\x00\x01\x00\x00\x00\x01", b"IHDR\x00\x01\x86\xa0\x00\x01\x86\xa0")
    assert repainted(bomb) is None
    assert time.perf_counter() - start < 5


def test_a_large_photograph_is_made_smaller() -> None:
    kept = repainted(photograph((5000, 1000)))
    assert kept is not None
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.size == (2000, 400)


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert repainted(photograph()) == repainted(photograph())


def test_a_picture_turned_by_its_metadata_is_turned_upright() -> None:
    image, out, exif = Image.new("RGB", (40, 20)), io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    image.save(out, "JPEG", exif=exif)
    kept = repainted(out.getvalue())
    assert kept is not None
    with Image.open(io.BytesIO(kept.data)) as turned:
        assert turned.size == (20, 40)


