"""The words that slots are filled with: name lists, place lists and the gazetteers of the training data."""

import csv
import importlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

WORDS = Path(__file__).parent / "words"
_PARTICLE = re.compile(r"^(d[aei]|dos|del|dela|della|van|von|der|den|ap)-", re.IGNORECASE)
_LATIN = re.compile(r"^[A-Za-z\u00c0-\u024f\u1e00-\u1eff'’ -]+$")


@dataclass(frozen=True, slots=True)
class Community:
    """Given names of women and men and family names that are met together; share is its weight in a fill."""

    name: str
    share: float
    women: tuple[str, ...]
    men: tuple[str, ...]
    family: tuple[str, ...]
    last_first: bool
    double: bool


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lists; places maps the gazetteer's kind (town, district, village) to names."""

    communities: tuple[Community, ...]
    lists: dict[str, tuple[str, ...]]
    places: dict[str, tuple[str, ...]]


def load_lexicon(gazetteer: Path | None) -> Lexicon:
    """Read words/*.toml, Faker's name lists where that library is installed, and a gazetteer folder if there is one."""
    raw = tomllib.loads((WORDS / "names.toml").read_text(encoding="utf-8"))
    communities = tuple(_community(name, entry) for name, entry in raw.items())
    words = tomllib.loads((WORDS / "words.toml").read_text(encoding="utf-8"))
    lists = {
        f"{section}.{key}": tuple(part.strip(" ") for part in value.split(" | "))
        for section, entries in words.items()
        for key, value in entries.items()
    }
    return Lexicon(communities, lists, _places(gazetteer))


def _community(name: str, entry: dict[str, object]) -> Community:
    own = [_spaced(str(entry[key]).split()) for key in ("f", "m", "last")]
    locales = entry.get("faker", [])
    extra = [_faker(locales, key) for key in ("first_names_female", "first_names_male", "last_names")]
    # The written lists stand for the common names; a library's long tail widens them without drowning them.
    women, men, family = (tuple(a * max(1, len(b) // (2 * len(a))) + b) for a, b in zip(own, extra, strict=True))
    return Community(
        name,
        float(str(entry["share"])),
        women,
        men,
        family,
        entry.get("order") == "last_first",
        bool(entry.get("double", False)),
    )


def _spaced(names: Sequence[str]) -> list[str]:
    spaced = []
    for name in names:
        while (shorter := _PARTICLE.sub(lambda m: m.group(1) + " ", name)) != name:
            name = shorter
        spaced.append(re.sub(r"(?<= )(der|den)-", r"\1 ", name))
    return spaced


def _faker(locales: object, attribute: str) -> list[str]:
    found: list[str] = []
    for locale in locales if isinstance(locales, list) else []:
        try:
            module = importlib.import_module(f"faker.providers.person.{locale}")
        except ImportError:
            return []
        found += [n for n in (getattr(module.Provider, attribute, None) or ()) if _LATIN.match(n) and len(n) > 1]
    return [name for name in found if name != "Doe"]


def _places(folder: Path | None) -> dict[str, tuple[str, ...]]:
    kinds = {"City": "town", "Town": "town", "Suburban Area": "district", "Village": "village", "Hamlet": "village"}
    places: dict[str, list[str]] = {"town": [], "district": [], "village": []}
    if folder is not None:
        with (folder / "british-placenames.csv").open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                if row["type"] in kinds and len(row["name"]) < 28:
                    places[kinds[row["type"]]].append(row["name"])
    return {kind: tuple(names) for kind, names in places.items()}
