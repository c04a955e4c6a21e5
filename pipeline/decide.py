"""Decide: exactly one decision for every finding, from the policy's rules and what the person allowed in writing."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.domain.client import Client
from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Entity, Finding, Gender, Resolution, Role
from pipeline.domain.permission import IdentityLevel, Judgement, Purpose, Verdict
from pipeline.domain.policy import Policy, Treatment
from pipeline.domain.story import Story
from pipeline.domain.syntax import Word
from pipeline.generalise.ages import generalise_age
from pipeline.generalise.dates import Timeline, generalise_date, is_birth, without_birth
from pipeline.generalise.firms import firms, whole_firm
from pipeline.generalise.indirect import clause_of, generalise_origin, spoken_sentence, without_superlative
from pipeline.generalise.people import POSSESSIVE, kin_before, owner_named, tell_role
from pipeline.generalise.phrasebook import Phrasebook, kind_of
from pipeline.generalise.places import generalise_address, generalise_organisation, generalise_place, joined_before
from pipeline.generalise.removal import remove
from pipeline.generalise.site import Change, Site
from pipeline.generalise.softening import PLACE_STEPS, Softening
from pipeline.names import forename
from pipeline.narrative import split_spans
from pipeline.surrogates import letter

NO_RULE = "default-withhold"
_OTHER_NAME, _CLOSES = re.compile(r",? [(\"“‘']?"), re.compile(r"[)\"”’']")
_STRICTNESS = tuple(Treatment)  # as they are declared: from keep to withhold
_CHAIN = frozenset({Category.ADDRESS, Category.LOCATION, Category.POSTCODE})


@dataclass(frozen=True, slots=True)
class Terms:
    """What decide is told besides the findings: the purpose, what was allowed, and the words to use.

    ``surrogates`` maps a person's entity id to a stand-in name; ``syntax`` maps a sentence's start to its parse;
    ``client`` is the story's subject when one client was matched; ``softening`` says what is told broader than usual, and
    ``stricter`` what people ask for beyond the policy, by the span of a finding: it never lifts anything.
    """

    purpose: Purpose
    judgement: Judgement
    policy: Policy
    book: Phrasebook
    surrogates: Mapping[str, str]
    client: Client | None = None
    syntax: Mapping[int, Sequence[Word]] = field(default_factory=dict)
    softening: Softening = field(default_factory=Softening)
    stricter: Mapping[tuple[int, int], Treatment] = field(default_factory=dict)


def decide(story: Story, resolution: Resolution, terms: Terms) -> tuple[Decision, ...]:
    """One decision a finding, in the order of the findings."""
    return _Deciding(story, resolution, terms).all()


class _Deciding:
    """One story and purpose while it is decided: what was mentioned before, and how far a change may reach."""

    def __init__(self, story: Story, resolution: Resolution, terms: Terms) -> None:
        self.text, self.findings, self.terms = story.text, resolution.findings, terms
        self.blocks = story.blocks
        self.block_starts = [block.start for block in story.blocks]
        self.entities = {entity.entity_id: entity for entity in resolution.entities}
        self.subject = next((e for e in resolution.entities if e.subject), None)
        self.users = [e.entity_id for e in resolution.entities if e.category is Category.PERSON and e.role is Role.SERVICE_USER]
        if self.subject and self.subject.entity_id in self.users:
            self.users.remove(self.subject.entity_id)
            self.users.insert(0, self.subject.entity_id)
        people = [e for e in resolution.entities if e.category is Category.PERSON and not e.relation]
        self.others = [e.entity_id for e in people if e.role in (Role.OTHER, None)]
        self.timeline = Timeline.of(story.text, resolution.findings)
        self.told: set[str] = set()
        self.owners: dict[str, str] = {}
        self.owner: tuple[int, Entity | None] = (0, self.subject)
        self.firms = firms(story.text, self.findings)
        self.kinds: dict[str, str] = {}
        self.home = ""

    def all(self) -> tuple[Decision, ...]:
        decisions: list[Decision] = []
        reach = 0
        for index, finding in enumerate(self.findings):
            following = self.findings[index + 1].start if index + 1 < len(self.findings) else len(self.text)
            decision = self._one(finding, decisions[-1] if decisions else None, min(reach, finding.start), following)
            decisions.append(decision)
            reach = max(reach, decision.end)
        return tuple(decisions)

    def _one(self, finding: Finding, previous: Decision | None, left: int, right: int) -> Decision:
        entity = self.entities.get(finding.entity)
        role = entity.role if entity and finding.category is Category.PERSON else None
        rule = self.terms.policy.rule_for(finding.category, role, finding.kind)
        treatment = rule.treatment(self.terms.purpose) if rule else Treatment.WITHHOLD
        site = self._site(finding, left, right)
        asked = self.terms.stricter.get((finding.start, finding.end))
        treatment = max(treatment, asked or treatment, key=_STRICTNESS.index)
        permitted = None if asked else self._permitted(finding, entity, site)
        if permitted is not None:
            change, treatment, reason = permitted, Treatment.KEEP, f"allowed in writing ({self.terms.judgement.identity_level})"
        else:
            change = self._change(finding, entity, treatment, site, previous)
            reason = f"{finding.category.lower()} {treatment}"
        if entity:
            self.told.add(entity.entity_id)
            if finding.category is Category.PERSON:
                self.owner = (finding.end, entity)
        return Decision(
            finding,
            treatment,
            min(change.start, finding.start),
            max(change.end, finding.end),
            change.text,
            rule.rule_id if rule else NO_RULE,
            rule.clause if rule else "P18",
            reason,
        )

    def _site(self, finding: Finding, left: int, right: int) -> Site:
        at = bisect_right(self.block_starts, finding.start) - 1
        low, high = 0, len(self.text)
        if at >= 0 and self.blocks[at].end >= finding.end:
            low, high = self.blocks[at].start, self.blocks[at].end
        return Site(self.text, finding.start, finding.end, low, high, max(left, low), min(right, high))

    def _permitted(self, finding: Finding, entity: Entity | None, site: Site) -> Change | None:
        """The subject's own name, as far as the permission goes; nothing else is ever lifted by it."""
        judgement = self.terms.judgement
        if judgement.verdict is not Verdict.IDENTIFY or not entity or not entity.subject:
            return None
        if finding.category is not Category.PERSON or judgement.identity_level is IdentityLevel.ANONYMOUS:
            return None
        if kin_before(site, self.terms.book):
            return None  # A daughter of the same name has not agreed to anything.
        if judgement.identity_level is IdentityLevel.FULL_NAME and "surname" not in " ".join(judgement.excluded_topics).lower():
            return Change(site.start, site.end, site.surface)
        name = allowed_name(judgement, self.terms.client)
        return site.becomes(name) if name else None

    def _change(
        self, finding: Finding, entity: Entity | None, treatment: Treatment, site: Site, previous: Decision | None
    ) -> Change:
        if treatment is Treatment.KEEP:
            return Change(site.start, site.end, site.surface)
        if finding.start in self.firms:
            return self._firm(finding, site, previous)
        if finding.category in _CHAIN and self._continues(finding, previous):
            return Change(previous.end if previous else finding.start, finding.end, "")
        if treatment in (Treatment.REMOVE, Treatment.WITHHOLD):
            return self._drop_sentence(site) if finding.category is Category.INDIRECT else remove(site, finding.category)
        if finding.category is Category.PERSON:
            return self._again(finding, previous, site) or self._person(entity, treatment, site)
        return self._generalised(finding, entity, site)

    def _firm(self, finding: Finding, site: Site, previous: Decision | None) -> Change:
        """The name of a firm that was found in pieces: told once, at the first of them."""
        first, end = self.firms[finding.start]
        if finding.start != first and previous:
            return Change(previous.end, finding.end, "")
        name, book = self.text[first:end], self.terms.book
        again = self._kind_told(kind_of(name, book.organisations, book.default_organisation), finding.entity)
        return whole_firm(site, name, book, again)

    def _continues(self, finding: Finding, previous: Decision | None) -> bool:
        """True for the next part of an address that was just told as a whole: "14 Pell St, Ellerwick LD9 4QZ"."""
        if previous is None or previous.finding.category not in _CHAIN or previous.treatment is Treatment.KEEP:
            return False
        return previous.end <= finding.start and joined_before(self.text, previous.finding.end, finding.start)

    def _again(self, finding: Finding, previous: Decision | None, site: Site) -> Change | None:
        """The same person's other name right behind the first, "TOLLEY, Miriam (Mim)": told once."""
        if previous is None or previous.finding.entity != finding.entity or not previous.replacement:
            return None
        gap = _OTHER_NAME.fullmatch(self.text, previous.end, finding.start) if previous.end < finding.start else None
        closes = _CLOSES.match(self.text, finding.end) if gap and gap.group().strip(", ") else None
        if gap is None or (gap.group().strip(", ") and not closes):
            return None
        return Change(previous.end, min(closes.end() if closes else finding.end, site.right), "")

    def _person(self, entity: Entity | None, treatment: Treatment, site: Site) -> Change:
        if entity is None:
            return site.becomes("another person")
        again = entity.entity_id in self.told
        if entity.role is Role.SERVICE_USER and (treatment is Treatment.GENERALISE or self.terms.purpose is Purpose.REPORTING):
            return site.becomes(letter("Client", self.users.index(entity.entity_id)))
        known_as_role = entity.role is Role.OTHER and entity.relation
        if treatment is Treatment.SUBSTITUTE and not known_as_role:
            return site.becomes(self.terms.surrogates.get(entity.entity_id, "another person"))
        if not again and entity.role is Role.RELATIVE:
            self.owners[entity.entity_id] = owner_named(site)
        owner = (
            "my" * site.is_spoken()
            or self.owners.get(entity.entity_id)
            or POSSESSIVE[self.subject.gender if self.subject else Gender.UNKNOWN]
        )
        return tell_role(site, entity, owner, self.terms.book, again, self._label(entity))

    def _label(self, entity: Entity) -> str:
        """What somebody is called of whom nothing else can be said; the letters go on from those of the clients."""
        return letter("Person", len(self.users) + self.others.index(entity.entity_id)) if entity.entity_id in self.others else ""

    def _generalised(self, finding: Finding, entity: Entity | None, site: Site) -> Change:
        book, soft, again = self.terms.book, self.terms.softening.at(finding.start), finding.entity in self.told
        match finding.category:
            case Category.DATE if is_birth(self.text, finding):
                return without_birth(site)
            case Category.DATE:
                return generalise_date(site, self.timeline.days.get(finding.start), self.timeline, self.terms.purpose, soft.dates)
            case Category.AGE:
                return generalise_age(site, self._owner_gender(finding), soft.ages)
            case Category.ADDRESS:
                return generalise_address(site, book, again, self._kind_told("an address", finding.entity))
            case Category.ORGANISATION:
                kind = kind_of(site.surface, book.organisations, book.default_organisation)
                return generalise_organisation(site, book, again, self._kind_told(kind, finding.entity))
            case Category.LOCATION:
                self.home = self.home or finding.entity
                if soft.places >= PLACE_STEPS:
                    return remove(site, finding.category)
                return generalise_place(site, book, again, own=self.home == finding.entity, step=soft.places)
            case Category.INDIRECT if soft.instead.get(finding.start):
                start, end = soft.whole.get(finding.start, (site.start, site.end))
                site = replace(site, start=max(start, site.left), end=min(end, site.right))
                return site.becomes(soft.instead[finding.start])
            case Category.INDIRECT:
                return (
                    (None if soft.origins else generalise_origin(site, book)) or without_superlative(site) or self._clause(site)
                )
            case _:
                return remove(site, finding.category)

    def _kind_told(self, kind: str, entity: str) -> bool:
        """Whether another of that kind was told before this one."""
        return self.kinds.setdefault(kind, entity) != entity

    def _owner_gender(self, finding: Finding) -> Gender:
        end, person = self.owner
        if finding.start - end > 80 or person is None:
            person = self.subject
        return person.gender if person else Gender.UNKNOWN

    def _clause(self, site: Site) -> Change:
        """The clause that holds the detail, else its whole sentence: never a gap in the middle of one."""
        start, _ = self._sentence(site)
        parse = self.terms.syntax.get(start)
        return (clause_of(site, parse) if parse else None) or self._drop_sentence(site)

    def _drop_sentence(self, site: Site) -> Change:
        start, end = self._sentence(site)
        start, end = spoken_sentence(site, start, end) or (start, end)
        return Change(min(start, site.start), max(end, site.end), "")

    def _sentence(self, site: Site) -> tuple[int, int]:
        for start, end in split_spans(self.text, site.low, site.high):
            if start <= site.start < end:
                return start, end
        return site.low, site.high


def allowed_name(judgement: Judgement, client: Client | None) -> str:
    """The name that the permission allows in place of any other; empty when none can be told from the client list."""
    if client is None or judgement.verdict is not Verdict.IDENTIFY:
        return ""
    first = forename(client.full_name)
    match judgement.identity_level:
        case IdentityLevel.FULL_NAME:
            return first if "surname" in " ".join(judgement.excluded_topics).lower() else client.full_name
        case IdentityLevel.FIRST_NAME:
            return first
        case IdentityLevel.KNOWN_AS:
            return forename(client.known_as) or first
    return ""


def withheld(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions for which no rule allows a telling."""
    return tuple(d for d in decisions if d.treatment is Treatment.WITHHOLD)


def changed(decisions: Sequence[Decision]) -> bool:
    """True when any detail is told differently from the source."""
    return any(d.treatment is not Treatment.KEEP for d in decisions)
