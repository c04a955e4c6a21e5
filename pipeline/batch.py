"""The run: every input through the recipe, in order, with the evidence written as it goes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import __version__
from pipeline.case import Case
from pipeline.domain.event import Event
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Ending, Held, Output, Reason, Released, Skipped
from pipeline.domain.story import Story
from pipeline.domain.telling import Telling
from pipeline.errors import ReadError, StorysafeError, UnsupportedFormat
from pipeline.publish import publish, review
from pipeline.records.audit import Trail
from pipeline.records.indexed import Registers
from pipeline.records.manifest import Manifest
from pipeline.records.outbox import Outbox
from pipeline.returns import AnnualReport
from pipeline.run import Told, Untold, finish, look_again, prepare
from pipeline.sources import SourceFile, read
from pipeline.survey import names_in_texts, names_of_clients
from pipeline.workers import in_chunks, map_in_order
from pipeline.world import Settings, World, load_names

_CHUNK = 8  # files that share one pass of the tagger; few enough that the chunks in flight stay small


@dataclass(frozen=True, slots=True)
class StoryResult:
    """What became of one story: plain and picklable."""

    story_id: str
    endings: tuple[Ending, ...]
    events: tuple[Event, ...]
    vignette: Telling | None = None


@dataclass(frozen=True, slots=True)
class SourceResult:
    """What became of one input file and of the stories in it."""

    source: str
    sha256: str
    stories: tuple[StoryResult, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run says at its end, in numbers; ``endings`` counts stories and purposes."""

    inputs: int
    released: int
    held: int
    skipped: int
    faults: int
    out: Path

    @property
    def complete(self) -> bool:
        """True when everything asked for was released and every register row was understood."""
        return not (self.held or self.skipped or self.faults)


def run(
    sources: Sequence[SourceFile],
    settings: Settings,
    outbox: Outbox,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Summary:
    """Every source through the recipe; what is finished when it is stopped stays, with its evidence.

    The results depend neither on ``workers`` nor on the order in which inputs were named (law 3).  ``progress`` is
    told how many inputs are done.  Raises :class:`OutputFailed` on a full disk; nothing half-written is released.
    """
    registers = Registers.load(settings.clients, settings.stories, settings.permissions, settings.decisions)
    taken = survey(sources, registers)
    trail, manifest, annual = Trail(outbox.internal / "audit.jsonl"), Manifest(outbox), AnnualReport(settings, registers)
    trail.append(Event("start", "", {"inputs": len(sources), "version": __version__, "on": settings.on.isoformat()}))
    done, complete = 0, False
    outputs: tuple[Output, ...] = ()
    try:
        chunks = in_chunks(sources, _CHUNK)
        for results in map_in_order(_process, chunks, workers, _start, (settings, taken, outbox)):
            for result in results:
                _record(result, manifest, trail, annual)
                done += 1
                progress(done, len(sources))
        outputs = annual.release(outbox, trail)
        complete = True
    finally:
        trail.append(Event("end", "", {"complete": complete, "inputs": done, "annual": len(outputs)}))
        manifest.finish(_head(settings, registers, complete, annual, trail), outputs)
        trail.close()
        outbox.close()
    counts = manifest.counts
    return Summary(done, counts["released"], counts["held"], counts["skipped"], len(registers.errors), outbox.root)


def survey(sources: Sequence[SourceFile], registers: Registers) -> frozenset[str]:
    """The names that no surrogate may be: those in the texts and in the client list (law 4)."""
    return names_in_texts(_texts(sources), load_names()) | names_of_clients(registers.clients)


def _texts(sources: Sequence[SourceFile]) -> Iterator[str]:
    for source in sources:
        yield source.name
        try:
            for story in read(source):
                yield story.text
        except ReadError:
            continue  # It will be reported when its turn comes.


def _record(result: SourceResult, manifest: Manifest, trail: Trail, annual: AnnualReport) -> None:
    for story in result.stories:
        manifest.add(result.source, result.sha256, story.story_id, story.endings)
        for event in story.events:
            trail.append(event)
        if story.vignette:
            annual.add_vignette(story.vignette)


def _head(settings: Settings, registers: Registers, complete: bool, annual: AnnualReport, trail: Trail) -> dict[str, object]:
    return {
        "storysafe": __version__,
        "complete": complete,
        "on": settings.on.isoformat(),
        "purposes": [purpose.value for purpose in settings.purposes],
        "policy_version": annual.policy.version,
        "model_version": annual.model_version,
        "permissions_readable": registers.permissions_readable,
        "audit": {"events": trail.head.count, "digest": trail.head.digest},
        "register_errors": [str(error) for error in registers.errors],
        "register_warnings": list(registers.warnings),
    }


# ---- in a worker -------------------------------------------------------------------------------------------------

_here: tuple[World, Outbox] | None = None


def _start(settings: Settings, taken: frozenset[str], outbox: Outbox) -> None:
    global _here
    registers = Registers.load(settings.clients, settings.stories, settings.permissions, settings.decisions)
    _here = World(settings, registers, taken), outbox


def _process(sources: Sequence[SourceFile]) -> tuple[SourceResult, ...]:
    """Read and tell a few files together: what detection costs is paid once for all of them."""
    assert _here is not None
    world, outbox = _here
    readings = [_read(source, world.settings.purposes) for source in sources]
    stories = [story for reading in readings if not isinstance(reading, StoryResult) for story in reading]
    told = iter([_safely(story, case, world, outbox) for story, case in zip(stories, _prepared(stories, world), strict=True)])
    results = []
    for source, reading in zip(sources, readings, strict=True):
        if isinstance(reading, StoryResult):
            results.append(SourceResult(source.name, _digest(source.path), (reading,)))
        else:
            digest = reading[0].sha256 if reading else _digest(source.path)
            results.append(SourceResult(source.name, digest, tuple(next(told) for _ in reading)))
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


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


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
        return _story(story, case, world, outbox)
    except StorysafeError:
        raise
    except Exception as error:
        advice = "It could not be worked on; report the name of the failure, and leave the file out until then."
        kind = type(error).__name__
        endings = tuple(Held(story.story_id, p, Reason.UNREADABLE, advice, kind) for p in world.settings.purposes)
        return StoryResult(story.story_id, endings, (Event("failed", story.story_id, {"reason": Reason.UNREADABLE.value}),))


def _story(story: Story, case: Case, world: World, outbox: Outbox) -> StoryResult:
    events = [
        Event("read", story.story_id, {"sha256": story.sha256, "blocks": len(story.blocks)}),
        Event("detect", story.story_id, {"findings": len(case.resolution.findings), "limits": len(case.limits)}),
        Event("resolve", story.story_id, {"entities": len(case.resolution.entities), "matched": case.subject.client is not None}),
    ]
    endings, vignette = [], None
    for purpose in world.settings.purposes:
        outcome, ending = _tell(case, purpose, world, outbox)
        review(case, outcome, ending, purpose, world, outbox)
        if purpose is Purpose.REPORTING and isinstance(outcome, Told) and isinstance(ending, Released):
            vignette = outcome.telling
        endings.append(ending)
        events.append(_ended(ending, outcome.judgement.reason, len(outcome.decisions)))
    return StoryResult(story.story_id, tuple(endings), tuple(events), vignette)


def _tell(case: Case, purpose: Purpose, world: World, outbox: Outbox) -> tuple[Told | Untold, Ending]:
    """One story for one purpose; what only the finished text gave away is changed too, once, before it is held."""
    outcome = finish(case, purpose, world)
    if isinstance(outcome, Untold):
        return outcome, outcome.ending
    checked = publish(case, outcome, world, outbox)
    if not checked.missed:
        return outcome, checked.ending
    case = look_again(case, checked.missed, world)
    outcome = finish(case, purpose, world)
    return outcome, outcome.ending if isinstance(outcome, Untold) else publish(case, outcome, world, outbox).ending


def _ended(ending: Ending, permission: str, decisions: int) -> Event:
    facts: dict[str, str | int | float | bool] = {"purpose": ending.purpose.value if ending.purpose else "all",
                                                  "permission": permission, "decisions": decisions}
    if isinstance(ending, Released):
        facts |= {"status": "released", "identified": ending.identified}
        facts |= {f"output_{n}": output.sha256 for n, output in enumerate(ending.outputs)}
    else:
        facts |= {"status": "held" if isinstance(ending, Held) else "skipped", "reason": ending.reason.value}
    return Event("finish", ending.story_id, facts)
