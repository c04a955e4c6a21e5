"""Who a name could mean, found by looking up: a long text with thousands of people is not compared name by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_LONG = 5  # letters from which one may be wrong


@dataclass(slots=True)
class Nearby:
    """The numbers of the people so far, under every key by which a later wording can reach them."""

    short_for: Mapping[str, frozenset[str]]
    people: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    keys: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def add(self, number: int, words: Iterable[str], initials: str) -> None:
        """Note a person's words (folded, not empty) and initials."""
        for word in words:
            for key in self._keys_of(word):
                self.people.setdefault(key, set()).add(number)
            self.people.setdefault(("letter", word[0]), set()).add(number)
        for letter in initials:
            self.people.setdefault(("initials", letter), set()).add(number)

    def find(self, words: Iterable[str], initials: str) -> set[int]:
        """Everybody whom a wording of these words and initials could mean."""
        keys = {key for word in words for key in self._sought(word)}
        keys |= {(kind, letter) for letter in initials for kind in ("letter", "initials")}
        return set[int]().union(*(self.people[key] for key in keys if key in self.people))

    def _sought(self, word: str) -> Iterator[tuple[str, str]]:
        yield from self._keys_of(word)
        yield ("lone", word[0])
        yield ("word", word[:-1] if word.endswith("s") else word)
        if len(word) == 1:
            yield ("letter", word)

    def _keys_of(self, word: str) -> tuple[tuple[str, str], ...]:
        if word not in self.keys:
            self.keys[word] = tuple(self._keys(word))
        return self.keys[word]

    def _keys(self, word: str) -> Iterator[tuple[str, str]]:
        """The word, its short forms, its beginning, and itself without each one letter; a lone letter is its own kind."""
        if len(word) == 1:
            yield ("lone", word)
            return
        yield ("word", word)
        for short in self.short_for.get(word, ()):
            yield ("word", short)
        if len(word) >= 3:
            yield ("start", word[:3])
        if len(word) >= _LONG:
            yield ("less", word)
            for at in range(1, len(word)):
                yield ("less", word[:at] + word[at + 1 :])
