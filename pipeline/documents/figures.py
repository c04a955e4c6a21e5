"""The figures of an annual return as they may be shown: suppressed, rounded, in order, with their percentages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.documents.suppression import Protected, protect, share, smallest_shown, sum_to_show
from pipeline.documents.tallies import Amounts, Tally
from pipeline.documents.wording import Reporting
from pipeline.domain.policy import Thresholds

Naming = Callable[[str, Reporting], str]
SafeLabel = Callable[[str, str], bool]
"""Whether a column's cell, given the column and the cell, may be shown as the name of a group."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a group, its people, its percentage of the total, and what its amounts add up to.

    ``count`` and ``share`` are ``None`` where the number is too small to show.
    """

    label: str
    count: int | None
    share: int | None
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One table of the return.

    ``section`` is "reached", "work" or "outcomes"; ``total`` is ``None`` when the table is withheld, and then there
    are no rows; ``notes`` are sentences that belong under the title; ``about`` is the title inside a sentence.
    """

    key: str
    section: str
    title: str
    about: str
    rows: tuple[Row, ...]
    total: int | None
    notes: tuple[str, ...]
    charted: bool = False

    @property
    def amounts(self) -> bool:
        """Whether any line has an amount."""
        return any(row.amount is not None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Plan:
    """How one column of the client list becomes a table; ``named`` turns a cell into the group that it shows.

    ``cells`` is false where the groups are not named by cells but by words of storysafe's own.
    """

    key: str
    section: str
    title: str
    about: str
    named: Naming
    charted: bool = False
    in_order: bool = False
    cells: bool = True


def breakdown(
    plan: Plan,
    tally: Tally,
    amounts: Mapping[str, Amounts],
    reporting: Reporting,
    thresholds: Thresholds,
    safe_label: SafeLabel | None = None,
) -> Breakdown | None:
    """The table of one tally, ``None`` when the client list says nothing of it.

    A group whose label ``safe_label`` refuses is counted with the groups that are not named.
    """
    groups, sums = _grouped(plan, tally, amounts, reporting)
    blank = {reporting.not_recorded, reporting.others}
    if not set(groups) - blank:
        return None
    unnamed = _unsafe(plan, groups, reporting, thresholds, safe_label)
    given = protect(groups, thresholds.small_number, thresholds.rounding, unnamed)
    shown = _named(plan, given, sums, reporting, thresholds)
    rows = list(shown)
    if given.others is not None:
        rows.append(Row(reporting.others, given.others, share(given.others, given.total or 0)))
    elif given.hidden:
        rows.append(Row(reporting.others, None, None))
    notes = []
    if not rows:
        notes.append("There are too few people in these groups to show figures.")
    if given.uniform:
        notes.append("Everyone counted here is in one group, so this table says the same of each of them.")
    return Breakdown(
        plan.key, plan.section, plan.title, plan.about, tuple(rows), given.total if rows else None, tuple(notes),
        plan.charted and len(shown) > 1,
    )  # fmt: skip


def _named(plan: Plan, given: Protected, sums: Mapping[str, Amounts], reporting: Reporting, thresholds: Thresholds) -> list[Row]:
    total = given.total or 0
    shown = [
        Row(c.label, c.count, share(c.count, total), _amount(sums.get(c.label), c.label, reporting, thresholds))
        for c in given.cells
    ]
    # Order by the figures as shown: the order of the true ones would tell more than the figures do.
    last = {reporting.not_recorded, reporting.others, reporting.no_outcome}
    return sorted(shown, key=lambda r: (r.label in last, _natural(r.label) if plan.in_order else (-(r.count or 0), r.label)))


def _unsafe(
    plan: Plan, groups: Mapping[str, int], reporting: Reporting, thresholds: Thresholds, safe_label: SafeLabel | None
) -> frozenset[str]:
    """The groups that may not be named; those too small to be named anyhow are not asked about."""
    if safe_label is None or not plan.cells:
        return frozenset()
    least = smallest_shown(thresholds.small_number, thresholds.rounding)
    ours = {reporting.not_recorded, reporting.others, reporting.no_outcome, *reporting.genders.values()}
    asked = (label for label, count in groups.items() if count >= least and label not in ours)
    return frozenset(label for label in asked if not safe_label(plan.key, label))


def _grouped(
    plan: Plan, tally: Tally, amounts: Mapping[str, Amounts], reporting: Reporting
) -> tuple[dict[str, int], dict[str, Amounts]]:
    groups: dict[str, int] = {}
    sums: dict[str, Amounts] = {}
    for key, count in tally.counts.items():
        label = plan.named(tally.labels[key], reporting)
        groups[label] = groups.get(label, 0) + count
        if label == tally.labels[key] and key in amounts:
            sums[label] = amounts[key]
    if tally.nameless:
        label = plan.named("", reporting)
        groups[label] = groups.get(label, 0) + tally.nameless
    # Groups in a fixed order, so that ties are broken the same way whatever the order of the client list.
    return dict(sorted(groups.items())), sums


def _amount(amounts: Amounts | None, label: str, reporting: Reporting, thresholds: Thresholds) -> int | None:
    if amounts is None or amounts.only_ones or reporting.no_totals.search(label):
        return None
    largest = (amounts.first, amounts.second)
    return sum_to_show(amounts.values, amounts.total, largest, thresholds.small_number, thresholds.rounding)


def _natural(label: str) -> tuple[int, int, str]:
    number = re.search(r"\d+", label)
    return (int(number.group()) if number else 10**6, 0 if label.lower().startswith("under") else 1, label)


def recorded(cell: str, reporting: Reporting) -> str:
    """The group of a cell: its own words, or "Not recorded"."""
    return reporting.not_recorded if not cell or reporting.not_recorded_words.fullmatch(cell) else cell


def gender(cell: str, reporting: Reporting) -> str:
    """The group of a gender cell, however it is written."""
    return reporting.genders.get(cell.casefold(), recorded(cell, reporting))


def outcome(cell: str, reporting: Reporting) -> str:
    """The group of an outcome cell; a case that is still open has none."""
    return reporting.no_outcome if not cell or reporting.not_outcomes.fullmatch(cell) else cell


PLANS = (
    Plan("age_band", "reached", "Age", "people by age", recorded, charted=True, in_order=True),
    Plan("gender", "reached", "Gender", "people by gender", gender),
    Plan("ethnicity", "reached", "Ethnic group", "people by ethnic group", recorded),
    Plan("district", "reached", "Where people live", "people by district", recorded),
    Plan("service", "work", "People in each service", "people by service", recorded, charted=True),
    Plan("year", "work", "When people came to us", "people by the year in which they came", recorded, in_order=True, cells=False),
    Plan("support", "work", "Support", "people by whether support goes on", recorded, cells=False),
    Plan("outcome", "outcomes", "What came of the support", "people by outcome", outcome, charted=True),
)
"""The tables of an annual return, in their order."""
