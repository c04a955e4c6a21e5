"""A story as it will be told: sentences of the source, rewritten, each with its part in the telling."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pipeline.domain.permission import Purpose


class Part(StrEnum):
    """What a sentence does in a story about help."""

    SITUATION = "situation"
    SUPPORT = "support"
    OUTCOME = "outcome"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Passage:
    """One rewritten sentence (law 7: from the source, never made up).

    ``when`` is its relative time for a timeline ("Week 3"), empty when the source gives none; ``paragraph`` numbers
    the source paragraph, so that sentences which stood together can stay together.
    """

    text: str
    part: Part
    when: str = ""
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """Everything that a document about one story for one purpose may say.

    ``person`` is how the service user is spoken of ("Leanne", "Client A"); ``identified`` is true when that is
    their own name by written permission; ``changed`` is true when any detail was changed, and the document then says
    so (P19); ``quote`` is true when a quote may be set apart as one; ``service`` and ``outcome`` come from the client
    list, empty when unknown; ``themes`` are the policy's theme words found in the source ("housing", "debt"); ``draft``
    is true while nobody has asked the person, which the document then says (P16).
    """

    story_id: str
    purpose: Purpose
    passages: tuple[Passage, ...]
    person: str
    identified: bool
    changed: bool
    quote: bool
    service: str = ""
    outcome: str = ""
    themes: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    draft: bool = False

    def told(self, part: Part) -> tuple[Passage, ...]:
        """The passages of one part, in the order of the source."""
        return tuple(passage for passage in self.passages if passage.part is part)
