"""Who comes in: nobody without the token, nobody from elsewhere, nobody after a while; and nothing runs that was written."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from pipeline.web.desk import Desk
from pipeline.web.doors import LARGEST, Doors, Keys
from pipeline.web.pages import application
from tests.web.conftest import ORIGIN, SCRIPT, Browser, Place

STORY = "/story/story-0001/publicity"


def outside(place: Place, keys: Keys | None = None, **options: object) -> TestClient:
    keys = keys or Keys()
    return TestClient(Doors(application(place.desk, keys), keys, ORIGIN), base_url=ORIGIN, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/", STORY, STORY + "/download/0", "/open", "/open?token=", "/open?token=guessed", "/nothing"])
def test_without_the_right_token_nothing_is_shown(place: Place, path: str) -> None:
    keys = Keys()
    keys.token()
    answer = outside(place, keys).get(path)
    assert answer.status_code == 403
    assert "story-0" not in answer.text


def test_a_token_opens_once_and_its_cookie_stays_with_this_page(place: Place) -> None:
    keys = Keys()
    token, client = keys.token(), outside(place, keys)
    opened = client.get(f"/open?token={token}", follow_redirects=False)
    cookie = opened.headers["set-cookie"]
    assert opened.headers["location"] == "/"
    assert {"HttpOnly", "SameSite=strict"} <= set(cookie.split("; "))
    assert outside(place, keys).get(f"/open?token={token}").status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "localhost:8123", "127.0.0.1:8124", "127.0.0.1:8123.evil.example"])
def test_another_host_name_for_this_computer_is_refused(browser: Browser, host: str) -> None:
    assert browser.client.get("/", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": ORIGIN + "0"}, {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
def test_another_page_gets_and_sends_nothing(browser: Browser, headers: dict[str, str]) -> None:
    assert browser.client.get("/", headers=headers).status_code == 403
    assert browser.client.post("/show", headers=headers).status_code == 403


def test_a_form_without_the_pages_own_mark_is_refused(browser: Browser, place: Place) -> None:
    before = browser.look(STORY)
    for csrf in ({}, {"csrf": ""}, {"csrf": "forged"}):
        for form in ("/show", "/lock", STORY + "/release", STORY + "/undo", STORY + "/decide", STORY + "/change"):
            assert browser.client.post(form, data=csrf).status_code == 403
    del browser.client.headers["Origin"]
    assert browser.client.post("/show", data={"csrf": "x"}).status_code == 403
    assert "Show originals" in before
    assert "Show originals" in browser.look(STORY)
    assert browser.client.get(STORY + "/release").status_code == 405


@pytest.mark.parametrize(
    "path",
    ["/story/..%2f..%2fetc/publicity", "/story/story-0001/publicity/download/..%2f0",
     "/story/story-0001%00/publicity", "/story/*/publicity", "/story/story-0001/everything", "/static/../pages.py",
     "/static/%2e%2e/pages.py", "/static/..%5cpages.py", "/story/story-0001/publicity/download/99",
     "/story/story-9999/publicity"],
)  # fmt: skip
def test_tricks_with_paths_lead_nowhere(browser: Browser, path: str) -> None:
    answer = browser.client.get(path)
    assert answer.status_code in (404, 409)
    assert "import" not in answer.text


def test_a_body_that_is_too_large_is_refused_however_it_is_sent(browser: Browser) -> None:
    whole = browser.client.post("/name", content=b"x" * (LARGEST + 1))
    parts = browser.client.post("/name", content=(b"x" * 1024 for _ in range(LARGEST // 1024 + 2)))
    assert (whole.status_code, parts.status_code) == (413, 413)


def test_every_answer_tells_the_browser_to_keep_and_run_nothing(browser: Browser) -> None:
    for path in ("/", STORY, "/nothing", "/static/page.js"):
        headers = browser.client.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert "script-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
    for path in ("/", STORY):
        for tag, attributes in tags(browser.look(path)):
            assert tag != "style"
            assert tag != "script" or attributes["src"] == "/static/page.js"
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            assert all((attributes.get(name) or "/").startswith(("/", "#")) for name in ("href", "src", "action"))


@pytest.mark.parametrize(
    "path", ["/", "/story/story-0004/publicity", "/story/story-0007/publicity", "/story/story-0008/publicity"]
)
def test_a_script_in_a_document_a_register_or_a_file_name_is_shown_and_does_not_run(browser: Browser, path: str) -> None:
    page = browser.look(path)
    assert SCRIPT not in page
    assert "<img src=x" not in page
    if path == "/":
        assert "alert(1)" in page  # it is the name of a file, as text
    if "0004" in path or "0007" in path:
        assert "alert(1)" in html.unescape(page)


def test_what_somebody_types_is_shown_and_does_not_run(browser: Browser) -> None:
    page = browser.send("/", "/name", name=SCRIPT, here="//evil.example/")
    assert SCRIPT not in page
    assert html.escape(SCRIPT) in page


def test_a_screen_that_is_left_locks_itself(place: Place) -> None:
    at = [0.0]
    browser = place.browser(Keys(idle=60, clock=lambda: at[0]))
    at[0] = 59
    assert "Work list" in browser.look("/")
    at[0] = 59 + 61
    locked = browser.client.get(STORY)
    assert locked.status_code == 403
    assert "story-0001" not in locked.text
    at[0] = 0
    assert browser.client.get("/").status_code == 403  # and stays so


def test_no_name_gets_into_an_address_or_a_title(browser: Browser) -> None:
    asked = browser.client.post("/find", data={"csrf": csrf(browser), "find": "Rosalind Teasdale"}, follow_redirects=False)
    assert asked.headers["location"] == "/"
    for path in ("/", STORY):
        page = browser.look(path)
        addresses = " ".join(given.get(name, "") for _, given in tags(page) for name in ("href", "src", "action"))
        title = page[page.index("<title>") : page.index("</title>")]
        assert not re.search(r"(?i)rosalind|teasdale|tansy", addresses + title)


def test_a_failure_says_nothing_of_what_it_was_about(place: Place, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise ValueError("Rosalind Teasdale")

    monkeypatch.setattr(Desk, "look", fails)
    answer = browser.client.get(STORY)
    assert (answer.status_code, "ValueError" in answer.text, "Rosalind" in answer.text) == (500, True, False)


def tags(page: str) -> list[tuple[str, dict[str, str]]]:
    """Every tag of a page as a browser reads it."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, given: found.append((tag, {name: value or "" for name, value in given}))  # type: ignore[method-assign]
    parser.feed(page)
    return found


def csrf(browser: Browser) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.look("/"))
    assert found
    return found[1]
