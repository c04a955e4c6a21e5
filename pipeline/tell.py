"""Tell: the sentences of a story that may be told for a purpose, rewritten, each with its part in the telling."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from types import MappingProxyType

from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Gender
from pipeline.domain.permission import Judgement, Verdict
from pipeline.domain.policy import Treatment
from pipeline.domain.story import Story
from pipeline.domain.telling import Part, Passage
from pipeline.generalise.dates import Timeline
from pipeline.narrative import Cues, Sentence, quotations
from pipeline.policy.cues import CueSet
from pipeline.reported import report
from pipeline.rewrite import outermost, rewrite, tidy

_WORD = re.compile(r"[^\W\d_]{2,}")
_NOT_TOPICS = frozenset(
    """surname photo photos press website facebook social media name town only with together told before agreed text the and
    any all no not of or to be in on at as my her his their our me it is for from about used use be""".split()
)
_ANY_WORD = re.compile(r"[^\W\d_]{2,}")
_TOKEN = re.compile(r"\w+")
_LEAST_WORDS, _LEAST_UNTOUCHED = 3, 2
_LEADS = re.compile(r"^(?:[-*•>]+\s*|\d{1,2}[.)]\s+(?=[A-Z]))+")
_SPEAKS = re.compile(r"\s*:\s+(?=\S)")
_ASKS = re.compile(r"\?[\"'”’]?$")
_WHO = frozenset({Category.PERSON, Category.ADDRESS, Category.POSTCODE})
_SAID = re.compile(r"(?<!\w)(?!(?:and|the|of|for|re)\b)[a-z]{3,}|(?<!\w)[A-Z]{2,}\W+[A-Z]{2,}|\d")
_SEVERAL = r"twins|children|sons|daughters|boys|girls|kids|grandchildren|grandsons|granddaughters|brothers|sisters|parents"
# "her twins, Luc and Amelie": without the first name, nothing is left for the second to stand beside.
_PAIR_NAMED = re.compile(rf"\b(?i:{_SEVERAL}),? [A-Z][\w’'-]+ (?:and|&|n) [A-Z]")
_HALF_A_PAIR = re.compile(rf"\b((?i:{_SEVERAL})) (?:and|&|n) [A-Z][\w’'-]+")
_FIGURE = re.compile(r"[£$€%]|\d\d")
_CARRIES = re.compile(r"(?<!\w)(?!(?:and|the|of|for|re|with|from|his|her|their)\b)[^\W\d_]{3,}", re.IGNORECASE)
_PRONOUNS = {Gender.FEMALE: "she", Gender.MALE: "he"}


def tell(
    story: Story,
    told: Sequence[Sentence],
    roles: Sequence[Part],
    decisions: Sequence[Decision],
    judgement: Judgement,
    timeline: Timeline,
    cues: Cues,
    confidential: CueSet,
    genders: Mapping[str, Gender] = MappingProxyType({}),
) -> tuple[Passage, ...]:
    """The passages that survive (law 7): no unapproved quotation, no excluded topic, no stump of a sentence.

    A sentence that ``confidential`` matches is about the organisation's own plans or finances and is left out (P2).
    A quotation that nobody approved is told in the third person where that is safe; ``genders`` says, by entity, who
    is "she" and who is "he".
    """
    topics = excluded(judgement, cues)
    interview = _interviewer(story.text, told, decisions)
    days = {at: day for at, day in timeline.days.items() if any(s.start - 30 <= at < s.end for s in told)}
    drafts = []
    for sentence, part, quoted in zip(told, roles, quotations(story.text, told), strict=True):
        words = story.text[sentence.start : sentence.end]
        inside = [d for d in decisions if d.start < sentence.end and d.end > sentence.start]
        if topics.search(words) or confidential.found(words) or sentence.paragraph in interview:
            continue
        text = _sentence(story.text, sentence, inside, cues)
        if _whole(text, sentence, inside) and not _says_only_who(story.text, sentence, inside):
            when = timeline.label(_day(sentence.start, days))
            unapproved = quoted and not judgement.quote
            drafts.append(_Draft(Passage(text, part, when, sentence.paragraph), unapproved, _pronouns(inside, genders)))
    return _settled(drafts, cues)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage that may yet be left out: ``unapproved`` is somebody's very words without their yes."""

    passage: Passage
    unapproved: bool
    pronouns: Mapping[str, str]


def _settled(drafts: Sequence[_Draft], cues: Cues) -> tuple[Passage, ...]:
    """The passages without unapproved quotations and without repetition; reported speech where that is certain."""
    passages: list[Passage] = []
    for (unapproved, paragraph), group in groupby(drafts, key=lambda d: (d.unapproved, d.passage.paragraph)):
        found = list(group)
        if not unapproved:
            passages += [d.passage for d in found]
        elif cues.report:
            pronouns = {name: pronoun for d in found for name, pronoun in d.pronouns.items()}
            text = report(" ".join(d.passage.text for d in found), pronouns)
            part = next((p.part for p in reversed(passages) if p.part is not Part.QUOTE), Part.SITUATION)
            passages += [Passage(text, part, found[0].passage.when, paragraph)] if text else []
    return tuple(p for p, before in zip(passages, [None, *passages], strict=False) if before is None or p.text != before.text)


def _sentence(text: str, sentence: Sentence, inside: Sequence[Decision], cues: Cues) -> str:
    start = sentence.start
    if inside and inside[0].start <= start and inside[0].finding.category is Category.PERSON:
        # "MB: Ethan was placed" in minutes, "CHRISTIAN: I came out" in a transcript: who speaks is not told.
        speaks = _SPEAKS.match(text, inside[0].end, sentence.end)
        start = speaks.end() if speaks else start
    words = " ".join(rewrite(text, [d for d in inside if d.end > start], start, sentence.end).split())
    words = tidy(_LEADS.sub("", cues.expand(words)))
    if _PAIR_NAMED.search(text, start, sentence.end):
        words = _HALF_A_PAIR.sub(r"\1", words)
    if words and words[-1] not in ".!?\"”’)":
        words = words.rstrip(",;:-– ") + "."
    return words[:1].upper() + words[1:]


def _whole(text: str, sentence: Sentence, inside: Sequence[Decision]) -> bool:
    """True for more than a stump: two words are enough where nothing was taken out but the date of an entry."""
    if len(_ANY_WORD.findall(text)) >= _LEAST_WORDS:
        return True
    touched = [d for d in inside if d.treatment is not Treatment.KEEP and not _heads(d, sentence)]
    return not touched and len(_TOKEN.findall(text)) >= _LEAST_UNTOUCHED and bool(_ANY_WORD.search(text))


def _heads(decision: Decision, sentence: Sentence) -> bool:
    return decision.finding.category is Category.DATE and decision.start <= sentence.start and not decision.replacement


def _says_only_who(text: str, sentence: Sentence, inside: Sequence[Decision]) -> bool:
    """True for the address on a letter and the like: nothing is said between the names and places."""
    if not any(d.finding.category in _WHO for d in inside):
        return False
    rest, at = "", sentence.start
    changes = outermost(inside)
    for decision in changes:
        rest += text[at : decision.start] + " "
        at = max(at, decision.end)
    rest += text[at : sentence.end]
    if not _SAID.search(rest):
        return True
    # Several changes with next to nothing between them leave no sentence.
    several = sum(d.replacement != text[d.start : d.end] for d in changes) > 1
    carries = _CARRIES.findall(rest)
    return several and not _FIGURE.search(rest) and len(carries) < 2 and not any(w.lower().endswith("ed") for w in carries)


def _interviewer(text: str, told: Sequence[Sentence], decisions: Sequence[Decision]) -> frozenset[int]:
    """The paragraphs of whoever puts the questions in a transcript: a name, a colon, mostly a question mark at the end."""
    last = {sentence.paragraph: text[sentence.start : sentence.end] for sentence in told}
    first: dict[int, Sentence] = {}
    for sentence in told:
        first.setdefault(sentence.paragraph, sentence)
    opens = {d.start: d for d in decisions if d.finding.category is Category.PERSON}
    spoken: dict[str, list[int]] = {}
    for number, sentence in first.items():
        decision = opens.get(sentence.start)
        if decision and _SPEAKS.match(text, decision.end):
            spoken.setdefault(decision.finding.entity, []).append(number)
    asked = [numbers for numbers in spoken.values() if 2 * sum(bool(_ASKS.search(last[n])) for n in numbers) > len(numbers)]
    return frozenset(number for numbers in asked for number in numbers)


def _pronouns(inside: Sequence[Decision], genders: Mapping[str, Gender]) -> dict[str, str]:
    return {
        d.replacement: _PRONOUNS[genders[d.finding.entity]]
        for d in inside
        if d.finding.category is Category.PERSON and genders.get(d.finding.entity) in _PRONOUNS
    }


def _day(start: int, days: Mapping[int, date]) -> date | None:
    """The last day named at or before a place in the story; diary entries are dated at their head."""
    before = [at for at in days if at <= start + 24]
    return days[max(before)] if before else None


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
