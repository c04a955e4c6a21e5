"""Numbers of people in the sentences of a return, treated like the numbers in its tables (P13)."""

from __future__ import annotations

import re

from pipeline.documents.suppression import rounded, smallest_shown

_WORDS = {w: n for n, w in enumerate(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty".split(), start=1)}
_PEOPLE = (
    r"(?:clients?|service users?|young people|young person|older people|older person|people we (?:help|support|work with)|"
    r"residents?|tenants?|carers?|refugees?|families|family|households?|beneficiar(?:y|ies)|participants?|learners?|members?)"
)
_COUNT = re.compile(
    rf"\b(?P<number>\d{{1,3}}(?:,\d{{3}})*|{'|'.join(_WORDS)})"
    rf"(?P<middle> (?:other |more |of (?:our|the) )?)(?P<people>{_PEOPLE})\b",
    re.IGNORECASE,
)
_PLURAL = {"family": "families", "young person": "young people", "older person": "older people", "beneficiary": "beneficiaries"}
_FORMER = re.compile(r"(?:\b(?:for|over|under|about|than|nearly|aged?)|[£$€])\s*$", re.IGNORECASE)


def in_prose(text: str, threshold: int, base: int) -> str:
    """The sentence with its counts of people as a table would show them: "a few clients", "about 20 young people".

    Only people whom the organisation works with are counted so; "three children" of a family are the story's own.
    """
    least = smallest_shown(threshold, base)

    def shown(match: re.Match[str]) -> str:
        written = match.group("number").lower().replace(",", "")
        count = _WORDS.get(written) or int(written)
        people = match.group("people")
        if count == 1:
            return match.group()
        if count < least:
            few = f"a few{match.group('middle')}{_plural(people)}"
            return few[0].upper() + few[1:] if match.group("number")[0].isupper() or match.start() == 0 else few
        near = rounded(count, base)
        if near == count:
            return match.group()
        about = "" if _FORMER.search(text[: match.start()]) else "about "
        return (about.capitalize() if match.start() == 0 else about) + f"{near:,}{match.group('middle')}{people}"

    return _COUNT.sub(shown, text)


def _plural(people: str) -> str:
    return _PLURAL.get(people.lower(), people)
