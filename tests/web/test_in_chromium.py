"""A new user's path in a real browser, by keyboard alone; and what a browser can say about every page.

Skipped where there is no Chromium or no Playwright.  With STORYSAFE_AXE naming axe.min.js the pages are held against it.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.web.serving import serve
from tests.web.conftest import Place
from tests.web.test_reviewing import bytes_of

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]
HELD = "/story/story-0006/publicity"
STORY = "/story/story-0001/publicity"
PAGES = ["/", "/?state=held&me=manager", HELD, f"{STORY}?at=0", f"{STORY}?only=open", f"{STORY}/preview", "/lists",
         "/story/story-0009/publicity", "/story/story-9999/publicity", "/nothing"]  # fmt: skip


@pytest.fixture(scope="module")
def page(place: Place) -> Iterator[Any]:
    told: list[str] = []
    threading.Thread(target=serve, args=(place.desk, told.append), daemon=True).start()
    for _ in range(200):
        if told:
            break
        time.sleep(0.05)
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        page.said = []
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(told[0])
        page.root = told[0].partition("/open")[0]
        yield page
        browser.close()


def press(page: Any, key: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_new_user_mends_a_held_story_and_has_it_released_by_keyboard(page: Any, place: Place) -> None:
    page.focus("#name")
    page.keyboard.type("Tansy Orr")
    press(page, "Enter")
    page.focus(f'a[href="{HELD}"]')
    press(page, "Enter")
    assert page.evaluate("getComputedStyle(document.querySelector('.private')).filter") != "none"
    press(page, "o")
    assert page.evaluate("getComputedStyle(document.querySelector('.private')).filter") == "none"

    page.keyboard.press("m")
    page.keyboard.type("lorry")
    press(page, "Enter")
    assert "2 mentions" in page.inner_text("[role=status]")
    press(page, "j")
    press(page, "a")
    page.keyboard.press("e")
    page.keyboard.type("a neighbour")
    press(page, "Enter")
    assert "a neighbour" in page.inner_text(".compare")

    page.fill("#manager", "Marguerite Vane")
    page.fill("#why", "She is well now and wants it told")
    page.focus('input[value="release"]')
    page.keyboard.press("Space")
    page.focus(".decision button")
    press(page, "Enter")
    page.focus("#release button.main")
    press(page, "Enter")
    assert "found clean" in page.inner_text("[role=status]")
    with page.expect_download() as got:
        page.click(".files a")
    downloaded = Path(got.value.path())
    assert b"lorry" not in bytes_of(downloaded.rename(downloaded.with_suffix(".docx"))).lower()
    for path in (place.run.out / "released").rglob("story-0006*"):
        assert not any(word in bytes_of(path).lower() for word in (b"lorry", b"ottoline"))
    assert page.said == []


def test_one_key_hides_everything_and_the_same_key_goes_on(page: Any) -> None:
    page.goto(page.root + HELD)
    page.keyboard.press("Escape")
    assert not page.is_visible("h1")
    assert page.evaluate("document.activeElement.textContent") == "Go on"
    page.keyboard.press("j")
    assert not page.is_visible("h1")
    page.keyboard.press("Escape")
    assert page.is_visible("h1")


@pytest.mark.parametrize(("width", "height"), [(360, 640), (640, 400), (1280, 800)], ids=["360px", "200%", "wide"])
@pytest.mark.parametrize("path", PAGES)
def test_no_page_runs_over_its_side(page: Any, path: str, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto(page.root + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_words_are_remembered_and_taken_from_the_lists_again_by_keyboard(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{page.root}{STORY}?at=0")
    page.said.clear()
    page.keyboard.press("m")
    page.keyboard.type("thimble")
    page.focus(".missed input[type=checkbox]")
    page.keyboard.press("Space")
    press(page, "Enter")
    assert "stands in your lists" in page.inner_text("[role=status]")
    press(page, "u")
    press(page, "p")
    assert "thimble" not in page.inner_text("article")
    press(page, "p")
    page.focus('a[href="/lists"]')
    press(page, "Enter")
    assert "thimble" in page.inner_text(".rows")
    page.focus(".rows button")
    press(page, "Enter")
    assert "Taken out" in page.inner_text("[role=status]")
    assert page.said == []


def test_nothing_is_left_in_the_browser(page: Any) -> None:
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


@pytest.mark.skipif("STORYSAFE_AXE" not in os.environ, reason="STORYSAFE_AXE does not name axe.min.js")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(page: Any, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(page.root + path)
    held_against_axe(page)


@pytest.mark.skipif("STORYSAFE_AXE" not in os.environ, reason="STORYSAFE_AXE does not name axe.min.js")
def test_axe_finds_nothing_with_every_drawer_open_at_360_pixels_and_on_the_locked_door(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    for path in (HELD, f"{STORY}?at=0", "/lists"):
        page.goto(page.root + path)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        held_against_axe(page)
    stranger = page.context.browser.new_context().new_page()
    stranger.goto(page.root + "/")
    assert "Locked" in stranger.inner_text("h1")
    held_against_axe(stranger)
    stranger.close()


def held_against_axe(page: Any) -> None:
    page.evaluate(Path(os.environ["STORYSAFE_AXE"]).read_text(encoding="utf-8"))
    result = page.evaluate("axe.run()")
    assert len(result["passes"]) > 10
    assert [(rule["id"], [node["html"][:120] for node in rule["nodes"]][:4]) for rule in result["violations"]] == []
