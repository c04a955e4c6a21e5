"""HTML files: what a browser shows, then what only the source says; and a clean copy of the first."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from pipeline.domain.story import BlockKind, Locator
from pipeline.errors import UnreadableFile
from pipeline.files.fragments import Fragment
from pipeline.files.markup import BREAKING, SILENT, parse_html

_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_KEPT_TAGS = frozenset(
    """
        html head title body h1 h2 h3 h4 h5 h6 p div section article main header footer nav aside ul ol li dl dt dd
        table caption thead tbody tfoot tr td th blockquote pre br hr b strong i em u s small sub sup code span a
        abbr q cite figure figcaption
    """.split()
)
_EMPTY_TAGS = frozenset({"br", "hr"})
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_PLAIN_NUMBERS = frozenset({"id", "class", "style", "width", "height", "colspan", "rowspan", "type", "charset", "lang", "rel"})


@dataclass(frozen=True, slots=True)
class Slot:
    """One stretch of character data: an element's text, or what follows it (``after``)."""

    node: etree._Element
    after: bool


@dataclass(frozen=True, slots=True)
class WebAnchor:
    """The slots that make up a fragment's text, each with its place and length in it."""

    slots: tuple[tuple[int, int, Slot], ...]


def read_web(source: str, name: str) -> list[Fragment]:
    """The fragments of an HTML file; ``UnreadableFile`` when there is nothing to read in it."""
    root = parse_html(source)
    if root is None:
        raise UnreadableFile(f"{name}: no text in this web page", "Open it in a browser and save its text.")
    return web_fragments(root)


def web_fragments(root: etree._Element) -> list[Fragment]:
    """The fragments of a parsed page; white space in the tree is closed up first, as a browser does."""
    shown: list[Fragment] = []
    hidden: list[str] = []
    block: list[tuple[Slot, str]] = []
    kind = BlockKind.PARAGRAPH
    for node, event, silent in _steps(root):
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in BREAKING:
            _close(shown, block, kind)
            kind = BlockKind.HEADING if tag in _HEADINGS and event == "start" else BlockKind.PARAGRAPH
            if tag == "title" and event == "start":
                kind = BlockKind.METADATA
        if event == "start":
            hidden += [value for key, value in node.attrib.items() if key not in _PLAIN_NUMBERS]
        slot = Slot(node, event == "end")
        text = _closed_up(slot)
        if (not tag and event == "start") or silent:
            hidden.append(text)
        elif text:
            block.append((slot, text))
    _close(shown, block, kind)
    told = dict.fromkeys(text.strip() for text in hidden if text.strip())
    behind = [Fragment(text, BlockKind.HIDDEN, Locator("behind the page", f"item {n}")) for n, text in enumerate(told, 1)]
    return shown + behind


def _steps(root: etree._Element) -> Iterator[tuple[etree._Element, str, bool]]:
    """Every node at its start and end, and whether the character data met there is unseen."""
    silent = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            silent += is_silent(node)
            yield node, "start", silent > 0
        elif event == "end":
            silent -= is_silent(node)
            yield node, "end", silent > 0
        else:
            yield node, "start", True
            yield node, "end", silent > 0


def is_silent(node: etree._Element) -> bool:
    """Whether an element's content is not shown."""
    return node.tag in SILENT or node.get("hidden") is not None or bool(_HIDDEN_STYLE.search(node.get("style", "")))


def _closed_up(slot: Slot) -> str:
    raw = (slot.node.tail if slot.after else slot.node.text) or ""
    text = re.sub(r"[ \t\r\n\f]+", " ", raw)
    if text == " " and slot.node.tag in BREAKING:
        text = ""
    if slot.after:
        slot.node.tail = text
    else:
        slot.node.text = text
    return text


def _close(shown: list[Fragment], block: list[tuple[Slot, str]], kind: BlockKind) -> None:
    text = "".join(piece for _, piece in block)
    if text.strip():
        where = Locator("page", "title" if kind is BlockKind.METADATA else f"paragraph {len(shown) + 1}")
        # The title of a page is a property: it is not written again.
        anchor = None if kind is BlockKind.METADATA else WebAnchor(_slots(block))
        shown.append(Fragment(text, kind, where, anchor=anchor))
    block.clear()


def _slots(block: list[tuple[Slot, str]]) -> tuple[tuple[int, int, Slot], ...]:
    found, at = [], 0
    for slot, piece in block:
        found.append((at, len(piece), slot))
        at += len(piece)
    return tuple(found)


def clean_page(root: etree._Element, texts: Mapping[tuple[etree._Element, bool], str], title: str, language: str) -> str:
    """The page written again with known tags, no attribute but cell spans, and only the texts given."""
    out: list[str] = []
    for node, event, _ in _steps(root):
        tag = node.tag if isinstance(node.tag, str) else ""
        kept = tag in _KEPT_TAGS and tag not in ("html", "head", "title", "body") and not _unseen(node)
        if event == "start":
            if kept:
                spans = "".join(
                    f' {key}="{node.get(key)}"' for key in ("colspan", "rowspan") if re.fullmatch(r"\d{1,3}", node.get(key) or "")
                )
                out.append(f"<{tag}{spans}>")
            out.append(_escaped(texts, node, False))
        else:
            if kept and tag not in _EMPTY_TAGS:
                out.append(f"</{tag}>")
            out.append("\n" if tag in BREAKING else "")
            out.append(_escaped(texts, node, True))
    head = (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head><body>\n'
    )
    return head + "".join(out) + "\n</body></html>\n"


def _unseen(node: etree._Element) -> bool:
    return any(is_silent(up) for up in (node, *node.iterancestors()))


def _escaped(texts: Mapping[tuple[etree._Element, bool], str], node: etree._Element, after: bool) -> str:
    return html.escape(texts.get((node, after), ""), quote=False)
