"""Permission: every case of the list, and the laws that hold whatever the rows say."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain.client import Client
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import (
    Answer,
    Evidence,
    IdentityLevel,
    Judgement,
    Permission,
    Purpose,
    Verdict,
)
from pipeline.permission.permit import judge
from pipeline.records.permissions import read_permission
from pipeline.records.tables import Row

CASES = tomllib.loads((Path(__file__).parent / "permission_cases.toml").read_text(encoding="utf-8"))["case"]
ON = date(2026, 10, 5)
US = Organisation("Harbour Lane Project", also_known_as=("HLP",))
CLIENT = Client("HL/0412", 2, full_name="Rosalind Anne Teasdale", known_as="Roz", date_of_birth=date(1979, 5, 17))
GOOD = {
    "consent_id": "F-1",
    "case_ref": "HL/0412",
    "subject_name": "Rosalind Teasdale",
    "dob": "1979-05-17",
    "given_by": "Rosalind Teasdale",
    "authority": "self",
    "capacity": "has capacity",
    "purpose_publicity": "yes",
    "purpose_reporting": "yes",
    "purpose_training": "yes",
    "channels": "website;annual report",
    "recipients": "public",
    "identity_level": "full name",
    "photo": "yes",
    "quote": "yes",
    "quote_approved_on": "2026-02-09",
    "organisation": "Harbour Lane Project",
    "method": "written form",
    "sought_on": "2026-02-02",
    "response": "given",
    "given_on": "2026-02-02",
    "effective_from": "",
    "expires_on": "2028-02-02",
    "scope": "this story",
    "final_copy_approved_on": "2026-02-20",
}
WIDTH = (IdentityLevel.ANONYMOUS, IdentityLevel.KNOWN_AS, IdentityLevel.FIRST_NAME, IdentityLevel.FULL_NAME)


def permission(changes: Mapping[str, str] = {}, number: int = 2) -> Permission:
    cells = {**GOOD, **changes}
    evidence = Evidence(cells.pop("evidence", "present"))
    read = read_permission(Row(number, cells), "permissions.csv", Path(), [])
    assert read is not None
    return replace(read, evidence=evidence)


def the_client(changes: Mapping[str, str] | str) -> Client | None:
    if changes == "none":
        return None
    assert not isinstance(changes, str)
    values: dict[str, Any] = dict(changes)
    if "date_of_birth" in values:
        values["date_of_birth"] = date.fromisoformat(values["date_of_birth"])
    return replace(CLIENT, **values)


def allowed(judgement: Judgement) -> tuple[int, int, bool, bool]:
    """How much a judgement lets be told, for comparison."""
    order = (Verdict.WITHHOLD, Verdict.ANONYMISE, Verdict.IDENTIFY)
    return order.index(judgement.verdict), WIDTH.index(judgement.identity_level), judgement.quote, judgement.photo


def no_wider(narrow: Judgement, wide: Judgement) -> bool:
    return all(a <= b for a, b in zip(allowed(narrow), allowed(wide), strict=True))


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_case_is_judged_as_the_list_says(case: dict[str, Any], purpose: Purpose) -> None:
    rows = [permission(case.get("row", {}))] + [permission(more, 3 + n) for n, more in enumerate(case.get("more", ()))]
    judgement = judge(rows, the_client(case.get("client", {})), purpose, ON, US, case.get("readable", True))
    at = list(Purpose).index(purpose)
    assert judgement.verdict == case["expect"][at]
    if "reasons" in case:
        assert judgement.reason == case["reasons"][at]
    # What a case says of the details holds where its first purpose is told.
    if judgement.verdict == case["expect"][0]:
        for field, value in case.get("holds", {}).items():
            found = getattr(judgement, field)
            assert (list(found) if isinstance(found, tuple) else found) == value, field


def test_the_list_covers_every_case_that_rows_alone_decide() -> None:
    named = {case["name"].split()[0] for case in CASES}
    # E14 and E20 are about the story's other people and the law: other stages see those.
    assert {f"E{n:02}" for n in range(1, 25)} - {"E14", "E20"} <= named


@pytest.mark.parametrize("written", ["hl/0412", "Hl/0412", "HL / 0412", " HL/04 12", "HL/0412\u00a0"])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_refusal_counts_however_its_reference_is_typed(written: str, purpose: Purpose) -> None:
    refusal = permission({"case_ref": written, "response": "refused", "scope": "", "given_on": "2026-03-01"}, 3)
    assert judge([permission(), refusal], CLIENT, purpose, ON, US).verdict is Verdict.WITHHOLD
    typed_in_the_client_list = replace(CLIENT, case_ref=written)
    assert judge([replace(refusal, case_ref="HL/0412")], typed_in_the_client_list, purpose, ON, US).verdict is Verdict.WITHHOLD


def test_a_refusal_of_another_case_says_nothing() -> None:
    refusal = permission({"case_ref": "HL/0413", "response": "refused", "scope": ""})
    assert judge([refusal], CLIENT, Purpose.PUBLICITY, ON, US).reason == "permission_not_sought"


@pytest.mark.parametrize("purpose", list(Purpose))
def test_without_any_row_the_story_is_anonymised_and_nobody_was_asked(purpose: Purpose) -> None:
    judgement = judge([], CLIENT, purpose, ON, US)
    assert (judgement.verdict, judgement.reason, judgement.sought) == ("anonymise", "permission_not_sought", False)


def test_a_row_of_another_case_never_counts() -> None:
    assert judge([permission({"case_ref": "HL/0413"})], CLIENT, Purpose.PUBLICITY, ON, US).verdict == "anonymise"


def test_an_organisation_without_a_name_identifies_nobody() -> None:
    assert judge([permission({"organisation": ""})], CLIENT, Purpose.PUBLICITY, ON, Organisation("")).verdict == "anonymise"


SPOILT = (
    {"purpose_publicity": "no"},
    {"purpose_publicity": "maybe"},
    {"subject_name": ""},
    {"subject_name": "Somebody Else"},
    {"dob": "1979-05-18"},
    {"given_by": ""},
    {"authority": ""},
    {"capacity": "lacks capacity"},
    {"organisation": "Another Trust"},
    {"method": "verbal"},
    {"response": "pending"},
    {"given_on": ""},
    {"given_on": "2027-01-01"},
    {"effective_from": "2027-01-01"},
    {"expires_on": "2026-10-04"},
    {"expires_on": "garbled"},
    {"withdrawn_on": "2026-10-05"},
    {"scope": "no use of any kind"},
    {"scope": "words that no rule knows"},
    {"evidence": "missing"},
    {"evidence": "unreadable"},
    {"identity_level": ""},
    {"identity_level": "anonymous"},
    {"excluded_topics": "my name"},
)


@given(st.lists(st.sampled_from(SPOILT), min_size=1, max_size=4), st.sampled_from(list(Purpose)))
def test_taking_away_a_condition_never_allows_more(spoilt: list[dict[str, str]], purpose: Purpose) -> None:
    changes: dict[str, str] = {}
    before = judge([permission()], CLIENT, purpose, ON, US)
    for change in spoilt:
        changes.update(change)
        assert no_wider(judge([permission(changes)], CLIENT, purpose, ON, US), before)


@pytest.mark.parametrize("change", SPOILT, ids=str)
def test_each_condition_is_necessary(change: dict[str, str]) -> None:
    assert judge([permission()], CLIENT, Purpose.PUBLICITY, ON, US).verdict == "identify"
    assert judge([permission(change)], CLIENT, Purpose.PUBLICITY, ON, US).verdict != "identify"


VARIED = (
    {},
    {"response": "refused", "given_on": ""},
    {"withdrawn_on": "2026-05-05"},
    {"identity_level": "first name", "photo": "no"},
    {"method": "verbal", "given_on": "2026-08-01"},
    {"response": "pending", "given_on": "", "sought_on": "2026-09-09"},
    {"organisation": "Another Trust", "given_on": "2026-09-01"},
    {"given_on": "2026-09-01", "purpose_publicity": "no"},
    {"given_on": "2026-09-01", "channels": "website"},
    {"given_on": "2026-09-01", "channels": "press", "excluded_topics": "her job"},
    {"scope": "hold: court"},
    {"expires_on": "?"},
)


@given(
    st.lists(st.sampled_from(VARIED), min_size=2, max_size=5),
    st.sampled_from(list(Purpose)),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_does_not_matter(changes: list[dict[str, str]], purpose: Purpose, rng: random.Random) -> None:
    rows = [permission({"consent_id": f"F-{n}", **change}, n) for n, change in enumerate(changes)]
    shuffled = list(rows)
    rng.shuffle(shuffled)
    assert judge(shuffled, CLIENT, purpose, ON, US) == judge(rows, CLIENT, purpose, ON, US)


@given(st.lists(st.sampled_from(VARIED), max_size=5), st.sampled_from(list(Purpose)))
def test_a_later_refusal_ends_every_permission(changes: list[dict[str, str]], purpose: Purpose) -> None:
    rows = [permission({"consent_id": f"F-{n}", **change}, n) for n, change in enumerate(changes)]
    refusal = permission({"consent_id": "F-9", "response": "refused", "given_on": "", "sought_on": "2026-10-01"})
    assert judge([*rows, refusal], CLIENT, purpose, ON, US).verdict == "withhold"


@given(st.text(max_size=40), st.sampled_from(["scope", "capacity", "authority", "method", "response", "given_by"]))
def test_no_cell_can_say_more_than_a_good_row(text: str, column: str) -> None:
    good = judge([permission()], CLIENT, Purpose.PUBLICITY, ON, US)
    assert no_wider(judge([permission({column: text})], CLIENT, Purpose.PUBLICITY, ON, US), good)


def test_only_a_yes_is_a_yes() -> None:
    for word, answer in (("Yes", Answer.YES), ("y", Answer.YES), ("no", Answer.NO), ("ok", Answer.UNCLEAR), ("", Answer.UNCLEAR)):
        assert dict(permission({"purpose_training": word}).purposes)[Purpose.TRAINING] is answer
