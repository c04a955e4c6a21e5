"""A sanitised copy of a source file in its own format, or in Word's where it has none that can be written."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Sequence
from email.header import Header
from pathlib import Path, PurePosixPath

from lxml import etree

from pipeline.domain.replacement import Replacement, apply, in_order
from pipeline.domain.story import BlockKind
from pipeline.errors import OutputFailed
from pipeline.files.fragments import Fragment, offsets
from pipeline.files.markup import parse_html
from pipeline.files.opening import read_bytes
from pipeline.sources import SourceFile, whole_fragments
from pipeline.sources.book_copy import copy_workbook
from pipeline.sources.spreadsheet import csv_grid, delimiter_of
from pipeline.sources.text import decode
from pipeline.sources.web import WebAnchor, clean_page, web_fragments
from pipeline.word.plain_copy import write_plain
from pipeline.word.redact import write_copy as write_word_copy

_WORD = frozenset({".docx", ".docm", ".dotx", ".dotm"})
_TEXT = frozenset({".txt", ".md", ".text", ".log"})
_WEB = frozenset({".html", ".htm"})
_SAME = frozenset({".docx"}) | _TEXT | _WEB | {".csv", ".xlsx", ".eml"}


def copy_name(name: str) -> str:
    """The relative name of a source's copy: its own, or with .docx added where its format cannot be written."""
    suffix = PurePosixPath(name).suffix.lower()
    return name if suffix in _SAME else str(PurePosixPath(name).with_suffix(".docx"))


def write_copy(
    source: SourceFile,
    target: Path,
    replacements: Sequence[Replacement],
    *,
    author: str,
    title: str,
    language: str = "en-GB",
    pictures: bool = False,
) -> None:
    """Write the sanitised copy of ``source`` to ``target``, named as ``copy_name`` says.

    Offsets are those of ``read_whole(source).text``. Only what people see is written: no comments, hidden text,
    properties or attachments; a Word file's pictures stay where ``pictures`` says so. Raises ``ReadError`` for the
    source and ``OutputFailed`` for the target.
    """
    ordered = in_order(replacements)
    suffix = PurePosixPath(source.name).suffix.lower()
    data = read_bytes(source.path, source.name)
    if suffix in _WORD and data.startswith(b"PK"):
        write_word_copy(source.path, target, ordered, author=author, title=title, language=language, pictures=pictures)
        return
    if suffix in _TEXT:
        _save(target, apply(0, decode(data, source.name), ordered))
    elif suffix == ".csv":
        _save(target, _csv(data, source.name, ordered))
    elif suffix in _WEB:
        _save(target, _web(decode(data, source.name), ordered, title, language))
    elif suffix == ".eml":
        _save(target, _email(whole_fragments(data, source.name), ordered))
    elif suffix == ".xlsx":
        copy_workbook(data, target, _cells(whole_fragments(data, source.name), ordered), author, title, language)
    else:
        write_plain(_changed(whole_fragments(data, source.name), ordered), target, author, title, language)


def _save(target: Path, text: str) -> None:
    temporary = target.with_name(target.name + ".part")
    try:
        temporary.write_bytes(text.encode("utf-8"))
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OutputFailed("a copy could not be saved", "Check the free space and the rights of the output folder.") from error


def _changed(fragments: Sequence[Fragment], replacements: Sequence[Replacement]) -> list[tuple[Fragment, str]]:
    return [(fragment, apply(start, fragment.text, replacements)) for start, fragment in offsets(fragments)]


def _cells(fragments: Sequence[Fragment], replacements: Sequence[Replacement]) -> dict[tuple[str, int, int], str]:
    """The new text of every cell; notes, formulas and links have anchors too but are not written."""
    visible = (BlockKind.FIELD, BlockKind.FURNITURE, None)
    return {
        fragment.anchor: text
        for fragment, text in _changed(fragments, replacements)
        if isinstance(fragment.anchor, tuple) and (fragment.kind in visible or fragment.anchor[1] == -1)
    }


def _csv(data: bytes, name: str, replacements: Sequence[Replacement]) -> str:
    cells = _cells(whole_fragments(data, name), replacements)
    grid = csv_grid(data, name)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter_of(decode(data, name)), lineterminator="\n")
    for number, row in enumerate(grid.rows):
        writer.writerow([cells.get((grid.name, number, column), "") for column in range(len(row))])
    return out.getvalue()


def _web(source: str, replacements: Sequence[Replacement], title: str, language: str) -> str:
    root = parse_html(source)
    if root is None:
        return clean_page(etree.Element("html"), {}, title, language)
    texts: dict[tuple[etree._Element, bool], str] = {}
    for start, fragment in offsets(web_fragments(root)):
        if isinstance(fragment.anchor, WebAnchor):
            for at, length, slot in fragment.anchor.slots:
                piece = fragment.text[at : at + length]
                texts[slot.node, slot.after] = apply(start + at, piece, replacements)
    return clean_page(root, texts, title, language)


def _email(fragments: Sequence[Fragment], replacements: Sequence[Replacement]) -> str:
    headers: list[str] = []
    body: list[str] = []
    attachments: set[str] = set()
    for fragment, text in _changed(fragments, replacements):
        part = fragment.locator.part
        if part == "e-mail header" and fragment.kind is BlockKind.FIELD:
            value = Header(text.replace("\n", " "), "utf-8").encode() if not text.isascii() else text.replace("\n", " ")
            headers.append(f"{fragment.label}: {value}")
        elif part == "message":
            body.append(text + fragment.ending)
        elif part.startswith("attachment "):
            attachments.add(part.split(" > ")[0])
    body += [f"[{attachment} removed]\n" for attachment in sorted(attachments)]
    fixed = ["MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: 8bit"]
    return "\n".join([*headers, *fixed, "", ""]) + "".join(body)
