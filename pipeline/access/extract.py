"""One story as the person who asks may have it: the parts about them, everybody else taken out of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.access.ownership import GONE, decide_whose, left_out
from pipeline.access.parts import Part, parts_about, told_blocks
from pipeline.access.standing import Seeker, Sighting, Standing
from pipeline.documents.prose import legal
from pipeline.domain.assessment import Leak
from pipeline.domain.decision import Decision
from pipeline.domain.finding import DIRECT, Category, Finding
from pipeline.duties.access import Document, Passage
from pipeline.generalise.dates import is_birth
from pipeline.names import fold
from pipeline.permission.limits import LimitHit
from pipeline.rewrite import rewrite

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3  # a surface of fewer letters and digits says nothing by itself


@dataclass(frozen=True, slots=True)
class Extract:
    """The parts of one story and what was decided in them; ``limits`` are those that stand in the parts."""

    sighting: Sighting
    parts: tuple[Part, ...]
    decisions: tuple[Decision, ...]

    @property
    def limits(self) -> tuple[LimitHit, ...]:
        """The limits of confidentiality that the parts touch; in their own file, anywhere in it."""
        hits = self.sighting.case.limits
        if self.sighting.standing is Standing.OWN:
            return hits
        return tuple(hit for hit in hits if any(hit.start < part.end and part.start < hit.end for part in self.parts))

    def document(self, name: str) -> Document:
        """The parts in words, as the person gets them."""
        text = self.sighting.case.story.text
        passages = (
            Passage(part.where, legal(rewrite(text, self.decisions, part.start, part.end), " ").strip(), legal(part.label, " "))
            for part in self.parts
        )
        told = tuple(passage for passage in passages if passage.text)
        return Document(name, told, self._is_whole())

    def _is_whole(self) -> bool:
        given = sum(part.end - part.start for part in self.parts)
        return given >= sum(block.end - block.start for block in told_blocks(self.sighting.case.story))

    def kept(self) -> frozenset[str]:
        """The folded words of every detail that was kept."""
        text = self.sighting.case.story.text
        kept = (text[d.finding.start : d.finding.end] for d in self.decisions if d.rule_id != GONE)
        return frozenset(fold(word) for surface in kept for word in _WORD.findall(surface))

    def gone(self) -> Counter[str]:
        """How many places of each kind were taken out of the parts."""
        found: Counter[str] = Counter()
        for decision in self.decisions:
            if decision.rule_id == GONE and any(p.start <= decision.start < p.end for p in self.parts):
                found[decision.finding.category.value] += 1
        return found

    def forbidden(self, seeker: Seeker) -> set[tuple[str, str]]:
        """What identifies somebody else by itself and must be nowhere in the pack: whole, and each word of a name."""
        text, entries = self.sighting.case.story.text, set[tuple[str, str]]()
        for decision in self.decisions:
            finding = decision.finding
            if decision.rule_id != GONE or not (finding.category in DIRECT or is_birth(text, finding)):
                continue
            surface = text[finding.start : finding.end]
            words = [word for word in _WORD.findall(surface) if fold(word) not in seeker.world.not_names]
            if finding.category is Category.PERSON:
                if all(re.search(r"\d", word) for word in words):
                    continue  # "00Z", the end of a time
                names = [word for word in words if len(word) >= _SHORTEST and not re.search(r"\d", word)]
                entries |= {(fold(word), Category.PERSON.value) for word in names if fold(word) not in seeker.words}
            if len("".join(words)) >= _SHORTEST and not seeker.words.issuperset(map(fold, words)):
                entries.add((surface, finding.category.value))
        return entries


def extract(sighting: Sighting, seeker: Seeker, keep_workers: bool = False) -> Extract:
    """The parts of a story about the person, and one decision for every finding in it."""
    return Extract(sighting, parts_about(sighting, seeker), decide_whose(sighting, seeker, keep_workers))


def without(given: Extract, leaks: Iterable[Leak], seeker: Seeker) -> Extract:
    """The same with every place of what was seen only in the finished text taken out too."""
    text, world = given.sighting.case.story.text, seeker.world
    places = [(match, leak) for leak in leaks if leak.surface for match in _places(leak.surface, text)]
    if any(fold(leak.surface) in world.ordinary for _, leak in places):  # "will" goes only where it is a name
        names = list(world.name_spans(text))
        places = [
            (match, leak) for match, leak in places
            if fold(leak.surface) not in world.ordinary or any(s < match.end() and match.start() < e for s, e in names)
        ]  # fmt: skip
    more = [_found(match, leak) for match, leak in places]
    kept = [d for d in given.decisions if d.rule_id == GONE or not _touches(d.finding, more)]
    fresh = [f for f in more if not any(d.rule_id == GONE and d.start <= f.start and f.end <= d.end for d in kept)]
    added = [left_out(finding, "[left out]", "seen in the finished text") for finding in dict.fromkeys(fresh)]
    return Extract(given.sighting, given.parts, tuple(sorted([*kept, *added], key=lambda d: (d.start, -d.end))))


def _places(surface: str, text: str) -> Sequence[re.Match[str]]:
    words = r"[\W_]+".join(map(re.escape, _WORD.findall(surface)))
    return list(re.finditer(rf"(?<![^\W_]){words}(?![^\W_])", text, re.IGNORECASE)) if words else []


def _found(match: re.Match[str], leak: Leak) -> Finding:
    return Finding(match.start(), match.end(), Category(leak.category), 0.9, "second-look")


def _touches(finding: Finding, others: Sequence[Finding]) -> bool:
    return any(finding.start < other.end and other.start < finding.end for other in others)
