"""Running storysafe in tests, and reading what it left."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from lxml import etree

from pipeline import catalogue
from pipeline.cli import main

SAMPLES = catalogue.samples()
REGISTERS = ("organisation", "clients", "stories", "permissions", "decisions")
DAY = "2026-11-22"


@dataclass(frozen=True)
class Run:
    """A finished command: its exit code, both streams, and the folder it wrote to."""

    code: int
    stdout: str
    stderr: str
    out: Path

    @property
    def words(self) -> str:
        return self.stdout + self.stderr

    def manifest(self) -> dict[str, Any]:
        return json.loads((self.out / "internal" / "manifest.json").read_text(encoding="utf-8"))

    def held(self) -> list[dict[str, str]]:
        with (self.out / "internal" / "held.csv").open(encoding="utf-8", newline="") as table:
            return list(csv.DictReader(table))

    def released(self) -> list[Path]:
        return sorted(path for path in (self.out / "released").rglob("*") if path.is_file())

    def endings(self, purpose: str = "publicity") -> dict[str, str]:
        """Status or reason for one purpose, by source (of several stories in one source, the last)."""
        return {
            line["source"]: (record["reasons"] or [record["status"]])[0]
            for line in self.manifest()["inputs"]
            for name, record in line["purposes"].items()
            if name == purpose
        }


def storysafe(out: Path, *arguments: str | Path) -> Run:
    """Run the command line in this process."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return Run(result.exit_code, result.stdout, result.stderr, out)


def run(out: Path, *inputs: Path, secret: Path, **options: object) -> Run:
    """``storysafe run`` with the samples' registers unless an option says otherwise (``None`` leaves one out)."""
    given: dict[str, object] = {name: SAMPLES / f"{name}.csv" for name in REGISTERS if name != "organisation"}
    given |= {"organisation": SAMPLES / "organisation.toml", "on": DAY, "secret": secret, **options}
    arguments: list[str | Path] = ["run", *inputs, "--out", out]
    for name, value in given.items():
        if value is True:
            arguments.append(f"--{name}")
        elif value is not None:
            arguments += [f"--{name}", str(value)]
    return storysafe(out, *arguments)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as table:
        return list(csv.DictReader(table))


def strings(path: Path) -> Iterator[str]:
    """Every text and attribute of every XML part of a package, and the names of its parts."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            yield name
            if name.endswith((".xml", ".rels")):
                root = etree.fromstring(package.read(name))
                yield "".join(root.itertext())
                for element in root.iter(etree.Element):
                    yield from element.attrib.values()


def text_of(path: Path) -> str:
    """The visible text of a Word document or workbook, or of a text file."""
    if path.suffix == ".txt":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as package:
        shown = ("word/document", "xl/shared", "xl/worksheets")
        parts = sorted(n for n in package.namelist() if n.endswith(".xml") and n.startswith(shown))
        return "\n".join("".join(etree.fromstring(package.read(name)).itertext()) for name in parts)
