"""Whose each detail of a story is, seen from the person who asks: theirs is kept whole, anybody else's goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.access.naming import appositions, stands_among_names, titled
from pipeline.access.standing import Seeker, Sighting, Standing
from pipeline.access.standins import NO_NAME, PUT, names_a_writer, stand_in
from pipeline.domain.decision import Decision
from pipeline.domain.finding import DIRECT, Category, Finding, Gender, Role
from pipeline.domain.policy import Treatment
from pipeline.domain.story import Block
from pipeline.generalise.dates import is_birth
from pipeline.names import fold, tokens
from pipeline.resolve.register import gender_of

CLAUSE = "P25"
KEPT, GONE = "access-own", "access-others"
_CONTACT = frozenset({Category.PHONE, Category.EMAIL, Category.ONLINE_HANDLE})
_FACTS = frozenset({Category.ORGANISATION, Category.DATE})
_WORKERS = frozenset({Role.STAFF, Role.PROFESSIONAL})
_NICKS = frozenset({"big", "little", "lil", "old", "young", "uncle", "auntie", "aunty", "aunt"})
_KIN_LABELS = frozenset({"kin", "emergency"})
_WORK_LABELS = frozenset({"worker", "caseworker", "landlord", "gp", "doctor", "adviser", "referrer", "school", "employer"})
_EXTENSION = "EXTENSION"  # only an office has those, whoever found it
_OFFICE = re.compile(r"\b(?:direct (?:line|dial)|ddi|ext|office|reception|switchboard|fax)\b", re.IGNORECASE)
_DIED = re.compile(r"\b(?:died|dies|passed(?: on| away)?|death|buried|funeral)\b[^.\n]{0,20}$", re.IGNORECASE)
_DAY = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\b(?! *[/.-] *\d{4}\b)|\b\d{1,2}[/.-]\d{1,2}[/.-]")
_WITH_ME = re.compile(r"\bwith (?:them|her|him|us|me|client|su)\b", re.IGNORECASE)
_STAYS_WITH = re.compile(r"\b(?:stay|liv)\w* (?:w|with) (?:\w+ ){0,3}$", re.IGNORECASE)
_SAYS_OF = re.compile(r"\W*(?:(?:is|was|are|were|who|in|on|at|a|an|the)\b|\w+ing\b)|['’]s", re.IGNORECASE)
_STRANGER = re.compile(
    r"\b(?:man|woman|men|lads?|girl|bloke|guy|mate|neighbour|boss|friend|landlord|solicitor|tutor|teacher)\b", re.IGNORECASE
)
_SIGNATURE, _SHORT_LINE = 2, 60  # lines above a number that may be a name, and how long those are at most
_NEAR = 30  # characters behind a number that may say whose it is: "07700 900123 (mum)"
_A_TIME = re.compile(r"\d+[A-Z]?")  # "00Z", the end of a time, is nobody's name
_LABEL = re.compile(r"\s*([A-Za-z][A-Za-z ]{1,24}):")
_REACHED = re.compile(r"\b(?:t|tel|phone|telephone|mob|mobile|m|e|e-?mail|mail|direct|contact|fax|call|ring)\b", re.IGNORECASE)
_LIVES = re.compile(r"\b(?:lives?|living|lived|stays?|staying|moved|based|home|from|address)\b", re.IGNORECASE)
_OF_AN_OFFICER = re.compile(r"\b(?:collar|badge|warrant|pin|nmc|gmc|swe)\b[\w ]{0,6}$", re.IGNORECASE)
_WHOSE_KIN = re.compile(r"(?:\b(?:her|his|their|my|our|your)|['’]s|s['’])\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
_SHE, _HE = re.compile(r"\b(?:she|her)\b", re.IGNORECASE), re.compile(r"\b(?:he|his|him)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Person:
    """Somebody named or meant at a place: the person who asks, a worker, or anybody else.

    ``vague`` is true for a word for kin that may well mean the asker: "a single mum aged 27", "a widow"; ``kin`` for family.
    """

    start: int
    end: int
    me: bool
    worker: bool = False
    vague: bool = False
    kin: bool = False


def decide_whose(sighting: Sighting, seeker: Seeker, keep_workers: bool = False) -> tuple[Decision, ...]:
    """One decision a finding: kept when it is the asker's or nobody's, else left out and replaced by what it was."""
    whose = _Whose(sighting, seeker, keep_workers)
    decided = [whose.decide(finding) for finding in sighting.resolution.findings]
    return tuple(sorted([*whose.said_of_both(decided), *whose.said_of_others(decided)], key=lambda d: (d.start, -d.end)))


def left_out(finding: Finding, replacement: str, reason: str) -> Decision:
    """The decision that takes a finding out."""
    return Decision(finding, Treatment.REMOVE, finding.start, finding.end, replacement, GONE, CLAUSE, reason)


class _Whose:
    def __init__(self, sighting: Sighting, seeker: Seeker, keep_workers: bool) -> None:
        self.text, self.sighting, self.seeker, self.keep_workers = sighting.case.story.text, sighting, seeker, keep_workers
        self.entities = {entity.entity_id: entity for entity in sighting.resolution.entities}
        self.world = seeker.world
        self.gender = gender_of(seeker.client.gender)
        self.own = [(hit.start, hit.end) for hit in seeker.own.find(self.text)]
        self.others = [(hit.start, hit.end) for hit in seeker.others.find(self.text)]
        self.strangers = [f for f in sighting.resolution.findings if f.entity not in sighting.themselves]
        self.people = self._people()
        self.name_words = self._others_words()

    def said_of_both(self, decided: Sequence[Decision]) -> list[Decision]:
        """The decisions with a detail kept everywhere that is the asker's once: "Welsh", of her and of who speaks it with her."""
        own = {fold(self._surface(d.finding)) for d in decided if d.rule_id == KEPT and d.finding.category is Category.INDIRECT}
        kept = []
        for decision in decided:
            finding = decision.finding
            if decision.rule_id == GONE and finding.category is Category.INDIRECT and fold(self._surface(finding)) in own:
                last = next((p for p in reversed(self.people) if p.end <= finding.start), None)
                if last is None or not _SAYS_OF.match(self.text, last.end):
                    decision = self._kept(finding)
            kept.append(decision)
        return kept

    def said_of_others(self, decided: Sequence[Decision]) -> Iterator[Decision]:
        """What says who somebody else is where nothing was found: right behind their name, or as a file's writer."""
        for block in filter(self._is_of_a_writer, self.sighting.case.story.blocks):
            if not any(d.start < block.end and block.start < d.end for d in decided):
                yield left_out(Finding(block.start, block.end, Category.INDIRECT, 0.9, "property"), NO_NAME, "who wrote it")
        others = [
            (d.finding.start, d.finding.end) for d in decided
            if d.rule_id == GONE and d.finding.category is Category.PERSON and not self._works(d.finding)
        ]  # fmt: skip
        for start, end in appositions(self.text, others):
            if not any(d.start < end and start < d.end for d in decided):
                yield left_out(Finding(start, end, Category.INDIRECT, 0.9, "apposition"), "[detail left out]", "another person")

    def _works(self, finding: Finding) -> bool:
        entity = self.entities.get(finding.entity)
        return entity is not None and entity.role in _WORKERS

    def _block(self, finding: Finding) -> Block | None:
        return next((b for b in self.sighting.case.story.blocks if b.start <= finding.start < b.end), None)

    def _is_of_a_writer(self, block: Block) -> bool:
        said = {token.fold for token in tokens(self.text, block.start, block.end)}
        return names_a_writer(block) and not (self.keep_workers or said <= self.seeker.words)

    def _surface(self, finding: Finding) -> str:
        return self.text[finding.start : finding.end]

    def _kept(self, finding: Finding) -> Decision:
        words = self._surface(finding)
        return Decision(finding, Treatment.KEEP, finding.start, finding.end, words, KEPT, CLAUSE, "theirs, or a fact")

    def decide(self, finding: Finding) -> Decision:
        surface = self.text[finding.start : finding.end]
        block = self._block(finding)
        if block and self._is_of_a_writer(block):
            return left_out(finding, NO_NAME, "who wrote it")
        if self._is_kept(finding, surface):
            return self._but_for_a_name(finding)
        if finding.category is Category.PERSON:
            put = stand_in(self.text, finding.start, block, self.entities.get(finding.entity), self.world.clients.lexicon)
            return left_out(finding, put, "another person")
        put = PUT.get(finding.category, "[detail left out]")
        if finding.category is Category.DATE and not is_birth(self.text, finding):
            put = "[date left out]"
        reason = f"another person's {finding.category.lower()}"
        hit = next(((start, end) for start, end in self.others if start < finding.end and finding.start < end), None)
        start, end = (min(hit[0], finding.start), max(hit[1], finding.end)) if hit else (finding.start, finding.end)
        return replace(left_out(finding, put, reason), start=start, end=end)

    def _but_for_a_name(self, finding: Finding) -> Decision:
        """The decision to keep a place or a firm, without the person that was taken for a part of it."""
        if finding.category in (Category.LOCATION, Category.ORGANISATION) and (
            match := titled(self.text, finding, self.world.clients.lexicon.titles, self.seeker.words)
        ):
            put = f"{self.text[finding.start : match.start()]}[another person]{self.text[match.end() : finding.end]}"
            return left_out(finding, put, "another person in it")
        return self._kept(finding)

    def _is_kept(self, finding: Finding, surface: str) -> bool:
        if finding.category is Category.PERSON:
            if _A_TIME.fullmatch(surface):
                return True
            entity = self.entities.get(finding.entity)
            worker = self.keep_workers and entity is not None and entity.role in _WORKERS
            return finding.entity in self.sighting.themselves or (worker and not self._of_a_client(finding))
        if finding.category in DIRECT | {Category.DATE} and any(s <= finding.start and finding.end <= e for s, e in self.own):
            return True
        if self._of_a_client(finding) or self._says_a_name(finding, surface):
            return False
        if self._is_the_house(finding, surface):
            return True
        if finding.category in (Category.LOCATION, Category.ORGANISATION) and (
            self._may_be_a_name(surface) or stands_among_names(self.text, finding, self.strangers)
        ):
            return False
        if finding.category in _FACTS and not (is_birth(self.text, finding) or self._is_death(finding)):
            return True
        return self._is_own(finding)

    def _of_a_client(self, finding: Finding) -> bool:
        return any(start < finding.end and finding.start < end for start, end in self.others)

    def _may_be_a_name(self, surface: str) -> bool:
        """True for a place or firm that is but a given name, or one with "big" and the like before it: "Big Stu"."""
        words = [token.fold for token in tokens(surface) if token.fold not in _NICKS]
        known = self.world.clients.lexicon.short_for
        return len(words) == 1 and words[0] in known and words[0] not in self.world.ordinary | self.seeker.words

    def _is_death(self, finding: Finding) -> bool:
        """True for the day that somebody died, unless it is but the month in which one of the asker's family did."""
        if finding.category is not Category.DATE or not _DIED.search(self.text, max(0, finding.start - 40), finding.start):
            return False
        start, _ = self._line(finding)
        month = not _DAY.search(self._surface(finding))
        kin = [p for p in self.people if start <= p.start < finding.start and p.kin]
        return not (month and kin and self.sighting.standing is Standing.OWN)

    def _says_a_name(self, finding: Finding, surface: str) -> bool:
        """True for "tansy.orr@..." : somebody's name inside an address of any kind."""
        if finding.category not in _CONTACT | {Category.ID_NUMBER}:
            return False
        words = {token.fold for token in tokens(surface.replace(".", " ").replace("-", " "))}
        return not words.isdisjoint(self.name_words)

    def _is_the_house(self, finding: Finding, surface: str) -> bool:
        """The organisation's own contact, and addresses at its own domain that name nobody."""
        words = " ".join(token.fold for token in tokens(surface))
        return finding.category is not Category.PERSON and any(f" {words} " in phrase for phrase in self.world.own_phrases)

    def _is_own(self, finding: Finding) -> bool:
        """Whose a detail is by who was named last before it in its sentence; nobody named there: whose part it is."""
        if _OF_AN_OFFICER.search(self.text, max(0, finding.start - 24), finding.start) or self._label_says_no(finding):
            return False
        start, end = self._line(finding)
        contact = finding.category in _CONTACT
        if contact and (finding.kind == _EXTENSION or _OFFICE.search(self.text, start, finding.start)):
            return False
        here = [p for p in self.people if start <= p.start < end and (contact or p.me or not (p.worker or p.vague))]
        before = [p for p in here if p.end <= finding.start]
        behind = [p for p in here if finding.end <= p.start <= finding.end + _NEAR]
        if contact and not before and ((behind and not behind[0].me) or self._signed(start, finding)):
            return False
        if before:
            return before[-1].me or self._goes_past(before[-1], finding, start)
        return not self._pronoun_of_another(start, finding.start) and self.sighting.standing is not Standing.OTHERS

    def _goes_past(self, last: _Person, finding: Finding, start: int) -> bool:
        """True where a detail is not that of the person named last: "[son] took her to Low Marsh", "lives with her at"."""
        between = self.text[last.end : finding.start]
        if _WITH_ME.search(between) or _STAYS_WITH.search(self.text, max(start, last.start - 40), last.start):
            return True
        if finding.category is Category.LOCATION:
            return not _LIVES.search(between)
        if finding.category is not Category.INDIRECT or _SAYS_OF.match(between):
            return False
        opens = [person for person in self.people if start <= person.start < last.start and person.me]
        return bool(opens) or bool(self._own_pronoun(start, last.start))

    def _signed(self, start: int, finding: Finding) -> bool:
        """True below a worker's name: the numbers of a signature are the worker's, unless a label says what they are."""
        label = _LABEL.match(self.text, start, finding.start) if finding.category is Category.PHONE else None
        if label and not _REACHED.search(label[1]):
            return False
        above = self.text.rfind("\n", 0, max(0, start - 1))
        for _ in range(_SIGNATURE):
            above, end = self.text.rfind("\n", 0, max(0, above)), above
            if end - above <= _SHORT_LINE and any(p.worker and above < p.start < end + 1 for p in self.people):
                return True
        return bool(self._on_line(start))

    def _on_line(self, start: int) -> list[_Person]:
        above = self.text.rfind("\n", 0, max(0, start - 1)) + 1
        return [p for p in self.people if p.worker and above <= p.start < start <= above + _SHORT_LINE]

    def _label_says_no(self, finding: Finding) -> bool:
        """True in a form's field about somebody else: everything beside next of kin, the numbers beside a worker."""
        block = self._block(finding)
        words = {fold(word) for word in re.findall(r"[^\W\d_]+", block.label)} if block else set()
        if words & _KIN_LABELS or words & self.world.clients.lexicon.kin.keys():
            return True
        return bool(words & _WORK_LABELS) and finding.category in _CONTACT | {Category.ID_NUMBER}

    def _line(self, finding: Finding) -> tuple[int, int]:
        """The sentence, and no more than its line in a list or a form."""
        start = max((self.text.rfind(mark, 0, finding.start) + len(mark) for mark in ("\n", ". ", "! ", "? ") if
                     self.text.rfind(mark, 0, finding.start) >= 0), default=0)  # fmt: skip
        stops = [at for mark in ("\n", ". ", "! ", "? ") if (at := self.text.find(mark, finding.end)) >= 0]
        return start, min(stops, default=len(self.text))

    def _people(self) -> list[_Person]:
        found = []
        for finding in self.sighting.resolution.findings:
            if finding.category is Category.PERSON:
                entity = self.entities.get(finding.entity)
                worker = entity is not None and entity.role in _WORKERS
                kin = entity is not None and entity.role is Role.RELATIVE
                me = finding.entity in self.sighting.themselves
                found.append(_Person(finding.start, finding.end, me, worker, kin=kin))
        found += [_Person(m.start(), m.end(), False, vague=True) for m in _STRANGER.finditer(self.text)]
        for token in tokens(self.text):
            if token.fold in self.world.book.kin or token.fold in self.world.clients.lexicon.kin:
                vague = not _WHOSE_KIN.search(self.text, max(0, token.start - 40), token.start)
                found.append(_Person(token.start, token.end, False, vague=vague, kin=True))
        return sorted(found, key=lambda person: (person.start, -person.end))

    def _own_pronoun(self, start: int, end: int) -> bool:
        right = {Gender.FEMALE: _SHE, Gender.MALE: _HE}.get(self.gender)
        return right is not None and bool(right.search(self.text, start, end))

    def _pronoun_of_another(self, start: int, end: int) -> bool:
        wrong = {Gender.FEMALE: _HE, Gender.MALE: _SHE}.get(self.gender)
        return wrong is not None and bool(wrong.search(self.text, start, end)) and not self._own_pronoun(start, end)

    def _others_words(self) -> frozenset[str]:
        found = set()
        for entity in self.entities.values():
            if entity.category is Category.PERSON and entity.entity_id not in self.sighting.themselves:
                found |= {token.fold for surface in entity.surfaces for token in tokens(surface) if len(token.fold) > 2}
        return frozenset(found) - self.seeker.words - self.world.not_names
