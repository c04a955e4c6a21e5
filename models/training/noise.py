"""Noise that leaves the labels true: case, punctuation, spelling, spacing and line breaks of a filled passage."""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from random import Random

from models.training.lexicon import WORDS
from models.training.passages import Segment

_QUOTES = str.maketrans({"'": "’", '"': "”"})
_CASED = {"PERSON", "LOCATION", "ORGANISATION", "ADDRESS", "INDIRECT"}


def add_noise(rng: Random, segments: list[Segment], style: str) -> list[Segment]:
    """A passage as another worker would have typed it."""
    for probability, change in _changes(style):
        if rng.random() < probability:
            segments = change(rng, segments)
    return segments


def _changes(style: str) -> list[tuple[float, Callable[[Random, list[Segment]], list[Segment]]]]:
    cased = style not in {"lower", "caps"}
    return [
        (0.6, _swap_words),
        (0.5, _other_digits),
        (0.12 if style == "email" else 0.05, _rewrap),
        (0.06, _unwrap),
        (0.35, _typos),
        (0.12, _no_apostrophes),
        (0.10, _curly),
        (0.06, _no_stops),
        (0.08, _loose_spaces),
        (0.07 if cased else 0.0, _lower_names),
        (0.05 if cased else 0.0, _upper_names),
        (0.0 if style == "caps" else 0.25 if style != "lower" else 1.0, _lower),
        (0.12 if cased else 1.0 if style == "caps" else 0.0, _upper),
    ]


def _each(segments: list[Segment], change: Callable[[str], str], only: set[str] | None = None) -> list[Segment]:
    """Apply a change to every segment, or only to those of some categories."""
    return [(change(text) if only is None or category in only else text, category) for text, category in segments]


@cache
def _swaps() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    """Each word that may be swapped -> its group, and a pattern that finds them."""
    groups = [tuple(text.split(" | ")) for text in tomllib.loads((WORDS / "swaps.toml").read_text(encoding="utf-8")).values()]
    table = {word.lower(): group for group in groups for word in group}
    longest_first = sorted(table, key=len, reverse=True)
    return table, re.compile(rf"(?<![\w'])(?:{'|'.join(map(re.escape, longest_first))})(?![\w'])", re.IGNORECASE)


def _swap_words(rng: Random, segments: list[Segment]) -> list[Segment]:
    """Other drugs, bodies, abbreviations, months... in their places; one that is lower case though its group is not stays."""
    table, pattern = _swaps()
    rate = rng.choice([0.2, 0.5, 0.8])

    def other(found: re.Match[str]) -> str:
        word = found.group()
        group = table[word.lower()]
        if rng.random() > rate or (word.islower() and word not in group) or len(word) < 2:
            return word
        new = rng.choice(group)
        return (
            new.upper() if word.isupper() and len(word) > 4 else new.capitalize() if word[0].isupper() and new.islower() else new
        )

    return _each_literal(segments, lambda text: pattern.sub(other, text))


def _other_digits(rng: Random, segments: list[Segment]) -> list[Segment]:
    """Other amounts, scores and times of as many digits; a figure of one digit and a year stay."""

    def other(found: re.Match[str]) -> str:
        number = found.group()
        if number.startswith(("19", "20")) and len(number) == 4:
            return f"20{rng.randint(5, 26):02}"
        return str(rng.randint(10 ** (len(number) - 1), 10 ** len(number) - 1)) if rng.random() < 0.5 else number

    return _each_literal(segments, lambda text: re.sub(r"(?<![\w.:/])\d{2,6}(?![\w:/-]|\.\d)", other, text))


def _lower(_: Random, segments: list[Segment]) -> list[Segment]:
    return _each(segments, str.lower)


def _upper(_: Random, segments: list[Segment]) -> list[Segment]:
    return _each(segments, lambda text: text.upper() if len(text.upper()) == len(text) else text)


def _lower_names(_: Random, segments: list[Segment]) -> list[Segment]:
    return _each(segments, str.lower, _CASED)


def _upper_names(rng: Random, segments: list[Segment]) -> list[Segment]:
    chosen = {rng.choice(sorted(_CASED)), "PERSON"}
    return _each(segments, str.upper, chosen)


def _curly(_: Random, segments: list[Segment]) -> list[Segment]:
    return _each(segments, lambda text: text.translate(_QUOTES))


def _no_apostrophes(_: Random, segments: list[Segment]) -> list[Segment]:
    """Drop apostrophes; the s of a possessive then belongs to the name ("arjans")."""
    changed: list[Segment] = []
    for text, category in segments:
        if category is None and changed and changed[-1][1] == "PERSON" and text.startswith(("'s ", "’s ")):
            changed[-1] = (changed[-1][0] + "s", "PERSON")
            text = text[2:]
        if category is None:
            text = re.sub(r"(?<=[a-zA-Z])['’](?=[a-z])", "", text)
        changed.append((text, category))
    return changed


def _no_stops(_: Random, segments: list[Segment]) -> list[Segment]:
    return _each_literal(segments, lambda text: re.sub(r"[.,](?= )", "", text))


def _each_literal(segments: list[Segment], change: Callable[[str], str]) -> list[Segment]:
    return [(change(text) if category is None else text, category) for text, category in segments]


def _loose_spaces(rng: Random, segments: list[Segment]) -> list[Segment]:
    style = rng.randrange(4)
    changes: list[Callable[[str], str]] = [
        lambda text: re.sub(r"(?<=[.,]) ", "  ", text),
        lambda text: re.sub(r"(?<=[a-z][.,]) (?=[A-Za-z])", lambda m: "" if rng.random() < 0.4 else " ", text),
        lambda text: re.sub(r" ", lambda m: "  " if rng.random() < 0.05 else " ", text),
        lambda text: re.sub(r"(?<=:) ", rng.choice(["\t", "", "   "]), text),
    ]
    return _each_literal(segments, changes[style])


def _rewrap(rng: Random, segments: list[Segment]) -> list[Segment]:
    """Hard line breaks at a width, in names and phrases too."""
    width, column, wrapped = rng.randint(38, 90), 0, []
    for text, category in segments:
        out = []
        for char in text:
            column = 0 if char == "\n" else column + 1
            if char == " " and column > width:
                char, column = "\n", 0
            out.append(char)
        wrapped.append(("".join(out), category))
    return wrapped


def _unwrap(_: Random, segments: list[Segment]) -> list[Segment]:
    return _each_literal(segments, lambda text: re.sub(r"\n+", " ", text))


def _typos(rng: Random, segments: list[Segment]) -> list[Segment]:
    rate = rng.choice([0.005, 0.01, 0.02, 0.04])

    def change(text: str) -> str:
        return re.sub(r"[A-Za-z]{4,}", lambda m: _misspell(rng, m.group()) if rng.random() < rate else m.group(), text)

    named = _each(
        segments, lambda text: change(text) if rng.random() < 0.2 else text, {"PERSON", "LOCATION", "ORGANISATION", "INDIRECT"}
    )
    return _each_literal(named, change)


def _misspell(rng: Random, word: str) -> str:
    at = rng.randrange(1, len(word) - 1)
    return rng.choice(
        [
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + rng.choice("aeiourstnl") + word[at + 1 :],
        ]
    )
