"""The released prose reads no worse than what it was made from."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx import Document

from pipeline.narrative import Cues, sentences
from pipeline.sources import list_sources, read
from tests import flow
from tests.language.grammar import faults, per_thousand, summary

_STORY = ("How things were", "How we helped", "What changed")


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("She found a open door.", "article"),
        ("He waited for an bus.", "article"),
        ("They met the a worker.", "article"),
        ("She went went home.", "doubled"),
        ("He lives in at home.", "doubled"),
        ("She rang ( ) the office.", "bracket"),
        ("She rang the office (twice.", "bracket"),
        ("She rang , and he came.", "punctuation"),
        ("She rang,, and he came.", "punctuation"),
        ("He was helped by the.", "unfinished"),
        ("They was glad to be home.", "agreement"),
        ("The letters was sent to him.", "agreement"),
        ("A long letter from the old house by the river.", "no verb"),
    ],
)
def test_the_check_finds_what_a_reader_would_stumble_over(sentence: str, kind: str) -> None:
    assert kind in {fault.kind for fault in faults([sentence])}


@pytest.mark.parametrize(
    "sentence",
    [
        "An hour later a union worker had rung an MP about a useful one-off grant.",
        "She said that that was enough, and he had had no help.",
        "The adviser helped her to apply (twice), and the debt was written off.",
        "Her sons were glad, and the family have moved.",
        "He says that he is home again.",
    ],
)
def test_the_check_leaves_good_sentences_alone(sentence: str) -> None:
    assert faults([sentence]) == []


def test_released_prose_has_no_more_faults_than_its_sources(sample_run: flow.Run, cues: Cues) -> None:
    released = {
        line["source"] for line in sample_run.manifest()["inputs"] if line["purposes"]["publicity"]["status"] == "released"
    }
    sources = [source for source in list_sources([flow.SAMPLES / "notes"]) if source.name in released]
    stories = [story for source in sources for story in read(source)]
    original = [_ended(story.text[each.start : each.end]) for story in stories for each in sentences(story, cues)]
    told = [text for path in sample_run.released() if path.suffix == ".docx" for text in _told(path)]
    assert len(told) > 20
    assert per_thousand(told) <= per_thousand(original), (summary(told), summary(original))


def _ended(sentence: str) -> str:
    words = " ".join(sentence.split())
    return words if words[-1:] in '.!?"”’)' else words + "."


def _told(path: Path) -> list[str]:
    """The paragraphs of a publicity story; other documents say more than a story."""
    if path.parent.name != "publicity":
        return []
    found, inside = [], False
    for paragraph in Document(str(path)).paragraphs:
        style = paragraph.style.name if paragraph.style is not None else ""
        if style.startswith("Heading"):
            inside = paragraph.text in _STORY
        elif inside and style == "Normal" and paragraph.text.strip():
            found.append(paragraph.text)
    return found
