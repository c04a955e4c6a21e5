"""What is written after the last story, from many of them: each document is opened again before it is released."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pipeline import catalogue
from pipeline.detect import Detector, Known
from pipeline.domain.finding import Category, Finding
from pipeline.domain.ledger import ReleaseRecord
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Output
from pipeline.domain.story import Block, BlockKind, Locator, Story
from pipeline.domain.telling import Telling
from pipeline.names import fold
from pipeline.records.indexed import Registers
from pipeline.records.outbox import Outbox
from pipeline.verify.assess import SurfaceIndex, assess
from pipeline.world import client_surfaces, ordinary_words, own_words

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Written:
    """What came of writing: the sealed drafts, or the number of leaks that hold them back, or nothing at all."""

    outputs: tuple[Output, ...] = ()
    leaks: int = 0


class Searcher:
    """What looks through finished documents: detection and the client list's index, each loaded once for a run, when needed."""

    def __init__(self, registers: Registers, organisation: Organisation) -> None:
        self._registers, self.organisation = registers, organisation

    def detect(self, text: str) -> tuple[Finding, ...]:
        """Detection run on a text by itself."""
        whole = (Block(0, len(text), BlockKind.PARAGRAPH, Locator("text")),) if text else ()
        return self._detector.detect([Story("story-0000", "", "", text, whole)])[0]

    @cached_property
    def index(self) -> SurfaceIndex:
        """Every value of the client list."""
        return SurfaceIndex(client_surfaces(self._registers.clients, ordinary_words(catalogue.models())))

    @cached_property
    def _detector(self) -> Detector:
        return Detector.load(catalogue.models(), Known(self._registers.clients, self.organisation.staff, ()))


class Checker:
    """Looks for the client list in a document that many stories share; the names that were permitted may stand there."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._allowed = set(own_words(searcher.organisation))

    def allow(self, telling: Telling) -> None:
        """Let the name stand that this story tells by permission."""
        if telling.identified:
            self._allowed |= {fold(word) for word in _WORD.findall(telling.person)}

    def seal(self, outbox: Outbox, names: Sequence[str]) -> Written:
        """Open the drafts of those names again, and seal them when every one is clean."""
        leaks = sum(self._leaks(outbox.draft(name)) for name in names)
        return Written((), leaks) if leaks else Written(tuple(outbox.seal(name) for name in names))

    def _leaks(self, draft: Path) -> int:
        assessment = assess(draft, self._searcher.index, self._name_spans)
        if not assessment.readable:
            return 1
        return sum(not {fold(word) for word in _WORD.findall(leak.surface)} <= self._allowed for leak in assessment.leaks)

    def _name_spans(self, text: str) -> Iterable[tuple[int, int]]:
        return [(f.start, f.end) for f in self._searcher.detect(text) if f.category is Category.PERSON]


@dataclass(slots=True)
class Tellers:
    """Who is told in a document that many stories share, for the records."""

    purpose: Purpose
    _told: dict[str, ReleaseRecord] = field(default_factory=dict)

    def add(self, teller: ReleaseRecord | None, told: Iterable[Telling]) -> None:
        """Keep what the records are to say of a story, still without a file; forget those that are not ``told`` after all."""
        if teller is not None:
            self._told[teller.story_id] = teller
        stories = {telling.story_id for telling in told}
        self._told = {story: each for story, each in self._told.items() if story in stories}

    def releases(self, run_id: str, outputs: Sequence[Output]) -> list[ReleaseRecord]:
        """Each story told in each file, and each file that tells none."""
        tellers = list(self._told.values()) or [ReleaseRecord(run_id, "", self.purpose, "", "")]
        return [replace(teller, path=output.path, sha256=output.sha256) for output in outputs for teller in tellers]

    def by_story(self, outputs: Sequence[Output]) -> Mapping[str, Sequence[Output]]:
        """The files that each told story stands in."""
        return dict.fromkeys(self._told, outputs)
