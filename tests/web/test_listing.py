"""The work list: every story once for each purpose, in counts that add up to the inputs however it is narrowed."""

from __future__ import annotations

import re

from pipeline.domain.permission import Purpose
from pipeline.web import listing
from tests.web.conftest import Browser, Place


def test_the_list_counts_every_input_once_for_each_purpose(place: Place, browser: Browser) -> None:
    page = browser.look("/")
    lines = place.run.manifest()["inputs"]
    assert f"{len(lines)} inputs, {len(lines)} stories" in page
    for purpose in Purpose:
        row = re.search(rf'<th scope="row">{purpose.value}</th>(.*?)</tr>', page, re.S)
        assert row
        *states, together = map(int, re.findall(r">(\d+)<", row[1]))
        assert sum(states) == together == len(lines)
    assert len(re.findall(r'<a class="row"', page)) == 3 * len(lines)


def test_the_list_narrows_by_state_reason_and_story(browser: Browser) -> None:
    held = browser.look("/?state=held&reason=safeguarding&purpose=training")
    listed = set(re.findall(r'<a class="row" href="([^"]+)"', held))
    assert {"/story/story-0002/training", "/story/story-0006/training"} <= listed
    assert "/story/story-0001/training" not in listed
    assert set(re.findall(r'<span class="id">([^<]+)', browser.send("/", "/find", find="story-0004"))) == {"story-0004"}
    assert "Nothing here" in browser.look("/?state=skipped&reason=safeguarding")


def test_the_list_narrows_by_service_age_and_whom_it_waits_for_and_the_counts_add_up(place: Place, browser: Browser) -> None:
    lines = place.desk.finished().lines
    about = {line["story"]: (f"Service {n % 2}", ("25-34", "")[n % 2]) for n, line in enumerate(lines)}
    listed = listing.items(place.desk.finished(), frozenset(), about)
    counts = listing.counts(place.desk.finished(), listed)
    for counted in (counts.services, counts.ages):
        assert sum(number for _, number in counted) == len(listed) == 3 * len(lines)
    assert dict(counts.ages)["not known"] == 3 * (len(lines) // 2)
    for name, number in counts.services:
        assert sum(listing.Filter(service=name).lets(item) for item in listed) == number
    for name, number in counts.ages:
        assert sum(listing.Filter(age=name).lets(item) for item in listed) == number
    assert sum(number for _, number in counts.waiting) == sum(item.state == "held" for item in listed)
    for name, number in counts.waiting:
        assert sum(listing.Filter(me=name).lets(item) for item in listed) == number
    shown = browser.look("/?state=held&me=manager")
    assert "for a manager" in shown
    assert "unreadable" not in re.sub(r"<select.*?</select>", "", shown, flags=re.S)
    assert browser.client.get("/?service=99&age=--&me=everybody").status_code == 200
