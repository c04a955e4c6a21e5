"""Releasing one story of a run that has finished: told, verified, recorded and moved as the run itself would have.

The order is the run's (:mod:`pipeline.evidence`): records, audit trail, files, manifest.  Stopped anywhere it is done
again without harm.  A story that does not pass any more loses the file that an earlier release had left, and a workbook
that told it as it was before is taken back: the next run binds it anew.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.case import Case
from pipeline.domain.event import Event
from pipeline.domain.ledger import ReleaseRecord, RunRecord, StoryRecord
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Ending, Output, Released
from pipeline.errors import ReviewRefused, UsageError
from pipeline.evidence import undisturbed
from pipeline.records.audit import Trail
from pipeline.records.manifest import Manifest, manifest_line
from pipeline.records.outbox import Outbox, writing
from pipeline.records.store import Store
from pipeline.stories import StoryResult, tell_story
from pipeline.world import World

RELEASABLE = (Purpose.PUBLICITY, Purpose.TRAINING)
"""The purposes with documents of one story; the annual return tells many, and is written by a run."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a finished run says of itself: the head of its manifest, and a line for each story."""

    head: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...]

    @property
    def run_id(self) -> str:
        """The id of the run."""
        return str(self.head["run"])

    def line(self, story_id: str) -> Mapping[str, Any]:
        """What the run said of one story; raises ``UsageError`` for an id that it does not know."""
        for line in self.lines:
            if line["story"] == story_id:
                return line
        raise UsageError("the run has no such story", "Take it from the work list.")


def load_finished(out: Path) -> Finished:
    """The manifest of an output folder; raises ``UsageError`` where there is no finished run."""
    try:
        manifest = json.loads((out / "internal" / "manifest.json").read_text(encoding="utf-8"))
        lines = tuple(manifest.pop("inputs"))
        if not manifest["complete"] or not all({"story", "source", "purposes"} <= line.keys() for line in lines):
            raise ValueError
        return Finished(manifest | {"run": str(manifest["run"])}, lines)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise UsageError("the folder holds no finished run", "Name the --out folder of a storysafe run.") from None


def release_story(case: Case, purpose: Purpose, world: World, out: Path, store: Store, step: int = 0) -> Ending:
    """Tell one story again, as it was reviewed and decided, and put what passed where the run puts it.

    ``step`` is the version of the review that it was told from.  Raises ``ReviewRefused`` when the story is not the one
    that the run read.
    """
    if purpose not in RELEASABLE:
        raise ReviewRefused("a story for reporting is told in the annual return", "Run again: the annual return is made anew.")
    with _opened(out) as outbox:
        finished = load_finished(out)
        line = finished.line(case.story.story_id)
        if line.get("digest") != case.story.digest:
            raise ReviewRefused("the story was changed since the run", "Run again, and review it as it is now.")
        result = tell_story(case, world, outbox)
        ending = next(ending for ending in result.endings if ending.purpose is purpose)
        fresh = manifest_line(line["source"], line["sha256"], line["story"], (ending,), line["digest"])["purposes"]
        fresh[purpose.value] |= {"reviewed": step}
        gone = _gone(line, purpose, ending)
        with undisturbed():
            _record(store, finished, out, line, result, ending)
            with Trail(outbox.internal / "audit.jsonl") as trail:
                for event in _events(result, purpose, step):
                    trail.append(event)
                _deliver(outbox, ending, gone, [name for name in result.kept if name.endswith(f"-{purpose.value}.docx")])
                audit = {"events": trail.head.count, "digest": trail.head.digest}
            lines = [_with(each, fresh) if each is line else each for each in finished.lines]
            _rewrite(outbox, dict(finished.head) | {"audit": audit}, [_without(each, purpose, gone) for each in lines])
    return ending


@contextlib.contextmanager
def _opened(out: Path) -> Iterator[Outbox]:
    outbox = Outbox.reopen(out)
    try:
        yield outbox
    finally:
        outbox.close()


def _record(
    store: Store, finished: Finished, out: Path, line: Mapping[str, Any], result: StoryResult, ending: Ending
) -> None:  # fmt: skip
    head, refs = finished.head, result.case_refs
    store.begin(RunRecord(
        finished.run_id, str(out.absolute()), date.fromisoformat(head["on"]), tuple(map(Purpose, head["purposes"])),
        head["policy_version"], head["model_version"], head["storysafe"], head["channel"], head["recipient"],
    ))  # fmt: skip
    released = []
    if isinstance(ending, Released):
        released = [
            ReleaseRecord(
                finished.run_id, ending.story_id, ending.purpose, output.path, output.sha256, refs[0] if len(refs) == 1 else "",
                ending.identified, ending.permission, ending.consent_id, ending.sought, ending.channels, ending.recipients,
            )
            for output in ending.outputs
        ]  # fmt: skip
    store.record([StoryRecord(finished.run_id, line["story"], line["source"], line["digest"], refs)], released)


def _events(result: StoryResult, purpose: Purpose, step: int) -> list[Event]:
    begun = Event("review", result.story_id, {"purpose": purpose.value, "steps": step})
    return [begun, *(e for e in result.events if e.stage == "finish" and e.facts.get("purpose") == purpose.value)]


def _gone(line: Mapping[str, Any], purpose: Purpose, ending: Ending) -> frozenset[str]:
    """The files that told the story for the purpose and are not written now, those that bind it with others among them."""
    outputs: tuple[Output, ...] = ending.outputs if isinstance(ending, Released) else ()
    before = line["purposes"].get(purpose.value, {}).get("outputs", [])
    return frozenset(each["path"] for each in before) - {output.path for output in outputs}


def _deliver(outbox: Outbox, ending: Ending, gone: frozenset[str], reviews: Sequence[str]) -> None:
    # What is released no more goes first: a name that was missed is not left lying beside its correction.
    for path in gone:
        with writing():
            (outbox.root / path).unlink(missing_ok=True)
    outbox.deliver(*(ending.outputs if isinstance(ending, Released) else ()), kept=reviews)


def _with(line: Mapping[str, Any], purposes: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**line, "purposes": {**line["purposes"], **purposes}}


def _without(line: Mapping[str, Any], purpose: Purpose, gone: frozenset[str]) -> Mapping[str, Any]:
    """The line without the files that are not there any more."""
    record = line["purposes"].get(purpose.value)
    if record is None or gone.isdisjoint(each["path"] for each in record["outputs"]):
        return line
    return _with(line, {purpose.value: record | {"outputs": [each for each in record["outputs"] if each["path"] not in gone]}})


def _rewrite(outbox: Outbox, head: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> None:
    manifest = Manifest(outbox)
    annual: dict[str, str] = {}
    for line in lines:
        annual |= {o["path"]: o["sha256"] for o in line["purposes"].get(Purpose.REPORTING.value, {}).get("outputs", [])}
        manifest.restore(line)
    manifest.finish(head, tuple(Output(path, sha256) for path, sha256 in annual.items()))
