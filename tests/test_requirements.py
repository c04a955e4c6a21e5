"""The clauses about permission and holds, each by the test that proves it.

P6, P9, P17, P21 and P16's request form have their cases elsewhere as well: tests/cli/test_permission_cases.py (E05, E11,
E19, E22), tests/cli/test_deciding.py, tests/duties.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import docx
import pytest

from pipeline import publish
from pipeline.domain.telling import Telling
from tests import flow
from tests.cli.test_permission_cases import STORY, House, document, record, shown

OUTCOME = "The arrears of £640 were written off and {first} has kept the tenancy.\n"
LIMITS = {
    "danger": "He said he is going to kill himself if the money stops.",
    "abuse": "Her husband hits her when he has been drinking.",
    "crime": "He told me that he has been dealing cannabis at the school.",
    "law": "The police served us with a court order to disclose the file.",
    "capacity": "He lacks capacity to decide about the money.",
    "terrorism": "He wants to join ISIS and has looked up how to make a bomb.",
}
CASES: list[dict[str, Any]] = [
    {"name": "Rosalind Teasdale", "rows": []},
    {"name": "Petronella Aske", "row": {"given_by": "Cordelia Aske", "authority": "none"}},
    {"name": "Marigold Thwaite", "row": {"given_on": "2026-10-06", "sought_on": "2026-10-06"}},
    {"name": "Clementina Oxspring", "row": {"organisation": "Another Trust"}},
    {
        "name": "Ifrah Wardle",
        "rows": [],
        "story": "{first} {last} is the only Somali girl in the climbing squad and was behind with the rent. " + OUTCOME,
    },
    {
        "name": "Drusilla Penhale",
        "rows": [],
        "story": "{first} {last} came with her friend Cordelia Marsh. Mrs PENHALE was behind with the rent and Dru's friend "
        "Cordelia wrote the letters. D.P. rang us again. " + OUTCOME,
    },
    *({"name": name, "story": f"{{first}} {{last}} was behind with the rent. {said} " + OUTCOME}
      for name, said in zip(
          ("Ambrose Trask", "Seraphina Dunmow", "Lysander Foss", "Venetia Holroyd", "Basil Crake", "Quentin Rudd"),
          LIMITS.values(), strict=True)),
]  # fmt: skip
FIRST_LIMIT = 6


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> flow.Run:
    house = House(tmp_path_factory.mktemp("requirements"), secret)
    house.fill(CASES)
    return house.run()


def publicity(told: flow.Run, number: int) -> str:
    found = record(told, number, "publicity")
    assert found["status"] == "released", found
    return document(told, number, "publicity")


def test_p5_what_is_told_of_somebody_who_left_is_protected_as_before(tmp_path: Path, secret: Path) -> None:
    texts = []
    for folder, closed in (("open", ""), ("closed", "2026-01-31")):
        house = House(tmp_path / folder, secret)
        house.fill([{"name": "Rosalind Teasdale", "rows": []}])
        clients = (house.root / "clients.csv").read_text(encoding="utf-8").splitlines()
        (house.root / "clients.csv").write_text(f"{clients[0]},closed_on\n{clients[1]},{closed}\n", encoding="utf-8")
        texts.append(document(house.run(purpose="publicity"), 0, "publicity"))
    assert texts[0] == texts[1]
    assert "Teasdale" not in texts[0]


def test_p6_a_form_for_another_organisation_is_none(told: flow.Run) -> None:
    assert shown(publicity(told, 3), CASES[3]["name"]) == "anonymous"


@pytest.mark.parametrize(
    ("audience", "name", "reason"),
    [
        ({"recipient": "Funder A"}, "full", "permitted"),
        ({"recipient": "funder a", "channel": "Website"}, "full", "permitted"),
        ({"recipient": "Funder B"}, "anonymous", "recipient_not_granted"),
        ({"channel": "press"}, "anonymous", "channel_not_granted"),
    ],
    ids=["Funder A", "Funder A, in other letters", "Funder B", "press"],
)
def test_p8_a_permission_for_one_audience_is_none_for_another(
    tmp_path: Path, secret: Path, audience: dict[str, str], name: str, reason: str
) -> None:
    house = House(tmp_path, secret)
    house.fill([{"name": "Rosalind Teasdale"}])
    run = house.run(purpose="publicity", **audience)
    found = record(run, 0, "publicity")
    assert (shown(publicity(run, 0), "Rosalind Teasdale"), found["permission"]) == (name, reason)
    if name == "full":
        assert found["recipients"] == ["public", "Funder A"]


def test_p9_a_sister_cannot_sign(told: flow.Run) -> None:
    assert shown(publicity(told, 1), CASES[1]["name"]) == "anonymous"


def test_p13_what_singles_somebody_out_is_gone_or_held(told: flow.Run) -> None:
    for purpose in ("publicity", "training"):
        found = record(told, 4, purpose)
        assert found["status"] == "held" or not re.search(r"Somali|only\b.*\bgirl|climbing", document(told, 4, purpose))


def test_p15_there_are_three_purposes_that_tell_differently_and_no_fourth(told: flow.Run, tmp_path: Path) -> None:
    texts = {document(told, 0, purpose) for purpose in ("publicity", "reporting", "training")}
    assert len(texts) == 3
    note = tmp_path / "note.txt"
    note.write_text(STORY, encoding="utf-8")
    refused = flow.storysafe(tmp_path, "run", note, "--out", tmp_path / "out", "--purpose", "fundraising")
    assert refused.code == 2
    assert not (tmp_path / "out").exists()


def test_p16_a_story_that_nobody_was_asked_about_is_a_draft(told: flow.Run) -> None:
    assert record(told, 0, "publicity")["sought"] is False
    assert re.search(r"\bdraft\b", publicity(told, 0), re.IGNORECASE)
    assert not re.search(r"\bdraft\b", publicity(told, 1), re.IGNORECASE)


@pytest.mark.parametrize(("word", "status"), [("hold", "held"), ("release", "released")])
def test_p16_the_policy_says_what_becomes_of_it(tmp_path: Path, secret: Path, templates: Path, word: str, status: str) -> None:
    house = House(tmp_path, secret)
    house.fill([{"name": "Rosalind Teasdale", "rows": []}])
    text = (templates / "policy.toml").read_text(encoding="utf-8")
    (tmp_path / "policy.toml").write_text(text.replace('unsought = "draft"', f'unsought = "{word}"'), encoding="utf-8")
    run = house.run(purpose="publicity", policy=tmp_path / "policy.toml")
    found = record(run, 0, "publicity")
    assert found["status"] == status
    if status == "held":
        assert found["reasons"] == ["permission-not-sought"]
    else:
        assert not re.search(r"\bdraft\b", publicity(run, 0), re.IGNORECASE)


def test_p17_a_permission_of_tomorrow_is_none_today(told: flow.Run) -> None:
    assert shown(publicity(told, 2), CASES[2]["name"]) == "anonymous"
    assert record(told, 2, "publicity")["permission"] == "not_yet_effective"


def test_p18_no_wording_of_a_name_survives_in_any_part_and_two_people_stay_two(told: flow.Run) -> None:
    (output,) = [o["path"] for o in record(told, 5, "publicity")["outputs"] if o["path"].endswith(".docx")]
    parts = "\n".join(flow.strings(told.out / output))
    assert not re.search(r"(?i)\b(drusilla|penhale|dru|cordelia|marsh)\b|D\.P\.", parts)
    assert re.search(r"(?i)friend", parts)


@pytest.mark.parametrize(("number", "limit"), list(enumerate(LIMITS, FIRST_LIMIT)))
@pytest.mark.parametrize("purpose", ["publicity", "reporting", "training"])
def test_p20_each_limit_holds_its_story_for_every_purpose(told: flow.Run, number: int, limit: str, purpose: str) -> None:
    found = record(told, number, purpose)
    assert (found["status"], found["reasons"], found["outputs"]) == ("held", ["safeguarding"], [])
    assert found["detail"] == limit
    everything = "\n".join("\n".join(flow.strings(p)) for p in told.released() if p.suffix in (".docx", ".xlsx"))
    assert CASES[number]["name"].split()[1] not in everything


def test_p28_a_name_that_got_into_a_document_stops_it_and_is_on_record(
    tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path, secret)
    house.fill([{"name": "Rosalind Teasdale", "rows": []}])
    honest = publish.write_publicity

    def careless(telling: Telling, *rest: Any) -> None:
        honest(telling, *rest)
        (draft,) = [one for one in rest if isinstance(one, Path) and one.parent.name == "publicity" and one.exists()]
        document = docx.Document(str(draft))
        document.add_paragraph("Thanks to Rosalind Teasdale.")
        document.save(str(draft))

    monkeypatch.setattr(publish, "write_publicity", careless)
    run = house.run(purpose="publicity")
    assert record(run, 0, "publicity")["reasons"] == ["leak-found"]
    assert not [path for path in run.released() if path.parent.name == "publicity"]
    trail = (run.out / "internal" / "audit.jsonl").read_text(encoding="utf-8").splitlines()
    assert any('"leak-found"' in json.dumps(json.loads(line)) for line in trail)
