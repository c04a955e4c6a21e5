"""Every task of the page with nothing but the keyboard, on a telephone's width and at 200 % zoom, in a real browser.

Nothing is clicked and nothing is given the focus by the test: each control is come to with the Tab key, and has to be in sight,
uncovered and marked as the one that has the focus when it is reached.  Skipped where there is no Chromium or no Playwright.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_permission_cases import House
from tests.web.sites import Server
from tests.web.test_in_chromium import CHROMIUM, press
from tests.web.test_path import MISSED
from tests.web.test_running import CASES

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")]
SIZES = {"360px": (360, 640), "200%": (640, 400)}
HELD = "/story/story-0003/publicity"
OPEN = "/story/story-0001/publicity"
PAGES = ["/run", "/", "/?state=held", HELD, f"{OPEN}?at=0", f"{OPEN}?only=open", f"{OPEN}/preview", "/lists", "/registers",
         "/registers/clients", "/registers/clients/2", "/registers/permissions", "/registers/organisation"]  # fmt: skip
MOST = 300
CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
FOUND = f"""() => {{
  const all = [...document.querySelectorAll("{CONTROLS}")];
  window.controls = all.filter((e) => !e.disabled && e.checkVisibility({{visibilityProperty: true}}));
  return window.controls.map((e) => e.outerHTML.slice(0, 90));
}}"""
SEEN = """() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  if (e === document.body || e === document.documentElement) return null;
  const x = (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2;
  const y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
  const [first] = e.getClientRects();  // of a link over two lines, the middle of its box may be another's
  const hit = (x, y) => { const at = document.elementFromPoint(x, y); return at && (e.contains(at) || at.contains(e)); };
  return {
    what: e.outerHTML.slice(0, 90), at: window.controls ? window.controls.indexOf(e) : -1,
    inside: box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
    uncovered: hit(x, y) || hit(first.left + 3, first.top + first.height / 2),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1,
  };
}"""


@pytest.fixture(scope="module", params=SIZES.values(), ids=SIZES)
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A window of that size at the page of an organisation that begins; ``page.root`` is its address."""
    root = tmp_path_factory.mktemp("keys")
    house = House(root, root / "secret")
    house.fill([CASES[0], CASES[2], {"name": "Ottoline Beck", "story": MISSED, "rows": []}])
    (root / "form.pdf").write_bytes(b"%PDF-1.4 a signed form")
    with playwright.sync_playwright() as driver, Server(root / "workspace", browse=False) as server:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        width, height = request.param
        page = browser.new_context(viewport={"width": width, "height": height}).new_page()
        page.on("filechooser", lambda _: None)  # or the first is not waited for yet when it opens
        page.goto(server.address)
        page.root, page.house = server.root, house
        yield page
        browser.close()


def to(page: Any, what: str) -> None:
    """Come to a control with the Tab key; it has to be in sight, uncovered and marked when it is reached."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("(what) => document.activeElement.matches(what)", what):
            assert right(seen := page.evaluate(SEEN)), seen
            return
    raise AssertionError(f"the Tab key does not lead to {what}")


def right(seen: Any) -> bool:
    return bool(seen and seen["inside"] and seen["uncovered"] and seen["marked"])


def go(page: Any, what: str, key: str = "Enter") -> None:
    """Come to a control that leads to another page, and use it."""
    to(page, what)
    press(page, key)


def download(page: Any, what: str) -> str:
    """Come to a link to a file and take it; the name that it suggests."""
    with page.expect_download() as got:
        to(page, what)
        page.keyboard.press("Enter")
    return str(got.value.suggested_filename)


def write(page: Any, what: str, words: str) -> None:
    to(page, what)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def choose(page: Any, what: str, word: str) -> None:
    """Choose from a list by the first letters of what is meant."""
    to(page, what)
    page.keyboard.type(word)
    chosen = page.evaluate("document.activeElement.selectedOptions[0].textContent")
    assert chosen.startswith(word), chosen


def files(page: Any, what: str, *paths: Path) -> None:
    to(page, what)
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Space")
    asked.value.set_files([str(path) for path in paths])


def said(page: Any) -> str:
    return str(page.inner_text(".note"))


def detail(page: Any, words: str) -> None:
    """Open the first detail of those words."""
    name = page.evaluate(
        "(words) => '#' + [...document.querySelectorAll('.left .change')].find((e) => e.textContent === words).id", words
    )
    go(page, name)
    assert page.evaluate("location.hash") == "#panel"


def test_a_run_is_made_ready_and_started_by_keyboard_alone(page: Any) -> None:
    root = page.house.root
    write(page, "#name", "Tansy Orr")
    press(page, "Enter")
    files(page, "#some", *sorted((root / "notes").iterdir())[:2])
    go(page, "#some ~ button")
    assert "2 files added" in said(page)
    (root / "round").mkdir()
    shutil.copy(sorted((root / "notes").iterdir())[2], root / "round")
    files(page, "#folder", root / "round")
    go(page, "#folder ~ button")
    assert "1 file added" in said(page)
    for word, name in (
        ("Client", "clients.csv"),
        ("Which", "stories.csv"),
        ("Perm", "permissions.csv"),
        ("Your", "organisation.toml"),
    ):
        choose(page, "select[name=kind]", word)
        files(page, ".handing input[type=file]", root / name)
        go(page, ".handing button")
        assert "Kept" in said(page)
    to(page, "input[name=purpose-reporting]")
    page.keyboard.press("Space")
    go(page, ".start button")
    page.wait_for_selector(".result", timeout=120_000)
    assert "publicity, training" in page.inner_text(".result")


def test_a_register_is_begun_and_mended_by_keyboard_alone(page: Any) -> None:
    page.goto(page.root + "/run")
    go(page, 'nav a[href="/registers"]')
    go(page, 'form[action="/registers/decisions/begin"] button')
    page.goto(page.root + "/registers")
    go(page, 'a.button[href="/registers/clients"]')
    go(page, 'a[href="/registers/clients/2"]')
    write(page, "#c2", "1979-05-18")
    go(page, "button[value=save]")
    assert "Saved" in said(page)
    page.goto(page.root + "/registers/clients")
    go(page, 'a[href="/registers/clients/0"]')
    write(page, "#c0", "HL-9")
    go(page, "button[value=save]")
    page.goto(page.root + "/registers/clients/5")
    to(page, "input[name=sure]")
    page.keyboard.press("Space")
    go(page, "button[value=remove]")
    page.goto(page.root + "/registers/organisation")
    to(page, "#name")
    go(page, ".cells button.main")
    assert "aved" in said(page)


def test_a_story_is_found_and_reviewed_by_keyboard_alone(page: Any) -> None:
    page.goto(page.root + "/")
    choose(page, "select[name=state]", "held")
    go(page, ".filters form[method=get] button")
    write(page, "input[name=find]", "0003")
    press(page, "Enter")
    go(page, f'a[href="{HELD}"]')
    go(page, 'form[action="/show"] button')
    write(page, "#missed", "lorry")
    choose(page, "#category", "name")
    go(page, ".missed button")
    assert "2 mentions" in said(page)
    detail(page, "lorry")
    write(page, "#words", "a neighbour")
    choose(page, "form:has(#words) select", "all 2")
    go(page, "form:has(#words) button")
    assert page.inner_text(".compare").count("a neighbour") == 2
    detail(page, "Ottoline Beck")
    go(page, "button[value=accept]")
    detail(page, "Ottoline")
    go(page, "button[value=generalise]")
    assert "broader" in page.inner_text("#panel") or "✓" in page.inner_text(".compare")
    go(page, 'form[action$="/undo"] button')
    assert "taken back" in said(page)
    go(page, 'a[href*="only=open"]')
    go(page, '#panel a[aria-label="Next change"], #panel button[value=accept]')
    go(page, 'form[action$="/accept-all"] button')
    assert "Accepted" in said(page)


def test_permission_is_asked_for_and_answered_by_keyboard_alone(page: Any) -> None:
    page.goto(page.root + OPEN)
    go(page, "#asking form[action$='/request'] button")
    assert "request pack" in said(page)
    download(page, "#asking .files a")
    to(page, "#asking details:has(#method) summary")
    page.keyboard.press("Enter")
    write(page, "#remark", "asked for an interpreter")
    go(page, "form:has(#method) button")
    assert "Recorded" in said(page)
    to(page, "#asking details:has(.answer) summary")
    page.keyboard.press("Space")
    to(page, "input[name=response]")
    page.keyboard.press("Space")
    to(page, "input[name=purpose_publicity]")
    page.keyboard.press("Space")
    choose(page, "#level", "first name")
    write(page, "#recipients", "public")
    write(page, "#topics", "her son")
    page.wait_for_function("getComputedStyle(document.activeElement).filter === 'none'")  # what is typed is read
    files(page, "#form", page.house.root / "form.pdf")
    go(page, ".answer button")
    assert "The answer is registered" in said(page)


def test_a_manager_decides_and_what_is_released_is_taken_away_by_keyboard_alone(page: Any) -> None:
    page.goto(page.root + HELD)
    write(page, "#manager", "Marguerite Vane")
    write(page, "#why", "She is well now and wants it told")
    to(page, "input[name=decision]")
    page.keyboard.press("Space")
    go(page, ".decision button")
    assert "recorded" in said(page)
    go(page, f'a[href="{HELD}/preview"]')
    assert "a neighbour" in page.inner_text("article")
    go(page, f'a[href="{HELD}#release"]')
    go(page, "#release button.main")
    assert "found clean" in said(page)
    assert download(page, "#release .files a").startswith("story-0003")
    page.goto(page.root + "/run")
    assert download(page, 'a[href="/released.zip"]').endswith(".zip")


def test_the_lists_are_taught_and_cleared_by_keyboard_alone(page: Any) -> None:
    page.goto(page.root + "/lists")
    write(page, "#row-words", "Bartholomew Fair")
    choose(page, "#row-category", "organisation")
    go(page, "form[action='/lists/add'] button")
    assert "Added" in said(page)
    download(page, 'a[href="/lists/lists.csv"]')
    go(page, ".rows button")
    assert "Taken out" in said(page)


@pytest.mark.parametrize("path", PAGES)
def test_the_tab_key_reaches_everything_there_is_and_it_is_in_sight_when_it_does(page: Any, path: str) -> None:
    page.goto(page.root + path)
    found = page.evaluate(FOUND)
    reached: set[int] = set()
    for _ in range(len(found) + 40):
        page.keyboard.press("Tab")
        if (seen := page.evaluate(SEEN)) is not None:
            assert right(seen), seen
            reached.add(seen["at"])
    left = [what for at, what in enumerate(found) if at not in reached and 'type="radio"' not in what]
    assert left == []


def test_files_are_removed_everything_is_hidden_and_the_page_is_locked_by_keyboard_alone(page: Any) -> None:
    page.goto(page.root + "/run")
    go(page, ".inbox button")
    assert "removed" in said(page)
    to(page, "input[name=sure]")
    page.keyboard.press("Space")
    go(page, 'form[action="/run/empty"] button')
    assert "removed" in said(page)
    to(page, "[data-cover]")
    page.keyboard.press("Enter")
    assert not page.is_visible("h1")
    page.keyboard.press("Enter")
    assert page.is_visible("h1")
    go(page, ".lock button")
    assert not page.locator("h1:has-text('Run')").count()
