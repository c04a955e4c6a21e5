"""Read hand-written passages and fill them: text with labelled spans."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from models.training.lexicon import Lexicon
from models.training.slots import CATEGORIES, UnknownSlot, fill, new_filling

HERE = Path(__file__).parent / "passages"
_HEADER = re.compile(r"^=== *(\w+) *\|?(.*)$", re.MULTILINE)
_MARK = re.compile(r"\[\[([A-Z_]+)\|((?:(?!\]\]).)*)\]\]|\{([a-z][a-z0-9_.]*)\}", re.DOTALL)

Segment = tuple[str, str | None]
"""A stretch of text and its category, None where it identifies nobody."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage as written: its file, style, cast (name -> gender, relative) and body."""

    file: str
    style: str
    cast: dict[str, tuple[str, str | None]]
    body: str

    @property
    def aside(self) -> bool:
        """One in eight is kept aside, by digest: never trained on, used to choose thresholds."""
        return int(sha256(self.body.encode("utf-8")).hexdigest()[:8], 16) % 8 == 0


def read_passages(folder: Path = HERE) -> list[Passage]:
    """All passages of a folder's *.txt in sorted order."""
    return [passage for path in sorted(folder.glob("*.txt")) for passage in _read(path)]


def _read(path: Path) -> Iterator[Passage]:
    text = path.read_text(encoding="utf-8")
    headers = list(_HEADER.finditer(text))
    for header, following in zip(headers, [*headers[1:], None], strict=True):
        body = text[header.end() : following.start() if following else len(text)].strip("\n")
        cast: dict[str, tuple[str, str | None]] = {}
        for entry in header.group(2).split():
            name, gender, *relative = entry.split(":")
            cast[name] = (gender, relative[0] if relative else None)
        if body.strip():
            yield Passage(path.stem, header.group(1), cast, body)


def fill_passage(rng: Random, passage: Passage, lexicon: Lexicon) -> list[Segment]:
    """The passage with its slots filled, as segments; UnknownSlot when it uses a slot or category that does not exist."""
    filling = new_filling(rng, lexicon, passage.cast)
    segments: list[Segment] = []
    end = 0
    for mark in _MARK.finditer(passage.body):
        segments.append((passage.body[end : mark.start()], None))
        end = mark.end()
        if mark.group(3):
            category, surface = fill(filling, mark.group(3))
            segments.append((surface, category))
        elif mark.group(1) in CATEGORIES:
            # A slot inside literal mark-up (an indirect phrase that names a town) belongs to the phrase.
            inner = re.sub(r"\{([a-z][a-z0-9_.]*)\}", lambda m: fill(filling, m.group(1))[1], mark.group(2))
            segments.append((inner, mark.group(1)))
        else:
            raise UnknownSlot(mark.group(1))
    segments.append((passage.body[end:], None))
    return [segment for segment in segments if segment[0]]


def join(segments: Sequence[Segment]) -> tuple[str, list[tuple[int, int, str]]]:
    """Text and spans (start, end, category) of segments."""
    spans, length = [], 0
    for text, category in segments:
        if category:
            spans.append((length, length + len(text), category))
        length += len(text)
    return "".join(text for text, _ in segments), spans


def faults(passages: Sequence[Passage], lexicon: Lexicon) -> list[str]:
    """What is wrong with passages, one line each: unknown slots, left-over braces or brackets."""
    found = []
    for number, passage in enumerate(passages):
        try:
            text, _ = join(fill_passage(Random(number), passage, lexicon))
        except UnknownSlot as error:
            found.append(f"{passage.file} #{number}: unknown {error}")
            continue
        if re.search(r"\{[a-z][a-z0-9_.]*\}|\[\[|\]\]", text):
            found.append(f"{passage.file} #{number}: unread mark-up")
    return found
