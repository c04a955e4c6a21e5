"""A copy of a whole file, told more broadly until what is left fits enough people, as far as that goes (P13)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pipeline.case import Case
from pipeline.domain.decision import Decision
from pipeline.domain.permission import Judgement, Purpose, Verdict
from pipeline.domain.risk import RiskAssessment
from pipeline.domain.telling import Part, Passage, Telling
from pipeline.rewrite import outermost
from pipeline.risk.assessing import assess_risk, measured
from pipeline.risk.levers import pulled
from pipeline.risk.lowering import best_lever
from pipeline.world import World

Decide = Callable[[Case], Sequence[Decision]]
_MOST_STEPS = 12


def lowered_copy(case: Case, decide: Decide, judgement: Judgement, purpose: Purpose, world: World) -> Case:
    """The case with dates, ages, origins and rare words told more broadly where its copy would still single somebody out."""
    for _ in range(_MOST_STEPS):
        whole = _telling(case, written(case.story.text, decide(case)), judgement.verdict is Verdict.IDENTIFY, purpose)
        details = measured(case, whole, world)
        risk = assess_risk(case, whole, details, world)
        lever = None if risk.holds else best_lever(case, details, risk, world)
        if lever is None:
            break
        case = pulled(lever, case, world)
    return case


def measured_copy(case: Case, text: str, identified: bool, purpose: Purpose, world: World) -> RiskAssessment:
    """How many people fit what a finished copy says."""
    whole = _telling(case, text, identified, purpose)
    return assess_risk(case, whole, measured(case, whole, world), world)


def written(text: str, decisions: Sequence[Decision]) -> str:
    """A text with its decisions carried out, word for word."""
    pieces, at = [], 0
    for decision in outermost(decisions):
        pieces += [text[at : decision.start], decision.replacement]
        at = decision.end
    return "".join([*pieces, text[at:]])


def _telling(case: Case, text: str, identified: bool, purpose: Purpose) -> Telling:
    return Telling(case.story.story_id, purpose, (Passage(text, Part.SITUATION),), "", identified, True, False)
