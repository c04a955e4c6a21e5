"""What a telling still gives away about whom it is about, and how many people that fits (P13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.domain.permission import Purpose


class Kind(StrEnum):
    """Kinds of detail that identify in combination (quasi-identifiers), in words for people."""

    GENDER = "gender"
    AGE = "age"
    PLACE = "place"
    SERVICE = "service"
    ORIGIN = "origin"
    DATES = "dates"
    FAMILY = "family"
    HEALTH = "health"
    WORK = "occupation"
    EVENT = "event"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Detail:
    """One remaining detail.  What it says stays out of ``repr`` and of every report: only its kind is ever named.

    ``low`` and ``high`` bound an age; ``first`` and ``last`` a stretch of days; ``value`` is a service, an outcome, a
    gender or a district; ``share`` is the fraction of the population that it fits.
    """

    kind: Kind
    value: str = ""
    low: int = 0
    high: int = 120
    first: date = date.min
    last: date = date.max
    share: float = 1.0

    def __repr__(self) -> str:
        return f"Detail({self.kind.value})"


@dataclass(frozen=True, slots=True)
class RiskAssessment:
    """The measure of one telling, in the regulator's three words: singling out, linkability, inference.

    ``needed`` is the policy's number for the purpose.  ``crowd`` is how many people of the client list fit everything
    that remains, of at most ``comparable`` who share only what the story is meant to say (gender and service);
    ``crowd_outcome`` and ``comparable_outcome`` are the same with the outcome counted in.  ``listed`` is the length of
    the list, 0 without one; ``population`` the number of people expected to fit where the organisation works.
    ``remaining`` are the kinds of detail left, ``given_up`` what was told more broadly than usual, ``dropped`` the
    sentences left out.  ``joined`` is the crowd when an intruder joins this document with the others about the same
    person, ``shared`` the exact values they have in common, and ``joins_named`` says that one of those names the
    person.  ``alike`` are the columns in which everybody of the crowd is the same.
    """

    purpose: Purpose
    needed: int
    listed: int
    comparable: int
    crowd: int
    comparable_outcome: int
    crowd_outcome: int
    population: int
    area: int
    remaining: tuple[Kind, ...] = ()
    given_up: tuple[str, ...] = ()
    dropped: int = 0
    joined: int = 0
    shared: int = 0
    joins_named: bool = False
    alike: tuple[str, ...] = ()
    identified: bool = False

    @property
    def holds(self) -> bool:
        """True when the combination fits enough people, as far as the list has them."""
        if self.identified:
            return True
        on_list = self.crowd >= min(self.needed, self.comparable)
        with_outcome = self.crowd_outcome >= min(self.needed, self.comparable_outcome)
        return self.population >= self.needed and (not self.listed or (on_list and with_outcome))

    @property
    def weak(self) -> bool:
        """True when the evidence is weak: no client list, or too few comparable people on it for the policy's number."""
        return not self.listed or min(self.comparable, self.comparable_outcome) < self.needed

    def record(self, before: RiskAssessment | None = None) -> dict[str, object]:
        """For the manifest, in the regulator's three words; ``before`` is the measure of the story told as usual."""
        first = before or self
        return {
            "needed": self.needed, "holds": self.holds, "weak": self.weak, "by_permission": self.identified,
            "singling_out": {
                "listed": self.listed, "on_list": self.crowd, "on_list_before": first.crowd, "comparable": self.comparable,
                "with_outcome": self.crowd_outcome, "with_outcome_before": first.crowd_outcome,
                "comparable_with_outcome": self.comparable_outcome,
                "in_population": self.population, "in_population_before": first.population, "population": self.area,
            },
            "linkability": {
                "joined": self.joined, "shared_exact_values": self.shared, "joins_a_named_document": self.joins_named,
            },
            "inference": {"same_in": list(self.alike)},
            "remaining": [kind.value for kind in self.remaining],
            "told_more_broadly": list(self.given_up), "sentences_left_out": self.dropped,
        }  # fmt: skip

    def facts(self) -> Mapping[str, str | int | float | bool]:
        """Counts and codes for the manifest and the audit trail."""
        return {
            "risk_needed": self.needed, "risk_listed": self.listed, "risk_crowd": self.crowd, "risk_comparable": self.comparable,
            "risk_crowd_outcome": self.crowd_outcome, "risk_population": self.population, "risk_weak": self.weak,
            "risk_given_up": "-".join(self.given_up) or "none", "risk_dropped": self.dropped, "risk_joined": self.joined,
            "risk_shared": self.shared, "risk_holds": self.holds,
        }
