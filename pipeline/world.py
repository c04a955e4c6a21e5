"""Everything a run knows before it reads a story: policy, registers, models, words; loaded once in each process."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import catalogue
from pipeline.case import Subject
from pipeline.detect import Detector, Known, Parser
from pipeline.documents.wording import load_wording
from pipeline.domain.assessment import Forbidden
from pipeline.domain.client import Client
from pipeline.domain.finding import Category, Finding
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import ManagerDecision, Purpose
from pipeline.domain.story import Block, BlockKind, Locator, Story
from pipeline.generalise.phrasebook import Phrasebook
from pipeline.generalise.rarity import Rarity
from pipeline.names import fold, read_words, reference_key
from pipeline.narrative import Cues
from pipeline.policy.cues import CueSet
from pipeline.policy.policies import load_policy, organisation_of
from pipeline.records.indexed import Registers
from pipeline.records.lists import load_lists
from pipeline.remembered import Taught
from pipeline.resolve import ClientIndex
from pipeline.surrogates import NameLists
from pipeline.survey import names_of_clients
from pipeline.verify.assess import SurfaceIndex

if TYPE_CHECKING:
    from pipeline.records.workspace import Workspace

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user asked for; plain and picklable, so that every worker loads the same world.

    ``on`` is the day that permissions are judged at; ``secret`` keys the surrogates; a register that was not given
    is ``None``.  ``workspace`` holds the organisation's records, ``None`` for a run without any.  ``channel`` and
    ``recipient`` are whom the documents are for (P8), empty when the run does not say; ``last_year`` is the workbook
    of last year's return, to compare with.
    """

    organisation: Path | None
    policy: Path
    on: date
    purposes: tuple[Purpose, ...] = tuple(Purpose)
    clients: Path | None = None
    stories: Path | None = None
    permissions: Path | None = None
    decisions: Path | None = None
    secret: bytes = field(default=b"", repr=False)
    workspace: Workspace | None = None
    channel: str = ""
    recipient: str = ""
    last_year: Path | None = None


class World:
    """The loaded settings.

    ``taken`` are the folded names of the corpus, which no surrogate may be (law 4).
    """

    def __init__(self, settings: Settings, registers: Registers, taken: frozenset[str] = frozenset()) -> None:
        self.settings = settings
        self.policy = load_policy(settings.policy)
        self.organisation = organisation_of(settings.organisation)
        self.registers = registers
        models, templates = catalogue.models(), catalogue.policy_templates()
        self.book = Phrasebook.load(templates / "generalise.toml")
        self.cues = Cues.load(templates / "narrative.toml")
        self.rarity = Rarity.load(templates / "risk.toml")
        self.wording = load_wording(templates / "documents.toml")
        self.names = load_names().without(taken)
        self.outcome = CueSet(self.policy.outcome_cues)
        self.confidential = CueSet(self.policy.organisation_confidential)
        self.ordinary = ordinary_words(models)
        own = (self.organisation.name, *self.organisation.also_known_as)
        self.own_words, self.own_phrases = own_words(self.organisation), own_phrases(self.organisation)
        self.not_names = not_names(models).union(self.book.kin, self.book.work)
        self.common = self.not_names | self.ordinary  # none of them stands for a name alone
        self.detector = Detector.load(models, Known(registers.clients, self.organisation.staff, own))
        self.parser = Parser.load()
        self.clients = ClientIndex.load(models, registers.clients, self.organisation.staff)
        self.client_names = names_of_clients(registers.clients)
        self.client_values = SurfaceIndex(client_surfaces(registers.clients, self.ordinary))
        self.learn()

    def learn(self) -> None:
        """Take the organisation's own lists as they are now; raises ``RegisterError`` when they cannot be read."""
        workspace = self.settings.workspace
        rows = load_lists(workspace.lists, workspace.key).rows if workspace else ()
        self.taught = Taught.of(rows, self.client_names, self.common, self.detector.known.lists)

    def detect(self, stories: Sequence[Story]) -> list[tuple[Finding, ...]]:
        """For each story what identifies somebody in it, as the organisation's own lists would have it."""
        found = self.detector.detect(stories)
        return [self.taught.findings(story.text, each) for story, each in zip(stories, found, strict=True)]

    def subject_of(self, story: Story) -> Subject:
        """Whose story it is: the stories register first, then what the file itself states, then nobody."""
        refs = self.registers.refs_of(story.source, story.stated_ref)
        clients = self.registers.clients_of(refs[0]) if len(refs) == 1 else []
        return Subject(refs, clients[0] if len(clients) == 1 else None)

    def manager_decisions(self, subject: Subject, purpose: Purpose, digest: str) -> tuple[ManagerDecision, ...]:
        """The decisions in force about a story for one purpose: the latest for each case and reason.

        A release that is bound to another text than that of ``digest`` is none; a withhold counts whatever its text.
        """
        made = [d for d in self.decisions_made(subject, purpose) if not (d.release and stale(d, digest))]
        latest: dict[tuple[str, str], ManagerDecision] = {}
        # A withhold whose date could not be read is never overruled: nobody can say that a release came later.
        for decision in sorted(made, key=lambda d: (not d.release and d.decided_on == date.min, d.decided_on, not d.release)):
            latest[reference_key(decision.case_ref), decision.reason] = decision
        return tuple(latest.values())

    def decisions_made(self, subject: Subject, purpose: Purpose) -> list[ManagerDecision]:
        """Every decision recorded by the day of the run about a case of the story, for one purpose."""
        return [
            decision
            for ref in subject.case_refs
            for decision in self.registers.decisions_of(ref)
            if decision.purpose is purpose and decision.decided_on <= self.settings.on
        ]

    @cached_property
    def named_before(self) -> frozenset[str]:
        """The cases that an earlier run released by name: what a withdrawn permission calls back (E07)."""
        if self.settings.workspace is None:
            return frozenset()
        with self.settings.workspace.store() as store:
            return frozenset(reference_key(release.case_ref) for release in store.releases(identified=True))

    def layout(self, name: str) -> Path:
        """The Word layout of one kind of document."""
        return catalogue.layout(name, self.settings.organisation)

    def themes(self, text: str) -> tuple[str, ...]:
        """The themes that a text touches, for headlines, questions and learning points."""
        return self.wording.themes_in(text)

    def detect_text(self, text: str) -> tuple[Finding, ...]:
        """Detection run on a finished text."""
        whole = (Block(0, len(text), BlockKind.PARAGRAPH, Locator("text")),) if text else ()
        return self.detect([Story("story-0000", "", "", text, whole)])[0]

    def name_spans(self, text: str) -> Iterable[tuple[int, int]]:
        """Where a name stands in a text: what judges words that are also names."""
        return [(f.start, f.end) for f in self.detect_text(text) if f.category is Category.PERSON]


def stale(decision: ManagerDecision, digest: str) -> bool:
    """True when a decision was made about another text: another story, or this one before it was changed (P21)."""
    return bool(decision.story_sha256) and decision.story_sha256 != digest


def client_surfaces(clients: Sequence[Client], ordinary: frozenset[str]) -> Forbidden:
    """Every value of the client list that identifies somebody alone."""
    entries: dict[tuple[str, str], None] = {}
    for client in clients:
        values: Mapping[Category, tuple[str, ...]] = {
            Category.PERSON: (client.full_name, client.known_as if len(client.known_as) > 3 else ""),
            Category.ADDRESS: (client.address,),
            Category.POSTCODE: (client.postcode,),
            Category.PHONE: (client.phone,),
            Category.EMAIL: (client.email,),
            Category.ID_NUMBER: (client.case_ref,),
            Category.DATE: (client.date_of_birth.isoformat() if client.date_of_birth else "",),
        }
        entries |= {(v.strip(), category.value): None for category, vs in values.items() for v in vs if v.strip()}
    return Forbidden(tuple(entries), ordinary_among(entries, ordinary))


def load_names() -> NameLists:
    """The surrogate names that ship with storysafe."""
    return NameLists.load(catalogue.policy_templates() / "surrogates.toml")


def own_words(organisation: Organisation) -> frozenset[str]:
    """The folded words of the organisation's own names and services, which stay in documents."""
    names = (organisation.name, *organisation.also_known_as, *organisation.services)
    return frozenset(fold(word) for name in names for word in _WORD.findall(name))


def own_phrases(organisation: Organisation) -> tuple[str, ...]:
    """The organisation's own names and services, folded, each between spaces."""
    names = (organisation.name, *organisation.also_known_as, *organisation.services, organisation.contact, organisation.website)
    return tuple(f" {' '.join(fold(word) for word in _WORD.findall(name))} " for name in names if name)


def ordinary_among(entries: Iterable[tuple[str, str]], words: frozenset[str]) -> frozenset[str]:
    """The folded surfaces of (surface, category) pairs that are ordinary words."""
    return words.intersection(fold(surface) for surface, _ in entries)


def not_names(models: Path) -> frozenset[str]:
    """Titles and words for kin and for people at work."""
    return frozenset[str]().union(*(read_words(models, f"{name}.txt") for name in ("titles", "honorifics", "kin", "roles")))


def ordinary_words(models: Path) -> frozenset[str]:
    """Words that are also names, and words of running English: as a surface they say nothing outside a name's place."""
    return read_words(models, "ordinary_words.txt") | read_words(models, "common_words.txt")
