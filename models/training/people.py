"""Invented people and the ways a worker writes them."""

import re
import unicodedata
from dataclasses import dataclass
from random import Random

from models.training.lexicon import Community, Lexicon

_SYLLABLES = ["ba", "be", "bo", "da", "de", "do", "fa", "fe", "ga", "go", "ha", "hi", "ja", "jo", "ka", "ke", "ki", "la", "le", "lo", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "ra", "re", "ri", "ro", "sa", "se", "sha", "ta", "te", "ti", "va", "wa", "ya", "yo", "za", "ze", "zo"]
_ENDINGS = ["n", "nde", "sh", "l", "r", "s", "ra", "na", "la", "va", "ki", "ko", "di", "ri", "th", "m"]


@dataclass(frozen=True, slots=True)
class Person:
    """First, middle and last name with a gender (f, m or n) and the community that the names come from."""

    first: str
    middle: str
    last: str
    gender: str
    last_first: bool


def invent_person(rng: Random, lexicon: Lexicon, gender: str, home: Community, relative: Person | None) -> Person:
    """Draw a person of the community `home`; a relative gives the family name."""
    pool = home.women if gender == "f" else home.men if gender == "m" else home.women + home.men
    first, middle = _given(rng, pool, home), rng.choice(pool)
    last = relative.last if relative else _family(rng, home, lexicon)
    return Person(first, middle, last, gender, home.last_first)


def choose_community(rng: Random, lexicon: Lexicon) -> Community:
    """Draw a community by its share."""
    return rng.choices(lexicon.communities, [c.share for c in lexicon.communities])[0]


def _made_up(rng: Random) -> str:
    return ("".join(rng.choices(_SYLLABLES, k=rng.randint(2, 3))) + rng.choice(["", *_ENDINGS])).capitalize()


def _given(rng: Random, pool: tuple[str, ...], home: Community) -> str:
    if rng.random() < 0.04:
        return _made_up(rng)
    name = rng.choice(pool)
    if rng.random() < 0.03 and "-" not in name and home.name in {"english", "welsh", "irish", "traveller", "words"}:
        return f"{name}-{rng.choice(['Mae', 'Rose', 'Jo', 'Louise', 'Lee', 'James', 'Marie', 'Ann', 'Leigh', 'Jay'])}"
    return name


def _family(rng: Random, home: Community, lexicon: Lexicon) -> str:
    roll = rng.random()
    if roll < 0.05:
        return _made_up(rng)
    if roll < 0.09:
        towns = lexicon.places["village"] or lexicon.places["town"] or ("Hartley",)
        town = rng.choice(towns)
        return town if town.isalpha() else rng.choice(home.family)
    last = rng.choice(home.family)
    if home.double and rng.random() < 0.4:
        return f"{last} {rng.choice(home.family)}"
    if roll < 0.14 and " " not in last and "-" not in last:
        other = rng.choice(choose_community(rng, lexicon).family)
        return f"{last}{rng.choice(['-', '-', ' '])}{other}" if " " not in other else last
    return last


def _initials(person: Person) -> list[str]:
    return [part[0].upper() for part in re.split(r"[ -]", f"{person.first} {person.last}") if part[:1].isalpha()]


def _typo(rng: Random, name: str) -> str:
    """Swap, drop, double or replace one letter: the wrong spelling is still the person's name."""
    if len(name) < 4:
        return name + name[-1]
    at = rng.randrange(1, len(name) - 1)
    kind = rng.randrange(5)
    if kind == 0:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[:at] + name[at] + name[at:]
    return name[:at] + rng.choice("aeiouyhkcsn") + name[at + 1 :]


def _nick(rng: Random, person: Person, lexicon: Lexicon) -> str:
    table = [pair.split("=") for pair in lexicon.lists["person.diminutives"]]
    known = [short for full, short in table if full == person.first]
    roll = rng.random()
    if known and roll < 0.6:
        return rng.choice(known)
    if roll < 0.2:
        return rng.choice(lexicon.lists["person.nick_own"])
    stem = rng.choice(known) if known else person.first.split("-")[0].split(" ")[0]
    if roll < 0.35:
        return f"{rng.choice(lexicon.lists['person.nick_adj'])} {stem}"
    if len(stem) > 4 and roll < 0.75:
        cut = stem[: rng.choice([3, 3, 4])]
        return cut + rng.choice(["", "", "s", "y", "ie", "o", "z"])
    if roll < 0.85:
        return stem[: 2 if stem[1:2].lower() in "aeiou" else 1].rstrip("'") + rng.choice(
            ["zza", "z", "bs", "-Jay", "-Dog", "-Mac", "ssy"]
        )
    return stem + rng.choice(["y", "ie", "o", "s", "-lou", " boy", "-girl"])


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKD", name.replace("ł", "l").replace("Ł", "L"))
    return re.sub(r"[^a-z]", "", folded.lower())


def _email(rng: Random, person: Person, lexicon: Lexicon) -> str:
    first, last = _plain(person.first) or "j", _plain(person.last) or "x"
    local = rng.choice([f"{first}.{last}", f"{first[0]}.{last}", f"{first}{last}", f"{first[0]}{last}{rng.randint(1, 99)}",
                        f"{first}_{last[0]}", f"{first}{rng.randint(60, 2009)}", f"{last}.{first}", f"{first}{last[0]}{rng.randint(1, 9)}"])  # fmt: skip
    return f"{local}@{rng.choice(lexicon.lists['person.domains'])}"


def _handle(rng: Random, person: Person, lexicon: Lexicon) -> str:
    first, last, part = _plain(person.first) or "jo", _plain(person.last) or "x", rng.choice(lexicon.lists["person.handle_parts"])
    core = rng.choice(
        [
            f"{first}{part}",
            f"{first}_{last[:3]}",
            f"{first}.{last}",
            f"{part}{first}",
            f"{first}{last[0]}{rng.randint(1, 99)}",
            f"{first}w_{part.strip('_')}",
        ]
    )
    return rng.choice(["@", "@", "@", "", "fb.com/", "facebook.com/", "insta: @", "instagram.com/"]).replace("insta: ", "") + core


def write_person(rng: Random, person: Person, form: str, lexicon: Lexicon) -> str:
    """The person in one of the forms that the passages name (full, title_last, nick, initials, ...); KeyError for others."""
    p, lists = person, lexicon.lists
    title = rng.choice(lists[f"person.titles_{p.gender}"])
    full = f"{p.last} {p.first}" if p.last_first and rng.random() < 0.5 else f"{p.first} {p.last}"
    letters = _initials(p)
    first_letter = p.first[0].upper()
    upper_last = p.last.upper() if rng.random() < 0.6 else p.last
    forms = {
        "full": lambda: full,
        "full3": lambda: f"{p.first} {p.middle} {p.last}",
        "first": lambda: p.first,
        "last": lambda: p.last,
        "middle": lambda: p.middle,
        "title_last": lambda: f"{title} {p.last}",
        "title_first": lambda: f"{title} {p.first}",
        "title_full": lambda: f"{title} {p.first} {p.last}",
        "title_first_initial_last": lambda: f"{title} {first_letter}{rng.choice(['', '', '.'])} {p.last}",
        "nick": lambda: _nick(rng, p, lexicon),
        "initials": lambda: "".join(letters[:3]),
        "initials_dot": lambda: ".".join(letters[:3]) + ".",
        "initial": lambda: first_letter,
        "first_initial": lambda: f"{p.first} {p.last[0].upper()}{rng.choice(['', '', '.'])}",
        "initial_last": lambda: f"{first_letter}{rng.choice(['. ', '. ', ' ', '.'])}{p.last}",
        "last_first": lambda: f"{upper_last}, {p.first}" if rng.random() < 0.75 else f"{upper_last} {p.first}",
        "last_initial": lambda: f"{p.last}{rng.choice([' ', ' ', ', '])}{first_letter}",
        "plural": lambda: p.last + ("es" if p.last.endswith(("s", "x", "z", "ch", "sh")) else "s"),
        "typo": lambda: _typo(rng, p.first),
        "role_title_last": lambda: f"{rng.choice(lists['person.role_titles'])} {p.last}",
        "kin_first": lambda: f"{rng.choice(lists['person.kin'])} {p.first}",
        "email": lambda: _email(rng, p, lexicon),
        "handle": lambda: _handle(rng, p, lexicon),
    }  # fmt: skip
    return forms[form]()
