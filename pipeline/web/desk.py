"""The desk: one finished run, its inputs and the registers, with what people do to its stories; nothing of the web.

Stories are read and prepared anew from the input files, since a run keeps no originals; what was prepared is kept for
the few stories that were looked at last.
"""

from __future__ import annotations

import gc
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pipeline.batch import survey
from pipeline.carrying import earlier_decisions, unasked
from pipeline.case import Case
from pipeline.domain.finding import Finding
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Ending, Held
from pipeline.domain.review import Act, Change, Review
from pipeline.errors import ReadError, ReviewOvertaken, ReviewRefused, UsageError
from pipeline.gate import LIFTABLE
from pipeline.records.reviews import Kept, Reviews
from pipeline.records.workspace import Workspace
from pipeline.releasing import Finished, load_finished, release_story
from pipeline.risk.lowering import Lowered, finish_safely
from pipeline.ruling import Ruling, record_ruling
from pipeline.run import prepare, reviewed, with_review
from pipeline.sources import SourceFile, read
from pipeline.stories import load_registers
from pipeline.web.listing import Counts, Item, counts, items
from pipeline.world import Settings, World

T = TypeVar("T")
_REMEMBERED = 24
ACTIONS = ("decide", "run publicity", "run training", "seek prepare", "seek record", "records import")
"""The commands that the page does the work of."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One story for one purpose as it stands now: how it would be told, and the review that made it so.

    ``changed`` is true when its text is no longer that of the run; it can be looked at then, and not released.  ``carried``
    is what people decided about an earlier text, where words and surroundings are the same and nobody looked yet.
    """

    case: Case
    told: Lowered
    kept: Kept
    line: dict[str, Any]
    changed: bool
    carried: tuple[Change, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every detail in the order in which it is shown, those that the measure of what is left added among them."""
        return tuple(decision.finding for decision in self.told.outcome.decisions)


@dataclass(slots=True)
class Desk:
    """``world`` is loaded once; ``lock`` lets one piece of work at a time use it, since its models are not shared.

    ``allowed`` are the commands that whoever opened the page may use ("decide", "run publicity").
    """

    out: Path
    workspace: Workspace
    world: World
    sources: dict[int, SourceFile]
    allowed: frozenset[str] = frozenset(ACTIONS)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _remembered: OrderedDict[Hashable, Any] = field(default_factory=OrderedDict)
    _generation: int = 0

    @classmethod
    def open(cls, out: Path, sources: Sequence[SourceFile], settings: Settings, allowed: frozenset[str] | None = None) -> Desk:
        """Load what reviewing needs; raises ``UsageError`` when the folder holds no finished run."""
        if settings.workspace is None:
            raise UsageError("a review needs a workspace", "Name one with --workspace.")
        load_finished(out)
        registers = load_registers(settings)
        world = World(settings, registers, survey(sources, registers))
        gc.unfreeze()
        _set_aside()
        desk = cls(out, settings.workspace, world, {source.index: source for source in sources})
        if allowed is not None:
            desk.allowed = allowed
        return desk

    @property
    def reviews(self) -> Reviews:
        """What people decided, beside the records."""
        return Reviews(self.workspace.reviews, self.workspace.key)

    def finished(self) -> Finished:
        """What the run says of its stories now."""
        at = (self.out / "internal" / "manifest.json").stat()
        return _finished(self.out, at.st_mtime_ns, at.st_size)

    def listed(self) -> tuple[list[Item], Counts]:
        """Every story and purpose of the run as it is now, and how many there are of each kind."""
        with self.lock:
            finished, touched = self.finished(), self.reviews.digests()
            people = self.people()
            key = ("list", id(finished), touched, self._generation)

            def made() -> tuple[Finished, list[Item], Counts]:  # held with its run, so that no other one has its place
                listed = items(finished, touched, people)
                return finished, listed, counts(finished, listed)

            return self._once(key, made)[1:]

    def people(self) -> dict[str, tuple[str, str]]:
        """Service and age band of the one client whom each story of the run is about, as the client list has them."""
        with self.lock:
            finished = self.finished()

            def told() -> dict[str, tuple[str, str]]:
                with self.workspace.store() as store:
                    cases = store.cases(finished.run_id)
                clients = {story: self.world.registers.clients_of(refs[0]) for story, refs in cases.items() if len(refs) == 1}
                return {s: (c[0].service.strip(), c[0].age_band.strip()) for s, c in clients.items() if len(c) == 1}

            return self._once(("people", finished.run_id, self._generation), told)

    def look(self, story_id: str, purpose: Purpose) -> Opened:
        """A story as it stands; raises ``UsageError`` when there is none of that id, or its file is gone or unreadable."""
        with self.lock:
            line = dict(self.finished().line(story_id))
            case = self._case(story_id, line)
            digest = case.story.digest
            kept = self.reviews.of(digest)
            carried = () if kept.version else earlier_decisions(case, self.world)
            review = Review(digest, kept.review.changes if kept.version else unasked(carried))
            if marks := review.marks:
                only = Review(digest, marks)
                case = self._once(("marked", story_id, only, self._generation), lambda: reviewed(case, only, self.world))
            case = with_review(case, review, self.world)
            # What was only accepted changes no word, and need not be told again.
            telling = tuple(c for c in case.review.changes if c.purpose in (None, purpose) and c.act is not Act.ACCEPT)
            key = ("told", story_id, digest, telling, purpose, self._generation)
            told = self._once(key, lambda: finish_safely(case, purpose, self.world))
            return Opened(case, told, kept, line, digest != line.get("digest"), carried)

    def learn(self) -> None:
        """Take the organisation's lists as they are now: every story is looked at anew."""
        self.world.learn()
        self._generation += 1

    def decide(self, story_id: str, purpose: Purpose, seen: Seen, ruling: Ruling) -> None:
        """Record a manager's decision about the story as it was in the run, as ``storysafe decide`` does."""
        with self.lock:
            self.may("decide")
            self.current(story_id, purpose, seen)
            with self.workspace.store() as store:
                record_ruling(store, self.finished().run_id, story_id, ruling, seen.digest)
            self.reload()

    def reload(self) -> None:
        """Take the registers and the records as they are now; raises ``RegisterError``."""
        with self.lock:
            self.world.registers = load_registers(self.world.settings)
            self._generation += 1

    def release(self, story_id: str, purpose: Purpose, seen: Seen) -> Ending:
        """Tell, verify, record and release the story for a purpose; how it ended."""
        with self.lock:
            self.may(f"run {purpose.value}")
            opened = self.current(story_id, purpose, seen)
            with self.workspace.store() as store:
                return release_story(opened.case, purpose, self.world, self.out, store, opened.kept.version)

    def download(self, story_id: str, purpose: Purpose, number: int) -> tuple[str, bytes]:
        """The name and the bytes of a released file; raises ``UsageError`` when they are not those that were verified."""
        line = self.finished().line(story_id)
        outputs = line["purposes"].get(purpose.value, {}).get("outputs", [])
        if not 0 <= number < len(outputs):
            raise UsageError("there is no such released file", "Release the story first.")
        path = self.out / outputs[number]["path"]
        data = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(data).hexdigest() != outputs[number]["sha256"]:
            raise UsageError("the released file was changed or removed since", "Release the story again.")
        return path.name, data

    def liftable(self, ending: Ending | None) -> bool:
        """True when a manager's decision could lift what holds a story, and may be recorded here."""
        return isinstance(ending, Held) and ending.reason in LIFTABLE and "decide" in self.allowed

    def may(self, action: str) -> None:
        """Raise ``ReviewRefused`` when the role of whoever opened the page does not cover a command."""
        if action not in self.allowed:
            raise ReviewRefused(f"your role does not cover storysafe {action}", "Ask somebody whose role does.")

    def current(self, story_id: str, purpose: Purpose, seen: Seen) -> Opened:
        """The story when it and its review are those that were seen; raises ``ReviewRefused``, ``ReviewOvertaken``."""
        opened = self.look(story_id, purpose)
        if opened.case.story.digest != seen.digest:
            raise ReviewRefused("the story was changed since you opened it", "Look at it as it is now, and decide again.")
        if opened.kept.version != seen.version:
            raise ReviewOvertaken("somebody else changed this review meanwhile", "Look at it as it is now, and decide again.")
        return opened

    def _case(self, story_id: str, line: dict[str, Any]) -> Case:
        number = story_id.split("-")[1]  # of the file: story-0012, or story-0012-03 where it holds several
        source = self.sources.get(int(number)) if number.isdecimal() else None
        if source is None or source.name != line["source"]:
            raise UsageError("the input of this story is not among those that were named", "Name the inputs of the run.")
        try:
            at = source.path.stat()
            stories = self._once(("read", story_id, at.st_mtime_ns, at.st_size), lambda: read(source))
        except (ReadError, OSError) as error:
            remedy = getattr(error, "remedy", "") or "Check the input folder."
            raise UsageError("the file of this story cannot be read", remedy) from None
        story = next((story for story in stories if story.story_id == story_id), None)
        if story is None:
            raise UsageError("the file holds no such story any more", "Run again.")
        return self._once(("case", story_id, story.digest, self._generation), lambda: prepare([story], self.world)[0])

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._remembered:
            self._remembered[key] = make()
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        self._remembered.move_to_end(key)
        value: T = self._remembered[key]
        return value


@dataclass(frozen=True, slots=True)
class Seen:
    """What a form was made from: the text, and the version of its review."""

    digest: str
    version: int


@lru_cache(maxsize=2)
def _finished(out: Path, changed: int, size: int) -> Finished:
    finished = load_finished(out)
    _set_aside()
    return finished


def _set_aside() -> None:
    """Models and lists stay: looking for garbage among them, again and again, is what makes a click slow."""
    gc.collect()
    gc.freeze()
