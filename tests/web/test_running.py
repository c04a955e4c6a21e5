"""Runs that are started from the page: the very run of the command, one at a time, followed, stopped, killed and gone on with."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.records.audit import verify
from pipeline.records.checking import check_run
from pipeline.web.doors import Keys
from pipeline.web.running import Seen
from tests.cli.test_permission_cases import House
from tests.web.sites import COMMS, EVERYTHING, Server, Visitor, site, visitor
from tests.web.test_reviewing import bytes_of

TOLD = (
    "{first} {last} came to us behind with the rent. Our adviser wrote to the landlord and asked for time to pay.\n"
    "The arrears of £640 were written off and {first} has kept the tenancy.\n"
)
CASES: list[dict[str, Any]] = [
    {"name": "Rosalind Teasdale", "story": TOLD, "rows": []},
    {"name": "Petronella Aske", "story": "{first} {last} said she felt suicidal.\n" + TOLD, "rows": []},
    {"name": "Winifred Stoat", "story": TOLD, "rows": []},
]
SECRET = bytes(range(32))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    root = tmp_path_factory.mktemp("house")
    (root / "secret").write_bytes(SECRET)
    made = House(root, root / "secret")
    made.fill(CASES)
    return made


def furnish(page: Visitor, house: House) -> None:
    """Give the page what the command would be given."""
    page.upload(*((path.name, path.read_bytes()) for path in sorted((house.root / "notes").iterdir())))
    for name in ("clients", "stories", "permissions", "decisions"):
        page.hand(name, f"{name}.csv", (house.root / f"{name}.csv").read_bytes())
    page.hand("organisation", "organisation.toml", (house.root / "organisation.toml").read_bytes())


@pytest.fixture(scope="module")
def page(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """A page with one finished run over three files."""
    made = visitor(site(tmp_path_factory.mktemp("page") / "workspace", SECRET))
    furnish(made, house)
    assert "data-poll" in made.begin()
    assert "The last run that finished" in made.wait()
    yield made
    made.site.runner.stop()


def out(page: Visitor) -> Path:
    return page.site.shelf.out(page.site.shelf.ordered()[-1].number)


def released(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder / "released").as_posix(): path.read_bytes()
        for path in sorted((folder / "released").rglob("*")) if path.is_file()
    }  # fmt: skip


# ---- the run --------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_page_releases_what_the_command_releases(page: Visitor, house: House) -> None:
    run = house.run("command", purpose=None, workspace=house.root / "other")
    assert run.code == 3
    theirs = {n: d for n, d in released(run.out).items() if not n.startswith("reporting/")}
    ours = released(out(page))
    assert sorted(ours) == sorted(theirs)
    assert len(ours) >= 3
    assert [bytes_of(out(page) / "released" / name) for name in ours] == [bytes_of(run.out / "released" / name) for name in ours]
    assert check_run(out(page)).bad is None


def test_what_came_of_it_is_counted_and_leads_to_the_stories(page: Visitor) -> None:
    text = page.look("/run")
    states = {s: int(n) for s, n in re.findall(r'data-state="(\w+)">(\d+)', text)}
    assert sum(states.values()) == 3 * 2
    assert states["held"] >= 2
    assert "3 files, on 2026-10-05, for publicity, training" in text
    assert 'href="/story/story-0002/publicity"' in page.look("/?state=held")
    assert "Petronella" not in page.look("/run/status")


def test_the_purposes_and_the_audience_are_remembered(page: Visitor) -> None:
    text = page.look("/run")
    ticked = re.findall(r'name="purpose-(\w+)" value="yes"( checked)?', text)
    assert ticked == [("publicity", " checked"), ("reporting", ""), ("training", " checked")]
    assert "Tick one of the purposes" in page.send("/run/start", page="/run")


@pytest.mark.slow
def test_while_one_run_is_under_way_a_second_is_told_on_this_page_and_on_another(page: Visitor) -> None:
    other = visitor(site(page.site.shelf.root.parent, SECRET), "Marguerite Vane")
    number = len(page.site.shelf.ordered())
    page.begin()
    assert "a run is under way" in page.begin().lower()
    assert "another page of this workspace has a run under way" in other.begin().lower()
    text = page.look("/run")
    assert "Add files" not in text
    assert '<meta http-equiv="refresh"' in text
    page.send("/run/stop")
    text = page.wait()
    assert "stopped before its end" in text or "The last run that finished" in text
    assert len([run for run in page.site.shelf.ordered()]) <= number + 2
    page.send("/run/on")
    page.wait()
    assert page.client.get("/run/status").json()["state"] == "finished"


@pytest.mark.slow
def test_a_run_that_fails_says_why_and_what_to_do_and_goes_on_once_that_is_done(house: House, tmp_path: Path) -> None:
    page = visitor(site(tmp_path / "workspace", SECRET))
    page.upload(("n00.txt", b"Some words about a visit.\n"))
    page.hand("clients", "clients.csv", (house.root / "clients.csv").read_bytes())
    path = page.site.shelf.register("clients")
    assert path is not None
    good = path.read_bytes()
    path.write_bytes(b"full_name\nRosalind Teasdale\n")
    page.begin(**{"purpose-training": "yes"})
    text = page.wait()
    alert = re.search(r'role="alert">([^<]*)', text)
    assert alert
    assert alert[1].startswith("Clients.csv has no column case_ref. Its first row must name the columns.")
    assert "Traceback" not in text
    assert "Rosalind" not in text
    path.write_bytes(good)
    page.send("/run/on")
    assert "The last run that finished" in page.wait()


def test_a_page_that_follows_a_run_by_itself_keeps_nobodys_session_open(tmp_path: Path) -> None:
    now = [0.0]
    made = site(tmp_path / "workspace")
    made.keys = Keys(idle=60, clock=lambda: now[0])
    page = visitor(made)
    for _ in range(4):
        now[0] += 20
        answer = page.client.get("/run/status")
    assert answer.status_code == 403
    assert page.client.get("/run").status_code == 403


def test_a_run_nobody_asked_for_is_not_gone_on_with(tmp_path: Path) -> None:
    page = visitor(site(tmp_path / "workspace"))
    assert "no run to go on with" in page.send("/run/on")
    assert "There is no file to run over" in page.begin()
    assert "Tick one" in page.send("/run/start")
    assert "no such page" in page.look("/story/story-0001/publicity")
    assert "<h1>Run</h1>" in page.look("/")
    assert "nothing was run yet" in page.look("/released.zip").lower()


def test_a_half_written_line_of_the_journal_waits(tmp_path: Path) -> None:
    line = {
        "input": 1,
        "stories": [{"line": {"story": "story-0001", "purposes": {"training": {"status": "held", "reasons": ["x"]}}}}],
    }
    seen, journal = Seen(), tmp_path / "journal.jsonl"
    seen.follow(journal)
    text = json.dumps(line) + "\n"
    journal.write_text('{"key": {}}\n' + text[:20], encoding="utf-8")
    seen.follow(journal)
    assert seen.done == 0
    journal.write_text('{"key": {}}\n' + text + text[:5], encoding="utf-8")
    for _ in range(2):
        seen.follow(journal)
        assert (seen.done, dict(seen.states), [each.story for each in seen.lines]) == (1, {"held": 1}, ["story-0001"])


# ---- killed ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_a_server_ended_in_the_middle_of_a_run_loses_nothing_and_goes_on(tmp_path: Path, how: int) -> None:
    before = visitor(site(tmp_path / "workspace", SECRET))
    (tmp_path / "workspace" / "secret").write_bytes(SECRET)
    before.upload(*((f"n{n:02}.txt", f"Note {n}. ".encode() + TOLD.format(first="She", last="Q").encode()) for n in range(20)))
    with Server(tmp_path / "workspace") as server:
        server.send("/run/start", **{"purpose-training": "yes"})
        done = server.wait(lambda status: status["done"] >= 8)["done"]
        server.end(how)
    assert 8 <= done < 20
    journal = before.site.shelf.out(1) / "internal" / ".work" / "journal.jsonl"
    lines = journal.read_bytes()
    time.sleep(1.5)  # whoever did the work has ended too
    assert journal.read_bytes() == lines

    with Server(tmp_path / "workspace") as again:
        text = again.client.get("/run").text
        assert "A run was stopped before its end" in text
        assert re.search(r"(8|16) of 20 files were done", text)
        if how == signal.SIGINT:
            before.upload(("more.txt", b"Another note.\n"))
            again.send("/run/on")
            again.wait(lambda status: status["state"] == "failed")
            text = again.client.get("/run").text
            assert "not those that the run began with" in text
            assert "Start anew below" in text
            return
        again.send("/run/on")
        again.wait(lambda status: status["state"] == "finished")
        assert "20 files, on 2026-10-05" in again.client.get("/run").text
    manifest = json.loads((before.site.shelf.out(1) / "internal" / "manifest.json").read_text(encoding="utf-8"))
    assert [line["story"] for line in manifest["inputs"]] == [f"story-{n:04}" for n in range(1, 21)]
    assert check_run(before.site.shelf.out(1)).bad is None


# ---- taken away -------------------------------------------------------------------------------------------------------------


def test_what_was_released_comes_as_one_zip_and_the_same_again(page: Visitor) -> None:
    answer = page.client.get("/released.zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="released.zip"'
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        assert package.testzip() is None
        found = {name: package.read(name) for name in package.namelist()}
    assert found == released(page.site.desk.out)  # type: ignore[union-attr]
    assert page.client.get("/released.zip").content == answer.content
    trail = page.site.base.workspace.trail  # type: ignore[union-attr]
    last = json.loads(trail.read_text(encoding="utf-8").splitlines()[-1])
    assert (last["stage"], last["facts"]["files"]) == ("download", len(found))
    assert verify(trail) is None


def test_a_file_that_nobody_recorded_is_not_taken_along_and_a_changed_one_stops_it(page: Visitor) -> None:
    folder = page.site.desk.out / "released"  # type: ignore[union-attr]
    extra = folder / "training" / "extra.docx"
    extra.write_bytes(b"x")
    with zipfile.ZipFile(io.BytesIO(page.client.get("/released.zip").content)) as package:
        assert "training/extra.docx" not in package.namelist()
    extra.unlink()
    path = next(path for path in sorted(folder.rglob("*.docx")))
    data = path.read_bytes()
    path.write_bytes(data + b"more")
    refused = page.client.get("/released.zip")
    path.write_bytes(data)
    assert refused.status_code == 409
    assert "changed or removed since" in refused.text


def test_a_manifest_that_names_another_file_lets_nothing_out(page: Visitor) -> None:
    import hashlib

    folder = page.site.desk.out  # type: ignore[union-attr]
    manifest = folder / "internal" / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    held = (folder / "internal" / "held.csv").read_bytes()
    for path in ("released/../internal/held.csv", "internal/held.csv", "released/training/other.docx"):
        output = json.dumps({"path": path, "sha256": hashlib.sha256(held).hexdigest()})
        manifest.write_text(text.replace('"outputs": [{', f'"outputs": [{output}, {{', 1), encoding="utf-8")
        refused = page.client.get("/released.zip")
        assert refused.status_code == 409
        assert "not in the records" in refused.text
    manifest.write_text(text, encoding="utf-8")


def test_a_role_takes_away_what_it_may_run_for(page: Visitor) -> None:
    root = page.site.shelf.root.parent
    comms = visitor(site(root, SECRET, COMMS))
    with zipfile.ZipFile(io.BytesIO(comms.client.get("/released.zip").content)) as package:
        assert {name.split("/")[0] for name in package.namelist()} == {"publicity"}
    assert "role does not cover" in visitor(site(root, SECRET, frozenset())).look("/released.zip")
    assert "training" not in re.findall(r'name="purpose-(\w+)"', comms.look("/run"))
    assert page.site.allowed == EVERYTHING
