"""What people decide once, told to every story; what was decided before a story changed; what somebody typed too late."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.domain.permission import Purpose
from pipeline.domain.review import Act
from tests.web.conftest import Browser, Place
from tests.web.test_reviewing import bytes_of, detail

STORY, OTHER = "/story/story-0001/training", "/story/story-0005/training"


@pytest.fixture(autouse=True)
def _as_before(place: Place) -> Iterator[None]:
    """Lists and reviews as they were, for the tests that come after."""
    workspace = place.desk.workspace
    before = {path: path.read_bytes() for path in workspace.reviews.glob("*")} if workspace.reviews.exists() else {}
    yield
    workspace.lists.unlink(missing_ok=True)
    for path in workspace.reviews.glob("*"):
        path.unlink()
    for path, data in before.items():
        path.write_bytes(data)
    place.desk.learn()


def right(page: str) -> str:
    return re.sub(r"<[^>]+>", "", " ".join(re.findall(r'<p class="right">(.*?)</p>', page, re.S)))


def test_a_word_that_was_missed_is_found_in_every_story_from_then_on(place: Place, browser: Browser) -> None:
    assert "thimble" in right(browser.look(OTHER))
    page = browser.send(STORY, STORY + "/mark", words="thimble", category="PERSON", scope="all")
    assert "stands in your lists" in page
    assert "thimble" not in right(browser.look(OTHER))
    lists = browser.look("/lists")
    assert "Always a detail" in lists
    assert ">thimble<" in lists
    assert "Tansy Orr" in lists
    exported = browser.client.get("/lists/lists.csv")
    assert exported.headers["content-disposition"].startswith("attachment")
    assert "thimble,deny,PERSON" in exported.text
    again = place.house.run("taught", purpose="training")
    told = [path for path in again.released() if path.name.startswith("story-0005")]
    assert told
    assert all(b"thimble" not in bytes_of(path).lower() for path in told)
    browser.send("/lists", "/lists/drop", at="0", version=version(lists))
    assert "thimble" in right(browser.look(OTHER))


def test_run_and_trail_say_that_lists_were_used_and_never_what_stands_in_them(place: Place, browser: Browser) -> None:
    browser.send("/lists", "/lists/add", words="thimble", list="deny", category="PERSON", reason="one man only")
    run = place.house.run("told", purpose="training")
    begun = json.loads((run.out / "internal" / "audit.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert begun["facts"]["lists"] == 1
    trails = [run.out / "internal" / "audit.jsonl", place.desk.workspace.trail]
    assert '"lists"' in trails[1].read_text(encoding="utf-8")
    assert all("thimble" not in trail.read_text(encoding="utf-8") for trail in trails)


def test_other_words_for_every_story_are_not_for_a_service_user(place: Place, browser: Browser) -> None:
    at = str(detail(place, "story-0001", "Rosalind Teasdale"))
    page = browser.send(STORY, STORY + "/change", act="replace", at=at, words="Margot", scope="all")
    assert "could be joined" in page
    assert "Margot" not in right(page)
    assert not place.desk.workspace.lists.exists()


@pytest.mark.parametrize(
    "row",
    [{"words": "=1+1", "list": "deny", "category": "PERSON"}, {"words": "x", "list": "deny"}, {"words": "x", "list": "erase"},
     {"words": " ", "list": "allow"}, {"words": "x", "list": "replace", "category": "PERSON"}],
)  # fmt: skip
def test_a_row_that_is_not_in_order_is_refused(place: Place, browser: Browser, row: dict[str, str]) -> None:
    assert 'class="note wrong"' in browser.send("/lists", "/lists/add", **row)
    assert not place.desk.workspace.lists.exists()


def test_a_client_s_name_is_never_let_stand_and_the_page_says_so(browser: Browser) -> None:
    page = browser.send("/lists", "/lists/add", words="Rosalind", list="allow", category="")
    assert "not used" in page
    assert "Rosalind" not in right(browser.look(STORY))


def test_of_two_who_change_the_lists_the_second_is_told(place: Place) -> None:
    one, other = place.browser(), place.browser()
    one.send("/lists", "/lists/add", words="thimble", list="deny", category="PERSON")
    seen = other.look("/lists")
    one.send("/lists", "/lists/add", words="adviser", list="deny", category="PERSON")
    assert "somebody else changed the lists" in other.send_from(seen, "/lists/drop", at="0", version=version(seen)).lower()
    assert "thimble" in one.look("/lists")


def test_whoever_may_do_nothing_may_not_teach(limited: Place) -> None:
    browser = limited.browser()
    given = {"words": "thimble", "list": "deny", "category": "PERSON"}
    assert "role does not cover" in browser.send("/lists", "/lists/add", **given)
    assert not limited.desk.workspace.lists.exists()


def test_the_finished_document_is_shown_before_it_is_released(browser: Browser) -> None:
    page = browser.look(STORY + "/preview")
    assert "<h2>" in page
    assert "arrears of £640" in page
    assert "Teasdale" not in page
    assert "while nothing is told" in browser.look("/story/story-0002/training/preview")
    told = browser.look("/story/story-0001/reporting/preview")
    assert "annual return" in told


def test_a_preview_leaves_nothing_behind(place: Place, browser: Browser) -> None:
    browser.look(STORY + "/preview")
    assert not list((place.run.out / "internal").glob(".preview-*"))


def test_what_somebody_typed_too_late_is_kept_until_they_have_looked(place: Place) -> None:
    one, other = place.browser(), place.browser(name="Marguerite Vane")
    at = str(detail(place, "story-0005", "Hester Quill"))
    seen = other.look(f"{OTHER}?at={at}")
    one.send(OTHER, OTHER + "/change", act="remove", at=at)
    page = other.send_from(seen, OTHER + "/change", act="replace", at=at, words="a young woman <3")
    assert "somebody else changed this review" in page.lower()
    assert 'value="a young woman &lt;3"' in page
    assert "a young woman" not in other.look(f"{OTHER}?at={at}")  # once
    page = other.send_from(seen, OTHER + "/mark", words="thimble", category="PERSON")
    assert re.search(r'name="words"[^>]*value="thimble"', page)


def test_an_age_and_a_date_are_told_a_step_broader_and_a_step_less(place: Place, browser: Browser) -> None:
    note = place.desk.sources[1].path
    text = note.read_text(encoding="utf-8")
    note.write_text("She is 44 and lives in Sheffield. On 4 May 2026 " + text, encoding="utf-8")
    path = "/story/story-0001/publicity"
    try:
        at = str(detail(place, "story-0001", "44"))
        page = browser.look(f"{path}?at={at}")
        assert "forties" in right(page)
        assert "How broadly" in page
        page = browser.send(f"{path}?at={at}", path + "/change", act="step", at=at, step="1")
        assert "middle life" in right(page)
        page = browser.send(f"{path}?at={at}", path + "/change", act="step", at=at, step="2")
        assert "middle life" not in right(page)
        person = str(detail(place, "story-0001", "Rosalind Teasdale"))
        assert "no broader than that" in browser.send(path, path + "/change", act="step", at=person, step="2")
        page = browser.send(f"{path}?at={at}", path + "/change", act="step", at=at, step="0")
        assert "forties" in right(page)
        assert "not filled in" in browser.send(path, path + "/change", act="step", at=at, step="-1")
        assert "not filled in" in browser.send(path, path + "/change", act="step", at=at, step="3")
        on = str(detail(place, "story-0001", "4 May 2026"))
        assert "spring 2026" in right(browser.look(path))
        assert "spring" not in right(browser.send(path, path + "/change", act="step", at=on, step="1"))
    finally:
        note.write_text(text, encoding="utf-8")


def test_a_changed_story_keeps_what_stayed_the_same_and_shows_what_is_new(place: Place, browser: Browser) -> None:
    path, note = "/story/story-0001/publicity", place.desk.sources[1].path
    text = note.read_text(encoding="utf-8")
    at = str(detail(place, "story-0001", "Rosalind Teasdale"))
    browser.send(path, path + "/change", act="replace", at=at, words="Margot")
    browser.send(path, path + "/mark", words="thimble", category="PERSON")
    browser.send(path, path + "/accept-all")
    note.write_text(text + "She met Cadwallader Moss on 9 June 2026 in the park.\n", encoding="utf-8")
    try:
        page = browser.look(path)
        assert "The text was changed since it was reviewed" in page
        assert "thimble" not in right(page)  # what was missed is not missed again before anybody looked
        assert "Margot" not in right(page)
        assert "<strong>0</strong>" in page
        page = browser.send(path, path + "/carry")
        assert "Margot" in right(browser.look(path))
        assert "The text was changed since it was reviewed" not in page
        left = re.sub(r"<[^>]+>", "", " ".join(re.findall(r'<p class="left">(.*?)</p>', page, re.S)))
        assert "Cadwallader" in left
        assert "came to us behind" not in left  # the page shows only what is new
        chosen = place.desk.look("story-0001", Purpose.PUBLICITY).kept.review
        assert {c.author for c in chosen.changes} == {"Tansy Orr"}
        assert Act.MARK in {c.act for c in chosen.changes}
        again = place.house.run("carried", purpose="training")
        told = [p for p in again.released() if p.name.startswith("story-0001")]
        assert told
        assert all(b"thimble" not in bytes_of(p).lower() for p in told)
    finally:
        note.write_text(text, encoding="utf-8")


def test_a_run_keeps_what_was_marked_in_a_story_that_changed_since(place: Place, browser: Browser) -> None:
    path, note = "/story/story-0005/training", place.desk.sources[5].path
    text = note.read_text(encoding="utf-8")
    browser.send(path, path + "/mark", words="thimble", category="PERSON")
    note.write_text("It was a cold winter. " + text, encoding="utf-8")
    try:
        again = place.house.run("changed", purpose="training")
    finally:
        note.write_text(text, encoding="utf-8")
    told = [p for p in again.released() if p.name.startswith("story-0005")]
    assert told
    assert all(b"thimble" not in bytes_of(p).lower() for p in told)


def version(page: str) -> str:
    found = re.search(r'name="version" value="([^"]*)"', page)
    assert found
    return found[1]


def test_nothing_of_the_lists_gets_into_an_address(place: Place, browser: Browser) -> None:
    browser.send("/lists", "/lists/add", words="Cadwallader Moss", list="known", role="staff")
    for name in re.findall(r'(?:href|action)="([^"]+)"', browser.look("/lists")):
        assert "adwallader" not in name
    assert "staff" in browser.look("/lists")
    assert not (Path(place.house.root) / "lists.csv").exists()
