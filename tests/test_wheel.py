"""The wheel holds its models, policies and samples, and tells them when installed where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIN = "Scripts" if os.name == "nt" else "bin"


def call(*command: str | Path, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **more)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", target, cwd=ROOT)
    (built,) = target.glob("*.whl")
    return built


@pytest.mark.slow
def test_the_wheel_holds_all_data_and_none_of_the_training(wheel: Path):
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "models/tagger/model.int8.onnx", "models/lists/diminutives.txt", "models/CARD.md", "policy_templates/policy.toml",
        "policy_templates/word/publicity.docx", "samples/clients.csv",
    ):
        assert f"pipeline/_data/{name}" in names
    assert {f"pipeline/web/{name}" for name in ("static/page.css", "static/page.js", "templates/story.html")} <= set(names)
    assert {"pipeline/records/store/migrations/env.py", "pipeline/records/store/migrations/versions/v0001.py"} <= set(names)
    assert not [name for name in names if "models/training" in name]


@pytest.mark.slow
def test_the_demo_runs_from_the_wheel_in_an_empty_environment(wheel: Path, tmp_path: Path):
    call(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv" / BIN / "python"
    call(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", ROOT / "requirements.lock")
    call(python, "-m", "pip", "install", "-q", "--no-deps", wheel)
    home = tmp_path / "home"
    home.mkdir()
    result = call(tmp_path / "venv" / BIN / "storysafe", "demo", cwd=tmp_path, env={**os.environ, "HOME": str(home)})
    assert "Look at" in result.stdout
    for kind in ("publicity", "reporting", "training"):
        assert list((tmp_path / "storysafe-demo" / "released" / kind).glob("*.docx"))
