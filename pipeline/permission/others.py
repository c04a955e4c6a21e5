"""Other people in a story need their own permission; naming the subject must not name them by the way (P9, E14).

Whoever knows the subject's full name finds their husband, their mother, the people they live with.  So a story that tells
of somebody who belongs to the subject, and who gave no permission of their own, tells the subject by first name at most.
Where it says something of that person that can do them harm (offence, addiction, mental illness, orientation, immigration),
or tells of a child's or sibling's illness, the subject is anonymised.  Workers, other agencies and friends are told by what
they are, and a name says nothing of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.domain.client import Client
from pipeline.domain.finding import Category, Entity, Finding, Resolution, Role
from pipeline.domain.permission import IdentityLevel, Judgement, Verdict
from pipeline.permission.words import names_agree, words

REASON = "third_party_no_consent"
_STIGMA_KINDS = frozenset({"OFFENCE", "ORIENTATION", "IMMIGRATION"})
_KIN = (
    r"(?:step-?|half-?|foster-?|grand-?|great-?|god-?|ex-?)?(?:mothers?|mums?|mam|mummy|fathers?|dads?|daddy|sons?|daughters?|"
    r"brothers?|sisters?|child(?:ren)?|parents?)(?:[- ]in[- ]law)?|(?:ex-?|ex )?(?:husband|hubby|husb|wife|partner|spouse|"
    r"boyfriend|girlfriend|fianc[eé]e?)s?|exe?s?|nans?|nana|nanna|gran(?:s|ny|nie|dad|ddad|dma|dpa)?|aunt(?:s|ie|y)?|uncles?|"
    r"cousins?|nieces?|nephews?|twins?|siblings?|bab(?:y|ies)|toddlers?|kids?|boys|girls|lads|little (?:ones?|boys?|girls?)|"
    r"in-laws|foster[- ]?(?:carer|parent)s?|guardian|"
    r"(?:house|flat|room)[- ]?mates?|lodgers?|next[- ]door neighbours?|neighbours? (?:next door|upstairs|downstairs|below|above)"
)
_LINK = r"(?:(?!(?:an?|the|as|of|for|with|and|or|to|in|at|on|by|from|is|was|has|had|that|who|like)\b)[\w'’-]+\s+){0,3}"
_NOT_KIN = (
    r"(?!['’]s (?:cent|service|team|group|club|home\b|hospital|ward|library|day\b|society|charit)"
    r"|s['’] (?:group|club|cent|service|forum)"
    r"|[ -](?:tongue|and[ -]|organisation|agenc|charit|bank|council|project|group|shower|clinic|benefit|tax)|-friendly)"
)
_BELONGS = re.compile(
    rf"\b(?:my|her|his|their)\s+{_LINK}(?P<owned>{_KIN})\b{_NOT_KIN}"
    rf"|\bour\s+{_LINK}(?!partners?\b)(?P<ours>{_KIN})\b{_NOT_KIN}"
    rf"|(?<![\w'’-])(?P<bare>mum|mam|dad|nan|gran|grandma|grandad|hubby)\b{_NOT_KIN}(?!s\b)"
    r"|\b(?P<parent>mother|mum|mam|father|dad|parent|grandmother|gran|nan|grandfather|grandad|guardian)[- ](?:of|to)[- ]"
    r"(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|\d+|twins|triplets|the|young|small)\b"
    r"|\b(?:single|lone|new|young) (?P<single>mum|mam|mother|dad|father|parent)\b"
    r"|\bthe (?P<house>kids|children|twins|baby|little ones|boys|girls|toddler|couple)\b(?!['’])" + _NOT_KIN +
    r"|\b(?P<wed>married to|widow of|widower of|divorced from|engaged to)\b",
    re.IGNORECASE,
)
_SAME = {"mum": "mother", "mam": "mother", "mummy": "mother", "dad": "father", "daddy": "father", "hubby": "husband",
         "nan": "grandmother", "gran": "grandmother", "grandma": "grandmother", "grandad": "grandfather"}  # fmt: skip
_THEIRS = re.compile(r"(?:['’]s|,? who|,? is|,? was|,? has|,? had|,? with|,? being|,)?\s*(?:[\w-]+\s+){0,4}$", re.IGNORECASE)
_OTHERS_TURN = re.compile(
    r"\b(?:she|he|i|we|they|me|him|helps?|helped|visits?|supports?|supported|with her|with his|and)\b", re.IGNORECASE
)
_NEAR = 60
# Words that detection may leave alone because they identify nobody: said of a relative they are protected all the same.
_ILLNESS = re.compile(
    r"\b(?:disab\w+|autis\w+|adhd|asperger\w*|epilep\w+|dementia|alzheimer\w*|cancer|tumou?r|leukaemia|stroke|parkinson\w*|"
    r"diabet\w+|asthma\w*|cerebral palsy|down.s syndrome|sickle cell|copd|crohn.s|arthritis|sclerosis|anxiety|"
    r"learning difficult\w+|special needs|deaf|blind|wheelchair|illness|disease|disorder|syndrome|ill)\b",
    re.IGNORECASE,
)
_STIGMA = re.compile(
    r"\b(?:hiv|hepatitis|depress(?:ion|ed)|bipolar|schizo\w+|psychosis|psychotic|anorexi\w+|bulimi\w+|sectioned|mental health|"
    r"addict\w*|alcohol\w*|drink problem|drugs?|heroin|miscarriage|pregnan\w+|prison|jail|convicted|arrested|offen[cd]\w+|"
    r"probation|gay|lesbian|bisexual|transgender|trans|asylum|refugee|deport\w+|undocumented|overstay\w*)\b",
    re.IGNORECASE,
)
_CHILD = re.compile(r"son|daughter|child|kid|bab|toddler|twin|boy|girl|little|lads|niece|nephew|brother|sister", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place ``[start, end)`` where a story tells of somebody who belongs to the subject."""

    start: int
    end: int


def spare_others(
    judgement: Judgement,
    text: str,
    spans: Sequence[tuple[int, int]],
    resolution: Resolution,
    client: Client | None,
    agreed: frozenset[str] = frozenset(),
) -> Judgement:
    """The judgement, narrowed where naming the subject in ``spans`` of ``text`` would name somebody who gave no permission.

    ``agreed`` are the entities of people who gave their own.  Only ever narrower: full name to first name, or to none
    where something that can harm is said of the other person; a photo goes too, for it names as well as a surname does.
    """
    if judgement.verdict is not Verdict.IDENTIFY:
        return judgement
    exposed = [one for one in exposing(text, resolution, client, agreed) if any(a <= one.start < b for a, b in spans)]
    if not exposed:
        return judgement
    if any(_says_protected(text, one, resolution.findings) for one in exposed):
        return replace(
            judgement, verdict=Verdict.ANONYMISE, reason=REASON, identity_level=IdentityLevel.ANONYMOUS, photo=False,
            excluded_topics=(),
        )
    if judgement.identity_level is IdentityLevel.FULL_NAME:
        return replace(judgement, reason=REASON, identity_level=IdentityLevel.FIRST_NAME, photo=False)
    return replace(judgement, photo=False)


def exposing(
    text: str, resolution: Resolution, client: Client | None, agreed: frozenset[str] = frozenset()
) -> Iterator[Mention]:
    """Where the story tells of a relative or somebody of the subject's household, but for those who ``agreed``."""
    theirs = {one.entity_id: one for one in resolution.entities if belongs(one, client)}
    for finding in resolution.findings:
        if finding.entity in theirs and finding.entity not in agreed:
            yield Mention(finding.start, finding.end)
    covered = {_plain(one.relation) for key, one in theirs.items() if key in agreed and one.relation}
    covered -= {_plain(one.relation) for key, one in theirs.items() if key not in agreed}
    agreed_at = {f.start for f in resolution.findings if f.entity in agreed}
    for match in _BELONGS.finditer(text):
        kin = next((word for word in match.groupdict().values() if word), "")
        named = any(match.end() <= at <= match.end() + 2 for at in agreed_at)
        if not named and _plain(kin) not in covered:
            yield Mention(match.start(), match.end())


def belongs(entity: Entity, client: Client | None) -> bool:
    """True for a person whom the story calls a relative, or who bears the subject's surname."""
    if entity.category is not Category.PERSON or entity.subject or entity.role in (Role.STAFF, Role.PROFESSIONAL):
        return False
    if entity.role is Role.RELATIVE:
        return True
    surname = _surname(client.full_name) if client else ""
    return bool(surname) and any(len(name := words(one).split()) > 1 and name[-1] == surname for one in entity.surfaces)


def full_name(entity: Entity, client: Client | None) -> str:
    """The fullest wording of somebody's name; empty when it could be the subject's own or is one word only."""
    name = entity.surfaces[0] if entity.surfaces else ""
    return "" if len(name.split()) < 2 or (client is not None and names_agree(name, client)) else name


def _surname(name: str) -> str:
    before, comma, _ = name.partition(",")
    said = words(before if comma else name).split()
    return said[-1] if said else ""


def _plain(kin: str) -> str:
    said = words(kin)
    return _SAME.get(said, said)


def _says_protected(text: str, mention: Mention, findings: Sequence[Finding]) -> bool:
    """True when something that can harm a person, or a child's illness, is said of them: "her autistic son"."""
    reach = text[mention.start : mention.end + _NEAR]
    child = bool(_CHILD.search(text[mention.start : mention.end]))
    patterns = (_STIGMA, _ILLNESS) if child else (_STIGMA,)
    kinds = _STIGMA_KINDS | {"CONDITION"} if child else _STIGMA_KINDS
    places = [mention.start + match.start() for pattern in patterns for match in pattern.finditer(reach)]
    places += [f.start for f in findings if f.category is Category.INDIRECT and f.kind in kinds]
    return any(_said_of(text, mention, at) for at in places)


def _said_of(text: str, mention: Mention, at: int) -> bool:
    if mention.start <= at < mention.end:
        return True
    between = text[mention.end : at]
    if not 0 <= at - mention.end <= _NEAR or re.search(r"[.;!?\n]", between):
        return False
    return bool(_THEIRS.fullmatch(between)) and not _OTHERS_TURN.search(between)
