"""``storysafe records``, ``withdraw`` and ``recalls``: what the organisation keeps, and what it has to ask back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.registers import with_workspace, workspace_from
from pipeline.domain.ledger import Recall, Withdrawal
from pipeline.errors import UsageError
from pipeline.records.listings import KINDS as LISTINGS
from pipeline.records.listings import listing, recall_rows
from pipeline.records.store import Store
from pipeline.records.store.keeping import KINDS as REGISTERS
from pipeline.records.writing import write_table

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(path_type=Path, dir_okay=False)
_SHORTEST = 8  # characters of a digest that are enough to tell one version from another


@click.group()
def records() -> None:
    """What the organisation keeps: registers, attempts, releases, withdrawals."""


@records.command("import")
@click.argument("kind", type=click.Choice(REGISTERS))
@click.argument("file", type=_FILE)
@with_workspace
def import_register(kind: str, file: Path, **given: Any) -> None:
    """Take a register into the records, from .csv or .xlsx.

    Import it again when it has changed: rows are brought up to date and what they said before is kept.  The signed forms
    stay where they are, beside the register.
    """
    with workspace_from(given).store() as store:
        done = store.import_register(kind, file)
    for warning in done.warnings:
        click.echo(warning, err=True)
    for error in done.errors:
        click.echo(f"{error}", err=True)
    click.echo(
        f"{kind}: {done.added} rows added, {done.changed} changed, {done.same} as before, {done.ended} no longer in the file."
    )
    if done.errors:
        click.echo(f"{len(done.errors)} cells were not understood; those rows are kept and allow nothing.", err=True)


@records.command("export")
@click.argument("kind", type=click.Choice((*REGISTERS, *LISTINGS)))
@click.argument("file", type=_FILE)
@click.option("--overwrite", is_flag=True, help="Replace the file when it is there.")
@with_workspace
def export(kind: str, file: Path, overwrite: bool, **given: Any) -> None:
    """Write what is in the records to .csv or .xlsx: registers with every column they came with."""
    _refuse_existing(file, overwrite)
    with workspace_from(given).store() as store:
        if kind in REGISTERS:
            store.export_register(kind, file)
        else:
            header, rows = listing(store, kind)
            write_table(file, header, rows)
        folders = store.evidence_folders() if kind == "permissions" else []
    click.echo(f"{kind} written to {file}")
    for folder in folders:
        if Path(folder) != file.resolve().parent:
            click.echo(f"The signed forms stay in {folder}; keep the register beside them to use it from its file.", err=True)


@records.command()
@with_workspace
def where(**given: Any) -> None:
    """Say where the records are and how much is in them."""
    workspace = workspace_from(given)
    with workspace.store() as store:
        click.echo(f"Records: {store.where if workspace.records else workspace.root / store.where}")
        for name, count in store.counts().items():
            click.echo(f"  {name:<12} {count}")


@click.command()
@click.argument("case_ref")
@click.option("--consent", default="", help="The consent that was taken back (every one of the case otherwise).")
@click.option("--on", type=_DAY, help="The day it was taken back (today).")
@click.option("--no-use", is_flag=True, help="The story is to be told in no form at all, changed or not.")
@click.option("--by", default="", help="Who records it.")
@click.option("--out", type=_FILE, help="Write the list to this .csv or .xlsx too.")
@with_workspace
def withdraw(case_ref: str, consent: str, on: datetime | None, no_use: bool, by: str, out: Path | None, **given: Any) -> None:
    """Record that permission was taken back, and list every released file that it touches.

    The next run tells the story without the person's name; with --no-use it does not tell it.
    """
    if not case_ref.strip():
        raise UsageError("a withdrawal is about one case", "Give its reference.")
    withdrawal = Withdrawal(case_ref.strip(), _day(on), consent.strip(), no_use, by.strip())
    with workspace_from(given).store() as store:
        touched = store.withdraw(withdrawal)
        click.echo(f"The withdrawal is recorded from {withdrawal.on.isoformat()} on.")
        if not touched and not store.releases(case_ref=withdrawal.case_ref):
            click.echo("Nothing was released from here under that reference: make sure that it is spelt right.", err=True)
        _show(touched, store, out)


@click.group(invoke_without_command=True)
@click.option("--out", type=_FILE, help="Write the list to this .csv or .xlsx instead.")
@with_workspace
@click.pass_context
def recalls(context: click.Context, out: Path | None, **given: Any) -> None:
    """List what was released under a permission that was withdrawn since, and is still to be asked back."""
    context.obj = given
    if context.invoked_subcommand is None:
        with workspace_from(given).store() as store:
            _show(store.recalls(), store, out)


@recalls.command()
@click.argument("version", nargs=-1, required=True)
@click.option("--case", "case_ref", default="", help="Only for this case.")
@click.option("--on", type=_DAY, help="The day it was done (today).")
@click.option("--by", default="", help="Who did it.")
@click.option("--note", default="", help="What became of it, without anybody's name.")
@with_workspace
@click.pass_obj
def done(
    above: dict[str, Any], version: tuple[str, ...], case_ref: str, on: datetime | None, by: str, note: str, **given: Any
) -> None:
    """Mark files as asked back: VERSION is the digest that the list shows, or its first eight characters or more."""
    if any(len(each) < _SHORTEST for each in version):
        raise UsageError("a version is named by eight characters of its digest or more", "Copy it from the list.")
    with workspace_from({name: value or above[name] for name, value in given.items()}).store() as store:
        settled = sum(store.recalled(each, _day(on), by, note, case_ref) for each in version)
        left = len(store.recalls())
    if not settled:
        raise UsageError("no file on the list has that version", "See storysafe recalls.")
    click.echo(f"{settled} marked as asked back; {left} still to do.")


def _show(touched: Sequence[Recall], store: Store, out: Path | None) -> None:
    header, rows = recall_rows(touched, store)
    if out is not None:
        write_table(out, header, rows)
    files = len({(recall.out, recall.release.path) for recall in touched})
    click.echo(
        f"{files} released files name somebody whose permission was withdrawn." if rows else "Nothing is to be asked back."
    )
    for row in rows if out is None else ():
        entry = dict(zip(header, row, strict=True))
        click.echo(f"  {entry['folder']}/{entry['file']}")
        told = ", ".join(f"{name} {entry[name]}" for name in ("purpose", "channel", "recipient") if entry[name])
        click.echo(f"    case {entry['case_ref']}, released {entry['released_on']}, {told}, version {entry['version']}")
    if rows and out is not None:
        click.echo(f"They are listed in {out}")


def _day(given: datetime | None) -> date:
    return given.date() if given else date.today()


def _refuse_existing(file: Path, overwrite: bool) -> None:
    if file.exists() and not overwrite:
        raise UsageError(f"{file.name} is there already", "Name another file, or add --overwrite.")
