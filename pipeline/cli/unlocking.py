"""Where the passphrase of an encrypted workspace comes from: the environment, the system's keyring, or whoever is there."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from pipeline.errors import RecordsError, WrongPassphrase
from pipeline.records.keys import read_key_file, unwrap
from pipeline.records.workspace import Workspace

VARIABLE = "STORYSAFE_PASSPHRASE"
NEW_VARIABLE = "STORYSAFE_NEW_PASSPHRASE"
_SERVICE = "storysafe"
_KEYS = "storysafe.keys"


def unlocked(workspace: Workspace) -> Workspace:
    """The workspace with its key; as it is when it is not encrypted.

    Raises ``WrongPassphrase``, ``KeyLost``, and ``RecordsError`` when its encryption was stopped half-way.
    """
    found = read_key_file(workspace.key_file)
    if found is None:
        return workspace
    if not found.complete:
        raise RecordsError(
            "The encryption of the workspace was stopped half-way; nothing is lost.",
            "Go on: storysafe workspace encrypt; or storysafe workspace decrypt.",
        )
    keys: dict[Path, bytes] = click.get_current_context().find_root().meta.setdefault(_KEYS, {})
    if workspace.root not in keys:
        keys[workspace.root] = unwrap(workspace.key_file, passphrase_for(workspace, found.remembered))
    return replace(workspace, key=keys[workspace.root])


def passphrase_for(workspace: Workspace, remembered: bool) -> str:
    """The passphrase of an encrypted workspace; raises ``WrongPassphrase`` when there is none and nobody to ask."""
    if given := os.environ.get(VARIABLE):
        return given
    if remembered and (kept := _keyring().get_password(_SERVICE, _account(workspace))):
        return str(kept)
    if sys.stdin.isatty():
        return str(click.prompt("Passphrase of the workspace", hide_input=True, err=True))
    raise WrongPassphrase(
        "The workspace is encrypted and no passphrase was given.", f"Run it in a terminal, or set {VARIABLE} for it."
    )


def new_passphrase(variable: str = NEW_VARIABLE) -> str:
    """A passphrase to encrypt with, typed twice where there is a terminal."""
    if given := os.environ.get(variable):
        return given
    if sys.stdin.isatty():
        return str(click.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True))
    raise WrongPassphrase("No passphrase was given to encrypt with.", f"Run it in a terminal, or set {variable} for it.")


def remember(workspace: Workspace, passphrase: str) -> None:
    """Keep the passphrase in the system's keyring; raises ``RecordsError`` when there is none."""
    keyring = _keyring()
    try:
        keyring.set_password(_SERVICE, _account(workspace), passphrase)
    except keyring.errors.KeyringError:
        words = "The system's keyring does not take the passphrase."
        raise RecordsError(words, "Leave --keyring out; nothing was changed.") from None


def forget(workspace: Workspace) -> None:
    """Take the passphrase out of the system's keyring, where there is one and it is in it."""
    with contextlib.suppress(Exception):  # a keyring that is not there keeps nothing
        _keyring().delete_password(_SERVICE, _account(workspace))


def _account(workspace: Workspace) -> str:
    return str(workspace.root.resolve())


def _keyring() -> Any:
    try:
        keyring = importlib.import_module("keyring")
        importlib.import_module("keyring.errors")
    except ImportError:
        words = "The library that speaks to the system's keyring is missing."
        raise RecordsError(words, "Install storysafe[encryption].") from None
    return keyring
