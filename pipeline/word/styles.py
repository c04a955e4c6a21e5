"""What a document's styles say about its paragraphs: which are headings, and which hide their text."""

from __future__ import annotations

from lxml import etree

from pipeline.word.names import w
from pipeline.word.parts import WordPackage

_OFF = frozenset({"0", "false", "off"})
_HIDING = (w("vanish"), w("specVanish"))


class Styles:
    """The styles of one document, with what they inherit."""

    def __init__(self, package: WordPackage) -> None:
        self._by_id: dict[str, etree._Element] = {}
        for part in package.related(package.main, "styles"):
            for style in package.tree(part).iter(w("style")):
                self._by_id.setdefault(style.get(w("styleId"), ""), style)

    def is_heading(self, paragraph: etree._Element) -> bool:
        """Whether a paragraph is a heading or title by its style or its outline level."""
        outline = paragraph.find(f"{w('pPr')}/{w('outlineLvl')}")
        if outline is not None:
            return outline.get(w("val"), "9") < "9"
        for style in self._chain(_style_id(paragraph, "pPr", "pStyle")):
            name = style.find(w("name"))
            called = name.get(w("val"), "").lower() if name is not None else ""
            if called.startswith("heading") or called in ("title", "subtitle"):
                return True
            level = style.find(f"{w('pPr')}/{w('outlineLvl')}")
            if level is not None and level.get(w("val"), "9") < "9":
                return True
        return False

    def conceals(self, run: etree._Element) -> bool:
        """Whether a run's text is hidden by its own formatting, its character style or its paragraph's style."""
        own = _hides(run.find(w("rPr")))
        if own is not None:
            return own
        paragraph = next(run.iterancestors(w("p")), None)
        chains = [self._chain(_style_id(run, "rPr", "rStyle"))]
        if paragraph is not None:
            chains.append(self._chain(_style_id(paragraph, "pPr", "pStyle")))
        for chain in chains:
            for style in chain:
                verdict = _hides(style.find(w("rPr")))
                if verdict is not None:
                    return verdict
        return False

    def _chain(self, style_id: str) -> list[etree._Element]:
        chain: list[etree._Element] = []
        while style_id in self._by_id and len(chain) < 20:
            style = self._by_id[style_id]
            if style in chain:
                break
            chain.append(style)
            based = style.find(w("basedOn"))
            style_id = based.get(w("val"), "") if based is not None else ""
        return chain


def _style_id(node: etree._Element, properties: str, kind: str) -> str:
    style = node.find(f"{w(properties)}/{w(kind)}")
    return style.get(w("val"), "") if style is not None else ""


def _hides(properties: etree._Element | None) -> bool | None:
    if properties is None:
        return None
    for tag in _HIDING:
        node = properties.find(tag)
        if node is not None:
            return node.get(w("val"), "1") not in _OFF
    return None
