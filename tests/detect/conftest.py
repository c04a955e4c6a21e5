"""Detection is loaded once for the whole run."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import catalogue
from pipeline.detect import Detector, Known
from pipeline.detect.presidio import Patterns
from pipeline.domain.client import Client

KNOWN = Known(
    clients=(
        Client(
            "CL-04417", 2, "Dawn Akehurst", known_as="Shaz", address="14 Pell Street", postcode="LD9 4QZ", phone="07700 900123"
        ),
        Client("CL-04418", 3, "Oluwaseun Adebayo-Thwaite", gender="M"),
        Client("CL-04419", 4, "Will Hope", gender="M"),
        Client("CL-04420", 5, "Margaret Fothergill", gender="F"),
    ),
    staff=("Kelly Dunn",),
    own_names=("Harbourlight Trust", "Harbourlight"),
)


@pytest.fixture(scope="session")
def models() -> Path:
    return catalogue.models()


@pytest.fixture(scope="session")
def patterns(models: Path) -> Patterns:
    return Patterns.load(models)


@pytest.fixture(scope="session")
def detector(models: Path) -> Detector:
    return Detector.load(models, KNOWN)
