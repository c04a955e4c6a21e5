"""One paragraph's text as Word shows it once changes are accepted, and the way back from its offsets to the runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from pipeline.word.names import MC, A, M, W, local, namespace, w
from pipeline.word.vocabulary import SYMBOL_FONTS

_DELETED = frozenset({w("del"), w("moveFrom")})
_BREAKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_DRAWINGS = frozenset({w("drawing"), w("pict"), w("object"), f"{{{MC}}}AlternateContent"})
_PROPERTIES = frozenset(
    {w("rPr"), w("pPr"), w("sdtPr"), w("sdtEndPr"), w("smartTagPr"), w("customXmlPr"), f"{{{M}}}rPr", f"{{{M}}}ctrlPr"}
)


@dataclass(frozen=True, slots=True)
class Piece:
    """``length`` characters of a paragraph's text at ``start``, shown by ``node`` (w:t, w:tab, w:br, m:t, a:t)."""

    start: int
    length: int
    node: etree._Element


@dataclass(slots=True)
class FieldState:
    """Where a part's reading stands in its complex fields, which may run over many paragraphs.

    ``open`` holds one entry a field: true while its code is read, false while its result is.
    """

    open: list[bool] = field(default_factory=list)

    @property
    def in_code(self) -> bool:
        """True inside a field code, which is not shown."""
        return any(self.open)

    def step(self, node: etree._Element) -> None:
        """Take in one w:fldChar."""
        kind = node.get(w("fldCharType"))
        if kind == "begin":
            self.open.append(True)
        elif kind == "separate" and self.open:
            self.open[-1] = False
        elif kind == "end" and self.open:
            self.open.pop()


@dataclass(slots=True)
class ParagraphText:
    """What one paragraph shows and hides: ``pieces`` make up ``text``; ``drawings`` hang off it."""

    pieces: list[Piece] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    length: int = 0
    deleted: list[etree._Element] = field(default_factory=list)
    concealed: list[etree._Element] = field(default_factory=list)
    codes: list[etree._Element] = field(default_factory=list)
    drawings: list[etree._Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text as accepted and shown."""
        return "".join(self.shown)

    def add(self, node: etree._Element, text: str) -> None:
        """Append what ``node`` shows."""
        if text:
            self.pieces.append(Piece(self.length, len(text), node))
            self.shown.append(text)
            self.length += len(text)


def read_paragraph(
    paragraph: etree._Element, fields: FieldState, is_concealed: Callable[[etree._Element], bool]
) -> ParagraphText:
    """Split one w:p (or a:p) into what it shows and what it does not; ``is_concealed`` judges a run's formatting."""
    found = ParagraphText()
    _walk(paragraph, found, fields, is_concealed, deleted=False)
    return found


def _walk(
    parent: etree._Element,
    found: ParagraphText,
    fields: FieldState,
    is_concealed: Callable[[etree._Element], bool],
    deleted: bool,
) -> None:
    for node in parent:
        if not isinstance(node.tag, str) or node.tag in _PROPERTIES:
            continue
        if node.tag in _DELETED:
            _walk(node, found, fields, is_concealed, deleted=True)
        elif node.tag == w("fldChar"):
            fields.step(node)
        elif node.tag in _DRAWINGS:
            found.drawings.append(node)
        elif node.tag == w("r") and not deleted and is_concealed(node):
            _conceal(node, found, fields)
        elif node.tag == w("p"):
            continue
        elif not _take(node, found, fields, deleted):
            _walk(node, found, fields, is_concealed, deleted)


def _conceal(run: etree._Element, found: ParagraphText, fields: FieldState) -> None:
    for node in run.iter(w("t"), w("fldChar"), w("instrText"), *_DRAWINGS):
        if node.tag == w("fldChar"):
            fields.step(node)
        elif node.tag == w("t"):
            found.concealed.append(node)
        elif node.tag == w("instrText"):
            found.codes.append(node)
        else:
            found.drawings.append(node)


def _take(node: etree._Element, found: ParagraphText, fields: FieldState, deleted: bool) -> bool:
    """Record a node that carries characters; false for one that only holds others."""
    name = local(node.tag)
    space = namespace(node.tag)
    if name in ("delText", "delInstrText") or (deleted and name == "t"):
        found.deleted.append(node)
    elif name == "instrText" or (fields.in_code and name == "t"):
        found.codes.append(node)
    elif name == "t" and space in (W, M, A):
        found.add(node, node.text or "")
    elif name == "sym" and space == W and not deleted and not fields.in_code:
        found.add(node, _letter(node))
    elif space in (W, A) and name in _BREAKS:
        if not deleted and not fields.in_code:
            found.add(node, _BREAKS[name])
    else:
        return False
    return True


def _letter(symbol: etree._Element) -> str:
    """The character that a w:sym shows; nothing for a sign such as a tick or an arrow."""
    try:
        code = int(symbol.get(w("char"), ""), 16)
    except ValueError:
        return ""
    plain = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    return "" if symbol.get(w("font"), "") in SYMBOL_FONTS or not 32 <= plain <= 0xFFFF else chr(plain)


def texts(nodes: list[etree._Element]) -> str:
    """The joined text of nodes that hold one stretch between them."""
    return "".join(node.text or "" for node in nodes)


def paragraphs_inside(node: etree._Element) -> Iterator[etree._Element]:
    """The w:p elements inside a drawing or a picture that are not inside another one of them."""
    for child in node:
        if child.tag == w("p"):
            yield child
        elif isinstance(child.tag, str):
            yield from paragraphs_inside(child)
