"""Where the data that ships with storysafe lies: beside the package in a checkout, inside it when installed."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import ModelMissing

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    for folder in (_PACKAGE / "_data" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise ModelMissing(f"the folder {name}/ that ships with storysafe is missing", "Install storysafe again.")


def models() -> Path:
    """Models, recognisers and word lists."""
    return _folder("models")


def policy_templates() -> Path:
    """Policy, wording and Word layouts."""
    return _folder("policy_templates")


def samples() -> Path:
    """The invented inputs of ``storysafe demo``."""
    return _folder("samples")


def layout(name: str, organisation: Path | None = None) -> Path:
    """The Word layout of a kind of document: the organisation's own, in ``layouts/`` beside its file, else the packaged."""
    own = organisation.parent / "layouts" / f"{name}.docx" if organisation else None
    return own if own and own.is_file() else policy_templates() / "word" / f"{name}.docx"
