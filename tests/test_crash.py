"""A run that is killed anywhere loses nothing, tells nothing unverified, and goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pipeline import batch, stories
from pipeline.cli import main
from pipeline.domain.ledger import ReleaseRecord
from pipeline.records.audit import verify
from pipeline.records.store import Store
from tests import flow

KILLS = 50
_EVENTS = frozenset("os.rename os.remove os.mkdir os.rmdir os.truncate sqlite3.connect".split())
NOTES = {
    "a.txt": "Case ref: TT-0001\nPerpetua Lidgate owed rent when she came to us. Our adviser wrote to her landlord.\n"
    "The arrears of £640 were written off and she has kept her tenancy.\n",
    "b.txt": "Case ref: TT-0002\nClementina Oxspring came to us with debts. We helped her with a claim.\n"
    "She now has £90 a week more and has paid her debts off.\n",
    "c.txt": "Wat Tyndall asked for help with his heating. Our adviser found a grant.\n"
    "He now has a new boiler and a warm home.\n",
    "d.doc": "no format of ours",
}
CLIENTS = "case_ref,full_name,service\nTT-0001,Perpetua Lidgate,Housing\nTT-0002,Clementina Oxspring,Debt\n"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork") or not hasattr(signal, "SIGKILL"), reason="this system cannot fork and kill"),
]


@dataclass
class Chain:
    """One output folder and workspace, and what is known of them after each kill."""

    folder: Path
    secret: Path
    notes: Path
    finished: dict[str, int] = field(default_factory=dict)

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def arguments(self) -> list[str]:
        named = {"out": self.out, "workspace": self.folder / "workspace", "secret": self.secret, "on": flow.DAY}
        named |= {"clients": self.notes.parent / "clients.csv", "organisation": flow.SAMPLES / "organisation.toml"}
        return ["run", str(self.notes), "--purpose", "publicity", "--purpose", "reporting"] + [
            word for name, value in named.items() for word in (f"--{name}", str(value))
        ]

    def releases(self) -> list[ReleaseRecord]:
        if not (self.folder / "workspace" / "records.db").exists():
            return []
        with Store.open(self.folder / "workspace" / "records.db") as store:
            return store.releases()

    def events(self) -> list[dict[str, Any]]:
        trail = self.out / "internal" / "audit.jsonl"
        lines = trail.read_bytes().splitlines(keepends=True) if trail.exists() else []
        return [json.loads(line) for line in lines if line.endswith(b"\n")]

    def finishes(self) -> Counter[str]:
        return Counter(event["story"] for event in self.events() if event["stage"] in ("finish", "failed"))

    def released(self) -> dict[str, bytes]:
        folder = self.out / "released"
        return {path.relative_to(self.out).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def manifest(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads((self.out / "internal" / "manifest.json").read_text("utf-8"))
        return {name: value for name, value in read.items() if name != "audit"}


def kill_at(number: int, chance: random.Random) -> None:
    """From now on this process kills itself at the n-th thing it does to the disk, as a power cut might leave it."""
    done, known, fsync = 0, {}, os.fsync
    home = os.getpid()

    def step(torn: int | None = None) -> None:
        nonlocal done
        done += 1
        if done == number and os.getpid() == home:
            if torn is not None:
                tear(torn)
            os.kill(home, signal.SIGKILL)

    def tear(descriptor: int) -> None:
        # What was added since the last fsync may be on the disk, or half of it, or nothing.
        here = os.fstat(descriptor)
        before = known.get(here.st_ino)
        if before is not None and here.st_size > before:
            os.ftruncate(descriptor, chance.randint(before, here.st_size))

    def watched(descriptor: int) -> None:
        step(descriptor)
        fsync(descriptor)
        here = os.fstat(descriptor)
        known[here.st_ino] = here.st_size

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wxa+")
        if writes or event in _EVENTS:
            step()

    def around(name: str) -> None:
        method = getattr(Store, name)

        def stepping(*given: Any, **named: Any) -> Any:
            step()
            result = method(*given, **named)
            step()
            return result

        setattr(Store, name, stepping)

    for name in ("begin", "record", "end"):
        around(name)
    os.fsync = watched
    sys.addaudithook(hook)


def attempt(chain: Chain, number: int, chance: random.Random) -> int | None:
    """Run in a child that kills itself at its n-th step; the exit code, ``None`` when it was killed."""
    child = os.fork()
    if not child:
        code = 70
        try:
            silence = os.open(os.devnull, os.O_WRONLY)
            os.dup2(silence, 1)
            os.dup2(silence, 2)
            kill_at(number, chance)
            main(chain.arguments())
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)


def check_after_a_kill(chain: Chain) -> None:
    bad = verify(chain.out / "internal" / "audit.jsonl")
    assert bad is None or bad.problem in ("torn", "missing"), bad
    recorded = {(release.path, release.sha256) for release in chain.releases()}
    for path, data in chain.released().items():
        assert (path, hashlib.sha256(data).hexdigest()) in recorded, f"{path} is released and not recorded"
    finishes = chain.finishes()
    for story, count in chain.finished.items():
        assert finishes[story] == count, f"{story} was done, and done again"
    chain.finished = {story: finishes[story] for story in committed(chain)}


def committed(chain: Chain) -> list[str]:
    journal = chain.out / "internal" / ".work" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)[1:] if journal.exists() else []
    entries = [json.loads(line) for line in lines if line.endswith(b"\n")]
    places = [entry["input"] for entry in entries if "input" in entry]
    assert len(places) == len(set(places)), "an input is in the journal twice"
    return [story["line"]["story"] for entry in entries for story in entry.get("stories", ())]


@pytest.fixture
def chain_in(tmp_path: Path, secret: Path):
    notes = tmp_path / "notes"
    notes.mkdir()
    for name, text in NOTES.items():
        (notes / name).write_text(text, encoding="utf-8")
    (tmp_path / "clients.csv").write_text(CLIENTS, encoding="utf-8")

    def made(name: str) -> Chain:
        (tmp_path / name).mkdir()
        return Chain(tmp_path / name, secret, notes)

    return made


@pytest.fixture
def loaded_once(monkeypatch):
    """The models of the first run serve those that are forked from this process."""
    load = batch.start

    def start(settings, taken, outbox, digest):
        if stories._here is None or not kept:
            load(settings, taken, outbox, digest)
            kept.append(stories._here[0])
        stories._here = kept[0], outbox

    kept: list[Any] = []
    monkeypatch.setattr(batch, "start", start)
    monkeypatch.setattr(batch, "_CHUNK", 1)


def test_killed_at_fifty_random_points_a_run_loses_nothing_and_does_nothing_twice(chain_in, loaded_once):
    chance = random.Random(5)
    whole = chain_in("whole")
    result = flow.storysafe(whole.out, *whole.arguments())
    assert result.code == 3, result.words
    kills, number = 0, 0
    while kills < KILLS:
        number += 1
        chain, stuck = chain_in(f"chain-{number}"), 0
        while (code := attempt(chain, chance.randint(1, 40 + 40 * stuck), chance)) is None:
            before = len(chain.finished)
            check_after_a_kill(chain)
            kills, stuck = kills + 1, stuck + 1 if len(chain.finished) == before else 0
        if code == 2:  # killed after its last step, which nobody can tell from being finished
            assert chain.manifest()["complete"]
            code = 3
        assert code == 3
        assert verify(chain.out / "internal" / "audit.jsonl") is None
        assert chain.released() == whole.released()
        assert chain.manifest() == whole.manifest()
        assert Counter(chain.releases()) == Counter(whole.releases())
        assert {story: chain.finishes()[story] for story in chain.finished} == chain.finished
        assert not (chain.out / "internal" / ".work").exists()
