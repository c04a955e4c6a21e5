"""A plain Word document of what a file in another format shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from docx import Document

from pipeline.domain.story import BlockKind
from pipeline.errors import OutputFailed
from pipeline.files.fragments import Fragment
from pipeline.word.package import normalise

_SHOWN = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.FIELD, BlockKind.FURNITURE, BlockKind.NOTE})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def write_plain(fragments: Iterable[tuple[Fragment, str]], target: Path, author: str, title: str, language: str) -> None:
    """Write each shown fragment with its new text as a paragraph, heading or "label: value" line."""
    document = Document()
    for fragment, text in fragments:
        words = _CONTROL.sub("", text).strip()
        if fragment.kind not in _SHOWN or not words:
            continue
        if fragment.kind is BlockKind.HEADING:
            document.add_heading(words, 2)
        else:
            document.add_paragraph(f"{fragment.label}: {words}" if fragment.label else words)
    try:
        document.save(str(target))
    except OSError as error:
        raise OutputFailed("a copy could not be saved", "Check the free space and the rights of the output folder.") from error
    normalise(target, author, title, language)
