"""Names of local organisations, composed from patterns, places, saints, family names and things."""

import re
from random import Random

from models.training.lexicon import Lexicon
from models.training.people import choose_community
from models.training.places import town

KINDS = ["school", "primary", "college", "surgery", "hospital", "ward", "council", "court", "employer", "shop", "charity", "housing", "church", "mosque", "gurdwara", "temple", "solicitor", "hostel", "refuge", "agency", "club", "carehome", "nursery", "own", "prison", "police"]
_HOLE = re.compile(r"\{([psnld])\}")


def organisation(rng: Random, lexicon: Lexicon, kind: str) -> str:
    """An organisation of a kind in KINDS."""
    pattern = rng.choice(lexicon.lists[f"organisation.{kind}"])
    name = _HOLE.sub(lambda hole: _part(rng, lexicon, hole.group(1)), pattern)
    if kind in {"school", "primary", "church", "carehome"} and rng.random() < 0.12:
        return f"{name}, {town(rng, lexicon)}"
    return name


def _part(rng: Random, lexicon: Lexicon, hole: str) -> str:
    if hole == "p":
        return town(rng, lexicon, rng.choice(["town", "town", "district", "village"]))
    if hole == "s":
        return rng.choice(["St ", "St ", "St ", "St. ", "Saint "]) + rng.choice(lexicon.lists["place.saints"])
    if hole == "l":
        return rng.choice(choose_community(rng, lexicon).family)
    if hole == "d":
        return str(rng.randint(1, 60))
    pools = ["organisation.things"] * 4 + ["place.street_names", "place.street_names"]
    return rng.choice(lexicon.lists[rng.choice(pools)]) if rng.random() < 0.75 else town(rng, lexicon)
