"""The project's own marked documents: a change that lowers these figures fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import catalogue
from pipeline.cli.evaluating import evaluate_command
from pipeline.detect import Detector, Known
from pipeline.domain.story import Story
from pipeline.evaluate import Figures, evaluate, load_gold

GOLD = Path(__file__).parents[1] / "data" / "regression.jsonl"


@pytest.fixture(scope="module")
def figures() -> Figures:
    detector = Detector.load(catalogue.models(), Known())
    gold = load_gold(GOLD)
    findings = detector.detect([Story("story-0001", one.doc, "", one.text, ()) for one in gold])
    return evaluate(gold, {one.doc: found for one, found in zip(gold, findings, strict=True)})


@pytest.mark.parametrize(
    ("what", "least"),
    [
        ("direct", 0.985),
        ("quasi", 0.975),
        ("PERSON", 0.98),
        ("PHONE", 1.0),
        ("EMAIL", 1.0),
        ("POSTCODE", 1.0),
        ("ID_NUMBER", 1.0),
        ("ADDRESS", 1.0),
        ("ONLINE_HANDLE", 1.0),
        ("DATE", 0.97),
        ("AGE", 0.95),
    ],
)
def test_entities_with_every_mention_found_do_not_become_fewer(figures: Figures, what: str, least: float) -> None:
    assert figures.entities[what].rate >= least, [miss.doc for miss in figures.misses if miss.category.value == what]


def test_precision_does_not_fall(figures: Figures) -> None:
    assert figures.precision >= 0.95


def test_the_card_holds_the_figures_that_evaluate_prints() -> None:
    printed = CliRunner().invoke(evaluate_command, [str(GOLD)])
    assert printed.exit_code == 0
    card = (catalogue.models() / "CARD.md").read_text(encoding="utf-8")
    missing = [line for line in printed.output.splitlines() if line and line not in card.partition("regression.jsonl`)")[2]]
    assert missing == []
