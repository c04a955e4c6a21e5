"""Options that several commands share: the organisation's files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from pipeline import catalogue
from pipeline.domain.permission import Purpose
from pipeline.records.secret import load_or_create_secret
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


def with_registers(command: Command) -> Command:
    """Add the options that name the organisation's files, the day and the secret."""
    command = click.option("--secret", type=FILE, help="The file that keys the surrogate names (made when missing).")(command)
    command = click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day permissions are judged at (today).")(command)
    for name, words in reversed(_REGISTERS):
        command = click.option(name, type=FILE, help=words)(command)
    return command


def settings_from(given: dict[str, Any], purposes: tuple[Purpose, ...] = tuple(Purpose)) -> Settings:
    """The settings that the options add up to."""
    on: datetime | None = given["on"]
    templates = catalogue.policy_templates()
    return Settings(
        organisation=given["organisation"],
        policy=given["policy"] or templates / "policy.toml",
        on=on.date() if on else date.today(),
        purposes=purposes,
        clients=given["clients"],
        stories=given["stories"],
        permissions=given["permissions"],
        decisions=given["decisions"],
        secret=load_or_create_secret(given["secret"] or Path(click.get_app_dir("storysafe")) / "secret"),
    )
