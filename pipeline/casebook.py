"""The case studies of a run bound into one workbook, written and verified after the last story."""

from __future__ import annotations

from pipeline import catalogue
from pipeline.closing import Checker, Searcher, Tellers, Written
from pipeline.documents.wording import load_wording
from pipeline.documents.workbook_of_cases import WorkbookOfCases
from pipeline.domain.ledger import ReleaseRecord
from pipeline.domain.permission import Purpose
from pipeline.domain.telling import Telling
from pipeline.policy.policies import load_policy
from pipeline.records.outbox import Outbox, writing
from pipeline.world import Settings


class CaseBook:
    """The released stories for training, up to the number that a workbook binds; one alone needs no binding."""

    name = "workbook"

    def __init__(self, settings: Settings, searcher: Searcher) -> None:
        self.tellers = Tellers(Purpose.TRAINING)
        self._settings, self._organisation = settings, searcher.organisation
        self._checker = Checker(searcher)
        wording = load_wording(catalogue.policy_templates() / "documents.toml")
        self._cases = WorkbookOfCases(load_policy(settings.policy), wording)

    def add(self, telling: Telling, teller: ReleaseRecord | None = None) -> None:
        """One released story for training; ``teller`` is what the records are to say of it, still without a file."""
        self._cases.add(telling)
        self._checker.allow(telling)
        self.tellers.add(teller, self._cases.tellings)

    def write(self, outbox: Outbox) -> Written:
        """Write the workbook and open it again; what is clean is sealed as a draft."""
        if not self._cases.worth_writing:
            return Written()
        name = f"training/{self.name}.docx"
        with writing():
            layout = catalogue.layout(self.name, self._settings.organisation)
            self._cases.write(self._organisation, layout, outbox.draft(name))
        return self._checker.seal(outbox, [name])
