"""Encrypts a workspace that is there already: each file anew beside the old one, proved, then put in its place."""

from __future__ import annotations

import secrets

from pipeline.errors import KeyLost, UsageError
from pipeline.records.durable import sync_file
from pipeline.records.keys import derived, is_sealed, new_key, read_key_file, seal, unseal, unwrap, write_key_file, write_private
from pipeline.records.lists import seal_lists
from pipeline.records.reviews import seal_reviews
from pipeline.records.secret import load_or_create_secret
from pipeline.records.store import Store
from pipeline.records.store.cipher import clear, driver, seal_file, swap
from pipeline.records.store.opening import is_plain
from pipeline.records.workspace import Workspace


def encrypt(workspace: Workspace, passphrase: str, remembered: bool = False) -> None:
    """Encrypt the secret, the reviews, the organisation's lists and, unless they are at a server, the records.

    Stopped half-way it loses nothing: the same call with the same passphrase goes on.  Raises ``UsageError`` when all is
    encrypted already or the passphrase is too short, ``WrongPassphrase``, ``KeyLost``, ``RecordsError``.
    """
    if not workspace.records:
        driver()
    begun = read_key_file(workspace.key_file)
    if begun and begun.complete:
        raise UsageError("the workspace is encrypted already", "To change the passphrase: storysafe workspace passphrase.")
    if begun is None:
        if is_sealed(workspace.secret):
            raise KeyLost("The workspace is encrypted, and its key file is missing.", "Put back key.json from your backup.")
        load_or_create_secret(workspace.secret)
        write_key_file(workspace.key_file, new_key(), passphrase, complete=False, remembered=remembered)
    key = unwrap(workspace.key_file, passphrase)
    _seal_secret(workspace, key)
    seal_reviews(workspace.reviews, key)
    seal_lists(workspace.lists, key)
    unlocked = Workspace(workspace.root, workspace.records, key)
    if not workspace.records:
        if workspace.database.exists() and is_plain(workspace.database):
            Store.open(workspace.database).close()  # brought up to date, and whole
            seal_file(workspace.database, derived(key, "records"))
        unlocked.store().close()
        clear(workspace.database)
    clear(workspace.secret)
    write_key_file(workspace.key_file, key, passphrase, complete=True, remembered=remembered)


def change_passphrase(workspace: Workspace, old: str, new: str, remembered: bool) -> None:
    """Let another passphrase open the workspace from now on; copies of the old key file go on opening with the old one."""
    found = read_key_file(workspace.key_file)
    if found is None:
        raise UsageError("the workspace is not encrypted", "Encrypt it first: storysafe workspace encrypt.")
    write_key_file(workspace.key_file, unwrap(workspace.key_file, old), new, found.complete, remembered)


def _seal_secret(workspace: Workspace, key: bytes) -> None:
    if is_sealed(workspace.secret):
        unseal(workspace.secret, key, "secret")
        return
    secret = load_or_create_secret(workspace.secret)
    fresh = workspace.secret.with_name(f"secret.{secrets.token_hex(4)}.sealing")
    write_private(fresh, seal(secret, key, "secret"))
    if unseal(fresh, key, "secret") != secret:
        raise KeyLost("The encrypted secret does not hold what it should.", "Nothing was changed; try again.")
    sync_file(fresh)
    swap(fresh, workspace.secret)
