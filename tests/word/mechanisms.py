# ruff: noqa: E501 - mark-up is easier to read on one line
"""Every mechanism by which a Word file holds a name, each as a function that plants ``NAME`` in a package."""

from __future__ import annotations

from tests.word import more_mechanisms
from tests.word.planting import (
    FIRST,
    HEAD,
    LAST,
    NAME,
    NAMESPACES,
    OFFICE,
    Parts,
    Plant,
    W,
    beside,
    field,
    into_body,
    link,
    paragraph,
    picture,
    png,
    text_box,
    text_run,
    type_part,
    word_part,
    zipped,
)

_BY = f'w:id="9" w:author="{NAME}" w:date="2026-05-06T10:22:00Z"'
_ANON = 'w:id="9" w:author="A" w:date="2026-05-06T10:22:00Z"'
_PROPERTY_TYPE = "application/vnd.openxmlformats-officedocument."


def _body(xml: str) -> Plant:
    return lambda parts: into_body(parts, xml)


def _beside(xml: str) -> Plant:
    return lambda parts: beside(parts, xml)


def _header(kind: str, inner: str, which: str = "default") -> Plant:
    def plant(parts: Parts) -> None:
        word_part(parts, f"{kind}1", inner, "hdr" if kind == "header" else "ftr", "rId20")
        reference = f'<w:sectPr><w:{kind}Reference w:type="{which}" r:id="rId20"/>'
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:sectPr>", reference.encode())

    return plant


def _notes(kind: str) -> Plant:
    def plant(parts: Parts) -> None:
        note = f'<w:{kind} w:id="2">{paragraph(text_run("See the letter to " + NAME + "."))}</w:{kind}>'
        word_part(parts, f"{kind}s", note, f"{kind}s", "rId21")
        beside(parts, f'<w:r><w:{kind}Reference w:id="2"/></w:r>')

    return plant


def _comment(inner: str, author: str) -> Plant:
    def plant(parts: Parts) -> None:
        note = f'<w:comment w:id="1" w:author="{author}" w:initials="A">{paragraph(text_run(inner))}</w:comment>'
        word_part(parts, "comments", note, "comments", "rId22")
        beside(parts, '<w:r><w:commentReference w:id="1"/></w:r>')

    return plant


def _properties(part: str, kind: str, xml: str) -> Plant:
    def plant(parts: Parts) -> None:
        parts[part] = f"{HEAD}{xml}".encode()
        link(parts, "rId30", kind, part, owner="_rels/.rels")

    return plant


def _core(element: str) -> Plant:
    return _properties(
        "docProps/core.xml",
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><{element}>{NAME}</{element}></cp:coreProperties>',
    )


def _app(element: str) -> Plant:
    xml = (
        f'<Properties xmlns="{OFFICE.replace("relationships", "extended-properties")}"><{element}>{NAME}</{element}></Properties>'
    )
    return _properties("docProps/app.xml", "extended-properties", xml)


def _custom(name: str, value: str) -> Plant:
    base = OFFICE.replace("relationships", "")
    return _properties(
        "docProps/custom.xml",
        "custom-properties",
        f'<Properties xmlns="{base}custom-properties" xmlns:vt="{base}docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{name}"><vt:lpwstr>{value}</vt:lpwstr></property></Properties>',
    )


def _settings(inner: str, target: str = "") -> Plant:
    def plant(parts: Parts) -> None:
        word_part(parts, "settings", inner, "settings", "rId23")
        if target:
            link(parts, "rId1", "attachedTemplate", target, "External", owner="word/_rels/settings.xml.rels")

    return plant


def _extra(part: str, data: bytes, kind: str, body: str = "") -> Plant:
    def plant(parts: Parts) -> None:
        parts[part] = data
        link(parts, "rId24", kind, part.removeprefix("word/") if part.startswith("word/") else f"../{part}")
        if body:
            beside(parts, body)

    return plant


def _external(kind: str, target: str, body: str) -> Plant:
    def plant(parts: Parts) -> None:
        link(parts, "rId25", kind, target, "External")
        beside(parts, body)

    return plant


def _styled(parts: Parts) -> None:
    style = f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{FIRST}{LAST}"><w:name w:val="{NAME} quote"/></w:style></w:styles>'
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", style.encode())
    into_body(parts, paragraph(text_run("A quotation."), f'<w:pStyle w:val="{FIRST}{LAST}"/>'))


def _hidden_by_style(parts: Parts) -> None:
    style = '<w:style w:type="character" w:customStyle="1" w:styleId="Quiet"><w:name w:val="Quiet"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>'
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", style.encode())
    beside(parts, text_run(NAME, '<w:rStyle w:val="Quiet"/>'))


def _numbered(parts: Parts) -> None:
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{NAME} %1"/></w:lvl>'
    number = f'<w:abstractNum w:abstractNumId="1"><w:name w:val="{LAST}"/>{level}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    word_part(parts, "numbering", number, "numbering", "rId26")


def _image(keyword: bytes) -> Plant:
    def plant(parts: Parts) -> None:
        parts["word/media/image1.png"] = png(keyword, NAME)
        link(parts, "rId27", "image", "media/image1.png")
        beside(parts, picture("rId27"))

    return plant


def _alt_text(parts: Parts) -> None:
    parts["word/media/image1.png"] = png(text="nobody")
    link(parts, "rId27", "image", "media/image1.png")
    beside(parts, picture("rId27", f"{FIRST}_{LAST}.png", f"{NAME} at the door"))


def _jpeg(parts: Parts) -> None:
    exif = b"Exif\0\0MM\0*" + NAME.encode() + b"\0"
    parts["word/media/image1.jpg"] = b"\xff\xd8\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + b"\xff\xda\0\2\xff\xd9"
    link(parts, "rId27", "image", "media/image1.jpg")
    beside(parts, picture("rId27"))


def _workbook() -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return zipped(
        {
            "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><r><t>{FIRST} </t></r><r><t>{LAST}</t></r></si></sst>'.encode(),
        }
    )


def _chart(parts: Parts) -> None:
    chart = "http://schemas.openxmlformats.org/drawingml/2006/chart"
    parts["word/charts/chart1.xml"] = (
        f'{HEAD}<c:chartSpace xmlns:c="{chart}"><c:chart><c:ser><c:tx><c:v>{NAME}</c:v></c:tx></c:ser></c:chart></c:chartSpace>'.encode()
    )
    link(parts, "rId28", "chart", "charts/chart1.xml")
    beside(
        parts,
        '<w:r><w:drawing><wp:inline><wp:extent cx="914400" cy="914400"/><wp:docPr id="3" name="Chart 1"/><a:graphic>'
        f'<a:graphicData uri="{chart}"><c:chart r:id="rId28"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>',
    )


def _diagram(parts: Parts) -> None:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    parts["word/diagrams/data1.xml"] = (
        f'{HEAD}<dgm:dataModel xmlns:dgm="{drawing}/diagram" xmlns:a="{drawing}/main"><dgm:ptLst><dgm:pt modelId="1"><dgm:t>'
        f"<a:p><a:r><a:t>{FIRST} </a:t></a:r><a:r><a:t>{LAST}</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"
    ).encode()
    link(parts, "rId29", "diagramData", "diagrams/data1.xml")


def _glossary(parts: Parts) -> None:
    inner = f"<w:docParts><w:docPart><w:docPartBody>{paragraph(text_run(NAME))}</w:docPartBody></w:docPart></w:docParts>"
    parts["word/glossary/document.xml"] = f"{HEAD}<w:glossaryDocument {NAMESPACES}>{inner}</w:glossaryDocument>".encode()
    link(parts, "rId31", "glossaryDocument", "glossary/document.xml")


def _people(parts: Parts) -> None:
    parts["word/people.xml"] = (
        f'{HEAD}<w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:person w15:author="{NAME}"/></w15:people>'.encode()
    )
    link(parts, "rId32", "http://schemas.microsoft.com/office/2011/relationships/people", "people.xml")


def _custom_xml(parts: Parts) -> None:
    parts["customXml/item1.xml"] = f"<case><client>{NAME}</client></case>".encode()
    link(parts, "rId33", "customXml", "../customXml/item1.xml")


def _macros(parts: Parts) -> None:
    parts["word/vbaProject.bin"] = b"\xcc\xaa\0\0Attribute VB_Name = " + NAME.encode("utf-16-le")
    link(parts, "rId34", "http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin")


def _named_part(parts: Parts) -> None:
    parts[f"word/media/{FIRST} {LAST}.png"] = png(text="nobody")
    link(parts, "rId35", "image", f"media/{FIRST}%20{LAST}.png")


def _unknown_part(parts: Parts) -> None:
    parts["word/mystery.dat"] = b"\0\1\2" + NAME.encode() + b"\0\3"


def _xml_comment(parts: Parts) -> None:
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"<w:body>", f"<!-- {NAME} --><?note {NAME}?><w:body>".encode()
    )


def _font_table(parts: Parts) -> None:
    word_part(parts, "fontTable", f'<w:font w:name="{NAME}"/>', "fonts", "rId36")


def _theme(parts: Parts) -> None:
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    parts["word/theme/theme1.xml"] = f'{HEAD}<a:theme xmlns:a="{a}" name="{NAME}"><a:themeElements/></a:theme>'.encode()
    link(parts, "rId37", "theme", "theme/theme1.xml")
    type_part(parts, "word/theme/theme1.xml", f"{_PROPERTY_TYPE}theme+xml")


def _thumbnail(parts: Parts) -> None:
    parts["docProps/thumbnail.emf"] = b"\x01\0\0\0" + NAME.encode("utf-16-le") + b"\0\0"
    kind = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/thumbnail"
    link(parts, "rId38", kind, "docProps/thumbnail.emf", owner="_rels/.rels")


def _signature(parts: Parts) -> None:
    parts["_xmlsignatures/sig1.xml"] = f"<Signature><X509SubjectName>CN={NAME}</X509SubjectName></Signature>".encode()


def _web_frame(parts: Parts) -> None:
    frame = f'<w:frameset><w:frame><w:name w:val="{NAME}"/></w:frame></w:frameset>'
    word_part(parts, "webSettings", frame, "webSettings", "rId39")


def _alias(parts: Parts) -> None:
    style = (
        f'<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:aliases w:val="{NAME}"/></w:style></w:styles>'
    )
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", style.encode())


def _latent(parts: Parts) -> None:
    latent = f'<w:latentStyles><w:lsdException w:name="{NAME}"/></w:latentStyles></w:styles>'
    parts["word/styles.xml"] = parts["word/styles.xml"].replace(b"</w:styles>", latent.encode())


def _background(parts: Parts) -> None:
    shape = (
        f'<w:background w:color="FFFFFF"><v:background id="{FIRST}{LAST}"><v:fill title="{NAME}"/></v:background></w:background>'
    )
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"<w:body>", shape.encode() + b"<w:body>")


_CELL = '<w:tc><w:tcPr><w:tcW w:w="2000" w:type="dxa"/></w:tcPr>'
_ODD = 'xmlns:odd="http://odd.example/markup"'

SEEN: dict[str, Plant] = {
    "a paragraph": _body(paragraph(text_run(f"A note about {NAME} and the kettle."))),
    "runs that split a name": _body(paragraph(text_run("Zebe") + text_run("dee Quill", "<w:b/>") + text_run("feather came."))),
    "runs split by proofing marks": _body(
        paragraph(
            text_run(f"{FIRST} ") + '<w:proofErr w:type="spellStart"/>' + text_run(LAST) + '<w:proofErr w:type="spellEnd"/>'
        )
    ),
    "a tracked insertion": _beside(f"<w:ins {_ANON}>{text_run(' with ' + NAME)}</w:ins>"),
    "text moved here": _beside(f"<w:moveTo {_ANON}>{text_run(' with ' + NAME)}</w:moveTo>"),
    "a name half inserted": _beside(f"{text_run(' Zebedee Quill')}<w:ins {_ANON}>{text_run('feather')}</w:ins>"),
    "a table cell": _body(f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{_CELL}{paragraph(text_run(NAME))}</w:tc></w:tr></w:tbl>"),
    "a nested table": _body(
        f"<w:tbl><w:tr>{_CELL}<w:tbl><w:tr>{_CELL}{paragraph(text_run(NAME))}</w:tc></w:tr></w:tbl>{paragraph('')}</w:tc></w:tr></w:tbl>"
    ),
    "a content control": _body(f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph(text_run(NAME))}</w:sdtContent></w:sdt>"),
    "a content control around a row": _body(
        f"<w:tbl><w:sdt><w:sdtContent><w:tr>{_CELL}{paragraph(text_run(NAME))}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>"
    ),
    "a smart tag": _beside(f'<w:smartTag w:uri="urn:x" w:element="PersonName">{text_run(" " + NAME)}</w:smartTag>'),
    "custom markup around text": _beside(f'<w:customXml w:element="client">{text_run(" " + NAME)}</w:customXml>'),
    "a field's result": _beside(field("MERGEFIELD Client", NAME)),
    "a simple field's result": _beside(f'<w:fldSimple w:instr="AUTHOR">{text_run(NAME)}</w:fldSimple>'),
    "a link's text": _beside(f'<w:hyperlink w:anchor="x">{text_run(" " + NAME)}</w:hyperlink>'),
    "a header": _header("header", paragraph(text_run(f"File of {NAME}"))),
    "a first-page header": _header("header", paragraph(text_run(f"File of {NAME}")), "first"),
    "an even-page footer": _header("footer", paragraph(text_run(f"Printed for {NAME}")), "even"),
    "a footer": _header("footer", paragraph(text_run(f"Printed for {NAME}"))),
    "a footnote": _notes("footnote"),
    "an endnote": _notes("endnote"),
    "a text box": _beside(text_box(paragraph(text_run(f"Ring {NAME} first")))),
    "a text box with a split name": _beside(text_box(paragraph(text_run("Ring Zebe") + text_run("dee Quillfeather")))),
    "an old text box": _beside(
        f'<w:r><w:pict><v:shape style="width:90pt;height:40pt"><v:textbox><w:txbxContent>{paragraph(text_run(NAME))}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>'
    ),
    "an equation": _body(paragraph(f"<m:oMath><m:r><m:t>{FIRST} </m:t></m:r><m:r><m:t>{LAST}</m:t></m:r></m:oMath>")),
    "ruby": _body(
        paragraph(f"<w:r><w:ruby><w:rt>{text_run('x')}</w:rt><w:rubyBase>{text_run(NAME)}</w:rubyBase></w:ruby></w:r>")
    ),
    "a soft line break inside a name": _body(paragraph(f"<w:r><w:t>{FIRST}</w:t><w:br/><w:t>{LAST}</w:t></w:r>")),
}
"""Places that a page shows: the name is replaced and the rest of the place stays."""

HIDDEN: dict[str, Plant] = {
    "a tracked deletion": _beside(f"<w:del {_ANON}><w:r><w:delText>{NAME}</w:delText></w:r></w:del>"),
    "text moved away": _beside(f"<w:moveFrom {_ANON}>{text_run(NAME)}</w:moveFrom>"),
    "a deleted row": _body(
        f"<w:tbl><w:tr><w:trPr><w:del {_ANON}/></w:trPr>{_CELL}{paragraph(text_run(NAME))}</w:tc></w:tr></w:tbl>"
    ),
    "the author of a change": _beside(f"<w:ins {_BY}>{text_run(' more')}</w:ins>"),
    "the author of a formatting change": _beside(
        f"<w:r><w:rPr><w:b/><w:rPrChange {_BY}><w:rPr/></w:rPrChange></w:rPr><w:t> more</w:t></w:r>"
    ),
    "the author of a paragraph change": _body(paragraph(text_run("x"), f"<w:pPrChange {_BY}><w:pPr/></w:pPrChange>")),
    "a comment": _comment(f"Ask {NAME} first.", "A"),
    "a comment's author": _comment("Ask first.", NAME),
    "hidden text": _beside(text_run(NAME, "<w:vanish/>")),
    "text hidden by a style": _hidden_by_style,
    "a field's code": _beside(field(f"INCLUDETEXT &quot;S:/Clients/{NAME}/plan.docx&quot;", "the plan")),
    "a simple field's code": _beside(f'<w:fldSimple w:instr="DOCPROPERTY &quot;{NAME}&quot;">{text_run(" x")}</w:fldSimple>'),
    "a deleted field's code": _beside(f"<w:del {_ANON}><w:r><w:delInstrText>MERGEFIELD {NAME}</w:delInstrText></w:r></w:del>"),
    "a form field's help and default": _beside(
        field(
            "FORMTEXT",
            "x",
            f'<w:ffData><w:helpText w:val="Ask {NAME}"/><w:textInput><w:default w:val="{NAME}"/></w:textInput></w:ffData>',
        )
    ),
    "a link's target": _external(
        "hyperlink", f"https://files.example/{FIRST}-{LAST}", f'<w:hyperlink r:id="rId25">{text_run(" link")}</w:hyperlink>'
    ),
    "a link's escaped target": _external(
        "hyperlink", f"file:///S:/{FIRST}%20{LAST}", f'<w:hyperlink r:id="rId25">{text_run(" link")}</w:hyperlink>'
    ),
    "a link's tip": _beside(f'<w:hyperlink w:anchor="x" w:tooltip="{NAME}">{text_run(" link")}</w:hyperlink>'),
    "a bookmark's name": _beside(f'<w:bookmarkStart w:id="4" w:name="{FIRST}_{LAST}"/><w:bookmarkEnd w:id="4"/>'),
    "a content control's title": _body(
        f'<w:sdt><w:sdtPr><w:alias w:val="{NAME}"/></w:sdtPr><w:sdtContent>{paragraph(text_run("x"))}</w:sdtContent></w:sdt>'
    ),
    "a content control's tag": _body(
        f'<w:sdt><w:sdtPr><w:tag w:val="{FIRST}-{LAST}"/></w:sdtPr><w:sdtContent>{paragraph(text_run("x"))}</w:sdtContent></w:sdt>'
    ),
    "a drop-down's choice": _body(
        f'<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="{NAME}" w:value="1"/></w:dropDownList></w:sdtPr><w:sdtContent>{paragraph(text_run("x"))}</w:sdtContent></w:sdt>'
    ),
    "a data binding": _body(
        f'<w:sdt><w:sdtPr><w:dataBinding w:xpath="/case/{FIRST}{LAST}"/></w:sdtPr><w:sdtContent>{paragraph(text_run("x"))}</w:sdtContent></w:sdt>'
    ),
    "a smart tag's attributes": _beside(
        f'<w:smartTag w:uri="urn:x" w:element="n"><w:smartTagPr><w:attr w:name="n" w:val="{NAME}"/></w:smartTagPr>{text_run(" x")}</w:smartTag>'
    ),
    "a text box's other rendering": _beside(text_box(paragraph(text_run("Ring first")), paragraph(text_run(NAME)))),
    "a remark inside a drawing": _beside(
        f'<w:r><w:pict><!-- {NAME} --><v:shape style="width:9pt"><!-- {LAST} --></v:shape></w:pict></w:r>'
    ),
    "a watermark": _header(
        "header",
        f'<w:p><w:r><w:pict><v:shape style="width:400pt"><v:textpath string="DRAFT FOR {NAME}"/></v:shape></w:pict></w:r></w:p>',
    ),
    "a shape's old alt text": _beside(f'<w:r><w:pict><v:shape alt="{NAME}" style="width:9pt"/></w:pict></w:r>'),
    "a picture's alt text and name": _alt_text,
    "a picture's text chunk": _image(b"tEXt"),
    "a picture's packed text chunk": _image(b"zTXt"),
    "a picture's international text chunk": _image(b"iTXt"),
    "a photograph's EXIF data": _jpeg,
    "a linked picture": _external("image", f"https://photos.example/{FIRST}-{LAST}.jpg", picture("rId25")),
    "a table's alt text": _body(
        f'<w:tbl><w:tblPr><w:tblCaption w:val="{NAME}"/><w:tblDescription w:val="About {NAME}"/></w:tblPr><w:tr>{_CELL}{paragraph(text_run("x"))}</w:tc></w:tr></w:tbl>'
    ),
    "a chart": _chart,
    "a diagram": _diagram,
    "an embedded workbook": _extra("word/embeddings/sheet.xlsx", _workbook(), "package"),
    "an embedded object": _extra("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0" + NAME.encode("utf-16-le"), "oleObject"),
    "an alternative-format chunk": _extra("word/afchunk1.html", f"<p>Mr <b>{FIRST}</b> {LAST}</p>".encode(), "aFChunk", ""),
    "an embedded message": _extra("word/afchunk2.mht", f"From: {NAME}\n\nhello".encode(), "aFChunk"),
    "the glossary": _glossary,
    "the people part": _people,
    "custom XML": _custom_xml,
    "macros": _macros,
    "the author": _core("dc:creator"),
    "the last editor": _core("cp:lastModifiedBy"),
    "the title": _core("dc:title"),
    "the subject": _core("dc:subject"),
    "the keywords": _core("cp:keywords"),
    "the manager": _app("Manager"),
    "the company": _app("Company"),
    "the link base": _app("HyperlinkBase"),
    "the template's name": _app("Template"),
    "a custom property's value": _custom("Client", NAME),
    "a custom property's name": _custom(NAME, "x"),
    "a document variable": _settings(f'<w:docVars><w:docVar w:name="Client" w:val="{NAME}"/></w:docVars>'),
    "a mail-merge query": _settings(f'<w:mailMerge><w:query w:val="SELECT * FROM c WHERE n = {NAME}"/></w:mailMerge>'),
    "the template's path": _settings('<w:attachedTemplate r:id="rId1"/>', f"file:///S:/{FIRST}%20{LAST}/plan.dotx"),
    "write protection": _settings(f'<w:writeProtection w:hash="x" w:salt="{FIRST}{LAST}"/>'),
    "a style's name and id": _styled,
    "a numbering level's text": _numbered,
    "a font's name": _font_table,
    "a run's font": _beside(f'<w:r><w:rPr><w:rFonts w:ascii="{NAME}"/></w:rPr><w:t> x</w:t></w:r>'),
    "the theme's name": _theme,
    "a file name inside the package": _named_part,
    "a part that nothing knows": _unknown_part,
    "XML comments and instructions": _xml_comment,
    "a thumbnail": _thumbnail,
    "ink": _extra("word/ink/ink1.xml", f"<ink><annotation>{NAME}</annotation></ink>".encode(), "customXml"),
    "an ActiveX control": _extra("word/activeX/activeX1.xml", f'<ocx name="{NAME}"/>'.encode(), "control"),
    "a digital signature": _signature,
    "a web frame": _web_frame,
    "the editor of a protected range": _beside(f'<w:permStart w:id="5" w:ed="{FIRST}.{LAST}@x.example"/><w:permEnd w:id="5"/>'),
    "a linked sub-document": _external("subDocument", f"file:///S:/{FIRST}%20{LAST}.docx", '<w:subDoc r:id="rId25"/>'),
    "a move's name": _beside(
        f'<w:moveFromRangeStart w:id="6" w:name="{FIRST}{LAST}" w:author="A"/><w:moveFromRangeEnd w:id="6"/>'
    ),
    "a link's anchor": _beside(f'<w:hyperlink w:anchor="{FIRST}_{LAST}">{text_run(" link")}</w:hyperlink>'),
    "an inserted cell's author": _body(
        f"<w:tbl><w:tr><w:tc><w:tcPr><w:cellIns {_BY}/></w:tcPr>{paragraph(text_run('x'))}</w:tc></w:tr></w:tbl>"
    ),
    "a deleted paragraph mark's author": _body(paragraph(text_run("x"), f"<w:rPr><w:del {_BY}/></w:rPr>")),
    "a section change's author": _body(paragraph("", f"<w:sectPr><w:sectPrChange {_BY}/></w:sectPr>")),
    "a legend in a group of shapes": _beside(
        f'<w:r><w:pict><v:group style="width:90pt;height:40pt" alt="{NAME}" title="{LAST}"><v:rect o:spid="{LAST}"/></v:group></w:pict></w:r>'
    ),
    "an extension of a shape": _beside(
        f'<w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="3" name="Picture 1"><a:hlinkClick r:id="x" tooltip="{NAME}"/></wp:docPr>'
        '<a:graphic><a:graphicData uri="x"><pic:pic/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    ),
    "a style's other names": _alias,
    "a latent style's name": _latent,
    "a bibliography source": _extra(
        "customXml/item2.xml", f"<b:Source xmlns:b='urn:b'><b:Author>{NAME}</b:Author></b:Source>".encode(), "customXml"
    ),
    "a page background's picture": _background,
    "an attribute that nothing knows": _beside(f'<w:r w14:unknown="{NAME}"><w:t> x</w:t></w:r>'),
    "an element that nothing knows": _beside(f"<odd:note {_ODD}>{NAME}</odd:note>"),
    "text between elements": _beside(f"<w:r>{NAME}<w:t> x</w:t></w:r>"),
}
"""Places that no page shows: what is there goes."""

SEEN |= more_mechanisms.SEEN
HIDDEN |= more_mechanisms.HIDDEN
ALL = {**SEEN, **HIDDEN}

assert W in NAMESPACES
