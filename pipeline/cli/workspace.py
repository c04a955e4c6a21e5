"""``storysafe workspace``: where the records are, whether they are encrypted, and which policy they are kept under."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path
from typing import Any

import click

from pipeline.cli.guarding import named_workspace
from pipeline.cli.registers import FILE, with_workspace
from pipeline.cli.unlocking import VARIABLE, forget, new_passphrase, passphrase_for, remember
from pipeline.domain.event import Event
from pipeline.errors import KeyLost, UsageError
from pipeline.policy.policies import load_policy
from pipeline.records.decrypting import KEPT, decrypt
from pipeline.records.duties import note
from pipeline.records.encrypting import change_passphrase, encrypt
from pipeline.records.keys import is_sealed, read_key_file, unwrap, write_private

_KEYRING = click.option("--keyring", is_flag=True, help="Keep the passphrase in the system's keyring, so that nobody is asked.")


@click.group()
def workspace() -> None:
    """The folder of the organisation's records and secret: encrypt it, and see what is in it.

    To back it up or move it, copy the whole folder while nothing runs, and keep the passphrase somewhere else.
    """


@workspace.command()
@with_workspace
def status(**given: Any) -> None:
    """Say where the workspace is, whether it is encrypted and who can read it."""
    here = named_workspace(click.get_current_context())
    click.echo(f"Workspace: {here.root}")
    if not here.root.is_dir():
        click.echo("  nothing is kept there yet")
        return
    found = read_key_file(here.key_file)
    if found is None and is_sealed(here.secret):
        raise KeyLost("The workspace is encrypted, and its key file is missing.", "Put back key.json from your backup.")
    half = "half encrypted: give workspace encrypt again, or workspace decrypt"
    click.echo(f"  {'not encrypted' if found is None else 'encrypted' if found.complete else half}")
    if found and found.remembered:
        click.echo("  the passphrase is in the keyring")
    click.echo(f"  records: {'at a server, which encrypts its own disk or does not' if here.records else _there(here.database)}")
    click.echo(f"  policy:  {_there(here.policy)}")
    for path in sorted(here.root.iterdir()):
        guarded = path != here.policy and not path.name.startswith(here.trail.name)
        if os.name == "posix" and guarded and stat.S_IMODE(path.stat().st_mode) & 0o077:
            click.echo(f"  {path.name} can be read by others on this computer", err=True)


@workspace.command("encrypt")
@_KEYRING
@with_workspace
def encrypt_workspace(keyring: bool, **given: Any) -> None:
    """Encrypt the records and the secret with a passphrase.

    Everything is written anew beside what is there, proved, and only then put in its place.  Without the passphrase or
    without the file key.json nobody can ever open the records again: back up both, in two places.
    """
    here = named_workspace(click.get_current_context())
    begun = read_key_file(here.key_file)
    passphrase = passphrase_for(here, begun.remembered) if begun else new_passphrase(VARIABLE)
    if keyring:
        remember(here, passphrase)
    encrypt(here, passphrase, keyring or bool(begun and begun.remembered))
    note(here.trail, Event("workspace", "", {"what": "encrypted"}))
    click.echo("The workspace is encrypted." + (" The records at the server are not." if here.records else ""))
    click.echo("Older backups and copies still are not: remove them, or keep them locked away.", err=True)


@workspace.command("decrypt")
@with_workspace
def decrypt_workspace(**given: Any) -> None:
    """Take the encryption off again: the records and the secret can then be read by whoever opens the folder.

    Everything is written anew beside what is there, proved, and only then put in its place.  The key file stays under
    another name: older copies and backups still open with it and the passphrase.
    """
    here = named_workspace(click.get_current_context())
    found = read_key_file(here.key_file)
    decrypt(here, passphrase_for(here, found.remembered) if found else "")
    if found and found.remembered:
        forget(here)
    note(here.trail, Event("workspace", "", {"what": "decrypted"}))
    click.echo("The workspace is not encrypted any more.")
    click.echo(f"Keep {KEPT} and the passphrase for as long as you keep older copies.", err=True)


@workspace.command()
@_KEYRING
@with_workspace
def passphrase(keyring: bool, **given: Any) -> None:
    """Change the passphrase.  Backups of key.json go on opening with the old one."""
    here = named_workspace(click.get_current_context())
    found = read_key_file(here.key_file)
    if found is None:
        raise UsageError("the workspace is not encrypted", "Encrypt it first: storysafe workspace encrypt.")
    old = passphrase_for(here, found.remembered)
    unwrap(here.key_file, old)
    fresh = new_passphrase()
    change_passphrase(here, old, fresh, keyring)
    if keyring:
        remember(here, fresh)
    note(here.trail, Event("workspace", "", {"what": "passphrase"}))
    click.echo("The passphrase is changed.")


@workspace.command()
@click.argument("file", type=FILE)
@with_workspace
def adopt(file: Path, **given: Any) -> None:
    """Keep FILE, a policy.toml, as the policy that everybody here works by; it takes the place of the one before.

    A limits.toml beside it comes with it.

    Everybody signs the statement of a new version before they go on.
    """
    here = named_workspace(click.get_current_context())
    version = load_policy(file).version
    here.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    if here.policy.is_file():
        shutil.copyfile(here.policy, here.root / f"policy-before-{version}.toml")
    write_private(here.policy, file.read_bytes())
    limits = here.policy.with_name("limits.toml")
    limits.unlink(missing_ok=True)
    if file.with_name("limits.toml").is_file():
        write_private(limits, file.with_name("limits.toml").read_bytes())
    note(here.trail, Event("policy", "", {"what": "adopted"}))
    click.echo(f"Version {version} is the policy of this workspace. Everybody signs its statement: storysafe staff list.")


def _there(path: Path) -> str:
    return path.name if path.exists() else "none yet"
