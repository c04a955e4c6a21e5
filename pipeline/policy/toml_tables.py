"""A TOML file as tables that know their lines, so that whatever cannot be understood is named by file and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from pipeline.errors import PolicyError
from pipeline.policy.cues import compile_cue

_E = TypeVar("_E", bound=StrEnum)

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_-]+)\s*\]\]?")
_KEY = re.compile(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""")
_TOML_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file with the lines it stands on, so that an error can say where."""

    path: Path
    name: str
    line: int
    values: Mapping[str, Any]
    lines: tuple[tuple[int, str], ...]

    def line_of(self, key: str, text: str = "") -> int:
        """The line of ``key``, or of ``text`` in its value; the table's own line when it is not there."""
        found = 0
        for number, line in self.lines:
            match = _KEY.match(line)
            if match and match.group(1) == key:
                found = number
            if found and text and (f"'{text}'" in line or f'"{text}"' in line):
                return number
        return found or self.line

    def refuse(self, key: str, problem: str, text: str = "") -> NoReturn:
        """Raise the error that names file, line and key."""
        refuse(self.path, self.line_of(key, text), f"{self.name}.{key} {problem}")

    def only(self, *keys: str) -> None:
        """Refuse a key that the table does not know: a misspelt rule must not be silently without effect."""
        for key in self.values:
            if key not in keys:
                self.refuse(key, "is not a key that this table knows; it knows " + ", ".join(keys))

    def text(self, key: str, default: str | None = None) -> str:
        """A piece of text; required when there is no default."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.refuse(key, "must be a piece of text" if key in self.values else "is missing")
        return value.strip()

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty when the key is not there."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.refuse(key, 'must be a list of texts, such as ["one", "two"]')
        return tuple(item.strip() for item in value)

    def day(self, key: str) -> date:
        """A date."""
        value = self.values.get(key)
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                value = None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse(key, "must be a date written as 2026-03-31")
        return value

    def number(self, key: str, low: float, high: float, *, whole: bool = True) -> float:
        """A number within bounds."""
        value = self.values.get(key)
        kinds = (int,) if whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
            self.refuse(key, f"must be a {'whole ' if whole else ''}number from {low:g} to {high:g}")
        return value

    def choice(self, key: str, kind: type[_E]) -> _E:
        """One of the words of ``kind``."""
        value = self.text(key)
        try:
            return kind(value)
        except ValueError:
            self.refuse(key, f"is not one of: {', '.join(kind)}")

    def cues(self, key: str) -> tuple[str, ...]:
        """Regular expressions that compile and cannot match nothing at all."""
        cues = self.texts(key)
        for cue in cues:
            try:
                empty = compile_cue(cue).search("") is not None
            except (re.error, OverflowError, RecursionError):
                self.refuse(key, "holds a regular expression that cannot be understood", cue)
            if empty:
                self.refuse(key, "holds a regular expression that matches everything", cue)
        return cues


def refuse(path: Path, line: int, problem: str) -> NoReturn:
    """Raise the error about one line of a file."""
    raise PolicyError(f"{path.name}, line {line}: {problem}.", "Correct that line and run again.")


def single(path: Path, tables: Mapping[str, Sequence[Table]], name: str) -> Table:
    """The one table of that name; an error when it is missing."""
    if not tables.get(name):
        refuse(path, 1, f"the table [{name}] is missing")
    return tables[name][0]


def known_tables(path: Path, tables: Mapping[str, Sequence[Table]], known: Sequence[str]) -> None:
    """Refuse a table that nobody knows, or a second one of a name that stands once."""
    for name, found in tables.items():
        if name not in known:
            refuse(path, found[0].line, "this table is not one of: " + ", ".join(known))
        if len(found) > 1 and name not in ("rule", "limit"):
            refuse(path, found[1].line, f"[{name}] must stand there once")


def read_tables(path: Path) -> Mapping[str, Sequence[Table]]:
    """Every table of a TOML file by its name, in order.  Raises ``PolicyError``."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(text)
    except OSError as error:
        raise PolicyError(f"{path.name} cannot be read.", "Check the name and that you may open it.") from error
    except UnicodeDecodeError as error:
        raise PolicyError(f"{path.name} is not written in UTF-8.", "Save it again as UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        at = _TOML_LINE.search(str(error))
        line = int(at.group(1)) if at else text.count("\n") + 1
        # Not chained: the parser's own words can quote the file.
        raise PolicyError(f"{path.name}, line {line}: this is not TOML.", "Correct that line and run again.") from None
    return _tables(path, text, data)


def _tables(path: Path, text: str, data: Mapping[str, Any]) -> Mapping[str, Sequence[Table]]:
    """Tables by name with their lines; tomllib keeps values only, so the headers are counted in the text."""
    stretches: dict[str, list[list[tuple[int, str]]]] = {}
    current = stretches.setdefault("", [[]])[0]
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header and header.group(2) in data:
            current = []
            stretches.setdefault(header.group(2), []).append(current)
        current.append((number, line))
    tables: dict[str, list[Table]] = {}
    for name, value in data.items():
        values = value if isinstance(value, list) else [value]
        places = stretches.get(name, [])
        for index, item in enumerate(values):
            lines = tuple(places[index]) if index < len(places) else ()
            at = lines[0][0] if lines else _loose_line(stretches[""][0], name)
            if not isinstance(item, dict):
                refuse(path, at, "this stands outside of every table")
            tables.setdefault(name, []).append(Table(path, name, at, item, lines))
    return tables


def _loose_line(lines: Sequence[tuple[int, str]], key: str) -> int:
    return next((n for n, line in lines if (m := _KEY.match(line)) and m.group(1) == key), 1)
