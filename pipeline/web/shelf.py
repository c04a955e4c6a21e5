"""The shelf: the folder of the workspace where the page keeps what was dropped on it, the registers and the runs.

page/inbox       the files to work on, as they were dropped
page/registers   the registers, the organisation's file, and the signed forms in evidence/
page/history     what a register was before it was mended
page/runs/0001   the output folder of each run
page/page.json   which registers are used, and what was run for whom
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.domain.permission import Purpose
from pipeline.errors import OutputFailed, UsageError
from pipeline.records.keys import write_private
from pipeline.records.outbox import make_private
from pipeline.sources import SourceFile, list_sources
from pipeline.world import Settings

REGISTERS = ("organisation", "clients", "stories", "permissions", "decisions")
"""The files of the organisation, by the name that the page and the command line give them."""

_NEVER = re.compile(r'[\x00-\x1f\x7f<>:"|?*]')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_LONGEST, _DEEPEST = 120, 8
_KEPT_VERSIONS = 20


@dataclass(frozen=True, slots=True)
class Ordered:
    """One run that was asked for: its number, the day it is judged at, the purposes and whom the documents are for."""

    number: int
    on: date
    purposes: tuple[Purpose, ...]
    channel: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """``root`` is the folder; ``given`` are registers that the command named, which are used where they lie."""

    root: Path
    given: Mapping[str, Path] = field(default_factory=dict)

    @classmethod
    def open(cls, workspace: Path, given: Mapping[str, Path] | None = None) -> Shelf:
        """The shelf of a workspace, made when it is not there, for its owner alone; raises ``OutputFailed``."""
        shelf = cls(workspace / "page", dict(given or {}))
        try:
            for folder in (shelf.root, shelf.inbox, shelf.registers, shelf.evidence, shelf.history, shelf.runs):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            raise OutputFailed("the workspace cannot be written to", "Check the folder and the disk.") from None
        make_private(shelf.root)
        return shelf

    @property
    def inbox(self) -> Path:
        """The files to work on."""
        return self.root / "inbox"

    @property
    def registers(self) -> Path:
        """The registers that were given to the page."""
        return self.root / "registers"

    @property
    def evidence(self) -> Path:
        """The signed forms, named in the permission register as evidence/NAME."""
        return self.registers / "evidence"

    @property
    def history(self) -> Path:
        """What registers were before."""
        return self.root / "history"

    @property
    def runs(self) -> Path:
        """The output folders."""
        return self.root / "runs"

    @property
    def lock(self) -> Path:
        """Held by the one page of the workspace that has a run under way."""
        return self.root / ".running"

    def out(self, number: int) -> Path:
        """The output folder of a run."""
        return self.runs / f"{number:04d}"

    def files(self) -> tuple[SourceFile, ...]:
        """The files to work on, as a run lists them."""
        return list_sources((self.inbox,))

    def register(self, name: str) -> Path | None:
        """Where a register is; ``None`` when there is none."""
        found = self.given.get(name) or self.registers / str(self._read()["registers"].get(name, ""))
        return found if found.is_file() else None

    def take_register(self, name: str, suffix: str, data: bytes) -> Path:
        """Keep a register as it was handed in; the one before goes into the history.  Raises ``UsageError``."""
        self.refuse(name, suffix)
        before, path = self.register(name), self.registers / f"{name}{suffix}"
        if before is not None:
            self.remember(name, before)
        write_private(path, data)
        self._write(lambda state: state["registers"].update({name: path.name}))
        if before is not None and before != path:
            before.unlink(missing_ok=True)
        return path

    def refuse(self, name: str, suffix: str) -> None:
        """Raise ``UsageError`` for a register that is not kept here, or not in files that end so."""
        if name in self.given:
            raise UsageError(f"the {name} file was named when the page was started", "Change that file, or start without it.")
        known = {".toml"} if name == "organisation" else {".csv", ".xlsx"}
        if suffix not in known:
            raise UsageError(f"a register of that kind ends in {' or '.join(sorted(known))}", "Save it as that, and try again.")

    def remember(self, name: str, path: Path) -> None:
        """Keep a register as it is now in the history, of which the last versions stay."""
        kept = sorted(self.history.glob(f"{name}-*"))
        last = int(kept[-1].stem.rpartition("-")[2]) if kept else 0
        write_private(self.history / f"{name}-{last + 1:06d}{path.suffix}", path.read_bytes())
        for old in kept[: max(0, len(kept) + 1 - _KEPT_VERSIONS)]:
            old.unlink(missing_ok=True)

    def take_files(self, held: Sequence[tuple[PurePosixPath, Path]], folder: Path | None = None) -> tuple[int, int]:
        """Move files that came whole into the inbox, or into ``folder``; how many are new, and how many took a place."""
        into, fresh, replaced = folder or self.inbox, 0, 0
        try:
            for name, path in held:
                target = into.joinpath(*name.parts)
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                fresh, replaced = (fresh, replaced + 1) if target.is_file() else (fresh + 1, replaced)
                os.replace(path, target)
        except OSError:
            advice = "A folder may have that name: rename it, and try again."
            raise UsageError("a file could not be kept under its name", advice) from None
        return fresh, replaced

    def drop(self, name: str) -> bool:
        """Remove a file of the inbox by its name in the list; false when it is not there."""
        found = [source.path for source in self.files() if source.name == name]
        for path in found:
            path.unlink(missing_ok=True)
        return bool(found)

    def empty(self) -> int:
        """Remove every file of the inbox; how many there were."""
        number = len(self.files())
        shutil.rmtree(self.inbox, ignore_errors=True)
        self.inbox.mkdir(mode=0o700, exist_ok=True)
        return number

    def holding(self) -> Path:
        """A new folder for files that are still coming in."""
        path = self.root / "incoming" / secrets.token_hex(8)
        path.mkdir(parents=True, mode=0o700)
        return path

    def ordered(self) -> tuple[Ordered, ...]:
        """Every run that was asked for, the last one last."""
        return tuple(
            Ordered(
                int(each["number"]), date.fromisoformat(each["on"]), tuple(Purpose(word) for word in each["purposes"]),
                str(each["channel"]), str(each["recipient"]),
            )
            for each in self._read()["runs"]
        )  # fmt: skip

    def order(self, on: date, purposes: Sequence[Purpose], channel: str, recipient: str) -> Ordered:
        """Note that a run is asked for; its folder is a new one."""
        taken = [int(path.name) for path in self.runs.iterdir() if path.name.isdecimal()]
        number = max([0, *taken, *(run.number for run in self.ordered())]) + 1
        run = Ordered(number, on, tuple(purposes), channel, recipient)
        plain = {
            "number": number,
            "on": on.isoformat(),
            "purposes": list(run.purposes),
            "channel": channel,
            "recipient": recipient,
        }
        self._write(lambda state: state["runs"].append(plain))
        return run

    def settings(self, base: Settings, run: Ordered) -> Settings:
        """The settings of a run: ``base`` with the registers of the shelf, and what the run was asked for."""
        at = self.register
        return replace(
            base, organisation=at("organisation"), clients=at("clients"), stories=at("stories"), permissions=at("permissions"),
            decisions=at("decisions"), on=run.on, purposes=run.purposes, channel=run.channel, recipient=run.recipient,
        )  # fmt: skip

    def _read(self) -> dict[str, Any]:
        try:
            state = json.loads((self.root / "page.json").read_text(encoding="utf-8"))
            return {"registers": dict(state["registers"]), "runs": list(state["runs"])}
        except FileNotFoundError:
            return {"registers": {}, "runs": []}
        except (OSError, ValueError, KeyError, TypeError):
            raise OutputFailed(
                "the file page.json of the workspace is damaged", "Move it away: the registers are asked for again."
            ) from None

    def _write(self, change: Any) -> None:
        state = self._read()
        change(state)
        write_private(self.root / "page.json", json.dumps(state, indent=1).encode("ascii"))


def safe_name(name: str) -> PurePosixPath | None:
    """The name that a file is kept under, relative to its folder; ``None`` for what no run would read.

    Nothing leads out of the folder, whatever the name says, and every system can hold it.
    """
    parts = [part for part in _parts(name) if part]
    if not parts or any(part.startswith(".") for part in parts):
        return None
    last = parts[-1].casefold()
    if last.startswith("~$") or last in ("thumbs.db", "desktop.ini"):
        return None
    return PurePosixPath(*parts[-_DEEPEST:])


def _parts(name: str) -> Iterator[str]:
    for part in unicodedata.normalize("NFC", name).replace("\\", "/").split("/"):
        if part.strip() in ("", ".", ".."):
            continue
        part = _NEVER.sub("_", part.encode("utf-8", "replace").decode("utf-8")).strip().rstrip(". ")
        if len(part.encode("utf-8")) > _LONGEST:
            stem, dot, suffix = part.rpartition(".")
            short = len(suffix.encode("utf-8")) <= 12 and dot
            kept = (stem if short else part).encode("utf-8")[: _LONGEST - 20].decode("utf-8", "ignore").rstrip(". ")
            part = f"{kept}.{suffix}" if short else kept
        yield f"_{part}" if _RESERVED.fullmatch(part) else part
