"""A firm named after people is told once, as what it is."""

from __future__ import annotations

import pytest

from pipeline.decide import decide
from pipeline.domain.permission import Judgement, Purpose, Verdict
from pipeline.rewrite import rewrite, tidy
from tests.marked import marked
from tests.policies_for_tests import terms


def _told(text: str) -> str:
    story, resolution = marked(text)
    decisions = decide(story, resolution, terms(resolution, Purpose.PUBLICITY, Judgement(Verdict.ANONYMISE, "no_record")))
    return tidy(rewrite(story.text, decisions))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "She left [ORGANISATION|Vail] & [PERSON:other:p2|Tighe] [ORGANISATION|Bakeries] in tears.",
            "She left a local shop in tears.",
        ),
        ("She left [ORGANISATION|Vail Mills] for [ORGANISATION|Lorne Mills].", "She left a local employer for another employer."),
        (
            "She left [ORGANISATION|Vail Mills] and rang [ORGANISATION|Vail Mills].",
            "She left a local employer and rang the local employer.",
        ),
    ],
)
def test_a_firm_is_told_as_its_kind_and_a_second_one_as_another(text, told):
    assert _told(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("She got keys to a supported [ADDRESS|flat 3, 6 Pell St].", "She got keys to a supported flat."),
        ("She got keys to a [ADDRESS|supported] flat [ADDRESS|unit 3, 6 Pell St].", "She got keys to a supported flat."),
        (
            "She lives at [ADDRESS|6 Pell St] and works at [ADDRESS|9 Ash Row].",
            "She lives at a local address and works at another address.",
        ),
        ("Bea from the church on [LOCATION|Dovecote Lane] brought her.", "Bea from the church on a nearby street brought her."),
        ("Her name was [PERSON:staff:p2|Gwen], a support worker.", "Her name was kept private."),
        ("Their lad [PERSON:relative:p2|Bjorn] slept.", "Their lad slept."),
        ("Outreach worker [PERSON:staff:p2|Gwen] rang.", "The outreach worker rang."),
        ("She rang adviser [PERSON:staff:p2|Gwen].", "She rang the adviser."),
        ("Even [PERSON:relative:p2|Manjit], his wife, did the post.", "Even his wife did the post."),
        ("She was [INDIRECT|the first person to] be offered a flat.", "She was offered a flat."),
        ("He came [AGE|three] years younger.", "He came years younger."),
        ("Key from a neighbour (No. [AGE|4]).", "Key from a neighbour."),
        ("Her hours were cut to [AGE|twelve].", "Her hours were cut."),
        ("Her children ([AGE|11 mths]) slept.", "Her children (young children) slept."),
        ("He started on [DATE|2 March 2026, 30] hours a week.", "He started in spring 2026, 30 hours a week."),
    ],
)
def test_what_is_left_reads_as_a_sentence(text, told):
    assert _told(text) == told
