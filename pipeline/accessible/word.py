"""A paper as a Word file: real headings, en-GB, boxes that can be ticked on the screen or with a pen (P27)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, singledispatch
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.document import Document as Doc
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph
from lxml import etree

from pipeline.accessible.paper import Block, Bullets, Field, Heading, Notice, PageBreak, Paper, Paragraph, Table, Ticks
from pipeline.documents.layouts import Picture, house_fields, repeat_header, save, style_ids
from pipeline.domain.organisation import Organisation
from pipeline.errors import RenderError

_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_EMPTY, _TICKED, _BOX_FONT = "2610", "2612", "Segoe UI Symbol"
_ROOM_MM, _TO_WRITE_IN = 10, 24  # the height of a row to write in, and the letters that a column of it needs
_LETTER, _WIDE = 0.56, 40  # the width of a letter by its size; the letters after which a cell may well be two lines
_BLANK = "\u2003"  # keeps a place to write in open, and prints as nothing


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The document being written, its styles by name, and how far the label of a box stands in."""

    document: Doc
    styles: Mapping[str, str]
    indent: Length

    def add(self, text: str, style: str) -> WordParagraph:
        """A new last paragraph; a style is set by its id, for finding it anew each time takes longer than all the rest."""
        made = self.document.add_paragraph(text)
        made._p.style = self.styles[style]
        return made


def write_word(paper: Paper, organisation: Organisation, layout: Path, target: Path) -> None:
    """Write the paper in the styles of ``layout``, an ordinary Word file.

    Raises ``RenderError`` when the layout is no Word file or lacks a style, ``OutputFailed`` when it cannot be saved.
    """
    document = _opened(layout)
    try:
        document.sections[0].header.paragraphs[0].text = organisation.name
        sheet = _Sheet(document, style_ids(document), document.styles["Tick"].paragraph_format.left_indent)
        _show_logo(document, organisation)
        sheet.add(paper.title, "Title")
        for block, after in zip(paper.blocks, (*paper.blocks[1:], None), strict=True):
            _write(block, sheet)
            if _together(block, after):
                document.paragraphs[-1].paragraph_format.keep_with_next = True
    except KeyError:
        raise RenderError(f"{layout.name}: a style is missing.", "Take the packaged layout again.") from None
    _number_controls(document)
    save(document, target, organisation, paper.title)


def _together(block: Block, after: Block | None) -> bool:
    """True for short places to write in that follow each other: a name, its signature and its date stay on one page."""
    return all(isinstance(field, Field) and field.lines == 1 for field in (block, after))


def _show_logo(document: Doc, organisation: Organisation) -> None:
    logo = house_fields(organisation)["logo"]
    if isinstance(logo, Picture):
        shape = document.add_picture(BytesIO(logo.data), width=Mm(logo.width_mm))
        shape._inline.docPr.set("descr", logo.alt)


@lru_cache(maxsize=8)
def _bytes(layout: Path, stamp: int) -> bytes:
    return layout.read_bytes()


def _opened(layout: Path) -> Doc:
    try:
        return Document(BytesIO(_bytes(layout, layout.stat().st_mtime_ns)))
    except (PackageNotFoundError, OSError, KeyError, ValueError) as error:
        spare = "Take the packaged layout again."
        raise RenderError(f"{layout.name}: this layout is not a Word file (.docx).", spare) from error


@singledispatch
def _write(block: Block, sheet: _Sheet) -> None:
    raise TypeError(f"no such block: {type(block).__name__}")


@_write.register
def _(block: Heading, sheet: _Sheet) -> None:
    made = sheet.add(block.text, f"Heading {block.level}")
    if _breaks(made):
        made.paragraph_format.page_break_before = True


@_write.register
def _(block: PageBreak, sheet: _Sheet) -> None:
    # Remembered on the last paragraph and moved to the next heading: a paragraph of its own could make an empty page.
    sheet.add("", "Normal").paragraph_format.page_break_before = True


def _breaks(made: WordParagraph) -> bool:
    """True when an empty page-break paragraph stands before this one; it is taken away."""
    before = made._p.getprevious()
    if before is None or before.tag != qn("w:p") or before.find(f"{qn('w:pPr')}/{qn('w:pageBreakBefore')}") is None:
        return False
    if "".join(before.itertext()):
        return False
    before.getparent().remove(before)
    return True


@_write.register
def _(block: Paragraph, sheet: _Sheet) -> None:
    sheet.add(block.text.rstrip("\n"), "Normal")


@_write.register
def _(block: Notice, sheet: _Sheet) -> None:
    sheet.add(block.text.rstrip("\n"), "Notice")


@_write.register
def _(block: Bullets, sheet: _Sheet) -> None:
    for item in block.items:
        sheet.add(item, "List Bullet")


@_write.register
def _(block: Ticks, sheet: _Sheet) -> None:
    sheet.add(block.question, "Question").paragraph_format.keep_with_next = True
    for number, choice in enumerate(block.choices, start=1):
        made = sheet.add("", "Tick")
        made._p.append(_tick(choice.label, f"{choice.column}={choice.value}" if choice.column else ""))
        made.add_run(f"\t{choice.label}")
        made.paragraph_format.tab_stops.add_tab_stop(sheet.indent)
        if number in (1, len(block.choices) - 1):  # no box stands alone on its page
            made.paragraph_format.keep_with_next = True


@_write.register
def _(block: Field, sheet: _Sheet) -> None:
    sheet.add(block.label, "Answer Label")
    made = sheet.add("", "Answer")
    made._p.append(_place(block))


@_write.register
def _(block: Table, sheet: _Sheet) -> None:
    sheet.add(block.caption, "Answer Label")
    table = sheet.document.add_table(len(block.rows) + 1, len(block.header), "Report Table")
    table.autofit = False
    widths = _widths(block, sheet.document)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row, cells in zip(table.rows, (block.header, *block.rows), strict=True):
        if not all(cells):
            row.height = Mm(_ROOM_MM)
        for cell, text, width in zip(row.cells, cells, widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.text = text
            paragraph._p.style = sheet.styles["Table Heading" if cells is block.header else "Table Text"]
    repeat_header(table)
    if not all(map(all, block.rows)):
        _rule_columns(table)
    look = table._tbl.tblPr.find(qn("w:tblLook"))
    for key, value in (("w:firstRow", "1"), ("w:firstColumn", "0"), ("w:noHBand", "1"), ("w:noVBand", "1")):
        look.set(qn(key), value)
    for tag in ("w:tblCaption", "w:tblDescription"):
        about = OxmlElement(tag)
        about.set(qn("w:val"), block.caption)
        table._tbl.tblPr.append(about)
    sheet.add("", "Table Text")


def _widths(table: Table, document: Doc) -> list[Length]:
    """Widths that fill the page: no word is broken, and what is left over goes to the columns with more to say."""
    section, size = document.sections[0], document.styles["Table Text"].font.size or Pt(12)
    room = (section.page_width or Mm(210)) - (section.left_margin or Mm(25)) - (section.right_margin or Mm(25))
    letter, edges = int(size * _LETTER), Mm(5)
    needs, wishes = [], []
    for head, *cells in zip(table.header, *table.rows, strict=True):
        need = max(len(word) for text in (head, *cells) for word in (text.split() or [""]))
        wish = min(max(map(len, (head, *cells))), _WIDE) if any(cells) else _TO_WRITE_IN
        needs.append(need * letter + edges)
        wishes.append(max(wish, need) - need + 1)
    spare = max(room - sum(needs), 0)
    return [Length(need + spare * wish // sum(wishes)) for need, wish in zip(needs, wishes, strict=True)]


def _rule_columns(table: WordTable) -> None:
    """Lines between the columns of a table that people write in."""
    borders, line = OxmlElement("w:tblBorders"), {"w:val": "single", "w:sz": "6", "w:space": "0", "w:color": "7D8B93"}
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        for key, value in line.items():
            edge.set(qn(key), value)
        borders.append(edge)
    table._tbl.tblPr.find(qn("w:tblLayout")).addprevious(borders)


def _tick(label: str, tag: str) -> etree._Element:
    """A check box control whose name is its label, so that a screen reader says what is ticked."""
    control, properties = _control(label, tag)
    box = etree.SubElement(properties, f"{{{_W14}}}checkbox")
    for name, value in (("checked", "0"), ("checkedState", _TICKED), ("uncheckedState", _EMPTY)):
        state = etree.SubElement(box, f"{{{_W14}}}{name}")
        state.set(f"{{{_W14}}}val", value)
        if name != "checked":
            state.set(f"{{{_W14}}}font", _BOX_FONT)
    fonts = OxmlElement("w:rFonts")
    for side in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{side}"), _BOX_FONT)
    _content(control, ("\u2610",), fonts)
    return control


def _place(block: Field) -> etree._Element:
    control, properties = _control(block.label, block.column)
    text = OxmlElement("w:text")
    if block.lines > 1:
        text.set(qn("w:multiLine"), "1")
    properties.append(text)
    _content(control, (block.value,) if block.value else (_BLANK,) * block.lines)
    return control


def _control(label: str, tag: str) -> tuple[etree._Element, etree._Element]:
    control, properties = OxmlElement("w:sdt"), OxmlElement("w:sdtPr")
    control.append(properties)
    for name, value in (("w:alias", label[:64]), ("w:tag", tag[:64])):
        if value:
            node = OxmlElement(name)
            node.set(qn("w:val"), value)
            properties.append(node)
    return control, properties


def _content(control: etree._Element, lines: tuple[str, ...], fonts: etree._Element | None = None) -> None:
    content, run = OxmlElement("w:sdtContent"), OxmlElement("w:r")
    if fonts is not None:
        look = OxmlElement("w:rPr")
        look.append(fonts)
        run.append(look)
    for number, line in enumerate(lines):
        if number:
            run.append(OxmlElement("w:br"))
        text = OxmlElement("w:t")
        text.text = line
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(text)
    content.append(run)
    control.append(content)


def _number_controls(document: Doc) -> None:
    # Word wants each control's id to be its own; numbers in order keep the bytes the same each time.
    for number, properties in enumerate(document.element.body.iter(qn("w:sdtPr")), start=1):
        node = OxmlElement("w:id")
        node.set(qn("w:val"), str(number))
        kind = properties[-1]
        kind.addprevious(node)
