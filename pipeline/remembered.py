"""Remembered: the organisation's own lists applied to what was found; pure functions, with no file in sight.

An allowed word is no detail where nothing but its likeness to one speaks for it.  It lifts nothing that the client list
knows, nothing that identifies alone by what it is (a number, an address), and no name that somebody in the story has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.domain.finding import DIRECT, Category, Finding, Resolution
from pipeline.domain.permission import Purpose
from pipeline.domain.remembered import FINDS, Lesson, Remembered
from pipeline.domain.review import Act, Change
from pipeline.generalise.dates import is_birth
from pipeline.names import fold

DETECTOR = "own-lists"
"""The detector that a finding names when the organisation's lists made it."""

_WORD = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"[\s'’.,&/-]{1,3}")
_SHORTEST = 3
_ACTS = {Lesson.REPLACE: Act.REPLACE, Lesson.GENERALISE: Act.GENERALISE, Lesson.REMOVE: Act.REMOVE}
_NEVER_ALLOWED = DIRECT - {Category.PERSON}
_SURE = frozenset({"client-list", "review", DETECTOR})

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """The words by which entries and details are compared: folded, without what stands between them."""
    return tuple(fold(match.group()) for match in _WORD.finditer(text))


@dataclass(frozen=True, slots=True)
class Taught:
    """The lists, indexed; ``listed`` says whether the client or staff list knows a piece of text.

    ``known`` are the folded words of every client's name: an allowed word among them is asleep.
    """

    known: frozenset[str] = frozenset()
    listed: Callable[[str], bool] = lambda text: False
    _allowed: dict[Words, set[Category | None]] = field(default_factory=dict)
    _sought: dict[str, list[tuple[Words, Category]]] = field(default_factory=dict)
    _people: dict[Words, Remembered] = field(default_factory=dict)
    _said: dict[tuple[Words, Category], Remembered] = field(default_factory=dict)

    @classmethod
    def of(
        cls, entries: Iterable[Remembered], known: frozenset[str] = frozenset(), common: frozenset[str] = frozenset(),
        listed: Callable[[str], bool] = lambda text: False,
    ) -> Taught:  # fmt: skip
        """Index the entries; of a person each name alone is sought too, unless it is a ``common`` word."""
        taught = cls(known, listed)
        for entry in entries:
            words = words_of(entry.words)
            if entry.lesson in FINDS and words:
                taught._seek(words, entry, common)
            elif entry.lesson is Lesson.ALLOW and words and not asleep(entry, known):
                taught._allowed.setdefault(words, set()).add(entry.category)
            elif entry.lesson in _ACTS and words and entry.category is not None:
                taught._said[words, entry.category] = entry
        return taught

    def _seek(self, words: Words, entry: Remembered, common: frozenset[str]) -> None:
        category = Category.PERSON if entry.lesson is Lesson.KNOWN else entry.category or Category.INDIRECT
        alone = [(word,) for word in words if len(word) >= _SHORTEST and word not in common]
        for sought in [words, *(alone if category is Category.PERSON and len(words) > 1 else ())]:
            self._sought.setdefault(sought[0], []).append((sought, category))
        if entry.lesson is Lesson.KNOWN:
            self._people[words] = entry

    def findings(self, text: str, found: Sequence[Finding]) -> tuple[Finding, ...]:
        """What was found, with what the lists seek and without what they allow."""
        kept = [finding for finding in found if not self._lets(text, finding, found)] if self._allowed else list(found)
        for start, end, category in self._mentions(text) if self._sought else ():
            _put(kept, start, end, category)
        return tuple(sorted(kept))

    def changes(self, text: str, findings: Sequence[Finding], purposes: Iterable[Purpose]) -> tuple[Change, ...]:
        """What the lists say of details in other words, as if somebody had changed each of them."""
        if not self._said:
            return ()
        told = [(f, self._said.get((words_of(text[f.start : f.end]), f.category))) for f in findings]
        return tuple(
            Change(_ACTS[entry.lesson], f.start, f.end, entry.by, purpose, None, entry.instead)
            for purpose in purposes for f, entry in told if entry
        )  # fmt: skip

    def roles(self, resolution: Resolution) -> Resolution:
        """The people with the roles that the lists give them; never the person whose story it is, and no client."""
        if not self._people:
            return resolution
        entities = []
        for entity in resolution.entities:
            entry = next((e for s in entity.surfaces if (e := self._people.get(words_of(s)))), None)
            if entry and entity.category is Category.PERSON and not entity.subject and not entity.case_ref:
                entity = replace(entity, role=entry.role)
            entities.append(entity)
        return Resolution(resolution.findings, tuple(entities))

    def _lets(self, text: str, finding: Finding, found: Sequence[Finding]) -> bool:
        surface = text[finding.start : finding.end]
        words = words_of(surface)
        if self._allowed.get(words, set()).isdisjoint({None, finding.category}):
            return False
        if finding.category in _NEVER_ALLOWED or finding.detector in _SURE or self.listed(surface):
            return False
        if finding.category is Category.DATE and is_birth(text, finding):
            return False
        others = (words_of(text[f.start : f.end]) for f in found if f.category is Category.PERSON)
        return not any(other != words and set(other) & set(words) for other in others)

    def _mentions(self, text: str) -> Iterator[tuple[int, int, Category]]:
        matches = list(_WORD.finditer(text))
        folded = [fold(match.group()) for match in matches]
        for at, word in enumerate(folded):
            for sought, category in self._sought.get(word, ()):
                stop = at + len(sought)
                if tuple(folded[at:stop]) == sought and all(
                    _BETWEEN.fullmatch(text, matches[n].end(), matches[n + 1].start()) for n in range(at, stop - 1)
                ):
                    yield matches[at].start(), matches[stop - 1].end(), category


def asleep(entry: Remembered, known: frozenset[str]) -> str:
    """Why an entry does nothing, in words for the page; empty when it is used."""
    if entry.lesson is not Lesson.ALLOW:
        return ""
    if entry.category in _NEVER_ALLOWED:
        return "A number, an address or a contact detail of somebody is never let stand."
    return "A client on the client list has this name." if known & set(words_of(entry.words)) else ""


def _put(found: list[Finding], start: int, end: int, category: Category) -> None:
    """Add what is sought, joined with what it crosses; what covers it is a detail already."""
    crossed = [f for f in found if f.start < end and start < f.end]
    if any(f.start <= start and end <= f.end and (f.start, f.end) != (start, end) for f in crossed):
        return
    if any(f.detector in _SURE for f in crossed):
        # What the client list or a person found keeps its category: a name stays a name.
        category = next(f.category for f in crossed if f.detector in _SURE)
    for each in crossed:
        found.remove(each)
    start, end = min([start, *(f.start for f in crossed)]), max([end, *(f.end for f in crossed)])
    found.append(Finding(start, end, category, 1.0, DETECTOR))
