"""The request pack: whom it is written for, what it says, and what its boxes mean in the register (P16, P17, P27)."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from pipeline.accessible.paper import Bullets, Choice, Field, Notice, Paper, Paragraph, Table, Ticks
from pipeline.domain.client import Client
from pipeline.domain.permission import IdentityLevel, Judgement, Purpose, Verdict
from pipeline.domain.release import Ending, Held, Reason, Released, Skipped
from pipeline.duties.seek import blank_form, form_version, needs_request, request_paper, write_request
from pipeline.permission.permit import judge
from pipeline.records.permissions import COLUMNS
from pipeline.records.registers import load_permissions
from tests.accessible.papers import HARBOUR, as_pdf
from tests.accessible.readability import measure
from tests.documents.reading import headings, words

DAY = date(2026, 11, 22)
ADULT = Client("HO-77", 2, full_name="Odette Farrow", known_as="Etta", date_of_birth=date(1971, 4, 2), service="Housing")
CHILD = Client("HO-78", 3, full_name="Kit Farrow", date_of_birth=date(2013, 4, 2))
UNASKED = Judgement(Verdict.ANONYMISE, "permission_not_sought")
TOLD = Released("story-0001", Purpose.PUBLICITY, (), False, "permission_not_sought")


def held(reason: Reason) -> Held:
    return Held("story-0001", Purpose.PUBLICITY, reason, "")


@pytest.mark.parametrize(
    ("judgement", "ending", "wanted"),
    [
        (UNASKED, TOLD, True),
        (Judgement(Verdict.ANONYMISE, "expired"), TOLD, True),
        (Judgement(Verdict.ANONYMISE, "not_in_writing"), TOLD, True),
        (Judgement(Verdict.ANONYMISE, "wrong_controller"), TOLD, True),
        (UNASKED, held(Reason.SIGN_OFF), True),
        (UNASKED, held(Reason.STILL_IDENTIFIABLE), True),
        (UNASKED, held(Reason.PERMISSION_NOT_SOUGHT), True),
        (Judgement(Verdict.IDENTIFY, "permitted"), TOLD, False),
        (Judgement(Verdict.ANONYMISE, "purpose_not_granted"), TOLD, False),
        (Judgement(Verdict.ANONYMISE, "identity_level"), TOLD, False),
        (Judgement(Verdict.ANONYMISE, "withdrawn"), TOLD, False),
        (Judgement(Verdict.ANONYMISE, "register_unreadable"), TOLD, False),
        (Judgement(Verdict.ANONYMISE, "statutory_restriction"), TOLD, False),
        (Judgement(Verdict.WITHHOLD, "refused_use"), held(Reason.PERMISSION_REFUSED), False),
        (Judgement(Verdict.WITHHOLD, "conflict_most_restrictive"), TOLD, False),
        (UNASKED, held(Reason.SAFEGUARDING), False),
        (UNASKED, held(Reason.LEGAL_RESTRICTION), False),
        (UNASKED, held(Reason.DECEASED), False),
        (UNASKED, held(Reason.AMBIGUOUS_CLIENT), False),
        (UNASKED, Skipped("story-0001", Purpose.PUBLICITY, Reason.NO_OUTCOME, ""), False),
    ],
)
def test_a_request_is_for_a_useful_story_whose_person_has_not_answered(judgement: Judgement, ending: Ending, wanted: bool):
    assert needs_request({Purpose.PUBLICITY: judgement}, {Purpose.PUBLICITY: ending}) is wanted


def test_what_one_purpose_holds_is_asked_for_in_none():
    judgements = dict.fromkeys(Purpose, UNASKED)
    endings: dict[Purpose, Ending] = {Purpose.PUBLICITY: held(Reason.SAFEGUARDING), Purpose.TRAINING: TOLD}
    assert not needs_request(judgements, endings)


def test_a_purpose_without_an_outcome_is_no_reason_to_ask():
    judgements = {Purpose.PUBLICITY: UNASKED, Purpose.TRAINING: Judgement(Verdict.IDENTIFY, "permitted")}
    skipped = Skipped("story-0001", Purpose.PUBLICITY, Reason.NO_OUTCOME, "")
    assert not needs_request(judgements, {Purpose.PUBLICITY: skipped, Purpose.TRAINING: TOLD})


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("requests")
    write_request("story-0001", ADULT, HARBOUR, folder, DAY)
    return folder


def test_the_pack_comes_in_four_versions_named_after_the_story(pack: Path):
    assert {p.name for p in pack.iterdir()} == {
        "story-0001.docx", "story-0001-large-print.docx", "story-0001.txt", "story-0001.html",
    }  # fmt: skip


def test_it_is_filled_in_for_the_person(pack: Path):
    text = (pack / "story-0001.txt").read_text(encoding="utf-8")
    for value in ("Dear Etta", "Odette Farrow", "2 April 1971", "HO-77", "Housing team", "22 November 2026", HARBOUR.name):
        assert value in text


def test_nothing_is_left_over_to_be_filled_in(pack: Path):
    for path in pack.glob("*.docx"):
        assert not re.search(r"[{}]|\(Name of|\bNone\b", words(path))
    assert not re.search(r"[{}]|\(Name of|\bNone\b|<\w+=", (pack / "story-0001.txt").read_text(encoding="utf-8"))


def test_word_has_the_letter_the_explanation_the_form_and_the_office_under_real_headings(pack: Path):
    found = headings(pack / "story-0001.docx")
    assert found[0] == ("Title", "Your story, your choice")
    parts = [text for style, text in found if style == "Heading 1"]
    assert parts == ["What we are asking you", "Your form", "For the office only"]
    assert ("Heading 2", "Can I say no?") in found


def test_libreoffice_opens_it(pack: Path, tmp_path: Path):
    for name in ("story-0001.docx", "story-0001-large-print.docx"):
        assert as_pdf(pack / name, tmp_path).startswith(b"%PDF")


def test_what_each_person_has_to_know_is_said(pack: Path):
    text = " ".join((pack / "story-0001.txt").read_text(encoding="utf-8").split())
    for said in (
        "You can say no", "same help", "tick No on the form", "Can I change my mind?", "How long", "Who will see my form?",
        "We may still tell what happened", "talk it over with someone you trust", "Information Commissioner",
    ):  # fmt: skip
        assert said in text


def for_people(paper: Paper) -> Paper:
    """The letter, the explanation and the form, without the office's page."""
    office = next(n for n, b in enumerate(paper.blocks) if getattr(b, "text", "") == "For the office only")
    return Paper(paper.title, paper.blocks[:office])


@pytest.mark.parametrize("client", [ADULT, CHILD])
def test_a_twelve_year_old_can_follow_it(client: Client):
    paper = for_people(request_paper(client, HARBOUR, DAY))
    prose = [b.text for b in paper.blocks if isinstance(b, Paragraph | Notice)]
    prose += [item for b in paper.blocks if isinstance(b, Bullets) for item in b.items]
    for texts in (prose, list(paper.texts())):
        found = measure(texts)
        assert found.words > 500
        assert found.ease >= 75, found
        assert found.grade <= 6, found


def columns(paper: Paper) -> list[str]:
    """The register columns that the form and the office's page ask for, once for each place that asks."""
    (table,) = (b for b in paper.blocks if isinstance(b, Table))
    assert table.header[1] == "Column"
    return [*paper.columns, *(row[1] for row in table.rows)]


@pytest.mark.parametrize("client", [ADULT, CHILD])
def test_each_column_of_the_permission_register_is_asked_for_in_exactly_one_place(client: Client):
    assert sorted(columns(request_paper(client, HARBOUR, DAY))) == sorted(COLUMNS)


def test_the_office_is_told_the_column_of_every_question(pack: Path):
    text = (pack / "story-0001.txt").read_text(encoding="utf-8").split("Where each answer goes")[1]
    asked = set(request_paper(ADULT, HARBOUR, DAY).columns)
    assert asked <= set(re.findall(r"\w+", text))


def test_each_purpose_and_each_channel_has_its_own_box():
    choices = [c for b in request_paper(ADULT, HARBOUR, DAY).blocks if isinstance(b, Ticks) for c in b.choices]
    for purpose in Purpose:
        assert [c.value for c in choices if c.column == f"purpose_{purpose}"] == ["yes"]
    assert len({c.value for c in choices if c.column == "channels"}) >= 6
    assert {c.value for c in choices if c.column == "response"} == {"given", "refused"}
    assert {c.value for c in choices if c.column == "identity_level"} == set(IdentityLevel)


def copied(paper: Paper, ticked: Mapping[str, tuple[str, ...]], written: Mapping[str, str]) -> dict[str, str]:
    """The row of the register that comes of a form, copied in as its office page says."""
    boxes: list[Choice] = [c for b in paper.blocks if isinstance(b, Ticks) for c in b.choices]
    row = {f.column: f.value for f in paper.blocks if isinstance(f, Field) and f.column}
    (table,) = (b for b in paper.blocks if isinstance(b, Table))
    row |= {column: here for _, column, here in table.rows}
    for column, values in ticked.items():
        assert set(values) <= {box.value for box in boxes if box.column == column}, column
        row[column] = ";".join(values)
    row |= {f"purpose_{p}": row.get(f"purpose_{p}") or "no" for p in Purpose} | written
    row["dob"] = "1971-04-02" if paper == request_paper(ADULT, HARBOUR, DAY) else "2013-04-02"
    row["sought_on"] = DAY.isoformat()
    return row


def judged(row: Mapping[str, str], client: Client, folder: Path, purpose: Purpose) -> Judgement:
    (folder / "form.pdf").write_bytes(b"%PDF-1.4 signed")
    with (folder / "permissions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerow(row)
    read = load_permissions(folder / "permissions.csv")
    assert not read.errors
    return judge(read.rows, client, purpose, date(2026, 12, 1), HARBOUR)


SIGNED = {
    "consent_id": "C-1", "given_by": "Odette Farrow", "given_on": "2026-11-30", "effective_from": "2026-11-30",
    "expires_on": "2028-11-29", "method": "written form", "capacity": "has capacity", "evidence_file": "form.pdf",
}  # fmt: skip


def test_a_signed_form_copied_into_the_register_allows_what_was_ticked_and_no_more(tmp_path: Path):
    ticked = {
        "response": ("given",), "purpose_publicity": ("yes",), "channels": ("website", "press"), "recipients": ("public",),
        "identity_level": ("first name",), "authority": ("self",),
    }  # fmt: skip
    row = copied(request_paper(ADULT, HARBOUR, DAY), ticked, SIGNED | {"scope": "this story"})
    publicity = judged(row, ADULT, tmp_path, Purpose.PUBLICITY)
    assert publicity.verdict is Verdict.IDENTIFY
    assert publicity.identity_level is IdentityLevel.FIRST_NAME
    assert (publicity.channels, publicity.recipients) == (("website", "press"), ("public",))
    assert not publicity.quote
    assert not publicity.photo
    assert judged(row, ADULT, tmp_path, Purpose.TRAINING).reason == "purpose_not_granted"


def test_a_form_that_says_no_withholds(tmp_path: Path):
    row = copied(request_paper(ADULT, HARBOUR, DAY), {"response": ("refused",), "authority": ("self",)}, SIGNED)
    assert {judged(row, ADULT, tmp_path, purpose).verdict for purpose in Purpose} == {Verdict.WITHHOLD}


def test_whoever_wants_to_see_the_story_first_is_not_named_until_they_have(tmp_path: Path):
    (scope,) = (c.value for b in blank_form(HARBOUR).blocks if isinstance(b, Ticks) for c in b.choices if c.column == "scope")
    ticked = {
        "response": ("given",), "purpose_publicity": ("yes",), "channels": ("website",), "identity_level": ("full name",),
        "authority": ("self",), "scope": (scope,),
    }  # fmt: skip
    row = copied(request_paper(ADULT, HARBOUR, DAY), ticked, SIGNED)
    assert judged(row, ADULT, tmp_path, Purpose.PUBLICITY).reason == "not_yet_effective"
    row["final_copy_approved_on"] = "2026-12-01"
    assert judged(row, ADULT, tmp_path, Purpose.PUBLICITY).verdict is Verdict.IDENTIFY


def test_a_child_and_a_parent_both_answer(tmp_path: Path):
    paper = request_paper(CHILD, HARBOUR, DAY)
    text = "\n".join(paper.texts())
    assert "and your parent or carer" in text
    assert "If you say no, the answer is no." in text
    assert "My full name" not in text
    (own,) = (c.value for b in paper.blocks if isinstance(b, Ticks) for c in b.choices if c.column == "capacity")
    ticked = {
        "response": ("given",), "purpose_publicity": ("yes",), "channels": ("website",), "identity_level": ("first name",),
        "authority": ("parental responsibility",), "capacity": (own,),
    }  # fmt: skip
    signed = {k: v for k, v in SIGNED.items() if k != "capacity"} | {"given_by": "Odette Farrow", "scope": "this story"}
    assert judged(copied(paper, ticked, signed), CHILD, tmp_path, Purpose.PUBLICITY).verdict is Verdict.IDENTIFY
    alone = copied(paper, {k: v for k, v in ticked.items() if k != "capacity"}, signed)
    assert judged(alone, CHILD, tmp_path, Purpose.PUBLICITY).verdict is not Verdict.IDENTIFY


@pytest.mark.parametrize(
    ("born", "band", "child"),
    [
        (date(2010, 11, 23), "", True), (date(2010, 11, 22), "", False), (None, "11-15", True), (None, "under 16", True),
        (None, "16-17", False), (None, "85 and over", False), (None, "", False),
    ],
)  # fmt: skip
def test_the_form_for_a_child_is_for_those_under_sixteen(born: date | None, band: str, child: bool):
    paper = request_paper(Client("HO-1", 2, full_name="Kit Farrow", date_of_birth=born, age_band=band), HARBOUR, DAY)
    assert any("parental responsibility" in text for text in paper.texts()) is child


def test_whatever_the_client_list_says_the_pack_can_be_written(tmp_path: Path):
    nasty = Client("HO <&> 9", 2, full_name='D\'Arcy "Q" {organisation} <b>', service="A & B", known_as="")
    write_request("story-0009", nasty, HARBOUR, tmp_path, DAY)
    for piece in ('D\'Arcy "Q" {organisation} <b>', "HO <&> 9", "A & B team"):
        assert piece in words(tmp_path / "story-0009.docx")


def test_a_need_on_record_is_answered_first(tmp_path: Path):
    first, *_ = write_request("story-0001", ADULT, HARBOUR, tmp_path, DAY, need="large print")
    assert first.name == "story-0001-large-print.docx"


def test_the_blank_form_is_the_form_of_the_pack_without_anybody(tmp_path: Path):
    for client, blank in ((ADULT, blank_form(HARBOUR)), (CHILD, blank_form(HARBOUR, child=True))):
        asked = [b for b in request_paper(client, HARBOUR, DAY).blocks if isinstance(b, Ticks)]
        assert asked == [b for b in blank.blocks if isinstance(b, Ticks)]
        assert not [f for f in blank.blocks if isinstance(f, Field) and f.value]


def test_the_form_has_a_number_that_its_wording_makes():
    assert re.fullmatch(r"PF-[0-9A-F]{6}", form_version())
    assert form_version() in "\n".join(request_paper(ADULT, HARBOUR, DAY).texts())
