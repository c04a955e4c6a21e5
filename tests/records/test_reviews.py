"""Reviews on the disk: every step is there when it was confirmed, and nobody's step is lost to another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain.permission import Purpose
from pipeline.domain.review import Act, Change, Review
from pipeline.errors import ReviewOvertaken, ReviewRefused
from pipeline.records.reviews import Reviews

TEXT = "ab" * 32
CHANGE = Change(Act.REPLACE, 3, 9, "Tansy Orr", Purpose.TRAINING, None, "the café’s owner")
MARK = Change(Act.REMOVE, 0, 2, "Marguerite Vane", Purpose.PUBLICITY)


def test_what_was_added_is_there_for_whoever_opens_it_next(tmp_path: Path) -> None:
    kept = Reviews(tmp_path / "reviews").add(TEXT, 0, "Tansy Orr", [CHANGE, MARK])
    assert Reviews(tmp_path / "reviews").of(TEXT) == kept
    assert kept.review == Review(TEXT, (CHANGE, MARK))
    assert Reviews(tmp_path / "reviews").digests() == {TEXT}


def test_a_text_that_nobody_reviewed_has_an_empty_review(tmp_path: Path) -> None:
    assert Reviews(tmp_path).of(TEXT).review == Review(TEXT)


def test_undo_takes_back_one_whole_step_at_a_time(tmp_path: Path) -> None:
    reviews = Reviews(tmp_path)
    reviews.add(TEXT, 0, "Tansy Orr", [CHANGE])
    reviews.add(TEXT, 1, "Tansy Orr", [MARK, MARK])
    assert reviews.undo(TEXT, 2, "Tansy Orr").review.changes == (CHANGE,)
    assert reviews.undo(TEXT, 3, "Tansy Orr").review.changes == ()
    assert reviews.undo(TEXT, 4, "Tansy Orr").review.changes == ()


@pytest.mark.parametrize("seen", [0, 2, -1])
def test_a_step_after_another_version_is_refused_and_changes_nothing(tmp_path: Path, seen: int) -> None:
    reviews = Reviews(tmp_path)
    kept = reviews.add(TEXT, 0, "Tansy Orr", [CHANGE])
    with pytest.raises(ReviewOvertaken):
        reviews.add(TEXT, seen, "Marguerite Vane", [MARK])
    assert reviews.of(TEXT) == kept


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_crash_in_the_middle_of_a_step_loses_that_step_alone(tmp_path: Path, cut: int) -> None:
    reviews = Reviews(tmp_path)
    one = reviews.add(TEXT, 0, "Tansy Orr", [CHANGE])
    reviews.add(TEXT, 1, "Tansy Orr", [MARK])
    path = tmp_path / f"{TEXT}.jsonl"
    path.write_bytes(path.read_bytes()[:-cut])
    assert reviews.of(TEXT) == one
    assert reviews.add(TEXT, 1, "Tansy Orr", [MARK]).review.changes == (CHANGE, MARK)


@pytest.mark.parametrize("damage", [b"nonsense\n", b"{}\n", b'{"story": "' + b"cd" * 32 + b'", "changes": []}\n'])
def test_a_damaged_review_is_refused_and_never_taken_for_none(tmp_path: Path, damage: bytes) -> None:
    reviews = Reviews(tmp_path)
    reviews.add(TEXT, 0, "Tansy Orr", [CHANGE])
    path = tmp_path / f"{TEXT}.jsonl"
    path.write_bytes(path.read_bytes() + damage)
    with pytest.raises(ReviewRefused):
        reviews.of(TEXT)
    with pytest.raises(ReviewRefused):
        reviews.add(TEXT, 2, "Tansy Orr", [MARK])


@pytest.mark.parametrize("digest", ["", "..", "../../secret", "AB" * 32, "ab" * 31])
def test_a_review_is_of_a_digest_and_of_no_path(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ReviewRefused):
        Reviews(tmp_path).of(digest)
