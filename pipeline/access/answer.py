"""The answer to an access request: gathered, written in every version, opened again and searched, then released or held."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import __version__
from pipeline.access.decided import by_digest, decisions_about
from pipeline.access.duties import kept_about
from pipeline.access.gather import Found, gather, sections_of, what_was_left_out
from pipeline.access.records import Lists, Record, records_of
from pipeline.access.standing import Seeker
from pipeline.accessible import write_versions
from pipeline.domain.access import AccessRequest
from pipeline.domain.assessment import Forbidden, Leak
from pipeline.domain.client import Client
from pipeline.domain.event import Event
from pipeline.domain.finding import DIRECT, Category
from pipeline.domain.release import Output, Reason
from pipeline.duties.access import Pack, as_data, due_on, pack_paper, reply_letter
from pipeline.errors import UsageError
from pipeline.names import fold
from pipeline.records.audit import Trail
from pipeline.records.duties import Register
from pipeline.records.indexed import Registers
from pipeline.records.outbox import Outbox
from pipeline.records.store import Store, request_access
from pipeline.records.writing import write_table
from pipeline.sources import SourceFile
from pipeline.verify.assess import SurfaceIndex, assess
from pipeline.world import Settings, World, ordinary_among

LETTER, PACK = "letter", "your-information"
NO_NAME = "A file whose name is left out"
_LOOKS = 3  # how often what was seen only in the finished text is taken out before the pack is held
_FIGURES = 3  # a word with fewer figures is no part of a number
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of a request.

    ``first`` are the two files that suit the person, empty when the pack is held; ``unseen`` the registers that were not given.
    """

    request: AccessRequest
    first: tuple[str, ...]
    documents: int
    waiting: int
    not_read: int
    unseen: tuple[str, ...] = ()
    held: str = ""

    @property
    def complete(self) -> bool:
        """True when everything that is held about the person is in the pack."""
        return not (self.held or self.waiting or self.not_read or self.unseen)


def the_client(case_ref: str, registers: Registers) -> Client:
    """The one client of a reference; raises ``UsageError`` when there is none, or more than one."""
    clients = registers.clients_of(case_ref)
    if not clients:
        raise UsageError("the client list has nobody with that reference", "Check the reference; write it as the list does.")
    if len(clients) > 1:
        raise UsageError(
            f"the client list has {len(clients)} rows with that reference", "Nobody can tell whose data it is: correct the list."
        )
    return clients[0]


def answer(
    case_ref: str,
    sources: Sequence[SourceFile],
    settings: Settings,
    received: date,
    outbox: Outbox,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Answered:
    """Write the letter and the pack for one person into ``released/``, or hold them.

    What waits for a manager stands in ``internal/for-a-manager.csv``.  Raises ``UsageError`` for a reference that is
    not exactly one client's, ``RegisterError``, ``RecordsError``, ``OutputFailed``.
    """
    if settings.clients is None or settings.workspace is None:
        raise UsageError("a request is about a client of the client list", "Name the list with --clients.")
    with settings.workspace.store() as store, Trail(outbox.internal / "audit.jsonl") as trail:
        registers = Registers.load(settings.clients, settings.stories, settings.permissions, settings.decisions, store)
        client = the_client(case_ref, registers)
        request = request_access(store, client.case_ref, received, due_on(received))
        facts: dict[str, str | int] = {"request": request.request_id.lower(), "inputs": len(sources), "version": __version__}
        trail.append(Event("start", "", facts))
        made = _Answer(client, registers, settings, outbox, store).make(request, sources, tell)
        ended: dict[str, str | int] = {"documents": made.documents, "waiting": made.waiting, "not_read": made.not_read}
        trail.append(Event("access", "", ended | {"status": "held" if made.held else "released"}))
    return made


class _Answer:
    def __init__(self, client: Client, registers: Registers, settings: Settings, outbox: Outbox, store: Store) -> None:
        self.client, self.settings, self.outbox = client, settings, outbox
        self.world = World(settings, registers)
        self.seeker = Seeker(client, self.world)
        self.store = store

    def _records(self, files: Collection[str], decided: Mapping[str, bool]) -> tuple[Record, ...]:
        settings = self.settings
        assert settings.clients is not None
        assert settings.workspace is not None
        lists = Lists(settings.clients, settings.stories, settings.permissions)
        kept = kept_about(self.client, settings.workspace, self.store, files)
        return records_of(self.client, self.world.registers, lists, self.store, kept, decided)

    def make(self, request: AccessRequest, sources: Sequence[SourceFile], tell: Callable[[int, int], None]) -> Answered:
        assert self.settings.workspace is not None
        decided = by_digest(decisions_about(Register(self.settings.workspace, self.store), self.client.case_ref))
        found = gather(sources, lambda files: self._records(files, decided), self.seeker, self.world, decided, tell)
        unseen = tuple(record.title for record in found.records if record.key == "permissions" and not record.given)
        self._list_waiting(found)
        for _ in range(_LOOKS):
            pack = self._pack(found, request)
            drafts = self._write(pack)
            leaks = list(dict.fromkeys([*self._seen_again(found), *self._leaks(drafts, found)]))
            if not leaks:
                files = self._release(drafts)
                return Answered(request, files, len(pack.documents), len(found.waiting), len(found.not_read), unseen)
            found = found.without(leaks, self.seeker)
        held = ", ".join(sorted({leak.category for leak in leaks}))
        header = ("request", "reason", "detail", "what_next")
        advice = "Look where such a detail of somebody else stands in the files, take it out there, and run again."
        write_table(self.outbox.internal / "held.csv", header, [(request.request_id, Reason.LEAK_FOUND.value, held, advice)])
        return Answered(request, (), len(pack.documents), len(found.waiting), len(found.not_read), unseen, held)

    def _pack(self, found: Found, request: AccessRequest) -> Pack:
        index = self._forbidden(found)
        documents = []
        for number, (name, given) in enumerate(found.files, start=1):
            documents.append(given.document(self._name(name, index) or f"File {number}"))
        not_read = tuple(self._name(name, index) or NO_NAME for name in found.not_read)
        sections = sections_of(found, lambda name: self._name(name, index) or NO_NAME)
        return Pack(
            self.client.full_name, self.client.case_ref, request.received, self.client.communication_need,
            sections, tuple(documents), what_was_left_out(found), not_read,
        )  # fmt: skip

    def _name(self, name: str, index: SurfaceIndex) -> str:
        """The file's name, or nothing where it names somebody else."""
        said = " ".join(_WORD.findall(name.rpartition(".")[0]))
        spans = self.world.name_spans(said)
        strange = any(not self._is_theirs(said[start:end]) for start, end in spans)
        if strange or index.find(said, self.world.name_spans) or self.seeker.others.find(said, self.world.name_spans):
            return ""
        return name

    def _write(self, pack: Pack) -> list[Path]:
        organisation, folder = self.world.organisation, self.outbox.draft("letter").parent
        letter = write_versions(reply_letter(pack, organisation, self.settings.on), organisation, folder, LETTER, pack.need)
        papers = write_versions(pack_paper(pack), organisation, folder, PACK, pack.need)
        data = folder / f"{PACK}.json"
        data.write_text(as_data(pack), encoding="utf-8", newline="\n")
        return [*letter, *papers, data]

    def _forbidden(self, found: Found) -> SurfaceIndex:
        entries = set().union(*(given.forbidden(self.seeker) for given in found.extracts()))
        ordinary = ordinary_among(entries, self.world.ordinary | self.world.own_words)
        return SurfaceIndex(Forbidden(tuple(sorted(entries)), ordinary))

    def _leaks(self, drafts: Sequence[Path], found: Found) -> Iterator[Leak]:
        index = self._forbidden(found)
        for draft in drafts:
            for known in (index, self.seeker.others):
                seen = assess(draft, known, self.world.name_spans)
                if not seen.readable:
                    yield Leak("file", "unreadable", "")
                yield from (leak for leak in seen.leaks if not self._is_allowed(leak))

    def _seen_again(self, found: Found) -> Iterator[Leak]:
        """Direct identifiers that detection, run on the result, sees and that nobody decided to keep."""
        for given in found.extracts():
            kept = given.kept()
            for passage in given.document("").passages:
                for finding in self.world.detect_text(passage.text):
                    surface = passage.text[finding.start : finding.end]
                    if finding.category not in DIRECT or finding.score < self.world.policy.thresholds.redetect_score:
                        continue
                    leak = Leak("text", finding.category.value, surface)
                    if (
                        "[" not in surface
                        and not self._is_settled(finding.category, surface, kept)
                        and not self._is_allowed(leak)
                    ):
                        yield leak

    def _is_settled(self, category: Category, surface: str, kept: frozenset[str]) -> bool:
        """True for what was looked at before, and for what only the words that were left out make look like a name."""
        words = {fold(word) for word in _WORD.findall(surface)}
        if category in (Category.PHONE, Category.ID_NUMBER):  # "07700 900123 b4": the number with the word behind it
            words = {word for word in words if sum(mark.isdigit() for mark in word) >= _FIGURES} or words
        if category is Category.PERSON and (words <= self.world.ordinary - self.seeker.given or len("".join(words)) == 1):
            return True  # "Teaches [another person]", or a letter
        return words <= kept or self._is_theirs(" ".join(words))

    def _is_theirs(self, surface: str) -> bool:
        words = {fold(word) for word in _WORD.findall(surface)}
        return words <= (self.seeker.words | self.seeker.first_names | self.world.not_names)

    def _is_allowed(self, leak: Leak) -> bool:
        words = [fold(word) for word in _WORD.findall(leak.surface)]
        if words and self.seeker.words.issuperset(words):
            return True
        phrase = f" {' '.join(words)} "
        return bool(words) and leak.category != "PERSON" and any(phrase in own for own in self.world.own_phrases)

    def _list_waiting(self, found: Found) -> None:
        header = ("file", "story", "reason", "limit", "clause", "digest", "what_next")
        advice = "A manager decides: would it seriously harm anybody to give this, does a law or a court forbid it, who is meant?"
        rows = [(w.source, w.story_id, w.reason.value, w.limit, w.clause, w.digest, advice) for w in found.waiting]
        write_table(self.outbox.internal / "for-a-manager.csv", header, rows)

    def _release(self, drafts: Sequence[Path]) -> tuple[str, ...]:
        names = [draft.name for draft in drafts]
        outputs: list[Output] = [self.outbox.release(draft, name) for draft, name in zip(drafts, names, strict=True)]
        suited = [outputs[0], outputs[(len(outputs) - 1) // 2]]
        return tuple(output.path for output in suited)
