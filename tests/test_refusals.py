"""A no is a no: however it is written, whoever recorded it, and whatever else the registers say."""

from __future__ import annotations

import pytest

from tests import flow
from tests.flow import SAMPLES

NOTE = """Case ref: TT-0001
Perpetua Lidgate owed rent when she first came to us. Our adviser wrote to her landlord.
The arrears of £640 were written off and she has kept her tenancy.
"""
CLIENTS = "case_ref,full_name\nTT-0001,Perpetua Lidgate\nTT-0002,Clementina Oxspring\n"
DECISIONS = "case_ref,purpose,reason,decision,decided_by,manager,why,decided_on\n"


@pytest.fixture
def told(tmp_path, secret):
    """Tell one note with small registers, and give the reason or status for publicity."""

    def tell(note: str = NOTE, permission: str = "", decisions: str = "") -> str:
        files = {"note.txt": note, "clients.csv": CLIENTS, "permissions.csv": permission or "case_ref\n"}
        files |= {"decisions.csv": DECISIONS + decisions, "stories.csv": "file,case_ref\n"}
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        registers = {name: tmp_path / f"{name}.csv" for name in ("clients", "permissions", "decisions", "stories")}
        run = flow.run(tmp_path / "out", tmp_path / "note.txt", secret=secret, purpose="publicity", overwrite=True, **registers)
        return run.endings()["note.txt"]

    return tell


REFUSED = "case_ref,subject_name,given_by,authority,method,response,scope\n{},{},{},self,letter,refused,no use at all\n"


def test_without_any_record_the_story_is_told_anonymised(told):
    assert told() == "released"


@pytest.mark.parametrize("ref", ["TT-0001", "tt-0001", " TT-0001 "])
def test_a_refusal_counts_however_the_reference_is_typed(told, ref):
    assert told(permission=REFUSED.format(ref, "Perpetua Lidgate", "Perpetua Lidgate")) == "permission-refused"


def test_a_refusal_counts_when_only_the_name_says_whose_story_it_is(told):
    note = NOTE.replace("Case ref: TT-0001\n", "").replace("Perpetua Lidgate", "Clementina Oxspring")
    refused = REFUSED.format("TT-0002", "Clementina Oxspring", "Clementina Oxspring")
    assert told(note, permission=refused) == "permission-refused"


@pytest.mark.parametrize(
    "row",
    [
        "TT-0001,publicity,safeguarding,withhold,A Worker,B Manager,because,2026-10-01\n",
        "TT-0001,publicity,safeguarding,withhold,A Worker,A Worker,because,2026-10-01\n",
        "TT-0001,publicity,safeguarding,withhold,A Worker,B Manager,because,someday\n"
        "TT-0001,publicity,safeguarding,release,A Worker,B Manager,because,2026-10-01\n",
    ],
    ids=["sound", "self-approved", "undated, then released"],
)
def test_a_managers_withhold_counts_even_in_a_faulty_row(told, row):
    assert told(decisions=row) == "safeguarding"


def test_a_death_told_with_a_pronoun_holds_and_a_relatives_death_does_not(told):
    assert told(NOTE + "Sadly she died on 4 May.\n") == "deceased"
    assert told(NOTE + "Her husband was ill for years before he died.\n") == "released"


def test_the_demo_never_writes_over_a_real_run(tmp_path, secret):
    flow.run(tmp_path / "out", SAMPLES / "notes" / "01-warm-home-story.md", secret=secret, purpose="publicity")
    before = (tmp_path / "out" / "internal" / "audit.jsonl").read_bytes()
    assert flow.storysafe(tmp_path / "out", "demo", "--out", tmp_path / "out").code == 2
    assert (tmp_path / "out" / "internal" / "audit.jsonl").read_bytes() == before
