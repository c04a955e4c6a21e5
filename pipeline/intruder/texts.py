"""Match a document to the text it was made from, by the words they share that few other texts have."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from pipeline.intruder.clues import Clues


class Originals:
    """The original texts, weighed: a word counts the more the fewer texts have it (tf-idf, cosine)."""

    def __init__(self, originals: Sequence[Clues]) -> None:
        documents = [_terms(clues) for clues in originals]
        seen = Counter(term for terms in documents for term in terms)
        self._rarity = {term: math.log((1 + len(documents)) / count) for term, count in seen.items()}
        self._vectors = [self._vector(terms) for terms in documents]

    def alike(self, clues: Clues) -> list[float]:
        """How alike a text is to each original, from 0 to 1."""
        mine = self._vector(_terms(clues))
        return [sum(weight * other.get(term, 0.0) for term, weight in mine.items()) for other in self._vectors]

    def _vector(self, terms: Counter[str]) -> dict[str, float]:
        found = {t: (1 + math.log(n)) * self._rarity[t] for t, n in terms.items() if t in self._rarity}
        length = math.sqrt(sum(weight * weight for weight in found.values())) or 1.0
        return {term: weight / length for term, weight in found.items()}


def _terms(clues: Clues) -> Counter[str]:
    return clues.words + Counter(clues.numbers)
