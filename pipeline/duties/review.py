"""When the policy is due for review (P30)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.domain.policy import Policy

SOON = 90  # days


@dataclass(frozen=True, slots=True)
class Due:
    """Something that has a day: ``days`` until then, negative when it has passed."""

    what: str
    day: date
    days: int

    @property
    def overdue(self) -> bool:
        """True when the day has passed."""
        return self.days < 0

    @property
    def soon(self) -> bool:
        """True when the day is near enough to prepare for."""
        return 0 <= self.days <= SOON


def due(policy: Policy, on: date) -> tuple[Due, ...]:
    """What the policy's own dates ask for on a day, the most urgent first."""
    return (Due("Review of the confidentiality policy by the trustees", policy.review_by, (policy.review_by - on).days),)


def approved(policy: Policy, on: date) -> bool:
    """False when the policy's approval lies in the future: nobody has approved it yet."""
    return policy.approved_on <= on
