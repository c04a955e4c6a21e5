"""Reads every input and finds what is about the person; what cannot be read or decided here is listed, never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.access.extract import Extract, extract, without
from pipeline.access.records import GRAVE, Entry, FileName, Record, Value, free_texts
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

    def extracts(self) -> Iterator[Extract]:
        """Every extract, of files and of records."""
        yield from (given for _, given in (*self.files, *self.texts))

    def without(self, leaks: Sequence[Leak], seeker: Seeker) -> Found:
        """The same with what was seen only in the finished text taken out as well."""
        files = tuple((name, without(given, leaks, seeker)) for name, given in self.files)
        texts = tuple((text, without(given, leaks, seeker)) for text, given in self.texts)
        return replace(self, files=files, texts=texts)


def gather(
    sources: Sequence[SourceFile], records: Sequence[Record], seeker: Seeker, world: World, tell: Callable[[int, int], None]
) -> Found:
    """Every source and every worker's words through detection; nothing is written."""
    files, waiting, not_read = [], [], []
    workers = world.policy.access_workers == "name"
    for done, source in enumerate(sources, start=1):
        try:
            sightings = [seeker.sight(case) for case in prepare(read(source), world)]
        except ReadError:
            not_read.append(source.name)
            continue
        finally:
            tell(done, len(sources))
        for sighting in sightings:
            given = extract(sighting, seeker, workers) if sighting.standing is not Standing.NONE else None
            if given is None or not (given.parts or sighting.standing is Standing.UNCERTAIN):
                continue
            stays = _waits(source.name, given)
            waiting += [stays] if stays else []
            files += [] if stays else [(source.name, given)]
    texts = tuple((text, extract(_theirs(text, seeker, world), seeker, workers)) for text in free_texts(records))
    waiting += [stays for _, given in texts if (stays := _waits(RECORDS, given))]
    waiting += [
        Waiting(RECORDS, f"decision-{made.row}", made.story_sha256, Reason(made.reason))
        for made in world.registers.decisions_of(seeker.client.case_ref)
        if made.reason in GRAVE
    ]
    return Found(tuple(files), tuple(each for each in texts if not each[1].limits), tuple(waiting), tuple(not_read))


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


def sections_of(records: Sequence[Record], found: Found, name: Callable[[str], str]) -> tuple[Section, ...]:
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
        Section(key, title, tuple(tuple((label, plain(value)) for label, value in entry) for entry in entries if is_shown(entry)))
        for key, title, entries in records
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
    return tuple(listed)
