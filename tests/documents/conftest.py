"""An invented story, organisation and client list for the documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pipeline.documents.wording import Wording, load_wording
from pipeline.domain.organisation import Organisation
from pipeline.domain.permission import Purpose
from pipeline.domain.policy import Policy
from pipeline.domain.telling import Part, Passage, Telling
from pipeline.policy.policies import load_policy

Tell = Callable[..., Telling]

PASSAGES = (
    Passage("When Leanne first came to us she had not opened her post for four months.", Part.SITUATION, "Week 1", 1),
    Passage("Her arrears stood at £640 & the notice gave < 28 days.", Part.SITUATION, "Week 1", 1),
    Passage("The lift was broken.", Part.SITUATION, "", 2),
    Passage("A volunteer sorted the letters into three piles.", Part.SUPPORT, "Week 2", 3),
    Passage("She kept a list.", Part.SUPPORT, "", 3),
    Passage("A claim was sent.", Part.SUPPORT, "Week 5", 4),
    Passage("She signed for a ground-floor flat.", Part.OUTCOME, "Month 6", 5),
    Passage("“I can open my own front door again.”", Part.QUOTE, "", 6),
)


@pytest.fixture(scope="session")
def wording(templates: Path) -> Wording:
    return load_wording(templates / "documents.toml")


@pytest.fixture(scope="session")
def policy(templates: Path) -> Policy:
    return load_policy(templates / "policy.toml")


@pytest.fixture(scope="session")
def layouts(templates: Path) -> Path:
    return templates / "word"


@pytest.fixture(scope="session")
def organisation() -> Organisation:
    return Organisation(
        "Hartsby Open Door & Advice",
        services=("Housing",),
        funders=("Hartsby Fund",),
        contact="hello@hartsby.example",
        website="www.hartsby.example",
    )


@pytest.fixture(scope="session")
def tell() -> Tell:
    def made(purpose: Purpose = Purpose.PUBLICITY, **more: Any) -> Telling:
        told: dict[str, Any] = {
            "story_id": "story-0001",
            "purpose": purpose,
            "passages": PASSAGES,
            "person": "Leanne",
            "identified": False,
            "changed": True,
            "quote": True,
            "service": "Housing",
            "outcome": "Rehoused; overpayment written off",
            "themes": ("housing", "debt"),
        }
        return Telling(**{**told, **more})

    return made
