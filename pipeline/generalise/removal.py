"""Taking a detail out together with the words that only introduced it."""

from __future__ import annotations

import re

from pipeline.domain.finding import Category
from pipeline.generalise.site import Change, Site

_LABELS = (
    r"tel(?:ephone)?|phone|mob(?:ile)?|cell|landline|ext(?:ension)?|fax|e-?mail|insta(?:gram)?|facebook|fb|snap(?:chat)?|tiktok|"
    r"twitter|whatsapp|ref(?:erence)?|case|file|client|nos?|num(?:ber)?|nhs|chi|ni|nino|national|insurance|account|acc(?:t)?|a/c|"
    r"sort|code|postcode|card|ending|crime|incident|log|prison|crn|pnc|uprn|usrn|utr|passport|licen[cs]e|driving|"
    r"reg(?:istration)?|plate|rent|tenancy|council|tax|hb|claim|journal|home|office|ho|arc|brp|share|court|mosaic|lcs|upn|uln|"
    r"id|dob|d\.o\.b|born|birth|date|dated"
)
# A label with what leads to it ("her ref is ...", "on his new mobile ..."), or a preposition alone.  Never a verb.
_CUES = re.compile(
    rf"(?:^|(?<=[\s(\[<,;]))(?:(?:(?:on|at|via|under|by|with|of)[ \t]+)?(?:(?:his|her|their|my|our|your|the|a|an)[ \t]+)?"
    rf"(?:(?:new|old|safe)[ \t]+)?(?:\b(?:{_LABELS})\b[.:#]*[ \t]*)+(?:(?:is|was|of)[ \t]+)?"
    r"|(?:on|at|via|under|to|since)[ \t]+)$",
    re.IGNORECASE,
)
_OPEN = re.compile(r"[ \t]*[(<\[][ \t]*$")
_CLOSE = re.compile(r"[ \t]*[)>\]]")
_COMMA_BEFORE = re.compile(r"[ \t]*[,;–—-][ \t]*$")
_ENDS = re.compile(r"[ \t]*(?:[,.;:)\]!?]|$|\n)")
_COMMA_AFTER = re.compile(r"[ \t]*[,;:–—-]+[ \t]*")
_SPACE_AFTER = re.compile(r"[ \t]+")


_OBJECT = re.compile(
    r"\b(?:lost|gave|give|had|has|have|used|uses|use|found|wrote|quoted?|quoting|is|was|got|get|received|took|needs?|needed|"
    r"sent|shared|knows?|knew|gives|left|saw|me|him|her|them|us|you|and|or)[ \t]+$",
    re.IGNORECASE,
)
# "He may be reached on 07700 900412 or a@b.example": without the first, nothing is left for the second to stand beside.
_REACHED_AT = re.compile(r"\b(?:on|at|via|by)[ \t]+$", re.IGNORECASE)
_OR_ANOTHER = re.compile(r"[ \t]+(?:or|and)[ \t]+(?:on[ \t]+|at[ \t]+|by[ \t]+)?\S*[\d@]")
_INSTEAD = {
    Category.PHONE: "a telephone number",
    Category.EMAIL: "an e-mail address",
    Category.ONLINE_HANDLE: "an online account",
    Category.ID_NUMBER: "a reference number",
    Category.POSTCODE: "a postcode",
}


def remove(site: Site, category: Category | None = None) -> Change:
    """The detail taken out with its label, its brackets and the comma that joined it to the sentence.

    Where nothing but a verb led to it ("she lost QQ 12 34 56 C"), words for its ``category`` keep the sentence whole.
    """
    bare, site = site, site.eat_before(_CUES)
    joined = _REACHED_AT.search(bare.before) and _OR_ANOTHER.match(bare.after)
    if category in _INSTEAD and joined:
        return bare.becomes(_INSTEAD[category])
    if site == bare and category in _INSTEAD and _OBJECT.search(site.before):
        return site.becomes(_INSTEAD[category])
    opened, closed = _OPEN.search(site.before), _CLOSE.match(site.after)
    if opened and closed:
        return site.eat_before(_OPEN).eat_after(_CLOSE).becomes("")
    if _ENDS.match(site.after):
        return site.eat_before(_COMMA_BEFORE).becomes("")
    if opened or not site.before.strip() or site.before.endswith("\n"):
        return site.eat_after(_COMMA_AFTER).eat_after(_SPACE_AFTER).becomes("")
    return site.eat_after(_SPACE_AFTER).becomes("")
