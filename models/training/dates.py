"""Dates in the formats that workers type, and ages."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
_SHORT = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"]
_DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
_LONG_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_HOLIDAYS = ("Boxing Day", "Christmas Day", "New Year's Day", "New Year's Eve", "Christmas Eve", "Good Friday", "Easter Monday", "St Patrick's Day",
             "St David's Day", "Burns Night", "Bonfire Night", "Halloween", "Valentine's Day", "Hogmanay", "Mother's Day", "St Andrew's Day", "the Twelfth", "Shrove Tuesday", "boxing day", "Armistice Day")  # fmt: skip
_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def _ordinal(day: int) -> str:
    return f"{day}{'th' if 10 < day < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


FORMATS: tuple[tuple[int, Callable[[date], str]], ...] = (
    (20, lambda d: f"{d.day:02}/{d.month:02}/{d.year}"),
    (12, lambda d: f"{d.day}/{d.month}/{d.year % 100:02}"),
    (8, lambda d: f"{d.day:02}/{d.month:02}/{d.year % 100:02}"),
    (10, lambda d: f"{d.day}/{d.month}"),
    (4, lambda d: f"{d.day:02}/{d.month:02}"),
    (5, lambda d: f"{d.day:02}.{d.month:02}.{d.year % 100:02}"),
    (4, lambda d: f"{d.day}.{d.month}.{d.year}"),
    (3, lambda d: f"{d.day:02}-{d.month:02}-{d.year}"),
    (5, lambda d: d.isoformat()),
    (14, lambda d: f"{d.day} {_MONTHS[d.month - 1]} {d.year}"),
    (8, lambda d: f"{d.day} {_MONTHS[d.month - 1]}"),
    (6, lambda d: f"{_ordinal(d.day)} {_MONTHS[d.month - 1]}"),
    (5, lambda d: f"{_ordinal(d.day)} {_MONTHS[d.month - 1]} {d.year}"),
    (3, lambda d: f"the {_ordinal(d.day)} of {_MONTHS[d.month - 1]}"),
    (3, lambda d: f"{_ordinal(d.day)} of {_MONTHS[d.month - 1]} {d.year}"),
    (8, lambda d: f"{d.day} {_SHORT[d.month - 1]}"),
    (6, lambda d: f"{d.day} {_SHORT[d.month - 1]} {d.year}"),
    (3, lambda d: f"{d.day} {_SHORT[d.month - 1]} {d.year % 100:02}"),
    (3, lambda d: f"{d.day:02}-{_SHORT[d.month - 1]}-{d.year % 100:02}"),
    (3, lambda d: f"{_ordinal(d.day)} {_SHORT[d.month - 1]}"),
    (3, lambda d: f"{_MONTHS[d.month - 1]} {d.day}"),
    (2, lambda d: f"{_MONTHS[d.month - 1]} {_ordinal(d.day)}, {d.year}"),
    (3, lambda d: f"{_DAYS[d.weekday()]} {d.day} {_SHORT[d.month - 1]}"),
    (3, lambda d: f"{_LONG_DAYS[d.weekday()]} {d.day} {_MONTHS[d.month - 1]} {d.year}"),
    (3, lambda d: f"{_LONG_DAYS[d.weekday()]} {_ordinal(d.day)} {_MONTHS[d.month - 1]}"),
    (2, lambda d: f"{_DAYS[d.weekday()]} {d.day}/{d.month}"),
    (2, lambda d: f"{d.day}{_SHORT[d.month - 1]}{d.year % 100:02}"),
    (2, lambda d: f"{d.day:02}{d.month:02}{d.year % 100:02}"),
    (2, lambda d: f"{d.day} {_SHORT[d.month - 1]} '{d.year % 100:02}"),
)
_BIRTH = tuple((w, f) for (w, f), sample in ((pair, pair[1](date(1971, 8, 23))) for pair in FORMATS) if "71" in sample)


def choose_format(rng: Random, birth: bool = False) -> Callable[[date], str]:
    """A format by its weight; a birth date always has its year."""
    table = _BIRTH if birth else FORMATS
    return rng.choices([f for _, f in table], [w for w, _ in table])[0]


def birth_date(rng: Random) -> date:
    """A day between 1925 and 2024."""
    return date(1925, 1, 1) + timedelta(days=rng.randint(0, 36000))


def event_date(rng: Random) -> date:
    """A day between 2014 and 2026."""
    return date(2014, 1, 1) + timedelta(days=rng.randint(0, 4700))


def month_year(rng: Random, day: date) -> str:
    """Month and year of an event."""
    year = rng.choice([str(day.year), str(day.year), str(day.year), f"{day.year % 100:02}", f"'{day.year % 100:02}"])
    return rng.choice(
        [
            f"{_MONTHS[day.month - 1]} {day.year}",
            f"{_SHORT[day.month - 1]} {year}",
            f"{_MONTHS[day.month - 1]} of {day.year}",
            f"{day.month:02}/{day.year}",
        ]
    )


def day_month(rng: Random, day: date) -> str:
    """A day and month in words."""
    month = _MONTHS[day.month - 1]
    return rng.choice(
        [
            f"the {_ordinal(day.day)} of {month}",
            f"{_ordinal(day.day)} {month}",
            f"{day.day} {month}",
            f"{month} the {_ordinal(day.day)}",
            f"{month} {day.day}",
        ]
    )


def holiday(rng: Random) -> str:
    """A named day of one date."""
    return rng.choice(_HOLIDAYS)


def number_word(number: int) -> str:
    """A number below 100 in words."""
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_ONES[ones]}" if ones else "")


def age(rng: Random) -> str:
    """An adult's age."""
    years = rng.choice([rng.randint(16, 99), rng.randint(18, 60)])
    return number_word(years) if rng.random() < 0.1 else str(years)


def child_age(rng: Random) -> str:
    """A child's age in years."""
    years = rng.randint(1, 17)
    if rng.random() < 0.06:
        return rng.choice([f"{number_word(years)} and a half", f"{years} and a half", f"{years}½", f"{years} 1/2"])
    return number_word(years) if rng.random() < 0.2 else str(years)


def baby_age(rng: Random) -> str:
    """An age in weeks or months."""
    unit, most = rng.choice(
        [("weeks", 20), ("wks", 12), ("months", 23), ("mths", 23), ("mo", 20), ("days", 13), ("month old", 18), ("m", 18)]
    )
    number = rng.randint(2, most)
    return f"{number_word(number) if rng.random() < 0.15 else number}{'' if unit in {'m', 'mo'} and rng.random() < 0.5 else ' '}{unit}"
