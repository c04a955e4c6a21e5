"""``storysafe access``, as it is typed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests import flow

NOTES = flow.SAMPLES / "notes"
CHOSEN = ("11-case-meeting-minutes.txt", "12-worker-note-danger.txt", "22-cut-short.docx", "24-two-of-one-name.txt")


def ask(out: Path, ref: str, *inputs: Path, **options: object) -> flow.Run:
    given = {name: flow.SAMPLES / f"{name}.csv" for name in ("clients", "stories", "permissions", "decisions")}
    given |= {"organisation": flow.SAMPLES / "organisation.toml", "on": "2026-11-22", "received": "2026-10-31", **options}
    words = [item for name, value in given.items() if value is not None for item in (f"--{name}", str(value))]
    return flow.storysafe(out, "access", ref, *inputs, "--out", out, *words)


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> flow.Run:
    folder = tmp_path_factory.mktemp("access")
    clients = (flow.SAMPLES / "clients.csv").read_text(encoding="utf-8").splitlines()
    rows = [clients[0] + ",communication_need,warden", *(line + ",," for line in clients[1:])]
    rows = [row[:-2] + ",large print,Ask Ravinder Mossley" if row.startswith("HL-2301") else row for row in rows]
    (folder / "clients.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    out = folder / "out"
    return ask(out, "HL-2301", *(NOTES / name for name in CHOSEN), clients=folder / "clients.csv", workspace=folder / "workspace")


@pytest.fixture
def released(answered: flow.Run) -> Path:
    return answered.out / "released"


def texts(folder: Path) -> str:
    plain = [path.read_text(encoding="utf-8") for path in folder.iterdir() if path.suffix in (".txt", ".html", ".json")]
    return "\n".join([*plain, *("\n".join(flow.strings(path)) for path in folder.glob("*.docx"))])


def test_the_pack_comes_in_every_version_with_a_letter_and_as_data(answered: flow.Run, released: Path):
    assert answered.code == 3  # a file could not be read
    endings = (".docx", "-large-print.docx", ".txt", ".html")
    names = {f"{stem}{ending}" for stem in ("letter", "your-information") for ending in endings}
    assert {path.name for path in released.iterdir()} == names | {"your-information.json"}


def test_the_version_that_suits_the_recorded_need_is_named_first(answered: flow.Run):
    assert "letter-large-print.docx" in answered.stdout
    assert "your-information-large-print.docx" in answered.stdout


def test_the_pack_holds_their_record_whole(released: Path):
    row = next(row for row in flow.rows(flow.SAMPLES / "clients.csv") if row["case_ref"] == "HL-2301")
    for name in ("your-information.txt", "your-information.html"):
        text = " ".join((released / name).read_text(encoding="utf-8").split())
        assert not [value for value in row.values() if value and value not in text]
    data = json.loads((released / "your-information.json").read_text(encoding="utf-8"))
    assert {key: data["records"]["client_list"][0].get(key, "") for key in row} == row
    assert data["request"]["due"] == "2026-11-30"


def test_no_byte_of_the_pack_holds_anybody_else(released: Path):
    said = texts(released)
    for row in flow.rows(flow.SAMPLES / "clients.csv"):
        if row["case_ref"] != "HL-2301":
            assert not [row[key] for key in ("case_ref", "full_name", "phone", "email") if row[key] and row[key] in said]
    assert not [name for name in ("Rosa", "Delacroix", "Nuala", "Tansy", "Pellow", "Ravinder", "Mossley") if name in said]


def test_a_column_of_the_organisations_own_is_given_without_the_others_in_it(released: Path):
    data = json.loads((released / "your-information.json").read_text(encoding="utf-8"))
    assert data["records"]["client_list"][0]["warden"].startswith("Ask [")


def test_a_file_that_cannot_be_read_is_listed_and_not_passed_over(answered: flow.Run, released: Path):
    assert "22-cut-short.docx" in (released / "your-information.txt").read_text(encoding="utf-8")
    assert "1 files could not be read" in answered.stderr


def test_neither_the_screen_nor_the_trail_says_who_asked(answered: flow.Run):
    trail = (answered.out / "internal" / "audit.jsonl").read_text(encoding="utf-8")
    for value in ("HL-2301", "Leonard", "Sharp"):
        assert value not in answered.words + trail


def test_what_a_limit_touches_waits_for_a_manager_and_is_not_explained(tmp_path: Path):
    run = ask(tmp_path / "out", "HL-2310", NOTES / "12-worker-note-danger.txt")
    assert run.code == 3
    (row,) = flow.rows(run.out / "internal" / "for-a-manager.csv")
    assert (row["file"], row["reason"], row["limit"]) == ("12-worker-note-danger.txt", "safeguarding", "danger")
    said = texts(run.out / "released")
    assert not [value for value in ("julie", "flat 3", "friday") if value in said]
    assert "files or entries that a manager has to look at first" in said
    assert "danger" not in said


def test_a_reference_that_is_nobodys_or_two_peoples_is_refused_without_being_repeated(tmp_path: Path):
    nobody = ask(tmp_path / "one", "HL-0000", NOTES / CHOSEN[0])
    assert (nobody.code, "nobody with that reference" in nobody.stderr) == (2, True)
    twice = tmp_path / "clients.csv"
    shutil.copy(flow.SAMPLES / "clients.csv", twice)
    lines = twice.read_text(encoding="utf-8").splitlines()
    twice.write_text("\n".join([*lines, next(line for line in lines if line.startswith("HL-2301"))]), encoding="utf-8")
    two = ask(tmp_path / "two", "HL-2301", NOTES / CHOSEN[0], clients=twice)
    assert (two.code, "2 rows with that reference" in two.stderr) == (2, True)
    for run in (nobody, two):
        assert not (run.out / "released").exists()
        assert "HL-" not in run.words


def test_requests_are_listed_by_the_day_they_are_due_until_they_are_sent(answered: flow.Run):
    kept = ("--workspace", answered.out.parent / "workspace")
    listed = flow.storysafe(answered.out, "access", "list", "--on", "2026-11-22", *kept)
    assert listed.stdout.split() == ["AR-1", "HL-2301", "received", "2026-10-31", "due", "2026-11-30", "open"]
    assert flow.storysafe(answered.out, "access", "list", "--on", "2026-12-01", *kept).code == 3
    assert flow.storysafe(answered.out, "access", "sent", "AR-9", *kept).code == 2
    assert flow.storysafe(answered.out, "access", "sent", "AR-1", "--on", "2026-11-20", *kept).code == 0
    assert flow.storysafe(answered.out, "access", "list", *kept).stdout == ""
    assert "sent 2026-11-20" in flow.storysafe(answered.out, "access", "list", "--all", *kept).stdout


@pytest.mark.parametrize("wrong", [{"received": "2999-01-01"}, {"clients": None}, {"received": None}])
def test_a_request_that_says_too_little_is_refused(tmp_path: Path, wrong: dict[str, object]):
    assert ask(tmp_path / "out", "HL-2301", NOTES / CHOSEN[0], **wrong).code == 2


def test_a_pack_in_which_somebody_else_stands_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from pipeline.access import extract, gather

    def keeps_names(sighting, seeker, workers=False):
        decided = extract.decide_whose(sighting, seeker, workers)
        kept = tuple(decision for decision in decided if decision.rule_id != extract.GONE)
        return extract.Extract(sighting, extract.parts_about(sighting, seeker), kept)

    monkeypatch.setattr(gather, "extract", keeps_names)
    monkeypatch.setattr(gather, "without", lambda given, leaks, seeker: given)
    run = ask(tmp_path / "out", "HL-2302", NOTES / CHOSEN[0])
    assert run.code == 3
    assert not (run.out / "released").exists()
    (row,) = flow.rows(run.out / "internal" / "held.csv")
    assert row["reason"] == "leak-found"
    assert "PERSON" in row["detail"]
    assert "Sharp" not in run.words + (run.out / "internal" / "held.csv").read_text(encoding="utf-8")
