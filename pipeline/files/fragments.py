"""Stretches of text as a format reader finds them, and the story text that they add up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from pipeline.domain.story import Block, BlockKind, Locator


@dataclass(frozen=True, slots=True)
class Fragment:
    """One stretch of text in reading order.

    ``kind`` is ``None`` for text that is in no block (a field's label, a separator): it is still searched.
    ``ending`` follows the text in the story.  ``anchor`` is what the format's own writer needs to put a changed text
    back (runs, a cell); nobody else looks at it.
    """

    text: str
    kind: BlockKind | None
    locator: Locator
    label: str = ""
    ending: str = "\n"
    anchor: object = field(default=None, repr=False, compare=False)


def assemble(fragments: Iterable[Fragment]) -> tuple[str, tuple[Block, ...]]:
    """The story text and its blocks; fragments without text leave no trace."""
    pieces: list[str] = []
    blocks: list[Block] = []
    at = 0
    for fragment in fragments:
        if not fragment.text:
            continue
        end = at + len(fragment.text)
        if fragment.kind is not None:
            blocks.append(Block(at, end, fragment.kind, fragment.locator, fragment.label))
        pieces += (fragment.text, fragment.ending)
        at = end + len(fragment.ending)
    return "".join(pieces), tuple(blocks)


def offsets(fragments: Iterable[Fragment]) -> list[tuple[int, Fragment]]:
    """Each fragment that has text with the offset at which ``assemble`` put it."""
    placed: list[tuple[int, Fragment]] = []
    at = 0
    for fragment in fragments:
        if fragment.text:
            placed.append((at, fragment))
            at += len(fragment.text) + len(fragment.ending)
    return placed


def ended(fragments: list[Fragment]) -> list[Fragment]:
    """The same fragments with a line end after the last, so that another part can follow."""
    if not fragments or "\n" in fragments[-1].ending:
        return fragments
    return [*fragments[:-1], replace(fragments[-1], ending=fragments[-1].ending + "\n")]
