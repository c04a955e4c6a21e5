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
_CALLED = r"(?:known as|called|also called|goes by|(?:who )?prefers(?: to be called)?|likes to be called)"
_NO_NAME = r"(?!(?:In|On|At|After|When|Since|By|With|If|As|While|For|From|Before|Then|Now|Yes|No|So|But|And|Together|Today)\b)"
_ONE_PERSON = (
    rf"{_NO_NAME}[A-Z][\w’'-]+(?: [A-Z][\w’'-]*){{0,2}}|"
    r"(?:My|Her|His|Our|Their|The) [\w’'-]+(?: (?:at|from|of|in) (?:a|an|the)(?: [\w’'-]+){1,3})?"
)
_FINITE = r"(?:was|is|had|has|came|told|rang|went|said|asked|took|gave|lives|lived)"
_PLACES = r"a local address|another area|the area"
_TIMES = r"early|late|spring|summer|autumn|winter|the (?:first|second|third|fourth) quarter|day|week|month|\d{4}"
_WHEN = r"(?:(?:in|on) (?:the )?(?:\w+ )?(?:\w+ of )?(?:19|20)\d\d|on day \d+|in (?:week|month) \d+)"
_SOMEBODY = (
    "father|mother|mum|mam|dad|husband|wife|partner|son|daughter|sister|brother|neighbour|friend|volunteer|worker|adviser|advisor|"
    "nurse|doctor|officer|manager|social worker|teacher|solicitor|landlord|support worker|caseworker"
)
_UNFINISHED = (
    "living|staying|sleeping|working|born|coming|going|being|(?:she|he|they) (?:starts?|works?|became|lives?|is|was|has)"
)


def _together(told: Sequence[str]) -> str:
    """What is told of several people one after the other, in one bracket."""
    if set(told) == {"a young child"}:
        return f" ({'both' if len(told) == 2 else 'all'} young children)"
    return f" ({', '.join(told[:-1])} and {told[-1]})"


_TIDY = (
    # Marks that turn the direction of writing: beside other words they would turn those.
    (re.compile("[\u202a-\u202e\u2066-\u2069]"), ""),
    (re.compile(r"[ \t]{2,}"), " "),
    # A name beside itself, once both were given the same one.
    (re.compile(rf"\b([A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*),? \((?:{_CALLED}|or)? ?[\"“‘']?\1[\"”’']?\)"), r"\1"),
    (re.compile(rf"\b([A-Z][\w’'-]+), (?:{_CALLED}) [\"“‘']?\1[\"”’']?,"), r"\1"),
    (re.compile(rf"\b([A-Z][\w’'-]+),? (?:{_CALLED}) [\"“‘']?\1\b[\"”’']?"), r"\1"),
    (re.compile(r"\b([A-Z][\w’'-]{2,})(?:,? [\"“‘'(]?\1\b[\"”’')]?)+"), r"\1"),
    (re.compile(r"\b([A-Z][\w’'-]+) \(or is it [^()]{0,20}\?[^()]{0,60}\)"), r"\1"),
    (re.compile(r"\b([A-Z][\w’'-]+), as (?:(?:her|his|their) \w+|everyone|everybody|people) calls? (?:her|him|them),"), r"\1"),
    (re.compile(r"(\w+) \(a young child\) and (\w+) \(a young child\)"), r"\1 and \2 (both young children)"),
    # "two children (a young child) (a teenager)", once their names went.
    (re.compile(r"(?: \((?:an?|in) [^()]{3,24}\)){2,}"), lambda m: _together(re.findall(r"\(([^()]+)\)", m[0]))),
    # A comma left over from a pair: "Edgar, came to our group".
    (re.compile(rf"^({_ONE_PERSON}), (?=(?:(?:first|then|also|now|still|always|never|only) )?{_FINITE} )"), r"\1 "),
    (re.compile(r"\b([Ll]ea(?:ving|ves?)|[Ll]eft) a school\b"), r"\1 school"),
    # "I'm in my seventies in spring 2026": the age as it is told needs no date.
    (re.compile(rf"\b(in (?:my|her|his|their) \w+ties) {_WHEN}\b"), r"\1"),
    (re.compile(rf"\bthe (end|start|beginning|middle) in (?={_TIMES})"), r"the \1 of "),
    (re.compile(rf"^[A-Z][\w’'-]+ (?:is|was|likes to be|prefers to be) {_CALLED} [\"“‘']?[A-Z][\w’'-]+[\"”’']?\.$"), ""),
    (re.compile(rf"^(?:She|He|They) (?:is|are|was|were) {_CALLED} [\"“‘']?(?:Client [A-Z]|[A-Z][\w’'-]+)[\"”’']?\.$"), ""),
    # A kind that says itself twice, and the second comma of an address.
    (re.compile(r"\b([Aa] GP),? (?:of|at|from|in) (?:a|the) GP surgery"), r"\1"),
    (re.compile(r"\b((?:a|an|the) \w+ \w+)(?:,? (?:of|at|from|in))? \1\b", re.IGNORECASE), r"\1"),
    (re.compile(rf"\b({_PLACES}),? (?:at|in|near) (?:{_PLACES})\b"), r"\1"),
    (re.compile(r"\b(?:in|from|to) (?:the|another) area,? overseas\b"), "overseas"),
    (re.compile(rf"\b({_PLACES}), (?=(?:in|on|from|since|until) (?:{_TIMES})\b|since )"), r"\1 "),
    (re.compile(r"\bat a local address,? (?:at )?(a (?:place of worship|community centre|care home|hostel|hospital))"), r"at \1"),
    # What the person is said to be, and then is told as again.
    (
        re.compile(r"\b(\w{4,}) \((?:her|his|their|the|an?) \1(?:, ([^()]*))?\)", re.IGNORECASE),
        lambda m: f"{m[1]} ({m[2]})" if m[2] else m[1],
    ),
    (re.compile(r"\((a serious health condition)\)"), r"(with \1)"),
    (re.compile(r",\s*(?:they/them|she/her|he/him)\s*(?=,)"), ""),
    (re.compile(r"[,(]?\s*\b(?:they/them|she/her|he/him)\b\s*[,)]?"), ""),
    (re.compile(r"\b(?:near|off|on|by|beside|behind|close to) (?:the|a) nearby street\b"), "on a nearby street"),
    # People of whom nothing can be said but that they are others.
    (re.compile(r"\((?:[\w/-]+ )?(?:another person|Person [A-Z]{1,2})\)", re.IGNORECASE), ""),
    (re.compile(r"\b([Aa]nother person|Person [A-Z]{1,2})(?:,? [\"“'(]*\1[\"”')]*)+"), r"\1"),
    (re.compile(rf"\b({_SOMEBODY}),? (?:another person|Person [A-Z]{{1,2}})\b", re.IGNORECASE), r"\1"),
    (re.compile(r"\b([Ss]poke|[Ss]peaking|[Tt]alked) (?:another person|Person [A-Z]{1,2})\b"), r"\1 to somebody"),
    # Where somebody was born went: what is left must not say that they were born.
    (re.compile(r"\b(?:was|were) born and (?=\w+ed\b|came|went|grew|lived|left)"), ""),
    (re.compile(r",? (?:and )?(?:was |were )?born(?=(?: so\b| but\b|\.$|,(?! \d)))"), ""),
    (
        re.compile(rf",? and (?:{_UNFINISHED})\.$"),
        ".",
    ),
    # An age that was a sentence, or stood where it says nothing.
    (
        re.compile(r"(?:(?<=^)|(?<=[.!?] )|(?<=[\"“]))(?:In (?:her|his|their|my) \w+ties|Over 85|A teenager|A young child)\. ?"),
        "",
    ),
    (re.compile(r"\(\s*[,;]\s*"), "("),
    # An address in brackets says nothing of whom it stands beside: "neighbour (No. 4)".
    (re.compile(rf"(?<=\w) \((?:{_PLACES}|another address)\)"), ""),
    (re.compile(r"; \w+\.$"), "."),
    (re.compile(r"\(\s*[,;:]*\s*\)|\[\s*\]|<\s*>"), ""),
    (re.compile(r"\(\s+"), "("),
    (re.compile(r"[ \t]+([,.;:!?)])"), r"\1"),
    (re.compile(r"([,;:])(?:\s*[,;:])+"), r"\1"),
    (re.compile(r"[,;:–—-]\s*([.!?])"), r"\1"),
    (re.compile(r"^[\s,;:.–—)-]+(?=\S)"), ""),
    (re.compile(r"(?<!Client )(?<!Person )\b(the|an?|her|his|their|our) (?:the|an?|another|her|his|their) ", re.I), r"\1 "),
    (re.compile(r"\b(in|on|at|of|to|from) (?:in|on|at) (?=\w)", re.IGNORECASE), r"\1 "),
    (re.compile(r"(?<!Client )(?<!Person )\b([Aa]) (?=(?!one\b|once\b|eu)[aeio]\w)"), r"\1n "),
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


def _balanced(sentence: str) -> str:
    """Without the bracket whose partner went with what was taken out."""
    open_at: list[int] = []
    stray: list[int] = []
    for at, letter in enumerate(sentence):
        if letter == "(":
            open_at.append(at)
        elif letter == ")" and open_at:
            open_at.pop()
        elif letter == ")" and not re.search(r"(?:^|\s)\w{1,2}$", sentence[:at]):  # "a)" numbers a list
            stray.append(at)
    dropped = {*stray, *open_at}
    return "".join(letter for at, letter in enumerate(sentence) if at not in dropped).strip() if dropped else sentence


def tidy(sentence: str) -> str:
    """A rewritten sentence with the gaps, doubled words and articles that changes left behind put right."""
    sentence = _DOUBLED.sub(lambda m: m.group() if m.group(1).lower() in _DOUBLE_IS_MEANT else m.group(1), sentence)
    for pattern, put in _TIDY:
        sentence = pattern.sub(put, sentence)
    sentence = _balanced(sentence.strip())
    return sentence[:1].upper() + sentence[1:]
