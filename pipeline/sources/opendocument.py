"""OpenDocument text (.odt): body, headers, footers, notes, changes, links and properties."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from pipeline.domain.story import BlockKind, Locator
from pipeline.errors import UnreadableFile
from pipeline.files.fragments import Fragment
from pipeline.files.opening import Package, open_package, parse_xml
from pipeline.word import tables
from pipeline.word.binary import binary_strings
from pipeline.word.names import local

_PLUMBING = frozenset({"mimetype", "META-INF/manifest.xml"})
_SPACES = {"tab": "\t", "line-break": "\n"}
_ASIDE = frozenset({"note", "annotation", "tracked-changes", "frame", "text-box", "custom-shape"})
_TELLING = frozenset(
    """
        href name title desc string-value author creator display-name formula value description target-frame-name
        user-name label
    """.split()
)
_ALWAYS = frozenset({"title", "desc", "creator", "creator-initials", "date", "config-item", "initial-creator"})
_SWITCHES = frozenset({"true", "false", "high-resolution", "preview-low-resolution"})
_COUNTS = frozenset({"editing-cycles", "editing-duration", "generator"})
_INVISIBLE = frozenset({"style", "list-style", "font-face", "page-layout", "default-style", "list-level-style-number"})


def read_opendocument(data: bytes, name: str) -> list[Fragment]:
    """Every text of an .odt; ``UnreadableFile`` when it is encrypted or damaged."""
    package = open_package(data, name)
    if "content.xml" not in package.entries:
        raise UnreadableFile(f"{name}: no document inside", "Open it in LibreOffice and save it again.")
    if b"encryption-data" in package.entries.get("META-INF/manifest.xml", b""):
        raise UnreadableFile(f"{name}: the file is password-protected", "Save a copy without a password.")
    content = parse_xml(package.entries["content.xml"], name)
    found = _paragraphs(content, "body")
    if "styles.xml" in package.entries:
        found += _paragraphs(parse_xml(package.entries["styles.xml"], name), "header or footer")
    return found + _behind(package, name)


def _paragraphs(root: etree._Element, part: str) -> list[Fragment]:
    found: list[Fragment] = []
    number = 0
    labels = _labels(root)
    for node in root.iter():
        if local(node.tag) not in ("p", "h"):
            continue
        number += 1
        text = "".join(_text(node))
        if text.strip():
            where = Locator(part, f"paragraph {number}")
            label = labels.get(node, "")
            kind = _kind(node, part)
            if label is None:
                found.append(Fragment(text, None, where, ending=": "))
            else:
                in_field = bool(label) and kind is BlockKind.PARAGRAPH
                found.append(Fragment(text, BlockKind.FIELD if in_field else kind, where, label if in_field else ""))
    # What the reader sees first, then deletions and notes.
    return sorted(found, key=lambda fragment: fragment.kind in (BlockKind.HIDDEN, BlockKind.NOTE))


def _labels(root: etree._Element) -> dict[etree._Element, str | None]:
    """For each paragraph in a table its cell's label; ``None`` for one that is itself the label of the next cell."""
    found: dict[etree._Element, str | None] = {}
    for table in root.iter():
        if local(table.tag) != "table":
            continue
        rows = [
            [cell for cell in row if local(cell.tag) == "table-cell"] for row in table.iter() if local(row.tag) == "table-row"
        ]
        grid = [["\n".join("".join(_text(p)) for p in cell if local(p.tag) == "p") for cell in row] for row in rows]
        how = tables.layout(grid)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                label = tables.label_for(grid, how, row, column)
                beside = label is not None or (how is tables.Layout.PAIRS and len(cell) == 1)
                found.update({p: label if beside else "" for p in cell})
    return found


def _kind(node: etree._Element, part: str) -> BlockKind:
    around = {local(up.tag) for up in node.iterancestors()}
    if "tracked-changes" in around:
        return BlockKind.HIDDEN
    if around & {"note", "annotation"}:
        return BlockKind.NOTE
    if part != "body" or around & {"text-box", "custom-shape"}:
        return BlockKind.FURNITURE
    return BlockKind.HEADING if local(node.tag) == "h" else BlockKind.PARAGRAPH


def _text(node: etree._Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        name = local(child.tag)
        if name == "s":
            count = next((value for key, value in child.attrib.items() if local(key) == "c"), "1")
            yield " " * min(int(count) if count.isdigit() else 1, 1000)
        elif name in _SPACES:
            yield _SPACES[name]
        elif name and name not in _ASIDE:
            yield from _text(child)
        yield child.tail or ""


def _behind(package: Package, name: str) -> list[Fragment]:
    strings: dict[str, str] = {}
    for part, data in package.entries.items():
        if part in _PLUMBING:
            continue
        if part.endswith((".xml", ".rdf")):
            for text in _unseen(parse_xml(data, name)):
                strings.setdefault(text.strip(), "property" if part == "meta.xml" else "behind the text")
        elif not part.endswith(("/", "mimetype")):
            for text in binary_strings(data):
                strings.setdefault(text.strip(), "embedded file")
    return [
        Fragment(text, BlockKind.METADATA if where == "property" else BlockKind.HIDDEN, Locator(where, f"item {number}"))
        for number, (text, where) in enumerate(strings.items(), start=1)
        if text and text not in _SWITCHES and not (text.lstrip("-").isdigit() and len(text) < 8)
    ]


def _unseen(root: etree._Element) -> Iterator[str]:
    for node in root.iter():
        name = local(node.tag)
        if not name:
            yield node.text or ""
            continue
        inside = {local(up.tag) for up in node.iterancestors()} | {name}
        if node.text and (name in _ALWAYS or not inside & {"p", "h"}) and name not in _COUNTS:
            yield node.text
        if name in _INVISIBLE or name.startswith("config-item"):
            continue
        for key, value in node.attrib.items():
            if local(key) in _TELLING and not value.isdigit():
                yield value
