"""Whose words a quotation holds: the service user's own, somebody else's, or nobody can say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Entity, Gender, Role
from pipeline.reported import Speaker

_QUOTED = re.compile(r"[\"“][^\"”]*(?:[\"”]|$)")
_SAYING = r"(?:say|said|add|laugh|explain|recall|remember|tell|told|wrote|write|smile|whisper|joke|put)\w*"
_PRONOUN = re.compile(
    rf"\b(?P<first>she|he|they)\b(?:['’]s|['’]d)?(?: \w+)? {_SAYING}|{_SAYING} (?P<second>she|he|they)\b", re.IGNORECASE
)
_ROLE = (
    r"(?:mum|mam|mummy|mother|dad|daddy|father|husband|wife|partner|son|daughter|brother|sister|nan|gran|grandmother|grandad|"
    r"aunt|uncle|carer|neighbour|friend|landlord|landlady|worker|adviser|advisor|volunteer|mentor|nurse|doctor|gp|teacher|head|"
    r"officer|manager|judge|solicitor|counsellor|midwife|coach|tutor|trainer|councillor|warden|caseworker|keyworker|befriender)"
)
_OTHER = re.compile(rf"\b{_ROLE}s?\b", re.IGNORECASE)
_OF = {"she": Gender.FEMALE, "he": Gender.MALE}
PRONOUNS = {Gender.FEMALE: "she", Gender.MALE: "he", Gender.UNKNOWN: "they"}
_PRONOUN_ONLY = re.compile(r"she|he|they", re.IGNORECASE)
_NEAR = 600
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’)]*\s+|\n+")


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks in a quotation: ``own`` when it is the service user; ``speaker`` where only the reader would know."""

    own: bool
    speaker: Speaker | None = None


class Speakers:
    """The people of one story, as far as their words are told; ``testimony`` when the service user tells all of it."""

    def __init__(self, text: str, decisions: Sequence[Decision], people: Sequence[Entity], testimony: bool = False) -> None:
        self.text, self.testimony = text, testimony
        self.named = [d for d in decisions if d.finding.category is Category.PERSON]
        self.people = {entity.entity_id: entity for entity in people}
        self.user = next((e for e in people if e.category is Category.PERSON and e.subject), None) or self._most_named()

    def _most_named(self) -> Entity | None:
        """Where no client was matched: the service user who is named most, and nobody where two are named alike."""
        counts = Counter(self._who(d) for d in self.named)
        for role in (Role.SERVICE_USER, Role.OTHER):
            alike = [e for e in self.people.values() if e.category is Category.PERSON and e.role is role and not e.relation]
            ranked = sorted(((counts[e.entity_id], e.entity_id) for e in alike), reverse=True)
            if ranked:
                return self.people[ranked[0][1]] if len(ranked) == 1 or ranked[0][0] > ranked[1][0] else None
        return None

    def voice(self, start: int, end: int) -> Voice:
        """Whose words ``text[start:end]`` quotes, from who is named beside them, and from who was spoken of before."""
        if self.testimony or not self.people:
            return Voice(True, self._themselves())
        quotes = [(start + m.start(), start + m.end()) for m in _QUOTED.finditer(self.text[start:end])]
        beside = _QUOTED.sub(" ", self.text[start:end])
        named = {self._who(d) for d in self.named if start <= d.finding.start < end and not _within(d.finding.start, quotes)}
        if named:
            own = named == {self._user_id()}
            return Voice(own, self._themselves() if own else None)
        pronoun = _PRONOUN.search(beside)
        if pronoun:
            return Voice(self._is_user(start, (pronoun.group("first") or pronoun.group("second")).lower()))
        if _OTHER.search(beside):
            return Voice(False)
        return self._unsaid(start)

    def _unsaid(self, start: int) -> Voice:
        """Words that nobody is said to have spoken are those of whoever spoke before them in the paragraph.

        Without that they are the service user's, where the last sentence that is about anybody is about nobody else.
        """
        low = self.text.rfind("\n", 0, start) + 1
        if _QUOTED.search(self.text, low, start):
            own = self.voice(low, start).own
            return Voice(own, self._themselves() if own else None)
        for first, last in self._sentences(low, start):
            named = {self._who(d) for d in self.named if first <= d.finding.start < last}
            if named or _OTHER.search(self.text, first, last):
                own = named == {self._user_id()} and not _OTHER.search(self.text, first, last)
                return Voice(own, self._themselves() if own else None)
        return Voice(True, self._themselves())

    def _sentences(self, low: int, high: int) -> list[tuple[int, int]]:
        """The sentences between two places, the last first."""
        return list(reversed(list(pairwise([low, *(m.end() for m in _SENTENCE.finditer(self.text, low, high)), high]))))

    def _is_user(self, start: int, pronoun: str) -> bool:
        """Whether "she" is the service user: nobody else whom it fits was spoken of since they were."""
        gender = self.user.gender if self.user else Gender.UNKNOWN
        if gender is not Gender.UNKNOWN and gender is not _OF.get(pronoun, gender):
            return False
        low = max(0, start - _NEAR)
        for first, last in self._sentences(low, start):
            found = {self._who(d) for d in self.named if first <= d.finding.start < last}
            if self._user_id() in found:
                return True
            if found and self._goes_on(found, first, last, pronoun):
                continue
            if any(self._fits(who, pronoun) for who in found) or re.match(
                rf"\s*(?:\w+ ){{0,2}}{_ROLE}\b", self.text[first:last], re.I
            ):
                return False
        return True

    def _goes_on(self, found: set[str], first: int, last: int, pronoun: str) -> bool:
        """True where "she" opens a sentence or its clause before somebody of no known gender is named in it."""
        if any(self.people[who].gender is not Gender.UNKNOWN for who in found if who in self.people):
            return False
        at = min(d.finding.start for d in self.named if first <= d.finding.start < last)
        return bool(re.search(rf"(?:^|[.!?,;]\s*|\s)(?:{pronoun})\b", self.text[first:at], re.IGNORECASE))

    def named_for(self, start: int, pronoun: str) -> str:
        """The service user's name as it is told, where that is surely who "she" or "he" is at ``start``; else empty."""
        themselves = self._themselves()
        if themselves is None or themselves.pronoun != pronoun or not self._is_user(start, pronoun):
            return ""
        return "" if _PRONOUN_ONLY.fullmatch(themselves.subject) else themselves.subject

    def _fits(self, entity_id: str, pronoun: str) -> bool:
        gender = self.people[entity_id].gender if entity_id in self.people else Gender.UNKNOWN
        return gender is Gender.UNKNOWN or gender is _OF.get(pronoun, gender)

    def _themselves(self) -> Speaker | None:
        """The service user as they are told: by the name that is most often put for theirs."""
        if self.user is None:
            return None
        names = Counter(
            d.replacement.strip() for d in self.named if self._who(d) == self.user.entity_id and d.replacement.strip()
        )
        pronoun = PRONOUNS[self.user.gender]
        name = min(names, key=lambda name: (-names[name], len(name), name), default="")
        name = name.title() if name.isupper() else name
        return Speaker(name[:1].upper() + name[1:] or pronoun.capitalize(), pronoun)

    def pronouns(self, start: int, end: int) -> dict[str, str]:
        """For the people named between two places, as they are told, the pronoun that each takes."""
        found = {}
        for decision in self.named:
            if start <= decision.finding.start < end and decision.replacement:
                entity = self.people.get(self._who(decision))
                found[decision.replacement] = PRONOUNS[entity.gender if entity else Gender.UNKNOWN]
        return found

    def _who(self, decision: Decision) -> str:
        return decision.finding.entity

    def _user_id(self) -> str:
        return self.user.entity_id if self.user else ""


def _within(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= at < end for start, end in spans)
