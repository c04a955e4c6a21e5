"""One small organisation with a finished run, and the page over it; loaded once for all tests of the page."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline import catalogue
from pipeline.records.workspace import Workspace
from pipeline.sources import list_sources
from pipeline.web.asking import ROOMY
from pipeline.web.desk import Desk
from pipeline.web.doors import Doors, Keys
from pipeline.web.pages import application
from pipeline.world import Settings
from tests import flow
from tests.cli.test_permission_cases import House

DAY = date(2026, 10, 5)
ORIGIN = "http://127.0.0.1:8123"
SCRIPT = "<script>alert(1)</script>"
TOLD = (
    "{first} {last} came to us behind with the rent. "
    "Our adviser wrote to the landlord through thimble and asked for time to pay.\n"
    "The arrears of £640 were written off and {first} has kept the tenancy.\n"
)
STORIES = [
    {"name": "Rosalind Teasdale", "story": TOLD, "rows": []},
    {
        "name": "Petronella Aske",
        "story": "{first} {last} was behind with the rent and said she felt suicidal. "
        "The arrears of £640 were written off and {first} has kept the tenancy.\n",
        "rows": [],
    },
    {
        "name": "Winifred Stoat",
        "story": "{first} {last} came to us behind with the rent. She was helped by sparrow twice a week.\n"
        "The arrears of £640 were written off, sparrow was pleased, and {first} has kept the tenancy.\n",
        "rows": [],
    },
    {"name": "Agnes Purlow", "story": TOLD.replace("Our adviser", f"Our {SCRIPT} adviser"), "rows": []},
    {"name": "Hester Quill", "story": TOLD, "rows": []},
    {
        "name": "Ottoline Beck",
        "story": "{first} {last} was behind with the rent and said she felt suicidal. She was helped by lorry twice a week.\n"
        "The arrears of £640 were written off, lorry was pleased, and {first} has kept the tenancy.\n",
        "rows": [],
    },
    {"name": "Thora Glynn", "story": TOLD, "rows": [{"consent_id": SCRIPT}]},
]


@dataclass(frozen=True)
class Place:
    """The organisation, its finished run, and the desk that everybody shares."""

    house: House
    run: flow.Run
    desk: Desk

    def browser(self, keys: Keys | None = None, name: str = "Tansy Orr") -> Browser:
        """A browser that came in through the doors and said who works at it."""
        keys = keys or Keys()
        client = TestClient(
            Doors(application(self.desk, keys), keys, ORIGIN, roomy=ROOMY), base_url=ORIGIN, headers={"Origin": ORIGIN}
        )
        client.get(f"/open?token={keys.token()}")
        browser = Browser(client)
        if name:
            browser.send("/", "/name", name=name)
        return browser


@dataclass
class Browser:
    """What a person does at the page: look, and send a form that the page gave them."""

    client: TestClient

    def look(self, path: str) -> str:
        return self.client.get(path).text

    def send(self, page: str, form: str, **fields: str) -> str:
        """Send a form as it stands on a page; the text of the page that comes after."""
        return self.send_from(self.look(page), form, **fields)

    def send_from(self, text: str, form: str, **fields: str) -> str:
        hidden = dict(re.findall(r'<input type="hidden" name="(csrf|digest|version)" value="([^"]*)"', text))
        return self.client.post(form, data=hidden | fields).text


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, secret: Path) -> Place:
    house = House(tmp_path_factory.mktemp("review"), secret)
    house.fill(STORIES)
    odd = "n50 <img src=x onerror=alert(1)>.txt" if os.name == "posix" else "n50 &lt;b&gt; 'onclick=alert(1).txt"
    (house.root / "notes" / odd).write_text(TOLD.format(first="Imogen", last="Vesper"), encoding="utf-8")
    (house.root / "notes" / "n60.docx").write_bytes(b"PK\x03\x04 not a Word file")
    run = house.run()
    workspace = Workspace(house.root / "workspace")
    settings = Settings(
        house.root / "organisation.toml", catalogue.policy_templates() / "policy.toml", DAY,
        clients=house.root / "clients.csv", stories=house.root / "stories.csv", permissions=house.root / "permissions.csv",
        decisions=house.root / "decisions.csv", secret=secret.read_bytes(), workspace=workspace,
    )  # fmt: skip
    desk = Desk.open(run.out, list_sources((house.root / "notes",)), settings)
    return Place(house, run, desk)


@pytest.fixture
def browser(place: Place) -> Browser:
    return place.browser()


@pytest.fixture
def limited(place: Place) -> Place:
    """The same place for somebody whose role covers neither decisions nor releases."""
    return replace(place, desk=replace(place.desk, allowed=frozenset()))
