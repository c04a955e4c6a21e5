"""Tell: the sentences of a story that may be told for a purpose, rewritten, each with its part in the telling."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from pipeline.domain.decision import Decision
from pipeline.domain.permission import Judgement, Verdict
from pipeline.domain.story import Story
from pipeline.domain.telling import Part, Passage
from pipeline.generalise.dates import Timeline
from pipeline.narrative import Cues, Sentence, quotations
from pipeline.policy.cues import CueSet
from pipeline.rewrite import rewrite, tidy

_WORD = re.compile(r"[^\W\d_]{2,}")
_NOT_TOPICS = frozenset(
    """surname photo photos press website facebook social media name town only with together told before agreed text the and
    any all no not of or to be in on at as my her his their our me it is for from about used use be""".split()
)
_ANY_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 3


def tell(
    story: Story,
    told: Sequence[Sentence],
    roles: Sequence[Part],
    decisions: Sequence[Decision],
    judgement: Judgement,
    timeline: Timeline,
    cues: Cues,
    confidential: CueSet,
) -> tuple[Passage, ...]:
    """The passages that survive (law 7): no unapproved quotation, no excluded topic, no stump of a sentence.

    A sentence that ``confidential`` matches is about the organisation's own plans or finances and is left out (P2).
    """
    days = {at: day for at, day in timeline.days.items() if any(s.start - 30 <= at < s.end for s in told)}
    topics = excluded(judgement, cues)
    passages = []
    for sentence, part, quoted in zip(told, roles, quotations(story.text, told), strict=True):
        words = story.text[sentence.start : sentence.end]
        if (quoted and not judgement.quote) or topics.search(words) or confidential.found(words):
            continue
        text = _sentence(story.text, sentence, decisions, cues)
        if len(_ANY_WORD.findall(text)) >= _LEAST_WORDS:
            passages.append(Passage(text, part, timeline.label(_day(sentence.start, days)), sentence.paragraph))
    return tuple(passages)


def _sentence(text: str, sentence: Sentence, decisions: Sequence[Decision], cues: Cues) -> str:
    inside = [d for d in decisions if d.start < sentence.end and d.end > sentence.start]
    words = tidy(cues.expand(" ".join(rewrite(text, inside, sentence.start, sentence.end).split())))
    words = re.sub(r"^[-*•>\s]+", "", words)
    if words and words[-1] not in ".!?\"”’)":
        words = words.rstrip(",;:-– ") + "."
    return words[:1].upper() + words[1:]


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
