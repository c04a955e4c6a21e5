"""Naming the subject must not name somebody who gave no permission (P9, E14)."""

from __future__ import annotations

import pytest

from pipeline.domain.client import Client
from pipeline.domain.finding import Category, Entity, Finding, Resolution, Role
from pipeline.domain.permission import IdentityLevel, Judgement, Verdict
from pipeline.permission.others import REASON, belongs, spare_others

CLIENT = Client("HL/0412", 2, full_name="Rosalind Teasdale")
FULL = Judgement(Verdict.IDENTIFY, "permitted", identity_level=IdentityLevel.FULL_NAME, photo=True, quote=True)


def spared(text: str, judgement: Judgement = FULL, protected: str = "", kind: str = "CONDITION") -> Judgement:
    findings: tuple[Finding, ...] = ()
    if protected:
        at = text.index(protected)
        findings = (Finding(at, at + len(protected), Category.INDIRECT, 0.9, "tagger", kind),)
    return spare_others(judgement, text, [(0, len(text))], Resolution(findings, ()), CLIENT)


@pytest.mark.parametrize(
    "text",
    [
        "Rosalind and her husband were behind with the rent.",
        "My mum came with me to the tribunal.",
        "She is a single mum and works nights.",
        "Rosalind, a mother of two, has kept the tenancy.",
        "Lives with mum, who is 81.",
        "Their youngest son starts school in May.",
        "The twins sleep in a bed of their own now.",
        "Her next-door neighbour lent her a heater.",
        "She is married to a fisherman.",
    ],
)
def test_a_relative_or_a_household_leaves_the_first_name_and_no_photo(text: str) -> None:
    judgement = spared(text)
    assert (judgement.verdict, judgement.identity_level) == (Verdict.IDENTIFY, IdentityLevel.FIRST_NAME)
    assert (judgement.reason, judgement.photo, judgement.quote) == (REASON, False, True)


@pytest.mark.parametrize(
    "text",
    [
        "Rosalind was behind with the rent and our adviser wrote to the landlord.",
        "Her support worker rang the council and her friend lent her a coat.",
        "English is not her mother tongue.",
        "She helps at the mother and toddler group and at the children's centre.",
        "Our partner organisation found her a bed.",
        "She claims child benefit now.",
    ],
)
def test_nobody_is_exposed_by_workers_friends_and_figures_of_speech(text: str) -> None:
    assert spared(text) == FULL


@pytest.mark.parametrize(
    ("text", "protected", "kind"),
    [
        ("Her son has epilepsy and needs a quiet room.", "epilepsy", "CONDITION"),
        ("She cares for her autistic son.", "autistic", "CONDITION"),
        ("His wife's HIV was found in time.", "HIV", "CONDITION"),
        ("Her brother was in prison then.", "in prison", "OFFENCE"),
    ],
)
def test_what_can_harm_a_relative_takes_the_name_away(text: str, protected: str, kind: str) -> None:
    judgement = spared(text, protected=protected, kind=kind)
    assert (judgement.verdict, judgement.reason) == (Verdict.ANONYMISE, REASON)
    first_name = Judgement(Verdict.IDENTIFY, "permitted", identity_level=IdentityLevel.FIRST_NAME)
    assert spared(text, first_name, protected, kind).verdict is Verdict.ANONYMISE


def test_an_adults_ordinary_illness_leaves_the_first_name() -> None:
    judgement = spared("Things went well until her partner had a stroke.", protected="stroke")
    assert judgement.identity_level is IdentityLevel.FIRST_NAME


def test_the_subjects_own_illness_takes_nothing_more_away() -> None:
    judgement = spared("Rosalind has epilepsy and her son helps her.", protected="epilepsy")
    assert judgement.identity_level is IdentityLevel.FIRST_NAME


def test_it_never_widens_what_was_allowed() -> None:
    for verdict in (Verdict.ANONYMISE, Verdict.WITHHOLD):
        narrow = Judgement(verdict, "expired")
        assert spared("her husband", narrow) == narrow


@pytest.mark.parametrize(
    ("surface", "role", "theirs"),
    [
        ("Ambrose", Role.RELATIVE, True),
        ("Ambrose Teasdale", Role.OTHER, True),
        ("Ambrose Marsh", Role.OTHER, False),
        ("Tansy Teasdale", Role.STAFF, False),
    ],
)
def test_a_relative_is_known_by_the_text_or_by_the_surname(surface: str, role: Role, theirs: bool) -> None:
    assert belongs(Entity("p2", Category.PERSON, (surface,), role), CLIENT) is theirs
