"""Fill one slot of a passage: slot name -> category and surface."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from models.training import dates, identifiers, places
from models.training.lexicon import Community, Lexicon
from models.training.organisations import KINDS, organisation
from models.training.people import Person, choose_community, invent_person, write_person

CATEGORIES = ["PERSON", "LOCATION", "ADDRESS", "POSTCODE", "ORGANISATION", "DATE", "AGE", "PHONE", "EMAIL", "ONLINE_HANDLE", "ID_NUMBER", "INDIRECT"]
_STABLE = {"nick", "initials", "title_last", "title_full", "full", "email", "handle", "role_title_last", "kin_first", "typo"}


class UnknownSlot(ValueError):
    """A passage uses a slot that the generator does not know."""


@dataclass(slots=True)
class Filling:
    """The state of one filled passage: its people, its dates and what each slot has become."""

    rng: Random
    lexicon: Lexicon
    people: dict[str, Person] = field(default_factory=dict)
    births: dict[str, date] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    start: date = date(2024, 1, 1)
    date_format: Callable[[date], str] = date.isoformat
    birth_format: Callable[[date], str] = date.isoformat


def new_filling(rng: Random, lexicon: Lexicon, cast: dict[str, tuple[str, str | None]]) -> Filling:
    """Invent the cast of a passage: name -> (gender, relative whose family name is shared)."""
    filling = Filling(rng, lexicon, start=dates.event_date(rng))
    filling.date_format, filling.birth_format = dates.choose_format(rng), dates.choose_format(rng, birth=True)
    home = choose_community(rng, lexicon)
    for name, (gender, relative) in cast.items():
        own: Community = home if relative or rng.random() < 0.3 else choose_community(rng, lexicon)
        kin = filling.people.get(relative) if relative else None
        filling.people[name] = invent_person(rng, lexicon, gender, own, kin)
        filling.births[name] = dates.birth_date(rng)
    return filling


def fill(filling: Filling, slot: str) -> tuple[str, str]:
    """Category and surface of a slot; the same slot of one passage gives the same surface. UnknownSlot otherwise."""
    if "." in slot:
        return _fill_person(filling, *slot.split(".", 1))
    base = re.sub(r"\d+$", "", slot)
    if slot not in filling.chosen:
        filling.chosen[slot] = _surface(filling, base, int(slot[len(base) :] or 1))
    return _category(base), filling.chosen[slot]


def _fill_person(filling: Filling, name: str, form: str) -> tuple[str, str]:
    if name not in filling.people:
        raise UnknownSlot(f"{name}.{form}")
    rng, key = filling.rng, f"{name}.{form}"
    category = {"email": "EMAIL", "handle": "ONLINE_HANDLE", "dob": "DATE"}.get(form, "PERSON")
    if key in filling.chosen:
        return category, filling.chosen[key]
    try:
        if form == "dob":
            text = filling.birth_format(filling.births[name])
        else:
            text = write_person(rng, filling.people[name], form, filling.lexicon)
    except KeyError as error:
        raise UnknownSlot(key) from error
    if form in _STABLE:
        filling.chosen[key] = text
    return category, text


def _category(base: str) -> str:
    if base in KINDS:
        return "ORGANISATION"
    if base in _DATES:
        return "DATE"
    if base in {"age", "child_age", "baby_age", "age_word"}:
        return "AGE"
    if base in {"country", "nationality", "religion", "language", "ethnicity"}:
        return "INDIRECT"
    special = {
        "address": "ADDRESS",
        "postcode": "POSTCODE",
        "outcode": "POSTCODE",
        "phone": "PHONE",
        "mobile": "PHONE",
        "ext": "PHONE",
        "org_email": "EMAIL",
        "url": "ONLINE_HANDLE",
    }
    return special.get(base) or ("LOCATION" if base in _PLACES else "ID_NUMBER")


_DATES = {"date", "month_year", "day_month", "holiday"}
_PLACES: dict[str, Callable[[Random, Lexicon], str]] = {
    "town": places.town,
    "district": lambda r, x: places.town(r, x, "district"),
    "village": lambda r, x: places.town(r, x, "village"),
    "estate": lambda r, x: places.named(r, x, "place.estate"),
    "park": lambda r, x: places.named(r, x, "place.park"),
    "landmark": lambda r, x: places.named(r, x, "place.landmark"),
    "foreign_town": lambda r, x: r.choice(x.lists["place.foreign"]),
    "street": places.street,
    "address": places.address,
}
_PLAIN: dict[str, Callable[[Random], str]] = {
    **identifiers.NUMBERS,
    "any_ref": identifiers.any_reference,
    "phone": identifiers.landline,
    "mobile": identifiers.mobile,
    "ext": lambda r: r.choice([f"ext {r.randint(10, 9999)}", f"x{r.randint(100, 999)}", f"ext. {r.randint(10, 999)}", f"extension {r.randint(100, 999)}", f"{r.randint(100, 9999)}"]),
    "postcode": places.postcode,
    "outcode": places.outcode,
    "age": dates.age,
    "child_age": dates.child_age,
    "baby_age": dates.baby_age,
    "age_word": lambda r: dates.number_word(r.randint(3, 99)),
    "holiday": dates.holiday,
}  # fmt: skip


def _surface(filling: Filling, base: str, number: int) -> str:
    rng, lexicon = filling.rng, filling.lexicon
    if base in _PLACES:
        return _PLACES[base](rng, lexicon)
    if base in _PLAIN:
        return _PLAIN[base](rng)
    if base in KINDS:
        return organisation(rng, lexicon, base)
    if base in _DATES:
        day = filling.start + timedelta(days=(number - 1) * rng.randint(2, 30) + rng.randint(0, 2))
        if base == "date":
            chosen = filling.date_format if rng.random() < 0.8 else dates.choose_format(rng)
            return chosen(day)
        return dates.month_year(rng, day) if base == "month_year" else dates.day_month(rng, day)
    if base in {"country", "nationality", "religion", "language", "ethnicity"}:
        return rng.choice(lexicon.lists[f"indirect.{base}"])
    if base == "org_email":
        desk = rng.choice(
            ["info", "admin", "referrals", "enquiries", "office", "duty", "housing", "reception", "hello", "support", "intake", "team", "safeguarding"]
        )
        return f"{desk}@{rng.choice(organisation(rng, lexicon, 'own').lower().split()).strip(',.&') or 'hub'}.example"
    if base == "url":
        return _url(filling)
    raise UnknownSlot(base)


def _url(filling: Filling) -> str:
    rng = filling.rng
    word = "".join(c for c in places.town(rng, filling.lexicon).lower() if c.isalpha())
    stem = rng.choice(
        [
            f"www.{word}.example",
            f"https://{word}.example",
            f"{word}.example.org",
            f"justgiving.com/{word}",
            f"gofundme.com/f/help-{word}",
            f"https://www.{word}news.example/story/{rng.randint(100, 99999)}",
            f"facebook.com/groups/{word}{rng.choice(['mums', 'chat', ''])}",
            f"youtu.be/{identifiers.digits(rng, 6)}",
            f"{word}-hub.example/{rng.choice(['stories', 'team', 'events'])}",
        ]
    )
    return stem
