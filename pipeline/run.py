"""The recipe: what happens to a story, read aloud.

    read -> detect -> resolve -> decide -> rewrite -> render -> verify -> release | hold

``prepare`` ends where people may look; ``finish`` goes on from there, for one purpose at a time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.case import Case
from pipeline.decide import Terms, allowed_name, changed, decide
from pipeline.domain.assessment import Leak
from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Finding, Resolution
from pipeline.domain.permission import Judgement, Purpose, Verdict
from pipeline.domain.release import Held, Reason, Skipped
from pipeline.domain.review import Review
from pipeline.domain.story import Story
from pipeline.domain.telling import Part, Telling
from pipeline.gate import hold
from pipeline.generalise.dates import Timeline
from pipeline.judging import judged
from pipeline.narrative import Sentence, parts, sentences
from pipeline.permission.limits import find_limits
from pipeline.resolve import resolve
from pipeline.reviewing import asked, check_current, settled, steps, with_marks
from pipeline.surrogates import Scope, assign, letter
from pipeline.tell import tell, with_outcome
from pipeline.topics import excluded
from pipeline.world import World


@dataclass(frozen=True, slots=True)
class Told:
    """A story ready to be rendered for a purpose, with the decisions that made it so."""

    telling: Telling
    decisions: tuple[Decision, ...]
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Untold:
    """A story that is not told for a purpose: how it ended, and what had been decided by then."""

    ending: Held | Skipped
    decisions: tuple[Decision, ...]
    judgement: Judgement


def prepare(stories: Sequence[Story], world: World) -> list[Case]:
    """Find every identifying detail of the stories and whose it is; nothing is changed yet."""
    return [_case(story, findings, world) for story, findings in zip(stories, world.detect(stories), strict=True)]


def finish(case: Case, purpose: Purpose, world: World) -> Told | Untold:
    """Judge, decide and rewrite one case for one purpose; :class:`Untold` says why when it is not told."""
    judgement, decisions = decided(case, purpose, world, judged(case, purpose, world, document=True))
    ending = hold(case, purpose, judgement, decisions, world)
    if ending:
        return Untold(ending, decisions, judgement)
    timeline = Timeline.of(case.story.text, case.resolution.findings)
    people = case.resolution.entities
    passages = tell(case.story, case.told, case.roles, decisions, judgement, timeline, world.cues, world.confidential, people)
    passages = with_outcome(passages, world.outcome)
    if not any(passage.part is Part.OUTCOME for passage in passages):
        return Untold(_no_outcome(case, purpose), decisions, judgement)
    client = case.subject.client
    identified = judgement.verdict is Verdict.IDENTIFY
    telling = Telling(
        story_id=case.story.story_id,
        purpose=purpose,
        passages=passages,
        person=_person(case, purpose, judgement, world),
        identified=identified,
        changed=changed(decisions),
        quote=judgement.quote,
        service=client.service if client else "",
        outcome=client.outcome if client and not excluded(judgement, world.cues).search(client.outcome) else "",
        themes=world.themes(" ".join(passage.text for passage in passages)),
        channels=judgement.channels,
        draft=world.policy.unsought == "draft" and not judgement.sought and purpose is not Purpose.REPORTING,
    )
    return Told(telling, decisions, judgement)


def decided(
    case: Case, purpose: Purpose, world: World, judgement: Judgement | None = None
) -> tuple[Judgement, tuple[Decision, ...]]:
    """What is allowed for a purpose, and the decisions that follow; ``judgement`` overrules the registers."""
    judgement = judgement or judged(case, purpose, world)
    decisions = decide(case.story, case.resolution, _terms(case, purpose, judgement, world))
    return judgement, settled(case, purpose, decisions)


def reviewed(case: Case, review: Review, world: World) -> Case:
    """The case as people reviewed it; raises ``ReviewRefused`` when what they looked at was another text."""
    check_current(case, review)
    findings = with_marks(case.story.text, case.resolution.findings, review.marks, world.common)
    if findings == case.resolution.findings:
        return replace(case, review=_as_taught(case.story, findings, review, world))
    resolution = world.taught.roles(resolve(case.story, findings, case.subject.client, world.clients))
    unparsed = [span for span in _indirect(case.told, resolution) if span[0] not in case.syntax]
    syntax = dict(case.syntax) | world.parser.parse(case.story.text, unparsed)
    review = _as_taught(case.story, findings, review, world)
    return replace(case, resolution=resolution, syntax=syntax, review=review)


def with_review(case: Case, review: Review, world: World) -> Case:
    """A case whose marks are found already, with everything else that people decided about it."""
    return replace(case, review=_as_taught(case.story, case.resolution.findings, review, world))


def look_again(case: Case, missed: Sequence[Leak], world: World) -> Case:
    """The case with every mention of what detection saw only in the finished text, resolved anew."""
    found = list(case.resolution.findings)
    for leak in dict.fromkeys(missed):
        for match in re.finditer(rf"(?<!\w){re.escape(leak.surface)}(?!\w)", case.story.text):
            if all(match.end() <= f.start or f.end <= match.start() for f in found):
                found.append(Finding(match.start(), match.end(), Category(leak.category), 0.9, "second-look"))
    return replace(_case(case.story, tuple(sorted(found)), world), review=case.review)


def _case(story: Story, findings: tuple[Finding, ...], world: World) -> Case:
    subject = world.subject_of(story)
    resolution = world.taught.roles(resolve(story, findings, subject.client, world.clients))
    told = sentences(story, world.cues)
    return Case(
        story,
        resolution,
        subject,
        limits=find_limits(story.text, world.policy),
        told=told,
        roles=parts(story.text, told, world.cues, world.outcome, bool(subject.client and subject.client.outcome.strip())),
        syntax=world.parser.parse(story.text, _indirect(told, resolution)),
        review=_as_taught(story, findings, Review(story.digest), world),
    )


def _as_taught(story: Story, findings: Sequence[Finding], review: Review, world: World) -> Review:
    """What people decided about this story, after what the organisation's lists say of every story."""
    taught = world.taught.changes(story.text, findings, tuple(Purpose))
    return Review(review.digest, (*taught, *review.changes)) if taught else review


def _indirect(told: Sequence[Sentence], resolution: Resolution) -> list[tuple[int, int]]:
    """The sentences with an indirect detail, which goes with its clause: those have to be parsed."""
    indirect = [f.start for f in resolution.findings if f.category is Category.INDIRECT]
    return [(s.start, s.end) for s in told if any(s.start <= at < s.end for at in indirect)]


def _terms(case: Case, purpose: Purpose, judgement: Judgement, world: World) -> Terms:
    return Terms(
        purpose,
        judgement,
        world.policy,
        world.book,
        surrogates=assign(case.resolution.entities, world.names, _scope(case, purpose, world)),
        client=case.subject.client,
        syntax=case.syntax,
        softening=replace(case.softening, steps=steps(case.review, purpose)),
        stricter=asked(case.review, purpose),
    )


def _scope(case: Case, purpose: Purpose, world: World) -> Scope:
    widened = world.policy.surrogate_scope == "organisation" and case.subject.case_ref is not None
    key = case.subject.case_ref if widened else f"{case.story.sha256}/{case.story.story_id.partition('-')[2][4:]}"
    return Scope(world.settings.secret, key or "", purpose, widened)


def _person(case: Case, purpose: Purpose, judgement: Judgement, world: World) -> str:
    if judgement.verdict is Verdict.IDENTIFY:
        return allowed_name(judgement, case.subject.client)
    subject = next((entity.entity_id for entity in case.resolution.entities if entity.subject), "")
    if purpose is Purpose.REPORTING:
        return letter("Client", 0) if subject else ""
    return assign(case.resolution.entities, world.names, _scope(case, purpose, world)).get(subject, "")


def _no_outcome(case: Case, purpose: Purpose) -> Skipped:
    return Skipped(
        case.story.story_id,
        purpose,
        Reason.NO_OUTCOME,
        "Nothing that may be told says what came of the help; add the outcome to the note, or leave it out.",
    )
