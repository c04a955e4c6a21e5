"""``storysafe seek`` and ``storysafe policy``, as they are typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests import flow

DAY = "2026-11-22"


@pytest.fixture
def registers(tmp_path: Path) -> list[str | Path]:
    names = ("organisation", "clients", "permissions", "decisions")
    files = [flow.SAMPLES / f"{name}.{'toml' if name == 'organisation' else 'csv'}" for name in names]
    given = [item for name, file in zip(names, files, strict=True) for item in (f"--{name}", file)]
    return [*given, "--workspace", tmp_path / "workspace", "--on", DAY]


def test_a_pack_is_written_for_each_person_who_may_be_asked(registers, tmp_path: Path):
    out = tmp_path / "out"
    run = flow.storysafe(out, "seek", "HL-2110", "HL-2113", "--out", out, *registers)
    assert run.code == 0
    assert len(list(out.iterdir())) == 8
    assert "Petronella Rashford-Hale" in (out / "request-0001.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("case_ref", "why"),
    [("HL-2293", "refused every use"), ("HL-2277", "took it back"), ("HL-0000", "is nobody"), ("HL-2324", "lacks capacity")],
)
def test_nobody_is_asked_again_who_said_no_or_cannot_decide(registers, tmp_path: Path, case_ref: str, why: str):
    out = tmp_path / "out"
    run = flow.storysafe(out, "seek", case_ref, "HL-2110", "--out", out, *registers)
    assert run.code == 3, why
    assert "Reference 1: no request was written" in run.stderr
    assert {path.stem.removesuffix("-large-print") for path in out.iterdir()} == {"request-0002"}


def test_neither_the_screen_nor_a_file_name_says_who_was_asked(registers, tmp_path: Path):
    out = tmp_path / "out"
    run = flow.storysafe(out, "seek", "HL-2110", "--out", out, *registers)
    said = run.words + " ".join(path.name for path in out.iterdir())
    for value in ("HL-2110", "Petronella", "Rashford"):
        assert value not in said.replace(str(tmp_path), "")


def test_the_version_that_suits_a_need_is_named(registers, tmp_path: Path):
    run = flow.storysafe(tmp_path, "seek", "HL-2110", "--out", tmp_path / "out", "--need", "large print", *registers)
    assert "request-0001-large-print.docx" in run.stdout


def test_an_attempt_is_kept_and_listed_without_a_name(tmp_path: Path):
    kept = ("--workspace", tmp_path / "workspace")
    asked = ("seek", "record", "HL-2110", "--on", DAY, "--method", "in person", "--by", "Marguerite Vane", "--note", "rang first")
    assert flow.storysafe(tmp_path, *asked, *kept).code == 0
    run = flow.storysafe(tmp_path, "seek", "list", *kept)
    assert run.stdout.split() == ["HL-2110", DAY, "in", "person"]
    assert flow.storysafe(tmp_path, "seek", "list", "HL-9999", *kept).stdout == ""


@pytest.mark.parametrize(
    "wrong",
    [
        ("record", "HL-2110", "--method", "pigeon", "--by", "A"),
        ("record", "HL-2110", "--method", "letter"),
        ("record", "HL-2110", "--method", "letter", "--by", " "),
        ("record", " ", "--method", "letter", "--by", "A"),
        ("record", "HL-2110", "--method", "letter", "--by", "A", "--on", "2999-01-01"),
        ("HL-2110",),
    ],
)
def test_an_attempt_that_says_too_little_is_refused(tmp_path: Path, wrong: tuple[str, ...]):
    assert flow.storysafe(tmp_path, "seek", *wrong, "--workspace", tmp_path / "workspace").code == 2


def test_the_papers_are_built_for_the_named_organisation(tmp_path: Path):
    out = tmp_path / "out"
    run = flow.storysafe(out, "policy", "build", "--organisation", flow.SAMPLES / "organisation.toml", "--out", out, "--on", DAY)
    assert run.code == 0
    assert "Harbour Lane Community Trust" in (out / "confidentiality-policy.txt").read_text(encoding="utf-8")


def test_papers_without_a_name_are_not_built(templates: Path, tmp_path: Path):
    out = tmp_path / "out"
    run = flow.storysafe(out, "policy", "build", "--organisation", templates / "organisation.toml", "--out", out)
    assert run.code == 2
    assert "still says (Name of Organisation)" in run.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("on", "code", "said"),
    [
        ("2026-11-22", 0, "due in 271 days"),
        ("2027-08-19", 0, "due soon, in 1 day."),
        ("2027-08-20", 0, "due soon, in 0 days"),
        ("2027-08-21", 3, "OVERDUE by 1 day."),
        ("2025-08-19", 3, "NOT YET APPROVED"),
    ],
)
def test_a_review_says_what_is_overdue(templates: Path, tmp_path: Path, on: str, code: int, said: str):
    days = {"approved_on": "2025-08-20", "review_by": "2027-08-20"}
    text = (templates / "policy.toml").read_text(encoding="utf-8")
    for key, day in days.items():
        text = re.sub(rf"(?m)^{key} = [\d-]+", f"{key} = {day}", text)
    (tmp_path / "policy.toml").write_text(text, encoding="utf-8")
    run = flow.storysafe(tmp_path, "policy", "review", "--policy", tmp_path / "policy.toml", "--on", on)
    assert run.code == code
    assert said in run.stdout
