"""Word files, through the room that knows them."""

from __future__ import annotations

from pipeline.domain.story import NARRATIVE
from pipeline.errors import UnreadableFile
from pipeline.files.fragments import Fragment
from pipeline.word.names import local
from pipeline.word.parts import WordPackage
from pipeline.word.reader import read_package

_SCAN = 25  # characters: a document with pictures and less text than this is taken for a scan
_PICTURES = frozenset({"blip", "imagedata"})


def read_word(data: bytes, name: str) -> list[Fragment]:
    """Every text of a .docx in reading order; ``UnreadableFile`` when it cannot be read whole."""
    package = WordPackage(data, name)
    found = read_package(package)
    shown = sum(len(fragment.text.strip()) for fragment in found if fragment.kind in NARRATIVE)
    if shown < _SCAN and any(local(node.tag) in _PICTURES for node in package.tree(package.main).iter()):
        raise UnreadableFile(f"{name}: a picture of text", "Run text recognition (OCR) on it first, or type it out.")
    return found
