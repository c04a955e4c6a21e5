"""The training case study: a scenario, what happened in relative time, and what to talk about (P15)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain, zip_longest
from pathlib import Path

from pipeline.documents import prose
from pipeline.documents.layouts import fill, house_fields, save
from pipeline.documents.wording import Theme, Wording
from pipeline.domain.organisation import Organisation
from pipeline.domain.policy import Policy
from pipeline.domain.telling import Part, Passage, Telling

FIELDS = frozenset(
    {
        "organisation",
        "contact",
        "website",
        "logo",
        "title",
        "themes",
        "warnings",
        "ground_rules",
        "scenario",
        "opening_questions",
        "timeline",
        "questions",
        "learning",
        "change_note",
        "facilitator",
        "clauses",
        "policy_version",
        "policy_approved",
        "policy_review",
        "draft",
    }
)
"""The fields that a layout for training may use; ``timeline`` has rows of ``when``, ``what`` and ``stop``, ``clauses`` of
``number`` and ``text``; the others in the plural are lists of sentences."""

REQUIRED = frozenset({"timeline", "change_note"})
"""The fields that a layout for training may not leave out."""

_TIME = re.compile(r"Before|The start|(?:Day|Week|Month) \d+")
_UNDATED = {Part.SUPPORT: "The support", Part.OUTCOME: "The outcome", Part.QUOTE: "In their words", Part.SITUATION: "The start"}


def write_training(
    telling: Telling, organisation: Organisation, policy: Policy, wording: Wording, layout: Path, target: Path
) -> None:
    """Write the case study as a Word document in the organisation's layout.

    Raises ``RenderError`` when the layout cannot be filled and ``OutputFailed`` when the file cannot be written.
    """
    fields = case_fields(telling, organisation, policy, wording)
    save(fill(layout, fields, REQUIRED | ({"draft"} if telling.draft else set())), target, organisation, str(fields["title"]))


def timeline(telling: Telling, stops: Sequence[str] = ()) -> tuple[dict[str, str], ...]:
    """What happened after the scenario, a row for each time that the source gives, in the order of time.

    ``stops`` are asked one after the other where the story stops: between its rows, as evenly as they go.
    """
    rows = _rows(telling)
    places = _decision_points(len(rows), len(stops))
    asked = dict(zip(places, stops, strict=False))
    return tuple({**row, "stop": asked.get(number, "")} for number, row in enumerate(rows))


def _decision_points(rows: int, stops: int) -> list[int]:
    """After which rows the story stops: never after the last one."""
    chosen = min(stops, rows - 1)
    return [(number + 1) * rows // (chosen + 1) - 1 for number in range(chosen)] if chosen > 0 else []


def _rows(telling: Telling) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    dated = _told_in_time([prose.line(passage.when) for passage in _after(telling)])
    for passage in _after(telling):
        # A sentence without a time of its own belongs to the time before it.
        when = prose.line(passage.when) if dated else _UNDATED[passage.part]
        if rows and (not when or rows[-1]["when"] == when):
            rows[-1]["what"] += " " + prose.line(passage.text)
        else:
            rows.append({"when": when or _UNDATED[Part.SITUATION if dated else passage.part], "what": prose.line(passage.text)})
    return _in_order(rows)


def _told_in_time(times: Sequence[str]) -> bool:
    """Whether a row's time can be trusted: false where a story goes back and forth between two times.

    There a sentence without a time of its own would be told at the time of another: after a death what came before it.
    """
    given = [when for when in times if when]
    days = [_days(when) if _TIME.fullmatch(when) else 0 for when in given]
    return bool(given) and (len(set(given)) > 2 or days == sorted(days))


def _in_order(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """By time, where every row has one, with the rows of one time joined; else as the source tells it."""
    if any(_TIME.fullmatch(row["when"]) is None for row in rows):
        return rows
    ordered = sorted(rows, key=lambda row: _days(row["when"]))
    joined: list[dict[str, str]] = []
    for row in ordered:
        if joined and joined[-1]["when"] == row["when"]:
            joined[-1] = {**row, "what": f"{joined[-1]['what']} {row['what']}"}
        else:
            joined.append(row)
    return joined


def _days(when: str) -> int:
    if when in ("Before", _UNDATED[Part.SITUATION]):
        return -1
    unit, number = when.split()
    return (int(number) - 1) * {"Day": 1, "Week": 7, "Month": 30}[unit]


def _after(telling: Telling) -> list[Passage]:
    shown = prose.showable(telling)
    return [passage for passage in shown if passage.part is not Part.SITUATION]


def case_fields(telling: Telling, organisation: Organisation, policy: Policy, wording: Wording) -> dict[str, object]:
    """What a layout may say of one case, for a document of its own and for a workbook."""
    themes = wording.chosen(telling.themes)
    training = wording.training
    title = f"Case study: {themes[0].title[:1].lower()}{themes[0].title[1:]}"
    return house_fields(organisation) | {
        "title": title,
        "themes": [theme.title for theme in themes[:3]],
        "warnings": [theme.warning for theme in themes[:3]],
        "ground_rules": training.ground_rules,
        "scenario": prose.part(telling, Part.SITUATION),
        "opening_questions": training.opening_questions,
        "timeline": timeline(telling, training.decision_points),
        "questions": _taken((theme.questions for theme in themes), training.questions),
        "learning": _taken((theme.learning for theme in themes), training.learning),
        "change_note": prose.change_note(telling, wording),
        "draft": prose.draft_note(telling, wording),
        "facilitator": training.facilitator,
        "clauses": _clauses(themes, policy, wording),
        "policy_version": prose.line(policy.version),
        "policy_approved": prose.spoken(policy.approved_on),
        "policy_review": prose.spoken(policy.review_by),
    }


def _taken(lists: Iterable[Sequence[str]], most: int) -> tuple[str, ...]:
    """A fair share of each theme's sentences, the first ones of each before the second ones."""
    mixed = (item for item in chain.from_iterable(zip_longest(*lists)) if item)
    return tuple(dict.fromkeys(mixed))[:most]


def _clauses(themes: Sequence[Theme], policy: Policy, wording: Wording) -> tuple[dict[str, str], ...]:
    wanted = dict.fromkeys([*wording.training.clauses, *(number for theme in themes for number in theme.clauses)])
    known = sorted((n for n in wanted if n in policy.clauses), key=lambda number: (len(number), number))
    return tuple({"number": number, "text": prose.line(policy.clauses[number])} for number in known)
