"""What a reader should learn from a story is still in it once it is told: fresh notes of every style, with their facts."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from docx import Document

from tests import flow

NOTES = Path(__file__).parent.parent / "data" / "told"
FACTS = tomllib.loads((Path(__file__).parent / "facts.toml").read_text("utf-8"))
LEAST = 0.95


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> dict[str, str]:
    """Every note told for publicity with nobody's permission, by the name of its file."""
    without = dict.fromkeys(("clients", "stories", "permissions", "decisions"))
    run = flow.run(tmp_path_factory.mktemp("told") / "out", NOTES, secret=secret, purpose="publicity", **without)
    outputs = {
        Path(line["source"]).stem: [
            run.out / o["path"] for o in line["purposes"]["publicity"]["outputs"] if o["path"].endswith(".docx")
        ]
        for line in run.manifest()["inputs"]
    }
    return {name: "\n".join(p.text for path in paths for p in Document(str(path)).paragraphs) for name, paths in outputs.items()}


def test_at_least_95_in_100_facts_survive(told):
    released = {name: facts for name, facts in FACTS["facts"].items() if told[name]}
    found = {(name, fact): bool(re.search(fact, told[name], re.IGNORECASE)) for name, facts in released.items() for fact in facts}
    lost = [pair for pair, is_there in found.items() if not is_there]
    assert len(lost) <= (1 - LEAST) * len(found), lost


def test_no_more_than_one_in_ten_is_held(told):
    assert sum(not text for text in told.values()) <= 0.1 * len(told)


def test_nobodys_words_are_printed_as_a_quotation(told):
    assert not [name for name, text in told.items() if set('"“”') & set(text)]


@pytest.mark.parametrize("name", sorted(FACTS["never"]))
def test_what_everybody_would_know_them_by_is_not_told(told, name):
    assert not [phrase for phrase in FACTS["never"][name] if re.search(phrase, told[name], re.IGNORECASE)]
