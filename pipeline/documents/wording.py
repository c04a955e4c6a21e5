"""Reads ``documents.toml``: what the documents say around the stories, and the themes that choose it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn

from pipeline.errors import PolicyError

GENERAL = "general"
_FIELD = re.compile(r"\{([^{}]*)\}")
_FIELDS = frozenset({"organisation", "person", "small", "base", "theme"})


@dataclass(frozen=True, slots=True)
class Headline:
    """A headline with a name to tell the story under (``told``) and without (``plain``)."""

    told: str
    plain: str


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of the stories: the words that show it, and what a training session on it asks, teaches and warns of."""

    name: str
    title: str
    words: re.Pattern[str] | None
    headline: Headline
    warning: str
    questions: tuple[str, ...]
    learning: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """The sentences about change and permission at the end of a story (P19), and what marks a draft.

    ``social`` is the shortest change note; ``picture`` the alternative text for a picture beside a story.
    """

    changed: str
    unchanged: str
    identified: str
    identified_changed: str
    quote: str
    draft: str
    social: str
    picture: str


@dataclass(frozen=True, slots=True)
class Training:
    """What every case study says; ``questions`` and ``learning`` are the most that one holds.

    ``decision_points`` are asked where the story stops; ``cases`` is the most that a workbook binds, ``workbook``
    its title.
    """

    questions: int
    learning: int
    opening_questions: tuple[str, ...]
    decision_points: tuple[str, ...]
    cases: int
    workbook: str
    left_out: str
    ground_rules: tuple[str, ...]
    facilitator: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reporting:
    """The annual return's names for groups, and the cells that are no outcome or no answer."""

    not_recorded: str
    others: str
    no_outcome: str
    not_outcomes: re.Pattern[str]
    not_recorded_words: re.Pattern[str]
    no_totals: re.Pattern[str]
    genders: Mapping[str, str]
    method: tuple[str, ...]
    method_rounded: str
    method_compared: str
    learned: re.Pattern[str]
    method_stories: str
    stories_only: str


@dataclass(frozen=True, slots=True)
class Wording:
    """A whole ``documents.toml``, understood; ``headlines`` are tried in order on the recorded outcome."""

    call_to_action: str
    notes: Notes
    headlines: tuple[tuple[re.Pattern[str], Headline], ...]
    themes: tuple[Theme, ...]
    training: Training
    reporting: Reporting
    permission: Mapping[str, str]
    reasons: Mapping[str, str]

    def themes_in(self, text: str) -> tuple[str, ...]:
        """The names of the themes whose words stand in a source, most often first, then in the order of the file."""
        counts = {t.name: len(t.words.findall(text)) for t in self.themes if t.words}
        return tuple(sorted((name for name in counts if counts[name]), key=lambda name: -counts[name]))

    def chosen(self, names: Iterable[str]) -> tuple[Theme, ...]:
        """The themes of those names, in their order; the general one when none is known."""
        known = {theme.name: theme for theme in self.themes}
        return tuple(known[name] for name in dict.fromkeys(names) if name in known) or (known[GENERAL],)


def load_wording(path: Path) -> Wording:
    """Read ``documents.toml``.

    Raises ``PolicyError`` naming the file and the key that is missing, of the wrong kind, or holds an unknown field.
    """
    try:
        data = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise PolicyError(f"{path.name} cannot be read.", "Check the name and that you may open it.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        at = re.search(r"line (\d+)", str(error))
        where = f", line {at.group(1)}" if at else ""
        raise PolicyError(f"{path.name}{where}: this is not TOML in UTF-8.", "Correct it and run again.") from None
    root = _Table(path.name, "", data)
    review = root.table("review")
    return Wording(
        call_to_action=root.table("publicity").text("call_to_action"),
        notes=_notes(root.table("notes")),
        headlines=tuple((_patterns(t, "outcome"), _headline(t)) for t in root.tables("headline")),
        themes=_themes(root),
        training=_training(root.table("training")),
        reporting=_reporting(root.table("reporting")),
        permission=review.table("permission").words(),
        reasons=review.table("reasons").words(),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    file: str
    name: str
    values: Mapping[str, Any]

    def refuse(self, key: str, problem: str) -> NoReturn:
        raise PolicyError(f"{self.file}: {self.name}{key} {problem}.", "Correct that line and run again.")

    def table(self, key: str) -> _Table:
        value = self.values.get(key)
        if not isinstance(value, dict):
            self.refuse(key, "is missing, or is no table")
        return _Table(self.file, f"{self.name}{key}.", value)

    def tables(self, key: str) -> list[_Table]:
        value = self.values.get(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.refuse(key, f"must be written as [[{key}]]")
        return [_Table(self.file, f"{self.name}{key} {number}: ", item) for number, item in enumerate(value, start=1)]

    def _checked(self, key: str, value: object) -> str:
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, "must be a piece of text" if key in self.values else "is missing")
        unknown = set(_FIELD.findall(value)) - _FIELDS
        if unknown:
            self.refuse(key, "has a {field} that is not one of: " + ", ".join(sorted(_FIELDS)))
        return value.strip()

    def text(self, key: str) -> str:
        return self._checked(key, self.values.get(key))

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        if not isinstance(value, list):
            self.refuse(key, "must be a list of texts")
        return tuple(self._checked(key, item) for item in value)

    def raw(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key)
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            self.refuse(key, "must be a list of texts")
        return tuple(value)

    def whole(self, key: str) -> int:
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 50:
            self.refuse(key, "must be a whole number from 1 to 50")
        return value

    def words(self) -> Mapping[str, str]:
        return MappingProxyType({key: self.text(key) for key in self.values})


def _patterns(table: _Table, key: str, *, whole: bool = False) -> re.Pattern[str]:
    try:
        joined = "|".join(f"(?:{pattern})" for pattern in table.raw(key))
        pattern = re.compile(rf"\s*(?:{joined})\s*" if whole else joined, re.IGNORECASE)
    except (re.error, OverflowError, RecursionError):
        table.refuse(key, "holds a regular expression that cannot be understood")
    if not joined or (not whole and pattern.search("")):
        table.refuse(key, "is empty, or holds a regular expression that matches everything")
    return pattern


def _headline(table: _Table) -> Headline:
    plain = table.text("plain")
    if "{person}" in plain:
        table.refuse("plain", "must do without {person}")
    return Headline(table.text("told"), plain)


def _notes(table: _Table) -> Notes:
    keys = ("changed", "unchanged", "identified", "identified_changed", "quote", "draft", "social", "picture")
    return Notes(*(table.text(key) for key in keys))


def _themes(root: _Table) -> tuple[Theme, ...]:
    themes = []
    for table in root.tables("theme"):
        words = _patterns(table, "words") if table.raw("words") else None
        themes.append(
            Theme(
                table.text("name"), table.text("title"), words, _headline(table), table.text("warning"),
                table.texts("questions"), table.texts("learning"), table.texts("clauses"),
            )
        )  # fmt: skip
    if GENERAL not in {theme.name for theme in themes}:
        root.refuse("theme", f'has none named "{GENERAL}"')
    if len({theme.name for theme in themes}) < len(themes):
        root.refuse("theme", "has two of one name")
    return tuple(themes)


def _training(table: _Table) -> Training:
    return Training(
        table.whole("questions"), table.whole("learning"), table.texts("opening_questions"),
        table.texts("decision_points"), table.whole("cases"), table.text("workbook"), table.text("left_out"),
        table.texts("ground_rules"), table.texts("facilitator"), table.texts("clauses"),
    )  # fmt: skip


def _reporting(table: _Table) -> Reporting:
    return Reporting(
        table.text("not_recorded"), table.text("others"), table.text("no_outcome"),
        _patterns(table, "not_outcomes", whole=True), _patterns(table, "not_recorded_words", whole=True),
        _patterns(table, "no_totals"),
        MappingProxyType({key.casefold(): value for key, value in table.table("genders").words().items()}),
        table.texts("method"), table.text("method_rounded"), table.text("method_compared"),
        _patterns(table, "learned"), table.text("method_stories"), table.text("stories_only"),
    )  # fmt: skip
