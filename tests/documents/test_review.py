"""The review pack for people inside."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.documents.review import write_review
from pipeline.documents.wording import Wording
from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Finding
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import IdentityLevel, Judgement, Purpose, Verdict
from pipeline.domain.policy import Policy, Treatment
from pipeline.domain.release import Ending, Held, Output, Reason, Released
from pipeline.domain.story import Block, BlockKind, Locator, Story
from tests.documents.reading import headings, languages, part, parts, small_sizes, words

TEXT = (
    "Client: Mrs Doreen Patch\nTel: 07700 900123\n\n"
    "Doreen rents in Hartsby. Her son\nPatrick wrote < 3 letters & a form.\nAuthor D P\n"
)
HELD = Held("story-0001", Purpose.PUBLICITY, Reason.SAFEGUARDING, "A manager decides.", "danger")
ANONYMISE = Judgement(Verdict.ANONYMISE, "not_in_writing")


def block(words: str, kind: BlockKind, part: str = "body") -> Block:
    at = TEXT.index(words)
    return Block(at, at + len(words), kind, Locator(part, "paragraph 1"))


STORY = Story(
    "story-0001",
    "a.txt",
    "0" * 64,
    TEXT,
    (
        block("Mrs Doreen Patch", BlockKind.FIELD),
        block("07700 900123", BlockKind.FIELD),
        block("Doreen rents in Hartsby. Her son\nPatrick wrote < 3 letters & a form.", BlockKind.PARAGRAPH),
        block("Author D P", BlockKind.METADATA, "property"),
    ),
)


def decide(words: str, treatment: Treatment, replacement: str, number: int = 0, text: str = TEXT) -> Decision:
    at = [match.start() for match in re.finditer(re.escape(words), text)][number]
    finding = Finding(at, at + len(words), Category.PERSON, 0.97, "tagger", "NAME")
    return Decision(finding, treatment, at, at + len(words), replacement, "service-user", "P18", "Every name is changed.")


DECISIONS = (
    decide("Mrs Doreen Patch", Treatment.SUBSTITUTE, "Mrs Leanne Moss"),
    decide("07700 900123", Treatment.REMOVE, ""),
    decide("Doreen", Treatment.SUBSTITUTE, "Leanne", 1),
    decide("Her son\nPatrick", Treatment.GENERALISE, "A relative"),
    decide("form", Treatment.KEEP, "form"),
)


@pytest.fixture
def write(organisation: Organisation, policy: Policy, wording: Wording, layouts: Path, tmp_path: Path):
    def written(
        story: Story = STORY,
        decisions: tuple[Decision, ...] = DECISIONS,
        judgement: Judgement = ANONYMISE,
        ending: Ending = HELD,
        name: str = "review.docx",
    ) -> Path:
        target = tmp_path / name
        write_review(
            target, story, decisions, judgement, Purpose.PUBLICITY, ending,
            policy, organisation, wording, layouts / "review.docx",
        )  # fmt: skip
        return target

    return written


def originals_and_results(path: Path) -> tuple[list[str], list[str]]:
    """The source paragraphs with every change refused, and with every change accepted."""
    before, after = [], []
    for paragraph in part(path, "word/document.xml").iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is None or style.get(qn("w:val")) != "SourceText":
            continue
        old, new = "", ""
        for node in paragraph.iter(qn("w:t"), qn("w:delText")):
            inserted = node.getparent().getparent().tag == qn("w:ins")
            old += "" if inserted else node.text or ""
            new += "" if node.tag == qn("w:delText") else node.text or ""
        before.append(old)
        after.append(new)
    return before, after


def test_refusing_every_change_gives_the_original_and_accepting_them_the_result(write) -> None:
    before, after = originals_and_results(write())
    assert before == [line for line in TEXT.split("\n") if line]
    assert after == [
        "Client: Mrs Leanne Moss",
        "Tel: ",
        "Leanne rents in Hartsby. A relative",
        " wrote < 3 letters & a form.",
        "Author D P",
    ]


def test_every_change_is_by_storysafe_and_has_a_number_of_its_own(write) -> None:
    changes = [node for _, root in parts(write()) for node in root.iter(qn("w:del"), qn("w:ins"))]
    assert {node.get(qn("w:author")) for node in changes} == {"storysafe"}
    numbers = [node.get(qn("w:id")) for node in changes]
    assert len(numbers) == len(set(numbers)) == 8


def test_every_decision_has_one_comment_that_says_what_rule_and_why(write) -> None:
    path = write()
    comments = ["".join(c.itertext()) for c in part(path, "word/comments.xml").iter(qn("w:comment"))]
    assert comments[0] == "PERSON (NAME): substitute. Rule service-user, clause P18. Every name is changed."
    assert len(comments) == len(DECISIONS)
    body = part(path, "word/document.xml")
    for tag in ("w:commentRangeStart", "w:commentRangeEnd", "w:commentReference"):
        assert len(list(body.iter(qn(tag)))) == len(DECISIONS)


def test_the_comments_and_the_list_do_not_repeat_what_was_found(write) -> None:
    path = write()
    comments = "".join(part(path, "word/comments.xml").itertext())
    cells = "".join(cell.text for row in Document(str(path)).tables[-1].rows for cell in row.cells)
    for surface in ("Doreen", "Patch", "07700", "Patrick"):
        assert surface not in comments + cells


def test_every_page_is_marked_internal_and_confidential(write) -> None:
    section = Document(str(write())).sections[0]
    assert "INTERNAL AND CONFIDENTIAL" in section.header.paragraphs[0].text
    assert not section.different_first_page_header_footer


def test_the_pack_says_why_the_story_is_held_and_what_would_lift_it(write) -> None:
    text = words(write())
    assert "safeguarding (danger)" in text
    assert "A manager decides." in text
    assert "not in writing" in text
    assert "Held for a decision" in text


def test_the_pack_of_a_released_story_says_who_may_see_what(write) -> None:
    judgement = Judgement(
        Verdict.IDENTIFY,
        "permitted",
        "C-001",
        IdentityLevel.FIRST_NAME,
        quote=True,
        channels=("website",),
        excluded_topics=("trade",),
    )
    ending = Released(
        "story-0001", Purpose.PUBLICITY, (Output("released/publicity/story-0001.docx", "0" * 64),), True, "permitted"
    )
    text = words(write(judgement=judgement, ending=ending))
    for said in ("released/publicity/story-0001.docx", "C-001", "first name", "quotation", "website", "trade"):
        assert said in text


def test_hidden_layers_are_shown_with_their_place(write) -> None:
    assert "metadata: property, paragraph 1" in words(write())


def test_a_decision_inside_another_is_listed_and_not_carried_out_twice(write) -> None:
    inner = decide("Patch", Treatment.SUBSTITUTE, "Moss")
    path = write(decisions=(*DECISIONS, inner))
    assert originals_and_results(path)[1][0] == "Client: Mrs Leanne Moss"
    assert len(Document(str(path)).tables[-1].rows) == len(DECISIONS) + 2


def test_a_source_without_text_or_findings_still_has_a_pack(write) -> None:
    path = write(story=Story("story-0002", "b.txt", "0" * 64, "", ()), decisions=())
    assert "no text that could be read" in words(path)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=60), st.data())
def test_no_character_of_a_source_breaks_the_pack(write, text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    finding = Finding(start, end, Category.INDIRECT, 0.5, "tagger")
    decision = Decision(finding, Treatment.SUBSTITUTE, start, end, text[::-1], "r", "P18", "Why.")
    whole = Block(0, len(text), BlockKind.PARAGRAPH, Locator("body"))
    path = write(story=Story("story-0001", "a", "0" * 64, text, (whole,)), decisions=(decision,))
    shown = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text)
    lines = zip(text.split("\n"), shown.split("\n"), strict=True)  # a separator such as U+001F is white space too
    assert originals_and_results(path)[0] == [line.replace("\r", " ") for written, line in lines if written.strip()]


def test_letters_language_headings_and_bytes_are_as_everywhere(write) -> None:
    path = write()
    assert small_sizes(path) == []
    assert languages(path) == {"en-GB"}
    assert [style for style, _ in headings(path)] == ["Title", "Heading 1", "Heading 1", "Heading 1", "Heading 2"]
    assert path.read_bytes() == write(name="again.docx").read_bytes()
