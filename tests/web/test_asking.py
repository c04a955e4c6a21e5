"""Asking for permission from the story's page: the pack, the attempt, and the answer with the form that was signed."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator

import pytest

from pipeline.domain.permission import Purpose, Verdict
from tests.web.conftest import ORIGIN, Browser, Place

STORY = "/story/story-0005/publicity"
PDF = b"%PDF-1.4 a scan of the signed form"


@pytest.fixture(autouse=True)
def _as_before(place: Place) -> Iterator[None]:
    register = place.house.root / "permissions.csv"
    before = register.read_bytes()
    yield
    register.write_bytes(before)
    place.desk.reload()


def answered(browser: Browser, form: bytes = PDF, **fields: str) -> str:
    """Send the answer form; the text of the page that comes after."""
    page = browser.look(STORY)
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    given = {"csrf": found[1], "story": "story-0005", "purpose": "publicity", "response": "given", "identity_level": "first name",
             "purpose_publicity": "yes", "channels": "website", "recipients": "public", "given_on": "2026-10-01",
             "expires_on": "2028-10-01"} | fields  # fmt: skip
    return browser.client.post("/answer", data=given, files={"form": ("scan.pdf", form, "application/pdf")}).text


def test_a_request_pack_is_made_and_taken_away(place: Place, browser: Browser) -> None:
    page = browser.send(STORY, STORY + "/request")
    assert "lies ready" in page
    names = re.findall(r'href="(/story/story-0005/publicity/request/\d+)"', page)
    assert len(names) >= 4
    data = browser.client.get(names[0])
    assert data.headers["content-disposition"].startswith("attachment")
    assert browser.client.get(STORY + "/request/99").status_code == 409
    released = (place.run.out / "released").rglob("*.html")
    assert not list(released)  # the pack names the person, and stays inside


def test_an_attempt_is_recorded_and_shown(place: Place, browser: Browser) -> None:
    page = browser.send(STORY, STORY + "/attempt", method="letter", on="2026-09-28", remark="asked for an interpreter")
    assert "Asked on 2026-09-28 (letter)" in page
    with place.desk.workspace.store() as store:
        assert [a.by for a in store.attempts() if a.on.isoformat() == "2026-09-28"] == ["Tansy Orr"]
    assert "not filled in" in browser.send(STORY, STORY + "/attempt", method="telepathy", on="2026-09-28")
    assert "no date" in browser.send(STORY, STORY + "/attempt", method="letter", on="soon")
    assert "not filled in" in browser.send(STORY, STORY + "/attempt", method="letter", on="2099-01-01")


def test_an_answer_with_its_form_is_registered_and_counts(place: Place, browser: Browser) -> None:
    assert place.desk.look("story-0005", Purpose.PUBLICITY).told.outcome.judgement.verdict is not Verdict.IDENTIFY
    assert "registered as PF-" in answered(browser)
    rows = list(csv.DictReader((place.house.root / "permissions.csv").open(encoding="utf-8-sig")))
    row = rows[-1]
    assert (row["response"], row["identity_level"], row["given_on"]) == ("given", "first name", "2026-10-01")
    assert (place.house.root / row["evidence_file"]).read_bytes() == PDF
    assert row["evidence_hash"] == hashlib.sha256(PDF).hexdigest()
    judged = place.desk.look("story-0005", Purpose.PUBLICITY).told.outcome.judgement
    assert (judged.verdict, judged.consent_id) == (Verdict.IDENTIFY, row["consent_id"])
    trail = place.desk.workspace.trail.read_text(encoding="utf-8")
    assert '"permissions"' in trail
    assert "Hester" not in trail
    assert not list((place.run.out / "internal").glob(".answer-*"))


def test_a_refusal_withholds_the_story(place: Place, browser: Browser) -> None:
    assert "registered as PF-" in answered(browser, response="refused")
    assert place.desk.look("story-0005", Purpose.PUBLICITY).told.outcome.judgement.verdict is Verdict.WITHHOLD
    assert "They are not asked now" in browser.look(STORY)


@pytest.mark.parametrize(
    ("fields", "form", "why"),
    [
        ({}, b"<html><script>", "no scan"),
        ({}, b"", "no scan"),
        ({"response": "perhaps"}, PDF, "not filled in"),
        ({"identity_level": "everything"}, PDF, "not filled in"),
        ({"given_on": "soon"}, PDF, "no date"),
        ({"channels": "=1+1"}, PDF, "formula"),
        ({"story": "../../etc"}, PDF, "not filled in"),
    ],
)
def test_an_answer_that_is_not_in_order_changes_nothing(
    place: Place, browser: Browser, fields: dict[str, str], form: bytes, why: str
) -> None:
    register = place.house.root / "permissions.csv"
    before = register.read_bytes()
    page = answered(browser, form, **fields)
    assert why in page
    assert register.read_bytes() == before
    assert not list((place.run.out / "internal").glob(".answer-*"))


def test_a_forged_answer_and_one_that_is_too_large_are_refused(place: Place, browser: Browser) -> None:
    before = (place.house.root / "permissions.csv").read_bytes()
    assert "not from this page" in answered(browser, csrf="forged")
    assert browser.client.post("/answer", content=b"x", headers={"Origin": "http://evil.example"}).status_code == 403
    huge = browser.client.post("/answer", content=b"x", headers={"Content-Length": str(1 << 40), "Origin": ORIGIN})
    assert huge.status_code == 413
    assert (place.house.root / "permissions.csv").read_bytes() == before


def test_whoever_may_not_is_told_so(limited: Place) -> None:
    browser = limited.browser()
    assert "role does not cover" in browser.send(STORY, STORY + "/request")
    assert "role does not cover" in browser.send(STORY, STORY + "/attempt", method="letter", on="2026-09-28")
    assert "role does not cover" in answered(browser)
