"""One row of the permission register, and the signed form that it names."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath, PureWindowsPath

from pipeline.domain.permission import Answer, Evidence, IdentityLevel, Permission, Purpose
from pipeline.records.cells import read_answer, read_date, read_level, read_list
from pipeline.records.rows import RowError
from pipeline.records.tables import Row

COLUMNS = (
    "consent_id", "case_ref", "subject_name", "dob", "given_by", "authority", "capacity", "best_interest_ref",
    "purpose_publicity", "purpose_reporting", "purpose_training", "channels", "recipients", "identity_level",
    "photo", "quote", "quote_approved_on", "excluded_topics", "organisation", "form_version", "explained_on",
    "explained_by", "comms_support", "method", "sought_on", "response", "given_on", "effective_from",
    "expires_on", "withdrawn_on", "scope", "evidence_file", "evidence_hash", "final_copy_approved_on",
)  # fmt: skip
LIMITS = ("excluded_topics", "effective_from", "expires_on", "withdrawn_on")
"""Columns that end or narrow a permission: a register without one of them says less than was signed."""
_DATES = (
    "dob", "quote_approved_on", "sought_on", "given_on", "effective_from", "expires_on", "withdrawn_on",
    "final_copy_approved_on",
)  # fmt: skip


def read_permission(row: Row, name: str, folder: Path, errors: list[RowError]) -> Permission | None:
    """The permission of a row; what cannot be understood is named in ``unreadable`` and in ``errors``.

    ``folder`` is the register's own: ``evidence_file`` is relative to it.  ``None`` without a case reference.
    """
    if not row.cell("case_ref"):
        errors.append(RowError(name, row.number, "case_ref", "missing"))
        return None
    problems: list[tuple[str, str]] = []
    days = {column: _day(row, column, problems) for column in _DATES}
    answers = tuple((purpose, _answer(row, f"purpose_{purpose}", problems)) for purpose in Purpose)
    level = read_level(row.cell("identity_level"))
    if level is None and row.cell("identity_level"):
        problems.append(("identity_level", "not_known"))
    errors.extend(RowError(name, row.number, column, problem) for column, problem in problems)
    # An unclear purpose spoils itself only, and a level is judged where it matters; a date can hide an end.
    unreadable = tuple(column for column, problem in problems if problem == "not_a_date")
    evidence = check_evidence(folder, row.cell("evidence_file"), row.cell("evidence_hash"))
    return _permission(row, days, answers, level, evidence, unreadable + (("cells",) if row.overflow else ()))


def _permission(
    row: Row,
    days: Mapping[str, date | None],
    answers: tuple[tuple[Purpose, Answer], ...],
    level: IdentityLevel | None,
    evidence: Evidence,
    unreadable: tuple[str, ...],
) -> Permission:
    return Permission(
        consent_id=row.cell("consent_id"),
        case_ref=row.cell("case_ref"),
        row=row.number,
        subject_name=row.cell("subject_name"),
        dob=days["dob"],
        given_by=row.cell("given_by"),
        authority=row.cell("authority"),
        capacity=row.cell("capacity"),
        best_interest_ref=row.cell("best_interest_ref"),
        purposes=answers,
        channels=read_list(row.cell("channels")),
        recipients=read_list(row.cell("recipients")),
        identity_level=level,
        photo=read_answer(row.cell("photo")),
        quote=read_answer(row.cell("quote")),
        quote_approved_on=days["quote_approved_on"],
        excluded_topics=read_list(row.cell("excluded_topics")),
        organisation=row.cell("organisation"),
        method=row.cell("method"),
        response=row.cell("response"),
        sought_on=days["sought_on"],
        given_on=days["given_on"],
        effective_from=days["effective_from"],
        expires_on=days["expires_on"],
        withdrawn_on=days["withdrawn_on"],
        scope=row.cell("scope"),
        evidence=evidence,
        final_copy_approved_on=days["final_copy_approved_on"],
        unreadable=unreadable,
    )


def check_evidence(folder: Path, file: str, digest: str) -> Evidence:
    """Whether the signed form is there, is not empty and is the file whose sha256 was recorded (E16, E17)."""
    if not file:
        return Evidence.NOT_NAMED
    if PureWindowsPath(file).is_absolute() or PurePosixPath(file).is_absolute():
        return Evidence.MISSING
    path = folder / PurePosixPath(file.replace("\\", "/"))
    if ".." in path.parts[len(folder.parts) :] or not path.is_file():
        return Evidence.MISSING
    try:
        with path.open("rb") as stream:
            found = hashlib.file_digest(stream, "sha256").hexdigest()
        empty = path.stat().st_size == 0
    except OSError:
        return Evidence.UNREADABLE
    wanted = digest.strip().lower().removeprefix("sha256:")
    if empty or (wanted and not hmac.compare_digest(found.encode(), wanted.encode())):
        return Evidence.UNREADABLE
    return Evidence.PRESENT


def _day(row: Row, column: str, problems: list[tuple[str, str]]) -> date | None:
    try:
        return read_date(row.cell(column))
    except ValueError:
        problems.append((column, "not_a_date"))
        return None


def _answer(row: Row, column: str, problems: list[tuple[str, str]]) -> Answer:
    answer = read_answer(row.cell(column))
    if answer is Answer.UNCLEAR and row.cell(column):
        problems.append((column, "not_known"))
    return answer
