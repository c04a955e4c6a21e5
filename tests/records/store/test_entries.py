"""Entries that are only ever added, in a file and at a server."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from pipeline.records.store import Store
from pipeline.records.store.entries import add_entry, all_entries


def test_entries_come_back_in_order_and_whole(address: str | Path) -> None:
    with Store.open(address) as store:
        made = [add_entry(store, "sort", {"name": "Zoë \udc80", "n": number})[0] for number in (1, 2, 3)]
    with Store.open(address) as store:
        assert all_entries(store) == (made, 0)
        assert [entry.number for entry in made] == [1, 2, 3]


def test_a_mark_is_used_once(address: str | Path) -> None:
    with Store.open(address) as store:
        first, new = add_entry(store, "sort", {"n": 1}, "mark")
        again, second = add_entry(store, "sort", {"n": 2}, "mark")
    assert (new, second) == (True, False)
    assert again == first


def test_the_first_entry_that_was_changed_is_named(address: str | Path) -> None:
    with Store.open(address) as store:
        for number in (1, 2, 3):
            add_entry(store, "sort", {"n": number})
        with store.database.writing() as connection:
            connection.execute(text("UPDATE duty_entries SET body = 'no JSON at all' WHERE seq = 2"))
        entries, bad = all_entries(store)
    assert (len(entries), bad) == (3, 2)
