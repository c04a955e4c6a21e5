"""A recorded communication need chooses the version that is named first (P27)."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.records.registers import load_clients
from tests import flow

ROWS = "case_ref,full_name,communication_need\nHL-9001,Edith Larkmoor,{need}\n"


def test_the_client_list_may_say_what_helps_a_person(tmp_path: Path):
    (tmp_path / "clients.csv").write_text(ROWS.format(need="uses a screen reader"), encoding="utf-8")
    read = load_clients(tmp_path / "clients.csv")
    assert (read.rows[0].communication_need, read.warnings) == ("uses a screen reader", ())


@pytest.mark.parametrize(
    ("recorded", "said", "first"),
    [
        ("large print", None, "request-0001-large-print.docx"),
        ("uses a screen reader", None, "request-0001.txt"),
        ("large print", "on screen", "request-0001.html"),
        ("", None, "request-0001.docx"),
    ],
)
def test_a_request_for_permission_names_the_version_that_suits(tmp_path: Path, recorded: str, said: str | None, first: str):
    clients = tmp_path / "clients.csv"
    clients.write_text(ROWS.format(need=recorded), encoding="utf-8")
    words = ["seek", "HL-9001", "--out", tmp_path / "out", "--clients", clients, "--workspace", tmp_path / "workspace"]
    words += ["--organisation", flow.SAMPLES / "organisation.toml"] + (["--need", said] if said else [])
    assert flow.storysafe(tmp_path, *words).stdout.strip().endswith(first)
