"""The finished document before it is released: written as a release would write it, and read again as text."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain.permission import Purpose
from pipeline.domain.story import NARRATIVE, Block, BlockKind
from pipeline.errors import ReviewRefused
from pipeline.publish import write_document
from pipeline.run import Told
from pipeline.sources import SourceFile, read_whole
from pipeline.web.desk import Desk, Opened


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document: ``kind`` is "heading", "paragraph", "field" with its ``label``, or "edge" outside the text."""

    kind: str
    text: str
    label: str = ""


def preview(desk: Desk, opened: Opened, purpose: Purpose) -> tuple[Line, ...]:
    """The document's text as it would be released now; it is searched and verified only when it is released.

    Raises ``ReviewRefused`` when the story is not told for the purpose as it stands.
    """
    outcome = opened.told.outcome
    if not isinstance(outcome, Told):
        raise ReviewRefused("there is no document while nothing is told", "See why above the text.")
    if purpose is Purpose.REPORTING:
        return tuple(Line("paragraph", passage.text) for passage in outcome.telling.passages)
    # Nothing of it has been verified: it lies in the private folder, and for a moment only.
    with tempfile.TemporaryDirectory(prefix=".preview-", dir=desk.out / "internal") as folder:
        path = Path(folder) / "preview.docx"
        with desk.lock:
            write_document(outcome, desk.world, path)
        story = read_whole(SourceFile(path, "preview.docx", 1))
    return tuple(_lines(story.text, story.blocks))


def _lines(text: str, blocks: Iterable[Block]) -> Iterator[Line]:
    for block in blocks:
        words = text[block.start : block.end].strip()
        kind = block.kind
        if not words:
            continue
        if kind in NARRATIVE:
            label = block.label.strip() if kind is BlockKind.FIELD else ""
            yield Line(kind.value, words, label)
        elif kind is BlockKind.FURNITURE:
            yield Line("edge", words)
