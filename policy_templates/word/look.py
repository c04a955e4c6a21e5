"""The look of the packaged Word layouts: styles, colours, page. Used by build_layouts.py only."""

from __future__ import annotations

from docx import Document
from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from lxml.etree import _Element

FONT = "Arial"
INK, GREY = "22303A", "4F5B66"
TEAL, ACCENT, TINT = "0F4C5C", "2C7A7B", "E8F2F2"
AMBER, AMBER_TINT = "8A4B08", "FCF3E3"
LINE = "B9CACD"
KEPT_TABLE_STYLES = frozenset({"Normal Table", "Table Grid"})


def new_document() -> Doc:
    """An empty A4 document in the house look: en-GB, 12pt or larger throughout."""
    document = Document()
    _page(document)
    _prune(document)
    _defaults(document)
    _headings(document)
    _texts(document)
    _boxes(document)
    _table_style(document)
    return document


def _page(document: Doc) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(25)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    section.header_distance = section.footer_distance = Mm(12)


def _prune(document: Doc) -> None:
    for style in list(document.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in KEPT_TABLE_STYLES:
            style.delete()


def _defaults(document: Doc) -> None:
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for child in list(defaults):
        defaults.remove(child)
    defaults.append(_made("w:rFonts", **{f"w:{side}": FONT for side in ("ascii", "hAnsi", "eastAsia", "cs")}))
    defaults.append(_made("w:sz", **{"w:val": "24"}))
    defaults.append(_made("w:szCs", **{"w:val": "24"}))
    defaults.append(_made("w:lang", **{"w:val": "en-GB", "w:eastAsia": "en-GB", "w:bidi": "ar-SA"}))
    for style in document.styles:
        fonts = style.element.find(f".//{qn('w:rFonts')}")
        if fonts is not None:
            fonts.getparent().remove(fonts)
        for size in style.element.iter(qn("w:sz"), qn("w:szCs")):
            size.set(qn("w:val"), str(max(24, int(size.get(qn("w:val"))))))
    normal = document.styles["Normal"]
    dress(normal, size=12, colour=INK, after=8, line=1.2)


def dress(
    target: BaseStyle, *, size: float = 12, colour: str = INK, bold: bool = False, italic: bool = False,
    before: float = 0, after: float = 6, line: float | None = None, keep: bool = False,
) -> ParagraphStyle:  # fmt: skip
    """Set what a paragraph style looks like; sizes and spaces in points."""
    assert isinstance(target, ParagraphStyle)
    target.font.size, target.font.color.rgb = Pt(size), RGBColor.from_string(colour)
    target.font.bold, target.font.italic = bold, italic
    form = target.paragraph_format
    form.space_before, form.space_after, form.keep_with_next = Pt(before), Pt(after), keep
    form.widow_control = True
    if line is not None:
        form.line_spacing = line
    return target


def _headings(document: Doc) -> None:
    styles = document.styles
    title = dress(styles["Title"], size=26, colour=TEAL, bold=True, after=6, line=1.05, keep=True)
    _drop(title, "w:pBdr")
    for child in ("w:spacing", "w:kern"):
        for found in title.element.findall(f"{qn('w:rPr')}/{qn(child)}"):
            found.getparent().remove(found)
    dress(styles["Subtitle"], size=15, colour=GREY, after=16, line=1.1, keep=True)
    for found in styles["Subtitle"].element.findall(f"{qn('w:rPr')}/{qn('w:spacing')}"):
        found.getparent().remove(found)
    dress(styles["Heading 1"], size=18, colour=TEAL, bold=True, before=14, after=4, line=1.1, keep=True)
    dress(styles["Heading 2"], size=14, colour=ACCENT, bold=True, before=14, after=4, line=1.1, keep=True)
    kicker = dress(_new(document, "Kicker"), size=12, colour=ACCENT, bold=True, before=0, after=8, keep=True)
    border(kicker, {"top": (36, ACCENT, 10)})


def _texts(document: Doc) -> None:
    styles = document.styles
    dress(styles["Caption"], size=12, colour=GREY, italic=True, before=4, after=14)
    for name in ("List Bullet", "List Number"):
        dress(styles[name], size=12, after=5, line=1.2)
    for name in ("Header", "Footer"):
        dress(styles[name], size=12, colour=GREY, after=0)
        _drop(styles[name], "w:tabs")
    internal = dress(_new(document, "Internal Header"), size=12, colour=AMBER, bold=True, after=0)
    border(internal, {"bottom": (12, AMBER, 6)})
    border(styles["Header"], {"bottom": (6, LINE, 6)})
    dress(_new(document, "Source Text"), size=12, after=6, line=1.3)
    dress(_new(document, "Source Place"), size=12, colour=GREY, italic=True, before=10, after=2, keep=True)
    contents = dress(_new(document, "Contents"), size=13, after=6, line=1.2)
    contents.paragraph_format.tab_stops.add_tab_stop(Mm(160), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    cell = dress(_new(document, "Table Text"), size=12, after=0, line=1.1)
    cell.paragraph_format.space_before = Pt(0)
    dress(_new(document, "Table Number"), size=12, after=0, line=1.1).paragraph_format.alignment = 2
    dress(_new(document, "Table Heading"), size=12, colour="FFFFFF", bold=True, after=0, line=1.1, keep=True)


def _boxes(document: Doc) -> None:
    quote = dress(document.styles["Quote"], size=16, colour=TEAL, italic=True, before=10, after=10, line=1.2)
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Mm(8)
    border(quote, {"left": (36, ACCENT, 14)})
    note = dress(_new(document, "Change Note"), size=12, colour=GREY, italic=True, before=14, after=0)
    border(note, {"top": (6, LINE, 8)})
    box(dress(_new(document, "Call to Action"), size=13, colour=TEAL, before=4, after=4, line=1.2), TINT, ACCENT)
    stop = dress(_new(document, "Decision Point"), size=12, colour=TEAL, bold=True, before=6, after=10, line=1.2)
    box(stop, TINT, TEAL)
    box(dress(_new(document, "Content Warning"), size=12, colour=AMBER, before=6, after=6, line=1.2), AMBER_TINT, AMBER)


def box(target: ParagraphStyle, fill: str, edge: str) -> None:
    """A tinted box with a coloured edge around paragraphs of a style."""
    sides = {"top": (4, fill, 8), "left": (36, edge, 10), "bottom": (4, fill, 8), "right": (4, fill, 10)}
    border(target, sides)
    target.paragraph_format.left_indent = target.paragraph_format.right_indent = Mm(4)
    _insert(target, _made("w:shd", **{"w:val": "clear", "w:color": "auto", "w:fill": fill}))


def border(target: BaseStyle, sides: dict[str, tuple[int, str, int]]) -> None:
    """Paragraph borders: side -> (eighths of a point, colour, distance in points)."""
    edges = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):
        if side in sides:
            size, colour, space = sides[side]
            edge = {"w:val": "single", "w:sz": str(size), "w:space": str(space), "w:color": colour}
            edges.append(_made(f"w:{side}", **edge))
    _drop(target, "w:pBdr")
    _insert(target, edges)


def _table_style(document: Doc) -> None:
    """ "Report Table": a dark header row, hairlines between rows, nothing else."""
    made = document.styles.add_style("Report Table", WD_STYLE_TYPE.TABLE)
    made.base_style = document.styles["Normal Table"]
    properties = OxmlElement("w:tblPr")
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        borders.append(_made(f"w:{side}", **{"w:val": "single", "w:sz": "6", "w:space": "0", "w:color": LINE}))
    margins = OxmlElement("w:tblCellMar")
    for side, width in (("top", 70), ("left", 110), ("bottom", 70), ("right", 110)):
        margins.append(_made(f"w:{side}", **{"w:w": str(width), "w:type": "dxa"}))
    properties.extend((borders, margins))
    first = _made("w:tblStylePr", **{"w:type": "firstRow"})
    cell = OxmlElement("w:tcPr")
    cell.append(_made("w:shd", **{"w:val": "clear", "w:color": "auto", "w:fill": TEAL}))
    first.append(cell)
    made.element.extend((properties, first))


def _new(document: Doc, name: str) -> BaseStyle:
    made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    made.base_style = document.styles["Normal"]
    made.quick_style = True
    return made


def _made(tag: str, **values: str) -> _Element:
    element = OxmlElement(tag)
    for key, value in values.items():
        element.set(qn(key), value)
    return element


def _drop(target: BaseStyle, tag: str) -> None:
    for found in target.element.findall(f"{qn('w:pPr')}/{qn(tag)}"):
        found.getparent().remove(found)


def _insert(target: BaseStyle, child: _Element) -> None:
    # The schema fixes the order of paragraph properties; these come after the keeps and before spacing.
    properties = target.element.get_or_add_pPr()
    later = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    start = later[1:] if child.tag == qn("w:shd") else later
    place = next((i for i, node in enumerate(properties) if node.tag in {qn(tag) for tag in start}), len(properties))
    properties.insert(place, child)
