"""Towns (real and invented), streets, addresses and postcodes."""

from collections.abc import Callable
from random import Random

from models.training.lexicon import Lexicon

_REAL_AREAS = ["AB", "B", "BA", "BB", "BD", "BL", "BN", "BS", "BT", "CA", "CF", "CH", "DD", "DE", "DH", "DL", "DN", "DY", "EH", "EX", "FK", "G", "GL", "HD", "HU", "HX", "IP", "IV", "KA", "KY", "L", "LA", "LD", "LE", "LL", "LN", "LS", "M", "ME", "ML", "NE", "NG", "NP", "NR", "OL", "PA", "PL", "PR", "S", "SA", "SE", "SK", "SN", "SR", "SY", "TD", "TN", "TR", "TS", "WA", "WF", "WN", "WR", "WV", "YO", "ZE"]
_STREETISH = ("Street", "Road", "Avenue", "Lane")


def town(rng: Random, lexicon: Lexicon, kind: str = "town") -> str:
    """A place name: about half from the gazetteer, half compounded from British name parts."""
    real = lexicon.places[kind] or lexicon.places["town"]
    if real and rng.random() < 0.45:
        return rng.choice(real)
    name = (rng.choice(lexicon.lists["place.heads"]) + rng.choice(lexicon.lists["place.tails"])).capitalize()
    roll = rng.random()
    if roll < 0.1:
        before = rng.choice(lexicon.lists["place.before"])
        return f"{before} {name}"
    if roll < 0.2:
        after = rng.choice(lexicon.lists["place.after"])
        return name + after if after.startswith("-") else f"{name} {after}"
    return name


def named(rng: Random, lexicon: Lexicon, patterns: str) -> str:
    """One of the list's patterns with {n} filled by a short name (a place, a thing or a street's name)."""
    names = lexicon.lists[rng.choice(["place.street_names", "organisation.things", "place.saints"])]
    name = town(rng, lexicon) if rng.random() < 0.5 else rng.choice(names)
    return rng.choice(lexicon.lists[patterns]).replace("{n}", name)


def street(rng: Random, lexicon: Lexicon) -> str:
    """A street without a number."""
    name = rng.choice(lexicon.lists["place.street_names"]) if rng.random() < 0.6 else town(rng, lexicon, "village")
    if rng.random() < 0.12:
        name += rng.choice(["", "'s", "s"])
    if rng.random() < 0.03:
        return "The " + rng.choice(lexicon.lists["place.street_kinds"])
    short = rng.random() < 0.4
    kind = rng.choice(lexicon.lists["place.street_short"] if short else lexicon.lists["place.street_kinds"])
    if not short and rng.random() < 0.5:
        kind = rng.choice(_STREETISH)
    return f"{kind} {name}" if kind in {"Heol", "Ffordd", "Stryd"} else f"{name} {kind}"


def address(rng: Random, lexicon: Lexicon) -> str:
    """A dwelling: number and street, flat, house name, room, plot or mooring."""
    number = f"{rng.randint(1, 240)}{rng.choice(['', '', '', '', '', 'a', 'b', 'A', 'B', 'C'])}"
    road, building = street(rng, lexicon), named(rng, lexicon, "place.buildings")
    kind = rng.choice(["Flat", "Flat", "flat", "Apt", "Apartment", "Unit", "Room", "room", "Bedsit", "Rm", "Studio"])
    door = rng.choice(
        [
            str(rng.randint(1, 90)),
            rng.choice("ABCDEF"),
            f"{rng.randint(1, 12)}{rng.choice('abAB')}",
            f"{rng.randint(0, 9)}/{rng.randint(1, 9)}",
        ]
    )
    flat = f"{kind} {door}"
    comma = rng.choice([", ", ", ", ", ", " ", ",\n"])
    house = rng.choice(lexicon.lists["place.houses"])
    shapes: list[tuple[int, Callable[[], str]]] = [
        (50, lambda: f"{number} {road}"),
        (6, lambda: f"{number}, {road}"),
        (10, lambda: f"{flat}{comma}{number} {road}"),
        (8, lambda: f"{flat}{comma}{building}"),
        (4, lambda: f"{flat}{comma}{building}{comma}{road}"),
        (4, lambda: f"{building}, {number} {road}"),
        (5, lambda: f"{house}{comma}{road}"),
        (3, lambda: house),
        (2, lambda: f"{rng.choice(['Plot', 'Pitch', 'Berth', 'Mooring', 'Caravan', 'Bay'])} {rng.randint(1, 60)}, {named(rng, lexicon, 'place.park')}"),
        (2, lambda: f"{rng.randint(1, 90)}/{rng.randint(1, 9)} {road}"),
        (2, lambda: f"{rng.choice(['above the shop at', 'c/o', 'No.', 'no'])} {number} {road}"),
        (1, lambda: f"{number}-{rng.randint(241, 260)} {road}"),
        (2, lambda: f"{rng.choice(['narrowboat', 'Narrowboat', 'nb', 'MV', 'the'])} {rng.choice(lexicon.lists['organisation.things'])}, {town(rng, lexicon)} {rng.choice(['Moorings', 'Marina', 'Basin', 'Wharf'])}"),
        (2, lambda: f"{rng.choice(['Caravan', 'Van', 'Chalet', 'Pod', 'Lodge', 'Yard'])} {rng.randint(1, 80)}{comma}{rng.choice(lexicon.lists['organisation.things'])} {rng.choice(['Caravan Park', 'Site', 'Holiday Park', 'Farm', 'Travellers Site'])}"),
        (2, lambda: f"{rng.choice(['Rm', 'Room', 'room', 'Bed', 'Unit'])} {rng.randint(1, 40)}{comma}{building}"),
        (2, lambda: f"{town(rng, lexicon, 'village')} {rng.choice(['Farm', 'Cottage', 'Croft', 'Barn', 'Cottages', 'Farmhouse'])}{comma}{road}"),
        (2, lambda: f"{rng.choice(['Ground floor flat', 'Basement flat', 'Top Floor', 'GFF', 'First floor'])}, {number} {road}"),
    ]  # fmt: skip
    return rng.choices([s for _, s in shapes], [w for w, _ in shapes])[0]()


def outcode(rng: Random) -> str:
    """The outward half of a postcode, of a real area or one that does not exist."""
    letters = rng.choice(_REAL_AREAS) if rng.random() < 0.7 else "".join(rng.choices("ABCDEFGHKLMNPRSTWY", k=2))
    tail = rng.choice("ABCEHMNPRVWXY") if rng.random() < 0.05 else ""
    return f"{letters}{rng.choice([rng.randint(1, 9), rng.randint(1, 99)])}{tail}"


def postcode(rng: Random) -> str:
    """A whole postcode, now and then without its space or in lower case."""
    inward = f"{rng.randint(0, 9)}{''.join(rng.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}"
    code = outcode(rng) + rng.choice([" ", " ", " ", " ", " ", "", "  "]) + inward
    return code.lower() if rng.random() < 0.06 else code
