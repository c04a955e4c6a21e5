"""What a person who is named asked to have left out: sentences are told as far as they leave those topics alone (P8)."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.domain.permission import Judgement, Verdict
from pipeline.narrative import Cues, Sentence

_WORD = re.compile(r"[^\W\d_]{2,}")
_NOT_TOPICS = frozenset(
    """surname photo photos press website facebook social media name town only with together told before agreed text the and
    any all no not of or to be in on at as my her his their our me it is for from about used use be""".split()
)
_MARK = re.compile(r"[\"“”]")
_CUT = re.compile(r", (?:and|but|so|who|which|where) |(?<=[.!?]) (?=[A-Z])")
_LEAST = 3
_VERB = re.compile(
    r"\b(?:is|was|are|were|has|had|have|did|does|can|could|will|would|went|came|got|gave|took|made|said|told|began|kept|left|"
    r"found|put|felt|lost|slept|wrote|spoke|I['’]ve|receives?|\w{3,}ed)\b"
)


def excluded(judgement: Judgement, cues: Cues) -> re.Pattern[str]:
    """What a sentence must not touch when the person is named: the topics they left out, in their and other words.

    A topic's words match from their beginning, short ones whole; a topic that ``narrative.toml`` knows brings its
    other words with it.
    """
    if judgement.verdict is not Verdict.IDENTIFY:
        return re.compile(r"(?!)")
    words = {w.lower() for topic in judgement.excluded_topics for w in _WORD.findall(topic)} - _NOT_TOPICS
    patterns = [rf"\b{re.escape(w)}\b" if len(w) < 4 else rf"\b{re.escape(w.removesuffix('s')[:8])}" for w in sorted(words)]
    patterns += [other for name, other in cues.topics if name in words]
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def apart_from(topics: re.Pattern[str], text: str, sentence: Sentence) -> Sentence | None:
    """The sentence, where it touches none of the topics; else what stands before the clause that does; else ``None``.

    A quotation is cut where one of its sentences ends, and nowhere else.
    """
    words = text[sentence.start : sentence.end]
    touched = topics.search(words)
    if touched is None:
        return sentence
    for cut in reversed(list(_CUT.finditer(words, 0, touched.start()))):
        rest = words[: cut.start()]
        if _within_quotation(rest) and cut.group().strip():
            continue
        if rest.count("(") == rest.count(")") and len(_WORD.findall(rest)) >= _LEAST and _VERB.search(rest):
            return replace(sentence, end=sentence.start + cut.start())
    return None


def closing(text: str, told: Sentence, whole: Sentence) -> str:
    """The mark that ends a quotation of which only the first sentences are told; else nothing."""
    cut = told.end < whole.end and _within_quotation(text[told.start : told.end])
    return text[whole.end - 1] if cut and text[whole.end - 1] in '"”' else ""


def _within_quotation(words: str) -> bool:
    return len(_MARK.findall(words)) % 2 == 1
