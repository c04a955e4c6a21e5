"""People who are not the service user: told by what they are to the story, "her son", "the support worker"."""

from __future__ import annotations

import re

from pipeline.domain.finding import Entity, Gender, Role
from pipeline.generalise.phrasebook import Phrasebook
from pipeline.generalise.site import Change, Site
from pipeline.names import LISTED_NAME

POSSESSIVE = {Gender.FEMALE: "her", Gender.MALE: "his", Gender.UNKNOWN: "their"}
_LAST_WORD = re.compile(r"([\w-]+)('s|’s)?(?P<comma>,)?\s*(?:[(\"“‘'](?=$))?$")
_CALLED = re.compile(r"[,\s]*\b(?:called|named|known as|by the name of)\s+$", re.IGNORECASE)
_NAME_WAS = re.compile(r"\bname(?:['’]s| is| was)\s+$", re.IGNORECASE)
_OWNER = re.compile(r"\b(my|our|her|his|their)\s+(?:[\w-]+\s+){0,2}[\w-]+,?\s*$", re.IGNORECASE)
_OWNER_OF_LIST = re.compile(r"\b(my|our|her|his|their)\s+(?:[\w-]+\s+){0,3}$", re.IGNORECASE)
_COMMAS = re.compile(r"\s*,\s*$")
_COMMA = re.compile(r"\s*,(?=\s)")
_SPACE = re.compile(r"\s+$")
# A role that opens its sentence, or stands right after a verb or preposition that lets no bare noun follow.
_LEADING = (
    r"(?:^|[.!?]\s+|\n\s*(?:[-*•]\s+)?|"
    r"\b(?:by|with|from|to|rang|saw|met|told|asked|and|via|spoke|emailed|phoned|called|that|when)\s+)"
)
_ALONE = tuple(re.compile(rf"{_LEADING}(?P<noun>[A-Za-z][a-z-]+(?: [a-z-]+){{{more}}})\s+$") for more in range(3))
_FAMILIAR = frozenset(
    "mum mam mummy mom dad daddy nan nana nanna gran granny grandma grandad granddad biji auntie uncle aunty".split()
)
_FUNCTION_WORDS = frozenset(
    """the a an his her their our my your this that its another each one two both all no when while after because as if so then
    and but or with for from to in on at by of since until before where who which said told asked rang is was has had
    not""".split()
)
# "her three girls, Abby, Kiera and Thea": the list goes, the word that leads it says enough.
_JOINS = r"(?:, (?:and |& )?| (?:and|&) )"
_LISTED = re.compile(
    rf"\b(?i:girls|boys|children|grandchildren|twins|(?:grand|step)?(?:sons|daughters)|kids|brothers|sisters|cousins|aunts|uncles)"
    rf"(?P<gap>,? )(?:{LISTED_NAME}{_JOINS}){{0,5}}$"
)
_JOIN_BEFORE, _NAMED_NEXT = re.compile(rf"(?:{_JOINS}| )$"), re.compile(rf"{_JOINS}[A-Z]")
_OPEN, _CLOSE = re.compile(r"\s*[(\[]\s*$"), re.compile(r"\s*[)\]]")
_A_ROLE = r",\s+(?:the|a|an|our|her|his|their|my)\s+(?P<role>[\w -]{3,30})"
_ROLE_BEHIND, _ROLE_AT_END = (re.compile(rf"{_A_ROLE}(?=[{ends}])", re.IGNORECASE) for ends in (",.;", ".;"))
_COMMA_SPACE = re.compile(r",\s+")
_TITLE_WORD = re.compile(r"^\W*([A-Za-z]+)\.?\s")


def tell_role(site: Site, entity: Entity, owner: str, book: Phrasebook, again: bool, label: str = "") -> Change:
    """A name taken out where the words around it already say who is meant, else replaced by those words.

    ``owner`` is the possessive that a relative takes ("her", "my"), ``label`` what somebody is called of whom nothing else
    can be said ("Person B").
    """
    listed = _LISTED.search(site.before)
    if listed:
        gone = site.eat_before(_JOIN_BEFORE)
        ends = listed.group("gap") == ", " and not _NAMED_NEXT.match(site.after)
        return (gone.eat_after(_COMMA) if ends else gone).becomes("")
    called = site.eat_before(_CALLED)
    if called != site:
        return called.becomes("")
    if _NAME_WAS.search(site.before):
        return site.eat_after(_ROLE_AT_END).becomes("kept private")
    role_behind = _ROLE_BEHIND.match(site.after)
    if role_behind and site.end + role_behind.end() > site.right:
        role_behind = None  # "a bus driver of 33": what stands in it has a change of its own
    if role_behind and any(word in book.work or word in book.kin for word in role_behind.group("role").lower().split()):
        # "even Manjit, his wife, did the post": the name goes, and with it both commas of what she is called.
        role = site.eat_after(_COMMA_SPACE).eat_after(re.compile(re.escape(role_behind.group()[2:].strip()))).eat_after(_COMMA)
        return site.eat_after(_COMMA_SPACE).becomes("") if role.end == site.end else role.becomes(_role_of(role_behind))
    word = _word_before(site)
    if word and (word in book.kin or word.replace("-", "") in book.kin or word in book.work):
        return _bare(site, owner, word, book) or _drop(site)
    opened, closed = _OPEN.search(site.before), _CLOSE.match(site.after)
    if opened and closed and entity.role in (Role.STAFF, Role.PROFESSIONAL):
        return site.eat_before(_OPEN).eat_after(_CLOSE).becomes("")
    return site.becomes(describe(entity, owner, site.surface, book, again) or label or "another person")


def owner_named(site: Site) -> str:
    """The possessive just before a name ("my husband Vernon"), lower case, or empty."""
    listed = _LISTED.search(site.before)
    match = _OWNER_OF_LIST.search(site.before, 0, listed.start()) if listed else _OWNER.search(site.before)
    return match.group(1).lower() if match else ""


def kin_before(site: Site, book: Phrasebook) -> bool:
    """True right after a word for a relative: "her daughter Jemima"."""
    word = _word_before(site)
    return word in book.kin or word.replace("-", "") in book.kin


def _word_before(site: Site) -> str:
    match = _LAST_WORD.search(site.before)
    return match.group(1).lower() if match and not match.group(2) else ""


def _role_of(role_behind: re.Match[str]) -> str:
    return role_behind.group()[1:].strip()


def _bare(site: Site, owner: str, word: str, book: Phrasebook) -> Change | None:
    """The word before a name with the article that only the name made needless: "Outreach worker Gwen went" -> "The ...".

    ``None`` where it has one, or is what a family says ("Mum", "Nan").
    """
    if word in _FAMILIAR or _COMMAS.search(site.before):
        return None
    nouns = (m.group("noun") for alone in _ALONE if (m := alone.search(site.before)))
    noun = next((noun for noun in nouns if not _FUNCTION_WORDS & set(noun.lower().split())), None)
    if noun is None:
        return None
    kin = word in book.kin or word.replace("-", "") in book.kin
    written = re.compile(rf"{re.escape(noun)}\s+$")
    noun = noun if noun.split()[0].isupper() and len(noun.split()[0]) > 1 else noun[:1].lower() + noun[1:]
    return site.eat_before(written).becomes(f"{owner if kin else 'the'} {noun}")


def _drop(site: Site) -> Change:
    """Without the name; an apposition ("our adviser, Tariq, went") loses both its commas."""
    comma = _COMMAS.search(site.before)
    if comma:
        return site.eat_before(_COMMAS).eat_after(_COMMA).becomes("")
    return site.eat_before(_SPACE).becomes("")


def describe(entity: Entity, owner: str, surface: str, book: Phrasebook, again: bool) -> str:
    """What the person is to the story, with the article or possessive that a first or later mention takes; else empty."""
    relation = entity.relation or _from_title(surface, book)
    if entity.role is Role.RELATIVE or relation in book.kin:
        return f"{owner} {relation or 'relative'}"
    if entity.role is Role.STAFF:
        relation = relation or "support worker"
        return f"{'the' if again else _article(relation)} {relation}"
    if entity.role is Role.PROFESSIONAL:
        relation = relation or "professional"
        return f"{'the' if again else _article(relation)} {relation}"
    if relation:
        return f"{'the' if again else _article(relation)} {relation}"
    return ""


def _from_title(surface: str, book: Phrasebook) -> str:
    match = _TITLE_WORD.match(surface)
    return book.titles.get(match.group(1).lower(), "") if match else ""


def _article(noun: str) -> str:
    sounds_vowel = noun[:1].lower() in "aeio" or (noun.lower().startswith(("um", "un")) and not noun.lower().startswith("uni"))
    return "an" if sounds_vowel or noun in {"IDVA", "ISVA", "SW"} else "a"
