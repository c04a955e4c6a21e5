"""Towns by name: abroad, where a small model may never have seen them, and large ones at home, in any sentence."""

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
    """The names of ``foreign_places.txt`` and ``towns.txt`` in ``models/lists``, in any case, as whole words."""

    pattern: re.Pattern[str]

    @classmethod
    def load(cls, models: Path) -> Gazetteer:
        """Read the lists; raises ``ModelMissing``."""
        shared: _Letters = {}
        for name in (*read_list(models, "foreign_places.txt"), *read_list(models, "towns.txt")):
            at = shared
            for letter in name.lower():
                at = at.setdefault(letter, {})
            at[""] = {}
        return cls(re.compile(rf"\b(?<!duke of ){_expression(shared)}(?!\w)", re.IGNORECASE))

    def find(self, text: str) -> list[Span]:
        """Every mention, as a location."""
        found = self.pattern.finditer(text)
        return [Span(m.start(), m.end(), Category.LOCATION, 0.9, "gazetteer", "TOWN") for m in found]


def _expression(shared: _Letters) -> str:
    """An expression for names by their shared beginnings: it is tried four times as fast as one name after another."""
    ways = [(r"\s+" if letter == " " else re.escape(letter)) + _expression(rest) for letter, rest in shared.items() if letter]
    if not ways:
        return ""
    return f"(?:{'|'.join(ways)}){'?' if '' in shared else ''}"
