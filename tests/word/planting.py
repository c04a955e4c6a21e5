# ruff: noqa: E501 - mark-up is easier to read on one line
"""A small Word file built part by part, and one way of hiding a name in it for every mechanism that Word offers."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

NAME = "Zebedee Quillfeather"
FIRST, LAST = NAME.split()
KEPT = "The kettle was mended on the second visit."

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

Parts = dict[str, bytes]
Plant = Callable[[Parts], None]


def text_run(text: str, properties: str = "") -> str:
    """A run."""
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(inner: str, properties: str = "") -> str:
    """A paragraph."""
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{inner}</w:p>"


def base() -> Parts:
    """The parts of a small, sound document that says ``KEPT``."""
    body = paragraph(text_run("Case study"), '<w:pStyle w:val="Heading1"/>') + paragraph(text_run(KEPT))
    return {
        "[Content_Types].xml": (
            f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
            '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
            '<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>'
            "</Types>"
        ).encode(),
        "_rels/.rels": relationships(("rId1", "officeDocument", "word/document.xml", "")),
        "word/_rels/document.xml.rels": relationships(("rId1", "styles", "styles.xml", "")),
        "word/document.xml": (
            f'{HEAD}<w:document {NAMESPACES}><w:body>{body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>'
        ).encode(),
        "word/styles.xml": (
            f'{HEAD}<w:styles {NAMESPACES}><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
            '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/></w:style></w:styles>'
        ).encode(),
    }


def relationships(*links: tuple[str, str, str, str]) -> bytes:
    """A .rels part of (id, kind, target, mode)."""
    lines = "".join(
        f'<Relationship Id="{rid}" Type="{kind if ":" in kind else f"{OFFICE}/{kind}"}" Target="{target}"{f""" TargetMode="{mode}" """ if mode else ""}/>'
        for rid, kind, target, mode in links
    )
    return f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{lines}</Relationships>'.encode()


def link(parts: Parts, rid: str, kind: str, target: str, mode: str = "", owner: str = "word/_rels/document.xml.rels") -> None:
    """Add a relationship."""
    old = parts.get(owner, relationships())
    line = (
        relationships((rid, kind, target, mode))
        .decode()
        .split('package/2006/relationships">', 1)[1]
        .removesuffix("</Relationships>")
    )
    parts[owner] = old.replace(b"</Relationships>", line.encode() + b"</Relationships>")


def type_part(parts: Parts, part: str, content_type: str) -> None:
    """Declare a part's content type."""
    line = f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", line.encode())


def into_body(parts: Parts, xml: str) -> None:
    """Add block-level XML before the section's properties."""
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:sectPr>", xml.encode() + b"<w:sectPr>", 1)


def beside(parts: Parts, xml: str) -> None:
    """Add XML at the end of the paragraph that is kept."""
    mark = f"{KEPT}</w:t></w:r>".encode()
    parts["word/document.xml"] = parts["word/document.xml"].replace(mark, mark + xml.encode(), 1)


def word_part(parts: Parts, kind: str, inner: str, root: str, rid: str) -> None:
    """Add a WordprocessingML part that the document points at."""
    part = f"word/{kind}.xml"
    parts[part] = f"{HEAD}<w:{root} {NAMESPACES}>{inner}</w:{root}>".encode()
    kind_name = "".join(char for char in kind if char.isalpha())
    link(parts, rid, kind_name, f"{kind}.xml")
    type_part(parts, part, f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind_name}+xml")


def zipped(parts: Parts, comment: bytes = b"") -> bytes:
    """A package's bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        archive.comment = comment
    return buffer.getvalue()


def png(keyword: bytes = b"tEXt", text: str = "") -> bytes:
    """A one-pixel picture with a text chunk."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    bodies = {
        b"tEXt": b"Author\0" + text.encode("latin-1"),
        b"zTXt": b"Author\0\0" + zlib.compress(text.encode("latin-1")),
        b"iTXt": b"Author\0\0\0\0\0" + text.encode(),
    }
    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(keyword, bodies[keyword])
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def picture(rid: str, name: str = "Picture 1", description: str = "") -> str:
    """An inline picture."""
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="914400" cy="914400"/>'
        f'<wp:docPr id="7" name="{name}" descr="{description}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="{name}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{rid}"/></pic:blipFill>'
        '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="914400" cy="914400"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def text_box(inner: str, fallback: str | None = None) -> str:
    """A drawn text box and its older rendering."""
    other = inner if fallback is None else fallback
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        'relativeHeight="2" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>'
        '<wp:positionH relativeFrom="column"><wp:posOffset>100000</wp:posOffset></wp:positionH>'
        '<wp:positionV relativeFrom="paragraph"><wp:posOffset>100000</wp:posOffset></wp:positionV><wp:extent cx="2000000" cy="600000"/>'
        '<wp:wrapSquare wrapText="bothSides"/><wp:docPr id="8" name="Text Box 2"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr txBox="1"/>'
        f"<wps:spPr/><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor>"
        f'</w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape style="width:150pt;height:50pt"><v:textbox><w:txbxContent>{other}</w:txbxContent>'
        "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def field(code: str, result: str, before_code: str = "") -> str:
    """A complex field."""
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{before_code}</w:fldChar></w:r><w:r><w:instrText xml:space="preserve"> {code} </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{text_run(result)}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
