"""Lines of a record that are not sentences of the story: titles, table heads, rows of a log, labels before a sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.domain.story import Block, BlockKind

_ENDS_A_SENTENCE = re.compile(r"[.!?…][\"'”’)]*$")
_WORDS = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_NUMBER_OR_DATE = re.compile(r"\s*(?:\d{1,4}|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4})\s*$")
_CELL = re.compile(r"\s*[;|\t]\s*")
_TITLE_WORDS, _LEAST_CELLS = 14, 4
_ITEM = re.compile(r"(?:\d{1,2}[.)]|[-*•>]+)\s+(?=\S)")
_LABEL = re.compile(r"(?P<label>[A-Z][\w/-]*(?: [\w/-]+){0,3})\s*:\s+(?=\S)")


def titles(text: str, blocks: Sequence[Block]) -> frozenset[int]:
    """The numbers of the blocks that stand before the first sentence as a title: a line that ends without a stop.

    A note whose lines never end with a stop has no title but a very short first line.
    """
    kinds = [block.kind for block in blocks]
    # "Heard at last: how she won" above a story looks like a field of a form.
    alone = kinds.count(BlockKind.FIELD) == 1 < kinds.count(BlockKind.PARAGRAPH)
    told = (BlockKind.PARAGRAPH, BlockKind.FIELD) if alone else (BlockKind.PARAGRAPH,)
    lines = [(n, text[b.start : b.end].strip()) for n, b in enumerate(blocks) if b.kind in told]
    lines = [(number, line) for number, line in lines if line]
    ended = [bool(_ENDS_A_SENTENCE.search(line)) for _, line in lines]
    if sum(ended) < 0.6 * len(ended):
        return frozenset(number for number, line in lines[:1] if len(line.split()) <= 4)
    found = []
    for (number, line), stops in zip(lines[:3], ended, strict=False):
        if stops or "\n" in line or len(line.split()) > _TITLE_WORDS:
            break
        found.append(number)
    return frozenset(found)


def is_record(line: str) -> bool:
    """True for a table's head or a line of short cells: nothing in it is a sentence."""
    cells = _CELL.split(line.strip())
    if len(cells) < _LEAST_CELLS or _NUMBER_OR_DATE.match(cells[0]):
        return False
    return all(len(_WORDS.findall(cell)) < 4 for cell in cells)


def lead(line: str, label: re.Pattern[str]) -> tuple[int, str]:
    """How far a line's sentence is from its start, and the label before it: an item's number, a log's cells, "Plan 1:"."""
    at = _log_cells(line)
    item = _ITEM.match(line, at)
    at = item.end() if item else at
    found = _LABEL.match(line, at)
    if found and label.match(found.group("label")):
        return found.end(), found.group("label")
    return at, ""


def _log_cells(line: str) -> int:
    """Where the account begins in a row of a log ("4; 02/04/2026; AF; home; dehumidifiers in"); 0 for any other line."""
    marks = list(_CELL.finditer(line))
    if len(marks) < _LEAST_CELLS - 1 or not _NUMBER_OR_DATE.match(line[: marks[0].start()]):
        return 0
    ends = [mark.start() for mark in marks[1:]] + [len(line)]
    for mark, end in zip(marks, ends, strict=True):
        cell = line[mark.end() : end]
        if len(_WORDS.findall(cell)) >= 2 and not _NUMBER_OR_DATE.match(cell):
            return mark.end()
    return marks[-1].end()
