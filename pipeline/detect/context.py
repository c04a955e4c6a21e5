"""Is this ordinary word a name here?  Judged by what stands around it, in mixed, lower and capital writing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from pathlib import Path

from pipeline.errors import ModelMissing
from pipeline.names import Token, read_list, read_words

_STRETCH = 600  # characters


class Writing(IntEnum):
    """How a line is written."""

    MIXED = 0
    LOWER = 1
    CAPITALS = 2


class Evidence(IntEnum):
    """How surely a word is a name where it stands."""

    NONE = 0
    CAPITAL = 1
    STRONG = 2


def _grammar(models: Path) -> dict[str, frozenset[str]]:
    try:
        data = tomllib.loads((models / "lists" / "grammar.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        raise ModelMissing("models/lists/grammar.toml is missing or damaged", "install storysafe again") from None
    return {name: frozenset(words.split()) for name, words in data.items()}


def writing(text: str, position: int) -> Writing:
    """How the line around a position is written; of a very long line, the stretch around it."""
    low = position // _STRETCH * _STRETCH
    start = text.rfind("\n", max(0, low - _STRETCH), position) + 1 or max(0, low - _STRETCH)
    end = text.find("\n", position, low + 2 * _STRETCH)
    return _style(text[start : end if end >= 0 else low + 2 * _STRETCH])


@lru_cache(maxsize=4096)
def _style(line: str) -> Writing:
    upper = sum(map(str.isupper, line))
    lower = sum(map(str.islower, line))
    if upper + lower >= 12 and upper >= 0.7 * (upper + lower):
        return Writing.CAPITALS
    if lower >= 30 and upper <= 0.012 * lower:
        return Writing.LOWER
    return Writing.MIXED


@dataclass(frozen=True, slots=True)
class Words:
    """The lists that tell a name from a word, folded; ``given`` are names that are also words, ``names`` are not."""

    titles: frozenset[str]
    honorifics: frozenset[str]
    kin: frozenset[str]
    verbs: frozenset[str]
    given: frozenset[str]
    names: frozenset[str]
    ordinary: frozenset[str]
    common: frozenset[str]
    acronyms: frozenset[str]
    never: frozenset[str]
    grammar: Mapping[str, frozenset[str]]

    @staticmethod
    def load(models: Path) -> Words:
        """From ``models/lists``.  Raises ``ModelMissing``."""
        common = read_words(models, "common_words.txt")
        return Words(
            titles=read_words(models, "titles.txt"),
            honorifics=frozenset(entry.split()[0] for entry in read_words(models, "honorifics.txt")),
            kin=frozenset(entry.split()[0] for entry in read_words(models, "kin.txt")),
            verbs=read_words(models, "speech_verbs.txt"),
            given=read_words(models, "ordinary_words.txt"),
            names=read_words(models, "given_names.txt"),
            ordinary=read_words(models, "ordinary_words.txt") | common,
            common=common,
            acronyms=frozenset(read_list(models, "acronyms.txt")),
            never=read_words(models, "never.txt") | read_words(models, "countries_kept.txt"),
            grammar=_grammar(models),
        )

    def evidence(self, text: str, words: Sequence[Token], index: int) -> Evidence:
        """How surely the ordinary word at ``index`` is a name."""
        token = words[index]
        before, after, gap = self._neighbours(text, words, index)
        if before is not None and before.fold in self.honorifics:
            return Evidence.STRONG
        if self._calendar(text, token, before, after):
            return Evidence.NONE
        if writing(text, token.start) is not Writing.MIXED:
            return self._by_neighbours(token, before, after)
        if not token.text[0].isupper() or (token.text.isupper() and len(token.text) < 3):
            return Evidence.NONE
        return self._capital(token, before, after, gap)

    def _neighbours(self, text: str, words: Sequence[Token], index: int) -> tuple[Token | None, Token | None, str]:
        """The words directly beside one, within its sentence, and what stands between it and the word before."""
        token = words[index]
        before = words[index - 1] if index else None
        after = words[index + 1] if index + 1 < len(words) else None
        gap = text[before.end : token.start] if before is not None else "\n"
        if after is not None and text[token.end : after.start].strip(" ") not in ("", "'s", "'S"):
            after = None
        if before is not None and gap.strip(" \t"):
            abbreviated = gap.strip(" \t") == "." and before.fold in self.titles
            before = before if abbreviated else None
        return before, after, gap

    def plausible(self, text: str, words: Sequence[Token], index: int) -> bool:
        """For a name known to be in the story: may it be meant here?  No, where the words around read as plain English."""
        token = words[index]
        if token.fold in self.grammar["function_words"] or token.fold in self.grammar["calendar"] - {
            "summer",
            "dawn",
            "eve",
            "april",
            "june",
        }:
            return False
        before, after, _ = self._neighbours(text, words, index)
        if after is not None and after.fold in self.grammar["particles"]:
            return before is not None and before.fold in self.kin
        if writing(text, token.start) is Writing.MIXED:
            return token.text.istitle() and before is None and after is not None and after.text.islower()
        return (
            before is None or before.fold in self.grammar["before_name"] or before.fold in self.kin or before.fold in self.titles
        )

    def _capital(self, token: Token, before: Token | None, after: Token | None, gap: str) -> Evidence:
        followed = after is not None and after.text.islower() and after.fold in self.verbs
        if before is not None and (before.fold in self.kin or before.fold in self.titles):
            return Evidence.STRONG
        if before is None and gap.strip(" \t\r\n\"'*•|>") in ("", ".", "!", "?", ":", "-", ";"):
            if token.fold in self.grammar["modal"]:
                followed = after is not None and after.fold in self.grammar["finite"]
            return Evidence.STRONG if followed or token.possessive else Evidence.NONE
        if followed and not (before is not None and before.text[0].isupper()):
            return Evidence.STRONG
        if before is not None and before.fold in self.grammar["object_of"] and not (after and after.text[0].isupper()):
            return Evidence.STRONG
        if (before is not None and before.text[0].isupper() and before.fold in self.common) or (
            after is not None and after.text[0].isupper() and after.fold in self.common
        ):
            return Evidence.NONE
        return Evidence.CAPITAL

    def _by_neighbours(self, token: Token, before: Token | None, after: Token | None) -> Evidence:
        finite = after is not None and after.fold in self.grammar["finite"]
        if before is not None and before.fold in self.kin:
            return Evidence.STRONG if token.fold not in self.grammar["modal"] or finite or after is None else Evidence.NONE
        if before is not None and before.fold in self.titles:
            return Evidence.STRONG
        if finite and (before is None or before.fold not in self.grammar["not_before"]):
            return (
                Evidence.STRONG
                if before is None or token.fold in self.grammar["modal"] or before.fold not in self.verbs
                else Evidence.CAPITAL
            )
        if before is not None and before.fold in self.grammar["object_of"] - self.grammar["object_of_anything"]:
            return Evidence.STRONG
        if token.possessive and token.fold not in self.grammar["calendar"]:
            return Evidence.STRONG
        return Evidence.NONE

    def _calendar(self, text: str, token: Token, before: Token | None, after: Token | None) -> bool:
        if token.fold not in self.grammar["calendar"]:
            return False
        if (
            before is not None
            and before.fold in self.grammar["time_before"]
            and not (after and after.fold in self.grammar["finite"])
        ):
            return True
        around = text[max(0, token.start - 5) : token.start].rstrip()[-2:] + text[token.end : token.end + 4].strip()[:2]
        return any(mark.isdigit() for mark in around)
