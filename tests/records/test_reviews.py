"""Reviews on the disk: every step is there when it was confirmed, and nobody's step is lost to another's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.domain.permission import Purpose
from pipeline.domain.review import Act, Change, Review
from pipeline.errors import ReviewOvertaken, ReviewRefused
from pipeline.records.keys import new_key
from pipeline.records.reviews import Reviews, seal_reviews

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


def test_in_an_encrypted_workspace_every_step_is_sealed_and_bound_to_its_place(tmp_path: Path) -> None:
    key = new_key()
    Reviews(tmp_path).add(TEXT, 0, "Tansy Orr", [CHANGE])
    seal_reviews(tmp_path, key)
    reviews = Reviews(tmp_path, key)
    kept = reviews.add(TEXT, 1, "Tansy Orr", [MARK])
    assert kept.review.changes == (CHANGE, MARK)
    path = tmp_path / f"{TEXT}.jsonl"
    assert b"Tansy" not in path.read_bytes()
    for broken in (path.read_bytes().splitlines(keepends=True)[::-1], path.read_bytes().splitlines(keepends=True)[1:]):
        path.write_bytes(b"".join(broken))
        with pytest.raises(ReviewRefused):
            reviews.of(TEXT)


def test_what_was_written_before_the_workspace_was_encrypted_is_sealed_with_the_next_step(tmp_path: Path) -> None:
    Reviews(tmp_path).add(TEXT, 0, "Tansy Orr", [CHANGE])
    kept = Reviews(tmp_path, new_key()).add(TEXT, 1, "Tansy Orr", [MARK])
    assert kept.version == 2
    assert b"Tansy" not in (tmp_path / f"{TEXT}.jsonl").read_bytes()


def test_the_last_review_of_a_story_is_found_whatever_its_text_was(tmp_path: Path) -> None:
    reviews, story = Reviews(tmp_path), "5" * 64
    assert reviews.earlier(story).changes == ()
    reviews.add(TEXT, 0, "Tansy Orr", [CHANGE], story)
    assert reviews.earlier(story).digest == TEXT
    reviews.add("7" * 64, 0, "Tansy Orr", [MARK], story)
    assert reviews.earlier(story).changes == (MARK,)
