"""What the page shows of one story: original and proposal line by line, and one detail with everything about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.case import Subject
from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Role
from pipeline.domain.policy import Treatment
from pipeline.domain.release import Held, Skipped
from pipeline.domain.review import STRICTER, Act, Change
from pipeline.domain.story import NARRATIVE, Block, Story
from pipeline.generalise.dates import is_birth
from pipeline.remembered import DETECTOR as OWN_LISTS
from pipeline.reviewing import DETECTOR, STEPS, refusal
from pipeline.rewrite import outermost
from pipeline.run import Untold
from pipeline.web.desk import Opened
from pipeline.world import World

LABELS = {
    Category.PERSON: "name", Category.LOCATION: "place", Category.ADDRESS: "address", Category.POSTCODE: "postcode",
    Category.ORGANISATION: "organisation", Category.DATE: "date", Category.AGE: "age", Category.PHONE: "telephone",
    Category.EMAIL: "e-mail", Category.ONLINE_HANDLE: "account", Category.ID_NUMBER: "number", Category.INDIRECT: "detail",
}  # fmt: skip
"""The word that stands beside a change, so that no category is told by its colour alone."""

_DETECTORS = {
    "tagger": "the trained tagger", "client-list": "the client list or staff list", "propagated": "the same words elsewhere",
    "cue": "the words around it", "second-look": "a second look at the finished text", "own-name": "your own names",
    "risk": "the measure of what is left", DETECTOR: "a person, in review", OWN_LISTS: "your own lists",
}  # fmt: skip
_DONE = {Act.ACCEPT: "accepted", Act.REPLACE: "reworded", Act.GENERALISE: "broader", Act.REMOVE: "taken out", Act.KEEP: "kept",
         Act.STEP: "a step broader"}  # fmt: skip
_RELATIVE = re.compile(r"\b(?:day|week|month) \d+$", re.IGNORECASE)  # a time in the story, which has no steps


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of one line: what stood there and what is proposed; ``at`` is the place of its detail, -1 for none."""

    left: str
    right: str
    at: int = -1
    label: str = ""
    category: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the story; ``place`` says where it stood when that is not in the running text."""

    pieces: tuple[Piece, ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail that was found, and what may be done with it; ``not_kept`` says why it may not be kept.

    ``step`` is how many steps broader than usual it is told, from ``least``, below which the measure of what is left does
    not let it go, to ``most``; 0 to 0 for a detail without steps.  ``user`` is true for a service user.
    """

    at: int
    surface: str
    label: str
    kind: str
    by: str
    score: str
    rule: str
    clause: str
    clause_words: str
    treatment: str
    reason: str
    words: str
    done: str
    author: str
    mentions: int
    broader: bool
    removable: bool
    not_kept: str
    step: int
    most: int
    least: int
    user: bool


def rows(opened: Opened, chosen: dict[tuple[int, int], Change]) -> list[Row]:
    """Every line of the story that has any text, the original beside the proposal."""
    story, decisions = opened.case.story, opened.told.outcome.decisions
    places = {(d.finding.start, d.finding.end): at for at, d in enumerate(decisions)}
    carried = outermost(decisions)
    found, low, waiting, blocks = [], 0, 0, iter((*story.blocks, None))
    block = next(blocks)
    for line in story.text.split("\n"):
        high = low + len(line)
        while block is not None and block.end <= low:
            block = next(blocks)
        while waiting < len(carried) and carried[waiting].end <= low:
            waiting += 1
        if line.strip():
            pieces = tuple(_pieces(story, low, high, carried[waiting:], places, chosen))
            found.append(Row(pieces, _place(block, low, high)))
        low = high + 1
    return found


def looked_at(opened: Opened, chosen: dict[tuple[int, int], Change]) -> tuple[int, int]:
    """How many details somebody decided about, and how many there are."""
    spans = [(f.start, f.end) for f in opened.findings]
    return sum(span in chosen for span in spans), len(spans)


def next_unseen(opened: Opened, chosen: dict[tuple[int, int], Change], at: int) -> int:
    """The next detail that nobody looked at, from ``at`` on and round; ``at`` itself when there is none."""
    findings = opened.findings
    order = [*range(at, len(findings)), *range(min(at, len(findings)))]
    return next((n for n in order if (findings[n].start, findings[n].end) not in chosen), at)


def detail(opened: Opened, at: int, chosen: dict[tuple[int, int], Change], world: World) -> Detail | None:
    """Everything about the detail at a place; ``None`` when there is no such place."""
    decisions = opened.told.outcome.decisions
    if not 0 <= at < len(decisions):
        return None
    decision, text = decisions[at], opened.case.story.text
    finding = decision.finding
    change = chosen.get((finding.start, finding.end))
    keeping = Change(Act.KEEP, finding.start, finding.end, "", reason="asked")
    role = _role(opened, finding.entity) if finding.category is Category.PERSON else ""
    least, step, most = _steps(opened, decision, change)
    return Detail(
        at=at,
        surface=text[decision.start : decision.end],
        label=LABELS[finding.category],
        kind=", ".join(
            word for word in (role, finding.kind.replace("_", " ").lower()) if word not in ("", LABELS[finding.category])
        ),
        by=_DETECTORS.get(finding.detector, finding.detector.replace("pattern:", "the pattern ").replace("-", " ")),
        score=f"{finding.score:.2f}",
        rule=decision.rule_id,
        clause=decision.clause,
        clause_words=world.policy.clauses.get(decision.clause, ""),
        treatment=decision.treatment.value,
        reason=decision.reason.removeprefix(f"{finding.category.lower()} {decision.treatment}").removeprefix("; "),
        words=decision.replacement,
        done=_DONE[change.act] if change else "",
        author=change.author if change else "",
        mentions=sum(f.entity == finding.entity for f in opened.findings) if finding.entity else 1,
        broader=decision.treatment in (Treatment.KEEP, Treatment.SUBSTITUTE) and finding.category is Category.PERSON,
        removable=decision.treatment not in (Treatment.REMOVE, Treatment.WITHHOLD) and not (change and change.act in STRICTER),
        not_kept=refusal(opened.case, decisions, keeping),
        step=step,
        most=most,
        least=least,
        user=bool(role) and ("service user" in role or "whose story" in role),
    )


def open_places(opened: Opened, chosen: dict[tuple[int, int], Change]) -> list[int]:
    """The places of the details that nobody looked at."""
    return [at for at, f in enumerate(opened.findings) if (f.start, f.end) not in chosen]


def only_open(rows: Sequence[Row], places: Sequence[int]) -> list[Row]:
    """The lines with a detail that nobody looked at."""
    wanted = frozenset(places)
    return [row for row in rows if any(piece.at in wanted for piece in row.pieces)]


def left(opened: Opened) -> tuple[str, bool]:
    """What is left of the details in one line, and whether it fits enough people; empty when it was not measured."""
    risk = opened.told.risk
    if risk is None:
        return "", True
    if risk.identified:
        return "The person is named, by permission.", True
    counted = f", and {risk.crowd} of {risk.listed} on the client list" if risk.listed else ""
    kinds = ", ".join(kind.value for kind in risk.remaining) or "nothing"
    people = f"about {risk.population:,} people where you work{counted}"
    return f"What is left ({kinds}) fits {people}; the policy asks for {risk.needed}.", risk.holds


def position(opened: Opened, world: World) -> list[tuple[str, str]]:
    """What is allowed for the purpose and why, in rows of name and value without a personal value."""
    judgement = opened.told.outcome.judgement
    told = f"{world.wording.permission.get(judgement.reason, '')} ({judgement.reason})".strip()
    rows = [("Permission", _unmatched(opened.case.subject) if judgement.reason == "ambiguous_match" else told)]
    if judgement.consent_id:
        rows.append(("Consent", judgement.consent_id))
    if ending := waiting(opened):
        rows.insert(0, ("Held because" if isinstance(ending, Held) else "Skipped because",
                        f"{world.wording.reasons.get(ending.reason.value, '')} ({ending.reason.value})"))  # fmt: skip
        rows.insert(1, ("What next", ending.what_next))
    return rows


def _unmatched(subject: Subject) -> str:
    """Why no single client was matched, so that nobody's permission counts."""
    if not subject.case_refs:
        return (
            "Nobody on the client list is linked to this story, so no permission is used. Where it is about a client, say so in "
            "the register of which file is about whom, and run again."
        )
    if len(subject.case_refs) > 1:
        return "This story is linked to several clients, so no one person's permission is used."
    return "Its case reference is not on the client list, or stands there more than once, so no permission is used."


def waiting(opened: Opened) -> Held | Skipped | None:
    """What stands in the way of the story as it is now; what only the finished file shows is not known yet."""
    outcome = opened.told.outcome
    return outcome.ending if isinstance(outcome, Untold) else None


def _steps(opened: Opened, decision: Decision, change: Change | None) -> tuple[int, int, int]:
    """The least, the present and the most steps of a detail."""
    category, soft = decision.finding.category, opened.told.case.softening
    nothing = (0, 0, 0)
    if category not in STEPS or decision.treatment is not Treatment.GENERALISE:
        return nothing
    if category is Category.DATE:
        relative = opened.told.outcome.decisions and _RELATIVE.search(decision.replacement)
        if relative or is_birth(opened.case.story.text, decision.finding):
            return nothing
    least = {Category.AGE: soft.ages, Category.DATE: soft.dates}.get(category, 0)
    asked = change.step if change and change.act is Act.STEP else 0
    return least, max(least, asked), STEPS[category]


def _pieces(
    story: Story, low: int, high: int, carried: Sequence[Decision], places: dict[tuple[int, int], int],
    chosen: dict[tuple[int, int], Change],
) -> Iterator[Piece]:  # fmt: skip
    at = low
    for decision in carried:
        if decision.start >= high:
            break
        start, end = max(decision.start, low), min(decision.end, high)
        if at < start:
            yield Piece(story.text[at:start], story.text[at:start])
        words = decision.replacement if decision.start >= low else ""
        span = (decision.finding.start, decision.finding.end)
        change = chosen.get(span)
        category = decision.finding.category
        yield Piece(
            story.text[start:end], words, places.get(span, -1), LABELS[category], category.value.lower().replace("_", "-"),
            _DONE[change.act] if change else "",
        )  # fmt: skip
        at = max(at, end)
    if at < high:
        yield Piece(story.text[at:high], story.text[at:high])


def _place(block: Block | None, low: int, high: int) -> str:
    if block is None or block.start >= high or block.end <= low or block.kind in NARRATIVE:
        return ""
    return f"{block.kind.value}: {block.locator}"


def _role(opened: Opened, entity_id: str) -> str:
    try:
        entity = opened.case.resolution.entity(entity_id)
    except KeyError:
        return ""
    if entity.subject:
        return "the person whose story it is"
    return "" if entity.role is Role.OTHER else entity.role.value.replace("_", " ")
