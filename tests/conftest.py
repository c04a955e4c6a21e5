"""What several tests share: models are loaded once for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import catalogue
from pipeline.generalise.phrasebook import Phrasebook
from pipeline.narrative import Cues


@pytest.fixture(scope="session")
def templates() -> Path:
    return catalogue.policy_templates()


@pytest.fixture(scope="session")
def book(templates: Path) -> Phrasebook:
    return Phrasebook.load(templates / "generalise.toml")


@pytest.fixture(scope="session")
def cues(templates: Path) -> Cues:
    return Cues.load(templates / "narrative.toml")
