"""What was found when a finished file was opened again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Surfaces that must not be in a finished file, as plain words with what each is.

    ``entries`` are (surface, category name).  ``ordinary`` are the folded surfaces that are also ordinary words
    (Will, Hope, May): they are judged in place and context instead of being searched for.
    """

    entries: tuple[tuple[str, str], ...]
    ordinary: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Leak:
    """One forbidden surface found again; ``part`` says where in the file, ``category`` what it is.

    The surface itself is for the internal review pack only and is kept out of ``repr``.
    """

    part: str
    category: str
    surface: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The verdict on one file: clean only when it could be read whole and nothing was found."""

    readable: bool
    leaks: Sequence[Leak] = ()

    @property
    def clean(self) -> bool:
        """True when the file may be released."""
        return self.readable and not self.leaks
