"""Boxes that stand in a copy where drawings stood: text boxes with their text, placeholders for pictures."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from lxml import etree

from pipeline.word.names import MC, PIC, WP, WPS, A, R, V, W, local, namespace, qn, w

NAMESPACES = {"w": W, "r": R, "wp": WP, "a": A, "mc": MC, "wps": WPS, "pic": PIC}

_MOST = 25_000_000  # EMU: no page is larger than about 70 cm
_DEFAULT = (1_800_000, 900_000)
_UNIT = {"pt": 12_700, "in": 914_400, "cm": 360_000, "mm": 36_000, "px": 9_525, "pc": 152_400, "": 9_525}
_RELATIVE = frozenset(
    """
    page margin column paragraph line character leftMargin rightMargin topMargin bottomMargin
""".split()
)
_ALIGN = frozenset(["left", "right", "center", "top", "bottom", "inside", "outside"])
_WRAPS = frozenset(["wrapSquare", "wrapTopAndBottom", "wrapNone", "wrapTight", "wrapThrough"])
_PICTURES = {"pic": "Picture", "chart": "Chart", "relIds": "Diagram", "imagedata": "Picture", "OLEObject": "Object"}


@dataclass(frozen=True, slots=True)
class Box:
    """Where and how large a drawing was.

    Lengths are in EMU.  ``what`` names what a placeholder stands for, empty for a text box; ``fill`` is a colour in
    hexadecimal or empty; ``edge`` says whether the shape had an outline; ``floating`` is ``None``
    for a drawing in the line of text, else (horizontal base, horizontal place, vertical base, vertical place, wrap).
    """

    width: int
    height: int
    what: str
    floating: tuple[str, str, str, str, str] | None
    fill: str = ""
    edge: bool = False


def measure(drawing: etree._Element) -> Box | None:
    """The box that a drawing becomes; ``None`` for what leaves no trace, such as a watermark or a bare line."""
    names = {local(node.tag) for node in drawing.iter()}
    what = next((word for name, word in _PICTURES.items() if name in names), "")
    if not what and "txbxContent" not in names:
        return None
    if "txbxContent" in names:
        what = ""
    frame = next((node for node in drawing.iter(qn(WP, "inline"), qn(WP, "anchor"))), None)
    box = _modern(frame, what) if frame is not None else _old(drawing, what)
    fill, edge = ("F2F2F2", True) if what else _look(drawing)
    return replace(box, fill=fill, edge=edge)


def _look(drawing: etree._Element) -> tuple[str, bool]:
    shape = next(drawing.iter(qn(WPS, "spPr")), None)
    if shape is None:
        return "", next(drawing.iter(qn(V, "shape"), qn(V, "rect")), None) is not None
    colour = shape.find(f"{qn(A, 'solidFill')}/{qn(A, 'srgbClr')}")
    value = colour.get("val", "") if colour is not None else ""
    edge = shape.find(qn(A, "ln"))
    drawn = edge is not None and edge.find(qn(A, "noFill")) is None
    return value if re.fullmatch(r"[0-9A-Fa-f]{6}", value) else "", drawn


def _modern(frame: etree._Element, what: str) -> Box:
    extent = frame.find(qn(WP, "extent"))
    width = _length(extent.get("cx") if extent is not None else None, _DEFAULT[0])
    height = _length(extent.get("cy") if extent is not None else None, _DEFAULT[1])
    if frame.tag == qn(WP, "inline"):
        return Box(width, height, what, None)
    horizontal = _place(frame.find(qn(WP, "positionH")), "column")
    vertical = _place(frame.find(qn(WP, "positionV")), "paragraph")
    wrap = next((local(node.tag) for node in frame if local(node.tag) in _WRAPS), "wrapSquare")
    return Box(width, height, what, (*horizontal, *vertical, wrap))


def _place(position: etree._Element | None, base: str) -> tuple[str, str]:
    if position is None:
        return base, "0"
    relative = position.get("relativeFrom", base)
    base = relative if relative in _RELATIVE else base
    for node in position:
        text = (node.text or "").strip()
        if local(node.tag) == "align" and text in _ALIGN:
            return base, text
        if local(node.tag) == "posOffset" and re.fullmatch(r"-?\d{1,8}", text):
            return base, text
    return base, "0"


def _old(drawing: etree._Element, what: str) -> Box:
    shape = next((node for node in drawing.iter() if namespace(node.tag) == V and node.get("style")), None)
    style = dict(
        (key.strip().lower(), value.strip())
        for key, _, value in (item.partition(":") for item in (shape.get("style", "") if shape is not None else "").split(";"))
    )
    width = _css(style.get("width"), _DEFAULT[0])
    height = _css(style.get("height"), _DEFAULT[1])
    if style.get("position") != "absolute":
        return Box(width, height, what, None)
    left, top = _css(style.get("margin-left"), 0, signed=True), _css(style.get("margin-top"), 0, signed=True)
    return Box(width, height, what, ("column", str(left), "paragraph", str(top), "wrapSquare"))


def _length(value: str | None, otherwise: int) -> int:
    if value is None or not re.fullmatch(r"\d{1,8}", value):
        return otherwise
    return min(max(int(value), 1), _MOST)


def _css(value: str | None, otherwise: int, signed: bool = False) -> int:
    match = re.fullmatch(r"(-?\d{1,6}(?:\.\d{1,6})?)(pt|in|cm|mm|px|pc|)", value or "")
    if match is None:
        return otherwise
    size = int(float(match[1]) * _UNIT[match[2]])
    return max(-_MOST, min(size, _MOST)) if signed else min(max(size, 1), _MOST)


def build(box: Box, number: int) -> tuple[etree._Element, etree._Element]:
    """An mc:AlternateContent for a box, and the w:txbxContent in it that its text goes into."""
    root = etree.Element(qn(MC, "AlternateContent"), nsmap=NAMESPACES)
    choice = etree.SubElement(root, qn(MC, "Choice"), Requires="wps")
    drawing = etree.SubElement(choice, w("drawing"))
    frame = _frame(drawing, box, number)
    graphic = etree.SubElement(etree.SubElement(frame, qn(A, "graphic")), qn(A, "graphicData"), uri=WPS)
    shape = etree.SubElement(graphic, qn(WPS, "wsp"))
    etree.SubElement(shape, qn(WPS, "cNvSpPr"), txBox="1")
    look = etree.SubElement(shape, qn(WPS, "spPr"))
    _transform(look, box)
    _paint(look, box.fill)
    _paint(etree.SubElement(look, qn(A, "ln"), w="6350"), "7F7F7F" if box.edge else "")
    content = etree.SubElement(etree.SubElement(shape, qn(WPS, "txbx")), w("txbxContent"))
    etree.SubElement(shape, qn(WPS, "bodyPr"), wrap="square", anchor="ctr" if box.what else "t")
    if box.what:
        _caption(content, f"{box.what} removed")
    return root, content


def build_picture(box: Box, number: int, rid: str, description: str) -> etree._Element:
    """A w:drawing with the picture that the relationship ``rid`` names, in the place and size of a box."""
    drawing = etree.Element(w("drawing"), nsmap=NAMESPACES)
    frame = _frame(drawing, box, number)
    for called in frame.iter(qn(WP, "docPr")):
        called.set("descr", description)
    graphic = etree.SubElement(etree.SubElement(frame, qn(A, "graphic")), qn(A, "graphicData"), uri=PIC)
    picture = etree.SubElement(graphic, qn(PIC, "pic"))
    about = etree.SubElement(picture, qn(PIC, "nvPicPr"))
    etree.SubElement(about, qn(PIC, "cNvPr"), id=str(number), name=f"Picture {number}")
    etree.SubElement(about, qn(PIC, "cNvPicPr"))
    fill = etree.SubElement(picture, qn(PIC, "blipFill"))
    etree.SubElement(fill, qn(A, "blip"), {qn(R, "embed"): rid})
    etree.SubElement(etree.SubElement(fill, qn(A, "stretch")), qn(A, "fillRect"))
    look = etree.SubElement(picture, qn(PIC, "spPr"))
    _transform(look, box)
    return drawing


def _transform(look: etree._Element, box: Box) -> None:
    transform = etree.SubElement(look, qn(A, "xfrm"))
    etree.SubElement(transform, qn(A, "off"), x="0", y="0")
    etree.SubElement(transform, qn(A, "ext"), cx=str(box.width), cy=str(box.height))
    etree.SubElement(etree.SubElement(look, qn(A, "prstGeom"), prst="rect"), qn(A, "avLst"))


def _paint(target: etree._Element, colour: str) -> None:
    if colour:
        etree.SubElement(etree.SubElement(target, qn(A, "solidFill")), qn(A, "srgbClr"), val=colour)
    else:
        etree.SubElement(target, qn(A, "noFill"))


def _caption(content: etree._Element, words: str) -> None:
    paragraph = etree.SubElement(content, w("p"))
    etree.SubElement(etree.SubElement(paragraph, w("pPr")), w("jc"), {w("val"): "center"})
    etree.SubElement(etree.SubElement(paragraph, w("r")), w("t")).text = words


def _frame(drawing: etree._Element, box: Box, number: int) -> etree._Element:
    zero = dict.fromkeys(("distT", "distB", "distL", "distR"), "0")
    if box.floating is None:
        frame = etree.SubElement(drawing, qn(WP, "inline"), zero)
    else:
        fixed = {
            "simplePos": "0",
            "relativeHeight": str(number),
            "behindDoc": "0",
            "locked": "0",
            "layoutInCell": "1",
            "allowOverlap": "1",
        }
        frame = etree.SubElement(drawing, qn(WP, "anchor"), {**zero, **fixed})
        etree.SubElement(frame, qn(WP, "simplePos"), x="0", y="0")
        across, left, down, top, _ = box.floating
        for tag, base, place in (("positionH", across, left), ("positionV", down, top)):
            position = etree.SubElement(frame, qn(WP, tag), relativeFrom=base)
            etree.SubElement(position, qn(WP, "align" if place in _ALIGN else "posOffset")).text = place
    etree.SubElement(frame, qn(WP, "extent"), cx=str(box.width), cy=str(box.height))
    if box.floating is not None:
        wrap = box.floating[4] if box.floating[4] in ("wrapNone", "wrapTopAndBottom") else "wrapSquare"
        node = etree.SubElement(frame, qn(WP, wrap))
        if wrap == "wrapSquare":
            node.set("wrapText", "bothSides")
    called = {"id": str(number), "name": f"{box.what or 'Text Box'} {number}"}
    if box.what:
        called["descr"] = f"{box.what} removed to protect people's privacy"
    etree.SubElement(frame, qn(WP, "docPr"), called)
    if box.floating is None:
        etree.SubElement(frame, qn(WP, "cNvGraphicFramePr"))
    return frame
