"""``storysafe explain``: why a story is told, changed or held for a purpose, without a personal value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from pipeline.cli.deciding import run_of
from pipeline.cli.registers import settings_from, with_registers
from pipeline.domain.permission import Audience, Purpose
from pipeline.domain.story import Story
from pipeline.errors import UsageError
from pipeline.judging import permission_rows
from pipeline.permission.permit import judge
from pipeline.policy.policies import load_policy, organisation_of
from pipeline.records.explain import explain as in_words
from pipeline.records.explain import explain_decisions, explain_ending, explain_limits
from pipeline.records.indexed import Registers
from pipeline.run import Told, finish, prepare
from pipeline.sources import list_sources, read
from pipeline.stories import load_registers
from pipeline.world import Settings, World


@click.command()
@click.argument("story", metavar="STORY")
@click.option("--purpose", required=True, type=click.Choice([p.value for p in Purpose]), help="The purpose to explain.")
@click.option("--run", "out", type=click.Path(path_type=Path, file_okay=False), help="The run that a story id is from.")
@with_registers
def explain(story: str, purpose: str, out: Path | None, **given: Any) -> None:
    """Say why a story may be told, or not: rows, rules, clauses, limits and decisions.

    STORY is a file of case notes, a case reference, or the id of a story of the run that --run names.
    """
    settings = settings_from(given, (Purpose(purpose),))
    path = Path(story)
    if out is None and path.is_file():
        lines = _of_file(path, Purpose(purpose), settings)
    else:
        refs, digest = _of_run(story, out, settings) if out else ((story,), "")
        lines = _of_refs(refs, digest, Purpose(purpose), settings)
    for line in lines:
        click.echo(line)


def _of_file(path: Path, purpose: Purpose, settings: Settings) -> Iterator[str]:
    stories: list[Story] = [story for source in list_sources((path,)) for story in read(source)]
    world = World(settings, load_registers(settings))
    for number, case in enumerate(prepare(stories, world), 1):
        if len(stories) > 1:
            yield f"Story {number} of {len(stories)}:"
        outcome = finish(case, purpose, world)
        yield from in_words(outcome.judgement, permission_rows(case, world), world.policy, purpose, settings.on)
        yield from explain_limits(case.limits, world.policy)
        yield from explain_decisions(world.decisions_made(case.subject, purpose), case.story.digest)
        yield explain_ending(None if isinstance(outcome, Told) else outcome.ending)


def _of_run(story_id: str, out: Path, settings: Settings) -> tuple[Sequence[str], str]:
    assert settings.workspace is not None
    with settings.workspace.store() as store:
        record = store.story(run_of(out), story_id)
    if record is None:
        raise UsageError("that run has no such story in the records", "Take the id from held.csv, and the workspace of that run.")
    return record.case_refs, record.digest


def _of_refs(refs: Sequence[str], digest: str, purpose: Purpose, settings: Settings) -> Iterator[str]:
    registers, policy = load_registers(settings), load_policy(settings.policy)
    audience = Audience(settings.channel, settings.recipient)
    if len(refs) == 1 and not registers.clients_of(refs[0]) and not registers.permissions_of(refs[0]):
        raise UsageError(
            "there is no such file, and no such case in the registers", "Name a file, a case reference, or a story id with --run."
        )
    for ref in refs or ("",):
        clients = registers.clients_of(ref)
        rows = registers.permissions_of(ref)
        client = clients[0] if len(clients) == 1 and len(refs) == 1 else None
        organisation = organisation_of(settings.organisation)
        judgement = judge(rows, client, purpose, settings.on, organisation, registers.permissions_readable, audience)
        yield from in_words(judgement, rows, policy, purpose, settings.on)
        yield from explain_decisions(_decisions(registers, ref, purpose, settings), digest)
    yield "The text was not read: name the file to see the limits in it, and the people whom it would expose."


def _decisions(registers: Registers, ref: str, purpose: Purpose, settings: Settings) -> list[Any]:
    return [d for d in registers.decisions_of(ref) if d.purpose is purpose and d.decided_on <= settings.on]
