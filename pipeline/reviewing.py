"""Reviewing: what people decided, applied to what was found and decided; pure functions, with no page in sight.

A review makes the policy's decisions stricter or puts them in other words.  It keeps a detail only where the policy
could be mistaken about what it is, never where the policy is sure that it identifies somebody (P10, P21).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline import remembered
from pipeline.case import Case
from pipeline.domain.decision import Decision
from pipeline.domain.finding import DIRECT, Category, Finding
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Treatment
from pipeline.domain.review import STRICTER, Act, Change, Review
from pipeline.errors import ReviewRefused
from pipeline.generalise.dates import is_birth
from pipeline.generalise.softening import AGE_STEPS, DATE_STEPS, PLACE_STEPS
from pipeline.names import fold

DETECTOR = "review"
"""The detector that a finding names when a person made it."""

STEPS = {Category.AGE: AGE_STEPS, Category.DATE: DATE_STEPS, Category.LOCATION: PLACE_STEPS}
"""How many steps broader than usual a detail can be told."""

_CERTAIN = frozenset({"client-list", DETECTOR, remembered.DETECTOR})
_LONGEST = 300
_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3
_BESIDE = 30  # letters to each side that have to be the same too
_BROADER = "told more broadly, in review"
_SAID = {Act.REPLACE: "other words, in review", Act.KEEP: "kept in review: no identifying detail", Act.GENERALISE: _BROADER,
         Act.STEP: _BROADER, Act.REMOVE: "taken out in review"}  # fmt: skip


def check_current(case: Case, review: Review) -> None:
    """Raise ``ReviewRefused`` when the review is of another text than the case's."""
    if review.digest != case.story.digest:
        raise ReviewRefused("the story was changed since it was reviewed", "Review it again as it is now.")


def asked(review: Review, purpose: Purpose) -> Mapping[tuple[int, int], Treatment]:
    """What people ask for beyond the policy, by the span of each finding."""
    return {span: STRICTER[change.act] for span, change in review.chosen(purpose).items() if change.act in STRICTER}


def steps(review: Review, purpose: Purpose) -> Mapping[int, int]:
    """How many steps broader than usual people want single details told, by where each begins."""
    return {start: change.step for (start, _), change in review.chosen(purpose).items() if change.act is Act.STEP}


def settled(case: Case, purpose: Purpose, decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions with people's words in place of the policy's; a change that is refused now changes nothing."""
    chosen = case.review.chosen(purpose)
    if not chosen:
        return tuple(decisions)
    made = []
    for decision in decisions:
        change = chosen.get((decision.finding.start, decision.finding.end))
        if change is not None and change.act is not Act.ACCEPT and not refusal(case, decisions, change):
            decision = _changed(case, decision, change)
        made.append(decision)
    return tuple(made)


def refusal(case: Case, decisions: Sequence[Decision], change: Change) -> str:
    """Why the policy forbids a change, in words without a personal value; empty when it does not."""
    if change.act is Act.MARK:
        return ""
    decision = next((d for d in decisions if (d.finding.start, d.finding.end) == (change.start, change.end)), None)
    if decision is None:
        return "There is no such detail in this text any more."
    if decision.treatment is Treatment.WITHHOLD:
        return "The policy has no rule that lets this kind of detail be told; only the policy can change that."
    if change.act is Act.STEP and (
        decision.finding.category not in STEPS or not 0 <= change.step <= STEPS[decision.finding.category]
    ):
        return "This kind of detail is told no broader than that; take it out instead."
    if change.act is Act.KEEP:
        return _not_kept(case, decisions, decision.finding, change.reason)
    if change.act is Act.REPLACE:
        return _not_said(case.story.text, decisions, change.text)
    return ""


def with_marks(
    text: str, findings: Sequence[Finding], marks: Iterable[Change], common: frozenset[str]
) -> tuple[Finding, ...]:  # fmt: skip
    """The findings with what people marked, wherever it stands; ``common`` words do not stand for a name alone."""
    found = list(findings)
    for mark in marks:
        if mark.category is None or not 0 <= mark.start < mark.end <= len(text):
            continue
        _put(found, mark.start, mark.end, mark.category, certain=True)
        for start, end in mentions(text, text[mark.start : mark.end], mark.category, common):
            _put(found, start, end, mark.category)
    return tuple(sorted(found))


def mentions(text: str, words: str, category: Category, common: frozenset[str] = frozenset()) -> list[tuple[int, int]]:
    """Where words stand in a text, in any case and spacing; of a person each name alone too."""
    parts = words.split()
    if not parts:
        return []
    sought = [r"\s+".join(map(re.escape, parts))]
    found = [m.span() for m in re.finditer(rf"(?<!\w){sought[0]}(?!\w)", text, re.IGNORECASE)]
    if category is Category.PERSON and len(parts) > 1:
        for name in _WORD.findall(words):
            if len(name) >= _SHORTEST and fold(name) not in common:
                found += [m.span() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)]
    return sorted(found)


def trace(secret: bytes, text: str, start: int, end: int) -> str:
    """The keyed digest of the words at ``[start, end)`` and of what stands beside them."""
    before = " ".join(text[max(0, start - 2 * _BESIDE) : start].split())[-_BESIDE:]
    after = " ".join(text[end : end + 2 * _BESIDE].split())[:_BESIDE]
    said = "\0".join((before, " ".join(text[start:end].split()), after))
    return hmac.new(secret, f"storysafe trace {said}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:32]


def carried_marks(secret: bytes, text: str, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The marks of an earlier text that stand in this one in the same words and surroundings."""
    marks = {(c.trace, c.end - c.start, c.category): c for c in changes if c.act is Act.MARK and c.trace}
    found = []
    for (sought, length, _), mark in marks.items():
        for match in _WORD.finditer(text):
            start, end = match.start(), match.start() + length
            if end <= len(text) and trace(secret, text, start, end) == sought:
                found.append(replace(mark, start=start, end=end))
                break
    return tuple(found)


def carried(secret: bytes, text: str, findings: Iterable[Finding], review: Review) -> tuple[Change, ...]:
    """The decisions of an earlier text about details whose words and surroundings are the same in this one."""
    chosen = {(purpose, c.trace): c for purpose in Purpose for c in review.chosen(purpose).values() if c.trace}
    if not chosen:
        return ()
    found = []
    for finding in findings:
        sought = trace(secret, text, finding.start, finding.end)
        changes = (chosen.get((purpose, sought)) for purpose in Purpose)
        found += [replace(change, start=finding.start, end=finding.end) for change in changes if change]
    return tuple(found)


def _put(found: list[Finding], start: int, end: int, category: Category, certain: bool = False) -> None:
    """Add a finding, joined with those that it crosses; where one covers it all, only what was marked itself replaces it."""
    crossed = [f for f in found if f.start < end and start < f.end]
    if not certain and any(f.start <= start and end <= f.end for f in crossed):
        return
    for each in crossed:
        found.remove(each)
    start, end = min([start, *(f.start for f in crossed)]), max([end, *(f.end for f in crossed)])
    found.append(Finding(start, end, category, 1.0, DETECTOR))


def _changed(case: Case, decision: Decision, change: Change) -> Decision:
    said = f"{decision.reason}; {_SAID[change.act]}"
    if change.act is Act.REPLACE:
        kept = decision.treatment is Treatment.KEEP
        treatment = Treatment.SUBSTITUTE if kept else decision.treatment
        return replace(decision, treatment=treatment, replacement=change.text.strip(), reason=said)
    if change.act is Act.KEEP:
        start, end = decision.finding.start, decision.finding.end
        words = case.story.text[start:end]
        return replace(decision, treatment=Treatment.KEEP, start=start, end=end, replacement=words, reason=said)
    return replace(decision, reason=said)


def _not_kept(case: Case, decisions: Sequence[Decision], finding: Finding, reason: str) -> str:
    if not reason.strip():
        return "Say why it is no identifying detail."
    if finding.detector == remembered.DETECTOR:
        return "Your organisation's own lists always take this for a detail; take it out of the lists first."
    if finding.category is not Category.PERSON:
        direct = finding.category in DIRECT or (finding.category is Category.DATE and is_birth(case.story.text, finding))
        return "The policy never keeps a contact detail, an address, a birthday or a number of somebody." if direct else ""
    entity = case.resolution.entity(finding.entity)
    mentions = [f for f in case.resolution.findings if f.entity == finding.entity]
    if entity.subject or entity.case_ref or any(f.detector in _CERTAIN for f in mentions):
        return "This is the name of somebody who is known here; only their written permission lets it be told."
    text = case.story.text
    own = _words(text, mentions)
    others = [d.finding for d in decisions if d.finding.category is Category.PERSON and d.finding.entity != finding.entity]
    if own & _words(text, others):
        return "Somebody else in the story has this name."
    return ""


def _not_said(text: str, decisions: Sequence[Decision], words: str) -> str:
    if len(words) > _LONGEST or any(ord(mark) < 32 for mark in words):
        return f"Give a few words on one line, at most {_LONGEST} letters."
    names = [d.finding for d in decisions if d.finding.category in DIRECT and d.treatment is not Treatment.KEEP]
    said = {fold(word) for word in _WORD.findall(words) if len(word) >= _SHORTEST}
    hidden = {fold(text[f.start : f.end]) for f in names}
    if said & _words(text, [f for f in names if f.category is Category.PERSON]) or any(h and h in fold(words) for h in hidden):
        return "These words hold a name or a number that is left out of this document."
    return ""


def _words(text: str, findings: Iterable[Finding]) -> set[str]:
    return {fold(word) for f in findings for word in _WORD.findall(text[f.start : f.end]) if len(word) >= _SHORTEST}
