"""Options that several commands share: the organisation's files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline import catalogue
from pipeline.cli.unlocking import unlocked
from pipeline.domain.permission import Purpose
from pipeline.records.secret import load_or_create_secret
from pipeline.records.workspace import Workspace
from pipeline.world import Settings

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path, dir_okay=False)
_REGISTERS = (
    ("--organisation", "Who you are: organisation.toml. Without it nobody is identified."),
    ("--policy", "Your confidentiality policy as rules: policy.toml (the template otherwise)."),
    ("--clients", "The client list, .csv or .xlsx."),
    ("--stories", "Which file is about which client."),
    ("--permissions", "The permission register."),
    ("--decisions", "Managers' decisions about held stories."),
)
_AUDIENCE = (
    ("--channel", "Where the documents will appear, as permissions name it: website, annual report, press."),
    ("--recipient", "Who will get them, as permissions name it: the public, a funder's name."),
)


def with_registers(command: Command) -> Command:
    """Add the options that name the organisation's files, its records, the audience, the day and the secret."""
    command = click.option("--secret", type=FILE, help="The file that keys the surrogate names (made when missing).")(command)
    command = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day permissions are judged at (today).")(command)
    for name, words in reversed(_AUDIENCE):
        command = click.option(name, default="", help=words)(command)
    for name, words in reversed(_REGISTERS):
        command = click.option(name, type=FILE, help=words)(command)
    return with_workspace(command)


def with_workspace(command: Command) -> Command:
    """Add the options that say where the organisation's records are kept."""
    command = click.option(
        "--records", default="", envvar="STORYSAFE_RECORDS", help="The address of a PostgreSQL database for the records."
    )(command)
    return click.option(
        "--workspace",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="STORYSAFE_WORKSPACE",
        help="The folder of the organisation's records and secret (your own application folder).",
    )(command)


def workspace_from(given: dict[str, Any]) -> Workspace:
    """The workspace that the options name, opened with its passphrase when it is encrypted."""
    here = Workspace(given["workspace"] or Path(click.get_app_dir("storysafe")), given["records"])
    if given["workspace"] and not here.root.exists():
        # A name that was mistyped would otherwise tell everybody's story without a single withdrawal.
        click.echo(f"There was no workspace at {here.root}: a new one is begun there, with nothing in its records.", err=True)
    return unlocked(here)


def policy_of(workspace: Workspace) -> Path:
    """The policy that the organisation keeps in its workspace; the template when it keeps none."""
    return workspace.policy if workspace.policy.is_file() else catalogue.policy_templates() / "policy.toml"


def settings_from(given: dict[str, Any], purposes: tuple[Purpose, ...] = tuple(Purpose)) -> Settings:
    """The settings that the options add up to."""
    on: datetime | None = given["on"]
    workspace = workspace_from(given)
    return Settings(
        organisation=given["organisation"],
        policy=given["policy"] or policy_of(workspace),
        on=on.date() if on else date.today(),
        purposes=purposes,
        clients=given["clients"],
        stories=given["stories"],
        permissions=given["permissions"],
        decisions=given["decisions"],
        secret=load_or_create_secret(given["secret"]) if given["secret"] else workspace.load_secret(),
        workspace=workspace,
        channel=given["channel"].strip(),
        recipient=given["recipient"].strip(),
    )
