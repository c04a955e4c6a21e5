"""Alternative-format chunks: other documents that Word shows in the middle of this one, turned into plain paragraphs."""

from __future__ import annotations

import email
from collections.abc import Callable, Iterator
from email import policy

from lxml import etree
from striprtf.striprtf import rtf_to_text

from pipeline.errors import ReadError
from pipeline.files.markup import html_text
from pipeline.files.opening import open_package, parse_xml
from pipeline.word.names import local, w

XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MARKUP = (".html", ".htm", ".xhtml")
_MAILED = (".mht", ".mhtml", ".eml")
_WORDS_OF = {"t": "", "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_LETTERS = frozenset(map(chr, range(32))) - {"\t"}


def expand(root: etree._Element, content_of: Callable[[etree._Element], tuple[str, bytes] | None]) -> None:
    """Put a chunk's lines, as paragraphs without any look of their own, in the place of every w:altChunk that can be read.

    ``content_of`` gives the name and the bytes of the part that a w:altChunk points at.  A chunk in a form that is not
    known leaves nothing behind: its strings are still read as hidden text.
    """
    for chunk in list(root.iter(w("altChunk"))):
        content = content_of(chunk)
        lines = chunk_lines(*content) if content is not None else []
        for line in lines:
            paragraph = etree.Element(w("p"))
            text = etree.SubElement(etree.SubElement(paragraph, w("r")), w("t"))
            text.text = line
            text.set(XML_SPACE, "preserve")
            chunk.addprevious(paragraph)


def chunk_lines(part: str, data: bytes) -> list[str]:
    """The lines that a chunk shows; none where its form is not known or it is damaged."""
    name = part.lower()
    try:
        if data.startswith(b"PK"):
            text = "\n".join(_word_lines(data))
        elif data.lstrip().startswith(b"{\\rtf"):
            text = rtf_to_text(data.decode("latin-1"), encoding="cp1252", errors="replace")
        elif name.endswith(_MAILED) or data[:500].lower().find(b"mime-version:") >= 0:
            text = "\n".join(shown for shown, _ in mailed(data))
        elif name.endswith(_MARKUP) or b"<html" in data[:1000].lower():
            text = html_text(decoded(data))[0]
        else:
            text = decoded(data) if name.endswith(".txt") else ""
    except (ReadError, ValueError, LookupError, TypeError, AttributeError, KeyError, RecursionError):
        return []
    plain = "".join(" " if char in _LETTERS and char != "\n" else char for char in text)
    return [line.strip() for line in plain.split("\n") if line.strip()]


def mailed(data: bytes) -> Iterator[tuple[str, tuple[str, ...]]]:
    """For each text in a saved web page or message: what it shows, and what only its source says."""
    if b"mime-version" not in data[:2000].lower():
        return
    message = email.message_from_bytes(data, policy=policy.compat32)
    yield "", tuple(str(value) for value in message.values())
    for part in message.walk():
        packed = part.get_payload(decode=True)
        if part.get_content_maintype() == "text" and isinstance(packed, bytes):
            text = decoded(packed)
            yield html_text(text) if part.get_content_subtype() == "html" else (text, ())


def decoded(data: bytes) -> str:
    """The text of a web page or note, in the encodings that Word writes."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in data[:100]:
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _word_lines(data: bytes) -> Iterator[str]:
    package = open_package(data, "an embedded document")
    for part, blob in package.entries.items():
        if part.endswith("document.xml"):
            root = parse_xml(blob, "an embedded document")
            for paragraph in root.iter(w("p")):
                yield "".join((node.text or "") or _WORDS_OF[local(node.tag)] for node in _shown(paragraph))


def _shown(paragraph: etree._Element) -> Iterator[etree._Element]:
    for node in paragraph.iter():
        gone = any(local(up.tag) in ("del", "moveFrom") for up in node.iterancestors())
        if local(node.tag) in _WORDS_OF and local(node.getparent().tag) == "r" and not gone:
            yield node
