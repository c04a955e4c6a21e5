"""Reported speech: a quotation that nobody approved, told in the third person, or not at all (E23).

Rules only, and careful ones: a clause whose grammar they cannot be sure of is left out.  No word is added but the
verb of saying and the pronouns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_VERBS = r"(?:says?|said|adds?|added|laughs?|explains?|explained|recalls?|remembers?|tells us|told us|told me|wrote|writes)"
_SUBJECT = (
    r"(?P<subject>she|he|they|[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2}|"
    r"(?:the|her|his|their|our) [a-z]+(?:[ -][a-z]+){0,2})"
)
_OPENS, _GOES_ON = r"^[\"“](?P<first>[^\"“”]+?)[,.]?[\"”],?", r"[.,]?(?: [\"“](?P<second>[^\"“”]+)[\"”])?$"
_FORMS = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rf"{_OPENS} (?i:{_SUBJECT}) {_VERBS}(?: to us| to me)?{_GOES_ON}",
        rf"{_OPENS} {_VERBS} {_SUBJECT}{_GOES_ON}",
        rf"^{_SUBJECT} {_VERBS}\b[^\"“”]{{0,60}}?[:,]? [\"“](?P<first>[^\"“”]+)[\"”]\.?$",
        rf"^(?P<subject>She|He|They) {_VERBS}\b[^\"“”]{{0,60}}?[:,]? [\"“](?P<first>[^\"“”]+)[\"”]\.?$",
        r"^(?P<subject>Her|His|Their) (?:quote|words|comment|message)\b[^\"“”]{0,60}: [\"“](?P<first>[^\"“”]+)[\"”]\.?$",
        r"^Quote from (?P<subject>her|him|them)\s*: [\"“](?P<first>[^\"“”]+)[\"”]\.?$",
    )
)
_PRONOUN = MappingProxyType({
    "she": "she", "her": "she", "he": "he", "his": "he", "him": "he", "they": "they", "their": "they", "them": "they",
})  # fmt: skip
_KIN = (
    (re.compile(r"\b(?:mother|mum|mam|wife|daughter|sister|aunt|nan|gran\w*mother|gran|niece)$"), "she"),
    (re.compile(r"\b(?:father|dad|husband|son|brother|uncle|grandfather|grandad|nephew)$"), "he"),
)
_CASES = MappingProxyType({
    "she": ("her", "her", "hers", "herself"), "he": ("him", "his", "his", "himself"),
    "they": ("them", "their", "theirs", "themselves"),
})  # fmt: skip
_STARTS = re.compile(
    r"(?:(?:but|and|so|now|then|today|instead|well),? )?(?P<word>(?:i|we|my|our|nobody|no one|somebody|someone|"
    r"everybody|everyone|people|there|the|a|an|in|at|on|when|after|before|they)\b(?:['’]\w+)?)",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"[?!…\"“”()\[\]]|\b(?:you|your|yours|yourself|y’all|us lot|let['’]s|ta|please|thanks?|here|that['’]s|ain['’]t|"
    r"me and|and me|me in)\b|"
    r"\b(?:was|were|am|have|had|do|did|could|should|would|can)(?:n['’]t)? I\b",
    re.IGNORECASE,
)
_JOINS = re.compile(r"^(?:but|and|so|well),? ", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_I = re.compile(
    r"\bI\b(?P<short>['’](?:m|ve|d|ll))?(?P<adverb>(?: (?:just|only|still|also|never|always|really|even|once|often|first|now))*)"
    r"(?: (?P<verb>[a-z]+(?:n['’]t)?))?"
)
_WE = re.compile(r"\b[Ww]e(?P<short>['’](?:re|ve|d|ll))?\b")
_SAME = frozenset(
    "could can will would should might may must had did was were couldn't can't won't wouldn't didn't wasn't".split()
)
_CHANGED = MappingProxyType({"am": "is", "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't"})
_PRESENT = frozenset(
    """want need know think like love feel see go get come work live cook hang sleep help hope keep make take play teach
    say look run walk write pay owe speak eat wake sit stand smile laugh enjoy believe remember understand mean call ring
    visit volunteer miss trust start stop use look""".split()
)
# "I cook and clean", "I look at it and see": a second verb whose form would have to change with the first.
_SECOND_VERB = re.compile(rf"\band (?:(?:{'|'.join(sorted(_PRESENT))})\b|[a-z]+ (?:for|at|to|with|them|it|her|him|the|my|a)\b)")
_PAST = frozenset(
    """went came got knew thought felt saw made took taught said told ran wrote paid spoke ate woke sat stood understood meant
    rang kept slept lost found gave began became brought bought left met heard held learnt learned rose fell forgot drove
    spent sent built broke chose grew drew won wore threw swam sang drank""".split()
)


@dataclass(frozen=True, slots=True)
class _Speaker:
    subject: str
    pronoun: str


def report(sentence: str, pronouns: Mapping[str, str] = MappingProxyType({})) -> str:
    """The sentence with its quotation told in the third person; empty when it cannot be done with certainty.

    ``pronouns`` says for a name as it is told which pronoun it takes ("Dawn": "she").
    """
    match = next((found for form in _FORMS if (found := form.search(sentence.strip()))), None)
    speaker = _speaker(match.group("subject"), pronouns) if match else None
    if match is None or speaker is None:
        return ""
    quoted = [piece for piece in match.groups() if piece and piece != match.group("subject")]
    said = " ".join(piece if piece[-1:] in ".!?" else piece.rstrip(",") + "." for piece in quoted)
    clauses = [clause for one in _SENTENCES.split(said) if (clause := _clause(one, speaker.pronoun))]
    if not clauses:
        return ""
    say = "say" if speaker.subject == "They" else "says"
    add = "add" if speaker.pronoun == "they" else "adds"
    told = f"{speaker.subject} {say} that {clauses[0]}."
    if clauses[1:]:
        told += f" {speaker.pronoun.capitalize()} {add} that {', and that '.join(clauses[1:])}."
    return told


def _speaker(subject: str, pronouns: Mapping[str, str]) -> _Speaker | None:
    pronoun = _PRONOUN.get(subject.lower())
    if pronoun:
        return _Speaker(pronoun.capitalize(), pronoun)
    pronoun = pronouns.get(subject) or next((p for pattern, p in _KIN if pattern.search(subject)), None)
    return _Speaker(subject[:1].upper() + subject[1:], pronoun) if pronoun else None


def _clause(sentence: str, pronoun: str) -> str:
    """One sentence of speech as a clause after "that"; empty when a rule does not cover it."""
    words = _JOINS.sub("", sentence.strip()).rstrip(".").strip()
    start = _STARTS.match(words)
    if not words or _REFUSED.search(words) or not start or (start.group("word").lower() == "they" and pronoun == "they"):
        return ""
    turned = _turned(words, pronoun)
    if turned is None:
        return ""
    return turned[:1].lower() + turned[1:]


def _turned(words: str, pronoun: str) -> str | None:
    """First person to third; ``None`` when a verb's form is not known."""
    pieces, at = [], 0
    for match in _I.finditer(words):
        told = _subject(match, words, pronoun)
        if told is None:
            return None
        pieces += [words[at : match.start()], told]
        at = match.end()
    words = "".join([*pieces, words[at:]])
    words = _WE.sub(lambda m: "they" + (m.group("short") or ""), words)
    other, own, owns, self_ = _CASES[pronoun]
    theirs = (("me", other), ("my", own), ("mine", owns), ("myself", self_), ("us", "them"), ("our", "their"), ("ours", "theirs"),
              ("ourselves", "themselves"))  # fmt: skip
    for first, third in theirs:
        words = re.sub(rf"\b{first}\b", third, words, flags=re.IGNORECASE)
    return words


def _subject(match: re.Match[str], words: str, pronoun: str) -> str | None:
    short, adverb, verb = (match.group("short") or "")[1:], match.group("adverb"), match.group("verb") or ""
    behind = f" {verb}" if verb else ""
    if short in ("d", "ll"):
        return f"{pronoun}’{short}{adverb}{behind}"
    if short in ("m", "ve"):
        be, have = ("are", "have") if pronoun == "they" else ("is", "has")
        return f"{pronoun} {be if short == 'm' else have}{adverb}{behind}"
    plain = verb.replace("’", "'")
    if plain in _SAME or plain in _PAST or (plain.endswith("ed") and len(plain) > 4):
        return f"{pronoun}{adverb} {'were' if (plain, pronoun) == ('was', 'they') else verb}"
    if plain in _CHANGED:
        return f"{pronoun}{adverb} {_plural(plain) if pronoun == 'they' else _CHANGED[plain]}"
    if plain in _PRESENT and not _SECOND_VERB.search(words[match.end() :]):
        return f"{pronoun}{adverb} {verb if pronoun == 'they' else _third(verb)}"
    return None


def _plural(verb: str) -> str:
    return "are" if verb == "am" else verb


def _third(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "o")):
        return verb + "es"
    return verb + "s"
