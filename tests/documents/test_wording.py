"""The wording file: understood whole, or refused by the name of the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.documents.wording import Wording, load_wording
from pipeline.domain.policy import Policy
from pipeline.domain.release import Reason
from pipeline.errors import PolicyError


def changed(templates: Path, tmp_path: Path, old: str, new: str) -> Path:
    text = (templates / "documents.toml").read_text("utf-8")
    assert old in text
    path = tmp_path / "documents.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("call_to_action =", "call_to_acton =", "call_to_action"),
        ("{organisation} is here", "{organization} is here", "call_to_action"),
        ('name = "general"', 'name = "generel"', "theme"),
        ("'arrears'", "'arrears('", "headline 2: outcome"),
        ("'arrears'", "'a*'", "headline 2: outcome"),
        ("questions = 6 ", "questions = 0 ", "questions"),
        ('plain = "Into work"', 'plain = "{person} into work"', "plain"),
        ("[notes]", "[notes", "line"),
    ],
)
def test_a_fault_is_refused_with_the_file_and_the_key(templates: Path, tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(PolicyError, match=rf"documents\.toml.*{named}"):
        load_wording(changed(templates, tmp_path, old, new))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"none\.toml cannot be read"):
        load_wording(tmp_path / "none.toml")


def test_every_theme_that_trainers_need_is_there_with_questions_and_learning(wording: Wording) -> None:
    names = {theme.name for theme in wording.themes}
    assert names >= {
        "housing", "debt", "domestic abuse", "refugee", "carers", "older people", "youth", "mental health", "addiction",
        "general",
    }  # fmt: skip
    for theme in wording.themes:
        assert len(theme.questions) >= 4
        assert len(theme.learning) >= 4
        assert theme.warning


def test_every_clause_that_the_wording_quotes_is_in_the_policy(wording: Wording, policy: Policy) -> None:
    quoted = {*wording.training.clauses, *(clause for theme in wording.themes for clause in theme.clauses)}
    assert quoted <= set(policy.clauses)


def test_every_reason_code_has_its_words(wording: Wording) -> None:
    assert set(wording.reasons) == {reason.value for reason in Reason}


def test_themes_are_found_in_a_source_the_most_frequent_first(wording: Wording) -> None:
    assert wording.themes_in("Rent arrears, a debt, another debt; the landlord.") == ("debt", "housing")
    assert wording.themes_in("Nothing of the kind.") == ()
