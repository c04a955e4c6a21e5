"""Presidio recognisers over the data files, and Presidio's own for the UK; the only file that imports Presidio.

Recognisers are called directly: the engine's own loop copies its registry and runs every spaCy component for each
text.  The spaCy part that a recogniser reads, the tokens around a find, is made only for texts with a find.
"""

from __future__ import annotations

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
from spacy.language import Language

from pipeline.detect.catalogue import Recipe, load_recipes
from pipeline.detect.checksums import CHECKSUMS
from pipeline.detect.found import Span
from pipeline.domain.finding import Category

_FLAGS = regex.IGNORECASE | regex.MULTILINE | regex.VERSION0
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
_NOTHING = NlpArtifacts([], spacy.blank("en")(""), [], [], SpacyNlpEngine(), "en")  # these recognisers read the text alone


class DataRecognizer(PatternRecognizer):
    """A Presidio recogniser made from one ``Recipe``: patterns, cue, check digits and exceptions."""

    def __init__(self, recipe: Recipe) -> None:
        patterns = [
            Pattern(f"{recipe.name}-{number}", expression, recipe.score) for number, expression in enumerate(recipe.patterns, 1)
        ]
        super().__init__(supported_entity=recipe.kind or recipe.category.value, name=recipe.name, patterns=patterns)
        self.recipe = recipe
        self._compiled = [regex.compile(expression, _FLAGS) for expression in recipe.patterns]
        self._hint = _compile(recipe.hint)
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
        if self._hint and not self._hint.search(text):
            return []
        results = []
        for pattern in self._compiled:
            value = "v" if "v" in pattern.groupindex else 0
            for match in pattern.finditer(text, timeout=_TIMEOUT):
                start, end = match.span(value)
                score = self._score(text, start, end) if end > start else 0.0
                if score > 0.0:
                    results.append(RecognizerResult(self.supported_entities[0], start, end, score))
        return results

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


def _compile(expression: str) -> regex.Pattern[str] | None:
    return regex.compile(expression, _FLAGS) if expression else None


@dataclass(frozen=True, slots=True)
class Patterns:
    """All recognisers, ours and Presidio's for the UK, made once for a process."""

    ours: tuple[DataRecognizer, ...]
    stock: tuple[EntityRecognizer, ...]
    enhancer: LemmaContextAwareEnhancer
    tokenizer: Language
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
        nlp = spacy.blank("en")
        nlp.max_length = 10**9
        engine = SpacyNlpEngine()
        engine.nlp = {"en": nlp}  # type: ignore[assignment]
        return Patterns(
            tuple(DataRecognizer(recipe) for recipe in load_recipes(models)),
            stock,
            LemmaContextAwareEnhancer(),
            nlp,
            engine,
        )

    def find(self, text: str) -> list[Span]:
        """Everything that a pattern finds in a text."""
        spans = [
            Span(hit.start, hit.end, one.recipe.category, hit.score, f"pattern:{one.recipe.name}", one.recipe.kind)
            for one in self.ours
            for hit in one.analyze(text)
        ]
        spans.extend(self._stock_finds(text))
        return spans

    def _stock_finds(self, text: str) -> list[Span]:
        raw = [hit for one in self.stock for hit in one.analyze(text, one.supported_entities, _NOTHING)]
        if not raw:
            return []
        hits = self.enhancer.enhance_using_context(text, raw, self._artifacts(text), list(self.stock), None)
        spans = []
        for hit in hits:
            category, kind = _STOCK[hit.entity_type]
            if hit.score >= _STOCK_FLOOR:
                spans.append(Span(hit.start, hit.end, category, hit.score, f"presidio:{hit.entity_type}", kind))
        return spans

    def _artifacts(self, text: str) -> NlpArtifacts:
        """Words instead of lemmas: the context words of the UK recognisers are nouns that hardly inflect."""
        doc = self.tokenizer(text)
        words = [token.lower_ for token in doc]
        return NlpArtifacts(
            entities=[],
            tokens=doc,
            tokens_indices=[token.idx for token in doc],
            lemmas=words,
            nlp_engine=self.engine,
            language="en",
        )
