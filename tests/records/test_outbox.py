"""Only a finished file reaches ``released/``; a full disk or a crowded folder is said plainly."""

from __future__ import annotations

import errno
import os
import stat
import sys

import pytest

from pipeline.errors import OutputFailed, OutputNotEmpty
from pipeline.records.outbox import Outbox, writing


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    with pytest.raises(OutputNotEmpty):
        Outbox.open(tmp_path, overwrite=False)
    assert (tmp_path / "mine.txt").exists()


def test_overwriting_removes_what_an_earlier_run_left_and_nothing_else(tmp_path):
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    (tmp_path / "released").mkdir()
    (tmp_path / "released" / "old.docx").write_text("x", encoding="utf-8")
    Outbox.open(tmp_path, overwrite=True).close()
    assert (tmp_path / "mine.txt").exists()
    assert not (tmp_path / "released").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions; the profile's own apply")
def test_the_internal_folder_is_for_its_owner_alone(tmp_path):
    Outbox.open(tmp_path / "out", overwrite=False).close()
    assert stat.S_IMODE((tmp_path / "out" / "internal").stat().st_mode) == 0o700


def test_a_draft_is_not_released_until_it_is_moved(tmp_path):
    outbox = Outbox.open(tmp_path / "out", overwrite=False)
    draft = outbox.draft("publicity/story-0001.docx")
    draft.write_bytes(b"whole")
    assert not (tmp_path / "out" / "released").exists()
    output = outbox.release(draft, "publicity/story-0001.docx")
    assert (tmp_path / "out" / output.path).read_bytes() == b"whole"
    outbox.close()
    assert list((tmp_path / "out" / "internal").iterdir()) == []


def test_a_full_disk_becomes_an_error_that_says_what_to_do():
    with pytest.raises(OutputFailed) as caught, writing():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/secret/name.docx")
    assert "space" in caught.value.remedy
    assert "name.docx" not in caught.value.message
