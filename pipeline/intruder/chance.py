"""What guessing would achieve, and how sure a rate is: exact binomial sums, standard library only."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_SURE = 0.95
_MANY = 1000  # chances beyond which the sum is as good as normal


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something succeeded: ``matched`` of ``tried``.

    ``matched`` may be a fraction: a tie of three that holds the right one counts a third.  ``guessed`` is what guessing
    reaches on average, ``bound`` the largest number that it reaches in 95 of 100 attacks; ``low`` and ``high`` hold the
    true rate with 95% confidence (Clopper and Pearson).
    """

    matched: float
    tried: int
    guessed: float
    bound: int
    low: float
    high: float

    @property
    def by_chance(self) -> bool:
        """True when guessing explains it: no more matches than the bound."""
        return self.matched <= self.bound

    def figures(self) -> dict[str, float | int | bool]:
        """The rate in plain values."""
        share = self.matched / self.tried if self.tried else 0.0
        return {
            "matched": round(self.matched, 2), "tried": self.tried, "rate": round(share, 4),
            "interval_95": [round(self.low, 4), round(self.high, 4)],  # type: ignore[dict-item]
            "chance": round(self.guessed, 2), "bound_95": self.bound, "no_better_than_chance": self.by_chance,
        }


def rate(matched: float, chances: Sequence[float]) -> Rate:
    """The rate of so many matches where each attempt had its own chance of a lucky guess."""
    low, high = interval(round(matched), len(chances))
    return Rate(matched, len(chances), sum(chances), bound(chances), low, high)


def bound(chances: Sequence[float]) -> int:
    """The smallest number of matches that guessing exceeds in at most 5 of 100 attacks.

    Poisson's binomial, exactly; beyond a thousand chances, where it is all but normal, by the normal.
    """
    if len(chances) > _MANY:
        spread = math.sqrt(sum(chance * (1 - chance) for chance in chances))
        return math.ceil(sum(chances) + 1.6449 * spread)
    exactly = [1.0]
    for chance in chances:
        exactly = [
            (exactly[n] if n < len(exactly) else 0.0) * (1 - chance) + (exactly[n - 1] * chance if n else 0.0)
            for n in range(len(exactly) + 1)
        ]
    total = 0.0
    for lucky, probability in enumerate(exactly):
        total += probability
        if total >= _SURE - 1e-12:
            return lucky
    return len(chances)


def interval(matched: int, tried: int) -> tuple[float, float]:
    """The exact 95% interval of a rate (Clopper and Pearson), by halving; (0, 1) when nothing was tried."""
    if not tried:
        return 0.0, 1.0
    tail = (1 - _SURE) / 2
    low = 0.0 if matched == 0 else _solve(lambda p: _at_least(matched, tried, p) - tail)
    high = 1.0 if matched >= tried else _solve(lambda p: tail - _at_most(matched, tried, p))
    return low, high


def _solve(rising: Callable[[float], float]) -> float:
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < 0 else (low, middle)
    return (low + high) / 2


def _exactly(matched: int, tried: int, chance: float) -> float:
    if not 0 < chance < 1:
        return float(matched == (tried if chance else 0))
    ways = math.lgamma(tried + 1) - math.lgamma(matched + 1) - math.lgamma(tried - matched + 1)
    return math.exp(ways + matched * math.log(chance) + (tried - matched) * math.log1p(-chance))


def _at_least(matched: int, tried: int, chance: float) -> float:
    return sum(_exactly(count, tried, chance) for count in range(matched, tried + 1))


def _at_most(matched: int, tried: int, chance: float) -> float:
    return sum(_exactly(count, tried, chance) for count in range(matched + 1))
