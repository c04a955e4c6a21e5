"""Publish: write a story's document in the private folder, open it again, and release it only when it is clean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.case import Case
from pipeline.documents.publicity import write_publicity
from pipeline.documents.review import write_review
from pipeline.documents.training import write_training
from pipeline.domain.assessment import Leak
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Ending, Output, Released
from pipeline.inspection import Inspection
from pipeline.records.outbox import Outbox, writing
from pipeline.run import Told, Untold
from pipeline.verify.assess import assess, assess_bytes
from pipeline.world import World


@dataclass(frozen=True, slots=True)
class Checked:
    """How a document ended, and what only detection's second look at it saw."""

    ending: Ending
    missed: tuple[Leak, ...] = ()


def publish(case: Case, told: Told, world: World, outbox: Outbox) -> Checked:
    """Render, verify and release one story for its purpose; held when anything is found again.

    A story for reporting is a part of the annual return, which is written after the last story: its sentences are
    verified here.
    """
    purpose, text = told.telling.purpose, "\n".join(passage.text for passage in told.telling.passages)
    inspection = Inspection(case, told.decisions, told.judgement, world)
    missed = list(inspection.missed(text))
    if missed:
        return Checked(inspection.held(purpose, missed), tuple(missed))
    if purpose is Purpose.REPORTING:
        data = text.encode()
        leaks = inspection.leaks(lambda index: assess_bytes(data, "vignette.txt", index, world.name_spans))
        return Checked(inspection.held(purpose, leaks) if leaks else _released(case, told, ()))
    name = f"{purpose.value}/{case.story.story_id}.docx"
    draft = outbox.draft(name)
    with writing():
        _write(told, world, draft)
    leaks = inspection.leaks(lambda index: assess(draft, index, world.name_spans))
    if leaks:
        draft.unlink(missing_ok=True)
        return Checked(inspection.held(purpose, leaks))
    return Checked(_released(case, told, (outbox.release(draft, name),)))


def review(case: Case, outcome: Told | Untold, ending: Ending, purpose: Purpose, world: World, outbox: Outbox) -> None:
    """Write the internal pack that shows what was changed, where and why."""
    name = f"review/{case.story.story_id}-{purpose.value}.docx"
    draft = outbox.draft(name)
    with writing():
        write_review(
            draft, case.story, outcome.decisions, outcome.judgement, purpose, ending,
            world.policy, world.organisation, world.wording, world.layout("review"),
        )
    outbox.keep(draft, name)


def _released(case: Case, told: Told, outputs: tuple[Output, ...]) -> Released:
    judgement = told.judgement
    return Released(
        case.story.story_id, told.telling.purpose, outputs, told.telling.identified, judgement.reason, judgement.consent_id
    )


def _write(told: Told, world: World, draft: Path) -> None:
    if told.telling.purpose is Purpose.PUBLICITY:
        write_publicity(told.telling, world.organisation, world.wording, world.layout("publicity"), draft)
    else:
        write_training(told.telling, world.organisation, world.policy, world.wording, world.layout("training"), draft)
