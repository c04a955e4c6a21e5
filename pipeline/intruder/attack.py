"""The attack on a finished run: every anonymised document against the client list, and against the originals."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pipeline.domain.client import Client
from pipeline.domain.permission import Purpose
from pipeline.errors import ReadError, RegisterError
from pipeline.intruder.chance import Rate, rate
from pipeline.intruder.clues import Clues
from pipeline.intruder.matching import Themes, place_of, rank
from pipeline.intruder.texts import Originals
from pipeline.names import fold
from pipeline.records.indexed import Registers
from pipeline.sources import SourceFile, list_sources, read, read_whole

_RANKS = (1, 5)
_STORY = re.compile(r"^Story \d+: ", re.MULTILINE)
_END = re.compile(r"^(?:What we learned|How these figures were made)$|\Z", re.MULTILINE)
_TEMPLATE = 4  # a line of this many documents says nothing about one of them


@dataclass(frozen=True, slots=True)
class Document:
    """One document under attack; ``true`` is the row of its client in the list, which only the scoring looks at."""

    purpose: str
    source: str
    text: str
    true: int | None


@dataclass(frozen=True, slots=True)
class Attack:
    """How far one kind of intruder got, by rank: against everybody on the list, and against those whom the story must fit.

    ``of_list`` compares with a guess among all; ``of_alike`` with a guess among those of the same gender who had the
    same help, which a story cannot be told without (P19).
    """

    of_list: Mapping[int, Rate]
    of_alike: Mapping[int, Rate]

    def figures(self) -> dict[str, Any]:
        """In plain values."""
        return {
            f"rank_{first}": {"guess_among_all": everybody.figures(), "guess_among_alike": self.of_alike[first].figures()}
            for first, everybody in self.of_list.items()
        }


def released(out: Path, registers: Registers) -> tuple[list[Document], int, int]:
    """The anonymised documents of a run, the number of identified ones, and the number that has no client to be found.

    Each story of the annual return is a document.  Raises ``RegisterError`` when the folder has no manifest that can be
    read.
    """
    documents, identified, told = [], 0, iter(stories_of(out))
    for line in inputs_of(out):
        for purpose, record in line["purposes"].items():
            paths = [output["path"] for output in record["outputs"] if output["path"].endswith(".docx")]
            if record["status"] != "released" or not paths:
                continue
            # The annual return tells its stories in the order of the manifest, up to the policy's number.
            text = next(told, "") if purpose == Purpose.REPORTING else _text(out / paths[0])
            identified += bool(record["identified"] and text)
            if text and not record["identified"]:
                documents.append(Document(purpose, line["source"], text, _true(line["source"], line["story"], registers)))
    documents = _own_words(documents)
    return [d for d in documents if d.true is not None], identified, sum(d.true is None for d in documents)


def inputs_of(out: Path) -> list[dict[str, Any]]:
    """The lines of a finished run's manifest; raises ``RegisterError`` without one that can be read."""
    try:
        found: list[dict[str, Any]] = json.loads((out / "internal" / "manifest.json").read_text("utf-8"))["inputs"]
    except (OSError, ValueError, KeyError):
        raise RegisterError(
            "internal/manifest.json of that folder cannot be read", "Name the output folder of a finished run."
        ) from None
    return found


def stories_of(out: Path) -> list[str]:
    """The texts of the stories in a run's annual return, in their order."""
    path = out / "released" / "reporting" / "annual-return.docx"
    if not path.is_file():
        return []
    text = _text(path)
    starts = [match.start() for match in _STORY.finditer(text)]
    ends = [*starts[1:], *(end.start() for end in [_END.search(text, starts[-1] if starts else 0)] if end)]
    return [text[start:end] for start, end in zip(starts, ends, strict=False)]


def _text(path: Path) -> str:
    return read_whole(SourceFile(path, path.name, 1)).text


def _own_words(documents: Sequence[Document]) -> list[Document]:
    """The documents without the lines that many of one kind share: an intruder sees at once that those come from a template."""
    counts: Counter[tuple[str, str]] = Counter()
    for document in documents:
        counts.update({(document.purpose, line.strip()) for line in document.text.splitlines()})
    return [
        replace(d, text="\n".join(line for line in d.text.splitlines() if counts[d.purpose, line.strip()] < _TEMPLATE))
        for d in documents
    ]


def attack(documents: Sequence[Document], clients: Sequence[Client], themes: Themes, figures: bool = False) -> Attack:
    """Match every document to a client; with ``figures`` the intruder knows the exact outcome sums of the list too."""
    places: dict[int, float] = dict.fromkeys(_RANKS, 0.0)
    alike: list[int] = []
    for document in documents:
        if document.true is None:
            continue
        scores = rank(Clues.of(document.text), clients, themes, figures)
        for first in _RANKS:
            places[first] += place_of(document.true, scores, first)
        alike.append(sum(_alike(client, clients[document.true]) for client in clients))
    everybody = [len(clients)] * len(alike)
    return Attack(
        {first: rate(places[first], [min(1.0, first / n) for n in everybody]) for first in _RANKS},
        {first: rate(places[first], [min(1.0, first / n) for n in alike]) for first in _RANKS},
    )


def texts_of(folder: Path) -> dict[str, str]:
    """The originals of a folder by their names."""
    found = {}
    for source in list_sources([folder]):
        try:
            found[source.name] = "\n".join(story.text for story in read(source))
        except ReadError:
            continue  # What the run could not read it did not tell either.
    return found


def without_names(documents: Sequence[Document], texts: Mapping[str, str], clients: Sequence[Client]) -> list[Document]:
    """The originals of the documents with the client's names and reference alone taken out: what the attack must recognise."""
    true = {document.source: document.true for document in documents}
    found = []
    for name, text in texts.items():
        row = true.get(name)
        if row is None:
            continue
        client = clients[row]
        words = sorted(set(f"{client.full_name} {client.known_as} {client.case_ref}".split()), key=len, reverse=True)
        found.append(Document("originals", name, re.sub("|".join(map(re.escape, words)), "X", text, flags=re.I), row))
    return found


def match_originals(documents: Sequence[Document], texts: Mapping[str, str]) -> dict[int, Rate]:
    """Match every document to the text that it was made from, by the words that are left."""
    names, originals = list(texts), Originals([Clues.of(text) for text in texts.values()])
    known = [document for document in documents if document.source in names]
    scores = [(names.index(document.source), originals.alike(Clues.of(document.text))) for document in known]
    return {
        first: rate(sum(place_of(true, s, first) for true, s in scores), [min(1.0, first / len(names))] * len(known))
        for first in _RANKS
    }


def _alike(client: Client, other: Client) -> bool:
    same_help = fold(client.service.strip()) == fold(other.service.strip())
    return same_help and client.gender.strip().lower()[:1] == other.gender.strip().lower()[:1]


def _true(source: str, story: str, registers: Registers) -> int | None:
    refs = registers.refs_of(source, None)
    clients = registers.clients_of(refs[0]) if len(refs) == 1 else []
    return registers.clients.index(clients[0]) if len(clients) == 1 else None
