"""``storysafe policy``: the policy's own papers, and whether its review is due."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline import catalogue
from pipeline.cli.guarding import covered, named_workspace
from pipeline.cli.registers import FILE, policy_of, with_workspace
from pipeline.cli.staffing import access_of
from pipeline.cli.unlocking import unlocked
from pipeline.documents.prose import spoken
from pipeline.domain.duties import Breach
from pipeline.domain.policy import Policy
from pipeline.duties.breach import breaches, for_review
from pipeline.duties.figures import figures
from pipeline.duties.papers import write_policy_papers
from pipeline.duties.review import approved, due
from pipeline.duties.staff import overdue, workers
from pipeline.policy.access import Access, load_access
from pipeline.policy.policies import load_organisation, load_policy
from pipeline.records.duties import Register

_DAY = click.DateTime(["%Y-%m-%d"])
_INCOMPLETE = 3
_WHAT_WENT_WRONG = "breach list"


@click.group()
def policy() -> None:
    """The confidentiality policy as papers for people, and when it is due for review."""


@policy.command()
@click.option("--organisation", required=True, type=FILE, help="Who you are: organisation.toml.")
@click.option("--policy", "rules", type=FILE, help="Your policy.toml, for its version and dates (the template otherwise).")
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="The folder to write to.")
@click.option("--on", type=_DAY, help="The date on the papers (today).")
@with_workspace
def build(organisation: Path, rules: Path | None, out: Path, on: datetime | None, **given: Any) -> None:
    """Write the policy, statement, forms, clause, letters and registers for your organisation, each in four versions.

    The figures of the board's paper are those of the records, where there are any.
    """
    template, day = catalogue.policy_templates() / "policy.toml", on.date() if on else date.today()
    house, read, access = (
        load_organisation(organisation),
        load_policy(rules or template),
        load_access(rules or template, template),
    )
    paths = write_policy_papers(house, read, day, out, access.training_months, _figures(read, access, day))
    click.echo(f"{len(paths)} files for people, each paper in Word, large print, plain text and a web page: {out}")
    if rules is None:
        click.echo("The version and dates are the template's; name your own with --policy.", err=True)


@policy.command()
@click.option("--policy", "rules", type=FILE, help="Your policy.toml (the workspace's, or the template, otherwise).")
@click.option("--on", type=_DAY, help="The day to look from (today).")
@with_workspace
def review(rules: Path | None, on: datetime | None, **given: Any) -> None:
    """Say what is overdue, and for which breaches the policy has to be looked at again; the exit code is then 3."""
    day = on.date() if on else date.today()
    read = load_policy(rules or policy_of(named_workspace(click.get_current_context())))
    click.echo(f"Policy version {read.version}, approved on {spoken(read.approved_on)}.")
    if not approved(read, day):
        click.echo("  NOT YET APPROVED: that day has not come.")
    items = due(read, day)
    for item in items:
        days = f"{abs(item.days)} day{'' if abs(item.days) == 1 else 's'}"
        state = f"OVERDUE by {days}" if item.overdue else f"due soon, in {days}" if item.soon else f"due in {days}"
        click.echo(f"  {item.what}: {spoken(item.day)}, {state}.")
    found = _breaches(read)
    for breach in found:
        click.echo(f"  UP FOR REVIEW because of breach number {breach.number}, known since {spoken(breach.known_at.date())}.")
    late = _untrained(day)
    if late:
        click.echo(f"  TRAINING OVERDUE for {late} who work here: storysafe staff list.")
    if found or late or any(item.overdue for item in items) or not approved(read, day):
        sys.exit(_INCOMPLETE)


def _figures(read: Policy, access: Access, day: date) -> dict[str, str] | None:
    """The figures of the records; ``None`` where nothing is recorded, and for somebody who may not see what went wrong."""
    here = named_workspace(click.get_current_context())
    if not here.begun or not covered((_WHAT_WENT_WRONG,)):
        return None
    here = unlocked(here)
    with here.store() as store:
        return figures(Register(here, store), read, access, day)


def _untrained(day: date) -> int:
    """How many of those who work here have a training that has run out; 0 where nothing is recorded."""
    here = named_workspace(click.get_current_context())
    if not here.begun:
        return 0
    here = unlocked(here)
    with here.store() as store:
        return len(overdue(access_of(here), workers(Register(here, store)), day))


def _breaches(read: Policy) -> list[Breach]:
    """The breaches that the policy was not approved after; none where nothing is recorded."""
    here = named_workspace(click.get_current_context())
    if not here.begun:
        return []
    here = unlocked(here)
    with here.store() as store:
        return for_review(breaches(Register(here, store)), read)
