"""A case: everything known about one story before it is told for any purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.domain.client import Client
from pipeline.domain.finding import Resolution
from pipeline.domain.review import Review
from pipeline.domain.story import Story
from pipeline.domain.syntax import Word
from pipeline.domain.telling import Part
from pipeline.generalise.softening import Softening
from pipeline.narrative import Sentence
from pipeline.permission.limits import LimitHit


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose story it is: the case references it is linked to, and its client when that is exactly one person."""

    case_refs: tuple[str, ...] = ()
    client: Client | None = None

    @property
    def case_ref(self) -> str | None:
        """The one case reference; ``None`` for nobody's story and for one about several people."""
        return self.case_refs[0] if len(self.case_refs) == 1 else None


@dataclass(frozen=True, slots=True)
class Case:
    """The result of ``prepare`` and the input of ``finish``: plain and picklable, so that people can look between.

    ``told`` are the sentences that a document may use and ``roles`` what each does; ``syntax`` holds the parses that
    decide may need, by sentence start; ``limits`` the limits of confidentiality that the text touches; ``softening``
    what is told broader than usual, once the measure of what is left asked for it; ``review`` what people decided.
    """

    story: Story
    resolution: Resolution
    subject: Subject
    limits: tuple[LimitHit, ...]
    told: tuple[Sentence, ...]
    roles: tuple[Part, ...]
    syntax: Mapping[int, Sequence[Word]]
    softening: Softening = field(default_factory=Softening)
    review: Review = field(default_factory=Review)
