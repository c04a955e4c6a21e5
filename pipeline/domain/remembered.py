"""What an organisation taught storysafe: words that are nobody, words that are always somebody, people, other words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.domain.finding import Category, Role


class Lesson(StrEnum):
    """What is done with words wherever they stand."""

    ALLOW = "allow"  # no identifying detail; never overrules the client list
    DENY = "deny"  # always a detail, of the category
    KNOWN = "known"  # a person, with their role
    REPLACE = "replace"  # always told in these other words
    GENERALISE = "generalise"  # always told more broadly
    REMOVE = "remove"  # always taken out


FINDS = frozenset({Lesson.DENY, Lesson.KNOWN})
"""The lessons by which words are found."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One row of the organisation's lists.

    ``category`` is that of a detail, ``None`` for words that are none of any category; ``role`` is a known person's;
    ``instead`` are the other words; ``reason``, ``by`` and ``on`` say why, who and when.
    """

    words: str
    lesson: Lesson
    category: Category | None = None
    role: Role = Role.OTHER
    instead: str = ""
    reason: str = ""
    by: str = ""
    on: date | None = None
