"""Stable, unlinkable stand-in names: one person, one surrogate, for one purpose of one story (P18)."""

from __future__ import annotations

import hashlib
import hmac
import string
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline.domain.finding import Category, Entity, Gender
from pipeline.domain.permission import Purpose
from pipeline.names import fold

_PURPOSES = tuple(Purpose)


@dataclass(frozen=True, slots=True)
class NameLists:
    """Surrogate forenames by gender, each spelling in one list only."""

    female: tuple[str, ...]
    male: tuple[str, ...]
    either: tuple[str, ...]

    @classmethod
    def load(cls, path: Path) -> NameLists:
        """Read ``surrogates.toml``; a name in two lists belongs to ``either``."""
        lists = {key: value.split() for key, value in tomllib.loads(path.read_text("utf-8")).items()}
        either = dict.fromkeys(lists["either"])
        either.update(dict.fromkeys(name for name in lists["female"] if name in set(lists["male"])))
        pick = {key: tuple(dict.fromkeys(n for n in lists[key] if n not in either)) for key in ("female", "male")}
        return cls(pick["female"], pick["male"], tuple(either))

    def all(self) -> frozenset[str]:
        """Every name, folded."""
        return frozenset(map(fold, (*self.female, *self.male, *self.either)))

    def without(self, taken: Iterable[str]) -> NameLists:
        """The lists less every name whose folded form is in ``taken``."""
        gone = frozenset(taken)
        return NameLists(*(tuple(n for n in names if fold(n) not in gone) for names in self._lists()))

    def _lists(self) -> tuple[tuple[str, ...], ...]:
        return (self.female, self.male, self.either)

    def fitting(self, gender: Gender) -> tuple[str, ...]:
        """Names that suit a gender; for an unknown one those that tell nothing."""
        return {Gender.FEMALE: self.female, Gender.MALE: self.male}.get(gender, self.either)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a surrogate is keyed by: another secret, story or purpose gives another name.

    ``story`` is a digest of the story (or, where the policy widens the scope, the case), never shown.  ``widened``
    makes all purposes share their surrogates.
    """

    secret: bytes
    story: str
    purpose: Purpose
    widened: bool = False

    def shuffled(self, names: tuple[str, ...]) -> Sequence[str]:
        """The names in an order that only the secret and the story determine, and of them this purpose's share.

        Purposes take turns in one order, so two documents of one story can never meet in a name.
        """
        order = _ordered(self.secret, self.story, names)
        return order if self.widened else order[_PURPOSES.index(self.purpose) :: len(_PURPOSES)]


@lru_cache(maxsize=32)  # a story is told for each purpose, and again after every click of a review
def _ordered(secret: bytes, story: str, names: tuple[str, ...]) -> tuple[str, ...]:
    key = hashlib.sha256(secret + story.encode()).digest()
    return tuple(sorted(names, key=lambda name: hmac.new(key, name.encode(), hashlib.sha256).digest()))


def assign(entities: Iterable[Entity], names: NameLists, scope: Scope) -> dict[str, str]:
    """A surrogate for every person: no two alike, none that begins like another where that can be helped.

    ``names`` must already be without anyone of the corpus and the client list.  When they run out, people are called
    by letters ("Person A"), which is plain but safe.
    """
    queues = {gender: scope.shuffled(names.fitting(gender)) for gender in Gender}
    given: dict[str, str] = {}
    taken, initials = set[str](), set[str]()
    for entity in entities:
        if entity.category is not Category.PERSON:
            continue
        queue = [name for name in queues[entity.gender] if name not in taken]
        fresh = (name for name in queue if name[0] not in initials)
        name = next(fresh, queue[0] if queue else letter("Person", len(given)))
        given[entity.entity_id] = name
        taken.add(name)
        initials.add(name[0])
    return given


def letter(word: str, index: int) -> str:
    """Client A, Client B, ... Client Z, Client AA: a word and a letter, counted from 0."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = string.ascii_uppercase[rest] + letters
    return f"{word} {letters}"
