"""PDF files with text in them; a page that is only a picture makes the whole file unreadable (policy P4)."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator, Sequence

from pypdf import PageObject, PdfReader

from pipeline.domain.story import BlockKind, Locator
from pipeline.errors import ReadError, UnreadableFile
from pipeline.files.fragments import Fragment, ended
from pipeline.files.markup import html_text

ReadAttachment = Callable[[bytes, str], list[Fragment]]

_MAX_PAGES = 2_000
_SCAN = 25  # characters: a page with a picture and less text than this is taken for a scan with a stamp on it


def read_pdf(data: bytes, name: str, read_attachment: ReadAttachment) -> list[Fragment]:
    """Every text of a PDF: pages, form fields, notes, links, bookmarks, properties and attached files."""
    # pypdf reports oddities with the document's own words; nothing of a document may reach the terminal.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFile(f"{name}: the file is password-protected", "Save a copy without a password.")
        if len(reader.pages) > _MAX_PAGES:
            raise UnreadableFile(f"{name}: more than {_MAX_PAGES} pages", "Split it into smaller files.")
        found = [fragment for number, page in enumerate(reader.pages, start=1) for fragment in _page(page, number, name)]
        found += _behind(reader)
        for number, (_, contents) in enumerate(sorted(reader.attachments.items()), start=1):
            for content in contents:
                found += _attached(content, f"attachment {number}", name, read_attachment)
        return found
    except ReadError:
        raise
    except Exception as error:  # pypdf raises anything at all on damaged files
        raise UnreadableFile(f"{name}: the PDF is damaged", "Print it to PDF again, or save it as text.") from error


def _page(page: PageObject, number: int, name: str) -> list[Fragment]:
    text = page.extract_text()
    if len(text.strip()) < _SCAN and _has_picture(page):
        raise UnreadableFile(
            f"{name}: page {number} is a picture of text", "Run text recognition (OCR) on it first, or type it out."
        )
    found = [
        Fragment(paragraph, BlockKind.PARAGRAPH, Locator(f"page {number}", f"paragraph {place}"))
        for place, paragraph in enumerate(_paragraphs(text), start=1)
    ]
    for place, note in enumerate(page.get("/Annots") or (), start=1):
        entry = note.get_object()
        strings = [str(entry[key]) for key in ("/Contents", "/T", "/Subj") if key in entry]
        action = entry.get("/A")
        if action is not None and "/URI" in action.get_object():
            strings.append(str(action.get_object()["/URI"]))
        where = Locator(f"page {number}", f"note {place}")
        found += [Fragment(text, BlockKind.HIDDEN, where) for text in strings if text.strip()]
    return found


def _has_picture(page: PageObject) -> bool:
    resources = page.get("/Resources")
    if resources is not None and resources.get_object().get("/XObject"):
        return True
    contents = page.get_contents()
    return contents is not None and b"BI" in contents.get_data()


def _paragraphs(text: str) -> Iterator[str]:
    """Lines joined where a line was only broken because the page was full."""
    lines = [line.rstrip() for line in text.split("\n")]
    full = max((len(line) for line in lines), default=0) * 0.7
    joined = ""
    for line in lines:
        joined = f"{joined} {line.strip()}" if joined else line.strip()
        if len(line) < full or line.endswith((".", ":", "?", "!", '"')):
            if joined.strip():
                yield joined
            joined = ""
    if joined.strip():
        yield joined


def _behind(reader: PdfReader) -> list[Fragment]:
    found: list[Fragment] = []
    for key, value in (reader.metadata or {}).items():
        if str(value).strip():
            found.append(Fragment(str(value), BlockKind.METADATA, Locator("property"), str(key).lstrip("/")))
    for key, field in (reader.get_fields() or {}).items():
        value = str(field.get("/V") or "").strip()
        if value:
            found.append(Fragment(value, BlockKind.FIELD, Locator("form"), str(key)))
        found.append(Fragment(str(key), BlockKind.METADATA, Locator("form")))
    found += [Fragment(title, BlockKind.METADATA, Locator("bookmark")) for title in _titles(reader.outline)]
    packet = reader.root_object.get("/Metadata")
    if packet is not None:
        shown, _ = html_text(packet.get_object().get_data().decode("utf-8", "replace"))
        found += [Fragment(line, BlockKind.METADATA, Locator("property")) for line in shown.split("\n") if line.strip()]
    return found


def _titles(outline: Sequence[object]) -> Iterator[str]:
    for item in outline:
        if isinstance(item, list):
            yield from _titles(item)
        elif str(getattr(item, "title", "") or "").strip():
            yield str(item.title)  # type: ignore[attr-defined]


def _attached(content: bytes, where: str, name: str, read_attachment: ReadAttachment) -> list[Fragment]:
    try:
        inner = ended(read_attachment(content, where + _guess(content)))
    except ReadError as error:
        raise UnreadableFile(f"{name}: {where} cannot be read", "Save it as a file of its own and remove it.") from error
    return [Fragment(piece.text, BlockKind.HIDDEN, Locator(where)) for piece in inner]


def _guess(content: bytes) -> str:
    if content.startswith(b"PK"):
        return ".xlsx" if b"xl/" in content[:4000] else ".docx"
    return ".pdf" if content.startswith(b"%PDF") else ".txt"
