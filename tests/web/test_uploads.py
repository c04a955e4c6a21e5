"""Files that are sent to the page: nothing gets out of its folder, over its limits, or in from another page."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from pipeline.errors import UsageError
from pipeline.web import run_pages
from pipeline.web.doors import Doors
from pipeline.web.shelf import safe_name
from pipeline.web.uploads import Limits, receive
from tests.web.conftest import ORIGIN
from tests.web.sites import SCRIPT, Visitor, body, site, visitor
from tests.web.test_doors import tags

POSTS = ["/run/files", "/registers/hand", "/run/start", "/run/on", "/run/stop", "/run/remove", "/run/empty",
         "/registers/clients/save", "/registers/clients/begin", "/registers/organisation/save"]  # fmt: skip
GETS = ["/run", "/run/waiting", "/run/status", "/registers", "/registers/clients", "/registers/clients/2",
        "/registers/organisation", "/released.zip"]  # fmt: skip


@pytest.fixture
def page(tmp_path: Path) -> Visitor:
    return visitor(site(tmp_path / "workspace"))


def inbox(page: Visitor) -> list[str]:
    return [source.name for source in page.site.shelf.files()]


def kept(page: Visitor) -> list[str]:
    """Every file below the workspace but the page's own."""
    root = page.site.shelf.root
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() and path.name != "page.json")


# ---- who may come in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GETS)
def test_without_a_token_no_page_of_a_workspace_is_shown(page: Visitor, path: str) -> None:
    doors = Doors(run_pages.application(page.site), page.site.keys, ORIGIN, roomy=run_pages.ROOMY)
    stranger = TestClient(doors, base_url=ORIGIN)
    assert stranger.get(path).status_code == 403
    assert stranger.get("/open?token=guessed").status_code == 403
    assert page.client.get(path, headers={"Host": "evil.example"}).status_code == 421
    assert page.client.get(path, headers={"Origin": "http://evil.example"}).status_code == 403


@pytest.mark.parametrize("path", POSTS)
def test_a_form_from_elsewhere_or_without_the_pages_mark_does_nothing(page: Visitor, path: str) -> None:
    file = (("a.txt", b"words"),)
    for csrf in ({}, {"csrf": ""}, {"csrf": "forged"}):
        given: dict[str, Any] = body(csrf, file) if path in run_pages.ROOMY else {"data": csrf}
        assert page.client.post(path, **given).status_code == 403
    good: dict[str, Any] = body({"csrf": page.csrf(), "kind": "evidence"}, file)
    for headers in ({"Origin": "http://evil.example"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        refused = page.client.post(path, content=good["content"], headers={**good["headers"], **headers})
        assert refused.status_code in (403, 421)
    stranger = TestClient(Doors(run_pages.application(page.site), page.site.keys, ORIGIN, roomy=run_pages.ROOMY), base_url=ORIGIN)
    assert stranger.post(path, **good, follow_redirects=False).status_code == 403
    assert kept(page) == []


def test_the_mark_has_to_come_before_the_files(page: Visitor) -> None:
    late: dict[str, Any] = body({}, (("a.txt", b"words"),))
    late["content"] = late["content"].replace(b"--mark--", b"--mark\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n"
                                              + page.csrf().encode() + b"\r\n--mark--")  # fmt: skip
    assert page.client.post("/run/files", **late).status_code == 403
    assert kept(page) == []


# ---- what names can do ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../../evil.txt", "..\\..\\evil.txt", "/etc/passwd", "C:\\Windows\\evil.txt", "a/../../../evil.txt", "....//evil.txt",
     "notes/../../../../evil.txt", "evil.txt\x00.docx", "./././evil.txt"],
)  # fmt: skip
def test_a_name_with_a_path_stays_in_the_box(page: Visitor, tmp_path: Path, name: str) -> None:
    before = {path for path in tmp_path.parent.rglob("*") if path.is_file()}
    page.upload((name, b"some words"))
    (made,) = {path for path in tmp_path.parent.rglob("*") if path.is_file() and "audit" not in path.name} - before
    assert made.resolve().is_relative_to(page.site.shelf.inbox.resolve())


@settings(deadline=None)
@given(st.text(max_size=200))
def test_whatever_a_file_is_called_its_name_leads_nowhere_and_every_system_can_hold_it(name: str) -> None:
    safe = safe_name(name)
    if safe is None:
        return
    assert not safe.is_absolute()
    assert safe.parts
    for part in safe.parts:
        assert part not in (".", "..")
        assert not part.startswith(".")
        assert not part.endswith((" ", "."))
        assert not set(part) & set('<>:"|?*\\/\0\r\n')
        assert len(part.encode("utf-8")) <= 200
    assert safe_name(str(safe)) == safe


@pytest.mark.parametrize(
    "name", [f"{SCRIPT}.txt", '"><img src=x onerror=alert(1)>.txt', "'onclick=alert(1) x='.txt", "{{7-7}}.txt"]
)
def test_a_script_in_a_file_name_is_shown_and_does_not_run(page: Visitor, name: str) -> None:
    answer = page.client.post("/run/files", **body({"csrf": page.csrf()}, ((name, b"some words"),)), follow_redirects=False)
    assert answer.headers["location"] == "/run"
    text = page.look("/run")
    assert len(inbox(page)) == 1
    assert "{{7-7}}" in text or "7-7" not in name
    for tag, attributes in tags(text):
        assert tag not in ("img",) or attributes["src"] == "/static/mark.svg"
        assert not [each for each in attributes if each.startswith("on")]
        assert tag != "script" or str(attributes["src"]).startswith("/static/")
    assert "removed" in page.send("/run/remove", file=inbox(page)[0])
    assert inbox(page) == []


def test_a_file_name_is_in_no_address_no_title_and_no_trail(page: Visitor) -> None:
    page.upload(("Rosalind Teasdale.txt", b"some words"))
    text = page.look("/run")
    assert "Rosalind" in text
    assert "Rosalind" not in text.partition("</title>")[0]
    assert not [
        value
        for _, attributes in tags(text)
        for name in ("href", "action", "src")
        if "Rosalind" in (value := attributes.get(name) or "")
    ]
    assert "Rosalind" not in page.look("/run/status")


def test_what_no_run_would_read_is_left_out(page: Visitor) -> None:
    said = page.upload(("notes/.DS_Store", b"x"), ("notes/Thumbs.db", b"x"), ("notes/~$a.docx", b"x"), ("notes/a.txt", b"words"))
    assert "1 file added, 3 left out" in said
    assert inbox(page) == ["notes/a.txt"]


def test_a_file_of_the_same_name_takes_its_place_and_two_at_once_are_refused(page: Visitor) -> None:
    page.upload(("a.txt", b"one"))
    assert "1 replaced" in page.upload(("a.txt", b"two"))
    assert (page.site.shelf.inbox / "a.txt").read_bytes() == b"two"
    assert "two of those files have one name" in page.upload(("b.txt", b"x"), ("b.txt", b"y")).lower()
    assert inbox(page) == ["a.txt"]


def test_a_file_where_a_folder_is_does_no_harm(page: Visitor) -> None:
    page.upload(("notes/a.txt", b"one"))
    assert "could not be kept" in page.upload(("notes", b"two"))
    assert inbox(page) == ["notes/a.txt"]


def test_only_a_name_of_the_list_is_removed(page: Visitor) -> None:
    page.upload(("a.txt", b"one"))
    for name in ("../page.json", "/etc/passwd", "b.txt", ""):
        assert "gone already" in page.send("/run/remove", file=name)
    assert inbox(page) == ["a.txt"]
    assert "Tick the box" in page.send("/run/empty")
    assert "1 files were removed" in page.send("/run/empty", sure="yes")
    assert inbox(page) == []


# ---- how much -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "why"),
    [(Limits(file=10), "larger than"), (Limits(files=1), "more than 1 files"), (Limits(together=15), "together")],
)
def test_more_than_is_allowed_is_refused_and_nothing_of_it_stays(
    page: Visitor, monkeypatch: pytest.MonkeyPatch, limits: Limits, why: str
) -> None:
    monkeypatch.setattr(run_pages, "Limits", lambda: limits)
    assert why in page.upload(("a.txt", b"x" * 9), ("b.txt", b"y" * 11))
    assert kept(page) == []


def test_a_form_that_is_too_large_for_any_is_refused_whatever_it_says_of_its_length(page: Visitor) -> None:
    head = {"Content-Type": "multipart/form-data; boundary=mark", "Content-Length": str(run_pages.ROOMY["/run/files"] + 1)}
    assert page.client.post("/run/files", content=b"x", headers=head).status_code == 413
    doors = Doors(run_pages.application(page.site), page.site.keys, ORIGIN, roomy={"/run/files": 5000})
    small = TestClient(doors, base_url=ORIGIN, headers={"Origin": ORIGIN})
    small.get(f"/open?token={page.site.keys.token()}")
    form: dict[str, Any] = body({"csrf": Visitor(page.site, small).csrf()}, (("a.txt", b"x" * 20_000),))
    parts = (form["content"][at : at + 1000] for at in range(0, len(form["content"]), 1000))
    answer = small.post("/run/files", content=parts, headers=form["headers"])
    assert "added" not in answer.text
    assert kept(page) == []


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"--mark\r\n", b'--mark\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nx']
)
def test_a_form_that_breaks_off_is_refused(page: Visitor, content: bytes) -> None:
    page.client.post("/run/files", content=content, headers={"Content-Type": "multipart/form-data; boundary=mark"})
    for kind in ("multipart/form-data", "multipart/form-data; boundary=", "text/plain", ""):
        assert page.client.post("/run/files", content=content, headers={"Content-Type": kind}).status_code == 403
    assert kept(page) == []


@settings(deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(1, 40), min_size=1, max_size=20))
def test_however_the_bytes_arrive_the_file_is_the_one_that_was_sent(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, cuts: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("form")
    form: dict[str, Any] = body({"csrf": "c"}, (("a.txt", data), ('b\r\n".txt', b"")))
    content: bytes = form["content"]

    async def chunks() -> AsyncIterator[bytes]:
        at = 0
        while at < len(content):
            for cut in cuts:
                yield content[at : at + cut]
                at += cut

    sent = asyncio.run(receive(chunks(), form["headers"]["Content-Type"], folder, "c"))
    assert [(name, path.read_bytes()) for _, name, path in sent.files] == [("a.txt", data), ('b\r\n".txt', b"")]
    if os.name == "posix":
        assert {path.stat().st_mode & 0o077 for _, _, path in sent.files} == {0}


def test_too_many_fields_or_too_long_a_field_are_refused(tmp_path: Path) -> None:
    async def one(content: bytes) -> AsyncIterator[bytes]:
        yield content

    for fields in ({f"f{n}": "x" for n in range(30)}, {"csrf": "c" * 5000}):
        form: dict[str, Any] = body(fields, ())
        with pytest.raises(UsageError):
            asyncio.run(receive(one(form["content"]), form["headers"]["Content-Type"], tmp_path, "c"))


# ---- when and by whom ---------------------------------------------------------------------------------------------------


def test_nothing_is_taken_in_while_a_run_is_under_way(page: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    page.upload(("a.txt", b"one"))
    monkeypatch.setattr(type(page.site.runner), "busy", True)
    told = "a run is under way"
    assert told in page.upload(("b.txt", b"two")).lower()
    assert told in page.hand("stories", "stories.csv", "file,case_ref\n").lower()
    assert told in page.send("/run/remove", file="a.txt").lower()
    assert told in page.begin().lower()
    assert kept(page) == ["inbox/a.txt"]


def test_whoever_may_not_run_puts_nothing_in_and_takes_nothing_away(tmp_path: Path) -> None:
    page = visitor(site(tmp_path / "workspace", allowed=frozenset()))
    assert "Your role does not cover running" in page.look("/run")
    assert "role does not cover" in page.upload(("a.txt", b"one"))
    assert "role does not cover" in page.begin()
    assert "role does not cover" in page.hand("clients", "clients.csv", "case_ref\n")
    assert kept(page) == []


def test_safe_names_keep_what_can_be_kept() -> None:
    assert safe_name("Notes 2026/Round 3/Mrs Ó Sé – visit.docx") == PurePosixPath("Notes 2026/Round 3/Mrs Ó Sé – visit.docx")
    assert safe_name("con.txt") == PurePosixPath("_con.txt")
    long = safe_name("x" * 300 + ".docx")
    assert long is not None
    assert long.suffix == ".docx"
