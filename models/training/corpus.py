"""Fresh training windows without end: passages filled anew each round, with noise, joined and cut, and external sets."""

import multiprocessing
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tokenizers import Tokenizer

from models.training.encode import Window, encode
from models.training.external import Example
from models.training.lexicon import Lexicon, load_lexicon
from models.training.noise import add_noise
from models.training.passages import Passage, Segment, fill_passage, join, read_passages


@dataclass(frozen=True, slots=True)
class Source:
    """What a worker needs to make windows."""

    lexicon: Lexicon
    passages: tuple[Passage, ...]
    weights: tuple[float, ...]
    tokenizer: Tokenizer


_source: list[Source] = []


def open_source(gazetteer: Path | None, tokenizer: Path, aside: bool | None = False) -> Source:
    """Passages to train on (aside False), those kept aside (True) or all (None)."""
    passages = tuple(p for p in read_passages() if aside is None or p.aside == aside)
    # A longer passage holds more to learn, but one-line passages are the hard negatives.
    weights = tuple(0.25 + min(len(p.body), 1200) / 600 for p in passages)
    return Source(load_lexicon(gazetteer), passages, weights, Tokenizer.from_file(str(tokenizer)))


def document(rng: Random, source: Source) -> Example:
    """One to four passages, filled and made noisy, as one text; sometimes starting or ending amid a passage."""
    segments: list[Segment] = []
    for number in range(rng.choices([1, 2, 3, 4], [70, 18, 8, 4])[0]):
        passage = rng.choices(source.passages, source.weights)[0]
        if number:
            segments.append((rng.choice(["\n\n", "\n", "\n\n\n", " "]), None))
        segments += add_noise(rng, _shake(rng, fill_passage(rng, passage, source.lexicon)), passage.style)
    if rng.random() < 0.15:
        segments = segments[rng.randrange(len(segments)) :]
    text, spans = join(segments)
    return Example(text, tuple(spans))


def _sentences(segments: list[Segment]) -> list[list[Segment]]:
    """Segments regrouped into lines and sentences; each ends with its own stop or line break."""
    groups: list[list[Segment]] = [[]]
    for text, category in segments:
        parts = [text] if category else [part for part in re.split(r"(?<=[.!?] )|(?<=\n)", text) if part]
        for part in parts:
            groups[-1].append((part, category))
            if category is None and (part.endswith("\n") or part[-2:] in {". ", "! ", "? "}):
                groups.append([])
    return [group for group in groups if group]


def _shake(rng: Random, segments: list[Segment]) -> list[Segment]:
    """Leave sentences out or change their order: what is around a mention must not be learned by heart."""
    roll = rng.random()
    if roll > 0.5:
        return segments
    groups = _sentences(segments)
    if roll < 0.2:
        rng.shuffle(groups)
    kept = [group for group in groups if rng.random() > 0.2] or groups
    return [segment for group in kept for segment in group]


def _start(gazetteer: Path | None, tokenizer: Path, aside: bool | None) -> None:
    _source.append(open_source(gazetteer, tokenizer, aside))


def _make(task: tuple[int, int]) -> list[Window]:
    seed, count = task
    rng, source = Random(seed), _source[-1]
    return [window for _ in range(count) for window in encode(source.tokenizer, document(rng, source))]


def rounds(gazetteer: Path | None, tokenizer: Path, documents: int, workers: int, seed: int) -> Iterator[list[Window]]:
    """Endless rounds of windows of so many documents, made in other processes while the last round is learned."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, _start, (gazetteer, tokenizer, False)) as pool:
        share = max(1, documents // (workers * 4))
        tasks = [(share * i, share) for i in range(workers * 4)]
        number = 0
        pending = pool.map_async(_make, [(seed * 7919 + number * 104729 + at, count) for at, count in tasks])
        while True:
            made = pending.get()
            number += 1
            pending = pool.map_async(_make, [(seed * 7919 + number * 104729 + at, count) for at, count in tasks])
            yield [window for part in made for window in part]


def external_windows(tokenizer: Path, examples: Sequence[Example]) -> list[Window]:
    """Windows of the external sets."""
    loaded = Tokenizer.from_file(str(tokenizer))
    return [window for example in examples for window in encode(loaded, example)]
