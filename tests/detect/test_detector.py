from __future__ import annotations

import pickle

import pytest

from pipeline.detect import Detector
from pipeline.domain.finding import Category, Finding
from pipeline.domain.story import Block, BlockKind, Locator, Story


def story(text: str, *blocks: Block) -> Story:
    return Story("story-0001", "a.txt", "", text, blocks)


def found(detector: Detector, text: str, category: Category = Category.PERSON) -> list[str]:
    return [text[one.start : one.end] for one in detector.detect([story(text)])[0] if one.category is category]


@pytest.mark.parametrize(
    ("text", "name", "times"),
    [
        ("Ms Ifeoma Nwosu came. nwosu was late. IFEOMA laughed.", "nwosu", 2),
        ("Rukhsana Aslam rang. Rukhsana's flat is cold. Ruksana is well.", "ruk", 3),
        ("Councillor Faith Riding (FR) spoke. FR asked about rent.", "fr", 2),
        ("Hope, my key worker, sat with me. I did not hope much. Thank you Hope. Thanks, Hope!", "hope", 3),
        ("Hope, my key worker, rang. Will drove me; Will is kind.\nsaw dilip and hope n will at the drop in on tues", "will", 3),
        ("seen hope today. hope says she will ring. i hope so too.", "hope", 2),
    ],
)
def test_a_name_once_found_is_found_everywhere(detector: Detector, text: str, name: str, times: int) -> None:
    assert sum(name in surface.lower() for surface in found(detector, text)) >= times


def test_the_ordinary_word_stays(detector: Detector) -> None:
    text = "Will Ashdown rang on Monday. He will ring again, and we will write. Will is hopeful."
    assert found(detector, text) == ["Will Ashdown", "Will"]


def test_an_age_beside_a_name_is_found_and_an_amount_is_not(detector: Detector) -> None:
    text = "Hamza, 6, and his sister (9 months) live with Nasim. They owe £42 after 7 months."
    assert found(detector, text, Category.AGE) == ["6", "9 months"]


def test_metadata_hidden_text_and_gaps_are_searched_too(detector: Detector) -> None:
    text = "Kelly Dunn\nQQ123456C\n07700 900123"
    blocks = (
        Block(0, 10, BlockKind.METADATA, Locator("property"), "author"),
        Block(11, 20, BlockKind.HIDDEN, Locator("body")),
    )
    categories = [one.category for one in detector.detect([story(text, *blocks)])[0]]
    assert categories == [Category.PERSON, Category.ID_NUMBER, Category.PHONE]


def test_a_cell_is_read_with_its_header(detector: Detector) -> None:
    text = "999 000 0019\n71"
    blocks = (
        Block(0, 12, BlockKind.FIELD, Locator("sheet 1"), "NHS number"),
        Block(13, 15, BlockKind.FIELD, Locator("sheet 1"), "Age"),
    )
    assert [one.category for one in detector.detect([story(text, *blocks)])[0]] == [Category.ID_NUMBER, Category.AGE]


def test_a_text_gives_the_same_findings_alone_and_among_others(detector: Detector) -> None:
    stories = [story("Nadia Petrova rang."), story("Lives at 9 Curlew Lane, LD9 4QZ."), story("")]
    together = detector.detect(stories)
    assert together == [detector.detect([one])[0] for one in stories]
    assert pickle.loads(pickle.dumps(together)) == together


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "\x00\x01Grace\x07Oyelaran\x1b[0m",
        "👩‍👧 Ms Ifeoma Nwosu 🏳️‍🌈 rang 07700 900123",
        "\u202eمحمد\u202c called Mr Yusuf Khan. שלום",
        "a" * 30_000,
        "\n" * 20_000,
        "1/" * 10_000,
        "@" * 5_000,
        "Mr " * 8_000,
        "\ud83d broken",
        "﷽" * 2_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_no_text_breaks_detection(detector: Detector, text: str) -> None:
    last = 0
    for one in detector.detect([story(text)])[0]:
        assert isinstance(one, Finding)
        assert last <= one.start < one.end <= len(text)
        last = one.end


def test_what_stands_at_the_end_of_an_enormous_line_is_found(detector: Detector) -> None:
    text = "word and more words " * 4_000 + "QQ123456C"
    assert found(detector, text, Category.ID_NUMBER) == ["QQ123456C"]


@pytest.mark.parametrize("name", ["MARK BEST", "HOPE SHARP", "GRANT LONG"])
def test_in_capitals_a_name_of_two_words_is_whole(detector: Detector, name: str) -> None:
    text = f"CALL FROM {name} AT 9.15. HE HAS NO FOOD IN AND THE GAS IS OFF. WORKER TO VISIT TODAY."
    assert found(detector, text) == [name]
