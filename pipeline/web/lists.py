"""The organisation's own lists at the page: shown, added to, taken from and exported; every row counts at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.domain.event import Event
from pipeline.domain.finding import Category, Role
from pipeline.domain.remembered import Lesson, Remembered
from pipeline.errors import ReviewOvertaken, ReviewRefused
from pipeline.records.duties import note
from pipeline.records.lists import Lists, as_csv, check_row, load_lists, save_lists
from pipeline.remembered import asleep
from pipeline.web.desk import Desk

TITLES = {
    Lesson.ALLOW: "Nobody: let these words stand", Lesson.DENY: "Always a detail", Lesson.KNOWN: "People you know",
    Lesson.REPLACE: "Always told in other words", Lesson.GENERALISE: "Always told more broadly",
    Lesson.REMOVE: "Always taken out",
}  # fmt: skip


def lists_of(desk: Desk) -> Lists:
    """The lists as they are now."""
    return load_lists(desk.workspace.lists, desk.workspace.key)


def sections(desk: Desk, lists: Lists) -> list[tuple[Lesson, str, list[tuple[int, Remembered, str]]]]:
    """The rows by what they do: the place of each, and why it does nothing, if it does not."""
    known = desk.world.client_names
    numbered = [(at, row, asleep(row, known)) for at, row in enumerate(lists.rows)]
    return [(lesson, title, [each for each in numbered if each[1].lesson is lesson]) for lesson, title in TITLES.items()]


def teach(desk: Desk, row: Remembered) -> None:
    """Add a row, which counts from now on; a row that says otherwise of the same words goes.

    Raises ``ReviewRefused``, ``ReviewOvertaken``.
    """
    check_row(row)
    lists = lists_of(desk)
    said = (row.words.casefold(), row.category)
    _put(desk, lists.version, [*(each for each in lists.rows if (each.words.casefold(), each.category) != said), row])


def take_out(desk: Desk, seen: str, at: int) -> None:
    """Take the row at a place out; raises ``ReviewOvertaken`` when the lists are not those that were seen."""
    lists = lists_of(desk)
    if lists.version != seen:
        raise ReviewOvertaken("somebody else changed the lists meanwhile", "Look at them as they are now.")
    if not 0 <= at < len(lists.rows):
        raise ReviewRefused("the lists have no such row", "Look at them as they are now.")
    _put(desk, seen, [row for place, row in enumerate(lists.rows) if place != at])


def exported(desk: Desk) -> bytes:
    """The lists as a plain table."""
    return as_csv(lists_of(desk).rows)


def row_from(fields: dict[str, str], by: str, desk: Desk) -> Remembered:
    """The row that a form describes; raises ``ReviewRefused``."""
    given = {name: " ".join(fields.get(name, "").split()) for name in ("words", "instead", "reason")}
    try:
        lesson = Lesson(fields.get("list", ""))
        category = Category(fields["category"]) if fields.get("category") else None
        role = Role(fields["role"]) if fields.get("role") else Role.OTHER
    except ValueError:
        raise ReviewRefused("that form was not filled in", "Choose one of what it offers.") from None
    row = Remembered(given["words"], lesson, category, role, given["instead"], given["reason"], by, desk.world.settings.on)
    if lesson is not Lesson.KNOWN:
        row = replace(row, role=Role.OTHER)
    if lesson is not Lesson.REPLACE:
        row = replace(row, instead="")
    return replace(row, category=Category.PERSON) if lesson is Lesson.KNOWN else row


def _put(desk: Desk, seen: str, rows: Sequence[Remembered]) -> None:
    """Put these rows in the place of those seen; the trail is told how many there are, never which."""
    with desk.lock:
        if not desk.allowed:
            raise ReviewRefused("your role does not cover changing the lists", "Ask somebody whose role does.")
        save_lists(desk.workspace.lists, seen, rows, desk.workspace.key)
        counted = Counter(row.lesson.value for row in rows)
        note(desk.workspace.trail, Event("lists", "", {"rows": len(rows), **counted}))
        desk.learn()
