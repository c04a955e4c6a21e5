"""Looking, changing, deciding and releasing at the page: what people do is kept, what may not be done is refused."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest

from pipeline.domain.finding import Category
from pipeline.domain.permission import Purpose
from pipeline.domain.review import Review
from pipeline.errors import ReviewRefused
from pipeline.records.checking import check_run
from pipeline.run import reviewed
from tests import flow
from tests.web.conftest import Browser, Place

TOLD = "/story/story-0001/publicity"
HELD = "/story/story-0002/publicity"
MISSED = "/story/story-0003/training"


def detail(place: Place, story: str, surface: str) -> int:
    """The place of the detail with these words."""
    opened = place.desk.look(story, Purpose.PUBLICITY)
    text = opened.case.story.text
    return next(n for n, f in enumerate(opened.case.resolution.findings) if text[f.start : f.end] == surface)


def bytes_of(path: Path) -> bytes:
    if path.suffix != ".docx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as package:
        return b"".join(package.read(name) + name.encode() for name in package.namelist())


def test_a_story_stands_beside_its_proposal_with_the_rule_of_each_change(browser: Browser) -> None:
    page = browser.look(TOLD + "?at=0")
    left = " ".join(re.findall(r'<p class="left">(.*?)</p>', page, re.S))
    right = " ".join(re.findall(r'<p class="right">(.*?)</p>', page, re.S))
    assert "Teasdale" in left
    assert "Teasdale" not in right
    assert "<small>name" in right  # a word beside the colour
    for words in ("the client list", "service-user", "P18", "substitute"):
        assert words in page


def test_a_story_that_is_linked_to_nobody_says_so(browser: Browser) -> None:
    page = browser.look("/story/story-0008/publicity")
    assert "Nobody on the client list is linked to this story" in page
    assert "More than one client" not in page


def test_originals_are_blurred_until_asked_for(place: Place) -> None:
    browser = place.browser()
    assert '<body class=""' in browser.look(TOLD)
    browser.send(TOLD, "/show", here=TOLD)
    assert '<body class="shown"' in browser.look(TOLD)
    assert '<body class=""' in place.browser().look(TOLD)


def test_other_words_are_told_everywhere_and_can_be_undone(browser: Browser, place: Place) -> None:
    at = str(detail(place, "story-0005", "Hester Quill"))
    path = "/story/story-0005/publicity"
    page = browser.send(path, path + "/change", act="replace", at=at, words="Margot", scope="story")
    assert page.count(">Margot<") >= 2
    assert "Margot has kept the tenancy" in re.sub(r"<[^>]+>", "", page)
    page = browser.send(path, path + "/undo")
    assert "Margot" not in page
    assert "Undo" in page


@pytest.mark.parametrize(
    ("act", "words", "why"),
    [
        ("keep", "it is fine", "only their written permission"),
        ("keep", " ", "Say why"),
        ("replace", "Mrs Teasdale", "left out of this document"),
        ("replace", "two\nlines", "one line"),
        ("replace", "x" * 400, "one line"),
        ("mark", "x", "no change of a detail"),
        ("destroy", "x", "not filled in"),
    ],
)
def test_what_the_policy_forbids_is_refused_with_its_reason(
    browser: Browser, place: Place, act: str, words: str, why: str
) -> None:
    before = place.desk.look("story-0001", Purpose.PUBLICITY).kept
    at = str(detail(place, "story-0001", "Rosalind Teasdale"))
    assert why in browser.send(TOLD, TOLD + "/change", act=act, at=at, words=words)
    assert place.desk.look("story-0001", Purpose.PUBLICITY).kept == before


def test_a_name_that_was_missed_is_found_at_every_mention_and_ends_up_nowhere(browser: Browser, place: Place) -> None:
    first = browser.look(MISSED)
    assert first.count("sparrow") >= 4  # in the original and in what is proposed
    page = browser.send(MISSED, MISSED + "/mark", words="Sparrow", category=Category.PERSON.value)
    assert "2 mentions" in page
    assert "sparrow" not in " ".join(re.findall(r'<p class="right">(.*?)</p>', page, re.S))
    page = browser.send(MISSED, MISSED + "/release")
    assert "found clean" in page
    line = next(line for line in place.run.manifest()["inputs"] if line["story"] == "story-0003")
    record = line["purposes"]["training"]
    assert record["status"] == "released"
    assert record["outputs"]
    for output in record["outputs"]:
        assert b"sparrow" not in bytes_of(place.run.out / output["path"]).lower()
    assert all(b"sparrow" not in bytes_of(path).lower() for path in (place.run.out / "released" / "training").iterdir())
    data = browser.client.get(MISSED + "/download/0")
    assert data.headers["content-disposition"].startswith("attachment")
    assert data.content == (place.run.out / record["outputs"][0]["path"]).read_bytes()
    assert check_run(place.run.out).bad is None


def test_words_that_are_not_there_are_not_marked(browser: Browser) -> None:
    assert "not in the story" in browser.send(TOLD, TOLD + "/mark", words="Cadwallader", category="PERSON")


def test_of_two_browsers_the_second_is_told_and_overwrites_nothing(place: Place) -> None:
    path = "/story/story-0005/training"
    one, other = place.browser(), place.browser(name="Marguerite Vane")
    at = str(detail(place, "story-0005", "Hester Quill"))
    seen = other.look(path)
    one.send(path, path + "/change", act="remove", at=at)
    page = other.send_from(seen, path + "/change", act="replace", at=at, words="Somebody else")
    assert "somebody else changed this review" in page.lower()
    chosen = place.desk.look("story-0005", Purpose.TRAINING).kept.review.changes
    assert [(change.act.value, change.author) for change in chosen] == [("remove", "Tansy Orr")]
    one.send(path, path + "/undo")


def test_a_changed_story_asks_again_and_its_old_review_is_refused(place: Place, browser: Browser) -> None:
    path, note = "/story/story-0008/publicity", place.desk.sources[8].path
    seen = browser.look(path)
    browser.send_from(seen, path + "/accept-all")
    stale = place.desk.look("story-0008", Purpose.PUBLICITY).kept.review
    assert stale.changes
    text = note.read_text(encoding="utf-8")
    note.write_text(text + "She rang again on Friday.\n", encoding="utf-8")
    try:
        assert "was changed since you opened it" in browser.send_from(seen, path + "/accept-all")
        page = browser.look(path)
        assert "changed since the run" in page
        assert "<strong>0</strong>" in page
        assert "Release again" not in page
        assert "Not released" not in browser.send(path, path + "/release")
        assert "changed since the run" in browser.send(path, path + "/release")
        with pytest.raises(ReviewRefused):
            reviewed(place.desk.look("story-0008", Purpose.PUBLICITY).case, stale, place.desk.world)
    finally:
        note.write_text(text, encoding="utf-8")


def test_a_review_of_another_text_is_refused_by_the_recipe(place: Place) -> None:
    case = place.desk.look("story-0001", Purpose.PUBLICITY).case
    with pytest.raises(ReviewRefused):
        reviewed(case, Review("0" * 64), place.desk.world)


def test_a_manager_releases_a_held_story_and_the_checks_of_a_run_stand(place: Place, browser: Browser) -> None:
    assert "A manager&#39;s decision" in browser.look(HELD) or "A manager's decision" in browser.look(HELD)
    given = {"reason": "safeguarding", "decision": "release", "worker": "Tansy Orr", "why": "She is well and wants it told"}
    assert "same_person" in browser.send(HELD, HELD + "/decide", manager="T Orr", **given)
    assert "missing" in browser.send(HELD, HELD + "/decide", manager=" ", **given)
    refused = browser.send(HELD, HELD + "/decide", manager="Marguerite Vane", **{**given, "reason": "permission-refused"})
    assert "no manager can lift" in refused
    assert "Not released (safeguarding)" in browser.send(HELD, HELD + "/release")
    assert "recorded" in browser.send(HELD, HELD + "/decide", manager="Marguerite Vane", **given)
    assert not any("story-0002" in path.name for path in place.run.released())
    page = browser.send(HELD, HELD + "/release")
    assert "found clean" in page
    released = [path for path in place.run.released() if "story-0002" in path.name]
    assert len(released) == 3
    for path in released:
        assert not re.search(rb"petronella|aske\b", bytes_of(path).lower())
    lines = {line["story"]: line["purposes"] for line in place.run.manifest()["inputs"]}
    assert lines["story-0002"]["publicity"]["status"] == "released"
    assert lines["story-0002"]["training"]["reasons"] == ["safeguarding"]
    assert [row for row in place.run.held() if row["story"] == "story-0002" and row["purpose"] == "publicity"] == []
    with place.desk.workspace.store() as store:
        assert {r.path for r in store.releases() if r.story_id == "story-0002"} == {
            path.relative_to(place.run.out).as_posix() for path in released
        }
    assert check_run(place.run.out).bad is None


def test_a_story_that_would_be_released_is_held_by_a_worker_and_a_manager(place: Place, browser: Browser) -> None:
    path = "/story/story-0007/training"
    assert "Hold it instead" in browser.look(path)
    given = {"reason": "safeguarding", "decision": "withhold", "worker": "Tansy Orr", "why": "Her brother reads these"}
    assert "same_person" in browser.send(path, path + "/decide", manager="Tansy Orr", **given)
    assert "recorded" in browser.send(path, path + "/decide", manager="Marguerite Vane", **given)
    assert "A manager decided to withhold it" in browser.look(path)
    assert "Not released (safeguarding)" in browser.send(path, path + "/release")


def test_a_released_file_that_was_changed_since_is_not_given_out(place: Place, browser: Browser) -> None:
    path = place.run.out / next(
        line["purposes"]["training"]["outputs"][0]["path"]
        for line in place.run.manifest()["inputs"] if line["story"] == "story-0004"
    )  # fmt: skip
    data = path.read_bytes()
    path.write_bytes(data + b"more")
    answer = browser.client.get("/story/story-0004/training/download/0")
    path.write_bytes(data)
    assert answer.status_code == 409
    assert b"more" not in answer.content


def test_what_does_not_pass_any_more_loses_the_file_that_was_released(place: Place, browser: Browser) -> None:
    path = "/story/story-0004/publicity"
    before = [p for p in place.run.released() if p.name.startswith("story-0004")]
    assert before
    at = str(detail(place, "story-0004", "Agnes Purlow"))
    # The reviewer's own words tell who it is by the reference of the client list: only the written file shows that.
    browser.send(path, path + "/change", act="replace", at=at, words="Petronella Aske", scope="story")
    page = browser.send(path, path + "/release")
    assert "Not released (leak-found)" in page
    left = [p for p in place.run.released() if p.name.startswith("story-0004") and p.parent.name == "publicity"]
    assert left == []
    assert check_run(place.run.out).bad is None


def test_whoever_may_not_decide_or_release_is_told_so(limited: Place) -> None:
    browser = limited.browser()
    assert "role does not cover" in browser.send(TOLD, TOLD + "/release")
    given = {"reason": "safeguarding", "decision": "release", "worker": "A B", "manager": "C D", "why": "x"}
    assert "role does not cover" in browser.send(HELD, HELD + "/decide", **given)


def test_a_review_has_an_author(place: Place) -> None:
    nobody = place.browser(name="")
    assert "say who you are" in nobody.send(TOLD, TOLD + "/accept-all").lower()


def test_a_story_that_cannot_be_read_is_listed_and_says_so(browser: Browser) -> None:
    answer = browser.client.get("/story/story-0009/publicity")
    assert answer.status_code == 409
    assert "cannot be read" in answer.text


def test_the_page_is_over_a_finished_run_alone(place: Place, tmp_path: Path) -> None:
    (tmp_path / "internal").mkdir()
    (tmp_path / "internal" / "manifest.json").write_text(json.dumps({"inputs": []}), encoding="utf-8")
    refused = flow.storysafe(tmp_path, "review", tmp_path, place.house.root / "notes", "--no-browser")
    assert refused.code == 2
    assert "no finished run" in refused.stderr


def test_the_next_run_tells_stories_as_they_were_reviewed(place: Place) -> None:
    again = place.house.run("again", purpose="training")
    line = next(line for line in again.manifest()["inputs"] if line["story"] == "story-0003")
    assert line["reviewed"] == 1
    released = [path for path in again.released() if path.name.startswith("story-0003")]
    assert released
    assert all(b"sparrow" not in bytes_of(path).lower() for path in released)


def test_a_review_that_cannot_be_read_holds_its_story_alone(place: Place) -> None:
    digest = place.desk.finished().line("story-0003")["digest"]
    path = place.house.root / "workspace" / "reviews" / f"{digest}.jsonl"
    data = path.read_bytes()
    path.write_bytes(data + b"nonsense\n")
    again = place.house.run("damaged", purpose="training")
    path.write_bytes(data)
    lines = {line["story"]: line["purposes"]["training"] for line in again.manifest()["inputs"]}
    assert (lines["story-0003"]["status"], lines["story-0003"]["detail"]) == ("held", "ReviewRefused")
    assert lines["story-0001"]["status"] == "released"
