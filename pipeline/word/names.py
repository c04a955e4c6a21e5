"""The namespaces of WordprocessingML and of the markup that lives inside it."""

from __future__ import annotations

from functools import lru_cache

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
V = "urn:schemas-microsoft-com:vml"
O = "urn:schemas-microsoft-com:office:office"  # noqa: E741 - the schema's own prefix
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"

# Strict OOXML (ISO/IEC 29500 Strict) says the same things in other namespaces.
STRICT = {
    "http://purl.oclc.org/ooxml/wordprocessingml/main": W,
    "http://purl.oclc.org/ooxml/officeDocument/relationships": R,
    "http://purl.oclc.org/ooxml/officeDocument/math": M,
    "http://purl.oclc.org/ooxml/drawingml/main": A,
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": WP,
    "http://purl.oclc.org/ooxml/drawingml/picture": PIC,
}


def w(tag: str) -> str:
    """The qualified name of a WordprocessingML element or attribute."""
    return f"{{{W}}}{tag}"


def qn(namespace: str, tag: str) -> str:
    """A qualified name in lxml's notation."""
    return f"{{{namespace}}}{tag}"


def local(tag: object) -> str:
    """A name without its namespace; empty for comments and processing instructions."""
    return _split(tag)[1] if isinstance(tag, str) else ""


def namespace(tag: object) -> str:
    """A name's namespace; empty where it has none."""
    return _split(tag)[0] if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)  # documents use a few hundred names, hundreds of thousands of times
def _split(tag: str) -> tuple[str, str]:
    space, _, name = tag.rpartition("}")
    return space[1:], name
