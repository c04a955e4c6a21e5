"""One wording of a person, taken apart: title, first names, last name, initials."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.domain.finding import Gender
from pipeline.names import Token, tokens
from pipeline.resolve.register import Lexicon

_CELL_BEFORE = re.compile(r"(?:^|[;,|\t\n])[ ]?$")
_CELL_AFTER = re.compile(r"[ ]?(?:[;,|\t\n]|$)")
_LAST_LABEL = re.compile(r"(?:sur|last|family)\s?name\W*$", re.IGNORECASE)
_FIRST_LABEL = re.compile(r"(?:fore|first|given|christian)\s?names?\W*$", re.IGNORECASE)

_EPITHETS = frozenset("young old little big lil wee poor dear lovely".split())
_ENDEARMENTS = frozenset("love dear pet mate hun duck darling lass lad pal".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A person's name where it stands: ``[start, end)`` of the story.

    ``first`` and ``last`` are folded words, empty when the wording does not show them; ``single`` is the one word of
    a name that could be either; ``nick`` stands in quotes or brackets; ``initials`` are capitals only;
    ``alone`` says that initials fill a cell or column by themselves.
    """

    start: int
    end: int
    text: str
    gender: Gender = Gender.UNKNOWN
    title: str = ""
    first: str = ""
    middle: tuple[str, ...] = ()
    last: str = ""
    single: str = ""
    nick: str = ""
    initials: str = ""
    plural: bool = False
    alone: bool = False


@lru_cache(maxsize=4096)  # what stands in a text stays, whatever else is found there from click to click of a review
def parse(start: int, end: int, story_text: str, lexicon: Lexicon) -> Mention:
    """Take a person finding's wording apart, with the label before it when it stands in a form."""
    text = story_text[start:end]
    words = list(tokens(text))
    title, gender, words = _titles(words, lexicon)
    base = Mention(start, end, text, gender, title)
    words = _bare(words)
    if not words:
        return _with(base, single=title)
    before = story_text[max(0, start - 40) : start].rsplit("\n", 1)[-1]
    letters = [word for word in words if len(word.text) == 1 or _dotted(text, word)]
    if len(letters) == len(words) or (len(words) == 1 and _capital_pair(words[0], title, story_text, start)):
        if not title:
            alone = bool(
                _CELL_BEFORE.search(story_text[max(0, start - 3) : start]) and _CELL_AFTER.match(story_text[end : end + 3])
            )
            return _with(base, initials="".join(word.fold for word in words), alone=alone)
        if len(words) == 1:
            return _with(base, initials="", last=words[0].fold)
    quoted = next((word for word in words if _quoted(text, word)), None)
    if quoted is not None and len(words) > 1:
        words = [word for word in words if word is not quoted]
        base = _with(base, nick=quoted.fold)
    if len(words) == 1:
        return _one_word(base, words[0], before, title)
    if _LAST_LABEL.search(before):
        return _with(base, last=words[-1].fold)
    if _FIRST_LABEL.search(before):
        return _with(base, first=words[0].fold, middle=tuple(word.fold for word in words[1:]))
    return _several(base, words, text)


def _bare(words: list[Token]) -> list[Token]:
    """Without what is said with a name and is none: "Young Jaz", "Keisha love"."""
    while len(words) > 1 and words[0].fold in _EPITHETS:
        words = words[1:]
    while len(words) > 1 and words[-1].text.islower() and words[-1].fold in _ENDEARMENTS and words[0].text[0].isupper():
        words = words[:-1]
    return words


def _several(base: Mention, words: list[Token], text: str) -> Mention:
    folded = [word.fold for word in words]
    comma = text.find(",")
    if comma > 0:
        head = [word.fold for word in words if word.end <= comma]
        rest = [word.fold for word in words if word.start > comma]
        if head and rest:
            return _with(base, first=rest[0], middle=tuple(rest[1:]), last=head[-1])
    surname_first = words[0].text.isupper() and len(words[0].text) > 2 and not words[-1].text.isupper()
    if surname_first and len(words[-1].text) > 1:
        return _with(base, first=folded[1], middle=tuple(folded[2:]), last=folded[0])
    return _with(base, first=folded[0], middle=tuple(folded[1:-1]), last=folded[-1])


def _one_word(base: Mention, word: Token, before: str, title: str) -> Mention:
    if title or _LAST_LABEL.search(before):
        return _with(base, last=word.fold)
    if _FIRST_LABEL.search(before):
        return _with(base, first=word.fold)
    return _with(base, single=word.fold, plural=base.text.lower().startswith(("the ", "2 ", "two ")))


def _titles(words: list[Token], lexicon: Lexicon) -> tuple[str, Gender, list[Token]]:
    title, gender = "", Gender.UNKNOWN
    kept = list(words)
    while len(kept) > 1 and kept[0].fold in lexicon.titles and len(kept[1].fold) > 1 - (kept[0].fold in lexicon.honorifics):
        word = kept.pop(0).fold
        title = title or word
        if word in lexicon.honorifics:
            gender = lexicon.honorifics[word] if gender is Gender.UNKNOWN else gender
        elif word in lexicon.kin:
            gender = lexicon.kin[word][0]
    if kept and kept[0].fold == "the" and len(kept) > 1:
        kept.pop(0)
    if title in lexicon.kin and title not in lexicon.honorifics and len(kept) == 1:
        return "", gender, kept  # "Nan Carol": Carol is a first name
    late = [word for word in kept[1:] if word.fold in lexicon.honorifics]
    if late and len(kept) > len(late):
        title, gender = late[0].fold, lexicon.honorifics[late[0].fold]
        kept = [word for word in kept if word not in late]
    return title, gender, kept


def _capital_pair(word: Token, title: str, story_text: str, start: int) -> bool:
    if title or not word.text.isupper() or len(word.text) > 3:
        return False
    line = story_text[max(0, start - 400) : start].rsplit("\n", 1)[-1] + story_text[start : start + 60].split("\n", 1)[0]
    return len(word.text) <= 2 or any(mark.islower() for mark in line)


def _dotted(text: str, word: Token) -> bool:
    return len(word.text) == 1 and word.text.isalpha()


def _quoted(text: str, word: Token) -> bool:
    return word.start > 0 and text[word.start - 1] in "\"'“‘(" and word.end < len(text) and text[word.end] in "\"'”’)"


def _with(mention: Mention, **changes: object) -> Mention:
    return replace(mention, **changes)  # type: ignore[arg-type]
