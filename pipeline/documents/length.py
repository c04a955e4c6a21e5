"""A telling cut to a length: whole sentences, the best of every part first, told in the order of the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipeline.documents.prose import showable
from pipeline.domain.telling import Part, Passage, Telling

_FIGURE = re.compile(r"[£$€]\s?\d|\d")
_HANGS_ON = re.compile(r"(?:and|but|so|then|this|that|these|those|it|they|there|also|both)\b", re.IGNORECASE)
_COMFORTABLE = range(6, 36)  # words: short enough to be read at a glance, long enough to say something
_ORDER = (Part.OUTCOME, Part.SITUATION, Part.SUPPORT, Part.QUOTE)


def word_count(text: str) -> int:
    """How many words a reader would count."""
    return len(text.split())


def best_first(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The sentences that say most on their own first: a figure, a comfortable length, no word that leans on another."""
    return tuple(sorted(passages, key=lambda passage: -_worth(passage.text)))


def _worth(text: str) -> float:
    return 2 * bool(_FIGURE.search(text)) + (word_count(text) in _COMFORTABLE) - 1.5 * bool(_HANGS_ON.match(text))


def cut(telling: Telling, words: int) -> Telling:
    """The telling in about ``words`` words; the best sentence of every part is kept even when that is more.

    The situation keeps its first sentence, since that says who the story is about.
    """
    shown = showable(telling)
    if sum(word_count(passage.text) for passage in shown) <= words:
        return telling
    chosen: set[int] = set()
    left = words
    for number, passage in _by_worth(shown):
        first = not any(shown[other].part is passage.part for other in chosen)
        if first or word_count(passage.text) <= left:
            chosen.add(number)
            left -= word_count(passage.text)
    return replace(telling, passages=tuple(passage for number, passage in enumerate(shown) if number in chosen))


def _by_worth(shown: Sequence[Passage]) -> list[tuple[int, Passage]]:
    """Every sentence with its number: the best of each part, then the second best of each, and so on."""
    ranked: dict[Part, list[tuple[int, Passage]]] = {}
    for part in _ORDER:
        own = [(number, passage) for number, passage in enumerate(shown) if passage.part is part]
        ranked[part] = sorted(own, key=lambda pair: -_worth(pair[1].text))
        if part is Part.SITUATION and own:
            ranked[part] = [own[0], *(pair for pair in ranked[part] if pair != own[0])]
    longest = max(map(len, ranked.values()), default=0)
    return [ranked[part][place] for place in range(longest) for part in _ORDER if place < len(ranked[part])]
