"""Presidio recognisers over the data files, and Presidio's own for the UK; the only file that imports Presidio.

Recognisers are called directly: the engine's own loop copies its registry and runs every spaCy component for each
text.  What a recogniser reads of spaCy's, the words around a find, is made only around a find that it may lift.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

import regex
import spacy
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer.context_aware_enhancers import LemmaContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    IpRecognizer,
    NhsRecognizer,
    UkDrivingLicenceRecognizer,
    UkNinoRecognizer,
    UkPassportRecognizer,
    UkPostcodeRecognizer,
    UkVehicleRegistrationRecognizer,
)

from pipeline.detect.catalogue import Recipe, load_recipes
from pipeline.detect.checksums import CHECKSUMS
from pipeline.detect.found import Span
from pipeline.domain.finding import Category

_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.VERSION0
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+(?:['’]\w+)?|[^\w\s]")
_PLAIN = re.compile(r"[a-z/@: |]+")
_SHORT = 2_000  # characters
_AROUND = 200  # characters: the five telling words before a find that Presidio reads
_TIMEOUT = 10.0  # seconds for one pattern on one chunk; the chunks are short, so only a hostile text gets there
_STOCK = {
    "UK_NHS": (Category.ID_NUMBER, "NHS_NUMBER"),
    "UK_NINO": (Category.ID_NUMBER, "NINO"),
    "UK_PASSPORT": (Category.ID_NUMBER, "PASSPORT"),
    "UK_DRIVING_LICENCE": (Category.ID_NUMBER, "DRIVING_LICENCE"),
    "UK_VEHICLE_REGISTRATION": (Category.ID_NUMBER, "VEHICLE_REGISTRATION"),
    "UK_POSTCODE": (Category.POSTCODE, "POSTCODE"),
    "IP_ADDRESS": (Category.ONLINE_HANDLE, "IP_ADDRESS"),
}
_STOCK_FLOOR = 0.5
_STOCK_HINTS = {
    "UK_NHS": r"\d{3}[- ]?\d{3}[- ]?\d{4}",
    "UK_NINO": r"\d\d ?\d\d ?\d\d ?[a-d]",
    "UK_PASSPORT": r"\d(?<=[a-z]{2}\d)\d{6}",
    "UK_DRIVING_LICENCE": r"\d(?<=[a-z9]{5}\d)\d{5}",
    "UK_VEHICLE_REGISTRATION": (
        r"\d(?:(?<=[a-z]\d)\d{0,2}[- ]?[a-z]{3}\b|(?:(?<=[a-z]{3}\d)|(?<=[a-z]{3}[- ]\d))\d{0,2}[- ]?[a-z]\b)"
    ),
    "UK_POSTCODE": r"\d[a-z]{2}\b|0aa",
    "IP_ADDRESS": r"\d\.\d{1,3}\.\d|:[0-9a-f]{0,4}:",
}
"""What must occur in a text before Presidio's own recogniser is asked at all: speed only, so each begins with a digit."""
_NOTHING = NlpArtifacts([], spacy.blank("en")(""), [], [], SpacyNlpEngine(), "en")  # these recognisers read the text alone


class DataRecognizer(PatternRecognizer):
    """A Presidio recogniser made from one ``Recipe``: patterns, cue, check digits and exceptions."""

    def __init__(self, recipe: Recipe) -> None:
        patterns = [
            Pattern(f"{recipe.name}-{number}", expression, recipe.score) for number, expression in enumerate(recipe.patterns, 1)
        ]
        super().__init__(supported_entity=recipe.kind or recipe.category.value, name=recipe.name, patterns=patterns)
        self.recipe = recipe
        self._finders = [_finder(expression) for expression in recipe.patterns]
        self._hint = _hint(recipe.hint)
        self._cue = _compile(recipe.cue)
        self._not_before = _compile(recipe.not_before)
        self._not_after = _compile(recipe.not_after)
        self._not_value = _compile(recipe.not_value)

    def analyze(
        self,
        text: str,
        entities: list[str] | None = None,
        nlp_artifacts: NlpArtifacts | None = None,
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Every value found, scored; the other arguments are Presidio's and not read."""
        if not self.hinted(text, _folded(text)):
            return []
        return [RecognizerResult(self.supported_entities[0], *value) for value in self.values(text, numbers_in(text))]

    def hinted(self, text: str, folded: str) -> bool:
        """False when nothing of this recogniser can stand in a text; ``folded`` is the text without letter case."""
        return self._hint(text, folded)

    def values(self, text: str, numbers: Sequence[int]) -> Iterator[tuple[int, int, float]]:
        """Start, end and score of what the patterns find, whatever the hint says; ``numbers`` are where digits begin."""
        for finder in self._finders:
            for start, end in finder(text, numbers):
                score = self._score(text, start, end) if end > start else 0.0
                if score > 0.0:
                    yield start, end, score

    def _score(self, text: str, start: int, end: int) -> float:
        value = text[start:end]
        if self._excepted(text, start, end, value):
            return 0.0
        cued = self._cue is None or self._cued(text, start, end)
        check = CHECKSUMS.get(self.recipe.checksum)
        if check is None:
            return self.recipe.score if cued else self.recipe.bare
        if check(value):
            return self.recipe.checked
        return self.recipe.score if cued else 0.0

    def _excepted(self, text: str, start: int, end: int, value: str) -> bool:
        if self._not_value and self._not_value.search(value):
            return True
        if self._not_before and self._not_before.search(text[max(0, start - 30) : start]):
            return True
        return bool(self._not_after and self._not_after.search(text[end : end + 30]))

    def _cued(self, text: str, start: int, end: int) -> bool:
        window = self.recipe.window
        before = text[max(0, start - window) : start].rsplit("\n", 2)[-1]
        if self._cue is None or self._cue.search(before):
            return True
        return self.recipe.cue_after and self._cue.search(text[end : end + window].split("\n", 1)[0]) is not None


def numbers_in(text: str) -> list[int]:
    """Where runs of digits begin."""
    return [match.start() for match in _NUMBER.finditer(text)]


_Finder = Callable[[str, Sequence[int]], Iterator[tuple[int, int]]]


def _at_numbers(quick: re.Pattern[str], value: str | int) -> _Finder:
    """An expression whose match begins with a number is tried where a number begins, and nowhere else."""

    def find(text: str, numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
        last = 0
        for at in numbers:
            if at >= last and (match := quick.match(text, at)):
                last = match.end()
                yield match.span(value)

    return find


def _finder(expression: str) -> _Finder:
    """What finds the values of an expression in a text, given where its runs of digits begin.

    Measured on case notes, ``re`` takes half the time of ``regex`` over an expression that begins with a look around
    it, and twice the time over one that begins with a list of words; ``regex`` alone looks behind by any length, and
    alone can be stopped, which costs a tenth of the time and is for the long texts, where a hostile one would count.
    """
    if expression.startswith(("(?=", "(?<!")):
        try:
            quick = re.compile(re.sub(r"\(\?<(?=[a-z])", "(?P<", expression), re.IGNORECASE | re.MULTILINE)
        except re.error:
            pass
        else:
            value: str | int = "v" if "v" in quick.groupindex else 0
            if expression.startswith(r"(?=\d)"):
                return _at_numbers(quick, value)
            return lambda text, _: (match.span(value) for match in quick.finditer(text))
    pattern = regex.compile(expression, _FLAGS)
    group: str | int = "v" if "v" in pattern.groupindex else 0
    return lambda text, _: (
        match.span(group) for match in pattern.finditer(text, timeout=_TIMEOUT if len(text) > _SHORT else None)
    )


def _hint(expression: str) -> Callable[[str, str], bool]:
    """What tells from a text, and from the text without letter case, whether the hint stands in it.

    A hint that is nothing but words is sought word by word: a dozen plain searches take a fifth of the time of an expression.
    """
    if not expression:
        return lambda text, folded: True
    if _PLAIN.fullmatch(expression):
        words = expression.split("|")
        return lambda text, folded: any(word in folded for word in words)
    search = regex.compile(expression, _FLAGS).search
    return lambda text, folded: search(text) is not None


def _folded(text: str) -> str:
    return text.casefold().replace("\u0307", "")  # the dot that casefold leaves of a Turkish capital I


def _compile(expression: str) -> regex.Pattern[str] | None:
    return regex.compile(expression, _FLAGS) if expression else None


@dataclass(frozen=True, slots=True)
class Patterns:
    """All recognisers, ours and Presidio's for the UK, made once for a process."""

    ours: tuple[DataRecognizer, ...]
    stock: tuple[tuple[re.Pattern[str], EntityRecognizer], ...]
    enhancer: LemmaContextAwareEnhancer
    engine: SpacyNlpEngine

    @staticmethod
    def load(models: Path) -> Patterns:
        """Recognisers from ``models/recognizers``.  Raises ``ModelMissing``."""
        stock = (
            NhsRecognizer(),
            UkNinoRecognizer(),
            UkPassportRecognizer(),
            UkDrivingLicenceRecognizer(),
            UkVehicleRegistrationRecognizer(),
            UkPostcodeRecognizer(),
            IpRecognizer(),
        )
        engine = SpacyNlpEngine()
        engine.nlp = {"en": spacy.blank("en")}  # type: ignore[assignment]
        return Patterns(
            tuple(DataRecognizer(recipe) for recipe in load_recipes(models)),
            tuple((re.compile(_STOCK_HINTS[one.supported_entities[0]], re.IGNORECASE), one) for one in stock),
            LemmaContextAwareEnhancer(),
            engine,
        )

    def find(self, text: str) -> list[Span]:
        """Everything that a pattern finds in a text."""
        hinted: dict[str, bool] = {"": True}
        numbers = numbers_in(text)
        folded = _folded(text)
        spans = []
        for one in self.ours:
            recipe = one.recipe
            if recipe.hint not in hinted:  # several recognisers share a hint: it is sought once
                hinted[recipe.hint] = one.hinted(text, folded)
            if hinted[recipe.hint]:
                detector = f"pattern:{recipe.name}"
                spans += [
                    Span(*value[:2], recipe.category, value[2], detector, recipe.kind) for value in one.values(text, numbers)
                ]
        spans.extend(self._stock_finds(text))
        return spans

    def _stock_finds(self, text: str) -> list[Span]:
        raw = [
            hit for hint, one in self.stock if hint.search(text) for hit in one.analyze(text, one.supported_entities, _NOTHING)
        ]
        spans = []
        for hit in raw:
            category, kind = _STOCK[hit.entity_type]
            if (score := self._enhanced(text, hit)) >= _STOCK_FLOOR:
                spans.append(Span(hit.start, hit.end, category, score, f"presidio:{hit.entity_type}", kind))
        return spans

    def _enhanced(self, text: str, hit: RecognizerResult) -> float:
        """The score with the words before the find taken into account; only the words around it are made into tokens."""
        if hit.score >= _STOCK_FLOOR:
            return float(hit.score)
        low = text.find(" ", max(0, hit.start - _AROUND), hit.start) + 1 if hit.start > _AROUND else 0
        near = text[low : hit.end + _AROUND]
        moved = copy(hit)
        moved.start, moved.end = hit.start - low, hit.end - low
        found = self.enhancer.enhance_using_context(near, [moved], self._artifacts(near), [one for _, one in self.stock], None)
        return float(found[0].score)

    def _artifacts(self, text: str) -> NlpArtifacts:
        """Words instead of lemmas: the context words of the UK recognisers are nouns that hardly inflect."""
        words = [(match.group(), match.start()) for match in _WORD.finditer(text)]
        return NlpArtifacts(
            entities=[],
            tokens=[word for word, _ in words],  # type: ignore[arg-type]  # only their length is read
            tokens_indices=[at for _, at in words],
            lemmas=[word.lower() for word, _ in words],
            nlp_engine=self.engine,
            language="en",
        )
