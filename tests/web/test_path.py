"""A new user's path in a real browser: files dropped, run, mended, decided by a manager, taken away; and the name is nowhere.

Skipped where there is no Chromium or no Playwright.  With STORYSAFE_AXE naming axe.min.js the pages are held against it.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests import flow
from tests.cli.test_permission_cases import House
from tests.web.sites import Server
from tests.web.test_in_chromium import press
from tests.web.test_running import CASES, TOLD

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]
HELD = "/story/story-0003/publicity"
MISSED = (
    "{first} {last} was behind with the rent and said she felt suicidal. She was helped by lorry twice a week.\n"
    "The arrears of £640 were written off, lorry was pleased, and {first} has kept the tenancy.\n"
)
PEOPLE = (("Marguerite Vane", "mvane", "manager"), ("Tansy Orr", "tansy", "comms"))
PAGES = [
    "/run",
    "/registers",
    "/registers/clients",
    "/registers/clients/2",
    "/registers/stories/0",
    "/registers/organisation",
    "/",
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    """An organisation with two people at work, three notes and its registers; nothing was run yet."""
    root = tmp_path_factory.mktemp("path")
    made = House(root, root / "secret")
    made.fill([CASES[0], CASES[2], {"name": "Ottoline Beck", "story": MISSED, "rows": []}])
    for name, login, role in PEOPLE:
        for step in (("add", name, "--login", login, "--role", role), ("sign", name), ("train", name)):
            answer = flow.storysafe(root, "--as", "mvane", "staff", *step, "--workspace", root / "workspace")
            assert answer.code == 0, answer.words
    return made


@pytest.fixture(scope="module")
def driver() -> Iterator[Any]:
    with playwright.sync_playwright() as made:
        browser = made.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def sit_down(driver: Any, server: Server, name: str) -> Any:
    """A browser of somebody's own, opened at the address that the server said, with their name said."""
    page = driver.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(server.address)
    page.root = server.root
    page.focus("#name")
    page.keyboard.type(name)
    press(page, "Enter")
    return page


def drop(page: Any, *paths: Path) -> None:
    """Drop files of this computer on the zone, as the mouse does."""
    box = page.locator("[data-drop]").bounding_box()
    at = {
        "x": box["x"] + 40,
        "y": box["y"] + 20,
        "data": {"items": [], "files": [str(p) for p in paths], "dragOperationsMask": 1},
    }
    session = page.context.new_cdp_session(page)
    with page.expect_navigation():
        for step in ("dragEnter", "dragOver", "drop"):
            session.send("Input.dispatchDragEvent", {"type": step, **at})


def hand_in(page: Any, kind: str, path: Path) -> None:
    page.select_option("select[name=kind]", kind)
    page.set_input_files(".handing input[type=file]", str(path))
    page.focus(".handing button")
    press(page, "Enter")
    assert "Kept" in page.inner_text("[role=status].note")


def held_against_axe(page: Any) -> None:
    if "STORYSAFE_AXE" not in os.environ:
        return
    page.evaluate(Path(os.environ["STORYSAFE_AXE"]).read_text(encoding="utf-8"))
    result = page.evaluate("axe.run()")
    assert len(result["passes"]) > 10
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]][:4]) for rule in result["violations"]] == []


def every_byte(data: bytes) -> bytes:
    """A zip and every zip in it, decompressed, with the names of the members."""
    if not zipfile.is_zipfile(BytesIO(data)):
        return data
    with zipfile.ZipFile(BytesIO(data)) as package:
        return data + b"".join(name.encode() + b"\n" + every_byte(package.read(name)) for name in package.namelist())


def test_a_new_users_path_from_three_dropped_files_to_a_zip_without_the_name(driver: Any, house: House) -> None:
    notes = sorted((house.root / "notes").iterdir())
    with Server(house.root / "workspace", login="tansy", browse=False) as server:
        page = sit_down(driver, server, "Tansy Orr")
        drop(page, *notes)
        assert "3 files added" in page.inner_text("[role=status].note")
        for kind in ("clients", "stories", "permissions"):
            hand_in(page, kind, house.root / f"{kind}.csv")
        hand_in(page, "organisation", house.root / "organisation.toml")
        assert page.locator(".start input[type=checkbox]").count() == 1  # her role is publicity
        page.focus(".start button")
        press(page, "Enter")
        assert page.locator("[data-poll]").count() == 1
        held_against_axe(page)
        page.wait_for_selector(".result", timeout=120_000)
        assert "3 files" in page.inner_text(".result")
        page.focus(".result a.strong")
        press(page, "Enter")
        page.focus(f'a[href="{HELD}"]')
        press(page, "Enter")
        press(page, "o")
        page.keyboard.press("m")
        page.keyboard.type("lorry")
        press(page, "Enter")
        assert "2 mentions" in page.inner_text("[role=status]")
        press(page, "j")
        page.keyboard.press("e")
        page.keyboard.type("a neighbour")
        press(page, "Enter")
        assert "a neighbour" in page.inner_text(".compare")
        assert page.locator(".decision").count() == 0  # a manager decides
        assert page.said == []

    with Server(house.root / "workspace", login="mvane", browse=False) as server:
        page = sit_down(driver, server, "Marguerite Vane")
        page.goto(page.root + HELD)
        assert "a neighbour" in page.inner_text(".compare")
        page.fill("#worker", "Tansy Orr")
        page.fill("#manager", "Marguerite Vane")
        page.fill("#why", "She is well now and wants it told")
        page.check('input[value="release"]')
        page.focus(".decision button")
        press(page, "Enter")
        page.focus("#release button.main")
        press(page, "Enter")
        assert "found clean" in page.inner_text("[role=status]")
        page.goto(page.root + "/run")
        with page.expect_download() as got:
            page.focus('a[href="/released.zip"]')
            page.keyboard.press("Enter")
        data = every_byte(Path(got.value.path()).read_bytes())
        assert b"publicity/story-0003" in data
        assert b"a neighbour" in data
        for word in (b"lorry", b"ottoline", b"beck", b"rosalind", b"teasdale", b"winifred", b"stoat"):
            assert word not in data.lower()
        assert page.said == []


# ---- what a browser can say about every page -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(driver: Any, house: House) -> Iterator[Any]:
    """A manager's page with three files and a register that has faults."""
    (house.root / "bad.csv").write_text(
        "case_ref,full_name,date_of_birth\nHL-1,Rosalind Teasdale,17th May\nHL-1," + "Winifred " * 20 + "Stoat,\n",
        encoding="utf-8",
    )
    with Server(house.root / "workspace", login="mvane", browse=False) as server:
        page = sit_down(driver, server, "Marguerite Vane")
        page.goto(page.root + "/run")
        page.set_input_files("#some", [str(path) for path in sorted((house.root / "notes").iterdir())])
        page.focus("text=Add files")
        press(page, "Enter")
        for kind, name in (("clients", "bad.csv"), ("stories", "stories.csv")):
            hand_in(page, kind, house.root / name)
        yield page


@pytest.mark.parametrize(("width", "height"), [(360, 640), (640, 400), (1280, 800)], ids=["360px", "200%", "wide"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_over_its_side(page: Any, path: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(page.root + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_names_and_cells_are_blurred_until_they_are_asked_for(page: Any) -> None:
    for path, what in (("/run", ".inbox .private"), ("/registers/clients", "td .private"), ("/registers/clients/2", "#c1")):
        page.goto(page.root + path)
        assert page.evaluate(f"getComputedStyle(document.querySelector('{what}')).filter") != "none"
    page.focus("#c1")
    for _ in range(50):  # it fades
        if (shown := page.evaluate("getComputedStyle(document.querySelector('#c1')).filter")) == "none":
            break
    assert shown == "none"


def test_a_row_is_mended_by_keyboard_alone(page: Any) -> None:
    page.goto(page.root + "/registers/clients")
    page.focus('a[href^="/registers/clients/2#"]')
    press(page, "Enter")
    page.focus("#c2")
    page.keyboard.press("Control+a")
    page.keyboard.type("1979-05-17")
    press(page, "Enter")
    assert "Saved" in page.inner_text("[role=status]")
    page.goto(page.root + "/registers/clients/2")
    assert page.input_value("#c2") == "1979-05-17"


def test_a_whole_folder_can_be_chosen(page: Any, house: House, tmp_path: Path) -> None:
    (tmp_path / "round" / "deeper").mkdir(parents=True)
    for name in ("a.txt", "deeper/b.txt"):
        (tmp_path / "round" / name).write_text(TOLD.format(first="She", last="Q"), encoding="utf-8")
    page.goto(page.root + "/run")
    page.set_input_files("#folder", str(tmp_path / "round"))
    page.focus("text=Add folder")
    press(page, "Enter")
    assert "2 files added" in page.inner_text("[role=status].note")
    assert (house.root / "workspace" / "page" / "inbox" / "round" / "deeper" / "b.txt").is_file()


def test_a_dropped_folder_keeps_its_names(page: Any, house: House, tmp_path: Path) -> None:
    (tmp_path / "drop" / "deeper").mkdir(parents=True)
    (tmp_path / "drop" / "deeper" / "c.txt").write_text("She came in.", encoding="utf-8")
    page.goto(page.root + "/run")
    drop(page, tmp_path / "drop")
    assert "1 file added" in page.inner_text("[role=status].note")
    assert (house.root / "workspace" / "page" / "inbox" / "drop" / "deeper" / "c.txt").is_file()


def test_nothing_is_left_in_the_browser(page: Any) -> None:
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    assert page.said == []


@pytest.mark.skipif("STORYSAFE_AXE" not in os.environ, reason="STORYSAFE_AXE does not name axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Any, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(page.root + path)
    held_against_axe(page)
