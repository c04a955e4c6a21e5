"""Tell more broadly until what is left fits enough people; what cannot get there waits for a person (P13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from pipeline.case import Case
from pipeline.domain.finding import Category, Finding
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Held, Reason
from pipeline.domain.risk import Detail, Kind, RiskAssessment
from pipeline.domain.telling import Passage, Telling
from pipeline.narrative import Sentence
from pipeline.risk.assessing import assess_risk, measured, simulated
from pipeline.risk.figures import with_rounded_figures
from pipeline.risk.levers import Lever, foreseen, levers, pulled, with_broader_words, with_findings
from pipeline.run import Told, Untold, finish
from pipeline.world import World

Measure = tuple[tuple[Detail, ...], RiskAssessment]
"""What is left in a telling, and how many people that fits."""

_MOST_STEPS = 24  # more than there are levers in any story
_MOST_DROPPED = 2  # a story that needs more than this taken out is no longer the story


@dataclass(frozen=True, slots=True)
class Lowered:
    """A story told for a purpose and measured: the case to publish, how it was told, and what is left in it.

    ``before`` is the measure of the story told as usual, before any of it was told more broadly.
    """

    case: Case
    outcome: Told | Untold
    risk: RiskAssessment | None = None
    before: RiskAssessment | None = None


def finish_safely(case: Case, purpose: Purpose, world: World, earlier: Sequence[Telling] = ()) -> Lowered:
    """``finish``, and told more broadly where what is left would single somebody out (:func:`lower_risk`)."""
    case = with_broader_words(case, world.rarity)
    outcome = finish(case, purpose, world)
    if isinstance(outcome, Untold):
        return Lowered(case, outcome)
    usual = measure = _measure(case, outcome, world, earlier)
    coarser = case if outcome.telling.identified else _as_asked(case, purpose, world)
    if coarser is not case:
        case, outcome = coarser, finish(coarser, purpose, world)
        if isinstance(outcome, Untold):
            return Lowered(case, outcome)
        measure = _measure(case, outcome, world, earlier)
    return Lowered(*lower_risk(case, outcome, world, earlier, measure), usual[1])


def _as_asked(case: Case, purpose: Purpose, world: World) -> Case:
    """The case with what is never told finely for a purpose: days in a return, and figures where the policy rounds them."""
    if purpose in world.policy.risk.round_figures:
        case = with_rounded_figures(case)
    if purpose is Purpose.REPORTING and not case.softening.dates:
        # Beside tables of who came in which year a quarter tells more than a reader needs.
        case = pulled(Lever(Kind.DATES), case, world)
    return case


def lower_risk(
    case: Case, told: Told, world: World, earlier: Sequence[Telling], measure: Measure
) -> tuple[Case, Told | Untold, RiskAssessment]:
    """The story told so that its remaining details fit enough people, or held with the combination named by its kinds.

    ``earlier`` are the documents of this run about the same person, ``measure`` is that of ``told``.  The case that comes
    back is the one to publish.
    """
    details, risk = measure
    if told.telling.identified:
        return case, told, risk
    for _ in range(_MOST_STEPS):
        lever = None if _enough(risk) else best_lever(case, details, risk, world)
        if lever is None:
            break
        softer = pulled(lever, case, world)
        again = finish(softer, told.telling.purpose, world)
        if isinstance(again, Untold):
            break  # What carried it carried the story: it is held below, unless enough was given up before.
        case, told = softer, again
        details, risk = _measure(case, told, world, earlier)
    if risk.listed and min(risk.comparable, risk.comparable_outcome) < risk.needed:
        # Few people had this help and this outcome: what the story shows of it is enough without its label.
        told = replace(told, telling=replace(told.telling, service=""))
    return (case, told, risk) if risk.holds else _last_resort(case, told, world, earlier, risk)


def _measure(case: Case, told: Told, world: World, earlier: Sequence[Telling]) -> Measure:
    details = measured(case, told.telling, world)
    return details, assess_risk(case, told.telling, details, world, earlier)


def _enough(risk: RiskAssessment) -> bool:
    return risk.holds and (not risk.listed or risk.joined >= min(risk.needed, risk.comparable))


def best_lever(case: Case, details: Sequence[Detail], risk: RiskAssessment, world: World) -> Lever | None:
    """The lever that buys most; where none alone buys anything, the one that costs the story least."""

    def bought(lever: Lever) -> tuple[int, int, int]:
        after = simulated(risk, foreseen(lever, case, details, world.rarity), world.registers.clients)
        return min(after.population, after.needed), after.crowd + after.crowd_outcome, after.population

    return max(levers(case, details, world.rarity), key=bought, default=None)


def _last_resort(
    case: Case, told: Told, world: World, earlier: Sequence[Telling], risk: RiskAssessment
) -> tuple[Case, Told | Untold, RiskAssessment]:
    """Without the sentences that carry the combination, where the story survives it; else held."""
    for dropped in range(1, _MOST_DROPPED + 1):
        sentence = _carrier(case, told, world, risk)
        if sentence is None:
            break
        shorter = with_findings(case, [Finding(sentence.start, sentence.end, Category.INDIRECT, 0.5, "risk", "SENTENCE")])
        again = finish(shorter, told.telling.purpose, world)
        if isinstance(again, Untold):
            break
        case, told = shorter, again
        _, risk = _measure(case, told, world, earlier)
        risk = replace(risk, dropped=dropped)
        if risk.holds:
            return case, told, risk
    held = still_identifiable(told.telling.story_id, told.telling.purpose, risk)
    return case, Untold(held, told.decisions, told.judgement), risk


def _carrier(case: Case, told: Told, world: World, risk: RiskAssessment) -> Sentence | None:
    """The sentence whose loss lets the most people fit."""
    best: tuple[tuple[int, int], Passage] | None = None
    before = (min(risk.population, risk.needed), risk.crowd + risk.crowd_outcome)
    for passage in told.telling.passages:
        rest = replace(told.telling, passages=tuple(p for p in told.telling.passages if p is not passage))
        after = simulated(risk, measured(case, rest, world), world.registers.clients)
        gain = (min(after.population, after.needed), after.crowd + after.crowd_outcome)
        if gain > before and (best is None or gain > best[0]):
            best = gain, passage
    return _source_of(best[1], case) if best else None


def _source_of(passage: Passage, case: Case) -> Sentence | None:
    beside = [sentence for sentence in case.told if sentence.paragraph == passage.paragraph]
    text = case.story.text
    return max(beside, key=lambda s: fuzz.token_sort_ratio(text[s.start : s.end], passage.text), default=None)


def still_identifiable(story_id: str, purpose: Purpose, risk: RiskAssessment) -> Held:
    """The ending of a story whose remaining details fit too few people; it names their kinds, never what they say."""
    return Held(
        story_id,
        purpose,
        Reason.STILL_IDENTIFIABLE,
        "What is left fits too few people. Take one of these details out of the note, or tell the story with permission.",
        " + ".join(kind.value for kind in risk.remaining),
    )
