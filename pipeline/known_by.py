"""What everybody around would know somebody by, left out of what is told: by its clause, else by its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

_JOIN = re.compile(
    r",? (?:who|which|whose|where|when|while|after|since|because|as|and|but|though|although|having|so)\b", re.IGNORECASE
)
_CLAUSE_END = re.compile(r"[,;.!?]| and (?=(?:he|she|they|his|her|their|it)\b)| but ")
_OPENS = re.compile(r"^(?:when|while|after|since|because|as|though|although|having|being)\b", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]{2,}|\d+")
_VERB = re.compile(
    r"\b(?:is|was|are|were|has|had|have|did|does|can|could|will|would|went|came|got|gave|took|made|said|met|told|began|kept|left|"
    r"found|put|sat|felt|lost|slept|wrote|spoke|knew|saw|ran|rang|grew|ate|drove|bought|taught|thought|stood|\w{2,}(?:ed|s))\b"
)
_LEAST = 3


def without_known(sentence: str, known_by: Iterable[tuple[re.Pattern[str], str]]) -> str:
    """The sentence in broader words, or without the clause that says it; empty where nothing else would be left."""
    for pattern, words in known_by:
        while match := pattern.search(sentence):
            put = match.expand(words) if words else ""
            sentence = sentence[: match.start()] + put + sentence[match.end() :] if put else _without(sentence, match)
            if put and pattern.search(put):
                return ""
    return sentence


def _without(sentence: str, match: re.Match[str]) -> str:
    end = _CLAUSE_END.search(sentence, match.end())
    stop = end.start() if end else len(sentence)
    joins = list(_JOIN.finditer(sentence, 0, match.start()))
    if joins:
        start = joins[-1].start()
        closing = sentence[start] == "," and sentence[stop : stop + 1] == ","
        rest = sentence[:start] + sentence[stop + closing :]
    elif _OPENS.match(sentence) and sentence[stop : stop + 1] == ",":
        rest = sentence[stop + 1 :].lstrip()
        rest = rest[:1].upper() + rest[1:]
    elif end and end.group() == " and ":
        rest = sentence[end.end() :]
        rest = rest[:1].upper() + rest[1:]
    else:
        return ""
    return rest if len(_WORDS.findall(rest)) >= _LEAST and _VERB.search(rest) else ""
