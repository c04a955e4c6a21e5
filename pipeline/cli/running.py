"""``storysafe run`` and ``storysafe demo``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from pipeline import batch, catalogue
from pipeline.cli.registers import FILE, settings_from, with_registers
from pipeline.domain.permission import Purpose
from pipeline.errors import UsageError
from pipeline.records.journal import RunKey
from pipeline.records.outbox import Outbox
from pipeline.sources import SourceFile, list_sources
from pipeline.world import Settings

Progress = Callable[[int, int], None]
Job = Callable[[Sequence[SourceFile], Outbox, Progress], batch.Summary]
_INCOMPLETE = 3
_DEMO_MARK = "made-by-storysafe-demo.txt"
_DEMO_DAY = date(2026, 11, 22)
_DEMO_SECRET = b"the secret of the samples, which is none"


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write to.")
@click.option("--purpose", "purposes", multiple=True, type=click.Choice([p.value for p in Purpose]), help="Default: all three.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that share the work.")
@click.option("--overwrite", is_flag=True, help="Replace what an earlier run left in the output folder.")
@click.option("--last-year", type=FILE, help="annual-return.xlsx of last year, to compare the annual return with.")
@with_registers
def run(
    inputs: tuple[Path, ...], out: Path, purposes: tuple[str, ...], workers: int, overwrite: bool, last_year: Path | None,
    **given: Any,
) -> None:  # fmt: skip
    """Turn case notes into documents.

    INPUT is a file or a folder.  Documents that passed every check are in OUT/released; what was held, and why, is in
    OUT/internal/held.csv.
    """
    chosen = tuple(p for p in Purpose if p.value in purposes) or tuple(Purpose)
    check_inputs(inputs, out)
    settings = replace(settings_from(given, chosen), last_year=last_year)
    if settings.organisation is None and settings.permissions:
        click.echo("No --organisation was given: no permission can be matched to you, so nobody is identified.", err=True)
    conclude(tell(inputs, settings, out, overwrite, workers))


@click.command()
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("storysafe-demo"), show_default=True)
def demo(out: Path) -> None:
    """Run the whole pipeline over invented samples, and say where to look."""
    samples = catalogue.samples()
    settings = Settings(
        samples / "organisation.toml",
        catalogue.policy_templates() / "policy.toml",
        _DEMO_DAY,
        clients=samples / "clients.csv",
        stories=samples / "stories.csv",
        permissions=samples / "permissions.csv",
        decisions=samples / "decisions.csv",
        secret=_DEMO_SECRET,
    )
    mark = out / _DEMO_MARK
    overwrite = mark.is_file()
    out.mkdir(parents=True, exist_ok=True)
    if not any(out.iterdir()):
        mark.write_text("This folder is written anew by storysafe demo.\n", encoding="utf-8")
        overwrite = True
    click.echo(_words(tell((samples / "notes",), settings, out, overwrite)))
    click.echo(f"""
Look at:
  {out / "released" / "publicity"}    stories to publish
  {out / "released" / "reporting"}    the annual return, in Word and Excel
  {out / "released" / "training"}     training cases
  {out / "internal" / "held.csv"}     what was held or skipped, and why
  {out / "internal" / "review"}       what was changed in each story, for your eyes only""")


def check_inputs(inputs: tuple[Path, ...], out: Path) -> None:
    """Refuse inputs that are not there, and an output folder among them."""
    for given in inputs:
        if not given.exists():
            raise UsageError("an input that was named does not exist", "Check the spelling of files and folders.")
        if out.resolve().is_relative_to(given.resolve()) and given.is_dir():
            raise UsageError("the output folder lies inside an input folder", "Choose an output folder elsewhere.")


def tell(inputs: tuple[Path, ...], settings: Settings, out: Path, overwrite: bool, workers: int = 1) -> batch.Summary:
    """Run over every input; where the same run was stopped in that folder, go on with it."""
    planned = batch.plan(_listed(inputs), settings)
    return _with_outbox(
        len(planned.sources), out, overwrite, planned.key, lambda box, progress: batch.run(planned, box, workers, progress)
    )


def work(inputs: tuple[Path, ...], out: Path, overwrite: bool, job: Job) -> batch.Summary:
    """Open the output folder and do the job over every input, saying how far it is."""
    sources = _listed(inputs)
    return _with_outbox(len(sources), out, overwrite, None, lambda box, progress: job(sources, box, progress))


def _listed(inputs: tuple[Path, ...]) -> Sequence[SourceFile]:
    sources = list_sources(inputs)
    if not sources:
        raise UsageError("there is no file in what was named", "Name a file, or a folder with files in it.")
    return sources


def _with_outbox(
    count: int, out: Path, overwrite: bool, key: RunKey | None, job: Callable[[Outbox, Progress], batch.Summary]
) -> batch.Summary:
    outbox = Outbox.open(out, overwrite, key)
    try:
        with click.progressbar(length=count, label="Stories", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
            return job(outbox, _progress(bar))
    finally:
        outbox.close()


def conclude(summary: batch.Summary) -> None:
    """Say what came of it, and end with the exit code that says so too."""
    click.echo(_words(summary))
    if summary.resumed:
        click.echo(f"The run went on from where it was stopped: {summary.resumed} inputs had been done before.", err=True)
    if summary.recalled:
        click.echo(
            f"{summary.recalled} released files name somebody who has withdrawn since; see internal/recalls.csv.", err=True
        )
    if summary.few:
        click.echo(
            f"{summary.few} copies still say so much that fewer people fit than the policy asks ([risk]): for use inside, as "
            "they are. Name a --purpose to have them told more broadly; internal/manifest.json says what is left in each.",
            err=True,
        )
    for warning in summary.warnings:
        click.echo(warning if warning.endswith(".") else f"{warning}.", err=True)
    if summary.faults:
        click.echo(f"{summary.faults} register cells were not understood; see internal/manifest.json.", err=True)
    if not summary.complete:
        sys.exit(_INCOMPLETE)


def _progress(bar: Any) -> Progress:
    """A bar on a terminal, a plain line every ten seconds elsewhere."""
    last = time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal last
        bar.update(1)
        if bar.hidden and time.monotonic() - last > 10:
            last = time.monotonic()
            click.echo(f"{done} of {total} inputs done", err=True)

    return progress


def _words(summary: batch.Summary) -> str:
    counts = f"{summary.released} documents or entries released, {summary.held} held, {summary.skipped} skipped."
    return f"{summary.inputs} inputs: {counts}\nReleased files: {summary.out / 'released'}"


