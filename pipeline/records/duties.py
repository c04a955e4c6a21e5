"""The register of duties: its entries in the records, each anchored in the workspace's own audit trail (P22, P28, P29)."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.domain.event import Event
from pipeline.errors import EntriesAltered, OutputFailed
from pipeline.records.audit import Trail, follow, read_head
from pipeline.records.store import Store
from pipeline.records.store.entries import Entry, add_entry, all_entries
from pipeline.records.workspace import Workspace

_PATIENCE = 10.0  # seconds for another process that writes its line
_ANCHOR = "entry"


class Register:
    """The entries of one workspace: added, read and checked against the digests that its audit trail holds."""

    def __init__(self, workspace: Workspace, store: Store) -> None:
        self._workspace, self._store = workspace, store

    @property
    def store(self) -> Store:
        """The records that the entries are in."""
        return self._store

    def add(self, kind: str, body: Mapping[str, Any], mark: str = "") -> Entry:
        """Add an entry, on the disk and anchored when this returns; the same ``mark`` again adds nothing."""
        entry, new = add_entry(self._store, kind, body, mark)
        if new:
            note(self._workspace.trail, Event(_ANCHOR, "", {"kind": kind, "number": entry.number, "digest": entry.digest}))
        return entry

    def entries(self, *kinds: str) -> list[Entry]:
        """The entries of those kinds, in order.

        Raises ``EntriesAltered`` when any entry was changed, moved or taken away since it was made.
        """
        entries, bad = all_entries(self._store)
        known = {entry.number: entry.digest for entry in entries}
        anchors = _anchors(self._workspace.trail)
        bad = bad or next((number for number, digest in anchors if known.get(number) != digest), 0)
        if not bad and not anchors and len(entries) > 1 and not self._workspace.records:
            bad = 1  # the trail itself was taken away
        if bad:
            raise EntriesAltered(
                f"Entry {bad} of the register of duties is not as it was written.",
                "Keep the workspace as it is for whoever looks into it, and put back your latest backup.",
            )
        return [entry for entry in entries if entry.kind in kinds]


def note(path: Path, *events: Event) -> None:
    """Add events to the workspace's audit trail, waiting a moment for whoever writes there just now.

    Raises ``OutputFailed``.
    """
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            with Trail(path) as trail:
                for event in events:
                    trail.append(event)
                return
        except OutputFailed as error:
            if type(error.__cause__).__name__ != "Busy" or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _anchors(path: Path) -> list[tuple[int, str]]:
    """The number and digest of every entry that the trail knows of; raises ``EntriesAltered`` when it was changed."""
    if not path.exists():
        return []
    head, _ = read_head(path)
    _, bad = follow(path, head)
    if bad is not None and bad.problem != "torn":
        raise EntriesAltered(
            f"The audit trail of the workspace is {bad.problem} at line {bad.line}, so the register cannot be trusted.",
            "Keep the workspace as it is for whoever looks into it, and put back your latest backup.",
        )
    whole = (json.loads(line) for line in path.read_bytes().splitlines(keepends=True) if line.endswith(b"\n"))
    return [(event["facts"]["number"], event["facts"]["digest"]) for event in whole if event["stage"] == _ANCHOR]
