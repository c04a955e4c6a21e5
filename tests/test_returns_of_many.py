"""20,000 cases make an annual return: the command itself, in memory that hardly grows with the list."""

from __future__ import annotations

import csv
import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

HEADER = (
    "case_ref full_name date_of_birth gender address postcode phone email service referred_on closed_on outcome outcome_value "
    "age_band ethnicity district"
).split()
FIRST = "Ottoline Barnaby Persis Crispin Isadora Lysander Ariadne Peregrin Drusilla Ignatius".split()
LAST = "Quillfeather Marrowby Tansley Oxterby Wimbush Harklow Penfold Thistlewood Gantry Dunmere".split()
SERVICES, OUTCOMES = ("Housing", "Money Advice", "Carers", "Work Club"), ("Rehoused", "Debt cleared", "Job found", "Open", "")
NOTE = """Case ref: BM-00003
He came to us in spring, owing £400 in rent arrears. Our adviser wrote to the landlord.
The arrears were written off and he has kept the tenancy.
"""
MIB = 2**20
A_ROW = 10 * 1024  # bytes: what the registers' index, the names to look for and the row itself may take


def write_clients(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as table:
        rows = csv.writer(table)
        rows.writerow(HEADER)
        for n, (first, last) in zip(range(count), itertools.cycle(itertools.product(FIRST, LAST)), strict=False):
            rows.writerow([
                f"BM-{n:05d}", f"{first} {last}{chr(97 + n // 100 % 26) * 2}", f"{1940 + n % 70}-0{1 + n % 9}-{10 + n % 18}",
                "FM"[n % 2], f"{n % 200 + 1} Marrow Lane", f"LD9 {n % 9 + 1}QZ", f"01632 960{n % 1000:03d}", f"c{n}@post.example",
                SERVICES[n % 4], f"202{4 + n % 3}-0{1 + n % 9}-11", "" if n % 3 else "2026-11-01", OUTCOMES[n % 5], n % 4000,
                f"{20 + 10 * (n % 5)}-{29 + 10 * (n % 5)}", ("White British", "Arab", "Mixed")[n % 3], f"District {n % 7}",
            ])  # fmt: skip


def run_of(count: int, folder: Path) -> tuple[int, Path]:
    """The peak of resident memory in bytes of a run for reporting with so many clients, and its output."""
    folder.mkdir()
    write_clients(folder / "clients.csv", count)
    (folder / "note.txt").write_text(NOTE, encoding="utf-8")
    given = ["--out", str(folder / "out"), "--workspace", str(folder / "office"), "--clients", str(folder / "clients.csv")]
    command = [sys.executable, "-m", "pipeline", "run", str(folder / "note.txt"), *given, "--purpose", "reporting"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), folder / "out"


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="the peak of another process is read with wait4")
def test_a_return_of_20_000_cases_takes_little_more_memory_than_one_of_a_thousand(tmp_path: Path) -> None:
    few, _ = run_of(1_000, tmp_path / "few")
    many, out = run_of(20_000, tmp_path / "many")
    assert many - few < 19_000 * A_ROW, f"{few / MIB:.0f} MiB became {many / MIB:.0f} MiB"
    book = load_workbook(out / "released" / "reporting" / "annual-return.xlsx", read_only=True)
    services = {row[0]: row[1] for row in book["People in each service"].iter_rows(values_only=True) if row[0]}
    assert {services[name] for name in SERVICES} == {5_000}
    assert services["Everyone"] == 20_000
