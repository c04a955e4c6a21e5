"""The one door that every command goes through: may whoever is at work use it? (P10, P29)"""

from __future__ import annotations

import contextlib
import functools
import getpass
import os
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from pipeline import catalogue
from pipeline.cli.registers import policy_of
from pipeline.cli.unlocking import unlocked
from pipeline.domain.duties import Worker
from pipeline.domain.event import Event
from pipeline.domain.permission import Purpose
from pipeline.duties.staff import at_work, overdue, refusal, unsigned, workers
from pipeline.errors import StorysafeError
from pipeline.policy.access import ANYBODY, load_access
from pipeline.records.duties import Register, note
from pipeline.records.keys import read_key_file
from pipeline.records.workspace import Workspace

_FOR_A_PURPOSE = ("run", "redact")
_REVEAL = "reveal"  # what --reveal does beside its command: the words of originals on the screen
_NUMBER = "storysafe.staff"


def guard(group: click.Group, path: tuple[str, ...] = ()) -> None:
    """Put the door before every command of the group and of the groups in it."""
    for name, command in group.commands.items():
        here = (*path, name)
        if isinstance(command, click.Group):
            guard(command, here)
        if command.callback is not None and (not isinstance(command, click.Group) or command.invoke_without_command):
            command.callback = _behind_the_door(command.callback, " ".join(here))


def who() -> int:
    """The number of whoever is at work, 0 when nobody is registered."""
    return int(click.get_current_context().find_root().meta.get(_NUMBER, 0))


def covered(actions: Sequence[str]) -> frozenset[str]:
    """Those of the actions that whoever is at work may take; all of them while nobody is registered."""
    context = click.get_current_context()
    workspace = named_workspace(context)
    access = load_access(policy_of(workspace), catalogue.policy_templates() / "policy.toml")
    people = _people(workspace)
    worker = at_work(people, context.find_root().params.get("login", "") or login())
    return frozenset(action for action in actions if refusal(access, people, worker, (action,), date.today()) is None)


def login() -> str:
    """The name that whoever is at work uses this computer by."""
    if os.name == "posix":
        import pwd  # getpass would believe an environment variable first

        with contextlib.suppress(KeyError):
            return pwd.getpwuid(os.getuid()).pw_name
    return getpass.getuser()


def named_workspace(context: click.Context) -> Workspace:
    """The workspace that the command, a group above it or the environment names; still locked."""

    def given(name: str) -> Any:
        at: click.Context | None = context
        while at is not None:
            if value := at.params.get(name):
                return value
            at = at.parent
        return os.environ.get(f"STORYSAFE_{name.upper()}", "")

    root = given("workspace")
    return Workspace(Path(root) if root else Path(click.get_app_dir("storysafe")), given("records"))


def _behind_the_door(callback: Callable[..., Any], command: str) -> Callable[..., Any]:
    @functools.wraps(callback)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        context = click.get_current_context()
        if not context.invoked_subcommand:
            _check(command, context)
        return callback(*args, **kwargs)

    return guarded


def _check(command: str, context: click.Context) -> None:
    workspace = named_workspace(context)
    if _finishes(command, workspace):
        return
    template = catalogue.policy_templates() / "policy.toml"
    given: Path | None = context.params.get("policy")
    people = _people(workspace)
    # Once somebody is registered, nobody brings rules of their own: the policy that was adopted counts, or the template.
    policy = given if given and not people and not workspace.policy.is_file() else policy_of(workspace)
    access = load_access(policy, template)
    if command in _FOR_A_PURPOSE:
        _remind(given or policy, policy, template, context.params.get("on"))
    actions = _actions(command, context.params)
    if all(access.allows((ANYBODY,), action) for action in actions):
        return
    acting: str = context.find_root().params.get("login", "")
    worker = at_work(people, acting or login())
    if refused := refusal(access, people, worker, actions, date.today()):
        with contextlib.suppress(StorysafeError, OSError):  # it is refused whether or not that can be written
            note(workspace.trail, _event("refused", actions, worker, refused.code))
        raise refused.error()
    if _REVEAL in actions and workspace.begun:
        note(workspace.trail, _event("revealed", actions, worker))
    if not people and command in _FOR_A_PURPOSE:
        click.echo("Nobody has signed the confidentiality statement here yet: see storysafe staff.", err=True)
    if worker is not None:
        context.find_root().meta[_NUMBER] = worker.number
        if acting:
            note(workspace.trail, _event("acted-as", actions, worker))
        if overdue(access, (worker,), date.today()):
            click.echo("Your training has run out: ask a manager to record the next one (storysafe staff train).", err=True)
        if access.statements == "off" and (missing := unsigned(access, worker, date.today())):
            note(workspace.trail, _event("allowed", actions, worker, missing.code))


def _remind(used: Path, adopted: Path, template: Path, on: datetime | None) -> None:
    """Say that the review of the policy is overdue, or that this is not the policy that the workspace keeps (P30)."""
    review_by = load_access(used, template).review_by
    if review_by < (on.date() if on else date.today()):
        click.echo(f"The review of the policy was due by {review_by.isoformat()}: see storysafe policy review.", err=True)
    if used != adopted and used.read_bytes() != adopted.read_bytes():
        click.echo("This goes by another policy than the one that the workspace keeps.", err=True)


def _finishes(command: str, workspace: Workspace) -> bool:
    """True for going on with what was stopped half-way: until then nobody can look up who is registered."""
    going_on = command in ("workspace encrypt", "workspace decrypt")
    begun = read_key_file(workspace.key_file) if going_on else None
    return begun is not None and not begun.complete


def _people(workspace: Workspace) -> tuple[Worker, ...]:
    if not workspace.begun:
        return ()
    workspace = unlocked(workspace)
    with workspace.store() as store:
        return workers(Register(workspace, store))


def _actions(command: str, given: dict[str, Any]) -> tuple[str, ...]:
    """What the command does: for whom a purpose matters, each of its purposes; bringing decisions is deciding."""
    if command not in _FOR_A_PURPOSE:
        more = (_REVEAL,) if given.get(_REVEAL) else ()
        return (command, *more, "decide") if command == "review" and given.get("decisions") else (command, *more)
    deciding = ("decide",) if given.get("decisions") else ()
    purposes = given.get("purposes") or given.get("purpose") or tuple(purpose.value for purpose in Purpose)
    return (*(f"{command} {purpose}" for purpose in ([purposes] if isinstance(purposes, str) else purposes)), *deciding)


def _event(stage: str, actions: tuple[str, ...], worker: Worker | None, reason: str = "") -> Event:
    # Codes and a number: neither a login nor a name gets into the trail.
    words = re.sub(r"[^a-z0-9]+", "-", " ".join((actions[0].split()[0], *(a.partition(" ")[2] for a in actions))).lower())
    facts: dict[str, str | int | float | bool] = {"command": words.strip("-"), "staff": worker.number if worker else 0}
    if worker:
        facts["roles"] = "-".join(worker.roles)
    return Event(stage, "", facts | ({"reason": reason} if reason else {}))
