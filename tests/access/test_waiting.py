"""What waits, what was not looked in, and what the duties of the policy left: all of it is part of the answer (P21, P25)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from tests import flow
from tests.access.test_commands import NOTES, ask, texts

DANGER = NOTES / "12-worker-note-danger.txt"
TWO_OF_A_NAME = NOTES / "24-two-of-one-name.txt"


def data(run: flow.Run) -> dict[str, Any]:
    return json.loads((run.out / "released" / "your-information.json").read_text(encoding="utf-8"))


def decide(
    run: flow.Run, ref: str, digest: str, *words: str, worker: str = "Tansy Orr", manager: str = "Marguerite Vane"
) -> flow.Run:
    people = ("--worker", worker, "--manager", manager, "--why", "It harms nobody: Ottoline Frisk knows it all.")
    return flow.storysafe(run.out, "access", "decide", ref, digest, *people, *words)


@pytest.fixture(autouse=True)
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    return tmp_path / "workspace"


@pytest.fixture
def waiting(tmp_path: Path) -> flow.Run:
    return ask(tmp_path / "out", "HL-2310", DANGER)


def digests(run: flow.Run) -> list[str]:
    return [row["digest"] for row in flow.rows(run.out / "internal" / "for-a-manager.csv")]


def test_a_managers_yes_puts_the_document_into_the_next_pack(waiting: flow.Run, tmp_path: Path) -> None:
    (digest,) = digests(waiting)
    assert data(waiting)["documents"] == []
    assert decide(waiting, "HL-2310", digest, "--give").code == 0
    again = ask(tmp_path / "again", "HL-2310", DANGER)
    assert again.code == 0, again.words
    assert digests(again) == []
    (document,) = data(again)["documents"]
    assert document["name"] == DANGER.name
    (made,) = data(again)["records"]["decisions"]
    assert made["decision"] == "given"
    assert "Ottoline" not in texts(again.out / "released")
    assert "Vane" not in texts(again.out / "released")


def test_a_managers_no_leaves_it_out_and_says_only_that(waiting: flow.Run, tmp_path: Path) -> None:
    assert decide(waiting, "HL-2310", digests(waiting)[0], "--withhold").code == 0
    again = ask(tmp_path / "again", "HL-2310", DANGER)
    assert again.code == 0
    assert data(again)["documents"] == []
    assert [row["kind"] for row in data(again)["left_out"]] == ["files or entries that a manager decided not to give"]
    assert "harms nobody" not in texts(again.out / "released")


def test_a_decision_is_bound_to_the_words_and_to_the_person(waiting: flow.Run, tmp_path: Path) -> None:
    assert decide(waiting, "HL-2310", digests(waiting)[0], "--give").code == 0
    changed = tmp_path / DANGER.name
    changed.write_text(DANGER.read_text(encoding="utf-8") + "\nShe rang again.\n", encoding="utf-8")
    assert len(digests(ask(tmp_path / "changed", "HL-2310", changed))) == 1


def test_where_it_is_not_sure_who_is_meant_a_manager_says_who(tmp_path: Path) -> None:
    run = ask(tmp_path / "out", "HL-2346", TWO_OF_A_NAME)
    assert [row["reason"] for row in flow.rows(run.out / "internal" / "for-a-manager.csv")] == ["ambiguous-client"]
    assert decide(run, "HL-2346", digests(run)[0], "--give").code == 0
    again = ask(tmp_path / "again", "HL-2346", TWO_OF_A_NAME)
    assert len(data(again)["documents"]) == 1
    assert next(row["full_name"] for row in flow.rows(flow.SAMPLES / "clients.csv") if row["case_ref"] == "HL-2346") in texts(
        again.out / "released"
    )


@pytest.mark.parametrize(
    "wrong", [{"worker": "marguerite  vane"}, {"worker": " "}, {"manager": " "}, {"digest": "12"}, {"digest": "Z" * 64}]
)
def test_a_decision_that_is_none_is_refused(waiting: flow.Run, wrong: dict[str, str]) -> None:
    digest = wrong.pop("digest", digests(waiting)[0])
    assert decide(waiting, "HL-2310", digest, "--give", **wrong).code == 2


def test_a_register_that_nobody_looked_in_is_not_called_empty(tmp_path: Path) -> None:
    note = NOTES / "11-case-meeting-minutes.txt"
    run = ask(tmp_path / "out", "HL-2301", note, permissions=None)
    assert (run.code, "Nobody looked under 'Your permissions'" in run.stderr) == (3, True)
    assert data(run)["records"]["permissions"] is None
    text = (run.out / "released" / "your-information.txt").read_text(encoding="utf-8")
    section = text.partition("YOUR PERMISSIONS")[2] or text.partition("Your permissions")[2]
    assert "We did not look in this register" in " ".join(section[:200].split())
    assert "we did not look there" in " ".join((run.out / "released" / "letter.txt").read_text(encoding="utf-8").split())


def test_what_authorities_got_and_what_went_wrong_is_in_the_pack(tmp_path: Path) -> None:
    note = NOTES / "11-case-meeting-minutes.txt"
    organisation = flow.SAMPLES / "organisation.toml"
    for step in (
        ("agreement", "add", "Ellerwick Council", "--notification-clause", "yes", "--reference", "SLA 7"),
        ("disclose", "Ellerwick Council", "--item", note, "--marking", "confidential", "--reason", "It tells of two people",
         "--category", "identifiable", "--organisation", organisation, "--out", tmp_path / "sent"),
        ("breach", "report", "--file", note, "--found-by", "Tansy Orr", "--what", "Nuala Frisk sent the minutes to a stranger.",
         "--severity", "serious"),
        ("breach", "report", "--found-by", "Tansy Orr", "--what", "A bag was lost.", "--severity", "low"),
    ):  # fmt: skip
        assert flow.storysafe(tmp_path, *step).code == 0
    records = data(ask(tmp_path / "out", "HL-2301", note))["records"]
    (given,) = records["disclosed"]
    assert (given["to"], given["under the agreement"], given["was it given"]) == ("Ellerwick Council", "SLA 7", "yes")
    assert given["how it was marked"] == "confidential"
    (breach,) = records["breaches"]
    assert breach["how bad"] == "serious"
    assert "Nuala" not in breach["what happened"]
    assert "the minutes" in breach["what happened"]
    (request,) = records["requests"]
    assert request["received"] == "2026-10-31"
    stranger = data(ask(tmp_path / "other", "HL-2204", NOTES / "01-warm-home-story.md"))["records"]
    assert (stranger["disclosed"], stranger["breaches"]) == ([], [])
    assert hashlib.sha256(note.read_bytes()).hexdigest() not in json.dumps(records)
