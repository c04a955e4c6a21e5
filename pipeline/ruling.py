"""Ruling: a manager's decision about one story of a run, in the records or refused with its reason (P21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.domain.ledger import StoryRecord
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Reason
from pipeline.errors import DecisionRefused, UsageError
from pipeline.gate import LIFTABLE
from pipeline.records.rows import bulk_reference
from pipeline.records.store import Store

_ONE = "Each decision is taken about one story, on its own, with a manager (P21)."


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a worker and a manager decided about one story, for one purpose and one reason; ``why`` gives the facts."""

    purpose: Purpose
    reason: Reason
    release: bool
    worker: str
    manager: str
    why: str
    on: date


def record_ruling(store: Store, run_id: str, story_id: str, ruling: Ruling, digest: str = "") -> None:
    """Record a decision, bound to the story's text as it was in the run; with ``digest`` it has to be that text.

    Raises ``DecisionRefused`` when it is not in order and ``UsageError`` when the run has no such story.
    """
    story = story_of(store, run_id, story_id)
    if digest and story.digest != digest:
        raise DecisionRefused("The decision was refused: the story changed since the run", "Run again, and decide about it then.")
    _refuse(ruling.purpose, ruling.reason, ruling.release)
    store.decide({
        "case_ref": story.case_refs[0], "purpose": ruling.purpose, "reason": ruling.reason,
        "decision": "release" if ruling.release else "withhold", "decided_by": ruling.worker, "manager": ruling.manager,
        "why": ruling.why, "decided_on": ruling.on.isoformat(), "story_sha256": story.digest,
    })  # fmt: skip


def story_of(store: Store, run_id: str, story_id: str) -> StoryRecord:
    """The one story of that id about one client; raises ``DecisionRefused`` for several at once and for nobody's."""
    if bulk_reference(story_id):
        raise DecisionRefused("The decision was refused: it names more than one story", _ONE)
    story = store.story(run_id, story_id)
    if story is None:
        raise UsageError("that run has no such story in the records", "Take the id from held.csv, and the workspace of that run.")
    if len(story.case_refs) != 1:
        raise DecisionRefused(
            "The decision was refused: the story is not about one client", "Link it in the stories register first."
        )
    return story


def _refuse(purpose: Purpose, reason: Reason, release: bool) -> None:
    """Refuse a release that no decision can bring about."""
    if release and reason not in LIFTABLE:
        lifted = ", ".join(sorted(LIFTABLE))
        raise DecisionRefused(f"The decision was refused: no manager can lift {reason}", f"A decision can lift: {lifted}.")
    if release and reason is Reason.LEGAL_RESTRICTION and purpose is not Purpose.PUBLICITY:
        raise DecisionRefused(
            "The decision was refused: the law keeps this story out of reports and training",
            "Only a count may be told there; for publicity it may be told without a name.",
        )
