"""How a policy's cues are read: regular expressions that forgive case, line ends and curly quotation marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# One character for one character, so that offsets into the folded text are offsets into the text.
_FOLD = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\u00a0": " ",
        "\u202f": " ",
        "\t": " ",
        "\r": " ",
    }
)
# A space of a cue: spaces and at most one line end, never the gap between paragraphs.
_SPACE = r"(?: +\n? *|\n *)"


def fold(text: str) -> str:
    """The text as cues see it: plain quotation marks, hyphens and spaces, and of the same length."""
    return text.translate(_FOLD)


@lru_cache(maxsize=2048)
def compile_cue(cue: str) -> re.Pattern[str]:
    """The pattern of one cue; its spaces match any run of spaces or a line end, ``\\w`` an apostrophe too.

    Raises ``re.error`` when it is not a regular expression.
    """
    out: list[str] = []
    in_class = False
    at = 0
    while at < len(cue):
        char = cue[at]
        if char == "\\":
            pair = cue[at : at + 2]
            # A word of a note may hold an apostrophe: "her husband's tablets", "don't".
            out.append("[\\w']" if pair == r"\w" and not in_class else pair)
            at += 2
            continue
        if char == "[" and not in_class:
            in_class = True
        elif char == "]" and in_class:
            in_class = False
        if char == " " and in_class:
            char = " \n"
        elif char == " " and not _in_lookbehind(cue, at):
            # Not in a lookbehind, which needs a fixed width.
            char = _SPACE
        out.append(char)
        at += 1
    return re.compile("".join(out), re.IGNORECASE)


def _in_lookbehind(cue: str, at: int) -> bool:
    start = max(cue.rfind("(?<!", 0, at), cue.rfind("(?<=", 0, at))
    return start >= 0 and cue.find(")", start) > at


@dataclass(frozen=True, slots=True)
class CueSet:
    """Cues of one kind, to be counted in sentences."""

    cues: tuple[str, ...]

    def count(self, text: str) -> int:
        """How many times any of them matches."""
        return sum(1 for _ in find_cues(text, self.cues))

    def found(self, text: str) -> bool:
        """Whether any of them matches."""
        return any(True for _ in find_cues(text, self.cues))


def find_cues(text: str, cues: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the cues match, as ``(start, end)`` into ``text``, cue by cue."""
    folded = fold(text)
    for cue in cues:
        for match in compile_cue(cue).finditer(folded):
            if match.end() > match.start():
                yield match.start(), match.end()
