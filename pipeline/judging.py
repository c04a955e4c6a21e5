"""Judging: what may be told of the person whose story it is, from every register and from the story itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.case import Case
from pipeline.decide import allowed_name
from pipeline.domain.client import Client
from pipeline.domain.finding import Category
from pipeline.domain.permission import Audience, Judgement, Permission, Purpose, Verdict
from pipeline.domain.policy import LimitName
from pipeline.names import reference_key
from pipeline.permission.others import belongs, full_name, spare_others
from pipeline.permission.permit import judge
from pipeline.permission.words import names_agree
from pipeline.topics import apart_from, excluded
from pipeline.world import World


def judged(case: Case, purpose: Purpose, world: World, document: bool = False) -> Judgement:
    """What the registers allow for a purpose, narrowed by the law and by what the story tells of others.

    ``document`` is true when only the sentences that a document may use are told, false for a copy of the whole.
    """
    judgement = _unnameable(_restricted(_of_registers(case, purpose, world), case), case)
    if judgement.verdict is not Verdict.IDENTIFY:
        return judgement
    text = case.story.text
    spans = [(0, len(text))]
    if document:
        topics = excluded(judgement, world.cues)
        told = (apart_from(topics, text, sentence) for sentence in case.told)
        spans = [(s.start, s.end) for s in told if s]
    agreed = _agreed(case, purpose, world)
    return _unnameable(spare_others(judgement, text, spans, case.resolution, case.subject.client, agreed), case)


def permission_rows(case: Case, world: World) -> tuple[Permission, ...]:
    """Every row of the permission register that is about the story's subject."""
    return tuple(row for ref in case.subject.case_refs for row in world.registers.permissions_of(ref))


def _of_registers(case: Case, purpose: Purpose, world: World) -> Judgement:
    """A refusal by anyone whom the story is linked to withholds it; permission counts only for one person's own story."""
    refs = case.subject.case_refs
    rows = [world.registers.permissions_of(ref) for ref in refs] or [()]
    found = [_judge(each, case.subject.client, purpose, world) for each in rows]
    refusals = [*found, *_others(case, purpose, world)]
    refusal = next((judgement for judgement in refusals if judgement.verdict is Verdict.WITHHOLD), None)
    single = found[0] if len(found) == 1 else Judgement(Verdict.ANONYMISE, "ambiguous_match")
    settled = refusal or single
    if any(world.registers.sought(ref, world.settings.on) for ref in refs):
        settled = replace(settled, sought=True)
    if settled.reason == "withdrawn" and any(reference_key(ref) in world.named_before for ref in refs):
        return replace(settled, reason="withdrawn_recall")
    return settled


def _judge(rows: Sequence[Permission], client: Client | None, purpose: Purpose, world: World) -> Judgement:
    settings = world.settings
    audience = Audience(settings.channel, settings.recipient)
    return judge(rows, client, purpose, settings.on, world.organisation, world.registers.permissions_readable, audience)


def _others(case: Case, purpose: Purpose, world: World) -> list[Judgement]:
    """What is on record for the reference that the file itself states, and for the clients whom nobody's story names."""
    refs = {case.story.stated_ref} if case.story.stated_ref else set()
    if not case.subject.case_refs:
        refs |= {entity.case_ref for entity in case.resolution.entities if entity.case_ref}
    rows = [world.registers.permissions_of(ref) for ref in sorted(refs - set(case.subject.case_refs))]
    return [judge(row, None, purpose, world.settings.on, world.organisation) for row in rows]


def _restricted(judgement: Judgement, case: Case) -> Judgement:
    """Nobody whom the law keeps anonymous is ever named, with or without permission (E20)."""
    if all(hit.limit is not LimitName.LEGAL_RESTRICTION for hit in case.limits) or judgement.verdict is not Verdict.IDENTIFY:
        return judgement
    return replace(judgement, verdict=Verdict.ANONYMISE, reason="statutory_restriction", excluded_topics=(), photo=False)


def _unnameable(judgement: Judgement, case: Case) -> Judgement:
    if judgement.verdict is not Verdict.IDENTIFY or allowed_name(judgement, case.subject.client):
        return judgement
    # The client list does not say plainly which part of the name is the one that may be shown.
    return replace(judgement, verdict=Verdict.ANONYMISE, reason="identity_level", excluded_topics=(), photo=False)


def _agreed(case: Case, purpose: Purpose, world: World) -> frozenset[str]:
    """The subject's people who gave written permission of their own: as clients, or in a row of this case (E14)."""
    client, found = case.subject.client, set()
    for entity in case.resolution.entities:
        if entity.category is not Category.PERSON or not belongs(entity, client):
            continue
        name = full_name(entity, client)
        ref = entity.case_ref or case.subject.case_ref or ""
        listed = world.registers.clients_of(ref) if entity.case_ref else []
        themselves = listed[0] if len(listed) == 1 else Client(ref, 0, full_name=name) if name and not listed else None
        if themselves is None:
            continue
        rows = world.registers.permissions_of(ref)
        if not entity.case_ref:
            rows = tuple(row for row in rows if names_agree(row.subject_name, themselves))
        if rows and _judge(rows, themselves, purpose, world).verdict is Verdict.IDENTIFY:
            found.add(entity.entity_id)
    return frozenset(found)
