"""The gate: what keeps a story from being told for a purpose, before any word of it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.case import Case
from pipeline.decide import withheld
from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category
from pipeline.domain.permission import Judgement, ManagerDecision, Purpose, Verdict
from pipeline.domain.policy import LimitName
from pipeline.domain.release import Held, Reason, Skipped
from pipeline.domain.telling import Part
from pipeline.world import World, stale

_DECEASED = re.compile(
    r"\b(?:su|client|service user|yp|patient)\s+(?:has |have |had |sadly )*(?:died|passed away|passed on)\b|"
    r"\b(?:service user|client|su)\s+(?:is\s+|now\s+)?deceased\b|\bclosed\W{0,40}(?:deceased|passed away|died)\b",
    re.IGNORECASE,
)
_THEN_DIED = re.compile(r"(?:,? who)?\s+(?:has |had |sadly |very |peacefully )*(?:died|passed away|passed on)\b", re.IGNORECASE)

LIFTABLE = frozenset(
    {Reason.SAFEGUARDING, Reason.LEGAL_RESTRICTION, Reason.DECEASED, Reason.SIGN_OFF, Reason.PERMISSION_NOT_SOUGHT}
)
"""The reasons that a manager's decision can lift; a refusal, a leak or an unreadable file it cannot."""

_CONFIDENCE_SURVIVES = "deceased_confidence_survives"
_PRONOUN_DIED = re.compile(
    r"\b(?:she|he|they)\s+(?:has |had |have |sadly |peacefully )*(?:died|passed away|passed on)\b", re.IGNORECASE
)
_KIN = re.compile(
    r"\b(?:wife|husband|husb|partner|mother|mum|mam|father|dad|son|daughter|brother|sister|aunt|uncle|nan|nana|gran\w*|friend|"
    r"neighbour|baby|child|twin|cousin|nephew|niece|parents?|dog|cat)\b",
    re.IGNORECASE,
)


def hold(
    case: Case, purpose: Purpose, judgement: Judgement, decisions: Sequence[Decision], world: World
) -> Held | Skipped | None:
    """The first thing that stands in the way, the gravest first; ``None`` lets the story through."""
    return (
        _manager_withholds(case, purpose, world)
        or _limit(case, purpose, world)
        or _deceased(case, purpose, judgement, world)
        or _refused(case, purpose, judgement)
        or _unasked(case, purpose, judgement, world)
        or _no_rule(case, purpose, decisions)
        or _unsigned(case, purpose, world)
        or _nothing_to_tell(case, purpose)
    )


def _manager_withholds(case: Case, purpose: Purpose, world: World) -> Held | None:
    for decision in world.manager_decisions(case.subject, purpose, case.story.digest):
        if not decision.release:
            return Held(
                case.story.story_id, purpose, _reason(decision.reason, Reason.PERMISSION_REFUSED),
                "A manager decided to withhold it; only a new decision in the register can lift that.", "manager",
            )
    return None


def _limit(case: Case, purpose: Purpose, world: World) -> Held | None:
    for hit in case.limits:
        legal = hit.limit is LimitName.LEGAL_RESTRICTION
        reason = Reason.LEGAL_RESTRICTION if legal else Reason.SAFEGUARDING
        if legal and purpose is not Purpose.PUBLICITY:
            # E20: a report may count it, training may use a made-up mixture of many; neither is this story.
            what_next = "The law allows a count in a report and nothing of this one story; no decision lifts that here."
            return Held(case.story.story_id, purpose, reason, what_next)
        if not _lifted(case, purpose, reason, world):
            what_next = "The worker and a manager decide together about this one story; record it in the decisions register."
            return _undecided(case, purpose, reason, what_next, "" if legal else hit.limit.value, world)
    return None


def _undecided(case: Case, purpose: Purpose, reason: Reason, what_next: str, detail: str, world: World) -> Held:
    """Held until a manager decides; it says so when they did, about another text than this (P21)."""
    made = world.decisions_made(case.subject, purpose)
    if any(d.release and _is(d, reason) and stale(d, case.story.digest) for d in made):
        changed = "The decision on record is about another text: this story changed since. Decide again about it as it is now."
        return Held(case.story.story_id, purpose, reason, changed, "stale-decision")
    return Held(case.story.story_id, purpose, reason, what_next, detail)


def _deceased(case: Case, purpose: Purpose, judgement: Judgement, world: World) -> Held | None:
    """Told by the note it holds every purpose, told by the registers publicity: those judged the others already (E13)."""
    recorded = judgement.verdict is Verdict.WITHHOLD and judgement.reason == _CONFIDENCE_SURVIVES
    if not (recorded or _died(case)) or _lifted(case, purpose, Reason.DECEASED, world):
        return None
    what_next = "Confidence outlives the person: ask the personal representative's view and record a manager's decision."
    return _undecided(case, purpose, Reason.DECEASED, what_next, "", world)


def _died(case: Case) -> bool:
    text = case.story.text
    subjects = {entity.entity_id for entity in case.resolution.entities if entity.subject}
    named = (finding.end for finding in case.resolution.findings if finding.entity in subjects)
    if _DECEASED.search(text) or any(_THEN_DIED.match(text, end) for end in named):
        return True
    return any(_speaks_of_subject(match.start(), case, subjects) for match in _PRONOUN_DIED.finditer(text))


def _speaks_of_subject(at: int, case: Case, subjects: set[str]) -> bool:
    """True unless the last person before a "she died" is plainly somebody else."""
    if _KIN.search(case.story.text, max(0, at - 100), at):
        return False
    before = [f for f in case.resolution.findings if f.category is Category.PERSON and at - 300 <= f.start < at]
    return not before or before[-1].entity in subjects


def _refused(case: Case, purpose: Purpose, judgement: Judgement) -> Held | None:
    if judgement.verdict is not Verdict.WITHHOLD or judgement.reason == _CONFIDENCE_SURVIVES:
        return None
    return Held(
        case.story.story_id, purpose, Reason.PERMISSION_REFUSED,
        "The person said no; only their own new written permission can lift that.", judgement.reason,
    )


def _no_rule(case: Case, purpose: Purpose, decisions: Sequence[Decision]) -> Held | None:
    unruled = withheld(decisions)
    if not unruled:
        return None
    categories = ", ".join(sorted({decision.finding.category.value for decision in unruled}))
    return Held(
        case.story.story_id, purpose, Reason.STILL_IDENTIFIABLE,
        "The policy has no rule that lets this kind of detail be told; add one, or take the detail out.", categories,
    )


def _nothing_to_tell(case: Case, purpose: Purpose) -> Skipped | None:
    if Part.OUTCOME in case.roles:
        return None
    return Skipped(
        case.story.story_id, purpose, Reason.NO_OUTCOME,
        "The note says no outcome; a story is told for what the help achieved (P14). Where there was one, add it to the note.",
    )


def _unsigned(case: Case, purpose: Purpose, world: World) -> Held | None:
    if purpose not in world.policy.sign_off or _lifted(case, purpose, Reason.SIGN_OFF, world):
        return None
    what_next = "The policy asks for a named person's release; record it in the decisions register."
    return _undecided(case, purpose, Reason.SIGN_OFF, what_next, "", world)


def _unasked(case: Case, purpose: Purpose, judgement: Judgement, world: World) -> Held | None:
    if judgement.sought or world.policy.unsought != "hold" or _lifted(case, purpose, Reason.PERMISSION_NOT_SOUGHT, world):
        return None
    what_next = "Ask the person in writing first; where that is not possible, a manager records why (P16)."
    return _undecided(case, purpose, Reason.PERMISSION_NOT_SOUGHT, what_next, "", world)


def _lifted(case: Case, purpose: Purpose, reason: Reason, world: World) -> bool:
    """True when a manager released this story for this reason: no decision lifts another reason than its own.

    Where one was ever bound to a text, one that is bound to none lifts nothing: it may be about an earlier text.
    """
    ever = world.decisions_made(case.subject, purpose)
    bound = any(decision.story_sha256 for decision in ever if _is(decision, reason))
    made = world.manager_decisions(case.subject, purpose, case.story.digest)
    lifting = [d for d in made if d.release and _is(d, reason) and (d.story_sha256 or not bound)]
    return case.subject.case_ref is not None and bool(lifting)


def _is(decision: ManagerDecision, reason: Reason) -> bool:
    return decision.reason.strip().casefold() == reason.value


def _reason(word: str, default: Reason) -> Reason:
    try:
        return Reason(word.strip().casefold())
    except ValueError:
        return default
