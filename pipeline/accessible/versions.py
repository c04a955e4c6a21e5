"""Every version that a paper for people comes in, and which of them suits somebody's communication need (P27)."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

from pipeline import catalogue
from pipeline.accessible.paper import Paper
from pipeline.accessible.plain import write_text
from pipeline.accessible.web import write_page
from pipeline.accessible.word import write_word
from pipeline.domain.organisation import Organisation


class Version(StrEnum):
    """A version of a paper, by what its file's name ends in."""

    WORD = ".docx"
    LARGE_PRINT = "-large-print.docx"
    TEXT = ".txt"
    PAGE = ".html"


# In order: what is said first wins. Somebody who listens is served by plain text, whatever reads it to them.
_NEEDS = (
    (r"large|big(ger)?|18 ?(pt|point)|16 ?(pt|point)|low vision|sight|partial|magnif", Version.LARGE_PRINT),
    (r"(plain|only) text|text only|screen ?reader|braille|blind|audio|read (aloud|out|to)", Version.TEXT),
    (r"bsl|sign language|interpret|translat", Version.TEXT),
    (r"on ?screen|web|html|online|phone|tablet|e-?mail|keyboard|voice", Version.PAGE),
)


def version_for(need: str) -> Version:
    """The version that suits a recorded need; ordinary Word when none is recorded or it names another kind of help."""
    said = " ".join(need.casefold().split())
    return next((version for pattern, version in _NEEDS if re.search(rf"\b({pattern})", said)), Version.WORD)


def write_versions(paper: Paper, organisation: Organisation, folder: Path, stem: str, need: str = "") -> tuple[Path, ...]:
    """Write every version of a paper; the first path returned is the one that suits ``need`` (P27).

    Raises ``RenderError`` or ``OutputFailed``.
    """
    layouts = catalogue.policy_templates() / "papers"
    paths = {version: folder / f"{stem}{version}" for version in Version}
    write_word(paper, organisation, layouts / "paper.docx", paths[Version.WORD])
    write_word(paper, organisation, layouts / "paper-large-print.docx", paths[Version.LARGE_PRINT])
    write_text(paper, organisation, paths[Version.TEXT])
    write_page(paper, organisation, layouts / "paper.html", paths[Version.PAGE])
    first = version_for(need)
    return (paths[first], *(path for version, path in paths.items() if version is not first))
