"""Tell: the sentences of a story that may be told for a purpose, rewritten, each with its part in the telling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from pipeline.domain.decision import Decision
from pipeline.domain.permission import Judgement, Verdict
from pipeline.domain.story import Story
from pipeline.domain.telling import Part, Passage
from pipeline.generalise.dates import Timeline
from pipeline.narrative import Cues, Sentence
from pipeline.policy.cues import CueSet
from pipeline.rewrite import rewrite, tidy

_QUOTED = re.compile(r"[\"“][^\"”]{12,}[\"”]")
_WORD = re.compile(r"[^\W\d_]{4,}")
_NOT_TOPICS = frozenset(
    "surname photo photos press website facebook social media name town only with together told before agreed text".split()
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
    stems = excluded_stems(judgement.excluded_topics) if judgement.verdict is Verdict.IDENTIFY else frozenset()
    passages = []
    for sentence, part in zip(told, roles, strict=True):
        words = story.text[sentence.start : sentence.end]
        quoted = part is Part.QUOTE or _QUOTED.search(words) is not None
        if (quoted and not judgement.quote) or _touches(words, stems) or confidential.found(words):
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


def excluded_stems(topics: Iterable[str]) -> frozenset[str]:
    """Word stems of the topics that a permission leaves out."""
    words = (w.lower() for topic in topics for w in _WORD.findall(topic))
    return frozenset(w.removesuffix("s")[:8] for w in words if w not in _NOT_TOPICS)


def _touches(words: str, stems: frozenset[str]) -> bool:
    return any(word.lower().startswith(stem) for word in _WORD.findall(words) for stem in stems)
