"""A language check for tests: what a careful reader would stumble over, found by spaCy and by plain rules.

It finds articles, agreement, doubled words, broken sentences, leftover brackets and punctuation.  It is no judge of
style, and case notes are full of clipped sentences: what counts is whether a telling reads worse than its source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Token

from pipeline.detect.syntax import MODEL

_TWO_PREPOSITIONS = r"(?:(?:at|of|to|from|on) (?:in|on|at)|in (?:in|at|on)|(?:of|at|with) (?:of|from|with))"
_PATTERNS = (
    (
        "article",
        re.compile(
            r"(?<!client )(?<!person )\ba (?=(?!(?:eu|one\b|once|ur|uk\b|us\b|uni(?!n|m)|use|usu))[aeiou]\w)", re.IGNORECASE
        ),
    ),
    ("article", re.compile(r"\ban (?=(?!hour|honest|honour|heir|[A-Z]{2,}|[fhlmnrsx]\b)[bcdfghjklmnpqrstvwxyz]\w)")),
    (
        "article",
        re.compile(
            r"\b(?:[Tt]he|(?<!Client )(?<!Person )[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Oo]ur|[Mm]y) "
            r"(?:the|an?|his|their|our|another|this)\b"
        ),
    ),
    ("doubled", re.compile(r"\b(?!(?:had|that|no|very|so|bye|blah)\b)([a-z]+) \1\b", re.IGNORECASE)),
    ("doubled", re.compile(rf"\b{_TWO_PREPOSITIONS}\b (?!all|once|least|first)")),
    ("bracket", re.compile(r"\(\s*\)|\[\s*\]|<\s*>|\(\s*[,;.:]|[,;:]\s*\)|\{|\}|<[A-Z_]+>|\[[A-Z_]+\]")),
    ("punctuation", re.compile(r"\s[,;.!?](?!\d|\.)|[,;:]\s*[,;:]|,\.|(?<!\.)\.\.(?!\.)|\( | \)|[a-z],[a-z]")),
    ("unfinished", re.compile(r"\b(?:the|an?|and|or|of|my|our|their|his|because|who|which)[.!?]$")),
    ("unfinished", re.compile(r"\b(?:the|an?|of|my|our|their|his|from|with) (?:and|but|or|was|were|is|had|has)\b")),
)
_PAIRS = (("(", ")"), ("[", "]"), ("“", "”"))
_PLURAL_ONLY, _SINGULAR_ONLY = {"are", "were", "have", "do"}, {"is", "was", "has", "does"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one sentence."""

    kind: str
    sentence: str


def faults(sentences: Iterable[str]) -> list[Fault]:
    """Everything found in some sentences."""
    texts = [text.strip() for text in sentences if text.strip()]
    found = [Fault(kind, text) for text in texts for kind, pattern in _PATTERNS for _ in pattern.finditer(text)]
    found += [Fault("bracket", text) for text in texts for first, last in _PAIRS if text.count(first) != text.count(last)]
    for doc in _language().pipe(texts):
        found += [Fault("agreement", doc.text) for token in doc if _disagrees(token)]
        found += [Fault("no verb", doc.text) for sentence in doc.sents if _is_broken(sentence.as_doc())]
    return found


def per_thousand(sentences: Iterable[str]) -> float:
    """Faults in every thousand words."""
    texts = list(sentences)
    words = sum(len(text.split()) for text in texts)
    return 1000 * len(faults(texts)) / words if words else 0.0


def summary(sentences: Iterable[str]) -> Counter[str]:
    """How often each kind of fault was found."""
    return Counter(fault.kind for fault in faults(sentences))


def _disagrees(token: Token) -> bool:
    """A subject beside a form of be, have or do that it cannot have."""
    if token.dep_ not in ("nsubj", "nsubjpass") or token.head.i <= token.i:
        return False
    verb = next((t for t in token.head.children if t.dep_ in ("aux", "auxpass") and t.i > token.i), token.head)
    form = verb.lower_
    if any(child.dep_ == "conj" for child in token.children):
        return form in {"is", "was", "has", "does"}
    if token.lower_ in ("he", "she", "it"):
        return form in _PLURAL_ONLY
    if token.lower_ in ("we", "they", "you"):
        return form in _SINGULAR_ONLY
    if token.tag_ in ("NN", "NNP"):
        return token.tag_ == "NN" and form in {"are", "have", "do"} and token.lower_ not in _COLLECTIVE
    return token.tag_ == "NNS" and form in _SINGULAR_ONLY and token.lower_ not in {"news", "universal"}


_COLLECTIVE = frozenset(
    "family team panel group council staff police number couple lot half rest majority household public".split()
)


def _is_broken(sentence: Doc) -> bool:
    """No verb in it, though it is long enough to need one."""
    words = [token for token in sentence if token.is_alpha]
    return len(words) >= 4 and not any(token.pos_ in ("VERB", "AUX") for token in sentence)


@cache
def _language() -> Language:
    return spacy.load(MODEL, exclude=["ner", "lemmatizer"])
