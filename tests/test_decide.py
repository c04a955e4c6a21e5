"""Every finding has one decision, and what is decided reads as prose."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decide import NO_RULE, Terms, decide, withheld
from pipeline.domain.client import Client
from pipeline.domain.finding import Category, Entity, Finding, Gender, Resolution, Role
from pipeline.domain.permission import IdentityLevel, Judgement, Purpose, Verdict
from pipeline.domain.policy import Treatment
from pipeline.names import forename
from pipeline.rewrite import rewrite, tidy
from tests.marked import marked, story
from tests.policies_for_tests import template_book, template_policy, terms


def told(text: str, purpose: Purpose = Purpose.PUBLICITY, gender: Gender = Gender.FEMALE, **given_relations: str) -> str:
    """The text as it is told, from the notation of ``marked``."""
    source, resolution = marked(text, gender, given_relations)
    return tidy(rewrite(source.text, decide(source, resolution, terms(resolution, purpose))))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[PERSON|Mrs Dawn Akehurst] is a widow aged [AGE|71].", "Leanne is a widow in her seventies."),
        ("[PERSON|Dawn], [AGE|42], came in.", "Leanne, in her forties, came in."),
        ("[PERSON|Dawn]'s son [PERSON:relative:p2|Mark] rang.", "Leanne's son rang."),
        ("Her partner [PERSON:relative:p2|Gary] had a stroke.", "Her partner had a stroke."),
        ("Our money adviser, [PERSON:staff:p2|Tariq], went with her.", "Our money adviser went with her."),
        ("Our volunteer [PERSON:staff:p2|Pete] helped.", "Our volunteer helped."),
        ("A young woman called [PERSON:staff:p2|Kasia] came.", "A young woman came."),
        ("She lives at [ADDRESS|14 Pell St], [LOCATION|Ellerwick] [POSTCODE|LD9 4QZ].", "She lives at a local address."),
        ("A letter from [ORGANISATION|Tanners Row Surgery] came.", "A letter from a GP surgery came."),
        ("She rang ([PHONE|07700 900123]) again.", "She rang again."),
        ("The hearing was on [DATE|18 June 2025] in town.", "The hearing was in summer 2025 in town."),
        ("The hearing was on Tuesday [DATE|21 May 2024].", "The hearing was in spring 2024."),
        ("She stayed until [DATE|4 February 2025].", "She stayed until early 2025."),
        ("She is from [INDIRECT|Eritrea].", "She is from overseas."),
        ("A [AGE|39]-year-old father rang.", "A thirty-something father rang."),
        ("At [AGE|72] he rang us.", "In their seventies he rang us."),
        ("At [AGE|88] he rang us.", "Aged over 85 he rang us."),
        ("A driver of [AGE|39] rang us.", "A driver in their thirties rang us."),
        ("[PERSON|Dawn] (born [DATE|3 May 1970]) rang us.", "Leanne rang us."),
        ("We rang her on [PHONE|07700 900123] and she kept her tenancy.", "We rang her and she kept her tenancy."),
        ("Her ref is [ID_NUMBER|CL-04417]. She smiled.", "She smiled."),
        ("Ring him on [PHONE|07700 900123] later.", "Ring him later."),
        ("She lost [ID_NUMBER|QQ123456C] again.", "She lost a reference number again."),
        ("He wrote to [EMAIL|a@b.example].", "He wrote."),
        (
            "He may be reached on [PHONE|07700 900123] or [EMAIL|a@b.example].",
            "He may be reached on a telephone number or an e-mail address.",
        ),
        (
            "He came with his girls, [PERSON:relative:p2|Abby], [PERSON:relative:p3|Kiera] and [PERSON:relative:p4|Thea].",
            "He came with his girls.",
        ),
        ("Her sons, [PERSON:relative:p2|Ellis] and [PERSON:relative:p3|Jude], helped.", "Her sons helped."),
        ("[PERSON:relative:p2|Ellis] is in [AGE|Year 10].", "Their relative is at secondary school."),
        ("A [AGE|Year 4] pupil came.", "A primary school pupil came."),
        (
            "[AGE|19] young people were housed. [AGE|17] still in their tenancy.",
            "19 young people were housed. 17 still in their tenancy.",
        ),
        ("[PERSON:relative:p2|Osian] was born on [DATE|27 September], 6lb 11.", "Their relative was born, 6lb 11."),
        ("A neighbour ([ADDRESS|No. 4]) came.", "A neighbour came."),
        (
            "They met at the mosque on [LOCATION|Hobart Road] every Tuesday.",
            "They met at the mosque on a nearby street every Tuesday.",
        ),
        ("[PERSON|Lorne, Dawn] ([PERSON|Dee]) rang.", "Leanne rang."),
        ("I'm [AGE|78] in [DATE|March 2026].", "I'm in my seventies."),
    ],
)
def test_a_changed_sentence_still_reads_as_prose(source, expected):
    assert told(source) == expected


def test_a_role_behind_a_name_never_brings_back_what_stands_in_it():
    text = "[PERSON:other:p2|Rafiq Daud], a bus driver of [AGE|33], came to see [PERSON|Dawn]."
    told_ = {purpose: told(text, purpose) for purpose in Purpose}
    assert not any("33" in words for words in told_.values())
    assert told_[Purpose.REPORTING] == "Person B, a bus driver in their thirties, came to see Client A."


def test_everybody_else_in_a_return_is_a_person_with_a_letter():
    text = "[PERSON|Dawn] met [PERSON:other:p2|Moss]. [PERSON:other:p3|Tansy] came. [PERSON:other:p2|Moss] left."
    assert told(text, Purpose.REPORTING) == "Client A met Person B. Person C came. Person B left."


def test_a_later_mention_of_a_relative_is_told_by_the_relation():
    text = "Her son [PERSON:relative:p2|Mark] rang [PERSON|Dawn]. Then [PERSON:relative:p2|Mark] came."
    assert told(text, p2="son") == "Her son rang Leanne. Then her son came."


def test_a_first_person_story_keeps_its_own_possessive():
    text = "I am [PERSON|Dawn]. My husband [PERSON:relative:p2|Vernon] fell. [PERSON:relative:p2|Vernon] is home."
    assert told(text, p2="husband") == "I am Leanne. My husband fell. My husband is home."


def test_reporting_calls_service_users_by_letters_and_training_keeps_intervals():
    text = "[PERSON|Dawn] came on [DATE|3 March 2025]. [PERSON|Dawn] moved on [DATE|24 March 2025]."
    assert told(text, Purpose.REPORTING).startswith("Client A came in the first quarter of 2025.")
    assert told(text, Purpose.TRAINING) == "Leanne came on day 1. Leanne moved in week 4."


def test_a_second_mention_of_a_place_takes_the_definite_article():
    text = "[PERSON|Dawn] went to [ORGANISATION::o1|Marlby Library]. At [ORGANISATION::o1|Marlby Library] she read."
    assert told(text).count("library") == 2


def test_a_singling_out_detail_takes_its_sentence_when_no_clause_can_go():
    text = "She sings. She is [INDIRECT|the only woman on the lifeboat]. She smiled."
    assert told(text) == "She sings. She smiled."


def test_permission_for_a_full_name_lifts_the_name_and_nothing_else():
    source, resolution = marked("[PERSON|Dawn Akehurst] lives in [LOCATION|Ellerwick] with son [PERSON:relative:p2|Mark].")
    judgement = Judgement(Verdict.IDENTIFY, "permitted", identity_level=IdentityLevel.FULL_NAME)
    text = rewrite(source.text, decide(source, resolution, terms(resolution, judgement=judgement)))
    assert text.startswith("Dawn Akehurst lives in")
    assert "Ellerwick" not in text
    assert "Mark" not in text


@pytest.mark.parametrize("level", [IdentityLevel.FIRST_NAME, IdentityLevel.KNOWN_AS, IdentityLevel.ANONYMOUS])
def test_a_narrower_permission_never_shows_the_surname(level):
    source, resolution = marked("[PERSON|Mrs Dawn Akehurst] came.")
    client = Client("C1", 2, "Dawn Akehurst", "Dot", date(1970, 1, 1))
    judgement = Judgement(Verdict.IDENTIFY, "permitted", identity_level=level)
    text = rewrite(source.text, decide(source, resolution, terms(resolution, judgement=judgement, client=client)))
    assert "Akehurst" not in text
    assert text.split()[0] == {IdentityLevel.FIRST_NAME: "Dawn", IdentityLevel.KNOWN_AS: "Dot"}.get(level, "Leanne")


@pytest.mark.parametrize(
    ("written", "told_as"),
    [
        ("Dawn Lorne", "Dawn"),
        ("Mrs Dawn Lorne", "Dawn"),
        ("LORNE, Dawn", "Dawn"),
        ("LORNE Dawn", "Dawn"),
        ("Lorne, Dawn Mary", "Dawn"),
        ("D Lorne", ""),
        ("LORNE", ""),
        ("Mrs Lorne,", ""),
        ("", ""),
    ],
)
def test_a_forename_is_told_from_a_surname_or_not_told_at_all(written, told_as):
    assert forename(written) == told_as


def test_a_relative_of_the_same_name_has_agreed_to_nothing():
    text = "[PERSON|Dawn Lorne] came with her daughter [PERSON|Dawn Lorne]."
    source, resolution = marked(text)
    judgement = Judgement(Verdict.IDENTIFY, "permitted", identity_level=IdentityLevel.FULL_NAME)
    told_text = rewrite(source.text, decide(source, resolution, terms(resolution, judgement=judgement)))
    assert told_text.count("Lorne") == 1


def test_a_finding_without_a_rule_is_withheld_never_kept():
    source, resolution = marked("She rang [PHONE|07700 900123].")
    bare = template_policy()
    rules = tuple(rule for rule in bare.rules if rule.category is not Category.PHONE)
    policy = type(bare)(**{f: (rules if f == "rules" else getattr(bare, f)) for f in bare.__dataclass_fields__})
    bare_terms = Terms(Purpose.PUBLICITY, Judgement(Verdict.ANONYMISE, "x"), policy, template_book(), {})
    (decision,) = decide(source, resolution, bare_terms)
    assert decision.treatment is Treatment.WITHHOLD
    assert decision.rule_id == NO_RULE
    assert withheld([decision]) == (decision,)
    assert "900123" not in decision.replacement


words = st.sampled_from("She met him on Tuesday , and ( then ) went . to the old house with Mark ' s dog \n - in May".split(" "))


@st.composite
def stories_with_findings(draw):
    pieces, findings, entities, text = draw(st.lists(words, min_size=6, max_size=30)), [], {}, ""
    for number, piece in enumerate(pieces):
        if draw(st.booleans()) and piece.strip():
            category = draw(st.sampled_from(Category))
            key = f"e{draw(st.integers(1, 3))}-{category}"
            role = draw(st.sampled_from(Role))
            entities.setdefault(key, Entity(key, category, (piece,), role, draw(st.sampled_from(Gender)), "", number == 0))
            findings.append(Finding(len(text), len(text) + len(piece), category, 1.0, "test", "", key))
        text += piece + draw(st.sampled_from([" ", " ", "\n", ""]))
    return story(text), Resolution(tuple(findings), tuple(entities.values()))


@given(stories_with_findings(), st.sampled_from(Purpose))
def test_every_finding_has_exactly_one_decision_that_names_its_rule(case, purpose):
    source, resolution = case
    decisions = decide(source, resolution, terms(resolution, purpose))
    assert [decision.finding for decision in decisions] == list(resolution.findings)
    assert all(decision.rule_id and decision.clause for decision in decisions)
    assert all(0 <= d.start <= d.finding.start < d.finding.end <= d.end <= len(source.text) for d in decisions)


@given(stories_with_findings(), st.sampled_from(Purpose))
def test_decisions_can_always_be_carried_out_whatever_stands_beside_what(case, purpose):
    source, resolution = case
    rewrite(source.text, decide(source, resolution, terms(resolution, purpose)))
