"""Reported speech: a quotation that nobody approved, told in the third person, or not at all (E23).

No word is added but the verb of saying and the pronouns; see ``spoken.py`` for what is turned and what is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.spoken import clause, points

_VERBS = (
    r"(?:says?|said|adds?|added|laughs?|laughed|explains?|explained|recalls?|remembers?|tells (?:us|me)|told (?:us|me|the \w+)|"
    r"wrote|writes|smiles?|puts it|(?:has |had )?asked (?:me|us) to (?:say|tell you|add)|"
    r"(?:rang|phoned|called|texted|wrote|emailed)(?: \w+)? to (?:say|tell us))"
)
_SUBJECT = (
    r"(?P<subject>she|he|they|[A-Z][\w’'-]+(?: [A-Z][\w’'-]*){0,2}|"
    r"(?:[Tt]he|[Hh]er|[Hh]is|[Tt]heir|[Oo]ur|[Aa]) [a-z]+(?:[ -][a-z]+){0,2}?)"
)
_OPENS, _GOES_ON = r"^[\"“](?P<first>[^\"“”]+?)[,.]?[\"”],?", r"[.,]?(?: [\"“](?P<second>[^\"“”]+)[\"”])?$"
_SPOKEN = r"[\"“](?P<first>[^\"“”]+)[\"”]\.?$"
_FORMS = tuple(
    re.compile(form, re.DOTALL)
    for form in (
        rf"{_OPENS} (?i:{_SUBJECT}) {_VERBS}(?: to us| to me|, [a-z]+ing)?{_GOES_ON}",
        rf"{_OPENS} {_VERBS} {_SUBJECT}{_GOES_ON}",
        rf"^{_SUBJECT} {_VERBS}\b[^\"“”]{{0,160}}?[:,]? {_SPOKEN}",
        rf"^(?P<subject>She|He|They) {_VERBS}\b[^\"“”]{{0,160}}?[:,]? {_SPOKEN}",
        rf"^{_SUBJECT} [^\"“”]{{0,160}}\b(?:words|message|quote|comment|hear|says?|said|told|wrote)\b[^\"“”]{{0,60}}: {_SPOKEN}",
        rf"^(?P<subject>She|He|They) [^\"“”]{{0,160}}\b(?:words|message|quote|hear|said|wrote)\b[^\"“”]{{0,60}}: {_SPOKEN}",
        rf"^(?P<subject>Her|His|Their) (?:quote|words|comment|message|feedback)\b[^\"“”]{{0,60}}: {_SPOKEN}",
        rf"^(?:Quote|Comment|Feedback) from (?P<subject>her|him|them)\s*: {_SPOKEN}",
    )
)
# Who speaks is not said: the caller has to know.
_UNSAID = tuple(
    re.compile(form, re.DOTALL)
    for form in (rf"^{_SPOKEN}", rf"^(?:(?:Said|Says|Told us|Wrote|Quote|Comment|Feedback)\b[^\"“”]{{0,40}}?):? {_SPOKEN}")
)
_INSIDE = re.compile(r"(?<=[a-z,] )[\"“](?P<words>[a-z][^\"“”?!]*?)(?P<stop>[.,]?)[\"”]")
_FIRST_PERSON = re.compile(r"\b(?:I|me|my|we|us|our|you|your)\b", re.IGNORECASE)
_PRONOUN = MappingProxyType({
    "she": "she", "her": "she", "he": "he", "his": "he", "him": "he", "they": "they", "their": "they", "them": "they",
})  # fmt: skip
_KIN = (
    (re.compile(r"\b(?:mother|mum|mam|wife|daughter|sister|aunt|nan|gran\w*mother|gran|niece|girlfriend)$"), "she"),
    (re.compile(r"\b(?:father|dad|husband|son|brother|uncle|grandfather|grandad|nephew|boyfriend)$"), "he"),
)
_SOMEBODY = re.compile(r"(?:his|her|their|the|our|a) [a-z]", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, as a sentence begins ("Dawn", "She", "Her mother"), and the pronoun for a second mention."""

    subject: str
    pronoun: str


def report(sentence: str, pronouns: Mapping[str, str] = MappingProxyType({}), unsaid: Speaker | None = None) -> str:
    """The sentence with its quotation told in the third person; empty when it cannot be done with certainty.

    ``pronouns`` says for a name as it is told which pronoun it takes ("Dawn": "she"); ``unsaid`` is who speaks where
    the sentence does not say it.
    """
    match = next((found for form in _FORMS if (found := form.search(sentence.strip()))), None)
    speaker = _speaker(match.group("subject"), pronouns) if match else None
    if match is None and unsaid:
        match = next((found for form in _UNSAID if (found := form.search(sentence.strip()))), None)
        speaker = unsaid
    if match is None or speaker is None:
        return _unmarked(sentence) if match is None else ""
    groups = match.groupdict()
    quoted = [piece for piece in (groups.get("first"), groups.get("second")) if piece]
    said = " ".join(piece if piece[-1:] in ".!?" else piece.rstrip(",") + "." for piece in quoted)
    clauses: list[str] = []
    for one in _SENTENCES.split(said):
        told = clause(one, speaker.pronoun, tuple(pronouns))
        if told and (clauses or not points(one)):
            clauses.append(told)
    return _told(speaker, clauses) if clauses else ""


def _told(speaker: Speaker, clauses: list[str]) -> str:
    say = "say" if speaker.subject == "They" else "says"
    told = f"{speaker.subject} {say} that {clauses[0]}."
    again, add, also = speaker.pronoun.capitalize(), "adds", "also says"
    if speaker.pronoun == "they":
        add, also = "add", "also say"
    for at in range(1, len(clauses), 2):
        told += f" {again} {add if at == 1 else also} that {', and that '.join(clauses[at : at + 2])}."
    return told


def _unmarked(sentence: str) -> str:
    """Somebody's phrase inside a sentence of the writer's, without its marks: he said that it would "do for now"."""
    changed = sentence
    for match in reversed(list(_INSIDE.finditer(sentence))):
        if _FIRST_PERSON.search(match.group("words")):
            return ""
        changed = changed[: match.start()] + match.group("words") + match.group("stop") + changed[match.end() :]
    return "" if set('"“”') & set(changed) or changed == sentence else changed


def _speaker(subject: str, pronouns: Mapping[str, str]) -> Speaker | None:
    pronoun = _PRONOUN.get(subject.lower())
    if pronoun:
        return Speaker(pronoun.capitalize(), pronoun)
    pronoun = pronouns.get(subject) or next((p for pattern, p in _KIN if pattern.search(subject)), None)
    if not pronoun and _SOMEBODY.match(subject):
        pronoun = "they"
    return Speaker(subject[:1].upper() + subject[1:], pronoun) if pronoun else None
