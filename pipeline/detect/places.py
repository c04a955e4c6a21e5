"""Towns abroad, by name: a place of origin that a small model may never have seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.detect.found import Span
from pipeline.domain.finding import Category
from pipeline.names import read_list


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The names of ``models/lists/foreign_places.txt``, in any case, as whole words."""

    pattern: re.Pattern[str]

    @classmethod
    def load(cls, models: Path) -> Gazetteer:
        """Read the list; raises ``ModelMissing``."""
        names = sorted(read_list(models, "foreign_places.txt"), key=len, reverse=True)
        joined = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in names)
        return cls(re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE))

    def find(self, text: str) -> list[Span]:
        """Every mention, as a location."""
        found = self.pattern.finditer(text)
        return [Span(m.start(), m.end(), Category.LOCATION, 0.9, "gazetteer", "FOREIGN_PLACE") for m in found]
