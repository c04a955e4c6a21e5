"""Reads the wording of a paper, a text file that an organisation edits, and fills it in.

    # Title                     ## Heading        ### Smaller heading
    %% a note for the editor    === a new page    @when child ... @end    @unless child ... @end
    - an item of a list         > a notice        a line that ends with a backslash breaks there
    ? What may we use?          a question; "?1" when one answer only may be ticked
    [ ] In reports <purpose_reporting=yes>        a box to tick, and what it stands for in the register
    __ Your name <subject_name> = {name}          a place to write in; "____" is one of several lines
    |= What a table is about    | First | Second |

``{name}`` is filled in.  A name that is not known, or a brace that is left over, is an error with its file and line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from pipeline.accessible.paper import Block, Bullets, Choice, Field, Heading, Notice, PageBreak, Paper, Paragraph, Table, Ticks
from pipeline.documents.prose import legal
from pipeline.errors import RenderError

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_LEFT_OVER = re.compile(r"[{}]|\(Name of [A-Z]\w+\)|\[(?:name|insert|date|your)\b[^\]]*\]|\bTODO\b", re.IGNORECASE)
_CHOICE = re.compile(r"\[ \] (?P<label>.+?)(?: <(?P<column>\w+)=(?P<value>[^<>]*)>)?")
_FIELD = re.compile(r"(?P<mark>_{2,}) (?P<label>[^<=]+?)(?: <(?P<column>\w+)>)?(?: = (?P<value>.*))?")
_LONG = 3  # lines of a place for several lines


@dataclass(slots=True)
class _Reading:
    """How far a template has been read: the finished blocks, and the one that the next line may belong to."""

    name: str
    values: Mapping[str, str]
    title: str = ""
    line: int = 0
    caption: str = ""
    blocks: list[Block] = field(default_factory=list)
    open: bool = False  # the last block goes on until an empty line

    def refuse(self, problem: str) -> NoReturn:
        raise RenderError(f"{self.name}, line {self.line}: {problem}.", "Correct that line and run again.")

    def fill(self, text: str) -> str:
        """The text with its values filled in; each is put in once and never read as a template itself."""
        if _LEFT_OVER.search(_PLACEHOLDER.sub("", text)):
            self.refuse("something is left over to be filled in")

        def value(match: re.Match[str]) -> str:
            if match[1] not in self.values:
                self.refuse(f"{match[0]} is not known; known are {', '.join(sorted(self.values))}")
            return " ".join(legal(self.values[match[1]], " ").split())

        return _PLACEHOLDER.sub(value, text).strip()


def read_paper(path: Path, values: Mapping[str, str], facts: Collection[str] = ()) -> Paper:
    """The paper of a template with its values filled in; ``facts`` are what ``@when`` and ``@unless`` ask for.

    Raises ``RenderError`` naming the file and the line of whatever cannot be understood or filled in (P26).
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RenderError(f"{path.name} cannot be read as UTF-8 text.", "Save it again, or take the packaged one.") from error
    reading = _Reading(path.name, values)
    shown: list[bool] = []
    for reading.line, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if line.startswith("%%"):
            continue
        if line.startswith("@"):
            _condition(reading, line, shown, facts)
        elif all(shown):
            _read(reading, line)
        else:
            reading.fill(line)  # what is not shown today must be sound all the same
    if shown:
        reading.refuse("an @when is not closed with @end")
    if not reading.title:
        reading.refuse("the paper has no title; start it with # and a title")
    return Paper(reading.title, tuple(reading.blocks))


def _condition(reading: _Reading, line: str, shown: list[bool], facts: Collection[str]) -> None:
    words = line.split()
    if words == ["@end"] and shown:
        shown.pop()
    elif len(words) == 2 and words[0] in ("@when", "@unless"):
        shown.append((words[1] in facts) is (words[0] == "@when"))
    else:
        reading.refuse("this is not @when, @unless or @end")


def _read(reading: _Reading, line: str) -> None:
    """Take one line in: it starts a block, or goes on with the last one."""
    if not line:
        reading.open = False
    elif line == "===":
        _add(reading, PageBreak(), ends=True)
    elif heading := re.fullmatch(r"(#{1,3}) (.+)", line):
        _heading(reading, len(heading[1]), reading.fill(heading[2]))
    elif line.startswith("|= "):
        reading.caption = reading.fill(line[3:])
    elif line.startswith("|"):
        _row(reading, tuple(reading.fill(cell) for cell in line.strip("|").split("|")))
    elif line.startswith("- "):
        _item(reading, reading.fill(line[2:]))
    elif line.startswith("> "):
        _add(reading, Notice(reading.fill(line[2:])))
    elif question := re.fullmatch(r"\?(1?) (.+)", line):
        _add(reading, Ticks(reading.fill(question[2]), (), one=bool(question[1])))
    elif line.startswith("[ ]"):
        _choice(reading, line)
    elif line.startswith("__"):
        _field(reading, line)
    else:
        _words(reading, line)


def _add(reading: _Reading, block: Block, ends: bool = False) -> None:
    reading.blocks.append(block)
    reading.open = not ends


def _last(reading: _Reading) -> Block | None:
    return reading.blocks[-1] if reading.open and reading.blocks else None


def _heading(reading: _Reading, level: int, text: str) -> None:
    if level > 1:
        _add(reading, Heading(text, level - 1), ends=True)
    elif reading.title:
        reading.refuse("there is a title already; use ## for a heading")
    else:
        reading.title = text


def _row(reading: _Reading, cells: tuple[str, ...]) -> None:
    last = _last(reading)
    if not isinstance(last, Table):
        if not reading.caption:
            reading.refuse("a table needs a line above it that says what it is about: |= words")
        _add(reading, Table(reading.caption, cells, ()))
        reading.caption = ""
    elif len(cells) != len(last.header):
        reading.refuse("this row has more or fewer cells than the first row of its table")
    else:
        reading.blocks[-1] = Table(last.caption, last.header, (*last.rows, cells))


def _item(reading: _Reading, text: str) -> None:
    last = _last(reading)
    if isinstance(last, Bullets):
        reading.blocks[-1] = Bullets((*last.items, text))
    else:
        _add(reading, Bullets((text,)))


def _choice(reading: _Reading, line: str) -> None:
    last, match = _last(reading), _CHOICE.fullmatch(line)
    if not isinstance(last, Ticks) or match is None:
        reading.refuse("a box to tick stands under its question (? words) and has a label")
    choice = Choice(reading.fill(match["label"]), match["column"] or "", match["value"] or "")
    reading.blocks[-1] = Ticks(last.question, (*last.choices, choice), last.one)


def _field(reading: _Reading, line: str) -> None:
    match = _FIELD.fullmatch(line)
    if match is None:
        reading.refuse("a place to write in has a label, and may have <column> and = {value}")
    lines = _LONG if len(match["mark"]) > 2 else 1
    value = reading.fill(match["value"] or "")
    _add(reading, Field(reading.fill(match["label"]), match["column"] or "", value, lines), ends=True)


def _words(reading: _Reading, line: str) -> None:
    broken = line.endswith("\\")
    text = reading.fill(line.rstrip("\\")) + ("\n" if broken else "")
    last = _last(reading)
    if isinstance(last, Paragraph | Notice):
        between = "" if last.text.endswith("\n") else " "
        reading.blocks[-1] = type(last)(last.text + between + text)
    elif isinstance(last, Bullets):
        reading.blocks[-1] = Bullets((*last.items[:-1], f"{last.items[-1]} {text}"))
    elif last is None:
        _add(reading, Paragraph(text))
    else:
        reading.refuse("these words stand between parts of a question or a table; put an empty line before them")
