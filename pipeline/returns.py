"""The annual return of a run: collected story by story, written and verified at the end."""

from __future__ import annotations

import re
import tomllib

from pipeline import catalogue
from pipeline.closing import Checker, Searcher, Tellers, Written
from pipeline.documents.comparison import read_last_year
from pipeline.documents.prose import line
from pipeline.documents.reporting import AnnualReturn
from pipeline.documents.wording import load_wording
from pipeline.domain.finding import DIRECT, Category
from pipeline.domain.ledger import ReleaseRecord
from pipeline.domain.permission import Purpose
from pipeline.domain.telling import Telling
from pipeline.policy.policies import load_policy
from pipeline.records.indexed import Registers
from pipeline.records.outbox import Outbox, writing
from pipeline.world import Settings

_AREA = re.compile(r"\b(?:wards?|districts?|towns?|boroughs?|parish|villages?|count(?:y|ies))$", re.IGNORECASE)


class AnnualReport:
    """The figures of the client list and the vignettes of the stories, in bounded memory."""

    name = "annual-return"

    def __init__(self, settings: Settings, registers: Registers, searcher: Searcher) -> None:
        self.policy = load_policy(settings.policy)
        self.organisation = searcher.organisation
        self.model_version = model_version()
        self.tellers = Tellers(Purpose.REPORTING)
        self._settings = settings
        self._searcher, self._checker = searcher, Checker(searcher)
        earlier = read_last_year(settings.last_year) if settings.last_year else None
        self._return = AnnualReturn(self.policy, self._safe_label, earlier)
        self._services = {line(service).casefold() for service in self.organisation.services}
        for client in registers.clients:
            self._return.add_client(client)

    def add(self, telling: Telling, teller: ReleaseRecord | None = None) -> None:
        """One released story for reporting; beyond the policy's number it is counted and not told.

        ``teller`` is what the records are to say of it, still without a file.
        """
        self._return.add_vignette(telling)
        self._checker.allow(telling)
        self.tellers.add(teller, self._return.vignettes)

    def write(self, outbox: Outbox) -> Written:
        """Write the document and the workbook and open both again; what is clean is sealed as drafts."""
        if Purpose.REPORTING not in self._settings.purposes or not self._return.worth_writing:
            return Written()
        names = [f"reporting/{self.name}.{ending}" for ending in ("docx", "xlsx")]
        document, workbook = map(outbox.draft, names)
        with writing():
            self._return.write(
                self.organisation, load_wording(catalogue.policy_templates() / "documents.toml"), self._settings.on,
                catalogue.layout(self.name, self._settings.organisation), document, workbook,
            )
        return self._checker.seal(outbox, names)

    def _safe_label(self, column: str, label: str) -> bool:
        """Whether a cell names a group and not somebody: a cell may hold anything (P12).

        A service is one that the organisation lists; any other cell is judged by what detection finds in it.  Where
        people live is an area: neither a postcode, however short, nor a hostel or a school.
        """
        if column == "service" and self._services:
            return label.casefold() in self._services
        # Read with its column's name, as a cell is: a word that stands alone is too easily taken for a name.
        found = {f.category for f in self._searcher.detect(f"{column.replace('_', ' ').capitalize()}: {label}.")}
        if column == "district" and _AREA.search(label):
            found.discard(Category.ORGANISATION)
        withheld = DIRECT | {Category.ORGANISATION} if column == "district" else DIRECT
        return not found if column == "service" else not found & withheld


def model_version() -> str:
    """The version of the trained model, "none" without one."""
    path = catalogue.models() / "tagger" / "manifest.toml"
    if not path.is_file():
        return "none"
    return str(tomllib.loads(path.read_text("utf-8")).get("version", "unknown"))
