"""Towns abroad, by name: a place of origin that a small model may never have seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.detect.found import Span
from pipeline.domain.finding import Category
from pipeline.names import read_list

_Letters = dict[str, "_Letters"]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of ``models/lists/foreign_places.txt``, in any case, as whole words."""

    pattern: re.Pattern[str]

    @classmethod
    def load(cls, models: Path) -> Gazetteer:
        """Read the list; raises ``ModelMissing``."""
        shared: _Letters = {}
        for name in read_list(models, "foreign_places.txt"):
            at = shared
            for letter in name.lower():
                at = at.setdefault(letter, {})
            at[""] = {}
        return cls(re.compile(rf"\b{_expression(shared)}(?!\w)", re.IGNORECASE))

    def find(self, text: str) -> list[Span]:
        """Every mention, as a location."""
        found = self.pattern.finditer(text)
        return [Span(m.start(), m.end(), Category.LOCATION, 0.9, "gazetteer", "FOREIGN_PLACE") for m in found]


def _expression(shared: _Letters) -> str:
    """An expression for names by their shared beginnings: it is tried four times as fast as one name after another."""
    ways = [(r"\s+" if letter == " " else re.escape(letter)) + _expression(rest) for letter, rest in shared.items() if letter]
    if not ways:
        return ""
    return f"(?:{'|'.join(ways)}){'?' if '' in shared else ''}"
