"""The annual return of a run: collected story by story, written and verified at the end."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from pipeline import catalogue
from pipeline.detect import Detector, Known
from pipeline.documents.prose import line
from pipeline.documents.reporting import AnnualReturn
from pipeline.documents.wording import load_wording
from pipeline.domain.event import Event
from pipeline.domain.finding import DIRECT, Category, Finding
from pipeline.domain.permission import Purpose
from pipeline.domain.release import Output
from pipeline.domain.story import Block, BlockKind, Locator, Story
from pipeline.domain.telling import Telling
from pipeline.names import fold
from pipeline.policy.policies import load_policy, organisation_of
from pipeline.records.audit import Trail
from pipeline.records.indexed import Registers
from pipeline.records.outbox import Outbox, writing
from pipeline.verify.assess import SurfaceIndex, assess
from pipeline.world import Settings, client_surfaces, ordinary_words, own_words

_WORD = re.compile(r"[^\W_]+")
_NAME = "reporting/annual-return"


class AnnualReport:
    """The figures of the client list and the vignettes of the stories, in bounded memory."""

    def __init__(self, settings: Settings, registers: Registers) -> None:
        self.policy = load_policy(settings.policy)
        self.organisation = organisation_of(settings.organisation)
        self.model_version = model_version()
        self._settings, self._registers = settings, registers
        self._wanted = Purpose.REPORTING in settings.purposes
        self._return = AnnualReturn(self.policy, self._safe_label)
        self._services = {line(service).casefold() for service in self.organisation.services}
        self._identified = set(own_words(self.organisation))
        for client in registers.clients:
            self._return.add_client(client)

    def add_vignette(self, telling: Telling) -> None:
        """One released story for reporting; beyond the policy's number it is counted and not told."""
        self._return.add_vignette(telling)
        if telling.identified:
            self._identified |= {fold(w) for w in _WORD.findall(telling.person)}

    def release(self, outbox: Outbox, trail: Trail) -> tuple[Output, ...]:
        """Write the document and the workbook, open both again, and release them only when both are clean."""
        if not self._wanted or not self._return.worth_writing:
            return ()
        drafts = {ending: outbox.draft(f"{_NAME}.{ending}") for ending in ("docx", "xlsx")}
        templates = catalogue.policy_templates()
        with writing():
            self._return.write(
                self.organisation, load_wording(templates / "documents.toml"), self._settings.on,
                templates / "word" / "annual-return.docx", drafts["docx"], drafts["xlsx"],
            )
        index = SurfaceIndex(client_surfaces(self._registers.clients, ordinary_words(catalogue.models())))
        leaks = [leak for draft in drafts.values() for leak in self._leaks(draft, index)]
        trail.append(Event("annual-return", "", {"released": not leaks, "leaks": len(leaks)}))
        if leaks:
            return ()
        return tuple(outbox.release(draft, f"{_NAME}.{ending}") for ending, draft in drafts.items())

    def _leaks(self, draft: Path, index: SurfaceIndex) -> list[str]:
        assessment = assess(draft, index, self._name_spans)
        if not assessment.readable:
            return ["unreadable"]
        words = ({fold(w) for w in _WORD.findall(leak.surface)} for leak in assessment.leaks)
        return ["leak" for found in words if not found <= self._identified]

    def _safe_label(self, column: str, label: str) -> bool:
        """Whether a cell names a group and not somebody: a cell may hold anything (P12).

        A service is one that the organisation lists; any other cell is judged by what detection finds in it.
        """
        if column == "service" and self._services:
            return label.casefold() in self._services
        # Read with its column's name, as a cell is: a word that stands alone is too easily taken for a name.
        found = {finding.category for finding in self._detect(f"{column.replace('_', ' ').capitalize()}: {label}.")}
        return not found if column == "service" else not found & DIRECT

    def _name_spans(self, text: str) -> Iterable[tuple[int, int]]:
        return [(f.start, f.end) for f in self._detect(text) if f.category is Category.PERSON]

    def _detect(self, text: str) -> tuple[Finding, ...]:
        whole = (Block(0, len(text), BlockKind.PARAGRAPH, Locator("text")),) if text else ()
        return self._detector.detect([Story("story-0000", "", "", text, whole)])[0]

    @cached_property
    def _detector(self) -> Detector:
        """Loaded only when a return is written."""
        return Detector.load(catalogue.models(), Known(self._registers.clients, self.organisation.staff, ()))


def model_version() -> str:
    """The version of the trained model, "none" without one."""
    path = catalogue.models() / "tagger" / "manifest.toml"
    if not path.is_file():
        return "none"
    return str(tomllib.loads(path.read_text("utf-8")).get("version", "unknown"))
