"""The samples, read and looked through once for every test of this folder."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline import catalogue
from pipeline.case import Case
from pipeline.errors import ReadError
from pipeline.records.indexed import Registers
from pipeline.run import prepare
from pipeline.sources import list_sources, read
from pipeline.world import Settings, World
from tests import flow

_POLICY = catalogue.policy_templates() / "policy.toml"


@pytest.fixture(scope="session")
def world() -> World:
    names = ("clients", "stories", "permissions", "decisions")
    files = {name: flow.SAMPLES / f"{name}.csv" for name in names}
    settings = Settings(flow.SAMPLES / "organisation.toml", _POLICY, date(2026, 11, 22), secret=bytes(32), **files)
    return World(settings, Registers.load(*files.values()))


@pytest.fixture(scope="session")
def cases(world: World) -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for source in list_sources([flow.SAMPLES / "notes"]):
        try:
            found[source.name] = prepare(read(source), world)
        except ReadError:
            continue
    return found
