"""Reading papers back in tests: the parts of one, a template written on the spot, and LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from pipeline.accessible import Paper, read_paper
from pipeline.accessible.paper import Heading
from pipeline.domain.organisation import Organisation

HARBOUR = Organisation(
    "Hartsby Open Door & Advice", services=("Housing",), contact="01632 960321", website="www.hartsby.example"
)  # fmt: skip


def template(folder: Path, text: str) -> Path:
    path = folder / "made.md"
    path.write_text(text, encoding="utf-8")
    return path


def made(folder: Path, text: str, *facts: str, **values: str) -> Paper:
    return read_paper(template(folder, text), values, facts)


def sections(paper: Paper) -> dict[str, str]:
    """All text under each heading, that of its smaller headings included; the title's is what stands before the first."""
    found, above = {paper.title: ""}, [(0, paper.title)]
    for block in paper.blocks:
        if isinstance(block, Heading):
            above = [(level, name) for level, name in above if 0 < level < block.level] + [(block.level, block.text)]
            found.setdefault(block.text, "")
        else:
            for _, name in above:
                found[name] += "\n" + "\n".join(Paper("", (block,)).texts())
    return found


def as_pdf(path: Path, folder: Path) -> bytes:
    """What LibreOffice makes of a file; the test is skipped where it is not installed."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed here")
    profile = (folder / "profile").as_uri()  # its own, so that two tests at once do not wait for each other
    options = ["--headless", f"-env:UserInstallation={profile}", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([soffice, *options, str(path)], check=True, capture_output=True, timeout=180)
    return (folder / path.with_suffix(".pdf").name).read_bytes()
