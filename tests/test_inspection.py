"""What detection still sees in a finished text: a detail of the source is a leak, what was put in its place is none."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Finding
from pipeline.domain.permission import Judgement, Verdict
from pipeline.domain.policy import Treatment
from pipeline.inspection import Inspection

SOURCE = "Orla Venn came as a client. She rang. A. Venn won."


def _missed(text: str, found: str) -> list[str]:
    """The surfaces that are leaks when detection sees ``found`` in ``text`` of a story whose Orla became Client A."""
    at = text.index(found)
    seen = Finding(at, at + len(found), Category.PERSON, 0.99, "tagger")
    put = Decision(Finding(0, 9, Category.PERSON, 1.0, "tagger"), Treatment.SUBSTITUTE, 0, 9, "Client A", "R1", "P18", "test")
    world = SimpleNamespace(
        detect_text=lambda _: (seen,), policy=SimpleNamespace(thresholds=SimpleNamespace(redetect_score=0.9)),
        ordinary=frozenset(), own_words=frozenset(), own_phrases=(),
    )  # fmt: skip
    case = SimpleNamespace(story=SimpleNamespace(text=SOURCE), subject=SimpleNamespace(client=None))
    inspection = Inspection(cast("Any", case), (put,), Judgement(Verdict.ANONYMISE, "no_record"), cast("Any", world))
    return [leak.surface for leak in inspection.missed(text)]


@pytest.mark.parametrize(("text", "found"), [("Client A rang.", "Client A"), ("We rang Client A.", "Client A.")])
def test_what_was_put_there_is_no_leak_even_with_its_full_stop(text: str, found: str) -> None:
    assert _missed(text, found) == []


def test_a_name_of_the_source_is_a_leak() -> None:
    assert _missed("We rang Orla Venn.", "Orla Venn.") == ["Orla Venn"]
