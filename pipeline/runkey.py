"""What decides the results of a run, so that the same command into the same folder is known to be the same run."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path

from pipeline import __version__
from pipeline.policy.policies import limits_file
from pipeline.records.indexed import Registers
from pipeline.records.journal import RunKey
from pipeline.records.lists import load_lists
from pipeline.records.plain import to_plain
from pipeline.returns import model_version
from pipeline.sources import SourceFile
from pipeline.world import Settings


def key_of(sources: Sequence[SourceFile], settings: Settings, registers: Registers) -> RunKey:
    """The key of a run: its parts are digests and plain words, in which no personal value can be read or guessed.

    The registers count as they were understood, with the state of the evidence and what the records add to them; the
    number of workers and the order of the inputs on the command line do not count, for they decide nothing (law 3).
    """
    plain = {
        "version": __version__,
        "model": model_version(),
        "on": settings.on.isoformat(),
        "purposes": " ".join(sorted(settings.purposes)),
    }
    hidden = {
        "policy": digest_of_file(settings.policy) + digest_of_file(limits_file(settings.policy)),
        "organisation": digest_of_file(settings.organisation) if settings.organisation else "",
        "registers": registers_digest(registers),
        "secret": "",
        "channel": settings.channel,
        "recipient": settings.recipient,
        "last_year": digest_of_file(settings.last_year) if settings.last_year else "",
        "inputs": _digest(f"{source.index} {source.name} {digest_of_file(source.path)}" for source in sources),
    }
    if settings.workspace and settings.workspace.reviews.is_dir():
        kept = sorted(path for path in settings.workspace.reviews.iterdir() if path.suffix in (".jsonl", ".last"))
        hidden["reviews"] = _digest(f"{path.name} {digest_of_file(path)}" for path in kept)
    if settings.workspace and settings.workspace.lists.is_file():
        hidden["lists"] = load_lists(settings.workspace.lists, settings.workspace.key).version
    return RunKey(plain | {name: _keyed(settings.secret, f"{name} {value}") for name, value in hidden.items()})


def registers_digest(registers: Registers) -> str:
    """The digest of everything that was understood of the registers."""
    return _digest(_parts(registers))


def digest_of_file(path: Path) -> str:
    """The sha256 of a file's bytes; empty when it cannot be read, which is reported when its turn comes."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _parts(registers: Registers) -> Iterator[str]:
    for each in fields(registers):
        value = getattr(registers, each.name)
        rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else [("", value)]
        for key, row in rows:
            yield json.dumps([each.name, key, to_plain(row)], sort_keys=True)


def _digest(parts: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return digest.hexdigest()


def _keyed(secret: bytes, text: str) -> str:
    # A bare digest of a short list or a word could be found by trying.
    return hmac.new(secret, f"storysafe run {text}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
