"""``storysafe breach``: what went wrong, its 72 hours, and what it touched (P28, P30)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from pipeline.cli.registers import with_workspace
from pipeline.cli.staffing import DAY, opened, past_day
from pipeline.domain.duties import Breach, Severity
from pipeline.duties import breach as duties
from pipeline.errors import UsageError
from pipeline.records.writing import write_table

_SEVERITIES = [severity.value for severity in Severity if severity is not Severity.STOPPED]
_TOUCHED = ("same_file", "folder", "file", "purpose", "case_ref", "identified", "channel", "recipient", "recipients", "sha256")


@click.group()
def breach() -> None:
    """Something confidential got out, or may have: record it at once, before everything is known."""


@breach.command()
@click.option("--file", "files", multiple=True, type=click.Path(path_type=Path, exists=True, dir_okay=False),
              help="A file that got out, as it is: what was released with it is found by it.")  # fmt: skip
@click.option("--found-by", required=True, help="Who noticed it.")
@click.option("--what", required=True, help="What happened, without anybody's name.")
@click.option("--severity", required=True, type=click.Choice(_SEVERITIES))
@click.option("--on", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="When we first knew: the 72 hours begin (now).")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write what it touches to this .csv or .xlsx.")
@with_workspace
def report(
    files: tuple[Path, ...], found_by: str, what: str, severity: str, on: datetime | None, out: Path | None, **given: Any
) -> None:  # fmt: skip
    """Open a record of a breach, and list every released file and recipient that it touches."""
    if not found_by.strip() or not what.strip():
        raise UsageError("who found it, or what happened, is empty", "Give both.")
    known = on.astimezone(UTC) if on else datetime.now(UTC)
    if known > datetime.now(UTC):
        raise UsageError("that time has not come yet", "Give the time at which somebody first knew.")
    digests = tuple(dict.fromkeys(duties.digest_of(path) for path in files))
    with opened(given) as (register, _):
        made = duties.report(register, Severity(severity), known, found_by.strip(), what.strip(), digests)
        found = duties.touched(register.store, digests)
    click.echo(f"Recorded as number {made.number}.")
    click.echo(_clock(made))
    _show(found, out)
    missing = len(set(digests) - {each.release.sha256 for each in found})
    if missing:
        click.echo(f"{missing} of the files are not among what the records know as released.", err=True)
    click.echo("The policy is up for review: storysafe policy review. The paper to fill in: storysafe policy build.", err=True)


@breach.command("list")
@with_workspace
def list_breaches(**given: Any) -> None:
    """List the records, with what is left of each clock."""
    with opened(given) as (register, _):
        found = duties.breaches(register)
    for each in found:
        click.echo(f"{each.number:>4}  {each.known_at:%Y-%m-%d}  {each.severity.value}  {_state(each)}")
    if not found:
        click.echo("No breach is recorded.", err=True)


@breach.command()
@click.argument("number", type=int)
@click.option("--changed", required=True, help="What will be done so that it does not happen again.")
@click.option("--review", required=True, type=click.Choice(["yes", "no"]), help="Does the policy need a review because of it?")
@click.option("--on", type=DAY, help="The day it is closed (today).")
@with_workspace
def close(number: int, changed: str, review: str, on: datetime | None, **given: Any) -> None:
    """Close a record.  With --review yes the policy stays up for review until the trustees approve it anew."""
    day = past_day(on)
    if not changed.strip():
        raise UsageError("what will be changed is empty", "Say it, or why nothing needs to be.")
    with opened(given) as (register, _):
        duties.close(register, number, day, changed.strip(), review == "yes")
    click.echo(f"Closed on {day.isoformat()}.")


def _clock(each: Breach) -> str:
    end = duties.due(each)
    left = end - datetime.now(UTC)
    hours = int(abs(left).total_seconds() // 3600)
    when = f"{end.astimezone():%Y-%m-%d %H:%M}"
    state = f"in {hours} hours" if left.total_seconds() > 0 else f"which was {hours} hours ago"
    return f"The Information Commissioner hears of it by {when}, {state}, if people could be harmed."


def _state(each: Breach) -> str:
    if each.closed_on:
        return f"closed on {each.closed_on.isoformat()}"
    return "stopped before it left" if each.severity is Severity.STOPPED else f"OPEN. {_clock(each)}"


def _show(found: Sequence[duties.Touched], out: Path | None) -> None:
    click.echo(f"{len(found)} released files are touched." if found else "No released file is touched.")
    rows = [
        [
            "yes" if each.same_file else "no", each.out, each.release.path, each.release.purpose.value, each.release.case_ref,
            "yes" if each.release.identified else "no", each.channel, each.recipient, "; ".join(each.release.recipients),
            each.release.sha256,
        ]
        for each in found
    ]  # fmt: skip
    if out is not None:
        write_table(out, _TOUCHED, rows)
        click.echo(f"They are listed in {out}")
        return
    for each in found:
        told = ", ".join(part for part in (each.release.purpose.value, each.channel, each.recipient) if part)
        same = "the same file" if each.same_file else "the same case"
        click.echo(f"  {each.out}/{each.release.path}  {same}, {told}, version {each.release.sha256[:12]}")
