"""The place where a detail stands, and the words around it that served only that detail."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_NEAR = 400  # characters on either side that can say anything about a detail; a block may be a whole file
_SENTENCE_START = re.compile(r"(?:^|[.!?][\"'”’)]*\s+|\n\s*(?:[-*•]\s+)?)[\"'“‘(]?$")


@dataclass(frozen=True, slots=True)
class Change:
    """Put ``text`` in place of ``[start, end)``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Site:
    """A span of a story, seen with the rest of its block (``low`` to ``high``).

    It may be widened as far as ``left`` and ``right``: the details on either side have changes of their own.
    """

    story: str
    start: int
    end: int
    low: int
    high: int
    left: int
    right: int

    @property
    def surface(self) -> str:
        """The detail as it is written."""
        return self.story[self.start : self.end]

    @property
    def before(self) -> str:
        """The block up to the detail."""
        return self.story[self._from : self.start]

    @property
    def _from(self) -> int:
        return max(self.low, self.start - _NEAR)

    @property
    def after(self) -> str:
        """The block behind the detail."""
        return self.story[self.end : min(self.high, self.end + _NEAR)]

    def starts_sentence(self) -> bool:
        """True where a replacement wants a capital."""
        return bool(_SENTENCE_START.search(self.before))

    def is_spoken(self) -> bool:
        """True inside somebody's quoted words."""
        line = self.before.rsplit("\n", 1)[-1]
        return line.count('"') % 2 == 1 or line.rfind("“") > line.rfind("”")

    def in_capitals(self) -> bool:
        """True when the line around the detail is written in capitals."""
        line = self.before.rsplit("\n", 1)[-1] + self.after.split("\n", 1)[0]
        letters = sum(map(str.isalpha, line))
        return letters >= 4 and sum(map(str.isupper, line)) > 0.8 * letters

    def eat_before(self, pattern: re.Pattern[str]) -> Site:
        """Widened to the left over what ``pattern`` (anchored with ``$``) matches."""
        match = pattern.search(self.before)
        if not match or not match.group():
            return self
        return replace(self, start=min(self.start, max(self.left, self._from + match.start())))

    def eat_after(self, pattern: re.Pattern[str]) -> Site:
        """Widened to the right over what ``pattern`` matches at once."""
        match = pattern.match(self.after)
        return replace(self, end=max(self.end, min(self.right, self.end + match.end()))) if match else self

    def becomes(self, text: str) -> Change:
        """Replaced by ``text``, in the capitals that the place wants."""
        if text and self.in_capitals():
            text = text.upper()
        elif text and self.starts_sentence():
            text = text[0].upper() + text[1:]
        return Change(self.start, self.end, text)


def compile_words(words: str | list[str], tail: str = "") -> re.Pattern[str]:
    """One case-blind pattern for a list of words, the longest first."""
    items = words.split() if isinstance(words, str) else words
    joined = "|".join(sorted((w.replace("-", "[- ]?") for w in items), key=len, reverse=True))
    return re.compile(rf"\b(?:{joined})\b{tail}", re.IGNORECASE)
