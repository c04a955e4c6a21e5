"""Who a person is: what the words beside a name say of role, relation and gender."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.domain.finding import Gender, Role
from pipeline.domain.story import Block, BlockKind, Story
from pipeline.names import LISTED_NAME
from pipeline.resolve.mention import Mention
from pipeline.resolve.people import Person
from pipeline.resolve.register import Lexicon

_TITLE_ROLES = {
    title: (Role.PROFESSIONAL, relation)
    for relation, titles in {
        "doctor": "dr doctor",
        "nurse": "nurse",
        "police officer": "pc wpc dc ds di dci sgt sergeant insp inspector",
        "police community support officer": "pcso",
        "judge": "judge",
        "sheriff": "sheriff",
        "registrar": "registrar",
        "councillor": "cllr councillor",
        "minister": "rev revd reverend",
        "priest": "fr father canon",
        "pastor": "pastor",
        "imam": "imam",
        "rabbi": "rabbi",
        "consultant": "prof",
    }.items()
    for title in titles.split()
}
_SIGN_OFF = re.compile(
    r"(?:regards|thanks|thank you|best wishes|yours (?:sincerely|faithfully|truly)|sincerely|cheers|signed)\W*\n[\s>]*$",
    re.IGNORECASE,
)
_HEADER = re.compile(r"^[\s>*]*(from|to|cc|sent by|author|created by|last modified by|modified by)\s*[:|]", re.IGNORECASE)
_ATTENDANCE = re.compile(
    r"^\W*(?:present|attending|attendees|attended|in attendance|apologies|staff(?: on)?|vols? on)\b", re.IGNORECASE
)
_CLIENT_LABEL = re.compile(
    r"(?:^|\n|\|)\W*(?:client|service user|su|yp|young person|name|full name|client name|patient|tenant|surname|forenames?|"
    r"first names?|known as|preferred name|re|applicant|resident|learner)\W{0,3}$",
    re.IGNORECASE,
)
_SURGERY = re.compile(r"\b(?:surgery|practice|medical|gp|health centre)\b", re.IGNORECASE)
_ADJECTIVES = (
    r"(?:(?:late|eldest|oldest|older|elder|youngest|younger|little|big|baby|twin|new|former|other|own|adult|teenage|grown-up|step|"
    r"first|second|only|our|my|his|her|their|your|the|a|retired|nice|kind|lovely|lead|senior|student|duty|then|local|"
    r"\d{1,2}-year-old)\s+){0,3}"
)
# "her three girls, Abby, Kiera and Thea", "his brothers Femi and Tunde": the word before the list says it of everybody in it.
_SEVERAL = {
    "girls": (Gender.FEMALE, "daughter"), "boys": (Gender.MALE, "son"),
    "children": (Gender.UNKNOWN, "child"), "grandchildren": (Gender.UNKNOWN, "grandchild"),
}  # fmt: skip
_NAMES = rf"(?:{LISTED_NAME}(?:, (?:and )?| and | & )){{0,5}}$"
_CALLED = re.compile(
    r"\b(?:(lady|woman|girl|lass)|(?:man|lad|boy|bloke|chap|gentleman))(?:,? (?:called|named|by the name of))\s+$", re.IGNORECASE
)
_LINE = 4_000  # characters
_PRONOUN = re.compile(r"\b(?:(she|her|hers|herself)|(he|him|his|himself))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the words beside one mention say; weight 0 means nothing."""

    role: Role = Role.OTHER
    relation: str = ""
    gender: Gender = Gender.UNKNOWN
    weight: int = 0


def judge(person: Person, story: Story, lexicon: Lexicon) -> Reading:
    """The role, relation and gender that most of a person's mentions speak for."""
    readings = [_mention_reading(one.start, one.end, one.title, story, lexicon) for one in person.mentions]
    votes: Counter[tuple[Role, str]] = Counter()
    gender = person.gender
    for reading in readings:
        if reading.weight:
            votes[(reading.role, reading.relation)] += reading.weight
        if gender is Gender.UNKNOWN:
            gender = reading.gender
    if gender is Gender.UNKNOWN:
        gender = _pronouns(person, story)
    if not votes:
        return Reading(gender=gender)
    (role, relation), weight = max(votes.items(), key=lambda item: (item[1], item[0][1] != "", item[0]))
    if not relation:
        relation = next((name for (other, name), _ in votes.most_common() if other is role and name), "")
    return Reading(role, relation, gender, weight)


def with_gender(mention: Mention, story: Story, lexicon: Lexicon) -> Mention:
    """The mention with the gender that a kin word beside it tells."""
    if mention.gender is not Gender.UNKNOWN:
        return mention
    gender = _mention_reading(mention.start, mention.end, mention.title, story, lexicon).gender
    return mention if gender is Gender.UNKNOWN else replace(mention, gender=gender)


def _mention_reading(start: int, end: int, title: str, story: Story, lexicon: Lexicon) -> Reading:
    return _read(story.text, start, end, title, _label_at(story.blocks, start), lexicon)


@lru_cache(maxsize=4096)  # each mention is read twice, and again after every click of a review
def _read(text: str, start: int, end: int, title: str, label: str, lexicon: Lexicon) -> Reading:
    before = text[max(0, start - 60) : start]
    after = text[end : end + 60].split("\n", 1)[0]
    listed = _listed(text[max(0, start - 160) : start], lexicon) if before.endswith((", ", "s ", "n ", " and ", " & ")) else None
    if listed:
        return listed
    line_before = f"{label}: " if label and not before.rsplit("\n", 1)[-1].strip() else before.rsplit("\n", 1)[-1]
    return _reading(before, after, line_before, _line(text, start), title, lexicon)


def _reading(before: str, after: str, line_before: str, line: str, title: str, lexicon: Lexicon) -> Reading:
    called = _CALLED.search(line_before)
    if called:
        return Reading(gender=Gender.FEMALE if called.group(1) else Gender.MALE)
    for reading in (
        _kin_before(line_before, lexicon),
        _kin_after(after, lexicon),
        _role_before(line_before, lexicon),
        _role_after(after, lexicon),
    ):
        if reading.weight:
            return reading
    if title in _TITLE_ROLES:
        role, relation = _TITLE_ROLES[title]
        if relation == "doctor" and _SURGERY.search(before + after):
            relation = "GP"
        return Reading(role, relation, Gender.UNKNOWN, 2)
    return _place_reading(before, line_before, line)


def _place_reading(before: str, line_before: str, line: str) -> Reading:
    """Headers, signatures, attendance lists and form labels."""
    if _CLIENT_LABEL.search("\n" + line_before):
        return Reading(Role.SERVICE_USER, "", Gender.UNKNOWN, 2)
    header = _HEADER.match(line[:400])
    if header and header.group(1).lower() not in ("to", "cc"):
        return Reading(Role.STAFF, "", Gender.UNKNOWN, 1)
    if _ATTENDANCE.match(line[:2000]) or _SIGN_OFF.search(before):
        return Reading(Role.STAFF, "", Gender.UNKNOWN, 1)
    return Reading()


def _line(text: str, start: int) -> str:
    """The beginning of the line around a position; nothing of a line that began further back than any header goes."""
    begins = text.rfind("\n", max(0, start - _LINE), start) + 1
    if not begins and start > _LINE:
        return ""
    return text[begins : begins + _LINE].split("\n", 1)[0]


@lru_cache(maxsize=4)
def _lexicon_patterns(lexicon: Lexicon) -> tuple[re.Pattern[str], ...]:
    def words(entries: Iterable[str]) -> str:
        return "|".join(re.escape(entry) for entry in sorted(entries, key=len, reverse=True))

    kin_words, role_words = words(lexicon.kin), words(lexicon.roles)
    several = words({f"{kin}s" for kin in lexicon.kin if not kin.endswith("s")} | set(_SEVERAL))
    lead = r"\s*(?:[:|=(]|[-–]\s|,|is|was|called|named|=|\()?\s*[\"'“]?$"
    return (
        re.compile(rf"(?:^|[^\w-])({kin_words})(?:'?s)?{lead}", re.IGNORECASE),
        re.compile(rf"^\s*[(,–-]\s*{_ADJECTIVES}({kin_words})\b(?!\s*(?:'|of\b|(?-i:[A-Z])))", re.IGNORECASE),
        re.compile(rf"(?:^|[^\w-])({role_words})(?:\s+on\s+duty|\s+name)?{lead}", re.IGNORECASE),
        re.compile(rf"^\s*[(,–-]\s*{_ADJECTIVES}(?:[\w'&]+\s+){{0,3}}?({role_words})\b", re.IGNORECASE),
        re.compile(rf"\b(?i:(?:(her|his|their|my|our|has|have|had)\s+(?:[\w-]+\s+){{0,3}}?)?({several})),?\s+(?:{_NAMES})"),
    )


@lru_cache(maxsize=1024)
def _listed(before: str, lexicon: Lexicon) -> Reading | None:
    """Somebody in a list of names that a word for several relatives leads: "her sons, Idris and Malik"."""
    match = _lexicon_patterns(lexicon)[4].search(before)
    if match is None:
        return None
    whose, word = match.group(1), match.group(2).lower()
    gender, relation = _SEVERAL.get(word) or lexicon.kin.get(word) or lexicon.kin[word.removesuffix("s")]
    if word in _SEVERAL and not whose:
        return Reading(gender=gender)  # "two girls from the class, Abby and Thea" are nobody's daughters
    return Reading(Role.RELATIVE, relation, gender, 3)


def _kin_before(before: str, lexicon: Lexicon) -> Reading:
    match = _lexicon_patterns(lexicon)[0].search(before)
    return _kin(match, lexicon, 3)


def _kin_after(after: str, lexicon: Lexicon) -> Reading:
    match = _lexicon_patterns(lexicon)[1].match(after)
    return _kin(match, lexicon, 3)


def _kin(match: re.Match[str] | None, lexicon: Lexicon, weight: int) -> Reading:
    if match is None:
        return Reading()
    gender, relation = lexicon.kin[match.group(1).lower()]
    return Reading(Role.RELATIVE, relation, gender, weight)


def _role_before(before: str, lexicon: Lexicon) -> Reading:
    match = _lexicon_patterns(lexicon)[2].search(before)
    return _role(match, lexicon, 3)


def _role_after(after: str, lexicon: Lexicon) -> Reading:
    match = _lexicon_patterns(lexicon)[3].match(after)
    return _role(match, lexicon, 3)


def _role(match: re.Match[str] | None, lexicon: Lexicon, weight: int) -> Reading:
    if match is None:
        return Reading()
    role, relation = lexicon.roles[match.group(1).lower()]
    return Reading(role, relation if role is not Role.SERVICE_USER else "", Gender.UNKNOWN, weight)


def _label_at(blocks: Sequence[Block], start: int) -> str:
    index = bisect_right(blocks, start, key=lambda block: block.start) - 1
    if index < 0 or not blocks[index].start <= start < blocks[index].end:
        return ""
    return blocks[index].label if blocks[index].kind in (BlockKind.FIELD, BlockKind.METADATA) else ""


def _pronouns(person: Person, story: Story) -> Gender:
    """The pronouns that follow in the same sentence or the next, when they agree."""
    votes: Counter[Gender] = Counter()
    for mention in person.mentions:
        gender = _pronoun_after(story.text, mention.end)
        if gender is not Gender.UNKNOWN:
            votes[gender] += 1
    if not votes:
        return Gender.UNKNOWN
    (gender, most), rest = votes.most_common()[0], sum(votes.values())
    return gender if most * 3 >= rest * 2 else Gender.UNKNOWN


@lru_cache(maxsize=4096)
def _pronoun_after(text: str, end: int) -> Gender:
    following = re.split(r"\n|(?<=[.!?])\s", text[end : end + 160])
    match = _PRONOUN.search(" ".join(following[:2]))
    if match is None:
        return Gender.UNKNOWN
    return Gender.FEMALE if match.group(1) else Gender.MALE
