"""A picture stays in a copy only where the person's permission or the policy says so, and then without what it carried."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from tests import flow
from tests.flow import SAMPLES

REF, NAME = "HL-2204", "Bernadette Quayle"


@pytest.fixture
def note(tmp_path: Path) -> Path:
    """A note about one client, with a photograph whose EXIF names somebody."""
    image, data, exif = Image.new("RGB", (40, 30), "teal"), io.BytesIO(), Image.Exif()
    exif[0x013B] = NAME
    image.save(data, "JPEG", exif=exif)
    document = Document()
    document.add_paragraph(f"Case ref: {REF}")
    document.add_paragraph(f"{NAME} came in on Monday. The boiler was mended and she is warm.")
    document.add_picture(data)
    path = tmp_path / "note.docx"
    document.save(path)
    return path


def copied(tmp_path: Path, note: Path, secret: Path, photo: str, policy: Path | None = None) -> dict[str, bytes]:
    registers = tmp_path / f"registers-{photo}"
    shutil.copytree(SAMPLES / "evidence", registers / "evidence")
    with (SAMPLES / "permissions.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    for row in rows:
        row["photo"] = photo if row["case_ref"] == REF else row["photo"]
    with (registers / "permissions.csv").open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    run = flow.storysafe(
        tmp_path / "out", "redact", note, "--out", tmp_path / "out", "--organisation", SAMPLES / "organisation.toml",
        "--clients", SAMPLES / "clients.csv", "--permissions", registers / "permissions.csv", "--purpose", "publicity",
        "--secret", secret, "--on", flow.DAY, *(("--policy", policy) if policy else ()),
    )
    assert run.code == 0, (run.stderr, run.held())
    (path,) = run.released()
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def pictures(parts: dict[str, bytes]) -> list[bytes]:
    return [data for name, data in parts.items() if name.startswith("word/media/")]


def test_a_permission_for_the_photo_keeps_it_painted_anew(tmp_path: Path, note: Path, secret: Path) -> None:
    (kept,) = pictures(copied(tmp_path, note, secret, "yes"))
    with Image.open(io.BytesIO(kept)) as image:
        assert image.size == (40, 30)
        assert not image.getexif()
    assert b"Quayle" not in kept


def test_without_it_an_empty_box_stands_there(tmp_path: Path, note: Path, secret: Path) -> None:
    parts = copied(tmp_path, note, secret, "no")
    assert pictures(parts) == []
    assert b"removed" in parts["word/document.xml"]


def test_a_policy_that_keeps_pictures_keeps_them_without_a_permission(tmp_path, note, secret, templates) -> None:
    policy = tmp_path / "policy.toml"
    text = (templates / "policy.toml").read_text(encoding="utf-8").replace('pictures = "remove"', 'pictures = "keep"', 1)
    policy.write_text(text, encoding="utf-8")
    assert len(pictures(copied(tmp_path, note, secret, "no", policy))) == 1
