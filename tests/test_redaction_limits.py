"""A copy takes bounded time: a file far longer than a note is refused with what to do."""

from __future__ import annotations

from pathlib import Path

from tests import flow


def test_a_file_of_more_than_three_hundred_thousand_characters_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("Tea was made. " * 22_000, encoding="utf-8")
    done = flow.storysafe(tmp_path / "out", "redact", tmp_path / "long.txt", "--out", tmp_path / "out")
    assert done.code != 0
    assert [line["reason"] for line in done.held()] == ["unreadable"]
    assert "Split it" in done.held()[0]["what_next"]
    assert not done.released()
