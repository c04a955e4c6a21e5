"""The annual return: who was reached, what was done, what came of it, and a few stories (P13, P14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.documents import prose
from pipeline.documents.charts import bar_chart
from pipeline.documents.comparison import Compared, Earlier, compare
from pipeline.documents.figures import PLANS, Breakdown, Row, SafeLabel, breakdown
from pipeline.documents.layouts import fill, house_fields, save
from pipeline.documents.small_numbers import in_prose
from pipeline.documents.tallies import Amounts, Tally
from pipeline.documents.wording import Wording
from pipeline.documents.workbook import write_workbook
from pipeline.domain.client import Client
from pipeline.domain.organisation import Organisation
from pipeline.domain.policy import Policy
from pipeline.domain.telling import Part, Telling

FIELDS = frozenset(
    {
        "organisation",
        "contact",
        "website",
        "logo",
        "title",
        "period",
        "summary",
        "reached",
        "work",
        "outcomes",
        "vignettes",
        "stories_note",
        "change_note",
        "comparison",
        "learned",
        "method",
        "policy_version",
        "policy_approved",
        "policy_review",
        "prepared",
    }
)
"""The fields that a layout for the annual return may use.

``reached``, ``work`` and ``outcomes`` are lists of tables, each with ``title``, ``notes``, ``chart`` (a picture or
``None``), ``caption``, ``amounts`` (true when a line has one), ``total``, and ``rows`` of ``label``, ``count``,
``share`` and ``amount``; ``comparison`` has rows of ``label``, ``now``, ``target``, ``before`` and ``change``;
``learned`` are sentences of the stories; ``vignettes`` have ``headline``, ``paragraphs``, ``quotes`` and
``change_note``; ``summary`` and ``method`` are lists of sentences.
"""

REQUIRED = frozenset({"reached", "work", "outcomes", "method", "change_note"})
"""The fields that a layout for the annual return may not leave out."""


_LEARNED = 8  # sentences of what was learned
_LEADS = (
    ("service", "The service that most people used is {}, with {}."),
    ("outcome", "The most frequent outcome is: {}, for {}."),
)


class AnnualReturn:
    """Collects clients and stories one at a time, in memory that does not grow with their number.

    ``safe_label`` says of a column ("service", "outcome", ...) and a cell whether the cell may be shown as the name of
    a group; it is asked when tables are made, once for each label.  Cells that it refuses are counted with the groups
    that are not named (P12).
    """

    def __init__(self, policy: Policy, safe_label: SafeLabel | None = None, earlier: Earlier | None = None) -> None:
        if earlier is not None:
            # Two years side by side: nothing finer than the small number, so that no difference is one person.
            coarse = max(policy.thresholds.rounding, policy.thresholds.small_number)
            policy = replace(policy, thresholds=replace(policy.thresholds, rounding=coarse))
        self._policy, self._safe_label, self._earlier = policy, safe_label, earlier
        self._tallies = {plan.key: Tally() for plan in PLANS}
        self._amounts: dict[str, Amounts] = {}
        self._vignettes: list[Telling] = []
        self._people = self._stories = 0

    @property
    def worth_writing(self) -> bool:
        """Whether there is anybody to count or anything to tell."""
        return bool(self._people or self._stories)

    @property
    def vignettes(self) -> tuple[Telling, ...]:
        """The stories that are told, of all that were added."""
        return tuple(self._vignettes)

    def add_client(self, client: Client) -> None:
        """Count one row of the client list."""
        self._people += 1
        for key in ("age_band", "gender", "ethnicity", "district", "service"):
            self._tallies[key].add(getattr(client, key))
        self._tallies["year"].add(_year(client.referred_on))
        self._tallies["support"].add("Support has ended" if client.closed_on else "Support goes on")
        outcome = self._tallies["outcome"].add(client.outcome)
        if outcome is not None and client.outcome_value is not None:
            self._amounts.setdefault(outcome, Amounts()).add(client.outcome_value)

    def add_vignette(self, telling: Telling) -> None:
        """Keep one story to tell, up to the policy's number; beyond it, stories are only counted."""
        self._stories += 1
        if len(self._vignettes) < self._policy.thresholds.vignettes:
            self._vignettes.append(telling)

    def write(
        self, organisation: Organisation, wording: Wording, on: date, layout: Path, docx_target: Path, xlsx_target: Path
    ) -> None:
        """Write the document and the workbook with the same figures.

        Raises ``RenderError`` when the layout cannot be filled and ``OutputFailed`` when a file cannot be written.
        """
        tables = self.breakdowns(wording)
        fields = self._fields(tables, organisation, wording, on)
        save(fill(layout, fields, REQUIRED), docx_target, organisation, str(fields["title"]))
        notes = [str(fields["period"]), *self._method(wording, bool(tables))]
        compared = self._compared(tables, organisation)
        small = self._policy.thresholds.small_number
        write_workbook(tables, organisation, str(fields["title"]), notes, small, xlsx_target, compared)

    def _compared(self, tables: Sequence[Breakdown], organisation: Organisation) -> tuple[Compared, ...]:
        thresholds = self._policy.thresholds
        return compare(tables, organisation.targets, self._earlier, thresholds.small_number, thresholds.rounding)

    def breakdowns(self, wording: Wording) -> tuple[Breakdown, ...]:
        """Every table of the return as it may be shown; none without a client list."""
        thresholds = self._policy.thresholds
        made = (
            breakdown(plan, self._tallies[plan.key], self._sums(plan.key), wording.reporting, thresholds, self._safe_label)
            for plan in PLANS
        )
        return tuple(table for table in made if table is not None) if self._people else ()

    def _sums(self, key: str) -> dict[str, Amounts]:
        return self._amounts if key == "outcome" else {}

    def _fields(self, tables: Sequence[Breakdown], organisation: Organisation, wording: Wording, on: date) -> dict[str, object]:
        policy = self._policy
        told = [_counted(telling, policy) for telling in self._vignettes]
        vignettes, note = _vignettes(told, organisation, wording)
        return house_fields(organisation) | {
            "title": f"Annual return of {prose.line(organisation.name)}",
            "period": f"As at {prose.spoken(on)}",
            "summary": self._summary(tables, organisation, wording),
            **{section: _shown(tables, section, wording, policy) for section in ("reached", "work", "outcomes")},
            "comparison": [_compared_line(row) for row in self._compared(tables, organisation)],
            "learned": _learned(told, wording),
            "vignettes": vignettes,
            "stories_note": self._stories_note(),
            "change_note": note,
            "method": self._method(wording, bool(tables)),
            "policy_version": prose.line(policy.version),
            "policy_approved": prose.spoken(policy.approved_on),
            "policy_review": prose.spoken(policy.review_by),
            "prepared": prose.spoken(on),
        }

    def _summary(self, tables: Sequence[Breakdown], organisation: Organisation, wording: Wording) -> list[str]:
        if not tables:
            return [wording.reporting.stories_only]
        about = "about " if self._policy.thresholds.rounding > 1 else ""
        total = next((table.total for table in tables if table.total is not None), None)
        found = (
            [f"This return counts {about}{total:,} people."] if total else ["Too few people are counted here to give figures."]
        )
        for key, words in _LEADS:
            rows = [row for table in tables if table.key == key for row in table.rows if row.label not in _blank(wording)]
            best = max(rows, key=lambda row: row.count or 0, default=None)
            if best is not None and best.count and sum(row.count == best.count for row in rows) == 1:
                found.append(words.format(best.label, f"{about}{best.count:,} people"))
        if organisation.funders:
            found.append(prose.line("With thanks to our funders: " + ", ".join(organisation.funders) + "."))
        return found

    def _stories_note(self) -> str:
        told, least = len(self._vignettes), self._policy.thresholds.small_number
        if self._stories > told and self._stories >= least:
            return "More stories were ready to be told than there is room for here. These stand for the others."
        return "The stories of people who came to us, told so that nobody can be recognised who has not agreed to it."

    def _method(self, wording: Wording, figures: bool) -> list[str]:
        reporting, thresholds = wording.reporting, self._policy.thresholds
        said = list(reporting.method) if figures else []
        if figures and thresholds.rounding > 1:
            said.append(reporting.method_rounded)
        if figures and self._earlier is not None:
            said.append(reporting.method_compared)
        if self._vignettes:
            said.append(reporting.method_stories)
        return [
            prose.line(text.replace("{small}", str(thresholds.small_number)).replace("{base}", str(thresholds.rounding)))
            for text in said
        ]


def _year(day: date | None) -> str:
    return "" if day is None else str(day.year)


def _blank(wording: Wording) -> set[str]:
    reporting = wording.reporting
    return {reporting.not_recorded, reporting.others, reporting.no_outcome}


def _shown(tables: Sequence[Breakdown], section: str, wording: Wording, policy: Policy) -> list[dict[str, object]]:
    base = policy.thresholds.rounding
    rounding = f", rounded to the nearest {base}" if base > 1 else ""
    shown: list[dict[str, object]] = []
    for table in tables:
        if table.section != section:
            continue
        bars = [(row.label, row.count) for row in table.rows if row.count is not None]
        rows = [_line(row, policy) for row in table.rows]
        shown.append(
            {
                "title": table.title, "notes": table.notes, "rows": rows, "amounts": table.amounts,
                "total": f"{table.total or 0:,}",
                "chart": bar_chart(bars, table.about, wording.reporting.others) if table.charted else None,
                "caption": f"{table.about.capitalize()}{rounding}",
            }
        )  # fmt: skip
    return shown


def _line(row: Row, policy: Policy) -> dict[str, str]:
    amount = "" if row.amount is None else f"{row.amount:,}"
    if row.count is None:
        return {"label": row.label, "count": f"Under {policy.thresholds.small_number}", "share": "–", "amount": amount}
    return {"label": row.label, "count": f"{row.count:,}", "share": f"{row.share}%", "amount": amount}


def _compared_line(row: Compared) -> dict[str, str]:
    change = "–" if row.change is None else "About the same" if row.change == 0 else f"{row.change:+,}".replace("-", "−")
    target, before = ("–" if number is None else f"{number:,}" for number in (row.target, row.before))
    return {"label": row.label, "now": f"{row.now:,}", "target": target, "before": before, "change": change}


def _counted(telling: Telling, policy: Policy) -> Telling:
    """The story with its numbers of people as a table would show them."""
    small, base = policy.thresholds.small_number, policy.thresholds.rounding
    return replace(telling, passages=tuple(replace(p, text=in_prose(p.text, small, base)) for p in telling.passages))


def _learned(tellings: Sequence[Telling], wording: Wording) -> list[str]:
    """Sentences of the stories that say what was learned, in their words, each once."""
    said = (prose.line(p.text) for telling in tellings for p in prose.showable(telling) if p.part is not Part.QUOTE)
    return list(dict.fromkeys(text for text in said if wording.reporting.learned.search(text)))[:_LEARNED]


def _vignettes(tellings: Sequence[Telling], organisation: Organisation, wording: Wording) -> tuple[list[dict[str, object]], str]:
    """The stories for the page; the change note that most of them share is said once, after the last."""
    notes = [prose.change_note(telling, wording) for telling in tellings]
    shared, sharing = Counter(notes).most_common(1)[0] if notes else ("", 0)
    shared = shared if sharing > 1 or len(notes) == 1 else ""
    stories: list[dict[str, object]] = [
        {
            "headline": _vignette_title(number, telling, organisation, wording),
            "paragraphs": prose.part(telling, Part.SITUATION)
            + prose.part(telling, Part.SUPPORT)
            + prose.part(telling, Part.OUTCOME),
            "quotes": prose.part(telling, Part.QUOTE),
            "change_note": "" if note == shared else note,
        }
        for number, (telling, note) in enumerate(zip(tellings, notes, strict=True), start=1)
    ]
    return stories, shared if sharing == len(notes) else _for_the_others(shared)


def _for_the_others(note: str) -> str:
    words = note[:1].lower() + note[1:].replace("in this story", "in it")
    return f"Where no note stands under a story, {words}" if note else ""


def _vignette_title(number: int, telling: Telling, organisation: Organisation, wording: Wording) -> str:
    # Every story has a Client A; only a name that may be shown tells two of them apart.
    unnamed = telling if telling.identified else replace(telling, person="")
    return f"Story {number}: {prose.headline(unnamed, organisation, wording)}"
