"""What several tests share: models are loaded once for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import catalogue
from pipeline.generalise.phrasebook import Phrasebook
from pipeline.narrative import Cues
from tests import flow


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
