"""In a worker: a few files read and told together; what passed lies sealed in the private folder for the run to record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.carrying import earlier_decisions, unasked
from pipeline.case import Case
from pipeline.domain.event import Event
from pipeline.domain.permission import Judgement, Purpose
from pipeline.domain.release import Ending, Held, Reason, Released, Skipped
from pipeline.domain.review import Review
from pipeline.domain.risk import RiskAssessment
from pipeline.domain.story import Story
from pipeline.domain.telling import Telling
from pipeline.errors import ReadError, RegisterError, ReviewRefused, StorysafeError, UnsupportedFormat
from pipeline.publish import publish, request, review
from pipeline.records.indexed import Registers
from pipeline.records.outbox import Outbox
from pipeline.records.reviews import Reviews
from pipeline.risk.lowering import Lowered, finish_safely
from pipeline.risk.words import risk_words
from pipeline.run import Told, Untold, look_again, prepare, reviewed
from pipeline.runkey import digest_of_file, registers_digest
from pipeline.sources import SourceFile, read
from pipeline.world import Settings, World


@dataclass(frozen=True, slots=True)
class StoryResult:
    """What became of one story: plain and picklable.

    ``digest`` is that of its text, empty when it could not be read; ``shared`` is what documents of many stories tell of
    it, ``kept`` are its review packs and the request for permission, still drafts; ``reviewed`` is the version of the
    review that it was told from; ``risks`` measure what is left in it for each purpose, before and after, for the manifest.
    """

    story_id: str
    endings: tuple[Ending, ...]
    events: tuple[Event, ...]
    shared: tuple[Telling, ...] = ()
    digest: str = ""
    case_refs: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    reviewed: int = 0
    risks: Mapping[Purpose, Mapping[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What became of one input file and of the stories in it; ``index`` is its place in the sorted list."""

    source: str
    sha256: str
    stories: tuple[StoryResult, ...]
    index: int


SHARED = frozenset({Purpose.REPORTING, Purpose.TRAINING})
"""The purposes for which a run also writes documents that tell many stories."""

_here: tuple[World, Outbox] | None = None


def start(settings: Settings, taken: frozenset[str], outbox: Outbox, registers_were: str) -> None:
    """Load what every story needs; raises ``RegisterError`` when a register is not the one that the run began with."""
    global _here
    registers = load_registers(settings)
    if registers_digest(registers) != registers_were:
        raise RegisterError("a register was changed while the run began", "Save and close the registers, and run again.")
    _here = World(settings, registers, taken), outbox


def load_registers(settings: Settings) -> Registers:
    """The registers that the settings name, and what the organisation's records add to them."""
    named = settings.clients, settings.stories, settings.permissions, settings.decisions
    if settings.workspace is None:
        return Registers.load(*named)
    with settings.workspace.store() as store:
        return Registers.load(*named, store)


def process(sources: Sequence[SourceFile]) -> tuple[SourceResult, ...]:
    """Read and tell a few files together: what detection costs is paid once for all of them."""
    assert _here is not None
    world, outbox = _here
    readings = [_read(source, world.settings.purposes) for source in sources]
    stories = [story for reading in readings if not isinstance(reading, StoryResult) for story in reading]
    told = iter([_safely(story, case, world, outbox) for story, case in zip(stories, _prepared(stories, world), strict=True)])
    results = []
    for source, reading in zip(sources, readings, strict=True):
        if isinstance(reading, StoryResult):
            results.append(SourceResult(source.name, digest_of_file(source.path), (reading,), source.index))
        else:
            digest = reading[0].sha256 if reading else digest_of_file(source.path)
            results.append(SourceResult(source.name, digest, tuple(next(told) for _ in reading), source.index))
    return tuple(results)


def _read(source: SourceFile, purposes: Sequence[Purpose]) -> tuple[Story, ...] | StoryResult:
    story_id = f"story-{source.index:04d}"
    endings: tuple[Ending, ...]
    try:
        return read(source)
    except UnsupportedFormat as error:
        reason, endings = error.reason, tuple(Skipped(story_id, p, Reason.UNSUPPORTED, error.remedy) for p in purposes)
    except ReadError as error:
        reason, endings = error.reason, tuple(Held(story_id, p, Reason.UNREADABLE, error.remedy) for p in purposes)
    return StoryResult(story_id, endings, (Event("read", story_id, {"reason": reason}),))


def _prepared(stories: Sequence[Story], world: World) -> list[Case | Exception]:
    """The cases; where one story breaks the batch each is tried alone, so that it costs nobody else theirs."""
    try:
        return list(prepare(stories, world))
    except StorysafeError:
        raise
    except Exception:
        return [_alone(story, world) for story in stories]


def _alone(story: Story, world: World) -> Case | Exception:
    try:
        return prepare([story], world)[0]
    except StorysafeError:
        raise
    except Exception as error:
        return error


def _safely(story: Story, case: Case | Exception, world: World, outbox: Outbox) -> StoryResult:
    """One story's result; an unforeseen failure holds it, named by its type alone, since its text may be personal."""
    try:
        if isinstance(case, Exception):
            raise case
        case, step = as_reviewed(case, world)
        return replace(tell_story(case, world, outbox), reviewed=step)
    except Exception as error:
        if isinstance(error, StorysafeError) and not isinstance(error, ReviewRefused):
            raise
        advice = "It could not be worked on; report the name of the failure, and leave the file out until then."
        kind = type(error).__name__
        endings = tuple(Held(story.story_id, p, Reason.UNREADABLE, advice, kind) for p in world.settings.purposes)
        failed = Event("failed", story.story_id, {"reason": Reason.UNREADABLE.value})
        return StoryResult(story.story_id, endings, (failed,), digest=story.digest)


def as_reviewed(case: Case, world: World) -> tuple[Case, int]:
    """The case as people reviewed it, in this run or before, and the version of their review; 0 for none.

    A story that was changed since keeps what makes it stricter, where words and surroundings are the same.  Raises
    ``ReviewRefused`` for a review that cannot be read: what somebody marked may be in it.
    """
    if world.settings.workspace is None:
        return case, 0
    kept = Reviews(world.settings.workspace.reviews, world.settings.workspace.key).of(case.story.digest)
    if not kept.version and (earlier := unasked(earlier_decisions(case, world))):
        return reviewed(case, Review(case.story.digest, earlier), world), 0
    return (reviewed(case, kept.review, world) if kept.review.changes else case), kept.version


def tell_story(case: Case, world: World, outbox: Outbox) -> StoryResult:
    """One story told for every purpose of the run; what passed lies sealed in the private folder."""
    story = case.story
    events = [
        Event("read", story.story_id, {"sha256": story.sha256, "blocks": len(story.blocks)}),
        Event("detect", story.story_id, {"findings": len(case.resolution.findings), "limits": len(case.limits)}),
        Event("resolve", story.story_id, {"entities": len(case.resolution.entities), "matched": case.subject.client is not None}),
    ]
    endings, kept = [], []
    judgements: dict[Purpose, Judgement] = {}
    earlier: list[Telling] = []
    risks = {}
    for purpose in world.settings.purposes:
        told, ending = _tell(case, purpose, world, outbox, earlier)
        outcome, risk = told.outcome, told.risk
        judgements[purpose] = outcome.judgement
        kept.append(review(case, outcome, ending, purpose, world, outbox, risk_words(risk, told.before)))
        if isinstance(outcome, Told) and isinstance(ending, Released):
            earlier.append(outcome.telling)
        endings.append(ending)
        if risk:
            risks[purpose] = risk.record(told.before)
        events.append(_ended(ending, outcome.judgement.reason, len(outcome.decisions), risk))
    shared = tuple(telling for telling in earlier if telling.purpose in SHARED)
    asked = request(case, judgements, dict(zip(world.settings.purposes, endings, strict=True)), world, outbox)
    events.append(Event("request", story.story_id, {"files": len(asked)}))
    refs = case.subject.case_refs
    return StoryResult(story.story_id, tuple(endings), tuple(events), shared, story.digest, refs, (*kept, *asked), risks=risks)


def _tell(
    case: Case, purpose: Purpose, world: World, outbox: Outbox, earlier: Sequence[Telling]
) -> tuple[Lowered, Ending]:
    """One story for one purpose; what only the finished text gave away is changed too, once, before it is held."""
    told = finish_safely(case, purpose, world, earlier)
    if isinstance(told.outcome, Untold):
        return told, told.outcome.ending
    checked = publish(told.case, told.outcome, world, outbox)
    if not checked.missed:
        return told, checked.ending
    told = finish_safely(look_again(case, checked.missed, world), purpose, world, earlier)
    if isinstance(told.outcome, Untold):
        return told, told.outcome.ending
    return told, publish(told.case, told.outcome, world, outbox).ending


def _ended(ending: Ending, permission: str, decisions: int, risk: RiskAssessment | None) -> Event:
    facts: dict[str, str | int | float | bool] = {"purpose": ending.purpose.value if ending.purpose else "all",
                                                  "permission": permission, "decisions": decisions}
    if isinstance(ending, Released):
        facts |= {"status": "released", "identified": ending.identified}
        facts |= {f"output_{n}": output.sha256 for n, output in enumerate(ending.outputs)}
    else:
        facts |= {"status": "held" if isinstance(ending, Held) else "skipped", "reason": ending.reason.value}
    return Event("finish", ending.story_id, facts | (dict(risk.facts()) if risk else {}))
