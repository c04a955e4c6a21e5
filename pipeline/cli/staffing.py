"""``storysafe staff``: who works here, what they signed and whether they were trained (P10, P29)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import click

from pipeline import catalogue
from pipeline.cli.guarding import who
from pipeline.cli.registers import policy_of, with_workspace, workspace_from
from pipeline.domain.event import Event
from pipeline.duties import staff as duties
from pipeline.errors import UsageError
from pipeline.policy.access import Access, load_access
from pipeline.records.duties import Register, note
from pipeline.records.workspace import Workspace

DAY = click.DateTime(["%Y-%m-%d"])
_ROLE = click.option("--role", "roles", multiple=True, required=True, help="comms, reporting, training, manager, protection.")
_ON = click.option("--on", type=DAY, help="The day (today).")


@contextmanager
def opened(given: dict[str, Any]) -> Iterator[tuple[Register, Workspace]]:
    """The register of duties of the workspace that the options name."""
    workspace = workspace_from(given)
    with workspace.store() as store:
        yield Register(workspace, store), workspace


def past_day(on: datetime | None) -> date:
    """The day of an option, today without one; raises ``UsageError`` for a day that has not come."""
    day = on.date() if on else date.today()
    if day > date.today():
        raise UsageError("that day has not come yet", "Record it once it has happened.")
    return day


def access_of(workspace: Workspace) -> Access:
    """Who may do what by the workspace's policy."""
    return load_access(policy_of(workspace), catalogue.policy_templates() / "policy.toml")


@click.group()
def staff() -> None:
    """Who works with stories here: roles, signed statements, training.

    Once somebody is registered, only people who are, who signed the current policy's statement and were trained can work.
    """


@staff.command()
@click.argument("name")
@click.option("--login", required=True, help="The name they use the computer by.")
@_ROLE
@with_workspace
def add(name: str, login: str, roles: tuple[str, ...], **given: Any) -> None:
    """Register somebody, paid or not.  The first is a manager."""
    if not name.strip() or not login.strip():
        raise UsageError("a name or a login is empty", "Give both.")
    with opened(given) as (register, workspace):
        worker = duties.add_worker(register, name, login, roles, access_of(workspace))
    note(workspace.trail, Event("staff", "", {"what": "added", "staff": worker.number, "by": who()}))
    click.echo(f"Registered as number {worker.number}: {', '.join(worker.roles)}.")
    click.echo("They can work once their statement and their training are recorded: staff sign, staff train.", err=True)


@staff.command()
@click.argument("name")
@click.option("--version", help="The policy version whose statement they signed (the current one).")
@_ON
@with_workspace
def sign(name: str, version: str | None, on: datetime | None, **given: Any) -> None:
    """Record that somebody signed the confidentiality statement (storysafe policy build writes it)."""
    day = past_day(on)
    with opened(given) as (register, workspace):
        current = access_of(workspace).version
        duties.sign(register, name, (version or current).strip(), day, who())
    click.echo(f"Recorded: the statement of version {version or current}, signed on {day.isoformat()}.")
    if version and version != current and not given["records"]:
        click.echo(f"The policy of the workspace is version {current}.", err=True)


@staff.command()
@click.argument("name")
@_ON
@with_workspace
def train(name: str, on: datetime | None, **given: Any) -> None:
    """Record that somebody was trained in how to use the policy."""
    day = past_day(on)
    with opened(given) as (register, _):
        duties.train(register, name, day, who())
    click.echo(f"Recorded: trained on {day.isoformat()}.")


@staff.command()
@click.argument("name")
@_ROLE
@with_workspace
def roles(name: str, roles: tuple[str, ...], **given: Any) -> None:
    """Give somebody other roles than before."""
    with opened(given) as (register, workspace):
        duties.set_roles(register, name, roles, access_of(workspace), date.today())
    click.echo(f"Recorded: {', '.join(sorted(set(roles)))}.")


@staff.command()
@click.argument("name")
@_ON
@with_workspace
def leave(name: str, on: datetime | None, **given: Any) -> None:
    """Record that somebody leaves: from that day on they can use nothing.  Their promise goes on."""
    day = on.date() if on else date.today()
    with opened(given) as (register, _):
        duties.leave(register, name, day)
    click.echo(f"Recorded: left on {day.isoformat()}.")


@staff.command("list")
@with_workspace
def list_staff(**given: Any) -> None:
    """List everybody with their roles, and what is missing before they can work."""
    with opened(given) as (register, workspace):
        access, people = access_of(workspace), duties.workers(register)
    for worker in people:
        missing = duties.unsigned(access, worker, date.today())
        state = "left" if not worker.at_work(date.today()) else missing.code if missing else "may work"
        until = duties.training_until(access, worker, date.today())
        if until and worker.at_work(date.today()):
            state += f", training {'OVERDUE since' if until < date.today() else 'until'} {until.isoformat()}"
        click.echo(f"{worker.number:>4}  {worker.name}  {', '.join(worker.roles)}  {state}")
    if not people:
        click.echo("Nobody is registered.", err=True)
