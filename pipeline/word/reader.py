"""A .docx read whole: first what the document shows, in order, then everything else that its parts hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.domain.story import BlockKind, Locator
from pipeline.files.fragments import Fragment
from pipeline.files.opening import MAX_TOTAL
from pipeline.word import tables
from pipeline.word.hidden import Budget, sweep
from pipeline.word.names import MC, WP, local, qn, w
from pipeline.word.parts import WordPackage
from pipeline.word.runs import FieldState, ParagraphText, Piece, read_paragraph, texts
from pipeline.word.styles import Styles

_CONTAINERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "body", "hdr", "ftr"})
_GONE = frozenset({"del", "moveFrom"})
_PAGE_NUMBER = re.compile(r"(?:\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)\b(?:\s*\\\*\s*(?:MERGEFORMAT|Arabic|roman|ROMAN))*)+\s*")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a paragraph's text came from: its pieces, for the writer."""

    pieces: tuple[Piece, ...]


@dataclass(slots=True)
class Reading:
    """One document while it is read: what was found so far and which nodes have been taken in."""

    package: WordPackage
    styles: Styles
    shown: list[Fragment] = field(default_factory=list)
    unseen: list[Fragment] = field(default_factory=list)
    used: set[etree._Element] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Place:
    """The context of a block: the layer, the kind its paragraphs have by default, and a table cell's label."""

    part: str
    kind: BlockKind
    position: str = ""
    label: str | None = ""


def read_package(package: WordPackage) -> list[Fragment]:
    """Every text of a Word file in reading order: body, headers, notes, comments, then hidden text and metadata."""
    reading = Reading(package, Styles(package))
    _read_part(reading, package.main, Place("body", BlockKind.PARAGRAPH))
    for kind, place_kind in (
        ("header", BlockKind.FURNITURE),
        ("footer", BlockKind.FURNITURE),
        ("footnotes", BlockKind.NOTE),
        ("endnotes", BlockKind.NOTE),
        ("comments", BlockKind.NOTE),
    ):
        for number, part in enumerate(package.related(package.main, kind), start=1):
            name = f"{kind} {number}" if kind in ("header", "footer") else kind
            _read_part(reading, part, Place(name, place_kind))
    told = frozenset(fragment.text.strip() for fragment in reading.shown)
    budget = Budget(MAX_TOTAL, package.name)
    return [*reading.shown, *reading.unseen, *sweep(package.package, reading.used, package.tree, budget=budget, told=told)]


def _read_part(reading: Reading, part: str, place: Place) -> None:
    root = reading.package.tree(part)
    fields = FieldState()
    if local(root.tag) in ("footnotes", "endnotes", "comments"):
        for number, note in enumerate(root, start=1):
            _read_blocks(reading, note, Place(f"{place.part[:-1]} {number}", place.kind), fields)
        return
    _read_blocks(reading, root, place, fields)


def _read_blocks(reading: Reading, parent: etree._Element, place: Place, fields: FieldState) -> None:
    counts = {"p": 0, "tbl": 0}
    for node in _flat(parent):
        name = local(node.tag)
        counts[name] += 1
        before = f"{place.position}, " if place.position else ""
        if name == "p":
            spot = Place(place.part, place.kind, f"{before}paragraph {counts['p']}", place.label)
            _read_one(reading, node, spot, fields)
        else:
            spot = Place(place.part, place.kind, f"{before}table {counts['tbl']}", place.label)
            _read_table(reading, node, spot, fields)


def _flat(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables of a container in order, through content controls and accepted insertions."""
    for node in parent:
        name = local(node.tag)
        if name in ("p", "tbl"):
            yield node
        elif name in _CONTAINERS:
            yield from _flat(node)
        elif node.tag == f"{{{MC}}}AlternateContent":
            for choice in node[:1]:
                yield from _flat(choice)


def _read_one(reading: Reading, paragraph: etree._Element, place: Place, fields: FieldState) -> None:
    found = read_paragraph(paragraph, fields, reading.styles.conceals)
    if found.text.strip():
        kind, label = _kind(reading, paragraph, place)
        ending = ": " if place.label is None else "\n"
        reading.shown.append(Fragment(found.text, kind, _locator(place), label, ending, Anchor(tuple(found.pieces))))
    reading.used.update(piece.node for piece in found.pieces)
    _keep_unseen(reading, found, place)
    for drawing in found.drawings:
        _read_drawing(reading, drawing, place)


def _kind(reading: Reading, paragraph: etree._Element, place: Place) -> tuple[BlockKind | None, str]:
    if place.label is None:
        return None, ""
    if place.label:
        return BlockKind.FIELD, place.label
    if place.kind is BlockKind.PARAGRAPH and reading.styles.is_heading(paragraph):
        return BlockKind.HEADING, ""
    return place.kind, ""


def _locator(place: Place, more: str = "") -> Locator:
    return Locator(place.part, ", ".join(part for part in (place.position, more) if part))


def _keep_unseen(reading: Reading, found: ParagraphText, place: Place) -> None:
    for nodes, what in ((found.deleted, "deleted"), (found.concealed, "hidden"), (found.codes, "field code")):
        text = texts(nodes)
        if text.strip() and not (what == "field code" and _PAGE_NUMBER.fullmatch(text)):
            reading.unseen.append(Fragment(text, BlockKind.HIDDEN, _locator(place, what)))
        reading.used.update(nodes)


def _read_drawing(reading: Reading, drawing: etree._Element, place: Place) -> None:
    """Text boxes in a drawing; of two renderings of one box the first counts, and the sweep finds what only the other says."""
    for described in drawing.iter(qn(WP, "docPr")):
        words = described.get("descr", "")
        if words.strip():
            piece = Piece(0, len(words), described)
            reading.unseen.append(Fragment(words, BlockKind.HIDDEN, _locator(place, "alternative text"), anchor=Anchor((piece,))))
            reading.used.add(described)
    alternatives = [node for node in drawing.iter(f"{{{MC}}}AlternateContent")]
    fallback = {inner for node in alternatives for other in node[1:] for inner in other.iter()}
    known: set[str] = set()
    for box in drawing.iter(w("txbxContent")):
        if box in fallback or any(
            local(up.tag) == "txbxContent" for up in box.iterancestors() if up is not drawing and _inside(up, drawing)
        ):
            continue
        first = len(reading.shown)
        kind = BlockKind.FURNITURE if place.kind is not BlockKind.NOTE else place.kind
        _read_blocks(reading, box, Place(f"{place.part}, text box", kind, place.position), FieldState())
        known.update(fragment.text for fragment in reading.shown[first:])
    for box in drawing.iter(w("txbxContent")):
        if box in fallback:
            for paragraph in box.iter(w("p")):
                text = read_paragraph(paragraph, FieldState(), reading.styles.conceals)
                if text.text in known:
                    reading.used.update(piece.node for piece in text.pieces)


def _inside(node: etree._Element, drawing: etree._Element) -> bool:
    return any(up is drawing for up in node.iterancestors())


def _read_table(reading: Reading, table: etree._Element, place: Place, fields: FieldState) -> None:
    rows = [row for row in _rows(table)]
    grid = [[_cell_text(reading, cell) for cell in _cells(row)] for row in rows]
    how = tables.layout(grid)
    for row_number, row in enumerate(rows):
        for column, cell in enumerate(_cells(row)):
            spot = f"{place.position}, row {row_number + 1}, column {column + 1}"
            label = tables.label_for(grid, how, row_number, column)
            # A label stands before its value on one line only when it is alone in its cell.
            if label is None and (how is tables.Layout.HEADED or "\n" in grid[row_number][column]):
                _read_blocks(reading, cell, Place(place.part, place.kind, spot, ""), fields)
                continue
            _read_blocks(reading, cell, Place(place.part, place.kind, spot, label), fields)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for node in table:
        if node.tag == w("tr"):
            if node.find(f"{w('trPr')}/{w('del')}") is None:
                yield node
        elif local(node.tag) in _CONTAINERS:
            yield from _rows(node)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for node in row:
        if node.tag == w("tc"):
            yield node
        elif local(node.tag) in _CONTAINERS:
            yield from _cells(node)


def _cell_text(reading: Reading, cell: etree._Element) -> str:
    lines = (read_paragraph(p, FieldState(), reading.styles.conceals).text for p in _flat(cell) if p.tag == w("p"))
    return "\n".join(line for line in lines if line.strip())
