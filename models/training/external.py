"""Licensed public sets in our labels.

Where a set marks what we do not, or the other way round, nothing is taught: a span of category UNSURE has no loss, and
the categories in `silent` are ones that the set does not annotate, so its unmarked words may still be of them.  A court's
judgment is public, so amounts, durations and bare years lead to the case: there, and only there, they are taught.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.training.slots import CATEGORIES

UNSURE = "?"
_ALL_BUT_PERSON = frozenset(CATEGORIES) - {"PERSON"}
_TAB = {
    "CODE": "ID_NUMBER", "LOC": "LOCATION", "ORG": "ORGANISATION", "DATETIME": "DATE", "DEM": "INDIRECT", "MISC": "INDIRECT",
    "QUANTITY": "INDIRECT",
}  # fmt: skip
_PRESIDIO = {
    "PERSON": "PERSON", "STREET_ADDRESS": "ADDRESS", "PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL", "AGE": "AGE",
    "NRP": "INDIRECT", "ZIP_CODE": "POSTCODE", "DOMAIN_NAME": "ONLINE_HANDLE", "CREDIT_CARD": "ID_NUMBER",
    "IBAN_CODE": "ID_NUMBER", "US_SSN": "ID_NUMBER", "US_DRIVER_LICENSE": "ID_NUMBER",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A text with spans (start, end, category or UNSURE) and the categories that its source does not annotate."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    silent: frozenset[str] = frozenset()


def read_external(folder: Path) -> list[Example]:
    """All sets found under a folder laid out as the data's README says; TAB's development documents are left out."""
    examples: list[Example] = []
    for name in ("tab_train100.json", "tab_devtrain113.json"):
        if (folder / name).exists():
            examples += _tab(folder / name, "train")
    for path in sorted((folder / "ner").glob("WNUT17/CONLL-format/data/train/*")):
        examples += _columns(path, "person")
    for path in sorted((folder / "ner").glob("wikigold/CONLL-format/data/*.txt")):
        examples += _columns(path, "PER")
    for path in sorted((folder / "ner").glob("litbank-entities/*.tsv")):
        examples += _litbank(path)
    if (folder / "templates").exists():
        examples += _presidio(folder / "templates" / "presidio-research-synth.json")
    return examples


def _tab(path: Path, part: str) -> Iterator[Example]:
    for document in json.loads(path.read_text(encoding="utf-8")):
        if document["dataset_type"] != part:
            continue
        mentions = next(iter(document["annotations"].values()))["entity_mentions"]
        spans = {(m["start_offset"], m["end_offset"]): _tab_category(m) for m in mentions}
        yield Example(document["text"], tuple((a, b, c) for (a, b), c in sorted(spans.items())), frozenset({"AGE"}))


def _tab_category(mention: dict[str, str]) -> str:
    kind = mention["entity_type"]
    if kind == "PERSON":
        return "PERSON"
    if mention["identifier_type"] == "NO_MASK" or kind not in _TAB:
        return UNSURE
    return _TAB[kind]


def _columns(path: Path, person: str) -> Iterator[Example]:
    """CoNLL columns, one example a ten sentences."""
    sentences = [block.splitlines() for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8")) if block.strip()]
    for at in range(0, len(sentences), 10):
        rows = [re.split(r"[\t ]", line.strip())[:2] for lines in sentences[at : at + 10] for line in lines]
        yield _from_tokens([(row[0], _simple(row[1], person)) for row in rows if len(row) == 2])


def _simple(tag: str, person: str) -> tuple[str | None, bool]:
    if tag == "O":
        return None, False
    return ("PERSON" if tag[2:] == person else UNSURE), tag.startswith("B-")


def _from_tokens(tokens: list[tuple[str, tuple[str | None, bool]]]) -> Example:
    text, spans, last = "", [], None
    for word, (category, begins) in tokens:
        if text and not re.match(r"^[.,;:!?)'’\]]|^n't$", word):
            text += " "
        start = len(text)
        text += word
        if category and category == last and not begins:
            spans[-1] = (spans[-1][0], len(text), category)
        elif category:
            spans.append((start, len(text), category))
        last = category
    return Example(text, tuple(spans), _ALL_BUT_PERSON)


def _litbank(path: Path) -> Iterator[Example]:
    """Names only: LitBank also marks common nouns ("the boy"), which we do not."""
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    tokens = []
    for row in rows:
        tags = [tag for tag in row[1:5] if tag != "O"]
        named = row[0][:1].isupper() and row[0] not in {
            "I",
            "The",
            "A",
            "An",
            "His",
            "Her",
            "My",
            "Our",
            "Their",
            "Your",
            "O",
            "Oh",
        }
        inner = bool(tags) and tags[-1][2:] == "PER" and named
        category = "PERSON" if inner and len(tags) == 1 and row[0].isalpha() else UNSURE if tags and named else None
        tokens.append((row[0], (category, bool(tags) and tags[-1].startswith("B-"))))
    for at in range(0, len(tokens), 180):
        yield _from_tokens(tokens[at : at + 180])


def _presidio(path: Path) -> Iterator[Example]:
    for row in json.loads(path.read_text(encoding="utf-8")):
        spans = tuple((s["start_position"], s["end_position"], _PRESIDIO.get(s["entity_type"], UNSURE)) for s in row["spans"])
        yield Example(row["full_text"], tuple(sorted(spans)), frozenset({"LOCATION", "ORGANISATION", "DATE"}))
