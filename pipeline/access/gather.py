"""Reads every input and finds what is about the person; what cannot be read or decided here is listed, never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.access.extract import Extract, extract, without
from pipeline.access.records import GRAVE, Entry, FileName, Record, Value, free_texts, grave_digest
from pipeline.access.standing import Seeker, Sighting, Standing
from pipeline.domain.assessment import Leak
from pipeline.domain.finding import Category
from pipeline.domain.policy import LimitName
from pipeline.domain.release import Reason
from pipeline.domain.story import Block, BlockKind, Locator, Story
from pipeline.duties.access import LeftOut, Section
from pipeline.errors import ReadError
from pipeline.records.registers import base_name
from pipeline.resolve import resolve
from pipeline.run import prepare
from pipeline.sources import SourceFile, read
from pipeline.world import World

RECORDS, NOT_YET = "the records", "[a manager has to look at this first]"
AMBIGUOUS = Reason.AMBIGUOUS_CLIENT
_KINDS = {
    Category.PERSON: "names of other people",
    Category.ADDRESS: "addresses of other people",
    Category.POSTCODE: "postcodes of other people",
    Category.PHONE: "telephone numbers of other people",
    Category.EMAIL: "e-mail addresses of other people",
    Category.ONLINE_HANDLE: "online accounts of other people",
    Category.ID_NUMBER: "numbers of other people or of our files",
    Category.DATE: "dates of birth of other people",
    Category.AGE: "ages of other people",
    Category.LOCATION: "places where other people live",
    Category.INDIRECT: "details by which other people are known",
}
Keep = Callable[[Collection[str]], Sequence[Record]]
Tell = Callable[[int, int], None]
_THEIRS = "it is about somebody else"
_LIMITS = {LimitName.LEGAL_RESTRICTION: Reason.LEGAL_RESTRICTION}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story that is not given before a manager has decided: why, the limit and its clause when it is one."""

    source: str
    story_id: str
    digest: str
    reason: Reason
    limit: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """All that the inputs and the records say about the person, still as values that can be looked at again."""

    files: tuple[tuple[str, Extract], ...]
    texts: tuple[tuple[str, Extract], ...]
    waiting: tuple[Waiting, ...]
    not_read: tuple[str, ...]
    records: tuple[Record, ...] = ()
    refused: int = 0

    def extracts(self) -> Iterator[Extract]:
        """Every extract, of files and of records."""
        yield from (given for _, given in (*self.files, *self.texts))

    def without(self, leaks: Sequence[Leak], seeker: Seeker) -> Found:
        """The same with what was seen only in the finished text taken out as well."""
        files = tuple((name, without(given, leaks, seeker)) for name, given in self.files)
        texts = tuple((text, without(given, leaks, seeker)) for text, given in self.texts)
        return replace(self, files=files, texts=texts)


def gather(
    sources: Sequence[SourceFile], keep: Keep, seeker: Seeker, world: World, decided: Mapping[str, bool], tell: Tell
) -> Found:
    """Every source and every worker's words through detection; nothing is written.

    ``keep`` makes the records, once it is told the digests of the files that are about the person; ``decided`` is what a
    manager said about texts that waited, by digest.
    """
    files, about, not_read = [], set(), []
    door = _Door(decided)
    workers = world.policy.access_workers == "name"
    for done, source in enumerate(sources, start=1):
        try:
            cases = prepare(read(source), world)
        except ReadError:
            not_read.append(source.name)
            continue
        finally:
            tell(done, len(sources))
        for case in cases:
            sighting = seeker.sight(case, meant=decided.get(case.story.digest, False))
            given = extract(sighting, seeker, workers) if sighting.standing is not Standing.NONE else None
            if given is None or not (given.parts or sighting.standing is Standing.UNCERTAIN):
                continue
            about.add(case.story.sha256)
            files += [(source.name, given)] if door.lets(source.name, given) else []
    records = keep(about)
    texts = [(text, extract(_theirs(text, seeker, world), seeker, workers)) for text in free_texts(records)]
    texts = [each for each in texts if door.lets(RECORDS, each[1])]
    for made in world.registers.decisions_of(seeker.client.case_ref):
        if made.reason in GRAVE:
            door.asks(Waiting(RECORDS, f"decision-{made.row}", grave_digest(made), Reason(made.reason)))
    return Found(tuple(files), tuple(texts), tuple(door.waiting), tuple(not_read), tuple(records), door.refused)


class _Door:
    """What may be given: what no limit touches, and what a manager said yes to."""

    def __init__(self, decided: Mapping[str, bool]) -> None:
        self._decided = decided
        self.waiting: list[Waiting] = []
        self.refused = 0

    def lets(self, name: str, given: Extract) -> bool:
        """True when it is given; else it is kept among what waits, or counted as refused."""
        stays = _waits(name, given)
        return stays is None or self.asks(stays)

    def asks(self, stays: Waiting) -> bool:
        """True when a manager said yes."""
        said = self._decided.get(stays.digest)
        if said is None:
            self.waiting.append(stays)
        elif not said:
            self.refused += 1
        return bool(said)


def _waits(name: str, given: Extract) -> Waiting | None:
    story = given.sighting.case.story
    if given.sighting.standing is Standing.UNCERTAIN:
        return Waiting(name, story.story_id, story.digest, AMBIGUOUS)
    hit = next(iter(sorted(given.limits, key=lambda hit: hit.limit is not LimitName.LEGAL_RESTRICTION)), None)
    if hit is None:
        return None
    return Waiting(name, story.story_id, story.digest, _LIMITS.get(hit.limit, Reason.SAFEGUARDING), hit.limit.value, hit.clause)


def _theirs(text: str, seeker: Seeker, world: World) -> Sighting:
    """Words from a record of the person's own: everything in them is about them."""
    story = Story("record", "", "", text, (Block(0, len(text), BlockKind.PARAGRAPH, Locator("record")),))
    (case,) = prepare([story], world)
    resolution = resolve(story, case.resolution.findings, seeker.client, world.clients)
    themselves = frozenset(e.entity_id for e in resolution.entities if seeker.is_me(e))
    return Sighting(case, Standing.OWN, resolution, themselves)


def sections_of(found: Found, name: Callable[[str], str]) -> tuple[Section, ...]:
    """The records as they are given: a worker's words with everybody else taken out, files by a name that names nobody.

    A file that waits for a manager is not named at all: its name alone may say why.
    """
    waiting = {base_name(stays.source) for stays in found.waiting}
    said = {text: " ".join(p.text for p in given.document("").passages) for text, given in found.texts}

    def plain(value: Value) -> str:
        if isinstance(value, FileName):
            return name(value.text)
        return value if isinstance(value, str) else said.get(value.text, NOT_YET if value.text.strip() else "")

    def is_shown(entry: Entry) -> bool:
        return not any(isinstance(value, FileName) and base_name(value.text) in waiting for _, value in entry)

    return tuple(
        Section(
            record.key,
            record.title,
            tuple(tuple((label, plain(value)) for label, value in entry) for entry in record.entries if is_shown(entry)),
            record.given,
        )
        for record in found.records
    )


def what_was_left_out(found: Found) -> tuple[LeftOut, ...]:
    """The kinds and counts, without a value; what waits for a manager is counted and not explained."""
    counts: Counter[str] = Counter()
    for given in found.extracts():
        counts.update(given.gone())
    listed = [LeftOut(words, counts[category.value], _THEIRS) for category, words in _KINDS.items() if counts[category.value]]
    parts = sum(not given.document("").whole for _, given in found.files)
    listed += [LeftOut("files of which only a part is given", parts, "the rest is about somebody else")] if parts else []
    uncertain = sum(waiting.reason is AMBIGUOUS for waiting in found.waiting)
    listed += [LeftOut("files where we are not sure who is meant", uncertain, "somebody has to look first")] if uncertain else []
    others = len(found.waiting) - uncertain
    if others:
        listed.append(LeftOut("files or entries that a manager has to look at first", others, "the law asks us to take care"))
    if found.refused:
        listed.append(
            LeftOut("files or entries that a manager decided not to give", found.refused, "the law lets us hold them back")
        )
    return tuple(listed)
