"""Join documents about one person: across purposes of a run, and across the runs of different years (linkability)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from pipeline.intruder.chance import Rate, rate
from pipeline.intruder.clues import Clues
from pipeline.intruder.texts import Originals


class About(Protocol):
    """A document and the row of the client whom it is about, which only the scoring looks at."""

    @property
    def text(self) -> str: ...
    @property
    def true(self) -> int | None: ...


def link(documents: Sequence[About], others: Sequence[About]) -> Rate:
    """Match every document to the one among the ``others`` with the likest words and figures, ties by lot.

    Only documents whose person the others tell of are tried; chance is a guess among all the others.
    """
    told = Originals([Clues.of(other.text) for other in others])
    matched, chances = 0.0, []
    for document in documents:
        theirs = [place for place, other in enumerate(others) if other.true == document.true]
        if document.true is None or not theirs:
            continue
        scores = told.alike(Clues.of(document.text))
        best = [place for place, score in enumerate(scores) if score >= max(scores) - 1e-9]
        matched += len(set(best) & set(theirs)) / len(best)
        chances.append(len(theirs) / len(others))
    return rate(matched, chances)
