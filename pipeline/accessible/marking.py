"""Marks a Word file as confidential or commercially sensitive, with the reason: in its header and its properties (P24)."""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from pipeline.errors import RenderError

_LONGEST = 255  # characters of a property


def mark_word(path: Path, mark: str, reason: str) -> None:
    """Put the mark and the reason at the top of every page of the file and into its properties.

    Raises ``RenderError`` when it is no Word file.
    """
    try:
        document = Document(str(path))
        words = f"{mark}: {reason}"
        for section in document.sections:
            headers = [section.header]
            if section.different_first_page_header_footer:
                headers.append(section.first_page_header)
            if document.settings.odd_and_even_pages_header_footer:
                headers.append(section.even_page_header)
            for header in headers:
                first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
                if first.text.startswith(words):
                    continue  # this section shows the header of the one before
                first.insert_paragraph_before().add_run(words).bold = True
        document.core_properties.category = mark
        document.core_properties.comments = words[:_LONGEST]
        document.save(str(path))
    except (PackageNotFoundError, OSError, KeyError, ValueError) as error:
        raise RenderError(f"An item cannot be marked: {path.name} is not a Word file.", "Leave it as another format.") from error
