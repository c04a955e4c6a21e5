"""A paper as plain text, for a screen reader, an e-mail or somebody who reads it out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from pipeline.accessible.paper import Block, Bullets, Field, Heading, Notice, PageBreak, Paper, Paragraph, Table, Ticks
from pipeline.domain.organisation import Organisation
from pipeline.errors import OutputFailed

_WIDTH = 78
_RULE = "_" * 40


def write_text(paper: Paper, organisation: Organisation, target: Path) -> None:
    """Write the paper as UTF-8 text in short lines.  Raises ``OutputFailed``."""
    try:
        target.write_text(as_text(paper, organisation), encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputFailed(f"{target.name} cannot be written.", "Check that the disk has room.") from error


def as_text(paper: Paper, organisation: Organisation) -> str:
    """The whole paper; headings are underlined, so that its parts show without any markup."""
    head = f"{_wrapped(organisation.name)}\n\n{_underlined(paper.title, '=')}"
    return "\n\n".join((head, *("\n".join(_lines(block)) for block in paper.blocks))) + "\n"


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield "\n" + _underlined(block.text, "=" if block.level == 1 else "-")
    elif isinstance(block, PageBreak):
        yield "\n" + "* " * 19 + "*"
    elif isinstance(block, Paragraph):
        yield _wrapped(block.text.rstrip("\n"))
    elif isinstance(block, Notice):
        yield _wrapped(f"PLEASE NOTE: {block.text}".rstrip("\n"))
    elif isinstance(block, Bullets):
        yield from (_wrapped(item, "- ", "  ") for item in block.items)
    elif isinstance(block, Ticks):
        yield _wrapped(block.question)
        yield from (_wrapped(choice.label, "[ ] ", "    ") for choice in block.choices)
    elif isinstance(block, Field):
        yield _wrapped(block.label if block.label.endswith((".", "?", ":")) else f"{block.label}:")
        yield f"    {block.value}" if block.value else "\n".join([f"    {_RULE}"] * block.lines)
    elif isinstance(block, Table):
        yield from _table(block)


def _table(table: Table) -> Iterator[str]:
    """A table read row by row, each cell with the name of its column: a grid of characters cannot be listened to."""
    yield _wrapped(f"{table.caption}:")
    for number, row in enumerate(table.rows, start=1):
        yield f"\n{number}."
        for name, cell in zip(table.header, row, strict=True):
            yield _wrapped(f"{name}: {cell or _RULE[:20]}", "   ", "     ")


def _underlined(text: str, mark: str) -> str:
    lines = textwrap.wrap(text, _WIDTH, break_long_words=False)
    return "\n".join((*lines, mark * max(map(len, lines), default=0)))


def _wrapped(text: str, first: str = "", rest: str = "") -> str:
    wrapper = textwrap.TextWrapper(_WIDTH - len(rest), break_long_words=False, break_on_hyphens=False)
    lines = [line for part in text.split("\n") for line in wrapper.wrap(part) or [""]]
    return "\n".join((first if number == 0 else rest) + line for number, line in enumerate(lines))
