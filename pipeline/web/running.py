"""Runs that the page starts: in a process of their own, one at a time, followed by the journal that the run itself keeps.

What is shown of a run is what its journal says, so that nothing is promised that a crash could take back, and a run that
was stopped with its server is known by its folder and goes on.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import IO, Any

from pipeline import batch
from pipeline.errors import OutputNotEmpty, StorysafeError, UsageError
from pipeline.records.locks import Busy, drop_lock, take_lock
from pipeline.records.outbox import Outbox
from pipeline.releasing import load_finished
from pipeline.sources import list_sources
from pipeline.web.shelf import Ordered, Shelf
from pipeline.workers import end_with_parent
from pipeline.world import Settings

_SHOWN = 200
_MANY = 24  # files from which on a second process is worth its start


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a run failed: the name of the kind of failure, and words without a personal value."""

    kind: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Line:
    """One story of a run for one purpose, as soon as it is settled; ids and codes alone."""

    story: str
    purpose: str
    state: str
    reason: str


@dataclass(slots=True)
class Seen:
    """What the journal of a run said so far: inputs that are done, endings by state, and the last stories."""

    done: int = 0
    states: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)
    _at: int = 0

    def follow(self, journal: Path) -> None:
        """Read on where the last look ended; a line that is still being written waits for the next."""
        with contextlib.suppress(OSError), journal.open("rb") as stream:
            stream.seek(self._at)
            for line in stream:
                if not line.endswith(b"\n"):
                    break
                self._at += len(line)
                self._take(json.loads(line))

    def _take(self, entry: dict[str, Any]) -> None:
        if "input" not in entry:
            return
        self.done += 1
        for story in entry["stories"]:
            for purpose, record in story["line"]["purposes"].items():
                self.states[record["status"]] += 1
                reason = record["reasons"][0] if record["reasons"] else ""
                self.lines.append(Line(story["line"]["story"], purpose, record["status"], reason))
        del self.lines[:-_SHOWN]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the run is.

    ``state`` is "none" before the first, "running", "opening" while its results are made ready, "failed", "stopped" when
    its server was ended, or "finished"; ``left`` are the seconds that it may still take, 0 while nobody can say.
    """

    state: str
    run: Ordered | None = None
    total: int = 0
    seen: Seen = field(default_factory=Seen)
    left: int = 0
    failure: Failure | None = None


class Runner:
    """The runs of one shelf.  ``finished`` is called, in a thread, when a run has come to its end."""

    def __init__(self, shelf: Shelf, finished: Callable[[Ordered], None]) -> None:
        self._shelf, self._finished = shelf, finished
        self._guard = threading.Lock()
        self._process: BaseProcess | None = None
        self._lock: IO[bytes] | None = None
        self._now: Ordered | None = None
        self._opening, self._stopped = False, False
        self._failure: Failure | None = None
        self._seen, self._total, self._begun, self._before, self._ended = Seen(), 0, 0.0, 0, 0

    @property
    def busy(self) -> bool:
        """True while a run of this page is under way."""
        return self._now is not None

    def start(self, run: Ordered, settings: Settings) -> None:
        """Start a run, or go on with it; raises ``UsageError`` when one is under way or there is nothing to run."""
        total = len(self._shelf.files())
        if not total:
            raise UsageError("there is no file to run over", "Put some into the box first.")
        with self._guard:
            self.refuse_if_busy()
            try:
                self._lock = take_lock(self._shelf.lock)
            except Busy:
                raise UsageError(
                    "another page of this workspace has a run under way", "Wait until it has finished, then look again."
                ) from None
            self._now, self._failure, self._total, self._stopped = run, None, total, False
            self._seen, self._begun = Seen(), time.monotonic()
            self._seen.follow(self._journal(run))
            self._before = self._seen.done
        try:
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe(duplex=False)
            workers = min(4, max(1, (os.cpu_count() or 2) // 2)) if total > _MANY else 1
            given = settings, self._shelf.inbox, self._shelf.out(run.number), workers, theirs
            self._process = context.Process(target=work, args=given)
            self._process.start()
            theirs.close()
            threading.Thread(target=self._wait, args=(self._process, ours, run), daemon=True).start()
        except BaseException:
            self._settle(Failure("StorysafeError", "the run could not be started", "Close other programs, and try again."))
            raise

    def refuse_if_busy(self) -> None:
        """Raise ``UsageError`` while a run is under way: neither its files nor its registers may change under it."""
        if self.busy:
            raise UsageError("a run is under way", "Wait until it has finished, or stop it.")

    def stop(self) -> None:
        """End the run that is under way; what is finished of it stays, and it can go on."""
        process, self._stopped = self._process, True
        if process is not None and process.is_alive():
            process.terminate()
            process.join(10)

    def progress(self) -> Progress:
        """How far the run is now, or how the last one ended."""
        run = self._now
        if run is not None:
            with self._guard:
                self._seen.follow(self._journal(run))
                told = replace(self._seen, states=self._seen.states.copy(), lines=list(self._seen.lines))
            return Progress("opening" if self._opening else "running", run, self._total, told, self._left(told.done))
        known = self._shelf.ordered()
        if not known:
            return Progress("none")
        run, out = known[-1], self._shelf.out(known[-1].number)
        if self._failure is not None:
            seen = Seen()
            seen.follow(self._journal(run))
            return Progress("failed", run, self._total, seen, failure=self._failure)
        if run.number == self._ended or finished(out):
            self._ended = run.number  # a manifest of thousands of stories is not read anew for every look
            return Progress("finished", run)
        seen = Seen()
        seen.follow(self._journal(run))
        return Progress("stopped", run, len(self._shelf.files()), seen)

    def _journal(self, run: Ordered) -> Path:
        return self._shelf.out(run.number) / "internal" / ".work" / "journal.jsonl"

    def _left(self, done: int) -> int:
        new = done - self._before
        return int((time.monotonic() - self._begun) / new * (self._total - done)) if new > 2 else 0

    def _wait(self, process: BaseProcess, ours: Connection, run: Ordered) -> None:
        told: Failure | None = Failure(
            "StorysafeError",
            "the run was ended from outside, perhaps because the memory ran out",
            "Close other programs, and go on.",
        )
        ended = False
        with contextlib.suppress(EOFError, OSError):
            told = ours.recv()
            ended = told is None
        process.join()
        if self._stopped and not ended:
            told = None
        elif told is None:
            self._opening = True
            try:
                self._finished(run)
            except StorysafeError as error:
                told = Failure(type(error).__name__, error.message, error.remedy)
            except Exception as error:  # its words may be a person's
                told = Failure(type(error).__name__, "the results could not be opened", "Start the page anew.")
        self._settle(told)

    def _settle(self, failure: Failure | None) -> None:
        with self._guard:
            self._failure, self._now, self._opening, self._process = failure, None, False, None
            if self._lock is not None:
                drop_lock(self._lock, self._shelf.lock)
                self._lock = None


def work(settings: Settings, inbox: Path, out: Path, workers: int, told: Connection) -> None:
    """The run itself, the very one of the command line; says ``None`` or a :class:`Failure` when it has ended."""
    # Ctrl-C reaches every process of the group; the server answers it, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    failure: Failure | None = None
    try:
        planned = batch.plan(list_sources((inbox,)), settings)
        outbox = Outbox.open(out, False, planned.key)
        try:
            batch.run(planned, outbox, workers)
        finally:
            outbox.close()
    except OutputNotEmpty as error:
        words = "the files, the registers or a review are not those that the run began with"
        failure = Failure(type(error).__name__, words, "Start anew below; what the stopped run released stays recorded.")
    except StorysafeError as error:
        failure = Failure(type(error).__name__, error.message, error.remedy)
    except Exception as error:  # the text of an unforeseen error may hold a person's words
        failure = Failure(
            type(error).__name__, "the run failed unexpectedly", "Report its name; nothing unverified was released."
        )
    with contextlib.suppress(OSError):
        told.send(failure)


def finished(out: Path) -> bool:
    """True when an output folder holds a run that has come to its end."""
    try:
        load_finished(out)
    except UsageError:
        return False
    return True
