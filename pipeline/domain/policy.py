"""The confidentiality policy as data: what is done with each detail, for each purpose, under which clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.domain.finding import Category, Role
from pipeline.domain.permission import Purpose


class Treatment(StrEnum):
    """What is done with a detail."""

    KEEP = "keep"
    SUBSTITUTE = "substitute"  # another value of the same kind
    GENERALISE = "generalise"  # a broader, true value
    REMOVE = "remove"  # the detail and the words that only served it
    WITHHOLD = "withhold"  # the story is held: the default for anything without a rule


@dataclass(frozen=True, slots=True)
class Rule:
    """Treatments by purpose for one category, narrowed by ``role`` or ``kind`` when they are given."""

    rule_id: str
    category: Category
    treatments: tuple[tuple[Purpose, Treatment], ...]
    clause: str
    role: Role | None = None
    kind: str = ""

    def treatment(self, purpose: Purpose) -> Treatment:
        """The treatment for that purpose; withhold when the rule does not name it."""
        return dict(self.treatments).get(purpose, Treatment.WITHHOLD)


class LimitName(StrEnum):
    """The six limits of confidentiality, and legal restrictions, which hold a story for a manager (P20)."""

    DANGER = "danger"
    ABUSE = "abuse"
    CRIME = "crime"
    LAW = "law"
    CAPACITY = "capacity"
    TERRORISM = "terrorism"
    LEGAL_RESTRICTION = "legal-restriction"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit and the regular expressions (case ignored) whose match holds a story."""

    name: LimitName
    clause: str
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Numbers that the policy sets.

    ``small_number``: counts below it are suppressed; ``rounding``: the multiple that shown counts are rounded to (1
    for none); ``redetect_score``: a direct identifier seen again in a finished file at or above it holds the file;
    ``vignettes``: the most stories that an annual return tells.
    """

    small_number: int
    rounding: int
    redetect_score: float
    vignettes: int


@dataclass(frozen=True, slots=True)
class Risk:
    """How many people every released combination of details must fit (P13).

    A number for each purpose is the least; ``area_population`` is the number of people who live where the
    organisation works, whom a reader would choose from; ``round_figures`` are the purposes in which sums, weights and
    durations are told less exactly than they are.
    """

    publicity: int = 10
    reporting: int = 5
    training: int = 5
    area_population: int = 100_000
    round_figures: frozenset[Purpose] = frozenset()

    def people(self, purpose: Purpose) -> int:
        """The least number of people for that purpose."""
        return {Purpose.PUBLICITY: self.publicity, Purpose.REPORTING: self.reporting, Purpose.TRAINING: self.training}[purpose]


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole policy file, understood.

    ``surrogate_scope`` is "story" (unlinkable) or "organisation" (wider); ``unsought`` says what becomes of a story
    whose person was never asked: "draft", "hold" or "release" (P16); ``pictures`` whether the pictures in the
    organisation's Word files may stay in their copies, because none of them shows or names anybody;
    ``publicity_words`` about how long a publicity story is; ``access_workers`` whether a person who sees what is held about
    them sees workers' names ("name") or what they are ("role").
    """

    version: str
    approved_on: date
    review_by: date
    sign_off: frozenset[Purpose]
    surrogate_scope: str
    rules: tuple[Rule, ...]
    limits: tuple[Limit, ...]
    thresholds: Thresholds
    outcome_cues: tuple[str, ...]
    organisation_confidential: tuple[str, ...]
    clauses: Mapping[str, str]
    risk: Risk = Risk()
    unsought: str = "draft"
    publicity_words: int = 600
    pictures: bool = False
    access_workers: str = "role"

    def rule_for(self, category: Category, role: Role | None, kind: str) -> Rule | None:
        """The narrowest rule for a detail: by kind, then by role, then by category alone; ``None`` when none fits."""
        candidates = [
            rule
            for rule in self.rules
            if rule.category is category
            and (not rule.kind or rule.kind == kind)
            and (rule.role is None or rule.role is role)
        ]
        if not candidates:
            return None
        return max(candidates, key=lambda rule: (bool(rule.kind), rule.role is not None))
