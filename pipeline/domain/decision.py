"""What is done with each finding, and why."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.finding import Finding
from pipeline.domain.policy import Treatment


@dataclass(frozen=True, slots=True)
class Decision:
    """The one decision about one finding for one purpose.

    ``start`` and ``end`` are the span that is replaced, at least the finding's own, wider where the words around it
    only served it.  ``replacement`` is the text put there (the original for keep, empty for remove).  ``rule_id``
    and ``clause`` name what decided; ``reason`` says it in words without any personal value.
    """

    finding: Finding
    treatment: Treatment
    start: int
    end: int
    replacement: str
    rule_id: str
    clause: str
    reason: str

    def __post_init__(self) -> None:
        if not (self.start <= self.finding.start and self.finding.end <= self.end):
            raise ValueError("a decision must cover its finding")
        if not self.rule_id:
            raise ValueError("a decision must name the rule that made it")
