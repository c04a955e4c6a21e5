"""The key of an encrypted workspace: random, and itself encrypted under the organisation's passphrase.

The key file is JSON; ``wrapped`` is the key under AES-GCM, with everything else in the file authenticated beside it.  A new
passphrase wraps the same key again, so that nothing else has to be written anew.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from pipeline.errors import KeyLost, OutputFailed, UsageError, WrongPassphrase
from pipeline.records.durable import sync_folder

SHORTEST = 12
"""Characters that a passphrase has at least."""
_SEALED = b"storysafe-sealed-1\n"
_NONCE = 12
_COST = {"n": 1 << 15, "r": 8, "p": 1}
_HIGHEST = 1 << 20  # a key file that asks for more would stop the machine
_BACKUP = "Put back the file key.json from your backup: nobody can open the records without it."


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What the key file says in the open.

    ``complete``: everything is encrypted; ``remembered``: the system's keyring knows the passphrase.
    """

    complete: bool
    remembered: bool


def new_key() -> bytes:
    """A key that nobody can guess."""
    return secrets.token_bytes(32)


def derived(key: bytes, use: str) -> bytes:
    """The key for one use, such as "records"."""
    return HKDF(SHA256(), 32, None, f"storysafe {use}".encode()).derive(key)


def write_key_file(path: Path, key: bytes, passphrase: str, complete: bool, remembered: bool) -> None:
    """Write the key file anew, whole or not at all; raises ``UsageError`` for a passphrase that is too short."""
    if len(passphrase) < SHORTEST:
        raise UsageError(f"a passphrase has {SHORTEST} characters or more", "Four words that do not belong together will do.")
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(_NONCE)
    head = {"version": 1, "complete": complete, "remembered": remembered, "salt": _text(salt), "nonce": _text(nonce), **_COST}
    wrapped = AESGCM(_stretched(passphrase, salt, head)).encrypt(nonce, key, _canonical(head))
    write_private(path, json.dumps({**head, "wrapped": _text(wrapped)}, indent=1).encode("ascii"))


def read_key_file(path: Path) -> KeyFile | None:
    """What stands in the open, ``None`` when there is no key file; raises ``KeyLost`` for one that is damaged."""
    head = _read(path)
    return KeyFile(bool(head["complete"]), bool(head["remembered"])) if head else None


def unwrap(path: Path, passphrase: str) -> bytes:
    """The key; raises ``WrongPassphrase``, or ``KeyLost`` when the file is missing or damaged."""
    head = _read(path)
    if head is None:
        raise KeyLost("The key file of the workspace is missing.", _BACKUP)
    try:
        wrapped, salt, nonce = (base64.b64decode(head.pop(name)) for name in ("wrapped", "salt", "nonce"))
        bare = head | {"salt": _text(salt), "nonce": _text(nonce)}
        return AESGCM(_stretched(passphrase, salt, head)).decrypt(nonce, wrapped, _canonical(bare))
    except InvalidTag:
        raise WrongPassphrase(
            "The passphrase is not the one that the workspace was encrypted with, or its key file was changed.",
            "Type it again. If it is right, put back key.json from your backup. Nothing was changed.",
        ) from None
    except (ValueError, TypeError, KeyError, AttributeError, MemoryError):
        raise KeyLost("The key file of the workspace is damaged.", _BACKUP) from None


def is_sealed(path: Path) -> bool:
    """True for a file that :func:`seal` made."""
    try:
        with path.open("rb") as stream:
            return stream.read(len(_SEALED)) == _SEALED
    except OSError:
        return False


def seal(data: bytes, key: bytes, use: str) -> bytes:
    """The bytes of an encrypted file."""
    nonce = secrets.token_bytes(_NONCE)
    return _SEALED + nonce + AESGCM(derived(key, use)).encrypt(nonce, data, use.encode())


def unseal(path: Path, key: bytes, use: str) -> bytes:
    """What an encrypted file holds; raises ``KeyLost`` when it was changed or belongs to another key."""
    try:
        data = path.read_bytes()
        if not data.startswith(_SEALED):
            raise ValueError
        nonce, rest = data[len(_SEALED) :][:_NONCE], data[len(_SEALED) + _NONCE :]
        return AESGCM(derived(key, use)).decrypt(nonce, rest, use.encode())
    except (InvalidTag, ValueError, OSError):
        raise KeyLost(
            f"The file {path.name} of the workspace is missing, was changed, or was encrypted with another key.",
            "Put back the whole workspace from one backup: its files belong together.",
        ) from None


def write_private(path: Path, data: bytes) -> None:
    """Write a file that its owner alone can read, whole or not at all."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(fresh, flags, 0o600), "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(fresh, path)
        sync_folder(path.parent)
    except OSError:
        raise OutputFailed(f"{path.name} of the workspace cannot be written.", "Check the folder and the disk.") from None
    finally:
        fresh.unlink(missing_ok=True)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        head = json.loads(path.read_text(encoding="ascii"))
        known = {"version", "complete", "remembered", "salt", "nonce", "wrapped", *_COST}
        if set(head) != known or head["version"] != 1 or not all(0 < head[name] <= _HIGHEST for name in _COST):
            raise ValueError
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError):
        raise KeyLost("The key file of the workspace is damaged.", _BACKUP) from None
    return dict(head)


def _stretched(passphrase: str, salt: bytes, head: dict[str, Any]) -> bytes:
    return Scrypt(salt, 32, head["n"], head["r"], head["p"]).derive(passphrase.encode("utf-8", "surrogatepass"))


def _canonical(head: dict[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode("ascii")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
