"""``storysafe seek``: ask for permission, and keep a record of asking."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.registers import FILE, with_workspace, workspace_from
from pipeline.domain.ledger import Attempt
from pipeline.duties.seek import METHODS, to_ask, write_request
from pipeline.errors import UsageError
from pipeline.policy.policies import load_organisation
from pipeline.records.indexed import Registers

_DAY = click.DateTime(["%Y-%m-%d"])
_INCOMPLETE = 3


class _Seek(click.Group):
    """``seek CASE_REF...`` is short for ``seek prepare CASE_REF...``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["prepare", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Seek, subcommand_metavar="CASE_REF... --out DIR | record | list")
def seek() -> None:
    """Ask service users for written permission: a letter, what it means in plain words, and the form to sign.

    \b
    storysafe seek CASE_REF... --out DIR --organisation FILE --clients FILE [--permissions FILE]
    storysafe seek record CASE_REF --method letter --by NAME
    storysafe seek list
    """


@seek.command()
@click.argument("case_refs", nargs=-1, required=True, metavar="CASE_REF...")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write to.")
@click.option("--organisation", required=True, type=FILE, help="Who you are: organisation.toml.")
@click.option("--clients", required=True, type=FILE, help="The client list, .csv or .xlsx.")
@click.option("--permissions", type=FILE, help="The permission register: whoever refused is not asked again.")
@click.option("--decisions", type=FILE, help="Managers' decisions: whoever a manager withholds is not asked.")
@click.option("--need", default="", help="What helps this person to read (large print ...), else communication_need.")
@click.option("--on", type=_DAY, help="The date of the letter (today).")
@with_workspace
def prepare(case_refs: tuple[str, ...], out: Path, need: str, on: datetime | None, **given: Any) -> None:
    """Write a request pack for each CASE_REF: Word, large print, plain text and a web page.

    The files name the person: keep them inside. Find out how it is safe to reach somebody before you send one.
    """
    day, organisation = on.date() if on else date.today(), load_organisation(given["organisation"])
    with workspace_from(given).store() as store:
        registers = Registers.load(given["clients"], None, given["permissions"], given["decisions"], store)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    left = 0
    for number, case_ref in enumerate(case_refs, start=1):
        client = to_ask(case_ref, registers, organisation, day)
        if client is None:
            left += 1
            why = "It is not one client of the list, or it waits for a manager."
            click.echo(f"Reference {number}: no request was written. {why}", err=True)
            continue
        first, *_ = write_request(f"request-{number:04d}", client, organisation, out, day, need or client.communication_need)
        click.echo(f"Reference {number}: {first}")
    _remind(registers.warnings)
    if left:
        sys.exit(_INCOMPLETE)


@seek.command()
@click.argument("case_ref")
@click.option("--method", required=True, type=click.Choice(METHODS), help="How the person was asked.")
@click.option("--by", required=True, help="Who asked: the name of the worker.")
@click.option("--on", type=_DAY, help="The day they were asked (today).")
@click.option("--note", default="", help="Anything to remember, such as: asked for an interpreter.")
@with_workspace
def record(case_ref: str, method: str, by: str, on: datetime | None, note: str, **given: Any) -> None:
    """Record that somebody was asked; their story then counts as sought."""
    day = on.date() if on else date.today()
    if not case_ref.strip() or not by.strip():
        raise UsageError("a case reference or the name of who asked is empty", "Give both.")
    if day > date.today():
        raise UsageError("the day they were asked lies in the future", "Record it once they have been asked.")
    with workspace_from(given).store() as store:
        store.attempt(Attempt(case_ref.strip(), day, method, by.strip(), note.strip()))
    click.echo("Recorded.")


@seek.command("list")
@click.argument("case_ref", default="")
@with_workspace
def list_attempts(case_ref: str, **given: Any) -> None:
    """List when and how people were asked, by case reference and without a name."""
    with workspace_from(given).store() as store:
        attempts = sorted(store.attempts(case_ref), key=lambda a: (a.on, a.case_ref))
    for attempt in attempts:
        click.echo(f"{attempt.case_ref}  {attempt.on.isoformat()}  {attempt.method}")
    if not attempts:
        click.echo("Nobody is recorded as asked.", err=True)


def _remind(warnings: Sequence[str]) -> None:
    for warning in warnings:
        click.echo(warning, err=True)
    click.echo("When you have asked somebody, record it: storysafe seek record CASE_REF --method letter --by NAME", err=True)
