"""HTML read as text: what a reader sees, and what only the source shows."""

from __future__ import annotations

import html
import re

from lxml import etree

BREAKING = frozenset(
    """
        address article aside blockquote br caption dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4
        h5 h6 header hr legend li main nav ol optgroup option p pre section select summary table tbody td textarea tfoot
        th thead title tr ul
    """.split()
)
SILENT = frozenset({"script", "style", "template", "noscript"})
_LOOKS_LIKE_HTML = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9]{0,20}(?:\s[^<>]{0,2000})?/?>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});"
)


def parse_html(source: str) -> etree._Element | None:
    """The root of an HTML document however untidy, without any network access; ``None`` when it has no element."""
    # The standard library's parser takes quadratic time on hostile input; libxml2's does not.
    parser = etree.HTMLParser(no_network=True, huge_tree=True, remove_comments=False, encoding="utf-8")
    clean = source.replace("\x00", "").encode("utf-8", "replace")
    try:
        return etree.fromstring(clean, parser)
    except etree.XMLSyntaxError:
        return None


def html_text(source: str) -> tuple[str, tuple[str, ...]]:
    """The visible text of an HTML document, a line a block, and the strings that only its source shows."""
    root = parse_html(source)
    if root is None:
        return "", ()
    visible: list[str] = []
    hidden: list[str] = []
    silent = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        named = isinstance(node.tag, str)
        if event == "start":
            silent += node.tag in SILENT
            if node.tag in BREAKING:
                visible.append("\n")
            hidden += [str(value) for value in node.attrib.values() if value]
            (hidden if silent else visible).append(node.text or "")
            continue
        if event == "end":
            silent -= node.tag in SILENT
            if node.tag in BREAKING:
                visible.append("\n")
        elif not named:
            hidden.append(node.text or "")
        (hidden if silent else visible).append(node.tail or "")
    lines = (re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in "".join(visible).split("\n"))
    told = dict.fromkeys(text.strip() for text in hidden if text.strip())
    return "\n".join(line for line in lines if line), tuple(told)


def looks_like_html(text: str) -> bool:
    """Whether a cell's text carries tags or character references, as notes exported from web systems do."""
    return ("<" in text or "&" in text) and bool(_LOOKS_LIKE_HTML.search(text))


def plain(text: str) -> str:
    """A cell's text with tags turned into line breaks and references into characters; unchanged when it has none."""
    if not looks_like_html(text):
        return text
    if "<" not in text:
        return html.unescape(text)
    return html_text(text)[0]
