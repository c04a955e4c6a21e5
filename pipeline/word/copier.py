"""One part of a Word file copied element by element, as far as the allow-list goes and no further."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from pipeline.word import boxes
from pipeline.word.allowed import ATTRIBUTES, COPIED, STYLE_REFERENCES, UNWRAPPED, is_allowed_value
from pipeline.word.boxes import Box
from pipeline.word.fields import field_code, kept_fields
from pipeline.word.names import MC, M, R, W, local, namespace, qn, w
from pipeline.word.pictures import embedded
from pipeline.word.vocabulary import SYMBOL_FONTS

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BREAKS = frozenset({"tab", "br", "cr", "noBreakHyphen", "ptab"})
_DRAWINGS = frozenset({"drawing", "pict", "object", "AlternateContent"})
_GONE = frozenset({"del", "moveFrom"})
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")


@dataclass(slots=True)
class Copier:
    """What copying one document needs to know.

    ``texts`` gives the new text of each node that is shown; ``styles`` the new id of each style; ``headers`` the new
    relationship id of each old one; ``boxes`` counts the boxes made so far.  ``picture_of`` gives the name in the copy
    of a picture that may stay, for its old relationship id and crop; ``pictures`` are those of the part at hand.
    """

    texts: Mapping[etree._Element, str]
    styles: Mapping[str, str]
    headers: Mapping[str, str]
    conceals: Callable[[etree._Element], bool]
    picture_of: Callable[[str, tuple[float, float, float, float]], str] | None = None
    boxes: int = 0
    pictures: dict[str, str] = field(default_factory=dict)
    fields: dict[etree._Element, str] = field(default_factory=dict)

    def part(self, root: etree._Element) -> etree._Element:
        """A clean copy of a whole part."""
        self.fields = kept_fields(root)
        self.pictures = {}
        copy = etree.Element(root.tag, nsmap=boxes.NAMESPACES)
        self._children(root, copy)
        _mend(copy)
        return copy

    def _children(self, source: etree._Element, target: etree._Element) -> None:
        for node in source:
            if isinstance(node.tag, str):
                self._copy(node, target)

    def _copy(self, node: etree._Element, target: etree._Element) -> None:
        name, space = local(node.tag), namespace(node.tag)
        if name in _DRAWINGS:
            self._drawing(node, target)
        elif space == M:
            self._mathematics(node, target, name)
        elif space != W or name in _GONE:
            return
        elif name == "t":
            self._text(node, target)
        elif name in _BREAKS and local(target.tag) == "r":
            self._break(node, target, name)
        elif name in ("fldChar", "instrText"):
            self._field(node, target, name)
        elif name in ("headerReference", "footerReference", "footnoteReference", "endnoteReference"):
            self._reference(node, target, name)
        elif name == "sym":
            self._symbol(node, target)
        elif name == "fldSimple" and field_code(node.get(w("instr"), "")):
            kept = etree.SubElement(target, w("fldSimple"), {w("instr"): field_code(node.get(w("instr"), "")) or ""})
            self._children(node, kept)
        elif name in UNWRAPPED:
            self._children(node, target)
        elif name in COPIED:
            self._element(node, target, name)

    def _element(self, node: etree._Element, target: etree._Element, name: str) -> None:
        if name == "tr" and node.find(f"{w('trPr')}/{w('del')}") is not None:
            return
        if name == "r" and self.conceals(node):
            return
        copy = etree.SubElement(target, node.tag)
        for key, value in node.attrib.items():
            self._attribute(copy, name, key, value)
        if name in STYLE_REFERENCES and copy.get(w("val")) is None:
            target.remove(copy)
            return
        self._children(node, copy)

    def _attribute(self, copy: etree._Element, name: str, key: str, value: str) -> None:
        plain = local(key)
        if plain not in ATTRIBUTES or namespace(key) != W:
            return
        if name in STYLE_REFERENCES or plain == "styleId":
            if value in self.styles:
                copy.set(key, self.styles[value])
        elif is_allowed_value(name, plain, value):
            # A colour in capitals: "bfbfbf" would be read as somebody's word.
            copy.set(key, value.upper() if _COLOUR.fullmatch(value) else value)

    def _text(self, node: etree._Element, target: etree._Element) -> None:
        text = self.texts.get(node, "")
        if text:
            add_text(target, text)

    def _break(self, node: etree._Element, target: etree._Element, name: str) -> None:
        # A break in a paragraph without words (a page break) is in no fragment; it says nothing, so it stays.
        text = self.texts.get(node, "\n")
        if text in ("\t", "\n", "-"):
            copy = etree.SubElement(target, node.tag)
            for key, value in node.attrib.items():
                self._attribute(copy, name, key, value)
        elif text:
            add_text(target, text)

    def _field(self, node: etree._Element, target: etree._Element, name: str) -> None:
        if node not in self.fields:
            return
        if name == "fldChar":
            etree.SubElement(target, node.tag, {w("fldCharType"): node.get(w("fldCharType"), "")})
        elif self.fields[node]:
            etree.SubElement(target, node.tag, {XML_SPACE: "preserve"}).text = f" {self.fields[node]} "

    def _reference(self, node: etree._Element, target: etree._Element, name: str) -> None:
        if name in ("headerReference", "footerReference"):
            rid = self.headers.get(node.get(qn(R, "id"), ""))
            kind = node.get(w("type"), "default")
            if rid and kind in ("default", "first", "even"):
                etree.SubElement(target, node.tag, {w("type"): kind, qn(R, "id"): rid})
            return
        number = node.get(w("id"), "")
        if is_allowed_value(name, "id", number):
            etree.SubElement(target, node.tag, {w("id"): number})

    def _symbol(self, node: etree._Element, target: etree._Element) -> None:
        font, char = node.get(w("font"), ""), node.get(w("char"), "")
        if self.texts.get(node):
            add_text(target, self.texts[node])
        elif font in SYMBOL_FONTS and is_allowed_value("color", "val", char):
            etree.SubElement(target, node.tag, {w("font"): font, w("char"): char})

    def _mathematics(self, node: etree._Element, target: etree._Element, name: str) -> None:
        """Equations become their characters in order: nothing can hide in a structure that is not there."""
        if name == "r":
            text = "".join(self.texts.get(inner, "") for inner in node.iter(qn(M, "t")))
            if text:
                add_text(etree.SubElement(target, w("r")), text)
        elif not name.endswith("Pr"):
            self._children(node, target)

    def _drawing(self, node: etree._Element, target: etree._Element) -> None:
        drawing = node
        if node.tag == qn(MC, "AlternateContent"):
            if local(target.tag) != "r":
                for choice in node[:1]:
                    self._children(choice, target)
                return
            drawing = node[0] if len(node) else node
        if local(target.tag) != "r":
            return
        box = boxes.measure(drawing)
        if box is None or self._picture(drawing, box, target):
            return
        contents = [inner for inner in drawing.iter(w("txbxContent")) if not _nested(inner, drawing)]
        copies = etree.Element(w("txbxContent"))
        for content in contents:
            self._children(content, copies)
        if not box.what and not any(text.text for text in copies.iter(w("t"))):
            return
        self.boxes += 1
        made, inside = boxes.build(box, self.boxes)
        inside.extend(list(copies))
        target.append(made)

    def _picture(self, drawing: etree._Element, box: Box, target: etree._Element) -> bool:
        """Whether a drawing is a picture that stays; its alternative text is what the rewrite made of it."""
        found = embedded(drawing) if self.picture_of is not None else None
        name = self.picture_of(*found) if self.picture_of is not None and found is not None else ""
        if not name:
            return False
        rid = self.pictures.setdefault(name, f"rIdP{len(self.pictures) + 1}")
        self.boxes += 1
        about = next((self.texts[node] for node in drawing.iter() if local(node.tag) == "docPr" and node in self.texts), "")
        target.append(boxes.build_picture(box, self.boxes, rid, about))
        return True


def _nested(content: etree._Element, drawing: etree._Element) -> bool:
    """Whether a text box stands inside another, or in the second rendering of one that was already met."""
    for up in content.iterancestors():
        if up is drawing:
            return False
        if up.tag in (w("txbxContent"), qn(MC, "Fallback")):
            return True
    return False


def add_text(run: etree._Element, text: str) -> None:
    """Text in a run, with its line breaks and tabs as Word's own."""
    for number, line in enumerate(text.split("\n")):
        if number:
            etree.SubElement(run, w("br"))
        for place, piece in enumerate(line.split("\t")):
            if place:
                etree.SubElement(run, w("tab"))
            if piece:
                node = etree.SubElement(run, w("t"))
                node.text = piece
                if piece != piece.strip():
                    node.set(XML_SPACE, "preserve")


def _mend(root: etree._Element) -> None:
    """Drop what copying left empty, and give every cell the paragraph that Word insists on."""
    for run in list(root.iter(w("r"))):
        if not len(run) or (len(run) == 1 and run[0].tag == w("rPr")):
            parent = run.getparent()
            if parent is not None:
                parent.remove(run)
    for table in reversed(list(root.iter(w("tbl")))):
        if table.find(w("tr")) is None:
            table.getparent().remove(table)
    for holder in root.iter(w("tc"), w("txbxContent"), w("footnote"), w("endnote"), w("hdr"), w("ftr")):
        if not len(holder) or holder[-1].tag != w("p"):
            etree.SubElement(holder, w("p"))
