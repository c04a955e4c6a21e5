"""The words of ``generalise.toml``, ready for use."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pipeline.domain.finding import Gender
from pipeline.errors import PolicyError
from pipeline.generalise.site import compile_words


@dataclass(frozen=True, slots=True)
class KindOf:
    """Words in a name that tell its kind, and what is said instead."""

    words: re.Pattern[str]
    becomes: str


@dataclass(frozen=True, slots=True)
class Phrasebook:
    """Everything that details are generalised to."""

    organisations: tuple[KindOf, ...]
    places: tuple[KindOf, ...]
    default_organisation: str
    default_address: str
    default_place: str
    other_place: str
    overseas: str
    kin: dict[str, Gender]
    work: frozenset[str]
    titles: dict[str, str]
    countries: re.Pattern[str]

    @classmethod
    def load(cls, path: Path) -> Phrasebook:
        """Read ``generalise.toml``; :class:`PolicyError` when it cannot be understood."""
        try:
            data = tomllib.loads(path.read_text("utf-8"))
            kin = {
                w: g
                for g, key in ((Gender.FEMALE, "female"), (Gender.MALE, "male"), (Gender.UNKNOWN, "either"))
                for w in data["kin"][key].split()
            }
            return cls(
                organisations=_kinds(data["organisation"]),
                places=_kinds(data["place"]),
                kin=kin,
                work=frozenset(data["work"]["words"].split()),
                titles=dict(data["title"]),
                countries=compile_words(data["origin"]["countries"]),
                **{
                    key: data[key]
                    for key in ("default_organisation", "default_address", "default_place", "other_place", "overseas")
                },
            )
        except (KeyError, tomllib.TOMLDecodeError, re.error, AttributeError, TypeError) as error:
            raise PolicyError(
                f"{path.name} cannot be understood ({type(error).__name__})",
                "Compare it with the one in policy_templates/.",
            ) from None


def _kinds(tables: list[dict[str, object]]) -> tuple[KindOf, ...]:
    kinds = []
    for table in tables:
        words = "|".join(str(word).replace(" ", r"\s+") for word in table["words"])  # type: ignore[attr-defined]
        kinds.append(KindOf(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), str(table["becomes"])))
    return tuple(kinds)


def kind_of(surface: str, kinds: tuple[KindOf, ...], default: str) -> str:
    """What is said instead of ``surface``: the first kind with one of its words in it."""
    return next((kind.becomes for kind in kinds if kind.words.search(surface)), default)
