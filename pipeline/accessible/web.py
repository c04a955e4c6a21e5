"""A paper as one web page that needs nothing else: read by a screen reader, filled in on a screen, or printed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from pipeline.accessible.paper import LANGUAGE, Paper
from pipeline.domain.organisation import Organisation
from pipeline.errors import OutputFailed, RenderError


def write_page(paper: Paper, organisation: Organisation, layout: Path, target: Path) -> None:
    """Write the paper as a web page in the layout of ``layout``; every text in it is escaped.

    Raises ``RenderError`` naming the layout when it cannot be filled, and ``OutputFailed``.
    """
    try:
        blocks = [(type(block).__name__, block) for block in paper.blocks]
        page = _template(layout, layout.stat().st_mtime_ns).render(
            language=LANGUAGE, organisation=organisation.name, title=paper.title, blocks=blocks
        )
    except (OSError, UnicodeDecodeError, TemplateError):
        # Not chained: a template's error can quote what it was filled with.
        raise RenderError(f"{layout.name}: this layout cannot be filled.", "Take the packaged layout again.") from None
    try:
        target.write_text(page, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputFailed(f"{target.name} cannot be written.", "Check that the disk has room.") from error


@lru_cache(maxsize=8)
def _template(layout: Path, stamp: int) -> Template:
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(layout.read_text(encoding="utf-8"))
