"""Files in, stories out: one file a format, told apart by name and content together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain.story import BlockKind, Story
from pipeline.errors import UnreadableFile, UnsupportedFormat
from pipeline.files.fragments import Fragment, assemble
from pipeline.files.labels import stated_reference
from pipeline.files.opening import read_bytes, refuse_ole
from pipeline.sources.email import read_email
from pipeline.sources.grid import Grid
from pipeline.sources.opendocument import read_opendocument
from pipeline.sources.outlook import read_outlook
from pipeline.sources.pdf import read_pdf
from pipeline.sources.rich_text import read_rich_text
from pipeline.sources.spreadsheet import csv_grid, grid_fragments, workbook
from pipeline.sources.text import decode, text_fragments
from pipeline.sources.web import read_web
from pipeline.sources.word import read_word

__all__ = ["SourceFile", "list_sources", "read", "read_whole", "whole_fragments"]

_SKIPPED = frozenset({"thumbs.db", "desktop.ini"})
_TABLES = frozenset({".csv", ".xlsx"})
_WORD = frozenset({".docx", ".docm", ".dotx", ".dotm"})
_RICH_TOO = frozenset({".doc", ".docx"})
_TEXT = frozenset({".txt", ".md", ".text", ".log"})
_WEB = frozenset({".html", ".htm"})
_WITH_ATTACHMENTS = {".eml": read_email, ".msg": read_outlook, ".pdf": read_pdf}
_MAX_ATTACHED = 5
_BEHIND = frozenset({BlockKind.HIDDEN, BlockKind.METADATA})


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input file: where it is, its name relative to what was given, and its place in the sorted list from 1."""

    path: Path
    name: str
    index: int


def list_sources(inputs: Sequence[Path]) -> tuple[SourceFile, ...]:
    """Every file of the given files and folders in an order that does not depend on the order of ``inputs``.

    Hidden files and the lock files of office programs are left out; a file in an unknown format is listed all the
    same, so that it is reported.  Raises ``UnreadableFile`` for an input that is not there.
    """
    found: dict[Path, tuple[str, Path]] = {}
    for given in inputs:
        if given.is_file():
            found.setdefault(given.resolve(), (given.name, given))
        elif given.is_dir():
            for path in given.rglob("*"):
                relative = path.relative_to(given)
                if path.is_file() and not _skip(relative):
                    found.setdefault(path.resolve(), (relative.as_posix(), path))
        else:
            raise UnreadableFile("an input that was given is not there", "Check the names of the files and folders.")
    # Two folders may hold files of one name: the folder's own path then decides, never the order of the arguments.
    ordered = sorted(found.values(), key=lambda item: (item[0], item[1].resolve().as_posix()))
    return tuple(SourceFile(path, name, index) for index, (name, path) in enumerate(ordered, start=1))


def _skip(relative: Path) -> bool:
    if any(part.startswith(".") for part in relative.parts):
        return True
    return relative.name.startswith("~$") or relative.name.lower() in _SKIPPED


def read(source: SourceFile) -> tuple[Story, ...]:
    """The stories of a file: one, or one a client for a table that says whose each row is."""
    data = read_bytes(source.path, source.name)
    suffix = _suffix(source.name)
    story_id = f"story-{source.index:04d}"
    if suffix in _TABLES:
        grids, extras = _table(data, source.name, suffix)
        owners = _owners(grids)
        if len(owners) > 1:
            return tuple(
                _client_story(source, data, f"{story_id}-{number:02d}", grids, extras, owner)
                for number, owner in enumerate(owners, start=1)
            )
        return (_story(source, data, story_id, _all_cells(grids, extras)),)
    return (_story(source, data, story_id, _fragments(data, source.name)),)


def read_whole(source: SourceFile) -> Story:
    """The whole of a file as one story."""
    data = read_bytes(source.path, source.name)
    return _story(source, data, f"story-{source.index:04d}", _fragments(data, source.name))


def whole_fragments(data: bytes, name: str) -> list[Fragment]:
    """The fragments that ``read_whole`` joins, for the writers of copies."""
    return _fragments(data, name)


def _fragments(data: bytes, name: str) -> list[Fragment]:
    found = _by_format(data, name)
    # A file of pictures says something to people and nothing to detection: it fails closed (policy P4).  The Word
    # reader sees its pictures and judges for itself; a blank form without any is no reason to refuse.
    if _suffix(name) not in _WORD and not any(fragment.kind not in _BEHIND and fragment.text.strip() for fragment in found):
        raise UnreadableFile(f"{name}: no text in it that can be read", "If it holds pictures of text, type them out first.")
    return found


def _by_format(data: bytes, name: str) -> list[Fragment]:
    suffix = _suffix(name)
    if suffix in _TABLES:
        grids, extras = _table(data, name, suffix)
        return _all_cells(grids, extras)
    # Word saves Rich Text under its own endings too, and then opens it without a word.
    if suffix == ".rtf" or (suffix in _RICH_TOO and data.lstrip().startswith(b"{\\rtf")):
        return read_rich_text(data, name)
    if suffix in _WORD:
        return read_word(data, name)
    if suffix in _TEXT:
        refuse_ole(data, name)
        return text_fragments(decode(data, name))
    if suffix in _WEB:
        refuse_ole(data, name)
        return read_web(decode(data, name), name)
    if suffix in _WITH_ATTACHMENTS:
        return _WITH_ATTACHMENTS[suffix](data, name, _attached)
    if suffix == ".odt":
        return read_opendocument(data, name)
    raise _unsupported(data, name, suffix)


def _attached(data: bytes, name: str, depth: int = 0) -> list[Fragment]:
    """An attachment's fragments; messages within messages are followed a few steps and then refused."""
    reader = _WITH_ATTACHMENTS.get(_suffix(name))
    if reader is None:
        return _fragments(data, name)
    if depth >= _MAX_ATTACHED:
        raise UnreadableFile(f"{name}: attachments inside attachments", "Save them as files of their own.")
    return reader(data, name, lambda inner, called: _attached(inner, called, depth + 1))


def _unsupported(data: bytes, name: str, suffix: str) -> UnsupportedFormat:
    refuse_ole(data, name)
    if suffix in (".doc", ".xls", ".ppt"):
        return UnsupportedFormat(f"{name}: an old Office format", "Open it in Word or Excel and save it as .docx or .xlsx.")
    return UnsupportedFormat(
        f"{name}: a format that storysafe does not read", "Save it as .docx, .odt, .pdf, .txt, .csv, .xlsx or .eml."
    )


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


def _table(data: bytes, name: str, suffix: str) -> tuple[list[Grid], list[Fragment]]:
    if suffix == ".csv":
        return [csv_grid(data, name)], []
    return workbook(data, name)


def _all_cells(grids: Iterable[Grid], extras: list[Fragment]) -> list[Fragment]:
    return [fragment for grid in grids for fragment in grid_fragments(grid)] + extras


def _owners(grids: Sequence[Grid]) -> list[str]:
    """The clients of a workbook in order of first mention; an empty one stands for rows that name nobody."""
    found: dict[str, None] = {}
    for grid in grids:
        for row in range(len(grid.rows)):
            if grid.header is not None and grid.key is not None and row > grid.header and any(grid.rows[row]):
                found.setdefault(grid.owner(row))
    named = [owner for owner in found if owner]
    return list(found) if len(named) > 1 else named


def _client_story(
    source: SourceFile, data: bytes, story_id: str, grids: Sequence[Grid], extras: list[Fragment], owner: str
) -> Story:
    cells = [fragment for grid in grids for fragment in grid_fragments(grid, frozenset({owner}))]
    theirs = [extra for extra in extras if _concerns(extra, grids, owner)]
    return _story(source, data, story_id, [*cells, *theirs])


def _concerns(extra: Fragment, grids: Sequence[Grid], owner: str) -> bool:
    """Whether a comment, formula or link belongs to a client's rows; what belongs to no row concerns everybody."""
    if not isinstance(extra.anchor, tuple):
        return True
    name, row, _ = extra.anchor
    grid = next((grid for grid in grids if grid.name == name), None)
    if grid is None or not 0 <= row < len(grid.rows) or grid.header is None or row <= grid.header:
        return True
    return grid.owner(row) == owner


def _story(source: SourceFile, data: bytes, story_id: str, fragments: list[Fragment]) -> Story:
    text, blocks = assemble(fragments)
    digest = hashlib.sha256(data).hexdigest()
    return Story(story_id, source.name, digest, text, blocks, stated_reference(fragments))
