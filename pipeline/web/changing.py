"""Changing a story: what somebody decides about its details is checked, saved and, where they ask for it, remembered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from pipeline.carrying import about, unasked
from pipeline.domain.finding import Category, Finding, Role
from pipeline.domain.permission import Purpose
from pipeline.domain.remembered import Lesson, Remembered
from pipeline.domain.review import Act, Change
from pipeline.errors import ReviewRefused
from pipeline.reviewing import mentions, refusal, trace
from pipeline.web.desk import Desk, Opened, Seen
from pipeline.web.lists import teach

SCOPES = ("one", "story", "all")
"""How far a change reaches: one mention, every one in the story, every story by the organisation's lists."""

_LONGEST = 500
_LESSONS = {
    Act.ACCEPT: Lesson.DENY, Act.KEEP: Lesson.ALLOW, Act.REPLACE: Lesson.REPLACE, Act.GENERALISE: Lesson.GENERALISE,
    Act.REMOVE: Lesson.REMOVE,
}  # fmt: skip


def change(
    desk: Desk, story_id: str, purpose: Purpose, seen: Seen, by: str, act: Act, at: int, words: str, scope: str = "one",
    step: int = 0,
) -> None:  # fmt: skip
    """Save what somebody decided about the detail at place ``at``, as far as ``scope`` says.

    Raises ``ReviewRefused`` where the policy forbids it, ``ReviewOvertaken`` when the review is not the one seen.
    """
    with desk.lock:
        opened = desk.current(story_id, purpose, seen)
        findings = opened.findings
        if not 0 <= at < len(findings):
            raise ReviewRefused("there is no such detail in this text", "Look at it again.")
        chosen = findings[at]
        # A name is kept for nobody or for one person as a whole: part of it would still tell who it is.
        alike = scope != "one" or act is Act.KEEP
        meant = [f for f in findings if f is chosen or (alike and f.entity == chosen.entity and f.entity)]
        text, reason = (words.strip(), "") if act is Act.REPLACE else ("", words.strip())
        changes = [Change(act, f.start, f.end, by, purpose, None, text, reason, step) for f in meant]
        for each in changes:
            if why := refusal(opened.case, opened.told.outcome.decisions, each):
                raise ReviewRefused(f"Refused: {why}", "Nothing was changed.")
        row = _lesson(opened, chosen, changes[0], desk.world.settings.on) if scope == "all" else None
        _save(desk, opened, seen, by, changes)
        if row is not None:
            teach(desk, row)


def carry(desk: Desk, story_id: str, purpose: Purpose, seen: Seen, by: str) -> int:
    """Take over what was decided about the earlier text, where nothing changed; how many decisions that are."""
    with desk.lock:
        opened = desk.current(story_id, purpose, seen)
        if opened.carried:
            _save(desk, opened, seen, by, opened.carried)
        return len(opened.carried)


def accept_all(desk: Desk, story_id: str, purpose: Purpose, seen: Seen, by: str) -> int:
    """Accept every detail that nobody has looked at; how many there were."""
    with desk.lock:
        opened = desk.current(story_id, purpose, seen)
        known = opened.kept.review.chosen(purpose)
        left = [f for f in opened.findings if (f.start, f.end) not in known]
        changes = [Change(Act.ACCEPT, f.start, f.end, by, purpose) for f in left]
        if changes:
            _save(desk, opened, seen, by, changes)
        return len(changes)


def mark(
    desk: Desk, story_id: str, purpose: Purpose, seen: Seen, by: str, words: str, category: Category, everywhere: bool = False
) -> int:  # fmt: skip
    """Save words that were missed, for every purpose; how often they stand in the story.

    Only the place is kept with the review; ``everywhere`` puts the words themselves on the organisation's lists.
    """
    with desk.lock:
        opened = desk.current(story_id, purpose, seen)
        text = opened.case.story.text
        if not words.strip() or len(words) > _LONGEST:
            raise ReviewRefused("type the words that were missed", "They are looked for in the whole story.")
        found = mentions(text, words, category, desk.world.common)
        whole = mentions(text, words, Category.ORGANISATION)
        if not whole:
            raise ReviewRefused("these words are not in the story as you typed them", "Copy them from the original.")
        _save(desk, opened, seen, by, [Change(Act.MARK, *whole[0], by, None, category)])
        if everywhere:
            said = " ".join(words.split())
            teach(desk, Remembered(said, Lesson.DENY, category, by=by, on=desk.world.settings.on))
        return len(found)


def undo(desk: Desk, story_id: str, purpose: Purpose, seen: Seen, by: str) -> None:
    """Take the last step back, whoever made it."""
    with desk.lock:
        if desk.current(story_id, purpose, seen).kept.review.changes:
            desk.reviews.undo(seen.digest, seen.version, by)


def _save(desk: Desk, opened: Opened, seen: Seen, by: str, changes: Sequence[Change]) -> None:
    """Add a step to the review, with what lets a later text of the story be compared."""
    story, secret = opened.case.story, desk.world.settings.secret
    if opened.carried and changes is not opened.carried:
        # What stood before anybody looked is kept with the first thing that anybody does.
        changes = [*unasked(opened.carried), *changes]
    traced = [c if c.trace else replace(c, trace=trace(secret, story.text, c.start, c.end)) for c in changes]
    desk.reviews.add(seen.digest, seen.version, by, traced, about(story, secret))


def _lesson(opened: Opened, finding: Finding, made: Change, on: date) -> Remembered:
    """The row of the lists that does to every story what a change does to this one."""
    words = " ".join(opened.case.story.text[finding.start : finding.end].split())
    if made.act not in _LESSONS:
        raise ReviewRefused("that is decided for one story at a time", "Choose this mention, or the whole story.")
    if made.act is Act.REPLACE and _is_user(opened, finding):
        raise ReviewRefused(
            "a service user has no other words in every story: two documents could be joined by them",
            "Choose this mention, or the whole story.",
        )
    category, reason = finding.category, made.reason
    return Remembered(words, _LESSONS[made.act], category, Role.OTHER, made.text, reason, made.author, on)


def _is_user(opened: Opened, finding: Finding) -> bool:
    if finding.category is not Category.PERSON or not finding.entity:
        return False
    entity = opened.case.resolution.entity(finding.entity)
    return entity.subject or bool(entity.case_ref) or entity.role is Role.SERVICE_USER
