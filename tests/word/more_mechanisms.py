# ruff: noqa: E501 - mark-up is easier to read on one line
"""Rarer mechanisms by which a Word file holds a name: chunks, symbols, merge sources, controls, the mark-up's own names."""

from __future__ import annotations

import base64
import quopri

from tests.word.planting import (
    FIRST,
    HEAD,
    LAST,
    NAME,
    NAMESPACES,
    OFFICE,
    Parts,
    Plant,
    base,
    beside,
    field,
    into_body,
    link,
    paragraph,
    picture,
    text_box,
    text_run,
    type_part,
    word_part,
    zipped,
)


def _body(xml: str) -> Plant:
    return lambda parts: into_body(parts, xml)


def _beside(xml: str) -> Plant:
    return lambda parts: beside(parts, xml)


def _chunk(part: str, data: bytes) -> Plant:
    def plant(parts: Parts) -> None:
        parts[part] = data
        link(parts, "rId50", "aFChunk", part.removeprefix("word/"))
        into_body(parts, '<w:altChunk r:id="rId50"/>')

    return plant


def _inner_document() -> bytes:
    parts = base()
    into_body(parts, paragraph(text_run(f"{FIRST} ") + text_run(LAST)))
    return zipped(parts)


def _mailed(encoding: str) -> bytes:
    page = f"<html><body><p>Then <b>{FIRST}</b> {LAST} rang.</p></body></html>".encode()
    packed = base64.encodebytes(page) if encoding == "base64" else quopri.encodestring(page.replace(b"feather", b"fea=74her"))
    packed = packed.replace(b"=3D74", b"=74")
    return b"MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: " + encoding.encode() + b"\n\n" + packed


def _symbols(text: str) -> str:
    return "".join(f'<w:sym w:font="Arial" w:char="{ord(char):04X}"/>' for char in text)


def _settings(inner: str, *links: tuple[str, str]) -> Plant:
    def plant(parts: Parts) -> None:
        word_part(parts, "settings", inner, "settings", "rId51")
        for number, (kind, target) in enumerate(links, 1):
            link(parts, f"rId{number}", kind, target, "External", owner="word/_rels/settings.xml.rels")

    return plant


def _part(part: str, xml: str, kind: str, owner: str = "word/_rels/document.xml.rels") -> Plant:
    def plant(parts: Parts) -> None:
        parts[part] = (HEAD + xml).encode()
        link(parts, "rId52", kind, part.removeprefix("word/"), owner=owner)

    return plant


def _chart_with_workbook(parts: Parts) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData><row><c t="inlineStr"><is><t>{NAME}</t></is></c></row></sheetData></worksheet>'
    parts["word/embeddings/Microsoft_Excel_Sheet1.xlsx"] = zipped({"xl/worksheets/sheet1.xml": sheet.encode()})
    chart = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    parts["word/charts/chart1.xml"] = f'{HEAD}<c:chartSpace xmlns:c="{chart}" xmlns:r="{OFFICE}"><c:externalData r:id="rId1"/></c:chartSpace>'.encode()
    link(parts, "rId1", "package", "../embeddings/Microsoft_Excel_Sheet1.xlsx", owner="word/charts/_rels/chart1.xml.rels")
    link(parts, "rId53", "chart", "charts/chart1.xml")
    into_body(
        parts,
        paragraph(
            f'<w:r><w:drawing><wp:inline><wp:extent cx="914400" cy="914400"/><wp:docPr id="3" name="Chart 1"/><a:graphic><a:graphicData uri="{chart}">'
            '<c:chart r:id="rId53"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        ),
    )


def _xmp(parts: Parts) -> None:
    body = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><dc:creator>" + NAME.encode() + b"</dc:creator></x:xmpmeta>"
    parts["word/media/image1.jpg"] = b"\xff\xd8\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + b"\xff\xda\0\2\xff\xd9"
    link(parts, "rId27", "image", "media/image1.jpg")
    beside(parts, picture("rId27"))


def _utf_16_part(parts: Parts) -> None:
    note = f'<w:comment w:id="1" w:author="A">{paragraph(text_run("Ask " + NAME))}</w:comment>'
    parts["word/comments.xml"] = f'<?xml version="1.0" encoding="UTF-16"?><w:comments {NAMESPACES}>{note}</w:comments>'.encode("utf-16")
    link(parts, "rId54", "comments", "comments.xml")


def _unlinked_header(parts: Parts) -> None:
    parts["word/header9.xml"] = f"{HEAD}<w:hdr {NAMESPACES}>{paragraph(text_run(NAME))}</w:hdr>".encode()


def _odd_relationship(parts: Parts) -> None:
    link(parts, f"{FIRST}{LAST}", "image", "media/none.png")


def _missing_part(parts: Parts) -> None:
    type_part(parts, f"word/{FIRST}_{LAST}.xml", "application/xml")


def _signature_line(parts: Parts) -> None:
    beside(
        parts,
        f'<w:r><w:pict><v:shape style="width:90pt;height:40pt"><o:signatureline o:suggestedsigner="{NAME}" o:suggestedsigneremail="{LAST}@x.example"/></v:shape></w:pict></w:r>',
    )


def _gfx(parts: Parts) -> None:
    beside(parts, f'<w:r><w:pict><v:shape o:gfxdata="{NAME}" href="https://x.example/{LAST}" style="width:9pt"/></w:pict></w:r>')


SEEN: dict[str, Plant] = {
    "a web page shown in its place": _chunk("word/afchunk1.html", f"<p>Then <b>{FIRST}</b> {LAST} rang.</p>".encode()),
    "a web page in UTF-16 shown in its place": _chunk("word/afchunk1.htm", f"<p>Then {NAME} rang.</p>".encode("utf-16")),
    "a saved web page in quoted-printable": _chunk("word/afchunk1.mht", _mailed("quoted-printable")),
    "a saved web page in base64": _chunk("word/afchunk1.mht", _mailed("base64")),
    "rich text shown in its place": _chunk("word/afchunk1.rtf", rf"{{\rtf1 Then {{\b {FIRST}}} {LAST} rang.\par}}".encode()),
    "plain text shown in its place": _chunk("word/afchunk1.txt", f"Then {NAME} rang.".encode()),
    "another document shown in its place": _chunk("word/afchunk1.docx", _inner_document()),
    "letters written as symbols": _body(paragraph(f"<w:r>{_symbols(NAME)}</w:r>")),
    "a no-break hyphen": _body(paragraph(f"<w:r><w:t>Ring {FIRST}</w:t><w:noBreakHyphen/><w:t>{LAST}</w:t></w:r>")),
    "a soft hyphen element": _body(paragraph(f"<w:r><w:t>Ring {FIRST} Quill</w:t><w:softHyphen/><w:t>feather</w:t></w:r>")),
    "soft hyphens and zero-width characters": _body(paragraph(text_run(f"{FIRST} Qu\u00adill\u200bfea\u2060ther"))),
    "a no-break space": _body(paragraph(text_run(f"{FIRST}\u00a0{LAST}"))),
    "a tab": _body(paragraph(f"<w:r><w:t>{FIRST}</w:t><w:tab/><w:t>{LAST}</w:t></w:r>")),
    "full-width letters": _body(paragraph(text_run("".join(chr(ord(c) + 0xFEE0) if c != " " else c for c in NAME)))),
    "swapped case": _body(paragraph(text_run(NAME.swapcase()))),
    "character references": _body(paragraph(text_run("".join(f"&#{ord(char)};" for char in NAME)))),
    "a CDATA section": _body(paragraph(text_run(f"<![CDATA[{NAME}]]>"))),
    "a remark inside a name": _body(paragraph(text_run(f"{FIRST} Quill<!-- x -->feather"))),
    "a paragraph in alternate content": _body(
        f'<mc:AlternateContent><mc:Choice Requires="w14">{paragraph(text_run(NAME))}</mc:Choice><mc:Fallback/></mc:AlternateContent>'
    ),
    "a text box inside a table cell": _body(
        f"<w:tbl><w:tr><w:tc>{paragraph(text_box(paragraph(text_run('Ring ' + NAME))))}</w:tc></w:tr></w:tbl>"
    ),
    "a table inside a text box": _beside(
        text_box(f"<w:tbl><w:tr><w:tc>{paragraph(text_run(NAME))}</w:tc></w:tr></w:tbl>{paragraph('')}")
    ),
    "a field inside a field": _body(paragraph(field(f'IF 1 = 1 "{field("MERGEFIELD x", "y")}"', NAME))),
}

HIDDEN: dict[str, Plant] = {
    "a chart's embedded workbook": _chart_with_workbook,
    "a photograph's XMP data": _xmp,
    "a revision id": _beside(f'<w:r w:rsidR="{FIRST}{LAST}"><w:t> x</w:t></w:r>'),
    "a mail-merge source's path": _settings(
        '<w:mailMerge><w:dataSource r:id="rId1"/></w:mailMerge>', ("mailMergeSource", f"file:///S:/{FIRST}%20{LAST}.csv")
    ),
    "a mail-merge connection": _settings(f'<w:mailMerge><w:connectString w:val="Data Source=S:\\{NAME}.mdb"/></w:mailMerge>'),
    "a mail-merge table's field": _settings(
        f'<w:mailMerge><w:odso><w:udl w:val="{NAME}"/><w:fieldMapData><w:mappedName w:val="{LAST}"/></w:fieldMapData></w:odso></w:mailMerge>'
    ),
    "a mail-merge recipient": _part(
        "word/recipientData.xml", f'<w:recipients {NAMESPACES}><w:recipientData><w:uniqueTag w:val="{NAME}"/></w:recipientData></w:recipients>', "recipientData"
    ),
    "a smart tag's kind": _settings(f'<w:smartTagType w:namespaceuri="urn:x" w:name="{FIRST}{LAST}"/>'),
    "a caption's name": _settings(f'<w:captions><w:caption w:name="{NAME}"/></w:captions>'),
    "an XML transformation": _settings('<w:saveThroughXslt r:id="rId1"/>', ("transform", f"file:///S:/{FIRST}{LAST}.xsl")),
    "a comment's initials": _part(
        "word/comments.xml", f'<w:comments {NAMESPACES}><w:comment w:id="1" w:author="A" w:initials="{LAST}">{paragraph("")}</w:comment></w:comments>', "comments"
    ),
    "a person's account": _part(
        "word/people.xml",
        f'<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="A"><w15:presenceInfo w15:userId="{FIRST}.{LAST}@x.example"/></w15:person></w15:people>',
        "people",
    ),
    "a sensitivity label": _part("docMetadata/LabelInfo.xml", f'<clbl:labelList xmlns:clbl="urn:x"><clbl:label id="{NAME}"/></clbl:labelList>', "classificationlabels", "_rels/.rels"),
    "a ribbon": _part("customUI/customUI.xml", f'<customUI><button label="{NAME}"/></customUI>', "extensibility", "_rels/.rels"),
    "an add-in's pane": _part("word/webextensions/webextension1.xml", f'<we:webextension xmlns:we="urn:we"><we:property value="{NAME}"/></we:webextension>', "webextension"),
    "an element's own name": _part("customXml/item1.xml", f"<case><{FIRST}{LAST}/></case>", "customXml"),
    "a namespace": _part("customXml/item1.xml", f'<c:case xmlns:c="urn:{FIRST}-{LAST}:case"/>', "customXml"),
    "a header that nothing points at": _unlinked_header,
    "a part in UTF-16": _utf_16_part,
    "a relationship's id": _odd_relationship,
    "a part that is only declared": _missing_part,
    "a signature line": _signature_line,
    "a shape's data and link": _gfx,
    "a form field's name and macro": _beside(field("FORMTEXT", "x", f'<w:ffData><w:name w:val="{LAST}"/><w:entryMacro w:val="{FIRST}{LAST}"/></w:ffData>')),
    "a form field's choices": _beside(field("FORMDROPDOWN", "x", f'<w:ffData><w:ddList><w:listEntry w:val="{NAME}"/></w:ddList></w:ffData>')),
    "a content control's placeholder": _body(
        f'<w:sdt><w:sdtPr><w:placeholder><w:docPart w:val="{FIRST}{LAST}"/></w:placeholder></w:sdtPr><w:sdtContent>{paragraph(text_run("x"))}</w:sdtContent></w:sdt>'
    ),
    "a control's name": _beside(f'<w:r><w:object><w:control r:id="rId1" w:name="{FIRST}{LAST}" w:shapeid="x"/></w:object></w:r>'),
    "a picture's title": _beside(picture("rId99").replace('<wp:docPr id="7"', f'<wp:docPr id="7" title="{NAME}"')),
    "a numbering's name": lambda parts: word_part(
        parts, "numbering", f'<w:abstractNum w:abstractNumId="1"><w:name w:val="{LAST}"/><w:styleLink w:val="{FIRST}{LAST}"/></w:abstractNum>', "numbering", "rId55"
    ),
    "a font's other name": lambda parts: word_part(parts, "fontTable", f'<w:font w:name="Arial"><w:altName w:val="{NAME}"/></w:font>', "fonts", "rId56"),
    "an embedded font's file name": lambda parts: parts.update({f"word/fonts/{FIRST}{LAST}.odttf": b"\0"}),
    "deleted text in a deleted link": _beside(f'<w:del w:id="9" w:author="A"><w:hyperlink w:anchor="x"><w:r><w:delText>{NAME}</w:delText></w:r></w:hyperlink></w:del>'),
    "a picture's link": _beside(picture("rId99").replace("/><a:graphic>", f'><a:hlinkClick r:id="x" tooltip="{NAME}"/></wp:docPr><a:graphic>', 1)),
    "hidden text in a table cell": _body(f"<w:tbl><w:tr><w:tc>{paragraph(text_run(NAME, '<w:vanish/>') + text_run('x'))}</w:tc></w:tr></w:tbl>"),
    "web-hidden and hidden text in a header": lambda parts: word_part(parts, "header1", paragraph(text_run(NAME, "<w:vanish/><w:webHidden/>")), "hdr", "rId57"),
    "a deleted footnote's text": lambda parts: word_part(
        parts, "footnotes", f'<w:footnote w:id="2">{paragraph(f"""<w:del w:id="1" w:author="A"><w:r><w:delText>{NAME}</w:delText></w:r></w:del>""")}</w:footnote>', "footnotes", "rId58"
    ),
}
