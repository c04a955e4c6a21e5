"""Case studies bound into one workbook, with a contents table and page numbers, written after the last story (P15)."""

from __future__ import annotations

from pathlib import Path

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from pipeline.documents import prose
from pipeline.documents.layouts import fill, house_fields, save
from pipeline.documents.training import case_fields
from pipeline.documents.wording import Wording
from pipeline.domain.organisation import Organisation
from pipeline.domain.policy import Policy
from pipeline.domain.telling import Telling

FIELDS = frozenset(
    {
        "organisation", "contact", "website", "logo", "title", "ground_rules", "facilitator", "clauses", "cases", "left_out",
        "draft", "policy_version", "policy_approved", "policy_review",
    }
)  # fmt: skip
"""The fields that a layout for the workbook may use; ``cases`` are the case studies, each with the fields of one for
training and a ``number`` and a ``mark`` that the contents table refers to."""

REQUIRED = frozenset({"cases"})
"""The fields that a layout for the workbook may not leave out."""


class WorkbookOfCases:
    """Collects case studies one at a time, in memory that does not grow with their number.

    Beyond the number that ``documents.toml`` sets ([training] cases), case studies are only counted: each has a
    document of its own all the same.
    """

    def __init__(self, policy: Policy, wording: Wording) -> None:
        self._policy, self._wording = policy, wording
        self._tellings: list[Telling] = []
        self._others = 0

    @property
    def worth_writing(self) -> bool:
        """Whether there are several cases to bind."""
        return len(self._tellings) > 1

    @property
    def tellings(self) -> tuple[Telling, ...]:
        """The cases that are bound, of all that were added."""
        return tuple(self._tellings)

    def add(self, telling: Telling) -> None:
        """Keep one released case study, up to the number that a workbook binds."""
        if len(self._tellings) < self._wording.training.cases:
            self._tellings.append(telling)
        else:
            self._others += 1

    def write(self, organisation: Organisation, layout: Path, target: Path) -> None:
        """Write the workbook.

        Raises ``RenderError`` when the layout cannot be filled and ``OutputFailed`` when the file cannot be written.
        """
        fields = self._fields(organisation)
        document = fill(layout, fields, REQUIRED)
        _number_pages_when_opened(document)
        save(document, target, organisation, str(fields["title"]))

    def _fields(self, organisation: Organisation) -> dict[str, object]:
        cases = [case_fields(telling, organisation, self._policy, self._wording) for telling in self._tellings]
        numbered: list[dict[str, object]] = [
            {**case, "number": str(number), "mark": f"case_{number}"} for number, case in enumerate(cases, start=1)
        ]
        clauses = {clause["number"]: clause for case in cases for clause in case["clauses"]}  # type: ignore[attr-defined]
        return house_fields(organisation) | {
            "title": self._wording.training.workbook,
            "ground_rules": self._wording.training.ground_rules,
            "facilitator": self._wording.training.facilitator,
            "clauses": [clauses[number] for number in sorted(clauses, key=lambda number: (len(number), number))],
            "cases": numbered,
            "left_out": self._wording.training.left_out if self._others else "",
            "draft": self._wording.notes.draft if any(telling.draft for telling in self._tellings) else "",
            "policy_version": prose.line(self._policy.version),
            "policy_approved": prose.spoken(self._policy.approved_on),
            "policy_review": prose.spoken(self._policy.review_by),
        }


def _number_pages_when_opened(document: Document) -> None:
    """Ask Word to work out the contents table's page numbers: only a page layout knows them."""
    for field in document.element.iter(qn("w:fldSimple")):
        if "PAGEREF" in (field.get(qn("w:instr")) or ""):
            field.set(qn("w:dirty"), "true")
    settings = document.settings.element
    if settings.find(qn("w:updateFields")) is None:
        update = OxmlElement("w:updateFields")
        update.set(qn("w:val"), "true")
        settings.append(update)
