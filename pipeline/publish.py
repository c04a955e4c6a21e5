"""Publish: write a story's document in the private folder, open it again, and seal it only when it is clean.

What goes with it stays inside: the review pack, and the request for permission.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.case import Case
from pipeline.documents.newsletter import write_newsletter, write_social
from pipeline.documents.publicity import write_publicity
from pipeline.documents.review import write_review
from pipeline.documents.training import write_training
from pipeline.domain.assessment import Leak
from pipeline.domain.permission import Judgement, Purpose
from pipeline.domain.release import Ending, Output, Released
from pipeline.duties.seek import needs_request, write_request
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
    """Render and verify one story for its purpose; held when anything is found again.

    What passed stays a draft, sealed by its digest, until the run has recorded it.  A story for reporting is a part of
    the annual return, which is written after the last story: its sentences are verified here.
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
    drafts = {name: outbox.draft(name) for name in _names(case, purpose)}
    with writing():
        _write(told, world, list(drafts.values()))
    for draft in drafts.values():
        leaks = inspection.leaks(lambda index, draft=draft: assess(draft, index, world.name_spans))  # type: ignore[misc]
        if leaks:
            for each in drafts.values():
                each.unlink(missing_ok=True)
            return Checked(inspection.held(purpose, leaks))
    return Checked(_released(case, told, tuple(outbox.seal(name) for name in drafts)))


def review(
    case: Case, outcome: Told | Untold, ending: Ending, purpose: Purpose, world: World, outbox: Outbox,
    risk: Sequence[tuple[str, str]] = (),
) -> str:  # fmt: skip
    """Write the internal pack that shows what was changed, where and why; its name, as a draft and under internal/.

    ``risk`` says in names and values how far what is left gives somebody away.
    """
    name = f"review/{case.story.story_id}-{purpose.value}.docx"
    draft = outbox.draft(name)
    with writing():
        write_review(
            draft, case.story, outcome.decisions, outcome.judgement, purpose, ending,
            world.policy, world.organisation, world.wording, world.layout("review"), risk,
        )
    return name


def request(
    case: Case, judgements: Mapping[Purpose, Judgement], endings: Mapping[Purpose, Ending], world: World, outbox: Outbox
) -> tuple[str, ...]:
    """Write the pack that asks the service user for permission, when the story is worth asking for (P16); its drafts' names."""
    client = case.subject.client
    known = client is not None and client.full_name and world.settings.organisation is not None
    if client is None or not known or not needs_request(judgements, endings):
        return ()
    folder = outbox.draft("requests/pack").parent
    with writing():
        need = client.communication_need
        written = write_request(case.story.story_id, client, world.organisation, folder, world.settings.on, need)
    return tuple(f"requests/{path.name}" for path in written)


def _released(case: Case, told: Told, outputs: tuple[Output, ...]) -> Released:
    judgement = told.judgement
    return Released(
        case.story.story_id, told.telling.purpose, outputs, told.telling.identified, judgement.reason, judgement.consent_id,
        judgement.sought, judgement.channels, judgement.recipients,
    )


def _names(case: Case, purpose: Purpose) -> tuple[str, ...]:
    """The files of a story: the Word document, and for publicity plain text for a newsletter and for social media."""
    stem = f"{purpose.value}/{case.story.story_id}"
    texts = (f"{stem}.txt", f"{stem}-social.txt") if purpose is Purpose.PUBLICITY else ()
    return (f"{stem}.docx", *texts)


def write_document(told: Told, world: World, target: Path) -> None:
    """Write the Word document of a story for publicity or training, unverified: for the eyes of whoever decides."""
    telling, words = told.telling, world.policy.publicity_words
    if telling.purpose is Purpose.PUBLICITY:
        write_publicity(telling, world.organisation, world.wording, world.layout("publicity"), target, words)
    else:
        write_training(telling, world.organisation, world.policy, world.wording, world.layout("training"), target)


def _write(told: Told, world: World, drafts: Sequence[Path]) -> None:
    telling, organisation, wording = told.telling, world.organisation, world.wording
    if telling.purpose is Purpose.PUBLICITY:
        document, newsletter, social = drafts
        write_document(told, world, document)
        write_newsletter(telling, organisation, wording, newsletter, world.policy.publicity_words)
        write_social(telling, organisation, wording, social)
    else:
        write_document(told, world, drafts[0])
