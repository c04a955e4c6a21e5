"""``storysafe layout check``: whether an organisation's own Word layout can be filled."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from pipeline.cli.registers import FILE
from pipeline.documents import publicity, reporting, review, training, workbook_of_cases
from pipeline.documents.layouts import check_layout

_INCOMPLETE = 3
_KINDS = {
    "publicity": publicity,
    "training": training,
    "workbook": workbook_of_cases,
    "annual-return": reporting,
    "review": review,
}


@click.group()
def layout() -> None:
    """Word layouts of your own."""


@layout.command()
@click.argument("file", type=FILE)
@click.option("--kind", type=click.Choice(sorted(_KINDS)), help="What the layout is for; its name tells when it is not given.")
@click.pass_context
def check(ctx: click.Context, file: Path, kind: str | None) -> None:
    """Say which fields of a Word layout are misspelt or missing, and list those that it may use.

    Exit codes: 0 the layout can be filled, 3 it cannot.
    """
    kind = kind or next((name for name in _KINDS if file.stem.lower().startswith(name)), None)
    if kind is None:
        raise click.UsageError("Say what the layout is for with --kind: " + ", ".join(sorted(_KINDS)) + ".")
    known, required = _KINDS[kind].FIELDS, _KINDS[kind].REQUIRED
    problems = check_layout(file, known, required)
    for problem in problems:
        click.echo(f"{file.name}: {problem}{_meant(problem, known)}")
    if problems:
        click.echo("Fields for " + kind + ": " + ", ".join(sorted(known)) + ".")
        ctx.exit(_INCOMPLETE)
    click.echo(f"{file.name}: every field is known, and none is missing for {kind}.")


def _meant(problem: str, known: frozenset[str]) -> str:
    """A guess at what a misspelt field was meant to be."""
    name = problem.split()[2] if problem.endswith("does not exist.") else ""
    near = difflib.get_close_matches(name, known, n=1) if name else []
    return f" Did you mean {near[0]}?" if near else ""
