"""The evidence of a run, kept in step: records, audit trail, released files, journal and manifest, in that order.

An input is done when its line is in the journal.  Whatever stands before that line may have happened before a crash,
and happens again without harm; nothing is in ``released/`` that the records do not know of.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from pipeline import __version__
from pipeline.casebook import CaseBook
from pipeline.closing import Searcher
from pipeline.domain.event import Event
from pipeline.domain.ledger import ReleaseRecord, RunRecord, StoryRecord
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Held, Output, Reason, Released
from pipeline.domain.telling import Telling
from pipeline.duties.breach import record_stopped
from pipeline.errors import OutputFailed, StorysafeError
from pipeline.policy.policies import organisation_of
from pipeline.records.audit import Trail
from pipeline.records.indexed import Registers
from pipeline.records.journal import Journal, RunKey
from pipeline.records.lists import load_lists
from pipeline.records.manifest import Manifest, manifest_line
from pipeline.records.outbox import Outbox
from pipeline.records.plain import from_plain, to_plain
from pipeline.records.recalls import write_recalls
from pipeline.returns import AnnualReport
from pipeline.stories import SourceResult, StoryResult
from pipeline.world import Settings

if TYPE_CHECKING:
    from pipeline.records.store import Store


class Evidence:
    """What a run leaves behind, opened for a new run or for one that goes on.

    ``done`` are the places of the inputs that are finished, ``recalled`` counts the released files to ask back.
    """

    def __init__(self, settings: Settings, key: RunKey, registers: Registers, outbox: Outbox, store: Store | None) -> None:
        self._settings, self._key, self._registers, self._outbox, self._store = settings, key, registers, outbox, store
        self.done: set[int] = set()
        self.recalled = 0
        self._closed: dict[str, tuple[Output, ...]] = {}
        self._finished = False
        searcher = Searcher(registers, organisation_of(settings.organisation))
        self._report, self._book = AnnualReport(settings, registers, searcher), CaseBook(settings, searcher)
        self._manifest = Manifest(outbox)
        self._journal = Journal(outbox.journal, key)
        for entry in self._journal.entries():
            self._restore(entry)
        if store is not None:
            store.begin(_run_record(settings, key.run_id, outbox.root, self._report))
        self._trail: Trail | None = Trail(outbox.internal / "audit.jsonl")

    @property
    def counts(self) -> Mapping[str, int]:
        """How many stories and purposes were released, held and skipped, once the run has ended."""
        return self._manifest.counts

    def begin(self, inputs: int) -> None:
        """Say that the run begins or goes on, and list what earlier runs released and has to be asked back (E07)."""
        facts: dict[str, str | int | float | bool] = {
            "inputs": inputs, "version": __version__, "on": self._settings.on.isoformat(), "run": self._key.run_id,
        }  # fmt: skip
        if self._settings.workspace is not None and self._settings.workspace.lists.exists():
            facts["lists"] = len(load_lists(self._settings.workspace.lists, self._settings.workspace.key).rows)
        if self._outbox.resumed:
            self._tell(Event("resumed", "", facts | {"done": len(self.done)}))
        else:
            self._tell(Event("start", "", facts))
        if self._store is not None and (recalls := self._store.recalls()):
            self.recalled = len(recalls)
            write_recalls(self._outbox, recalls)
            self._tell(Event("recalls", "", {"files": self.recalled}))

    def record(self, result: SourceResult) -> None:
        """Record one input and release what passed of it; when this returns it is done for good."""
        told = [_story_entry(result, story) for story in result.stories]
        entry = {"input": result.index, "stories": told}
        with undisturbed():
            if self._store is not None:
                stories = [s for story in result.stories if (s := _story_record(self._key.run_id, result.source, story))]
                self._store.record(stories, [r for story in told for r in _releases(self._key.run_id, story)])
                self._stopped([(each.story_id, each.purpose) for story in result.stories for each in story.endings
                               if isinstance(each, Held) and each.reason is Reason.LEAK_FOUND])  # fmt: skip
            for story in result.stories:
                for event in story.events:
                    self._tell(event)
            self._move(result)
            self._journal.append(entry)
            self._count(entry)

    def finish(self) -> None:
        """Release what tells many stories, and close the evidence of a run in which every input is done."""
        with undisturbed():
            for document in (self._report, self._book):
                self._release_shared(document)
            if self._store is not None:
                self._store.end(self._key.run_id)
            self._close(complete=True)
            self._journal.close()
            self._outbox.finish()
            self._finished = True

    def stop(self) -> None:
        """Close what there is of a run that could not go on; the same command takes it up again."""
        if self._finished:
            return
        # The disk may be full, or the records gone: what stopped the run is what its user has to hear of.
        with undisturbed(), contextlib.suppress(StorysafeError, OSError):
            self._close(complete=False)
        with contextlib.suppress(StorysafeError, OSError):
            if self._trail is not None:
                self._trail.close()
        self._journal.close()

    def _restore(self, entry: dict[str, Any]) -> None:
        if "document" in entry:
            self._closed[entry["document"]] = outputs = tuple(Output(*each) for each in entry["outputs"])
            self._check(outputs)
            return
        for story in entry["stories"]:
            for record in story["line"]["purposes"].values():
                self._check(tuple(Output(each["path"], each["sha256"]) for each in record["outputs"]))
        self._count(entry)

    def _check(self, outputs: tuple[Output, ...]) -> None:
        for output in outputs:
            try:
                found = hashlib.sha256((self._outbox.root / output.path).read_bytes()).hexdigest()
            except OSError:
                found = ""
            if found != output.sha256:
                raise OutputFailed(
                    "a file that the unfinished run had released was changed or removed since",
                    "Put it back as it was, or add --overwrite to start again.",
                )

    def _count(self, entry: Mapping[str, Any]) -> None:
        self.done.add(entry["input"])
        for story in entry["stories"]:
            self._manifest.restore(story["line"])
            for plain in story["shared"]:
                telling = from_plain(Telling, plain)
                document = self._report if telling.purpose is Purpose.REPORTING else self._book
                document.add(telling, _release(self._key.run_id, story, telling.purpose, "", ""))

    def _move(self, result: SourceResult) -> None:
        endings = [ending for story in result.stories for ending in story.endings if isinstance(ending, Released)]
        kept = [name for story in result.stories for name in story.kept]
        self._outbox.deliver(*(output for ending in endings for output in ending.outputs), kept=kept)

    def _stopped(self, leaks: Sequence[tuple[str, Purpose | None]]) -> None:
        """Enter what a check stopped in the register of breaches (P28)."""
        if self._store is not None and self._settings.workspace is not None:
            for story_id, purpose in leaks:
                record_stopped(self._settings.workspace, self._store, self._key.run_id, story_id, purpose or "all")

    def _release_shared(self, document: AnnualReport | CaseBook) -> None:
        if document.name in self._closed:
            return
        written = document.write(self._outbox)
        if self._store is not None and written.outputs:
            self._store.record([], document.tellers.releases(self._key.run_id, written.outputs))
        if written.outputs or written.leaks:
            self._tell(Event(document.name, "", {"released": not written.leaks, "leaks": written.leaks}))
        self._outbox.deliver(*written.outputs)
        outputs = [[output.path, output.sha256] for output in written.outputs]
        self._journal.append({"document": document.name, "outputs": outputs})
        self._closed[document.name] = written.outputs

    def _tell(self, event: Event) -> None:
        if self._trail is None:
            raise OutputFailed("the audit trail cannot be written", "Check the disk, then run again.")
        try:
            self._trail.append(event)
        except OutputFailed:
            # Half of the event may stand there already; another after it would break the chain.
            trail, self._trail = self._trail, None
            with contextlib.suppress(StorysafeError, OSError):
                trail.close()
            raise

    def _close(self, complete: bool) -> None:
        annual, bound = (self._closed.get(document.name, ()) for document in (self._report, self._book))
        if self._trail is not None:
            facts = {"complete": complete, "inputs": len(self.done), "annual": len(annual), "bound": len(bound)}
            self._tell(Event("end", "", facts))
        self._manifest.finish(self._head(complete), annual, self._book.tellers.by_story(bound))
        if self._trail is not None:
            self._trail.close()

    def _head(self, complete: bool) -> dict[str, object]:
        settings, registers, report = self._settings, self._registers, self._report
        audit = {"events": self._trail.head.count, "digest": self._trail.head.digest} if self._trail else {}
        return {
            "storysafe": __version__,
            "run": self._key.run_id,
            "complete": complete,
            "on": settings.on.isoformat(),
            "purposes": [purpose.value for purpose in settings.purposes],
            "channel": settings.channel,
            "recipient": settings.recipient,
            "policy_version": report.policy.version,
            "model_version": report.model_version,
            "permissions_readable": registers.permissions_readable,
            "audit": audit,
            "register_errors": [str(error) for error in registers.errors],
            "register_warnings": list(registers.warnings),
        }


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Put Ctrl-C off until what is under way is done; elsewhere than in the main thread it never comes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def later(number: int, frame: FrameType | None) -> None:
        came.append(number)

    before = signal.signal(signal.SIGINT, later)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if came:
        raise KeyboardInterrupt


def _run_record(settings: Settings, run_id: str, out: Path, report: AnnualReport) -> RunRecord:
    return RunRecord(
        run_id, os.path.abspath(out), settings.on, settings.purposes, report.policy.version, report.model_version,
        __version__, settings.channel, settings.recipient,
    )  # fmt: skip


def _story_entry(result: SourceResult, story: StoryResult) -> dict[str, Any]:
    return {
        "line": manifest_line(result.source, result.sha256, story.story_id, story.endings, story.digest, story.risks)
        | ({"reviewed": story.reviewed} if story.reviewed else {}),
        "case_refs": list(story.case_refs),
        "shared": [to_plain(telling) for telling in story.shared],
    }


def _story_record(run_id: str, source: str, story: StoryResult) -> StoryRecord | None:
    return StoryRecord(run_id, story.story_id, source, story.digest, story.case_refs) if story.digest else None


def _releases(run_id: str, story: Mapping[str, Any]) -> list[ReleaseRecord]:
    return [
        _release(run_id, story, purpose, output["path"], output["sha256"])
        for purpose, record in story["line"]["purposes"].items()
        for output in record["outputs"]
    ]


def _release(run_id: str, story: Mapping[str, Any], purpose: str, path: str, sha256: str) -> ReleaseRecord:
    record, refs = story["line"]["purposes"][purpose], story["case_refs"]
    return ReleaseRecord(
        run_id, story["line"]["story"], Purpose(purpose), path, sha256, refs[0] if len(refs) == 1 else "",
        record["identified"], record["permission"], record["consent_id"], record["sought"],
        tuple(record["channels"]), tuple(record["recipients"]),
    )  # fmt: skip
