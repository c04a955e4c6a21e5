from __future__ import annotations

import re

import pytest

from pipeline import catalogue
from pipeline.domain.client import Client
from pipeline.domain.finding import Category, Entity, Finding, Gender, Resolution, Role
from pipeline.domain.story import Story
from pipeline.resolve import ClientIndex, resolve

AISHA = Client("CL-1", 2, "Aisha Rahman", gender="F")
GRACE = Client("CL-2", 3, "Grace Oyelaran", gender="F")
LYNNE, LYN = Client("CL-3", 4, "Lynne Barker", gender="F"), Client("CL-4", 5, "Lyn Barker", gender="M")
DESMOND = Client("CL-5", 6, "Desmond Reading", gender="M")


@pytest.fixture(scope="module")
def clients() -> ClientIndex:
    return ClientIndex.load(catalogue.models(), (AISHA, GRACE, LYNNE, LYN, DESMOND), staff=("Kelly Dunn",))


def resolved(marked: str, clients: ClientIndex, subject: Client | None = None, ref: str | None = None) -> Resolution:
    """``[Aisha]`` marks a person and ``{x@y.example}`` an e-mail address."""
    text, findings = "", []
    for piece in re.split(r"(\[[^\]]*\]|\{[^}]*\})", marked):
        if piece[:1] in ("[", "{"):
            category = Category.PERSON if piece[0] == "[" else Category.EMAIL
            findings.append(Finding(len(text), len(text) + len(piece) - 2, category, 0.9, "test"))
            piece = piece[1:-1]
        text += piece
    return resolve(Story("story-0001", "a.txt", "", text, (), ref), tuple(findings), subject, clients)


def groups(resolution: Resolution) -> list[set[str]]:
    return [set(entity.surfaces) for entity in resolution.entities]


def one(resolution: Resolution, surface: str) -> Entity:
    (entity,) = [entity for entity in resolution.entities if surface in entity.surfaces]
    return entity


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("[Mrs Aisha Rahman] came. [Aisha] was well. [Mrs R] left. [AR] rang.", [{"Mrs Aisha Rahman", "Aisha", "Mrs R", "AR"}]),
        ("[Aisha Rahman], {a.rahman@post.example}", [{"Aisha Rahman"}, {"a.rahman@post.example"}]),
        ("[Grace Oyelaran] met [Grace Pym]. [Miss Pym] wrote.", [{"Grace Oyelaran"}, {"Grace Pym", "Miss Pym"}]),
        ("[Grace O] and [Grace P], not the same person", [{"Grace O"}, {"Grace P"}]),
        ("[Barker, Lynne] rang. NOT the same as [Barker, Lyn].", [{"Barker, Lynne"}, {"Barker, Lyn"}]),
        ("[Kelly Ogden] rang. We all like [the Ogdens].", [{"Kelly Ogden"}, {"the Ogdens"}]),
        ("[Sean Kelly] rang. His wife [Maura Kelly] is ill.", [{"Sean Kelly"}, {"Maura Kelly"}]),
        ("[Nguyen Van Thanh] came. [Mr Nguyen] left. [Thanh] won.", [{"Nguyen Van Thanh", "Mr Nguyen", "Thanh"}]),
        ("[James Okoro] came. [Mr James] is his landlord.", [{"James Okoro"}, {"Mr James"}]),
        ("[Leonard Tweddle] fell. [Len] is home.", [{"Leonard Tweddle", "Len"}]),
        ('[Kai Birch] ("[Birdy]") was late. [Birdy] ate.', [{"Kai Birch", "Birdy"}]),
        ("[PRICE, William] and [Mr Price]", [{"PRICE, William", "Mr Price"}]),
        ("SURNAME | [Diaz]\nFORENAMES | [Maria Luz]\n\n[Maria] rang", [{"Diaz", "Maria Luz", "Maria"}]),
        ("[Mercy] ([Hope]'s mum) rang. [Hope] laughs.", [{"Mercy"}, {"Hope"}]),
        ("[Keisha Obel] came. [Keisha love], you did it.", [{"Keisha Obel", "Keisha love"}]),
        ("[Jaz Wren] came. [Young Jaz] sang.", [{"Jaz Wren", "Young Jaz"}]),
        ("[Rukhsana Aslam] came. [Ruksana] cried.", [{"Rukhsana Aslam", "Ruksana"}]),
    ],
)
def test_who_is_one_person_and_who_is_not(clients: ClientIndex, text: str, people: list[set[str]]) -> None:
    assert groups(resolved(text, clients)) == people


@pytest.mark.parametrize(
    ("text", "surface", "role", "relation", "gender"),
    [
        ("her son [Patrick] rang", "Patrick", Role.RELATIVE, "son", Gender.MALE),
        ("[Patrick] (son) rang", "Patrick", Role.RELATIVE, "son", Gender.MALE),
        ("her ex [Craig] turned up", "Craig", Role.RELATIVE, "ex-partner", Gender.UNKNOWN),
        ("Nan ([Carol]) came", "Carol", Role.RELATIVE, "grandmother", Gender.FEMALE),
        ("Caseworker: [Gwen Ash]", "Gwen Ash", Role.STAFF, "caseworker", Gender.UNKNOWN),
        ("Our volunteer [Pete] helped", "Pete", Role.STAFF, "volunteer", Gender.UNKNOWN),
        ("[Dr Bose] of the Marlby Surgery", "Dr Bose", Role.PROFESSIONAL, "GP", Gender.UNKNOWN),
        ("her social worker, [Ms Lancaster],", "Ms Lancaster", Role.PROFESSIONAL, "social worker", Gender.FEMALE),
        ("[PC Sharma] attended", "PC Sharma", Role.PROFESSIONAL, "police officer", Gender.UNKNOWN),
        ("his neighbour [Mrs Clegg] has a key", "Mrs Clegg", Role.OTHER, "neighbour", Gender.FEMALE),
        ("[Kelly Dunn] wrote this", "Kelly Dunn", Role.STAFF, "", Gender.UNKNOWN),
        ("Client: [Jo Bell]. They rang.", "Jo Bell", Role.SERVICE_USER, "", Gender.UNKNOWN),
        ("[Fola] said that she was tired", "Fola", Role.OTHER, "", Gender.FEMALE),
    ],
)
def test_role_relation_and_gender_come_from_the_words_beside_a_name(
    clients: ClientIndex, text: str, surface: str, role: Role, relation: str, gender: Gender
) -> None:
    person = one(resolved(text, clients), surface)
    assert (person.role, person.relation, person.gender) == (role, relation, gender)


def test_the_client_given_is_the_subject(clients: ClientIndex) -> None:
    resolution = resolved("[Kelly Dunn] saw [Aisha] and her son [Sami].", clients, AISHA)
    assert [(entity.surfaces, entity.subject, entity.case_ref) for entity in resolution.entities] == [
        (("Kelly Dunn",), False, None),
        (("Aisha",), True, "CL-1"),
        (("Sami",), False, None),
    ]


def test_the_reference_that_a_file_states_names_its_subject(clients: ClientIndex) -> None:
    assert one(resolved("[Grace] is well.", clients, ref="cl 2"), "Grace").subject


def test_a_clients_parts_are_joined_when_the_list_says_that_they_are_one(clients: ClientIndex) -> None:
    resolution = resolved("[Mr Reading] came with [Mrs Angela Reading]. [Desmond] sat.", clients, DESMOND)
    assert groups(resolution) == [{"Mr Reading", "Desmond"}, {"Mrs Angela Reading"}]


def test_two_clients_of_one_name_leave_the_case_open(clients: ClientIndex) -> None:
    twins = ClientIndex.load(catalogue.models(), (Client("CL-8", 2, "Ann Lee"), Client("CL-9", 3, "Ann Lee")))
    assert one(resolved("[Ann Lee] rang", twins), "Ann Lee").case_ref is None


def test_without_a_register_the_only_service_user_is_the_subject(clients: ClientIndex) -> None:
    assert one(resolved("Client: [Jo Bell]. Worker: [Kelly Dunn].", clients), "Jo Bell").subject
    assert not any(entity.subject for entity in resolved("Client: [Jo Bell]. Client: [Al Day].", clients).entities)


def test_every_finding_has_an_entity_and_entities_come_in_order(clients: ClientIndex) -> None:
    resolution = resolved("[Jo] wrote to {jo@post.example} and [Al], {jo@post.example}", clients)
    assert [finding.entity for finding in resolution.findings] == ["e1", "e2", "e3", "e2"]
    assert [entity.entity_id for entity in resolution.entities] == ["e1", "e2", "e3"]


@pytest.mark.parametrize(
    ("text", "surface", "gender", "relation"),
    [
        ("He has three girls, [Abby], [Kiera] and [Thea].", "Thea", Gender.FEMALE, "daughter"),
        ("She has two children, [Kit] (6) and [Rowan] (2).", "Rowan", Gender.UNKNOWN, "child"),
        ("Her sons, [Idris] and [Malik], go to school.", "Malik", Gender.MALE, "son"),
        ("Her brothers [Femi] and [Tunde] helped.", "Tunde", Gender.MALE, "brother"),
        ("His grandchildren, [Ash] and [Sky], came.", "Sky", Gender.UNKNOWN, "grandchild"),
        ("We met two girls from the class, [Abby] and [Thea].", "Thea", Gender.UNKNOWN, ""),
        ("We met two girls, [Abby] and [Thea].", "Thea", Gender.FEMALE, ""),
        ("A lady called [Rory] came.", "Rory", Gender.FEMALE, ""),
        ("A lad named [Vivian] came.", "Vivian", Gender.MALE, ""),
    ],
)
def test_a_word_before_a_list_says_it_of_everybody_in_the_list(text, surface, gender, relation, clients):
    found = one(resolved(text, clients), surface)
    assert (found.gender, found.relation) == (gender, relation)
