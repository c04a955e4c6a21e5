"""Takes the encryption of a workspace off again: each file anew beside the sealed one, proved, then put in its place."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import KeyLost, OutputFailed, UsageError
from pipeline.records.durable import sync_folder
from pipeline.records.keys import derived, is_sealed, read_key_file, unseal, unwrap, write_key_file, write_private
from pipeline.records.lists import unseal_lists
from pipeline.records.reviews import unseal_reviews
from pipeline.records.store import Store
from pipeline.records.store.cipher import driver, unseal_file
from pipeline.records.store.opening import is_plain
from pipeline.records.workspace import Workspace

KEPT = "key-of-older-copies.json"
"""What the key file is called afterwards: copies and backups that were made before still open with it."""


def decrypt(workspace: Workspace, passphrase: str) -> None:
    """Make the secret, the reviews, the lists and the records readable without a passphrase.

    Stopped half-way it loses nothing: the same call goes on.  Raises ``UsageError`` when nothing is encrypted,
    ``WrongPassphrase``, ``KeyLost``, ``RecordsError``.
    """
    found = read_key_file(workspace.key_file)
    if found is None:
        if is_sealed(workspace.secret):
            raise KeyLost("The workspace is encrypted, and its key file is missing.", "Put back key.json from your backup.")
        raise UsageError("the workspace is not encrypted")
    if not workspace.records:
        driver()
    key = unwrap(workspace.key_file, passphrase)
    if not workspace.records and found.complete:
        Workspace(workspace.root, workspace.records, key).store().close()  # whole, before anything is changed
    write_key_file(workspace.key_file, key, passphrase, complete=False, remembered=found.remembered)
    if is_sealed(workspace.secret):
        write_private(workspace.secret, unseal(workspace.secret, key, "secret"))
    unseal_reviews(workspace.reviews, key)
    unseal_lists(workspace.lists, key)
    if not workspace.records and workspace.database.exists():
        if not is_plain(workspace.database):
            unseal_file(workspace.database, derived(key, "records"))
        Store.open(workspace.database).close()
    _put_aside(workspace.key_file)


def _put_aside(key_file: Path) -> None:
    try:
        key_file.replace(key_file.with_name(KEPT))
        sync_folder(key_file.parent)
    except OSError:
        raise OutputFailed("The key file cannot be put aside.", "Close it elsewhere, and give the command again.") from None
