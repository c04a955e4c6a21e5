"""``storysafe disclose`` and ``agreement``: what goes to public authorities (P22 to P24)."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.accessible import Version
from pipeline.cli.registers import FILE, with_workspace
from pipeline.cli.staffing import DAY, opened, past_day
from pipeline.domain.duties import Marking
from pipeline.duties import disclose as duties
from pipeline.duties.disclose import CATEGORIES, COVER, LAWS, Marked, Request
from pipeline.duties.staff import manager_named
from pipeline.errors import UsageError
from pipeline.policy.policies import load_organisation

_INCOMPLETE = 3


class _Disclose(click.Group):
    """``disclose AUTHORITY`` is short for ``disclose prepare AUTHORITY``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("-h", "--help"):
            args = ["prepare", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_Disclose, subcommand_metavar="AUTHORITY --item FILE ... | notified | list")
def disclose() -> None:
    """Give information to a public authority: recorded before it leaves, each item marked with its reason.

    \b
    storysafe disclose AUTHORITY --item FILE --marking MARK [--reason TEXT] ... --category KIND --organisation FILE --out DIR
    storysafe disclose notified REFERENCE --request FOI
    storysafe disclose list
    """


@disclose.command()
@click.argument("authority")
@click.option("--item", "items", multiple=True, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--marking", "markings", multiple=True, required=True, type=click.Choice([m.value for m in Marking]),
              help="One for each --item, in the same order.")  # fmt: skip
@click.option("--reason", "reasons", multiple=True, help="One for each item that is marked, in the same order.")
@click.option("--category", "categories", multiple=True, required=True, type=click.Choice(CATEGORIES), help="What is in it.")
@click.option("--agreement", default=0, help="The number of the agreement (the authority's latest).")
@click.option("--organisation", required=True, type=FILE, help="Who you are: organisation.toml.")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="A new folder for what is sent.")
@click.option("--override-by", default="", help="The manager who lets it go without an agreement.")
@click.option("--override-why", default="", help="Their reason.")
@click.option("--on", type=DAY, help="The day it is given (today).")
@with_workspace
def prepare(
    authority: str, items: tuple[Path, ...], markings: tuple[str, ...], reasons: tuple[str, ...], categories: tuple[str, ...],
    agreement: int, organisation: Path, out: Path, override_by: str, override_why: str, on: datetime | None, **given: Any,
) -> None:  # fmt: skip
    """Record a disclosure, and write what is sent: marked copies and a cover note."""
    if out.exists() and any(out.iterdir()):
        raise UsageError("the output folder already holds something", "Name a new folder for each disclosure.")
    if bool(override_by.strip()) is not bool(override_why.strip()):
        raise UsageError("an override has a manager and a reason", "Give --override-by and --override-why.")
    if not authority.strip():
        raise UsageError("the authority has no name")
    marked = _marked(items, markings, reasons)
    house = load_organisation(organisation)
    with opened(given) as (register, _):
        refused = "Only a manager can let a disclosure go without the clause."
        by = manager_named(register, override_by, refused) if override_by.strip() else ""
        request = Request(
            authority.strip(), on.date() if on else date.today(), marked, tuple(dict.fromkeys(categories)), agreement, by,
            override_why.strip(),
        )  # fmt: skip
        done = duties.disclose(register, request, house, out)
    if done.held:
        click.echo("HELD, and recorded: no agreement with that authority has the notification clause.")
        click.echo("Agree the clause (storysafe policy build writes it) and record it: storysafe agreement add.", err=True)
        click.echo("Or have a manager let it go: --override-by NAME --override-why TEXT.", err=True)
        sys.exit(_INCOMPLETE)
    click.echo(f"Recorded as {done.reference}. What is sent: {out}")
    unmarkable = sum(one.marking is not Marking.NONE and one.path.suffix.lower() != ".docx" for one in marked)
    if unmarkable:
        click.echo(f"{unmarkable} items are not Word files: their mark stands in the cover note alone.", err=True)
    if by:
        click.echo("It goes without the notification clause, by a manager's decision.", err=True)


@disclose.command("notified")
@click.argument("reference")
@click.option("--request", "law", required=True, type=click.Choice(LAWS), help="Under which law somebody asked.")
@click.option("--theirs", default="", help="The authority's own reference.")
@click.option("--on", type=DAY, help="The day they told us (today).")
@with_workspace
def notified(reference: str, law: str, theirs: str, on: datetime | None, **given: Any) -> None:
    """Record that an authority told us of a request for what we gave it under REFERENCE."""
    day = past_day(on)
    with opened(given) as (register, _):
        duties.notified(register, reference, law, day, theirs)
    click.echo("Recorded. Say within their time what should be withheld, and why.")


@disclose.command("list")
@with_workspace
def list_disclosures(**given: Any) -> None:
    """List what was given to whom, after checking that the register is as it was written."""
    with opened(given) as (register, _):
        found, told = duties.disclosures(register), duties.notices(register)
    for each in found:
        state = "HELD" if each.held else "override" if each.override_by else "given"
        kinds = ", ".join(each.categories)
        by = f"agreement {each.agreement or 'none'}"
        click.echo(f"{each.reference or '-':<8}  {each.on.isoformat()}  {each.authority}  {state}  {by}  {kinds}")
        for item in each.items:
            click.echo(f"        {item.name}  {item.marking.value}  {item.sha256[:12] or 'not sent'}")
        for notice in told:
            if notice.disclosure == each.reference:
                click.echo(f"        {notice.law} request, told on {notice.on.isoformat()}  {notice.theirs}".rstrip())
    if not found:
        click.echo("Nothing was disclosed.", err=True)


@click.group()
def agreement() -> None:
    """Agreements with public authorities, and whether they tell us before they disclose (P23)."""


@agreement.command("add")
@click.argument("authority")
@click.option("--notification-clause", required=True, type=click.Choice(["yes", "no"]), help="Has it the FOI and EIR clause?")
@click.option("--reference", default="", help="What the agreement is called.")
@click.option("--on", type=DAY, help="The day of the agreement (today).")
@with_workspace
def add(authority: str, notification_clause: str, reference: str, on: datetime | None, **given: Any) -> None:
    """Record an agreement."""
    if not authority.strip():
        raise UsageError("the authority has no name")
    with opened(given) as (register, _):
        made = duties.add_agreement(register, authority, notification_clause == "yes", past_day(on), reference)
    click.echo(f"Recorded as number {made.number}.")
    if not made.clause:
        click.echo("Without the clause, what is to go to this authority is held for a manager.", err=True)


@agreement.command("list")
@with_workspace
def list_agreements(**given: Any) -> None:
    """List the agreements."""
    with opened(given) as (register, _):
        found = duties.agreements(register)
    for each in found:
        clause = "with the clause" if each.clause else "WITHOUT the clause"
        click.echo(f"{each.number:>4}  {each.on.isoformat()}  {each.authority}  {clause}  {each.reference}".rstrip())
    if not found:
        click.echo("No agreement is recorded.", err=True)


def _marked(items: tuple[Path, ...], markings: tuple[str, ...], reasons: tuple[str, ...]) -> tuple[Marked, ...]:
    if len(items) != len(markings):
        raise UsageError("each item is marked by itself", "Give one --marking for each --item, in the same order.")
    notes = {f"{COVER}{version}" for version in Version}
    if len({path.name.casefold() for path in items} | notes) != len(items) + len(notes):
        raise UsageError(f"two items have the same file name, or one is called as the {COVER} is", "Rename one.")
    wanted = [marking for marking in markings if marking != Marking.NONE.value]
    if len(reasons) != len(wanted) or not all(reason.strip() for reason in reasons):
        raise UsageError("each marked item has a reason, and an item without a mark has none", "Give one --reason for each mark.")
    left = iter(reasons)
    return tuple(
        Marked(path, Marking(marking), "" if marking == Marking.NONE.value else next(left).strip())
        for path, marking in zip(items, markings, strict=True)
    )
