"""A phrase that singles somebody out, whole: the tagger sees its heart, and what is left beside it gives the rest away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.detect.found import Span
from pipeline.domain.finding import Category

_GAP = re.compile(r"[ '-]{1,2}(?:[\w'-]{1,9}[ -]){0,2}")
_NO_MORE = (  # a time or a manner says no more of who it is
    r"(?:at|in|from|on|for|by|of|during) (?:the )?(?:time|moment|end|start|present|home|now|first|last|night|once|all|work|days?|"
    r"mornings?|afternoons?|evenings?|weekends?|years|months|weeks|a (?:while|time|year|month|week)|(?:her|his|their) own|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d)s?\b"
)
_HANGS_ON = r"that|which|who|whose|where|of|for|on|over|in|at|from|by|into|about|against|under|through|during|because|when|as a"
_GOES_ON = re.compile(
    rf" (?!{_NO_MORE})(?:(?:up|down|out|off|back|away) )?(?:{_HANGS_ON}) "
    r"(?:(?!(?:and|but|so|while|now|then|until|he|she|they|we|i|is|was|has|will)\b)[\w'£%-]+ ?){1,7}?"
    r"(?= ?[.,;:!?)\n\"]| (?:and|but|so|while|now|then|until)\b|$)",
    re.IGNORECASE,
)


def whole_phrases(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Longer spans where two pieces of one phrase, or a phrase and the clause that hangs on it, stand side by side."""
    for at, span in enumerate(spans):
        if span.category is not Category.INDIRECT or span.detector != "tagger" or " " not in text[span.start : span.end]:
            continue
        after = spans[at + 1] if at + 1 < len(spans) else None
        end = span.end
        if after and after.category is Category.INDIRECT and _GAP.fullmatch(text, span.end, after.start):
            end = after.end
        room = spans[at + 1].start if after else len(text)
        more = _GOES_ON.match(text, end)
        if more and (more.end() <= room or end != span.end):
            end = more.end()
        if end != span.end:
            yield span._replace(end=end, detector="phrase")
