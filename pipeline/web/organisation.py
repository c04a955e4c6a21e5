"""Who the organisation is, as a form: organisation.toml read and written, and proved to be understood before it counts."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import PolicyError, ReviewOvertaken, ReviewRefused
from pipeline.policy.policies import load_organisation
from pipeline.runkey import digest_of_file
from pipeline.web.shelf import Shelf

LINES = {
    "name": ("Its name", "As it stands on permission forms."),
    "contact": ("Contact", "What stands in documents, such as hello@harbourlane.example."),
    "website": ("Website", ""),
    "year_end": ("Last day of the financial year", "Month and day, such as 03-31."),
}
"""The fields of one line, each with its label and a hint."""
LISTS = {
    "also_known_as": ("Other ways its name is written", "One a line."),
    "services": ("Services", "One a line, as the client list names them."),
    "funders": ("Funders", "One a line."),
    "staff": ("Staff and volunteers", "One full name a line: they are found in the stories, and never taken for clients."),
}
"""The fields with an entry a line."""
_LONGEST = 20_000


def read(path: Path | None) -> dict[str, str]:
    """What stands in the file, by field; empty where there is none.  Raises ``PolicyError``."""
    table = _tables(path)["organisation"]
    found = {name: str(table.get(name, "")) for name in LINES}
    for name in LISTS:
        entries = table.get(name, [])
        found[name] = "\n".join(str(entry) for entry in entries) if isinstance(entries, list) else ""
    return found


def save(shelf: Shelf, seen: str, fields: Mapping[str, str]) -> None:
    """Write the fields; everything else of the file stays as it is.

    Raises ``ReviewOvertaken`` when the file is not the one that was ``seen``, ``PolicyError`` when it would not be understood.
    """
    path = shelf.register("organisation")
    if (digest_of_file(path) if path else "") != seen:
        raise ReviewOvertaken("the file was changed meanwhile; nothing was overwritten", "Look at it as it is now.")
    tables = _tables(path)
    table = tables["organisation"]
    for name in (*LINES, *LISTS):
        text = fields.get(name, "").strip()
        if len(text) > _LONGEST or not all(char.isprintable() or char == "\n" for char in text):
            raise ReviewRefused("a field is too long or has signs that cannot be shown", "Shorten it.")
        entries = [" ".join(line.split()) for line in text.split("\n") if line.strip()]
        table[name] = entries if name in LISTS else " ".join(entries)
        if name == "year_end" and not table[name]:
            del table[name]
    data = _written(tables).encode("utf-8")
    holding = shelf.holding()
    try:
        trial = holding / "organisation.toml"
        trial.write_bytes(data)
        logo = str(table.get("logo", ""))
        if logo and path and Path(logo).name == logo and (path.parent / logo).is_file():
            shutil.copyfile(path.parent / logo, holding / logo)
        load_organisation(trial)
    finally:
        shutil.rmtree(holding, ignore_errors=True)
    shelf.take_register("organisation", ".toml", data)


def _tables(path: Path | None) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError):
        raise PolicyError("organisation.toml cannot be understood", "Hand in another, or remove it.") from None
    return found | {"organisation": dict(found.get("organisation", {}))}


def _written(tables: Mapping[str, Any]) -> str:
    lines = ["# Written by the page of storysafe."]
    for title, table in tables.items():
        lines += ["", f"[{title}]", *(f"{_key(key)} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(each) for each in value) + "]"
    return json.dumps(value, ensure_ascii=False)  # what JSON and TOML write alike: texts, numbers, true and false
