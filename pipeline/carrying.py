"""Carrying: what people decided about a story, over to its text after it was changed, as far as that stayed the same."""

from __future__ import annotations

import hashlib
import hmac

from pipeline.case import Case
from pipeline.domain.review import UNASKED, Change, Review
from pipeline.domain.story import Story
from pipeline.records.reviews import Reviews
from pipeline.reviewing import carried, carried_marks
from pipeline.run import reviewed
from pipeline.world import World


def earlier_decisions(case: Case, world: World) -> tuple[Change, ...]:
    """The decisions about an earlier text of the story whose words and surroundings are the same in this one.

    Marks come first.  Raises ``ReviewRefused`` when the earlier review cannot be read.
    """
    workspace, secret, text = world.settings.workspace, world.settings.secret, case.story.text
    if workspace is None:
        return ()
    review = Reviews(workspace.reviews, workspace.key).earlier(about(case.story, secret))
    if not review.changes or review.digest == case.story.digest:
        return ()
    marks = carried_marks(secret, text, review.changes)
    marked = reviewed(case, Review(case.story.digest, marks), world) if marks else case
    return (*marks, *carried(secret, text, marked.resolution.findings, review))


def unasked(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Those of them that stand before anybody looked at the changed text."""
    return tuple(change for change in changes if change.act in UNASKED)


def about(story: Story, secret: bytes) -> str:
    """What stands for a story whatever its text is: its file and its place in it, keyed, since a file may be called by a name."""
    said = " ".join(("storysafe story", story.source, *story.story_id.split("-")[2:]))
    return hmac.new(secret, said.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
