"""How much broader than usual a story's details are told, because the usual would still single somebody out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

AGE_STEPS = 2
"""A decade of life, then a third of a life, then nothing."""

DATE_STEPS = 2
"""A season or quarter, then the year, then nothing."""


@dataclass(frozen=True, slots=True)
class Softening:
    """Steps beyond the usual: ``ages`` to :data:`AGE_STEPS`, ``dates`` to :data:`DATE_STEPS`; ``origins`` at 1 drops them.

    ``instead`` gives the words for single details by their start in the story; empty words take the detail out with
    its clause.
    """

    ages: int = 0
    dates: int = 0
    origins: int = 0
    instead: Mapping[int, str] = field(default_factory=dict)
