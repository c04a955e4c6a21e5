"""Ages: told as decades of a life, top-coded at 85, and for children as "young" or "teenage"."""

from __future__ import annotations

import re

from pipeline.domain.finding import Gender
from pipeline.generalise.people import POSSESSIVE
from pipeline.generalise.removal import remove
from pipeline.generalise.site import Change, Site
from pipeline.generalise.softening import AGE_STEPS

_UNITS = {
    w: i
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
}
_TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_DECADES = {value: word[:-1] + "ies" for word, value in _TENS.items()}
_AGED = re.compile(r"\b(?:aged?|is aged|the age of|age of)\s*:?\s*$", re.IGNORECASE)
_YEAR_OLD = re.compile(r"[-\s]*(?:years?|yrs?|yr)[-\s]*olds?\b|[-\s]*(?:yo|y/o)\b", re.IGNORECASE)
_YEARS = re.compile(r"[-\s]*(?:years?|yrs?|y)\b(?!\s*(?:ago|later|in|of))", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:a|an)\s+$", re.IGNORECASE)
_SPOKEN_OF = re.compile(r"\b(i|she|he|they)(?:'m|’m|'s|’s|\s+(?:am|is|was|are|were))\b[^.;,]{0,40}$", re.IGNORECASE)
_OWN = {"i": "my", "she": "her", "he": "his", "they": "their"}
_AT, _OF = re.compile(r"\bat\s+$", re.IGNORECASE), re.compile(r"\bof\s+$", re.IGNORECASE)
_ABOUT = re.compile(r"\b(?:about|abt\.?|around|approx(?:imately)?\.?|nearly|almost|just|only|roughly|c\.?)\s+$", re.IGNORECASE)
_IS = re.compile(r"(?:['’](?:m|s|re)|\b(?:is|was|am|are|were))\s+$", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?=[a-z])")
_STOP = re.compile(r"\s*[.;!]")
_SHE_IS = re.compile(r"(?:(?<=[.!?] )|(?<=\n)|^)(?:[Hh]e|[Ss]he|[Tt]hey|I)(?:['’](?:m|s|re)|\s+(?:is|was|am|are|were))\s+$")
_GOES_ON = re.compile(r"\s*,\s+(he|she|they|I|we)\b")
_ONLY_WHO = re.compile(  # "He is", "Mary Lorne was": who, and nothing else, since the last full stop
    r"(?:(?<=[.!?;] )|(?<=\n)|^)[\"“]?[\w'’-]+(?:\s+[\w'’-]+){0,2}?(?:['’](?:m|s|re)|\s+(?:is|was|am|are|were))\s+$",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
# "a neighbour (No. 8)", "weighed 6lb 11", "scored 11": figures that were found as ages and are none are not told as one.
_NUMBERS = re.compile(r"\b(?:no|nos|number|flat|house|unit|room|bed|bay|ward)\.?\s*$", re.IGNORECASE)
# "3 wks on a sofa" is how long something lasted.
_UNIT = re.compile(r"\d\s*(m|w|d)(?:onths?|ths?|th|eeks?|ks?|ays?)?s?$", re.IGNORECASE)
_LASTS = re.compile(r"\s+(?:on|in|at|without|behind|waiting|homeless|clean|sober|off|of (?!age))\b")
_LENGTHS = {"m": "months", "w": "weeks", "d": "days"}
_AMOUNT = re.compile(
    r"\b(?:cut|reduced|dropped|rose|fell|increased|risen|fallen|doubled|capped|limited)(?: down| up)? (?:to|from|by)\s+$"
)
_TO = re.compile(r"\s+(?:to|from|by)\s+$")
_DIFFERENCE = re.compile(r"\s+(?:years?|yrs?|months?) (?:younger|older)\b", re.IGNORECASE)
_TENS_BEFORE = re.compile(rf"\b(?:{'|'.join(_TENS)})-$", re.IGNORECASE)
_SEVERAL = re.compile(r"\b(?:children|twins|triplets|sons|daughters|boys|girls|kids|grandchildren)\s*\($", re.IGNORECASE)
# "19 young people housed.  17 still in their tenancy": how many, not how old.
_PEOPLE = (
    r"(?:[a-z]+ ){0,2}(?:people|adults|children|families|households|clients|members|residents|tenants|volunteers|women|men|"
    r"carers|pupils|students|of (?:them|those|these|whom|the \w+s))\b"
)
_PEOPLE_AFTER, _PEOPLE_BEFORE = re.compile(rf"\s+{_PEOPLE}"), re.compile(rf"\d\s+{_PEOPLE}[^\n]*[.!?]\s+$")
_SCHOOL_YEAR, _IN_YEAR = re.compile(r"y(?:ea)?r\.?\s?\d{1,2}", re.IGNORECASE), re.compile(r"\b(?:in|into) $", re.IGNORECASE)
_MONTHS_OLD = re.compile(r"month|mth|week|wk|day|\bm\b", re.IGNORECASE)


def school(site: Site, step: int = 0) -> Change:
    """A school year told as the kind of school: "in Year 10" as "at secondary school"."""
    year = int(re.sub(r"\D", "", site.surface))
    kind = "school" if step else "primary school" if year < 7 else "secondary school"
    if step == AGE_STEPS:
        return remove(site)
    if _ARTICLE.search(site.before) and re.match(r" [a-z]", site.after):
        return site.becomes(kind)
    return site.eat_before(_IN_YEAR).becomes(f"at {kind}")


def read_age(surface: str) -> int | None:
    """Whole years, 0 for an age in months or weeks; ``None`` when no number can be read."""
    if _MONTHS_OLD.search(surface):
        return 0
    digits = re.search(r"\d{1,3}", surface)
    if digits:
        return int(digits.group())
    words = re.findall(r"[a-z]+", surface.lower())
    total, found = 0, False
    for word in words:
        if word in _TENS or word in _UNITS:
            total, found = total + _TENS.get(word, _UNITS.get(word, 0)), True
    return total if found else None


def band(age: int, possessive: str, step: int = 0) -> str:
    """Words that follow "is": "in her forties", "a teenager"; the higher the step, the more people they fit."""
    if step:
        return _wide_band(age)
    if age < 13:
        return "a young child"
    if age < 18:
        return "a teenager"
    if age < 20:
        return f"in {possessive} late teens"
    if age >= 85:
        return "over 85"
    return f"in {possessive} {_DECADES[age // 10 * 10]}"


def _wide_band(age: int) -> str:
    if age < 18:
        return "under eighteen"
    return "in later life" if age >= 65 else "in middle life" if age >= 40 else "in early adult life"


def adjective(age: int, step: int = 0) -> str:
    """The same before a noun: "young", "teenage", "forty-something"; empty when a step leaves nothing to say."""
    if step:
        return "" if step == AGE_STEPS or 18 <= age < 65 else "young" if age < 18 else "older"
    if age < 13:
        return "young"
    if age < 18:
        return "teenage"
    if age < 30:
        return "young"
    if age >= 65:
        return "older"
    return f"{next(word for word, value in _TENS.items() if value == age // 10 * 10)}-something"


def generalise_age(site: Site, gender: Gender, step: int = 0) -> Change:
    """An age told as a band, the wider the higher the step; a surface that holds no number becomes "an adult", a count stays."""
    if _NUMBERS.search(site.before):
        return remove(site.eat_before(_NUMBERS))
    if site.surface.isdigit() and (_PEOPLE_AFTER.match(site.after) or _PEOPLE_BEFORE.search(site.before)):
        return site.becomes(site.surface)
    if _SCHOOL_YEAR.fullmatch(site.surface):
        return school(site, step)
    unit = _UNIT.search(site.surface)
    if unit and _LASTS.match(site.after):
        return site.becomes(f"some {_LENGTHS[unit.group(1)[0].lower()]}")
    if _AMOUNT.search(site.before):
        return site.eat_before(_TO).becomes("")
    if _DIFFERENCE.match(site.after):
        return site.eat_before(_TENS_BEFORE).eat_after(_SPACE).becomes("")
    site = site.eat_before(_TENS_BEFORE)
    age = read_age(site.surface)
    whole = site.eat_after(_YEAR_OLD)
    if age is None:
        return site.becomes("of adult age")
    if _ARTICLE.search(site.before) and re.match(r"[-\s]*\w", whole.after) and (whole.end > site.end or "old" in site.surface):
        article = whole.eat_before(_ARTICLE)
        word = adjective(age, step)
        if not word:
            return whole.eat_after(_SPACE).becomes("")
        return article.becomes(f"{'an' if word[0] in 'aeiou' else 'a'} {word}")
    several = _SEVERAL.search(site.before)
    if several and age < 18 and step == 0:
        return whole.becomes("young children" if age < 13 else "teenagers")
    site = whole.eat_after(_YEARS).eat_before(_ABOUT).eat_before(_AGED)
    spoken = _SPOKEN_OF.search(site.before)
    words = band(age, _OWN[spoken.group(1).lower()] if spoken else POSSESSIVE[gender], step)
    if step == AGE_STEPS:
        return _untold(site, age)
    if _AT.search(site.before):
        return site.eat_before(_AT).becomes(_after_at(words, age))
    return (site.eat_before(_OF) if words.startswith(("in ", "of ", "under ")) else site).becomes(words)


def _untold(site: Site, age: int) -> Change:
    """Nothing of the age: "he is 44 and lives alone" lives alone, "he is 44." goes, ", 44," is a gap that closes."""
    if not _IS.search(site.before):
        return remove(site.eat_before(_AT))
    if _AND.match(site.after):
        return site.eat_before(_IS).eat_after(_AND).becomes("")
    goes_on = _GOES_ON.match(site.after)
    if goes_on and _SHE_IS.search(site.before):
        return site.eat_before(_SHE_IS).eat_after(_GOES_ON).becomes(goes_on.group(1).capitalize())
    if _STOP.match(site.after) and _ONLY_WHO.search(site.before):
        return site.eat_before(_ONLY_WHO).eat_after(_STOP).becomes("")
    return site.becomes("an adult" if age >= 18 else "under eighteen")


def _after_at(words: str, age: int) -> str:
    if words.startswith(("in ", "of ")):
        return words
    return f"aged {words}" if age >= 85 or words.startswith("under") else f"as {words}"
