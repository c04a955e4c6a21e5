"""How a story stands to the person who asks: theirs, about them and others, somebody else's that names them, or nobody knows."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum

from rapidfuzz.distance import OSA

from pipeline import catalogue
from pipeline.access.naming import is_family, is_initial, is_mended, is_plural, namesake
from pipeline.case import Case
from pipeline.domain.assessment import Forbidden
from pipeline.domain.client import Client
from pipeline.domain.finding import Category, Entity, Finding, Gender, Resolution, Role
from pipeline.domain.story import Story
from pipeline.names import fold, read_list, reference_key, tokens
from pipeline.resolve import resolve
from pipeline.resolve.register import client_pairs, gender_of
from pipeline.verify.assess import SurfaceIndex
from pipeline.world import World, client_surfaces

_INITIALS = 3  # letters at most that may be initials
_LONG = 5  # letters of a name that may have one wrong and still be that name


class Standing(StrEnum):
    """Whose a story is, seen from the person who asks."""

    OWN = "own"
    SHARED = "shared"
    OTHERS = "others"
    UNCERTAIN = "uncertain"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Sighting:
    """A story with the person found in it: their entity ids, and everybody's findings with them as the subject."""

    case: Case
    standing: Standing
    resolution: Resolution
    themselves: frozenset[str] = frozenset()


class Seeker:
    """The person who asks, as they are known by: what is theirs, and what is any other client's."""

    def __init__(self, client: Client, world: World) -> None:
        self.client, self.world = client, world
        self.key = reference_key(client.case_ref)
        own = client_surfaces([client], frozenset())
        self.own = SurfaceIndex(own)
        self.words = frozenset(fold(word) for surface, _ in own.entries for word in _words(surface))
        self.name_words = frozenset(token.fold for name in (client.full_name, client.known_as) for token in tokens(name))
        cells = (getattr(client, field.name) for field in fields(client))
        self.cells = frozenset(" ".join(_words(cell)).casefold() for cell in cells if isinstance(cell, str) and cell)
        others = [other for other in world.registers.clients if other is not client]
        theirs = client_surfaces(others, world.ordinary)
        entries = tuple(entry for entry in theirs.entries if not self._is_own(entry[0]))
        self.others = SurfaceIndex(Forbidden(entries, theirs.ordinary))
        contact = [entry for entry in own.entries if entry[1] in (Category.ID_NUMBER, Category.PHONE, Category.EMAIL)]
        self.known_by = SurfaceIndex(Forbidden(tuple(contact)))
        names = [f"{first} {last}" for first, last in client_pairs(client)] + [client.full_name]
        self.names = SurfaceIndex(Forbidden(tuple((name, Category.PERSON.value) for name in names if name)))
        self.first_names = self._first_names()
        self.given = frozenset(read_list(catalogue.models(), "given_names.txt"))
        self.called = self.first_names & self.name_words

    def _is_own(self, surface: str) -> bool:
        words = [fold(word) for word in _words(surface)]
        # "Out of area" may be what the list says of both.
        if bool(self.own.find(surface)) or " ".join(_words(surface)).casefold() in self.cells:
            return True
        return bool(words) and self.name_words.issuperset(words)

    def _first_names(self) -> frozenset[str]:
        lexicon = self.world.clients.lexicon
        firsts = {pair[0] for pair in client_pairs(self.client)} | {token.fold for token in tokens(self.client.known_as)}
        return frozenset(firsts.union(*(lexicon.short_for.get(first, frozenset()) for first in firsts)))

    def sight(self, case: Case, meant: bool = False) -> Sighting:
        """Whose the story is and who of its people is the person who asks; ``meant`` when a manager said that they are."""
        story, findings = case.story, case.resolution.findings
        keys = {reference_key(ref) for ref in case.subject.case_refs}
        linked = self.key in keys or (meant and not keys)
        if not linked and not meant and not self._met(case):
            named = bool(self.names.find(story.text))
            return Sighting(case, Standing.UNCERTAIN if named else Standing.NONE, case.resolution)
        resolution = resolve(story, findings, self.client, self.world.clients)
        themselves = frozenset(entity.entity_id for entity in resolution.entities if self.is_me(entity))
        if linked:
            standing = Standing.OWN if len(keys) <= 1 else Standing.SHARED
        else:
            standing = Standing.OTHERS if keys else Standing.SHARED
        if standing is Standing.SHARED and not linked and not self._company(resolution, themselves):
            standing = Standing.OWN
        return Sighting(case, standing, self._named_apart(story, resolution, themselves, standing is Standing.OWN), themselves)

    def _met(self, case: Case) -> bool:
        if self.known_by.find(case.story.text):
            return True
        return any(entity.case_ref and reference_key(entity.case_ref) == self.key for entity in case.resolution.entities)

    def is_me(self, entity: Entity) -> bool:
        """True when a person of a story is the one who asks."""
        if entity.category is not Category.PERSON:
            return False
        if entity.case_ref:
            return reference_key(entity.case_ref) == self.key
        return entity.subject or self._another_wording(entity)

    def _another_wording(self, entity: Entity) -> bool:
        """Another wording of their name that resolving left apart, and that can mean nobody else."""
        told = gender_of(self.client.gender)
        if entity.role is not Role.OTHER and entity.role is not Role.SERVICE_USER:
            return False
        if Gender.UNKNOWN not in (told, entity.gender) and entity.gender is not told:
            return False
        return self._says_me({token.fold for surface in entity.surfaces for token in tokens(surface)})

    def _says_me(self, words: set[str]) -> bool:
        """True for words that are their names, short forms of them or initials, and at least one of them a first name."""
        said = words - (self.world.not_names - self.name_words)
        initials = {word[0] for word in self.name_words} if said & (self.name_words | self.first_names) else set()
        said = {word for word in said if self._is_name(word) or len(word) <= _INITIALS or word not in self.world.ordinary}
        strange = {
            word for word in said
            if not self._is_name(word) and not (len(word) <= _INITIALS and initials.issuperset(word))
        }  # fmt: skip
        return bool(said & (self.first_names | initials)) and (not strange or self._is_whole(said, strange))

    def _is_whole(self, said: set[str], strange: set[str]) -> bool:
        """True for first name and surname with one word behind them that is nobody's: "bill fairhurst disch"."""
        lasts = {last for _, last in client_pairs(self.client)}
        rest = said - strange - self.first_names
        return len(strange) == 1 and not strange & self.given and bool(said & self.first_names) and any(
            OSA.distance(word, last, score_cutoff=1) <= 1 for word in rest for last in lasts
        )  # fmt: skip

    def _named_apart(self, story: Story, resolution: Resolution, themselves: frozenset[str], own: bool) -> Resolution:
        """The findings with the person's own name given back to them where it was taken for a worker's or a stranger's.

        A name of theirs that the text says is somebody else's goes to that one.
        """
        me = next((e.entity_id for e in resolution.entities if e.entity_id in themselves), None)
        strangers = {
            e.entity_id: e for e in resolution.entities
            if e.category is Category.PERSON and not e.case_ref and e.entity_id not in themselves
        }  # fmt: skip
        findings = []
        for finding in resolution.findings:
            entity = strangers.get(finding.entity)
            if me and entity and self._is_mine(story.text, finding, entity, own):
                finding = replace(finding, entity=me)
            elif finding.entity in themselves and (other := namesake(story.text, finding, strangers.values())):
                finding = replace(finding, entity=other.entity_id)
            findings.append(finding)
        return Resolution(tuple(findings), resolution.entities)

    def _is_mine(self, text: str, finding: Finding, entity: Entity, own: bool) -> bool:
        """True for a name of theirs that stands with a stranger; ``own`` when the file is their own."""
        if own and (is_initial(text, finding, self.called) or is_family(text, finding, self.name_words)):
            return True
        if is_mended(text, finding, self.first_names) or is_plural(text, finding, self.called):
            return True
        words = {token.fold for token in tokens(text, finding.start, finding.end)}
        if entity.role is Role.RELATIVE or not self._says_me(words):
            return False
        surfaces = ({token.fold for token in tokens(surface)} for surface in entity.surfaces)
        # "Hope" stays our worker's where the story also calls her Hope Jessop.
        return not any(words & said & self.first_names and not self._says_me(said) for said in surfaces)

    def _is_name(self, word: str) -> bool:
        """True for a word of their name, one letter wrong at most."""
        known = self.name_words | self.first_names
        near = (one for one in known if min(len(one), len(word)) >= _LONG and one[0] == word[0])
        return word in known or any(OSA.distance(one, word, score_cutoff=1) <= 1 for one in near)

    @staticmethod
    def _company(resolution: Resolution, themselves: frozenset[str]) -> bool:
        return any(another_client(entity, themselves, Standing.SHARED) for entity in resolution.entities)


def another_client(entity: Entity, themselves: frozenset[str], standing: Standing) -> bool:
    """True for somebody else whom the organisation helps: what is said of them is not part of the answer."""
    if entity.category is not Category.PERSON or entity.entity_id in themselves:
        return False
    return bool(entity.case_ref) or (standing is not Standing.OWN and entity.role is Role.SERVICE_USER)


def _words(text: str) -> list[str]:
    return "".join(mark if mark.isalnum() else " " for mark in text).split()
