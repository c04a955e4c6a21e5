"""``storysafe detect``: what would be changed, as JSON Lines."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import click

from pipeline import catalogue
from pipeline.cli.registers import FILE
from pipeline.cli.unlocking import unlocked
from pipeline.detect import Detector, Known
from pipeline.domain.finding import Finding
from pipeline.domain.remembered import Remembered
from pipeline.domain.story import Story
from pipeline.errors import ReadError
from pipeline.policy.policies import organisation_of
from pipeline.records.indexed import Registers
from pipeline.records.lists import load_lists
from pipeline.records.workspace import Workspace
from pipeline.remembered import Taught
from pipeline.resolve import ClientIndex, resolve
from pipeline.sources import SourceFile, list_sources, read_whole
from pipeline.survey import names_of_clients
from pipeline.workers import in_chunks
from pipeline.world import not_names, ordinary_words

_CHUNK = 8
_INCOMPLETE = 3


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(path_type=Path, exists=True))
@click.option("--clients", type=FILE, help="The client list: its names, addresses and numbers are found too.")
@click.option("--stories", type=FILE, help="Which file is about which client.")
@click.option("--organisation", type=FILE, help="organisation.toml: its own name is found as such.")
@click.option(
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="STORYSAFE_WORKSPACE",
    help="The folder of the organisation's records: its own lists count too.",
)
@click.option("--reveal", is_flag=True, help="Print the words that were found: for the eyes of those who may see them.")
@click.pass_context
def detect(
    ctx: click.Context,
    inputs: tuple[Path, ...],
    clients: Path | None,
    stories: Path | None,
    organisation: Path | None,
    workspace: Path | None,
    reveal: bool,
) -> None:
    """Print what identifies somebody in each file, one JSON object a line, without the words themselves."""
    registers = Registers.load(clients, stories, None, None)
    ours = organisation_of(organisation)
    known = Known(registers.clients, ours.staff, (ours.name, *ours.also_known_as))
    detector = Detector.load(catalogue.models(), known)
    index = ClientIndex.load(catalogue.models(), registers.clients, ours.staff)
    rows = _rows(workspace)
    common = ordinary_words(catalogue.models()) | not_names(catalogue.models()) if rows else frozenset()
    taught = Taught.of(rows, names_of_clients(registers.clients), common, detector.known.lists)
    unread = 0
    for chunk in in_chunks(list_sources(inputs), _CHUNK):
        stories_read = []
        for source in chunk:
            story = _read(source)
            if story is None:
                unread += 1
            else:
                stories_read.append(story)
        for story, findings in zip(stories_read, detector.detect(stories_read), strict=True):
            refs = registers.refs_of(story.source, story.stated_ref)
            owners = registers.clients_of(refs[0]) if len(refs) == 1 else []
            subject = owners[0] if len(owners) == 1 else None
            resolution = taught.roles(resolve(story, taught.findings(story.text, findings), subject, index))
            click.echo(json.dumps(_line(story, resolution.findings, reveal), ensure_ascii=False))
    if unread:
        click.echo(f"storysafe: {unread} files could not be read.", err=True)
        ctx.exit(_INCOMPLETE)


def _rows(root: Path | None) -> tuple[Remembered, ...]:
    """The organisation's own lists; none where no workspace was named."""
    if root is None or not (workspace := Workspace(root)).lists.exists():
        return ()
    workspace = unlocked(workspace)
    return load_lists(workspace.lists, workspace.key).rows


def _read(source: SourceFile) -> Story | None:
    try:
        return read_whole(source)
    except ReadError as error:
        click.echo(f"storysafe: input {source.index} was not read: {error.reason}. {error.remedy}", err=True)
        return None


def _line(story: Story, findings: tuple[Finding, ...], reveal: bool) -> dict[str, Any]:
    spans = []
    for finding in findings:
        span: dict[str, Any] = {
            "start": finding.start,
            "end": finding.end,
            "category": finding.category.value,
            "score": round(finding.score, 4),
            "detector": finding.detector,
            "entity": finding.entity,
        }
        if finding.kind:
            span["kind"] = finding.kind
        if reveal:
            span["text"] = story.text[finding.start : finding.end]
        spans.append(span)
    digest = hashlib.sha256(story.text.encode("utf-8", "surrogatepass")).hexdigest()
    return {"source": story.source, "text_sha256": digest, "spans": spans}
