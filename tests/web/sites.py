"""A workspace's whole page in tests: its organisation, and browsers that came in through its doors."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
from starlette.testclient import TestClient

from pipeline import catalogue
from pipeline.records.workspace import Workspace
from pipeline.web import run_pages
from pipeline.web.doors import Doors, Keys
from pipeline.web.shelf import Shelf
from pipeline.web.site import ACTIONS, Site
from pipeline.world import Settings
from tests.web.conftest import ORIGIN

DAY = date(2026, 10, 5)
SCRIPT = "<script>alert(1)</script>"
EVERYTHING = frozenset(ACTIONS)
COMMS = frozenset({"run publicity"})


@dataclass
class Visitor:
    """One person at a workspace's page."""

    site: Site
    client: TestClient

    def look(self, path: str) -> str:
        return self.client.get(path).text

    def csrf(self, path: str = "/run") -> str:
        found = re.search(r'name="csrf" value="([^"]*)"', self.look(path))
        assert found
        return found[1]

    def send(self, form: str, page: str = "/run", **fields: str) -> str:
        """Send a form with the mark of its page; the text of the page after it."""
        return self.client.post(form, data={"csrf": self.csrf(page), **fields}).text

    def upload(self, *files: tuple[str, bytes], to: str = run_pages.FILES, **fields: str) -> str:
        """Send files as a browser does: the fields first; the text of the page after it."""
        return self.client.post(to, **body({"csrf": self.csrf(), **fields}, files)).text

    def hand(self, kind: str, name: str, data: bytes | str) -> str:
        """Hand in a register."""
        return self.upload((name, data.encode() if isinstance(data, str) else data), to=run_pages.HAND, kind=kind)

    def begin(self, **fields: str) -> str:
        """Press Run."""
        return self.send("/run/start", **(fields or {"purpose-publicity": "yes", "purpose-training": "yes"}))

    def wait(self) -> str:
        """The run page once the run has ended."""
        for _ in range(3000):
            if self.client.get("/run/status").json()["state"] not in ("running", "opening"):
                return self.look("/run")
            time.sleep(0.1)
        raise AssertionError("the run does not end")


def site(root: Path, secret: bytes = bytes(range(32)), allowed: frozenset[str] = EVERYTHING) -> Site:
    """The page of a workspace, as ``storysafe review WORKSPACE`` makes it."""
    workspace = Workspace(root)
    root.mkdir(parents=True, exist_ok=True)
    base = Settings(None, catalogue.policy_templates() / "policy.toml", DAY, secret=secret, workspace=workspace)
    made = Site(base, Shelf.open(root), Keys(), allowed, lambda: DAY)
    made.open_last()
    return made


def visitor(made: Site, name: str = "Tansy Orr") -> Visitor:
    """Somebody who came in through the doors and said who they are."""
    doors = Doors(run_pages.application(made), made.keys, ORIGIN, roomy=run_pages.ROOMY, quiet=run_pages.QUIET)
    client = TestClient(doors, base_url=ORIGIN, headers={"Origin": ORIGIN})
    client.get(f"/open?token={made.keys.token()}")
    came = Visitor(made, client)
    if name:
        came.send("/name", name=name, here="/run")
    return came


def body(fields: dict[str, str], files: tuple[tuple[str, bytes], ...], boundary: str = "mark") -> dict[str, object]:
    """A form with files, byte by byte as Chromium writes it; names are not made safe."""
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()]
    for name, data in files:
        quoted = name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{quoted}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return {"content": b"".join(parts), "headers": {"Content-Type": f"multipart/form-data; boundary={boundary}"}}


class Server:
    """``storysafe review WORKSPACE`` as a process of its own; unless somebody else browses, a browser that came in."""

    def __init__(self, workspace: Path, login: str = "", browse: bool = True) -> None:
        acting = ["--as", login] if login else []
        command = [sys.executable, "-m", "pipeline", *acting, "review", str(workspace), "--no-browser", "--on", DAY.isoformat()]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr is not None
        self.address = next(found[0] for line in self.process.stderr if (found := re.search(r"http://\S+", line)))
        self.root = self.address.partition("/open")[0]
        self.client = httpx2.Client(base_url=self.root, headers={"Origin": self.root}, follow_redirects=True, timeout=30)
        if browse:
            assert self.client.get(self.address).status_code == 200

    def send(self, form: str, **fields: str) -> str:
        found = re.search(r'name="csrf" value="([^"]*)"', self.client.get("/run").text)
        assert found
        return self.client.post(form, data={"csrf": found[1], **fields}).text

    def status(self) -> dict[str, Any]:
        return dict(self.client.get("/run/status").json())

    def wait(self, until: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        for _ in range(3000):
            if until(status := self.status()):
                return status
            time.sleep(0.1)
        raise AssertionError("the run does not get that far")

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *raised: object) -> None:
        if self.process.poll() is None:
            self.end()

    def end(self, how: int = signal.SIGINT) -> None:
        self.client.close()
        self.process.send_signal(how)
        self.process.wait(30)
        assert self.process.stderr is not None
        self.process.stderr.close()
