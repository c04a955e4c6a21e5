"""The organisation's secret: one, whole, and its owner's alone."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline.errors import StorysafeError
from pipeline.records import secret
from pipeline.records.secret import load_or_create_secret


def test_the_secret_stays_the_same_and_is_nobody_elses(tmp_path: Path) -> None:
    path = tmp_path / "workspace" / "secret"
    first = load_or_create_secret(path)
    assert len(first) == 32
    assert load_or_create_secret(path) == first
    assert load_or_create_secret(tmp_path / "other") != first
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    first = load_or_create_secret(path)
    path.chmod(0o644)
    assert load_or_create_secret(path) == first
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("links", [True, False])
def test_runs_that_start_at_once_share_one_secret(tmp_path: Path, links: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not links:

        def refuse(*_: object) -> None:
            raise OSError("no links here")

        monkeypatch.setattr(os, "link", refuse)
    path = tmp_path / "secret"
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: load_or_create_secret(path), range(16)))
    assert len(found) == 1
    assert [item.name for item in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_secret_is_not_replaced_in_silence(tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret, "_LINKING", 0.0)
    path = tmp_path / "secret"
    path.write_bytes(content)
    with pytest.raises(StorysafeError, match="damaged"):
        load_or_create_secret(path)
    assert path.read_bytes() == content
