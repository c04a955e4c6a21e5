"""How much broader than usual a story's details are told, because the usual would still single somebody out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

AGE_STEPS = 2
"""A decade of life, then a third of a life, then nothing."""

DATE_STEPS = 2
"""A season or quarter, then the year, then nothing."""

PLACE_STEPS = 2
"""An area without its kind, then nothing."""


@dataclass(frozen=True, slots=True)
class Softening:
    """Steps beyond the usual: ``ages`` to :data:`AGE_STEPS`, ``dates`` to :data:`DATE_STEPS`, ``places`` to
    :data:`PLACE_STEPS`; ``origins`` at 1 drops them.  ``steps`` are those that people ask for of single details.

    ``instead`` gives the words for single details by their start in the story; empty words take the detail out with
    its clause.  ``whole`` says where such words begin and end, where that is more than was found.
    """

    ages: int = 0
    dates: int = 0
    origins: int = 0
    instead: Mapping[int, str] = field(default_factory=dict)
    whole: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    places: int = 0
    steps: Mapping[int, int] = field(default_factory=dict)

    def at(self, start: int) -> Softening:
        """What counts for the detail at a place in the story."""
        step = self.steps.get(start, 0)
        return replace(self, ages=max(self.ages, step), dates=max(self.dates, step), places=step) if step else self
