"""A writer that leaves one mechanism uncleaned is caught on its way out, for every mechanism: nothing is released."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from pipeline import catalogue, redaction
from pipeline.domain.release import Held, Reason, Released
from pipeline.domain.replacement import Replacement
from pipeline.records.indexed import Registers
from pipeline.records.outbox import Outbox
from pipeline.sources import SourceFile
from pipeline.sources.copy import write_copy
from pipeline.world import Settings, World
from tests.word.mechanisms import ALL
from tests.word.planting import NAME, base, zipped


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    clients = tmp_path_factory.mktemp("registers") / "clients.csv"
    clients.write_text(f"case_ref,full_name\nWOH/26/0001,{NAME}\n", encoding="utf-8")
    settings = Settings(
        None, catalogue.policy_templates() / "policy.toml", date(2026, 11, 22), clients=clients, secret=bytes(range(32))
    )
    return World(settings, Registers.load(clients, None, None, None))


def leaving(mechanism: str) -> object:
    """The writer, told to carry every part that holds the mechanism over as it was."""

    def write(source: SourceFile, target: Path, replacements: Sequence[Replacement], **words: object) -> None:
        write_copy(source, target, replacements, **words)  # type: ignore[arg-type]
        before, after = base(), base()
        ALL[mechanism](after)
        with zipfile.ZipFile(target) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts.update({name: data for name, data in after.items() if before.get(name) != data})
        target.write_bytes(zipped(parts))

    return write


def ending_of(mechanism: str, folder: Path, world: World) -> tuple[object, list[Path]]:
    parts = base()
    ALL[mechanism](parts)
    (folder / "note.docx").write_bytes(zipped(parts))
    outbox = Outbox.open(folder / "out", False)
    ending, *_ = redaction._one(SourceFile(folder / "note.docx", "note.docx", 1), world, None, outbox)
    return ending, [path for path in (folder / "out" / "released").rglob("*") if path.is_file()]


@pytest.mark.slow
@pytest.mark.parametrize("mechanism", ALL)
def test_a_copy_that_keeps_a_mechanism_is_held(
    mechanism: str, tmp_path: Path, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redaction, "write_copy", leaving(mechanism))
    ending, released = ending_of(mechanism, tmp_path, world)
    assert isinstance(ending, Held)
    assert ending.reason is Reason.LEAK_FOUND
    assert released == []


@pytest.mark.slow
@pytest.mark.parametrize("mechanism", ALL)
def test_a_copy_that_keeps_nothing_is_released(mechanism: str, tmp_path: Path, world: World) -> None:
    ending, released = ending_of(mechanism, tmp_path, world)
    assert isinstance(ending, Released), ending
    assert [path.name for path in released] == ["note.docx"]
