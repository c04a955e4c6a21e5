"""The detector: every family over every story, overlaps settled once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.detect.beside import ages
from pipeline.detect.columns import columned
from pipeline.detect.context import Words
from pipeline.detect.cues import cued
from pipeline.detect.found import Span
from pipeline.detect.known import Known, KnownIndex
from pipeline.detect.overlaps import settle
from pipeline.detect.phrases import whole_phrases
from pipeline.detect.places import Gazetteer
from pipeline.detect.plain import details
from pipeline.detect.presidio import Patterns
from pipeline.detect.propagate import propagate
from pipeline.detect.reading import Reading, read
from pipeline.detect.tagger import Tagger
from pipeline.detect.tagging import tag
from pipeline.domain.finding import Finding
from pipeline.domain.story import Story
from pipeline.names import read_diminutives, tokens

_CHUNK = 20_000  # characters that patterns and the entity recogniser see at once: bounds time and memory
_OVERLAP = 300


@dataclass(frozen=True, slots=True)
class Detector:
    """All detector families, made once for a process; use ``Detector.load``."""

    patterns: Patterns
    known: KnownIndex
    places: Gazetteer
    words: Words
    tagger: Tagger

    @staticmethod
    def load(models: Path, known: Known, threads: int = 1) -> Detector:
        """Models and lists from the folder ``models``; ``threads`` is for the tagger.  Raises ``ModelMissing``."""
        words = Words.load(models)
        index = KnownIndex.build(known, words, read_diminutives(models))
        places = Gazetteer.load(models)
        return Detector(Patterns.load(models), index, places, words, Tagger.load(models / "tagger", threads))

    def detect(self, stories: Sequence[Story]) -> list[tuple[Finding, ...]]:
        """For each story its findings, in order and apart, over its whole text."""
        return [self._one(read(story)) for story in stories]

    def _one(self, reading: Reading) -> tuple[Finding, ...]:
        text = reading.text
        tagged = tag(self.tagger, text, self.words)
        listed = list(tokens(text))
        spans = [*details(text, tagged.spans, self.words), *columned(text, self.words)]
        for start, part in _chunks(text):
            known = self.known.find(part, listed if len(part) == len(text) else None)
            for span in [*self.patterns.find(part), *known, *self.places.find(part)]:
                spans.append(span._replace(start=span.start + start, end=span.end + start) if start else span)
        spans = settle(spans, text)
        spans = _with(spans, details(text, cued(text, listed, tagged, spans, self.words), self.words), text)
        spans = _with(spans, propagate(text, listed, spans, tagged, self.words), text)
        spans = _with(spans, ages(text, spans), text)
        spans = _with(spans, whole_phrases(text, spans), text)
        return tuple(sorted(_findings(reading, spans)))


def _with(settled: list[Span], found: Iterable[Span], text: str) -> list[Span]:
    """Settled spans and what a later family found beside them; most often that is nothing."""
    more = list(found)
    return settle([*settled, *more], text) if more else settled


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of a long text, cut at a line or a space, each beginning a little before the last one's end."""
    at = 0
    while len(text) - at > _CHUNK:
        cut = text.rfind("\n", at + _CHUNK // 2, at + _CHUNK)
        if cut < 0:
            cut = text.rfind(" ", at + _CHUNK // 2, at + _CHUNK)
        if cut < 0:
            cut = at + _CHUNK
        yield at, text[at:cut]
        back = text.rfind(" ", cut - _OVERLAP, cut - _OVERLAP // 2)
        at = back if back > at else cut - _OVERLAP // 2
    if at < len(text) or not text:
        yield at, text[at:]


def _findings(reading: Reading, spans: Sequence[Span]) -> Iterator[Finding]:
    for span in spans:
        for start, end in reading.in_story(span.start, span.end):
            yield Finding(start, end, span.category, min(1.0, max(span.score, 0.01)), span.detector, span.kind)
