"""The grammar of a sentence, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a parsed sentence: its span in the story, its grammatical role and its head's place in the list."""

    start: int
    end: int
    head: int
    role: str
