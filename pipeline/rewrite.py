"""Rewrite: decisions applied to text, a pure function; presidio-anonymizer makes the replacements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

from pipeline.domain.decision import Decision
from pipeline.domain.policy import Treatment

_DOUBLED = re.compile(r"\b(\w{2,}) \1\b(?= )", re.IGNORECASE)
_DOUBLE_IS_MEANT = frozenset({"had", "that"})
_TIDY = (
    (re.compile(r"[ \t]{2,}"), " "),
    (re.compile(r"\(\s*[,;:]*\s*\)|\[\s*\]|<\s*>"), ""),
    (re.compile(r"\(\s+"), "("),
    (re.compile(r"[ \t]+([,.;:!?)])"), r"\1"),
    (re.compile(r"([,;:])(?:\s*[,;:])+"), r"\1"),
    (re.compile(r"[,;:–—-]\s*([.!?])"), r"\1"),
    (re.compile(r"^[\s,;:.–—)-]+(?=\S)"), ""),
    (re.compile(r"(?<!Client )(?<!Person )\b(the|an?|her|his|their|our) (?:the|an?|another|her|his|their) ", re.I), r"\1 "),
    (re.compile(r"\b(in|on|at|of|to|from) (?:in|on|at) (?=\w)", re.IGNORECASE), r"\1 "),
    (re.compile(r"(?<!Client )(?<!Person )\b([Aa]) (?=[aeio]\w)"), r"\1n "),
    (re.compile(r"\b([Aa])n (?=(?!hour|honest|honour|heir|hono)[bcdfghjklmnpqrstvwxyz]\w)"), r"\1 "),
    (re.compile(r"[ \t]{2,}"), " "),
)


@cache
def _engine() -> AnonymizerEngine:
    return AnonymizerEngine()


def outermost(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that are carried out, apart and in order.

    One inside another's span goes with it.  Two that cross become one that covers both, so that nothing either of
    them had to change can survive.
    """
    kept: list[Decision] = []
    for decision in sorted(decisions, key=lambda d: (d.start, -d.end)):
        if not kept or decision.start >= kept[-1].end:
            kept.append(decision)
        elif decision.end > kept[-1].end:
            last = kept[-1]
            kept[-1] = replace(last, end=decision.end, replacement=_both(last.replacement, decision.replacement))
    return kept


def _both(first: str, second: str) -> str:
    return f"{first} {second}" if first and second else first or second


def rewrite(text: str, decisions: Sequence[Decision], start: int = 0, end: int | None = None) -> str:
    """``text[start:end]`` with every decision inside carried out; kept details are left as they are."""
    end = len(text) if end is None else end
    chosen = [d for d in outermost(decisions) if d.treatment is not Treatment.KEEP or d.replacement != text[d.start : d.end]]
    piece = text[start:end]
    results, operators = [], {}
    for number, decision in enumerate(chosen):
        low, high = max(decision.start, start), min(decision.end, end)
        if low >= high:
            continue
        # A change that reaches over the edge is told where it begins.
        words = decision.replacement if decision.start >= start else ""
        # Each change is an entity type of its own: presidio merges neighbours of one type.
        name = f"CHANGE_{number}"
        results.append(RecognizerResult(entity_type=name, start=low - start, end=high - start, score=1.0))
        operators[name] = OperatorConfig("replace" if words else "redact", {"new_value": words} if words else {})
    if not results:
        return piece
    return _engine().anonymize(text=piece, analyzer_results=results, operators=operators).text


def tidy(sentence: str) -> str:
    """A rewritten sentence with the gaps, doubled words and articles that changes left behind put right."""
    sentence = _DOUBLED.sub(lambda m: m.group() if m.group(1).lower() in _DOUBLE_IS_MEANT else m.group(1), sentence)
    for pattern, put in _TIDY:
        sentence = pattern.sub(put, sentence)
    sentence = sentence.strip()
    return sentence[:1].upper() + sentence[1:]
