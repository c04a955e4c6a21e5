"""A paper for people as values: what stands on it and what is asked, without a word about how it looks (P27)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

LANGUAGE = "en-GB"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` 1 is a part of the paper (its title stands above)."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running words; a newline in ``text`` is a line break."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What nobody may miss, set in a box."""

    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list in no order."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One box to tick: ticked, it stands for ``value`` in ``column`` of the register that the form is copied to."""

    label: str
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Ticks:
    """A question answered by ticking: one box when ``one``, else as many as one likes."""

    question: str
    choices: tuple[Choice, ...]
    one: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A place to write in: ``lines`` high, with ``value`` written in already when it is known."""

    label: str
    column: str = ""
    value: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header row; ``caption`` says what they are."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Heading | Paragraph | Notice | Bullets | Ticks | Field | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper, in British English."""

    title: str
    blocks: tuple[Block, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The register column of each question of a form, in its order, once for each question."""
        return tuple(column for block in self.blocks for column in dict.fromkeys(_columns(block)))

    def texts(self) -> Iterator[str]:
        """Every piece of text on the paper, in reading order."""
        yield self.title
        for block in self.blocks:
            yield from _texts(block)


def joined(title: str, *parts: Paper) -> Paper:
    """Several papers as one, each on its own page under its own title, a level lower."""
    blocks: list[Block] = []
    for number, part in enumerate(parts):
        if number:
            blocks.append(PageBreak())
            blocks.append(Heading(part.title, 1))
        blocks.extend(replace(b, level=b.level + 1) if isinstance(b, Heading) and number else b for b in part.blocks)
    return Paper(title, tuple(blocks))


def _columns(block: Block) -> Iterator[str]:
    if isinstance(block, Ticks):
        yield from (choice.column for choice in block.choices if choice.column)
    elif isinstance(block, Field) and block.column:
        yield block.column


def _texts(block: Block) -> Iterator[str]:
    if isinstance(block, Heading | Paragraph | Notice):
        yield block.text
    elif isinstance(block, Bullets):
        yield from block.items
    elif isinstance(block, Ticks):
        yield block.question
        yield from (choice.label for choice in block.choices)
    elif isinstance(block, Field):
        yield from (text for text in (block.label, block.value) if text)
    elif isinstance(block, Table):
        yield block.caption
        for row in (block.header, *block.rows):
            yield from row
