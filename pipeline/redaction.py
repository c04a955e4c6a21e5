"""Redaction: a sanitised copy of each file in its own format and layout, verified like every other release."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path, PurePosixPath

from pipeline import __version__, catalogue
from pipeline.batch import Summary, survey
from pipeline.case import Case
from pipeline.domain.assessment import Assessment, Leak
from pipeline.domain.decision import Decision
from pipeline.domain.event import Event
from pipeline.domain.permission import Judgement, Purpose, Verdict
from pipeline.domain.release import Ending, Held, Reason, Released, Skipped
from pipeline.domain.replacement import Replacement
from pipeline.domain.risk import RiskAssessment
from pipeline.errors import ReadError, UnreadableFile, UnsupportedFormat
from pipeline.gate import hold
from pipeline.inspection import Inspection
from pipeline.names import fold, read_words
from pipeline.narrative import quotations
from pipeline.records.audit import Trail
from pipeline.records.manifest import Manifest
from pipeline.records.outbox import Outbox
from pipeline.rewrite import outermost
from pipeline.risk.copies import lowered_copy, measured_copy
from pipeline.risk.lowering import still_identifiable
from pipeline.run import decided, look_again, prepare
from pipeline.sources import SourceFile, read_whole
from pipeline.sources.copy import copy_name, write_copy
from pipeline.stories import load_registers
from pipeline.verify.assess import SurfaceIndex, assess, assess_bytes
from pipeline.verify.surfaces import Judge
from pipeline.world import Settings, World, ordinary_words

_RULES_OF = Purpose.PUBLICITY  # the strictest rules, where no purpose was named
# Characters: a file is refused, or waits for a person, before it takes minutes.
_MOST, _LOOKED_AT_TWICE = 300_000, 150_000
_NOBODY = Judgement(Verdict.ANONYMISE, "no_purpose")


def redact(
    sources: Sequence[SourceFile],
    settings: Settings,
    purpose: Purpose | None,
    outbox: Outbox,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Summary:
    """Write ``released/<name of the source>`` for every source that passes (its id where the name names somebody).

    With a ``purpose`` permission, limits and refusals are judged as for a document; without one nothing is told to
    anybody yet, so everybody is anonymised by the strictest rules and only a leak holds a copy; how many people fit what
    a copy still says is measured, and those that fit too few are counted.
    """
    registers = load_registers(settings)
    world = World(settings, registers, survey(sources, registers))
    manifest, few = Manifest(outbox), 0
    with Trail(outbox.internal / "audit.jsonl") as trail:
        trail.append(Event("start", "", {"inputs": len(sources), "version": __version__, "on": settings.on.isoformat()}))
        try:
            for number, source in enumerate(sources, 1):
                ending, digest, risk = _one(source, world, purpose, outbox)
                measured = {ending.purpose: risk.record()} if risk and ending.purpose else {}
                manifest.add(source.name, digest, ending.story_id, (ending,), risks=measured)
                few += bool(risk and not risk.holds and isinstance(ending, Released))
                facts = {} if isinstance(ending, Released) else {"reason": ending.reason.value}
                trail.append(Event("redact", ending.story_id, facts | (dict(risk.facts()) if risk else {})))
                progress(number, len(sources))
        finally:
            head = {"storysafe": __version__, "policy_version": world.policy.version, "on": settings.on.isoformat()}
            manifest.finish(head, ())
            outbox.close()
    counts = manifest.counts
    return Summary(
        len(sources), counts["released"], counts["held"], counts["skipped"], len(registers.errors), outbox.root, few=few,
        warnings=registers.warnings,
    )  # fmt: skip


def _one(
    source: SourceFile, world: World, purpose: Purpose | None, outbox: Outbox
) -> tuple[Ending, str, RiskAssessment | None]:
    story_id = f"story-{source.index:04d}"
    try:
        story = read_whole(source)
        if len(story.text) > _MOST:
            raise UnreadableFile(f"{source.name}: more than 300,000 characters", "Split it into smaller files.")
        (case,) = prepare([story], world)
        ending, risk = _copy(source, case, world, purpose, outbox)
        return ending, story.sha256, risk
    except UnsupportedFormat as error:
        return Skipped(story_id, purpose, Reason.UNSUPPORTED, error.remedy), "", None
    except ReadError as error:
        return Held(story_id, purpose, Reason.UNREADABLE, error.remedy), "", None


def _copy(
    source: SourceFile, case: Case, world: World, purpose: Purpose | None, outbox: Outbox
) -> tuple[Ending, RiskAssessment | None]:
    rules = purpose or _RULES_OF
    for second in (False, True):
        judgement, decisions = decided(case, rules, world, None if purpose else _NOBODY)
        if judgement.verdict is Verdict.IDENTIFY and _says_more(case, judgement):
            judgement, decisions = decided(case, rules, world, _NOBODY)
        ending = hold(case, rules, judgement, decisions, world) if purpose else None
        if isinstance(ending, Held):
            return ending, None
        if purpose:
            case = lowered_copy(case, lambda c: decided(c, rules, world, judgement)[1], judgement, rules, world)  # noqa: B023
            decisions = decided(case, rules, world, judgement)[1]
        inspection = Inspection(case, decisions, judgement, world)
        name = _safe_name(copy_name(source.name), inspection)
        draft = outbox.draft(f"copies/{case.story.story_id}/{name.rsplit('/', 1)[-1]}")
        pictures = judgement.photo or world.policy.pictures
        write_copy(
            source, draft, _replacements(decisions),
            author=world.organisation.name, title=case.story.story_id, pictures=pictures,
        )
        leaks = _leaks(draft, inspection)
        if leaks and not second and _can_be_mended(leaks, case):
            case = look_again(case, leaks, world)
            continue
        if leaks:
            return inspection.held(rules, leaks), None
        identified = judgement.verdict is Verdict.IDENTIFY
        text = read_whole(SourceFile(draft, draft.name, 1)).text
        risk = measured_copy(case, text, identified, rules, world)
        if purpose and not risk.holds:
            return still_identifiable(case.story.story_id, rules, risk), risk
        output = outbox.release(draft, name)
        released = Released(case.story.story_id, rules, (output,), identified, judgement.reason, judgement.consent_id)
        return released, risk
    raise AssertionError("the second look decides")


def _leaks(draft: Path, inspection: Inspection) -> list[Leak]:
    """What detection or verification still finds in a finished copy."""
    missed = list(inspection.missed(read_whole(SourceFile(draft, draft.name, 1)).text))
    return missed or inspection.leaks(lambda index: assess(draft, index, inspection.world.name_spans))


def _can_be_mended(leaks: Sequence[Leak], case: Case) -> bool:
    """True where the words that were left stand in the story's own text, so that a second look can take them out."""
    short = len(case.story.text) <= _LOOKED_AT_TWICE
    return short and all(leak.surface for leak in leaks) and any(leak.surface in case.story.text for leak in leaks)


def _says_more(case: Case, judgement: Judgement) -> bool:
    """True where a whole copy would say more than a named person allowed: a topic left out, an unapproved quotation."""
    told = case.told
    return bool(judgement.excluded_topics) or (not judgement.quote and any(quotations(case.story.text, told)))


def _safe_name(name: str, inspection: Inspection) -> str:
    """The name itself, or the story's id where a word of it is a word of anybody's name."""
    said = re.sub(r"[\W\d_]+", " ", name)
    named = inspection.name_words() | inspection.world.client_names
    # Judged as prose, and as the finished file's own name will be.
    judge = inspection.world.name_spans
    looks = [partial(_assessed, said.encode(), path, judge) for path in ("name.txt", PurePosixPath(name).stem + ".txt")]
    words = {fold(word) for word in said.split()}
    telling = words & given_names() or re.search(r"\d(?:[\s-]?\d){6,}", name)
    if not telling and named.isdisjoint(words) and not any(inspection.leaks(look) for look in looks):
        return name
    return inspection.case.story.story_id + PurePosixPath(name).suffix


@cache
def given_names() -> frozenset[str]:
    """Given names that are no ordinary words: a file is seldom called by one without being about somebody."""
    models = catalogue.models()
    return read_words(models, "given_names.txt") - ordinary_words(models)


def _assessed(data: bytes, name: str, judge: Judge, index: SurfaceIndex) -> Assessment:
    return assess_bytes(data, name, index, judge)


def _replacements(decisions: Sequence[Decision]) -> list[Replacement]:
    return [Replacement(d.start, d.end, d.replacement) for d in outermost(decisions)]
