"""The clauses of the policy, each proved through the command line as its row of policy_clauses.toml says.

P1, P5, P6, P8, P9, P13, P15 to P18, P20, P21 and P28 are in test_requirements.
"""

from __future__ import annotations

import csv
import os
import re
import stat
import tomllib
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from sqlalchemy import create_engine, text

from tests import flow
from tests.cli.test_permission_cases import House, document, record

DATA = tomllib.loads((Path(__file__).parent / "policy_clauses.toml").read_text(encoding="utf-8"))
STORIES: list[dict[str, Any]] = DATA["story"]
ROWS: list[dict[str, Any]] = DATA["row"]
DUE = ("P2", "P3", "P4", "P7", "P10", "P11", "P12", "P14", "P19", "P22", "P23", "P24", "P25", "P26", "P27", "P29", "P30")


def name_of(row: dict[str, Any]) -> str:
    return f"{row['clause']}: {row['says']}"


def test_every_clause_has_its_row() -> None:
    assert {row["clause"] for row in (*STORIES, *ROWS)} == set(DUE)


# ---- stories that share a run --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> flow.Run:
    house = House(tmp_path_factory.mktemp("clauses"), secret)
    house.fill([{"name": row["name"], "story": row["note"], "rows": []} for row in STORIES])
    extra = [row.get("client", {}) for row in STORIES]
    path = house.root / "clients.csv"
    with path.open(encoding="utf-8", newline="") as table:
        clients = [{**row, **more} for row, more in zip(csv.DictReader(table), extra, strict=True)]
    columns = list(dict.fromkeys(column for row in clients for column in row))
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.DictWriter(table, columns, restval="")
        writer.writeheader()
        writer.writerows(clients)
    return house.run()


def written(path: Path) -> str:
    """Everything in a file: every part of a package, or its text."""
    return "\n".join(flow.strings(path)) if path.suffix in (".docx", ".xlsx") else path.read_text(encoding="utf-8")


def said(told: flow.Run) -> str:
    """Everything but the review packs: the screen, the trail, the lists, and every part of every released file."""
    lists = (path for path in (told.out / "internal").iterdir() if path.suffix in (".jsonl", ".csv", ".json"))
    parts = "\n".join(written(path) for path in told.released())
    return "\n".join((told.words, *(path.read_text(encoding="utf-8") for path in lists), parts))


def pack(told: flow.Run, number: int) -> str:
    story = next(line["story"] for line in told.manifest()["inputs"] if Path(line["source"]).name == f"n{number:02}.txt")
    return flow.text_of(told.out / "internal" / "review" / f"{story}-publicity.docx")


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[name_of(row) for row in STORIES])
def test_a_story_is_told_as_its_clause_asks(told: flow.Run, number: int) -> None:
    row, found = STORIES[number], record(told, number, "publicity")
    if "reasons" in row:
        assert (found["status"], found["reasons"], found["outputs"]) == ("skipped", row["reasons"], [])
        return
    assert found["status"] == "released", found
    words = document(told, number, "publicity")
    for pattern in row.get("absent", ()):
        assert not re.search(pattern, words), pattern
    for pattern in row.get("present", ()):
        assert re.search(pattern, words), (pattern, words)
    for pattern in row.get("review", ()):
        assert re.search(pattern, pack(told, number)), pattern
    for value in row.get("gold", ()):
        assert value not in said(told), value


@pytest.mark.parametrize("row", [row for row in STORIES if row.get("everywhere")], ids=name_of)
def test_what_is_not_needed_is_nowhere(told: flow.Run, row: dict[str, Any]) -> None:
    everything = [path for path in told.out.rglob("*") if path.is_file()]
    texts = [written(path) for path in everything]
    records = (told.out.parent / "workspace" / "records.db").read_bytes().decode("latin-1")
    for value in row["gold"]:
        assert not [text for text in (*texts, records) if value in text]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps who may read a folder elsewhere")
def test_p10_what_is_internal_opens_to_its_owner_alone(told: flow.Run) -> None:
    for folder in (told.out / "internal", told.out.parent / "workspace"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in (told.out.parent / "workspace").glob("records.db*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("number", [n for n, row in enumerate(STORIES) if "no_parts" in row])
def test_p11_a_document_has_no_part_for_comments(told: flow.Run, number: int) -> None:
    (path,) = [o["path"] for o in record(told, number, "publicity")["outputs"] if o["path"].endswith(".docx")]
    with zipfile.ZipFile(told.out / path) as package:
        assert not [part for part in package.namelist() for name in STORIES[number]["no_parts"] if name in part]


# ---- rows of their own ---------------------------------------------------------------------------------------------


def make(folder: Path, templates: Path, secret: Path) -> dict[str, str]:
    """The files that the steps name."""
    for name in ("report", "budget", "leaflet"):
        document = docx.Document()
        document.add_paragraph(f"This is the {name}.")
        document.save(str(folder / f"{name}.docx"))
    scan = docx.Document()
    scan.add_picture(str(Path(__file__).parents[2] / "docs" / "result.png"))
    scan.save(str(folder / "scan.docx"))
    (folder / "organisation.toml").write_text('[organisation]\nname = "Harbour Lane Project"\n', encoding="utf-8")
    (folder / "nameless.toml").write_text('[organisation]\nname = "(Name of Organisation)"\n', encoding="utf-8")
    rules = (templates / "policy.toml").read_text(encoding="utf-8")
    statements = 'statements = "required-once-registered"'
    changed = {
        "bumped": rules.replace('version = "1.0"', 'version = "9.9"'),
        "off": rules.replace(statements, 'statements = "off"'),
        "required": rules.replace(statements, 'statements = "required"'),
        "overdue": rules.replace("approved_on = 2025-08-20", "approved_on = 2019-02-02").replace(
            "review_by = 2027-08-20", "review_by = 2020-02-02"
        ),
    }
    for name, words in changed.items():
        assert words != rules
        (folder / f"{name}.toml").write_text(words, encoding="utf-8")
    docs = {name: str(folder / f"{name}.docx") for name in ("report", "budget", "leaflet", "scan")}
    tomls = {name: str(folder / f"{name}.toml") for name in (*changed, "organisation", "nameless")}
    return docs | tomls | {"out": str(folder / "out"), "today": date.today().isoformat(), "samples": str(flow.SAMPLES)}


def tamper(folder: Path, words: str) -> None:
    """Change an entry as somebody with the file in hand would."""
    engine = create_engine(f"sqlite:///{folder / 'workspace' / 'records.db'}")
    with engine.begin() as connection:
        done = connection.execute(text("UPDATE duty_entries SET body = replace(body, :old, 'Somebody Else')"), {"old": words})
        assert done.rowcount
    engine.dispose()


def check_file(folder: Path, wanted: dict[str, Any]) -> None:
    path = folder / wanted["path"]
    words = flow.text_of(path) if path.suffix == ".docx" else written(path)
    for pattern in wanted.get("has", ()):
        assert re.search(pattern, words), (path.name, pattern)
    for pattern in wanted.get("lacks", ()):
        assert not re.search(pattern, written(path)), (path.name, pattern)
    if "marked" in wanted:
        opened = docx.Document(str(path))
        assert opened.sections[0].header.paragraphs[0].text.startswith(wanted["marked"])
        assert opened.core_properties.comments.startswith(wanted["marked"])
        assert opened.core_properties.category == wanted["marked"].partition(":")[0]
    if "readable" in wanted:
        opened = docx.Document(str(path))
        assert any(paragraph.style.name.startswith("Heading") for paragraph in opened.paragraphs)
        assert opened.styles["Normal"].font.size.pt >= wanted["readable"]
        languages = {node.get(qn("w:val")) for node in opened.styles.element.iter(qn("w:lang"))}
        assert languages == {"en-GB"}


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_the_commands_do_what_their_clause_asks(
    row: dict[str, Any], tmp_path: Path, templates: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path / "workspace"))
    places, heard = make(tmp_path, templates, secret), ""
    for step in row["steps"]:
        if "tamper" in step:
            tamper(tmp_path, step["tamper"])
        places["reference"] = next(iter(re.findall(r"D-[0-9A-F]{6}", heard)), "")
        run = flow.storysafe(tmp_path, *(word.format(**places) for word in step["do"]))
        assert run.code == step["code"], (step["do"], run.words)
        assert re.search(step.get("said", ""), run.words), (step["do"], run.words)
        assert "never" not in step or not re.search(step["never"], run.words)
        assert "count" not in step or len(re.findall("given", run.words)) == step["count"]
        assert "gone" not in step or not list(tmp_path.glob(step["gone"])), step["do"]
        heard += run.words
    assert "none" not in row or not list(tmp_path.glob(row["none"]))
    for wanted in row.get("files", ()):
        check_file(tmp_path, wanted)
