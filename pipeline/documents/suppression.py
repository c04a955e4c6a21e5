"""Small numbers: which counts of a table may be shown, so that the rest cannot be worked out from them.

A count under the threshold is not shown, and neither is its group: such groups are counted together.  Where the sum,
the rounding or the total would still narrow one of them down, the next smallest group joins them (secondary
suppression).  Nothing that is left can be solved, even by somebody who knows the exact total of the table, every group
in it, and which of them are small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

POSSIBLE = 3
"""A small count must stay one of at least so many possible values (all of them, where the threshold leaves fewer)."""

_DOMINANCE = 0.1


@dataclass(frozen=True, slots=True)
class Cell:
    """A group that may be named, with its count as rounded for show."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Protected:
    """A table as it may be shown.

    ``cells`` keep the order that they were given in; ``others`` is the rounded count of the groups that are not
    named, ``None`` when there are none or ``hidden`` says that it is too small to show; ``total`` is rounded, ``None``
    when it is too small to show.  Without cells the table is withheld as a whole.
    """

    cells: tuple[Cell, ...]
    others: int | None
    total: int | None
    hidden: bool = False

    @property
    def uniform(self) -> bool:
        """True when everybody counted is in one group, so that the table says the same of each of them."""
        return len(self.cells) == 1 and self.others is None and not self.hidden


def smallest_shown(threshold: int, base: int) -> int:
    """The least count that may be shown: the policy's threshold, and never one that rounding would turn to nothing."""
    return max(threshold, (base + 1) // 2, 1)


def rounded(count: int, base: int) -> int:
    """The count to the nearest multiple of ``base``, halves upwards."""
    return (2 * count + base) // (2 * base) * base


def interval(shown: int, least: int, base: int) -> tuple[int, int]:
    """The counts of at least ``least`` that are shown as ``shown``, lowest and highest."""
    return max(least, shown - base // 2), shown + (base - 1) // 2


def protect(counts: Mapping[str, int], threshold: int, base: int, unnamed: frozenset[str] = frozenset()) -> Protected:
    """The table of those counts as it may be shown; groups without anybody are left out.

    ``threshold`` is the policy's small number and ``base`` its rounding (1 for none); ``unnamed`` are groups whose
    name may not be shown however many people they have, and which are counted with the small ones.
    """
    least = smallest_shown(threshold, base)
    groups = {label: count for label, count in counts.items() if count > 0}
    total = sum(groups.values())
    if total < least:
        return Protected((), None, None)
    joined = {label for label, count in groups.items() if count < least or label in unnamed}
    # Ties are broken by place, so that the same table is always shown the same way.
    waiting = sorted((label for label in groups if label not in joined), key=lambda label: groups[label], reverse=True)
    while joined and not _safe(groups, joined, least, base, unnamed):
        if not waiting:
            break
        joined.add(waiting.pop())
    if not waiting:
        return Protected((), None, rounded(total, base))
    cells = tuple(Cell(label, rounded(count, base)) for label, count in groups.items() if label not in joined)
    sum_joined = sum(groups[label] for label in joined)
    hidden = 0 < sum_joined < least
    return Protected(cells, rounded(sum_joined, base) if sum_joined >= least else None, rounded(total, base), hidden)


def _safe(groups: Mapping[str, int], joined: set[str], least: int, base: int, unnamed: frozenset[str]) -> bool:
    """Whether every small count among the joined ones could still be one of several values."""
    low, high = _joint(groups, joined, least, base)
    small = sum(1 for label in joined if groups[label] < least)
    larger = len(joined) - small
    if not small:
        return True
    # Groups that joined although they were large enough are no larger than the smallest group that is shown.
    top = min((interval(rounded(c, base), least, base)[1] for label, c in groups.items() if label not in joined), default=high)
    first = max(1, low - (small - 1) * (least - 1) - larger * top)
    if any(groups[label] >= least for label in joined & unnamed):
        first = 1  # Such a group may be of any size.
    last = min(least - 1, high - (small - 1) - larger * least)
    return last - first + 1 >= min(POSSIBLE, least - 1)


def _joint(groups: Mapping[str, int], joined: set[str], least: int, base: int) -> tuple[int, int]:
    """What the joined groups can add up to, for somebody who knows the exact total of the table."""
    total = sum(groups.values())
    shown = [interval(rounded(c, base), least, base) for label, c in groups.items() if label not in joined]
    together = sum(groups[label] for label in joined)
    # Too small a sum is not shown, which tells that it is small.
    low, high = interval(rounded(together, base), least, base) if together >= least else (len(joined), least - 1)
    return max(low, total - sum(top for _, top in shown)), min(high, total - sum(bottom for bottom, _ in shown))


def share(count: int, total: int) -> int:
    """A percentage of two figures that are shown, to the nearest whole number."""
    return (200 * count + total) // (2 * total) if total else 0


def sum_to_show(values: int, total: float, largest: Iterable[float], threshold: int, base: int) -> int | None:
    """A sum of amounts as it may be shown, ``None`` when it may not.

    ``values`` is how many people it adds up and ``largest`` the two largest of their amounts.  It is withheld under
    the threshold, and when one person makes up so much of it that another could work out their amount; it is shown
    to three figures, never finer than the rounding of counts.
    """
    first, second = sorted((abs(value) for value in largest), reverse=True)[:2] if values >= 2 else (0.0, 0.0)
    if values < max(smallest_shown(threshold, base), 3) or abs(total) - first - second < _DOMINANCE * first:
        return None
    unit = max(base, 10 ** max(0, len(str(int(abs(total)))) - 3))
    shown = rounded(int(abs(total) + 0.5), unit)
    return None if shown == 0 else shown if total > 0 else -shown
