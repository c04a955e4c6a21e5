"""Rows of the permission register, and the signed forms that they name."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pytest

from pipeline.domain.permission import Answer, Evidence, IdentityLevel, Purpose
from pipeline.records.registers import load_permissions


def csv_file(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def form(folder: Path, content: bytes = b"signed") -> str:
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence" / "F-1.pdf").write_bytes(content)
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    ("file", "digest", "state"),
    [
        ("evidence/F-1.pdf", "right", Evidence.PRESENT),
        ("evidence\\F-1.pdf", "right", Evidence.PRESENT),
        ("evidence/F-1.pdf", "", Evidence.PRESENT),
        ("evidence/F-1.pdf", "0" * 64, Evidence.UNREADABLE),
        ("evidence/F-1.pdf", "see file", Evidence.UNREADABLE),
        ("evidence/F-2.pdf", "right", Evidence.MISSING),
        ("evidence", "", Evidence.MISSING),
        ("", "", Evidence.NOT_NAMED),
        ("../evidence/F-1.pdf", "right", Evidence.MISSING),
        ("/evidence/F-1.pdf", "right", Evidence.MISSING),
        ("C:\\evidence\\F-1.pdf", "right", Evidence.MISSING),
    ],
)
def test_the_signed_form_is_looked_at(tmp_path: Path, file: str, digest: str, state: Evidence) -> None:
    right = form(tmp_path)
    text = f"consent_id,case_ref,evidence_file,evidence_hash\nF-1,HL/1,{file},{right if digest == 'right' else digest}\n"
    assert load_permissions(csv_file(tmp_path / "p.csv", text)).rows[0].evidence is state


def test_an_empty_form_is_no_evidence(tmp_path: Path) -> None:
    digest = form(tmp_path, b"")
    text = f"consent_id,case_ref,evidence_file,evidence_hash\nF-1,HL/1,evidence/F-1.pdf,{digest}\n"
    assert load_permissions(csv_file(tmp_path / "p.csv", text)).rows[0].evidence is Evidence.UNREADABLE


def test_a_row_is_read_into_answers_lists_days_and_a_level(tmp_path: Path) -> None:
    text = (
        "consent_id,case_ref,purpose_publicity,purpose_reporting,purpose_training,channels,identity_level,given_on,excluded_topics,"
        "effective_from,expires_on,withdrawn_on\n"
        'F-1,HL/1,Yes,no,"yes - ask Bren",website; press ;,First Name,02/03/2026,her job;the boat,,,\n'
    )
    read = load_permissions(csv_file(tmp_path / "p.csv", text))
    (row,) = read.rows
    assert row.purposes == (
        (Purpose.PUBLICITY, Answer.YES), (Purpose.REPORTING, Answer.NO), (Purpose.TRAINING, Answer.UNCLEAR),
    )  # fmt: skip
    assert (row.channels, row.excluded_topics) == (("website", "press"), ("her job", "the boat"))
    assert (row.identity_level, row.given_on, row.row) == (IdentityLevel.FIRST_NAME, date(2026, 3, 2), 2)
    assert [str(error) for error in read.errors] == ["p.csv, row 2, column purpose_training: not_known"]


def test_what_cannot_be_understood_is_named_and_spoils_the_row(tmp_path: Path) -> None:
    text = (
        "consent_id,case_ref,expires_on,identity_level,effective_from,withdrawn_on,excluded_topics\n"
        "F-1,HL/1,when we move,somehow,,,\nF-2,,,,,,\nF-3,HL/3,,,,,,surplus\n"
    )
    read = load_permissions(csv_file(tmp_path / "p.csv", text))
    assert [(row.consent_id, row.unreadable) for row in read.rows] == [("F-1", ("expires_on",)), ("F-3", ("cells",))]
    assert sorted(str(error) for error in read.errors) == [
        "p.csv, row 2, column expires_on: not_a_date",
        "p.csv, row 2, column identity_level: not_known",
        "p.csv, row 3, column case_ref: missing",
        "p.csv, row 4: too_many_cells",
    ]
