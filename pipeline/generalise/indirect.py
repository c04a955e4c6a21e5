"""Details that single somebody out: taken out with their clause when the sentence survives it, else with the sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.domain.syntax import Word
from pipeline.generalise.phrasebook import Phrasebook
from pipeline.generalise.site import Change, Site

_REMOVABLE = frozenset({"appos", "relcl", "acl", "advcl", "conj", "amod", "nmod", "npadvmod", "parataxis", "prep"})
_PLACE_WORD = re.compile(r"\b(?:in|to)\s+$", re.IGNORECASE)
_FIRST_TO_BE = re.compile(
    r"the (?:very )?(?:first|only|last|youngest|oldest|eldest)(?: [\w’'-]+){0,4} to be (?=\w+(?:ed|en|wn|nt|ft|ght|ld|de)\b)",
    re.IGNORECASE,
)
_WAS = re.compile(r"\b(?:was|were|is|are|be|been)\s+$", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“][^\"”]+[\"”]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_FROM = re.compile(r"\b(?:from|of)\s+$", re.IGNORECASE)


def generalise_origin(site: Site, book: Phrasebook) -> Change | None:
    """A country told as "overseas"; ``None`` when the detail is not a country."""
    if not book.countries.fullmatch(site.surface.strip().removeprefix("the ")):
        return None
    if _PLACE_WORD.search(site.before):
        return site.eat_before(_PLACE_WORD).becomes(book.overseas)
    return site.becomes(book.overseas)


def without_superlative(site: Site) -> Change | None:
    """ "He was the first person to be offered a flat" without what only one person can be: "he was offered a flat"."""
    match = _FIRST_TO_BE.match(site.story, site.start, min(site.high, site.end + 60))
    if not match or not _WAS.search(site.before) or match.end() < site.end or match.end() > site.right:
        return None
    return Change(site.start, match.end(), "")


def spoken_sentence(site: Site, start: int, end: int) -> tuple[int, int] | None:
    """The one sentence of several inside quotation marks that holds the detail; ``None`` outside of such marks."""
    for quoted in _QUOTED.finditer(site.story, start, end):
        if not quoted.start() < site.start < quoted.end():
            continue
        low, high = quoted.start() + 1, quoted.end() - 1
        ends = [low, *(m.end() for m in _SENTENCE_END.finditer(site.story, low, high)), high]
        found = next(((a, b) for a, b in pairwise(ends) if a <= site.start < b), None)
        return found if found and len(ends) > 2 and site.end <= found[1] else None
    return None


def clause_of(site: Site, sentence: Sequence[Word]) -> Change | None:
    """The smallest clause around the detail that can go and leave a sentence; ``None`` when there is none."""
    inside = [i for i, w in enumerate(sentence) if w.start < site.end and w.end > site.start]
    if not inside:
        return None
    for top in _ancestors(inside[0], sentence):
        if sentence[top].role not in _REMOVABLE:
            continue
        branch = _branch(top, sentence)
        if not set(inside) <= set(branch) or branch != list(range(branch[0], branch[-1] + 1)):
            continue
        if len(branch) > 0.7 * len(sentence) or any(sentence[i].role == "ROOT" for i in branch):
            return None
        return _cut(branch, sentence, site)
    return None


def _ancestors(at: int, sentence: Sequence[Word]) -> list[int]:
    chain = [at]
    while sentence[chain[-1]].head != chain[-1] and len(chain) <= len(sentence):
        chain.append(sentence[chain[-1]].head)
    return chain


def _branch(top: int, sentence: Sequence[Word]) -> list[int]:
    return [i for i in range(len(sentence)) if top in _ancestors(i, sentence)]


def _cut(branch: list[int], sentence: Sequence[Word], site: Site) -> Change:
    """The branch with the conjunction or comma that joined it, and the comma that closed it."""
    first, last = branch[0], branch[-1]
    conjoined = sentence[branch[0]].role == "cc"
    while first > 0 and (sentence[first - 1].role == "cc" or site.story[sentence[first - 1].start] in ",–—-"):
        conjoined = conjoined or sentence[first - 1].role == "cc"
        first -= 1
    opened = site.story[sentence[first].start] == ","
    if opened and not conjoined and last + 1 < len(sentence) and site.story[sentence[last + 1].start] == ",":
        last += 1
    start = sentence[first - 1].end if first else sentence[first].start
    return Change(min(start, site.start), max(sentence[last].end, site.end), "")
