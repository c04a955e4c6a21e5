"""``storysafe evaluate``: what detection finds of a marked corpus, as tables."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from pipeline import catalogue
from pipeline.cli.registers import FILE
from pipeline.detect import Detector, Known
from pipeline.domain.finding import Category, Finding
from pipeline.domain.story import Story
from pipeline.evaluate import Count, Figures, Gold, evaluate, load_gold
from pipeline.policy.policies import organisation_of
from pipeline.records.indexed import Registers
from pipeline.sources import SourceFile, read_whole
from pipeline.workers import in_chunks

_ORDER = ("ALL", "direct", "quasi", *Category)


@click.command("evaluate")
@click.argument("gold", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--negatives", type=FILE, help="What must not be touched, in the same form.")
@click.option("--clients", type=FILE, help="The client list, if detection is to know it.")
@click.option("--organisation", type=FILE, help="organisation.toml, if detection is to know it.")
@click.option("--misses", is_flag=True, help="List what was missed: for the eyes of those who may see the corpus.")
def evaluate_command(
    gold: Path, negatives: Path | None, clients: Path | None, organisation: Path | None, misses: bool
) -> None:
    """Compare what detection finds with a marked corpus, GOLD (JSON Lines: doc, style, text, spans).

    A mention counts as found when every letter and digit of it is covered; an entity when every mention of it is.
    """
    documents = load_gold(gold, negatives)
    ours = organisation_of(organisation)
    known = Known(Registers.load(clients, None, None, None).clients, ours.staff, (ours.name, *ours.also_known_as))
    figures = evaluate(documents, _predict(Detector.load(catalogue.models(), known), documents))
    for line in table(figures):
        click.echo(line)
    if misses:
        for miss in figures.misses:
            click.echo(f"missed: {miss.doc} {miss.category.value} at {miss.start}: {miss.text!r}")


def _predict(detector: Detector, documents: Sequence[Gold]) -> Mapping[str, tuple[Finding, ...]]:
    found = {}
    for chunk in in_chunks(documents, 8):
        stories = list(_as_files(chunk))
        for document, findings in zip(chunk, detector.detect(stories), strict=True):
            found[document.doc] = findings
    return found


def _as_files(documents: Sequence[Gold]) -> Iterator[Story]:
    """The texts read as the files they stand for, so that blocks and labels are seen as in a run."""
    with tempfile.TemporaryDirectory() as folder:
        for number, document in enumerate(documents, 1):
            path = Path(folder) / f"{number}.txt"
            path.write_bytes(document.text.encode("utf-8"))
            yield read_whole(SourceFile(path, f"{number}.txt", number))


def table(figures: Figures) -> Iterator[str]:
    """The figures in Markdown: by category, then by style, then precision."""
    yield "| | mentions | found in full | in part | entities | every mention found |"
    yield "|---|---|---|---|---|---|"
    for name in dict.fromkeys(str(name) for name in _ORDER):
        mentions, entities = figures.mentions.get(name), figures.entities.get(name)
        if mentions and entities:
            yield f"| {name} | {mentions.n} | {_rate(mentions)} | {_part(mentions)} | {entities.n} | {_rate(entities)} |"
    yield ""
    yield "| style | mentions | found in full | in part |"
    yield "|---|---|---|---|"
    for style, count in sorted(figures.styles.items()):
        yield f"| {style} | {count.n} | {_rate(count)} | {_part(count)} |"
    yield ""
    touched = figures.negatives.get("ALL")
    yield f"Precision, by word: {figures.precision:.3f} of {figures.words.n}."
    if touched:
        yield f"What must not be touched: {_rate(touched)} of {touched.n} touched."


def _rate(count: Count) -> str:
    return f"{count.rate:.3f}"


def _part(count: Count) -> str:
    return f"{count.part / count.n:.3f}" if count.n else "-"
