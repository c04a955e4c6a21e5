"""The journal knows what is done: whole lines count, half a line is cut, another run's journal is never taken for ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import OutputFailed, OutputNotEmpty
from pipeline.records.journal import Journal, RunKey, read_key
from pipeline.records.locks import Busy, drop_lock, take_lock
from pipeline.records.outbox import Outbox

KEY = RunKey({"on": "2026-11-22", "inputs": "abc"})


def journal_of(path, *entries, key=KEY):
    journal = Journal(path, key)
    for entry in entries:
        journal.append(entry)
    journal.close()
    return journal


def test_what_was_appended_is_there_when_it_is_opened_again(tmp_path):
    journal_of(tmp_path / "j", {"input": 1}, {"input": 2})
    assert list(Journal(tmp_path / "j", KEY).entries()) == [{"input": 1}, {"input": 2}]


@given(cut=st.integers(0, 10_000))
def test_wherever_a_crash_cuts_it_off_the_whole_lines_stay_and_it_can_be_written_on(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("journal") / "j"
    journal_of(path, {"input": 1}, {"input": 2})
    data = path.read_bytes()
    path.write_bytes(data[: cut % (len(data) + 1)])
    whole = path.read_bytes().count(b"\n")
    journal_of(path, {"input": 3})
    kept = [{"input": 1}, {"input": 2}][: max(0, whole - 1)]
    assert list(Journal(path, KEY).entries()) == [*kept, {"input": 3}]


def test_a_journal_without_a_whole_first_line_is_that_of_no_run(tmp_path):
    assert read_key(tmp_path / "none") is None
    (tmp_path / "half").write_bytes(b'{"storysafe": 1, "key"')
    assert read_key(tmp_path / "half") is None


@pytest.mark.parametrize("first", [b"no json\n", b'{"storysafe": 99, "key": {}}\n', b"[]\n", b'{"storysafe": 1, "key": 3}\n'])
def test_a_journal_that_nobody_here_wrote_is_refused(tmp_path, first):
    (tmp_path / "j").write_bytes(first)
    with pytest.raises(OutputFailed):
        read_key(tmp_path / "j")


def test_a_damaged_line_is_named_and_nothing_is_built_on_it(tmp_path):
    journal_of(tmp_path / "j", {"input": 1})
    with (tmp_path / "j").open("ab") as stream:
        stream.write(b"\x00\x00\n")
    with pytest.raises(OutputFailed, match="line 3"):
        list(Journal(tmp_path / "j", KEY).entries())


def test_two_keys_say_what_differs_and_equal_ones_are_one_run():
    other = RunKey({"inputs": "abd", "on": "2026-11-22"})
    assert KEY.differs_in(other) == ("inputs",)
    assert KEY.run_id != other.run_id
    assert KEY.run_id == RunKey({"inputs": "abc", "on": "2026-11-22"}).run_id


def test_an_outbox_goes_on_only_with_the_same_key_and_without_the_drafts_of_before(tmp_path):
    first = Outbox.open(tmp_path / "out", overwrite=False, key=KEY)
    journal_of(first.journal, {"input": 1})
    first.draft("left.docx").write_bytes(b"unverified")
    first.close()
    with pytest.raises(OutputNotEmpty, match="inputs"):
        Outbox.open(tmp_path / "out", overwrite=False, key=RunKey({"on": "2026-11-22", "inputs": "other"}))
    with pytest.raises(OutputNotEmpty):
        Outbox.open(tmp_path / "out", overwrite=False)
    again = Outbox.open(tmp_path / "out", overwrite=False, key=KEY)
    assert again.resumed
    assert [path.name for path in again.work.parent.iterdir() if path != again.work] == ["journal.jsonl"]
    again.close()


def test_a_run_killed_before_its_first_line_leaves_an_empty_folder(tmp_path):
    killed = Outbox.open(tmp_path / "out", overwrite=False, key=KEY)
    killed._lock.close()  # as the system does
    assert not Outbox.open(tmp_path / "out", overwrite=False, key=KEY).resumed


def test_one_folder_is_open_once(tmp_path):
    first = Outbox.open(tmp_path / "out", overwrite=False)
    with pytest.raises(OutputFailed, match="another run"):
        Outbox.open(tmp_path / "out", overwrite=True)
    first.close()
    Outbox.open(tmp_path / "out", overwrite=True).close()


def test_a_sealed_draft_that_was_changed_is_not_released(tmp_path):
    outbox = Outbox.open(tmp_path / "out", overwrite=False)
    outbox.draft("a.txt").write_bytes(b"verified")
    sealed = outbox.seal("a.txt")
    outbox.draft("a.txt").write_bytes(b"something else")
    with pytest.raises(OutputFailed, match="changed before"):
        outbox.deliver(sealed)
    assert not (tmp_path / "out" / "released").exists()


def test_a_lock_is_held_once_and_leaves_nothing_behind(tmp_path):
    lock = take_lock(tmp_path / ".lock")
    with pytest.raises(Busy):
        take_lock(tmp_path / ".lock")
    drop_lock(lock, tmp_path / ".lock")
    assert list(tmp_path.iterdir()) == []
    drop_lock(take_lock(tmp_path / ".lock"), tmp_path / ".lock")
