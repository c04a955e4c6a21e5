"""The wording of a paper: what can be written, and what is refused with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.accessible import joined
from pipeline.accessible.paper import Bullets, Choice, Field, Heading, Notice, PageBreak, Paragraph, Table, Ticks
from pipeline.errors import RenderError
from tests.accessible.papers import made


def test_every_kind_of_block_is_understood(tmp_path: Path):
    paper = made(
        tmp_path,
        """%% a note
# Title
Words that go on
over two lines.\\
And a break.

## Part
- one
- two
  and more
> Mind this.
===
?1 Which?
[ ] This <column=value one>
[ ] That
__ Name <subject_name> = {name}
____ More
|= About
| A | B |
| 1 | |
""",
        name="Ada Quill",
    )  # fmt: skip
    assert paper.title == "Title"
    assert paper.blocks == (
        Paragraph("Words that go on over two lines.\nAnd a break."),
        Heading("Part", 1),
        Bullets(("one", "two and more")),
        Notice("Mind this."),
        PageBreak(),
        Ticks("Which?", (Choice("This", "column", "value one"), Choice("That", "", "")), one=True),
        Field("Name", "subject_name", "Ada Quill"),
        Field("More", lines=3),
        Table("About", ("A", "B"), (("1", ""),)),
    )


def test_words_for_a_case_are_shown_in_that_case_only(tmp_path: Path):
    text = "# T\n@when child\nFor a child.\n@end\n@unless child\nFor an adult.\n@end\n"
    assert made(tmp_path, text, "child").blocks == (Paragraph("For a child."),)
    assert made(tmp_path, text).blocks == (Paragraph("For an adult."),)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("# T\n\nDear {nmae}\n", 3, "{nmae} is not known"),
        ("# T\n@when child\nDear {nmae}\n@end\n", 3, "{nmae} is not known"),
        ("# T\nDear {name\n", 2, "left over"),
        ("# T\nDear name}\n", 2, "left over"),
        ("# T\nFor (Name of Organisation)\n", 2, "left over"),
        ("# T\nFrom [insert date]\n", 2, "left over"),
        ("# T\nTODO: ask\n", 2, "left over"),
        ("# T {nmae}\n", 1, "{nmae} is not known"),
        ("# T\n- {nmae}\n", 2, "{nmae} is not known"),
        ("# T\n? {nmae}\n", 2, "{nmae} is not known"),
        ("# T\n? Q\n[ ] {nmae}\n", 3, "{nmae} is not known"),
        ("# T\n__ Name = {nmae}\n", 2, "{nmae} is not known"),
        ("# T\n|= About\n| {nmae} |\n", 3, "{nmae} is not known"),
        ("# T\n[ ] alone\n", 2, "stands under its question"),
        ("# T\n| a |\n", 2, "needs a line above it"),
        ("# T\n|= About\n| a | b |\n| c |\n", 4, "more or fewer cells"),
        ("# T\n# U\n", 2, "a title already"),
        ("# T\n@when\n", 2, "not @when"),
        ("# T\n@when child\nwords\n", 3, "not closed"),
        ("words\n", 1, "no title"),
        ("# T\n__\n", 2, "has a label"),
        ("# T\n? Q\nwords\n", 3, "empty line"),
    ],
)
def test_what_cannot_be_understood_is_named_by_file_and_line(tmp_path: Path, text: str, line: int, said: str):
    with pytest.raises(RenderError) as error:
        made(tmp_path, text, name="Ada Quill")
    assert error.value.message.startswith(f"made.md, line {line}: ")
    assert said in error.value.message
    assert "Quill" not in error.value.message


def test_a_template_that_is_not_text_is_refused(tmp_path: Path):
    from pipeline.accessible import read_paper

    (tmp_path / "made.md").write_bytes(b"# T\xff\xfe")
    with pytest.raises(RenderError, match=r"made\.md cannot be read"):
        read_paper(tmp_path / "made.md", {})


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text())
def test_a_value_is_words_and_never_a_template(tmp_path: Path, value: str):
    (block,) = made(tmp_path, "# T\nA {name} Z\n", name=value).blocks
    assert isinstance(block, Paragraph)
    assert block.text.startswith("A ")
    assert block.text.endswith(" Z")
    assert "\n" not in block.text


def test_joined_papers_start_on_their_own_pages_a_level_lower(tmp_path: Path):
    one, two = made(tmp_path, "# One\n## A\n"), made(tmp_path, "# Two\n## B\n")
    assert joined("Both", one, two).blocks == (Heading("A", 1), PageBreak(), Heading("Two", 1), Heading("B", 2))
