"""Numbers that identify somebody, in UK formats, with right and wrong check digits; test-safe telephone ranges prevail."""

import string
from collections.abc import Callable
from random import Random

_U = string.ascii_uppercase
_PREFIXES = ["CL", "REF", "CR", "CN", "SU", "YP", "HM", "WA", "SF", "DA", "RS", "CM", "FB", "AD", "OP", "LD", "MH", "HSG", "OUT", "VR", "BF", "CW", "KC", "EMP", "GRT", "DV", "FS", "ST", "BR", "NW", "TX"]


def digits(rng: Random, count: int) -> str:
    """That many random digits."""
    return "".join(rng.choices(string.digits, k=count))


def _letters(rng: Random, count: int) -> str:
    return "".join(rng.choices(_U, k=count))


def nhs(rng: Random) -> str:
    """Ten digits, mostly with a right modulus 11 check digit and mostly in the 999 test range."""
    while True:
        body = ("999" if rng.random() < 0.6 else rng.choice("4567") + digits(rng, 2)) + digits(rng, 6)
        check = -sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11
        if check < 10:
            break
    whole = body + (str(check) if rng.random() < 0.85 else str(rng.randint(0, 9)))
    gap = rng.choice([" ", " ", " ", "", "-"])
    return f"{whole[:3]}{gap}{whole[3:6]}{gap}{whole[6:]}"


def chi(rng: Random) -> str:
    """A Scottish CHI number: day, month and year of birth and four digits."""
    head = f"{rng.randint(1, 31):02}{rng.randint(1, 12):02}{rng.randint(20, 99)}"
    return head + rng.choice(["", " ", " "]) + digits(rng, 4)


def nino(rng: Random) -> str:
    """A National Insurance number, mostly of the QQ kind, sometimes with the last letter missing."""
    gap = rng.choice(["", "", " ", " "])
    body = digits(rng, 6)
    head = "QQ" if rng.random() < 0.5 else _letters(rng, 2)
    pairs = gap.join([body[:2], body[2:4], body[4:]])
    tail = "" if rng.random() < 0.06 else gap + rng.choice("ABCD")
    return f"{head}{gap}{pairs}{tail}"


def landline(rng: Random) -> str:
    """A landline, mostly of the drama ranges."""
    areas = [
        "01632",
        "01632",
        "01632",
        "0113 496",
        "0114 496",
        "0161 496",
        "0121 496",
        "020 7946",
        "0141 496",
        "029 2018",
        "028 9649",
        f"01{rng.randint(200, 999)}",
    ]
    area = rng.choice(areas)
    gap = rng.choice([" ", " ", " ", "", "-"])
    if " " in area:
        return rng.choice([area, area.replace(" ", "")]) + gap + f"0{digits(rng, 3)}"
    number = rng.choice(["960", "960", digits(rng, 3)]) + digits(rng, 3)
    return rng.choice([area, area, f"({area})", "+44 " + area[1:]]) + gap + number


def mobile(rng: Random) -> str:
    """A mobile number in one of the ways that it is typed."""
    middle, end = rng.choice([("700", "900"), ("700", "900"), (digits(rng, 3), digits(rng, 3))])
    end += digits(rng, 3)
    first = rng.choice(["07", "07", "07", "07", "+447", "+44 7", "+44 (0)7", "00447"])
    if rng.random() < 0.1:
        return f"{first}{middle[:2]} {middle[2]}{end[:2]} {end[2:4]} {end[4:]}"
    gap = rng.choice([" ", " ", "", "", "-", "."])
    return f"{first}{middle}{gap}{end[:3]}{gap if rng.random() < 0.5 else ''}{end[3:]}"


def case_reference(rng: Random) -> str:
    """A charity's or agency's reference in one of many local formats."""
    prefix = rng.choice(_PREFIXES) if rng.random() < 0.6 else _letters(rng, rng.randint(1, 4))
    year, number = rng.randint(2016, 2026), digits(rng, rng.choice([3, 4, 4, 5, 5, 6]))
    shapes = [
        f"{prefix}-{number}", f"{prefix}{number}", f"{prefix}/{number}", f"{prefix} {number}", f"{prefix}/{year}/{number}",
        f"{prefix}-{year % 100}-{number}", f"{year}/{number}", f"{year}-{number}", f"#{number}", f"{number}/{_letters(rng, 2)}",
        f"{prefix}.{number}", f"{prefix}-{number}-{_letters(rng, 1)}", f"{number}", f"{prefix}{year % 100}/{number}",
        f"{prefix.lower()}{number}", f"{prefix}_{number}", f"{digits(rng, 7)}", f"{digits(rng, 3)}-{digits(rng, 4)}",
    ]  # fmt: skip
    return rng.choice(shapes)


def plate(rng: Random) -> str:
    """A vehicle registration: current, prefix or Northern Ireland style."""
    gap = rng.choice([" ", " ", ""])
    return rng.choice([
        f"{_letters(rng, 2)}{rng.randint(2, 75):02}{gap}{_letters(rng, 3)}", f"{_letters(rng, 2)}{rng.randint(2, 75):02}{gap}{_letters(rng, 3)}",
        f"{rng.choice(_U)}{rng.randint(1, 999)}{gap}{_letters(rng, 3)}", f"{_letters(rng, 3)}{gap}{rng.randint(1000, 9999)}",
    ])  # fmt: skip


def _driving(rng: Random) -> str:
    gap = rng.choice(["", "", " "])
    return f"{_letters(rng, 5)}{gap}{digits(rng, 6)}{gap}{_letters(rng, 2)}{digits(rng, 1)}{_letters(rng, 2)}"


def _spread(rng: Random, text: str, at: tuple[int, ...], gap: str) -> str:
    cuts = (0, *at, len(text))
    return gap.join(text[a:b] for a, b in zip(cuts, cuts[1:], strict=False))


NUMBERS: dict[str, Callable[[Random], str]] = {
    "ref": case_reference,
    "nhs": nhs,
    "chi": chi,
    "nino": nino,
    "plate": plate,
    "driving": _driving,
    "utr": lambda r: _spread(r, digits(r, 10), (5,), r.choice(["", " "])),
    "passport": lambda r: r.choice([digits(r, 9), digits(r, 9), _letters(r, 2) + digits(r, 7), _letters(r, 1) + digits(r, 8)]),
    "sort_code": lambda r: _spread(r, digits(r, 6), (2, 4), r.choice(["-", "-", "-", " ", ""])),
    "account": lambda r: _spread(r, digits(r, 8), (4,), r.choice(["", "", "", " "])),
    "iban": lambda r: _spread(r, f"GB{digits(r, 2)}{_letters(r, 4)}{digits(r, 14)}", (4, 8, 12, 16, 20), r.choice(["", " "])),
    "ho_ref": lambda r: r.choice([f"{_letters(r, 1)}{digits(r, 7)}", f"{_letters(r, 1)}{digits(r, 7)}/{r.randint(1, 9)}", f"{digits(r, 4)}-{digits(r, 4)}-{digits(r, 4)}-{digits(r, 4)}", f"HO/{digits(r, 6)}"]),
    "arc": lambda r: r.choice([f"ASC{digits(r, 7)}", f"{_letters(r, 3)}{digits(r, 6)}", f"{digits(r, 2)}/{digits(r, 2)}/{digits(r, 5)}/{digits(r, 3)}", f"ARC{digits(r, 8)}"]),
    "brp": lambda r: f"{r.choice(['RZ', 'ZU', 'ZR', 'ZX', 'RF', _letters(r, 2)])}{r.choice(['', '', 'X'])}{digits(r, 7)}",
    "crime_ref": lambda r: r.choice([f"{digits(r, 2)}/{digits(r, 5)}/{r.randint(17, 26)}", f"CRN/{digits(r, 6)}/{r.randint(17, 26)}", f"{digits(r, 4)}{_letters(r, 1)}{digits(r, 5)}", f"CAD {digits(r, 4)}", f"{digits(r, 8)}", f"CC-{digits(r, 5)}-{r.randint(19, 26)}-{digits(r, 2)}-IC", f"log {digits(r, 3)}", f"{digits(r, 5)}/{r.randint(17, 26)}", f"MP{digits(r, 6)}"]),
    "court_no": lambda r: r.choice([f"{_letters(r, 2)}{r.randint(17, 26)}{r.choice('CPFZ')}{digits(r, 5)}", f"{digits(r, 3)}{_letters(r, 2)}{digits(r, 3)}", f"{_letters(r, 1)}{digits(r, 2)}YJ{digits(r, 3)}", f"SC{digits(r, 3)}/{r.randint(17, 26)}/{digits(r, 5)}", f"{_letters(r, 3)}-{_letters(r, 1)}{digits(r, 3)}-{r.randint(17, 26)}"]),
    "prison_no": lambda r: f"{_letters(r, 1)}{digits(r, 4)}{_letters(r, 2)}",
    "crn": lambda r: r.choice([f"{_letters(r, 1)}{digits(r, 6)}", f"{digits(r, 9)}", f"X{digits(r, 6)}"]),
    "pnc": lambda r: f"{r.choice(['', '20'])}{r.randint(10, 26)}/{digits(r, r.choice([5, 6, 7]))}{_letters(r, 1)}",
    "rent_ref": lambda r: r.choice([digits(r, 9), f"{digits(r, 7)}-{digits(r, 2)}", f"RT{digits(r, 6)}", f"{digits(r, 4)}/{digits(r, 4)}/{digits(r, 2)}", f"T-{digits(r, 6)}", f"8{digits(r, 8)}"]),
    "uc_ref": lambda r: r.choice([f"{digits(r, 4)}-{digits(r, 4)}-{digits(r, 4)}", digits(r, 12), f"PIP-{digits(r, 6)}", f"{digits(r, 4)} {digits(r, 4)} {digits(r, 4)}"]),
    "uprn": lambda r: r.choice([digits(r, 12), "100" + digits(r, 8), digits(r, 8)]),
    "upn": lambda r: f"{r.choice('ABCDEFGH')}{digits(r, 12)}",
    "card_end": lambda r: digits(r, 4),
    "share_code": lambda r: _spread(r, "".join(r.choices("ABCDEFGHJKLMNPRTWXYZ23456789", k=9)), (3, 6), r.choice([" ", " ", ""])),
}  # fmt: skip


def any_reference(rng: Random) -> str:
    """A reference of any kind."""
    if rng.random() < 0.6:
        return case_reference(rng)
    return NUMBERS[rng.choice([name for name in NUMBERS if name != "card_end"])](rng)
