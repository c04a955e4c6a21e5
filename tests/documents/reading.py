"""What a reader finds in a finished Word file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from lxml import etree


def headings(path: Path) -> list[tuple[str, str]]:
    """Titles and headings by style, in order."""
    found = ((p.style.name, p.text) for p in Document(str(path)).paragraphs if p.style is not None)
    return [(style, text) for style, text in found if style.startswith(("Heading", "Title"))]


def styled(path: Path, style: str) -> list[str]:
    """The text of every paragraph in a style."""
    return [p.text for p in Document(str(path)).paragraphs if p.style is not None and p.style.name == style]


def words(path: Path) -> str:
    """All text of body, headers and footers."""
    return "\n".join("".join(node.itertext()) for _, root in parts(path) for node in root.iter(qn("w:p")))


def parts(path: Path) -> Iterator[tuple[str, etree._Element]]:
    """The XML parts that Word shows."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"word/(document|header\d*|footer\d*|comments)\.xml", name):
                yield name, etree.fromstring(archive.read(name))


def part(path: Path, name: str) -> etree._Element:
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(name))


def small_sizes(path: Path) -> list[str]:
    """Styles and runs whose letters are smaller than 12 points, and styles without any size to inherit."""
    found = []
    styles = part(path, "word/styles.xml")
    if styles.find(f".//{qn('w:rPrDefault')}//{qn('w:sz')}") is None:
        found.append("document defaults")
    for root in (styles, *(root for _, root in parts(path))):
        found += [str(node.getparent().getparent().attrib) for node in root.iter(qn("w:sz")) if int(node.get(qn("w:val"))) < 24]
    return found


def languages(path: Path) -> set[str]:
    """Every language that text is said to be in."""
    roots = [part(path, "word/styles.xml"), *(root for _, root in parts(path))]
    return {node.get(qn("w:val")) for root in roots for node in root.iter(qn("w:lang"))}
