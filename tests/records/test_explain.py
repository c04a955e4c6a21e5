"""A judgement in plain words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.client import Client
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Evidence, Permission, Purpose
from pipeline.permission.permit import judge
from pipeline.policy.policies import load_policy
from pipeline.records.explain import _REASONS, explain
from pipeline.records.permissions import read_permission
from pipeline.records.tables import Row

POLICY = load_policy(Path(__file__).parents[2] / "policy_templates" / "policy.toml")
ON = date(2026, 10, 5)
US = Organisation("Harbour Lane Project")
CLIENT = Client("HL/0412", 2, full_name="Rosalind Teasdale", date_of_birth=date(1979, 5, 17))


def row(**changes: str) -> Permission:
    cells = {
        "consent_id": "F-1", "case_ref": "HL/0412", "subject_name": "Rosalind Teasdale", "dob": "17/05/1979",
        "given_by": "Rosalind Teasdale", "authority": "self", "purpose_publicity": "yes", "identity_level": "first name",
        "organisation": "Harbour Lane Project", "method": "letter", "response": "given", "given_on": "02/02/2026",
        "channels": "website", "excluded_topics": "the lifeboat",
    }  # fmt: skip
    read = read_permission(Row(7, {**cells, **changes}), "permissions.csv", Path(), [])
    assert read is not None
    return replace(read, evidence=Evidence.PRESENT)


def told(rows: list[Permission], purpose: Purpose = Purpose.PUBLICITY) -> str:
    return "\n".join(explain(judge(rows, CLIENT, purpose, ON, US), rows, POLICY, purpose, ON))


def test_a_permission_is_explained_by_its_row_its_limits_and_its_clause() -> None:
    text = told([row()])
    assert "For publicity on 2026-10-05: the person may be named" in text
    assert "Allowed: the first name, no quote in their own words, no photo." in text
    assert "row 7 (this one decides): publicity: yes; evidence present; given 2026-02-02" in text
    assert POLICY.clauses["P17"] in text


def test_a_row_that_was_not_understood_says_which_column() -> None:
    text = told([row(expires_on="whenever")])
    assert "unparseable_consent" in text
    assert "not understood: expires_on" in text


def test_without_rows_it_says_that_nobody_asked() -> None:
    assert "has no row" in told([])
    assert "ask in writing" in told([])


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_rule_and_every_clause_it_names_is_told(purpose: Purpose) -> None:
    text = told([row()], purpose)
    for rule in POLICY.rules:
        assert re.search(rf"\b{rule.rule_id}: .* -> {rule.treatment(purpose)} \({rule.clause}\)", text)
        assert POLICY.clauses[rule.clause] in text


def test_no_cell_of_the_register_is_repeated() -> None:
    text = told([row(), row(scope="ask Bren", given_by="Morwenna")])
    for cell in ("Rosalind", "Teasdale", "HL/0412", "lifeboat", "website", "Bren", "Morwenna", "1979"):
        assert cell not in text


def test_every_reason_has_words_and_a_clause_of_the_template() -> None:
    codes = set(
        re.findall(
            r'"([a-z]+_[a-z_]+|withdrawn|expired|parental|permitted)"',
            Path(judge.__code__.co_filename).read_text(encoding="utf-8"),
        )
    )
    assert {"expired", "wrong_controller"} <= codes
    assert codes <= set(_REASONS)
    assert all(clause in POLICY.clauses for _, clause in _REASONS.values())
