"""Recognisers as data: what ``models/recognizers/*.toml`` says, checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from pipeline.detect.checksums import CHECKSUMS
from pipeline.domain.finding import Category
from pipeline.errors import ModelMissing


@dataclass(frozen=True, slots=True)
class Recipe:
    """One recogniser of the data files.

    ``patterns`` find; a group named ``v`` is the value, else the whole match.  ``hint`` is a literal or expression
    that must occur in a text before the patterns are tried at all (speed only).  ``cue`` must match within
    ``window`` characters before the value, or after it when ``cue_after``; without it the score is ``bare``.
    ``checksum`` names a rule of ``checksums``: passing gives ``checked``, failing keeps the score only beside a cue.
    The three ``not_`` expressions are exceptions: directly before, directly after, or in the value itself.
    """

    name: str
    category: Category
    kind: str
    patterns: tuple[str, ...]
    score: float
    bare: float
    hint: str = ""
    cue: str = ""
    cue_after: bool = False
    window: int = 40
    checksum: str = ""
    checked: float = 0.99
    not_before: str = ""
    not_after: str = ""
    not_value: str = ""


def load_recipes(models: Path) -> tuple[Recipe, ...]:
    """Every recogniser, file by file in name order.  Raises ``ModelMissing`` when there is none or one is wrong."""
    files = sorted((models / "recognizers").glob("*.toml"))
    if not files:
        raise ModelMissing("models/recognizers holds no recogniser", "install storysafe again, models included")
    recipes: list[Recipe] = []
    for path in files:
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
            words = data.get("words", {})
            recipes.extend(_recipe(entry, words) for entry in data["recognizer"])
        except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
            raise ModelMissing(f"models/recognizers/{path.name} cannot be understood: {error}") from None
    return tuple(recipes)


def _recipe(entry: dict[str, object], words: dict[str, str]) -> Recipe:
    fields = {key: _filled(value, words) for key, value in entry.items()}
    fields["patterns"] = tuple(_filled(pattern, words) for pattern in entry["patterns"])  # type: ignore[attr-defined]
    fields["category"] = Category(str(fields["category"]))
    fields.setdefault("bare", 0.0 if fields.get("cue") else fields["score"])
    recipe = Recipe(**fields)  # type: ignore[arg-type]
    if recipe.checksum and recipe.checksum not in CHECKSUMS:
        raise ValueError(f"no checksum is called {recipe.checksum}")
    return recipe


def _filled(value: object, words: dict[str, str]) -> object:
    """``<<NAME>>`` in an expression stands for the entry of that name in the file's ``words`` table."""
    if not isinstance(value, str):
        return value
    for _ in range(3):
        for name, expression in words.items():
            value = value.replace(f"<<{name}>>", f"(?:{expression})")
    if "<<" in value:
        raise ValueError("an expression names a word that its file does not have")
    return value
