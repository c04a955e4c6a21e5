"""The words of ``risk.toml``: how many people in a thousand a detail fits, and what is said instead of a rare one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain.risk import Kind
from pipeline.errors import PolicyError

_KINDS = {
    "FAMILY": Kind.FAMILY, "CONDITION": Kind.HEALTH, "OCCUPATION": Kind.WORK, "EVENT": Kind.EVENT, "SUPERLATIVE": Kind.EVENT,
    "RELIGION": Kind.ORIGIN,
}  # fmt: skip
_SOURCES = ("census", "prevalence", "guess")


@dataclass(frozen=True, slots=True)
class Rare:
    """Words for one detail of a ``kind`` of the policy's rules, the share of people it fits, and what is said instead."""

    kind: str
    words: re.Pattern[str]
    share: float
    becomes: str

    @property
    def detail(self) -> Kind:
        """The kind of detail, as it is reported."""
        return _KINDS[self.kind]


@dataclass(frozen=True, slots=True)
class Rarity:
    """Everything in ``risk.toml``; shares are fractions of all people, made smaller by how far their source is to be trusted."""

    gender: float
    overseas: float
    overseas_words: re.Pattern[str]
    ages: tuple[tuple[int, int, float], ...]
    rare: tuple[Rare, ...]

    @classmethod
    def load(cls, path: Path) -> Rarity:
        """Read ``risk.toml``; :class:`PolicyError` when it cannot be understood."""
        try:
            data = tomllib.loads(path.read_text("utf-8"))
            trust = {source: float(data["certainty"][source]) for source in _SOURCES}
            if not all(0 < factor <= 1 for factor in trust.values()):
                raise ValueError("a certainty is not between 0 and 1")
            census = trust["census"] / 1000
            return cls(
                gender=data["gender"] * census,
                overseas=data["overseas"] * census,
                overseas_words=_any(data["overseas_words"]),
                ages=tuple((int(low), int(high), float(share) * census) for low, high, share in data["ages"]),
                rare=tuple(_rare(table, trust) for table in data["detail"]),
            )
        except (OSError, KeyError, TypeError, ValueError, tomllib.TOMLDecodeError, re.error) as error:
            raise PolicyError(
                f"{path.name} cannot be understood ({type(error).__name__})", "Compare it with the one in policy_templates/."
            ) from None

    def of_age(self, low: int, high: int) -> float:
        """The share of people from one age to another, both included."""
        found = 0.0
        for first, last, share in self.ages:
            common = min(high, last) - max(low, first) + 1
            found += share * max(0, common) / (last - first + 1)
        return min(1.0, found)


def _rare(table: dict[str, object], trust: Mapping[str, float]) -> Rare:
    share, kind, words = table["share"], str(table["kind"]), table["words"]
    if kind not in _KINDS or not isinstance(share, float | int) or not isinstance(words, list):
        raise ValueError("a detail of no known kind, or without a share")
    share *= trust[str(table["source"])] / 1000
    return Rare(kind, _any([rf"\b{word}" if word[0] != "\\" else word for word in words]), share, str(table["becomes"]))


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(r"(?:" + "|".join(f"(?:{pattern})" for pattern in patterns) + r")(?!\w)", re.IGNORECASE)
