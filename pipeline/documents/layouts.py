"""Fills an organisation's Word layout, whatever it looks like, and says which of its fields cannot be filled."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from docx.document import Document
from docx.image.image import Image
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import Table
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment

from pipeline.documents.prose import line
from pipeline.domain.organisation import Organisation
from pipeline.errors import OutputFailed, RenderError
from pipeline.word.package import normalise

_UNDEFINED = re.compile(r"'(\w{1,60})' is undefined")
_ONE_PAGE = 16  # rows
_LOGO_MM = 40
_SPARE = "Open it in Word, correct the field, or take the packaged layout again."


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for a layout field: its bytes, its width on the page in millimetres and its alternative text."""

    data: bytes
    width_mm: int
    alt: str


def house_fields(organisation: Organisation) -> dict[str, object]:
    """The fields that every layout has: organisation, contact, website, logo (a picture, or ``None``).

    Raises ``RenderError`` when the logo cannot be read or is not a picture.
    """
    return {
        "organisation": line(organisation.name),
        "contact": line(organisation.contact),
        "website": line(organisation.website),
        "logo": None if organisation.logo is None else _logo(organisation.logo, line(organisation.name)),
    }


def _logo(path: Path, name: str) -> Picture:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise RenderError("organisation.toml: the logo cannot be read.", "Check the picture's name and place.") from error
    try:
        Image.from_blob(data).scaled_dimensions(Mm(_LOGO_MM), None)
    except Exception:  # A damaged picture fails in as many ways as there are formats.
        spare = "Save it as .png or .jpg again, or take the line logo away."
        raise RenderError("organisation.toml: the logo is not a sound .png or .jpg picture.", spare) from None
    return Picture(data, _LOGO_MM, f"Logo of {name}")


def fill(layout: Path, fields: Mapping[str, object], required: frozenset[str] = frozenset()) -> Document:
    """The layout with its fields filled, not yet saved; ``required`` are fields that it may not leave out (P19).

    Text is escaped, so that a sentence with ``<`` or ``&`` is shown as it is.  Raises ``RenderError`` naming the
    layout, and the field that it asks for and the document does not have.
    """
    problems = [f"the field {name} is missing" for name in sorted(required - _asked(layout, _stamp(layout)))]
    if problems:
        raise RenderError(f"{layout.name}: {', '.join(problems)}.", _SPARE)
    template = _opened(layout)
    try:
        template.render(_placed(template, fields), jinja_env=_environment(), autoescape=True)
    except TemplateSyntaxError:
        # Not chained: the parser quotes the text around the fault.
        raise RenderError(f"{layout.name}: a field or a loop is not closed.", _SPARE) from None
    except TemplateError as error:
        name = _UNDEFINED.search(str(error))
        what = f"the field {name.group(1)} does not exist" if name else "a field cannot be filled"
        raise RenderError(f"{layout.name}: {what}.", _SPARE) from None
    document: Document = template.docx
    _describe(document, fields)
    _keep_together(document)
    return document


def check_layout(layout: Path, known: frozenset[str], required: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """What is wrong with a layout, a sentence for each field that is unknown or missing; empty when it is sound."""
    asked = _asked(layout, _stamp(layout))
    unknown = [f"The field {name} does not exist." for name in sorted(asked - known)]
    return (*unknown, *(f"The field {name} is missing." for name in sorted(required - asked)))


def _opened(layout: Path) -> DocxTemplate:
    try:
        template = DocxTemplate(str(layout))
        template.init_docx()
    except (PackageNotFoundError, OSError, KeyError, ValueError) as error:
        raise RenderError(f"{layout.name}: this layout is not a Word file (.docx).", _SPARE) from error
    return template


def _stamp(layout: Path) -> int:
    return layout.stat().st_mtime_ns if layout.is_file() else 0


@lru_cache(maxsize=16)
def _asked(layout: Path, stamp: int) -> frozenset[str]:
    """The fields that a layout asks for; ``stamp`` changes when the file does."""
    try:
        return frozenset(_opened(layout).get_undeclared_template_variables(jinja_env=_environment()))
    except TemplateError:
        # Not chained: the parser quotes the text around the fault.
        raise RenderError(f"{layout.name}: a field or a loop is not closed.", _SPARE) from None


def save(document: Document, target: Path, organisation: Organisation, title: str) -> None:
    """Write the document with its properties set: the title, the organisation as its author, en-GB (P27)."""
    try:
        document.save(str(target))
    except OSError as error:
        raise OutputFailed(f"{target.name} cannot be written.", "Check that the disk has room.") from error
    normalise(target, line(organisation.name), title)


def _keep_together(document: Document) -> None:
    """Keep a table that fits on a page on one page, and a header row with the row after it."""
    for table in document.tables:
        rows = table.rows
        for row in list(rows)[: len(rows) - 1 if len(rows) <= _ONE_PAGE else 1]:
            for paragraph in row._tr.iter(qn("w:p")):
                paragraph.get_or_add_pPr().get_or_add_keepNext()


def style_ids(document: Document) -> Mapping[str, str]:
    """Every style of a document by its name: finding one anew for each paragraph takes too long in a long document."""
    return {style.name: style.style_id for style in document.styles if style.name}


def repeat_header(table: Table) -> None:
    """Mark a table's first row as its header, repeated on each page, and keep rows whole."""
    for number, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if number == 0:
            properties.append(OxmlElement("w:tblHeader"))


def _environment() -> SandboxedEnvironment:
    # A layout is somebody's file: it may place text, and do nothing else.
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def _placed(template: DocxTemplate, value: object) -> object:
    if isinstance(value, Picture):
        return InlineImage(template, io.BytesIO(value.data), width=Mm(value.width_mm))
    if isinstance(value, Mapping):
        return {key: _placed(template, item) for key, item in value.items()}
    if isinstance(value, str) or not isinstance(value, Sequence):
        return value
    return [_placed(template, item) for item in value]


def _pictures(value: object) -> list[Picture]:
    if isinstance(value, Picture):
        return [value]
    if isinstance(value, str):
        return []
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, Sequence) else ()
    return [picture for item in items for picture in _pictures(item)]


def _describe(document: Document, fields: Mapping[str, object]) -> None:
    """Give every picture that was filled in its alternative text; a picture of the layout keeps its own."""
    alts = {hashlib.sha256(picture.data).digest(): picture.alt for picture in _pictures(fields)}
    around = (rel for rel in document.part.rels.values() if rel.reltype in (RT.HEADER, RT.FOOTER))
    parts = [document.part, *(rel.target_part for rel in around)]
    for part in parts:
        for inline in part.element.iter(qn("wp:inline"), qn("wp:anchor")):
            blip = next(inline.iter(qn("a:blip")), None)
            about = inline.find(qn("wp:docPr"))
            if blip is None or about is None or blip.get(qn("r:embed")) not in part.rels:
                continue
            alt = alts.get(hashlib.sha256(part.rels[blip.get(qn("r:embed"))].target_part.blob).digest())
            if alt is not None:
                about.set("descr", alt)
                about.set("name", "Picture " + (about.get("id") or ""))
                for inner in inline.iter(qn("pic:cNvPr")):
                    inner.set("name", "picture.png")
                    inner.set("descr", alt)
