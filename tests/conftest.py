"""What several tests share: models are loaded once for the whole run."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import catalogue
from pipeline.generalise.phrasebook import Phrasebook
from pipeline.narrative import Cues
from tests import flow


@pytest.fixture(scope="session", autouse=True)
def no_records_of_yours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into the records of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("STORYSAFE_WORKSPACE", str(tmp_path_factory.mktemp("workspace")))
        patch.delenv("STORYSAFE_RECORDS", raising=False)
        yield


@pytest.fixture(autouse=True)
def own_records(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test's run released is not recalled in another's."""
    monkeypatch.setenv("STORYSAFE_WORKSPACE", str(tmp_path_factory.getbasetemp() / "workspaces" / uuid.uuid4().hex))


@pytest.fixture(scope="session")
def templates() -> Path:
    return catalogue.policy_templates()


@pytest.fixture(scope="session")
def book(templates: Path) -> Phrasebook:
    return Phrasebook.load(templates / "generalise.toml")


@pytest.fixture(scope="session")
def cues(templates: Path) -> Cues:
    return Cues.load(templates / "narrative.toml")


@pytest.fixture(scope="session")
def secret(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("secret") / "secret"
    path.write_bytes(bytes(range(32)))
    return path


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> flow.Run:
    """All samples, once, for every test that only looks at the result."""
    return flow.run(tmp_path_factory.mktemp("samples") / "out", flow.SAMPLES / "notes", secret=secret)
