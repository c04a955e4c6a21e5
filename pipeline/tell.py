"""Tell: the sentences of a story that may be told for a purpose, rewritten, each with its part in the telling."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import groupby

from pipeline.casing import lowered, shouted
from pipeline.domain.decision import Decision
from pipeline.domain.finding import Category, Entity, Finding
from pipeline.domain.permission import Judgement, Verdict
from pipeline.domain.policy import Treatment
from pipeline.domain.story import Story
from pipeline.domain.telling import Part, Passage
from pipeline.generalise.dates import Timeline
from pipeline.known_by import without_known
from pipeline.narrative import Cues, Sentence, quotations
from pipeline.policy.cues import CueSet
from pipeline.reported import report
from pipeline.rewrite import outermost, rewrite, tidy
from pipeline.speakers import Speakers
from pipeline.topics import apart_from, closing, excluded

_ANY_WORD = re.compile(r"[^\W\d_]{2,}")
_TOKEN = re.compile(r"\w+")
_LEAST_WORDS, _LEAST_UNTOUCHED = 3, 2
_LEADS = re.compile(r"^(?:[-*•>]+\s*|\d{1,2}[.)]\s+(?=[A-Z]))+")
_SAID_BY = re.compile(r"^(?:Said|Says|Quote|Comment|Told us|Feedback)\s*:\s*(?=[\"“])", re.IGNORECASE)
_SPEAKS = re.compile(r"\s*:\s+(?=\S)")
_UNENDED = re.compile(r"\b(?:is|was|are|were|be|been|an?|the|of|and|or|with|her|his|their)\.$")
_ASKS = re.compile(r"\?[\"'”’]?$")
_WHO = frozenset({Category.PERSON, Category.ADDRESS, Category.POSTCODE})
_SAID = re.compile(r"(?<!\w)(?!(?:and|the|of|for|re)\b)[a-z]{3,}|(?<!\w)[A-Z]{2,}\W+[A-Z]{2,}|\d")
_SEVERAL = r"twins|children|sons|daughters|boys|girls|kids|grandchildren|grandsons|granddaughters|brothers|sisters|parents"
# "her twins, Luc and Amelie": without the first name, nothing is left for the second to stand beside.
_PAIR_NAMED = re.compile(rf"\b(?i:{_SEVERAL}),? [A-Z][\w’'-]+ (?:and|&|n) [A-Z]")
_HALF_A_PAIR = re.compile(rf"\b((?i:{_SEVERAL})) (?:and|&|n) [A-Z][\w’'-]+")
_FIGURE = re.compile(r"[£$€%]|\d\d")
_CARRIES = re.compile(r"(?<!\w)(?!(?:and|the|of|for|re|with|from|his|her|their)\b)[^\W\d_]{3,}", re.IGNORECASE)
_NEXT_SENTENCE = re.compile(r"\s+[A-Z][a-z]+ (?=[a-z])|\s*$|\s*\n")
_FIRST_WORDS = re.compile(r"(?:^|[.!?:]\W+)([^\W\d_]+)")
_PRONOUN = re.compile(r"(?:She|He)\b(?! (?:and|or|who)\b)")
_LETTERED = re.compile(r"(?:Client|Person) [A-Z]{1,2}", re.IGNORECASE)
_NAMED = (Treatment.SUBSTITUTE, Treatment.KEEP)
_FIRST_PERSON = re.compile(r"\b(?:I|my|me|we|our)\b")


def tell(
    story: Story,
    told: Sequence[Sentence],
    roles: Sequence[Part],
    decisions: Sequence[Decision],
    judgement: Judgement,
    timeline: Timeline,
    cues: Cues,
    confidential: CueSet,
    people: Sequence[Entity] = (),
) -> tuple[Passage, ...]:
    """The passages that survive (law 7): no unapproved quotation, no excluded topic, no stump of a sentence.

    A sentence that ``confidential`` matches is about the organisation's own plans or finances and is left out (P2).
    A quotation that the service user did not approve, or that is not theirs to approve, is told in the third person
    where that is safe; ``people`` are those of the story.
    """
    topics = excluded(judgement, cues)
    interview = _interviewer(story.text, told, decisions)
    days = _days(timeline, told)
    people_named = [d.finding for d in decisions if d.finding.category is Category.PERSON and d.treatment is not Treatment.KEEP]
    surfaces = frozenset(w for f in people_named for w in _ANY_WORD.findall(story.text[f.start : f.end].upper()))
    drafts = []
    for whole, part, quoted, near in zip(told, roles, quotations(story.text, told), _near(told, decisions), strict=True):
        sentence = apart_from(topics, story.text, whole)
        if sentence is None or sentence.paragraph in interview or _found(confidential, story.text[whole.start : whole.end]):
            continue
        inside = [d for d in near if d.start < sentence.end and d.end > sentence.start]
        text = _sentence(story.text, sentence, inside, cues, surfaces) + closing(story.text, sentence, whole)
        if judgement.verdict is not Verdict.IDENTIFY:
            text = without_known(text, cues.known_by)
        if _whole(text, sentence, inside) and not _says_only_who(story.text, sentence, inside):
            when = timeline.label(_day(sentence, days, timeline))
            drafts.append(_Draft(Passage(text, part, when, sentence.paragraph), quoted, sentence.start, sentence.end))
    speakers = Speakers(story.text, decisions, people, _testimony(story.text, told))
    return _settled(_introduced(drafts, speakers), cues, speakers, judgement.quote)


def _near(told: Sequence[Sentence], decisions: Sequence[Decision]) -> list[list[Decision]]:
    """The decisions that reach into each sentence; sentences are in order and apart."""
    ends = [sentence.end for sentence in told]
    found: list[list[Decision]] = [[] for _ in told]
    for decision in decisions:
        for at in range(bisect_right(ends, decision.start), len(told)):
            if told[at].start >= decision.end:
                break
            found[at].append(decision)
    return found


@lru_cache(maxsize=2048)  # what a sentence of the source speaks of does not change from click to click
def _found(cues: CueSet, words: str) -> bool:
    return cues.found(words)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A passage that may yet be left out: ``quoted`` when ``[start, end)`` of the story holds somebody's very words."""

    passage: Passage
    quoted: bool
    start: int
    end: int


def _introduced(drafts: Sequence[_Draft], speakers: Speakers) -> Sequence[_Draft]:
    """The first sentence says who it is about, where the one that named them is not told: "She rents" -> "Leanne rents"."""
    first = next((d for d in drafts if not d.quoted), None)
    opening = _PRONOUN.match(first.passage.text) if first else None
    name = speakers.named_for(first.start, opening.group().lower()) if first and opening else ""
    if not first or not opening or not name:
        return drafts
    told = name + first.passage.text[opening.end() :]
    return [replace(d, passage=replace(d.passage, text=told)) if d is first else d for d in drafts]


def _settled(drafts: Sequence[_Draft], cues: Cues, speakers: Speakers, approved: bool) -> tuple[Passage, ...]:
    """The passages without unapproved quotations and without repetition; reported speech where that is certain."""
    passages: list[Passage] = []
    for (quoted, _), group in groupby(drafts, key=lambda d: (d.quoted, d.passage.paragraph)):
        found = list(group)
        if not quoted:
            passages += [d.passage for d in found]
            continue
        part = next((p.part for p in reversed(passages) if p.part is not Part.QUOTE), Part.SITUATION)
        while found:
            told, used = _spoken(found, part, cues, speakers, approved)
            passages += told
            found = found[used:]
    return tuple(p for p, before in zip(passages, [None, *passages], strict=False) if before is None or p.text != before.text)


def _spoken(found: Sequence[_Draft], part: Part, cues: Cues, speakers: Speakers, approved: bool) -> tuple[Sequence[Passage], int]:
    """How the first of some quoted sentences are told, and how many of them that covers: as many as one person said."""
    first = found[0]
    if approved and speakers.voice(first.start, first.end).own:
        return [first.passage], 1
    for used in range(len(found), 0, -1):
        voice = speakers.voice(first.start, found[used - 1].end)
        pronouns = speakers.pronouns(first.start, found[used - 1].end)
        text = report(" ".join(d.passage.text for d in found[:used]), pronouns, voice.speaker) if cues.report else ""
        if text:
            return [Passage(text, part, first.passage.when, first.passage.paragraph)], used
    return [], 1


def _testimony(text: str, told: Sequence[Sentence]) -> bool:
    """Whether the service user tells the story: most of its sentences speak of "I" and "my"."""
    own = [bool(_FIRST_PERSON.search(text, s.start, s.end)) for s in told]
    return len(own) > 3 and 2 * sum(own) > len(own)


def _sentence(text: str, sentence: Sentence, inside: Sequence[Decision], cues: Cues, surfaces: frozenset[str]) -> str:
    start = sentence.start
    if inside and inside[0].start <= start and inside[0].finding.category is Category.PERSON:
        # "MB: Ethan was placed" in minutes, "CHRISTIAN: I came out" in a transcript: who speaks is not told.
        speaks = _SPEAKS.match(text, inside[0].end, sentence.end)
        start = speaks.end() if speaks else start
    changes = tuple((d.start, d.end, d.treatment, _stopped(text, d)) for d in inside if d.end > start)
    names = tuple(
        d.replacement.title()
        for d in inside
        if d.finding.category is Category.PERSON and (d.treatment in _NAMED or _LETTERED.fullmatch(d.replacement))
    )
    beside = surfaces if shouted(text[start : sentence.end]) else frozenset[str]()  # nothing that a cache need not know
    words = _reworded(text, start, sentence.end, changes, cues, names, beside)
    if _PAIR_NAMED.search(text, start, sentence.end):
        words = _HALF_A_PAIR.sub(r"\1", words)
    if words and words[-1] not in '.!?"”’)':
        words = words.rstrip(",;:-– ") + "."
    return words[:1].upper() + words[1:]


def _stopped(text: str, decision: Decision) -> str:
    """A full stop that ended an initial and its sentence ("call from Grace O. Heating is off") still ends the sentence."""
    ends = (
        text[decision.finding.end - 1] == "."
        and decision.end == decision.finding.end
        and _NEXT_SENTENCE.match(text, decision.end)
    )
    return decision.replacement + "." if ends and decision.replacement[-1:].isalnum() else decision.replacement


@lru_cache(maxsize=512)  # at the review page one sentence of many changes from click to click
def _reworded(
    text: str,
    start: int,
    end: int,
    changes: tuple[tuple[int, int, Treatment, str], ...],
    cues: Cues,
    names: tuple[str, ...],
    surfaces: frozenset[str],
) -> str:
    decisions = [
        Decision(Finding(a, b, Category.INDIRECT, 0.5, "-"), how, a, b, put, "-", "-", "-") for a, b, how, put in changes
    ]
    words = " ".join(rewrite(text, decisions, start, end).split())
    # "HOPE TO HEAR TODAY", where somebody is called Hope: in ordinary type the word would begin with a name's capital.
    if shouted(text[start:end]) and not surfaces & set(_FIRST_WORDS.findall(words.upper())):
        words = lowered(words, names, cues.initials, cues.capitalised)
    return tidy(_SAID_BY.sub("", _LEADS.sub("", cues.expand(words))))


def _whole(text: str, sentence: Sentence, inside: Sequence[Decision]) -> bool:
    """True for more than a stump: two words are enough where nothing was taken out but the date of an entry."""
    if _UNENDED.search(text) and any(d.end >= sentence.end - 2 and d.treatment is not Treatment.KEEP for d in inside):
        return False  # "Her youngest is."
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
        rest += text[at : decision.start] + f" {decision.replacement if decision.finding.category is Category.INDIRECT else ''} "
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


def with_outcome(passages: Sequence[Passage], outcome: CueSet) -> tuple[Passage, ...]:
    """The passages, the last that says what came of the help as the outcome where no other is left to be it."""
    if any(passage.part is Part.OUTCOME for passage in passages):
        return tuple(passages)
    at = next((n for n in reversed(range(len(passages))) if outcome.found(passages[n].text)), None)
    return tuple(replace(p, part=Part.OUTCOME) if n == at else p for n, p in enumerate(passages))


def _days(timeline: Timeline, told: Sequence[Sentence]) -> list[int]:
    """Where days stand that a sentence names, or its heading just before it, in order."""
    ends = [sentence.end for sentence in told]
    following = ((at, bisect_right(ends, at)) for at in sorted(timeline.days))
    return [at for at, number in following if number < len(told) and told[number].start - 30 <= at]


def _day(sentence: Sentence, days: Sequence[int], timeline: Timeline) -> date | None:
    """The first day that a sentence names, else the last one before it; diary entries are dated at their head."""
    first = bisect_left(days, sentence.start)
    if first < len(days) and days[first] < sentence.end:
        return timeline.days[days[first]]
    before = bisect_right(days, sentence.start + 24)
    return timeline.days[days[before - 1]] if before else None
