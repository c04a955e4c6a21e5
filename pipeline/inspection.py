"""Inspection: what of a story should not be in a finished file, and whether it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.case import Case
from pipeline.decide import allowed_name
from pipeline.domain.assessment import Assessment, Forbidden, Leak
from pipeline.domain.decision import Decision
from pipeline.domain.finding import DIRECT, Category
from pipeline.domain.permission import Judgement, Purpose
from pipeline.domain.policy import Treatment
from pipeline.domain.release import Held, Reason
from pipeline.generalise.dates import read_date
from pipeline.names import fold
from pipeline.verify.assess import SurfaceIndex
from pipeline.world import World, ordinary_among

_WORD = re.compile(r"[^\W_]+")
_SHORTEST = 3  # a surface of fewer letters and digits says nothing by itself
_OF_A_PLACE = 5  # a shorter word of a place's name is too often an ordinary one
_ADDRESS_PARTS = frozenset("www http https com org uk co net example mailto".split())
_ONLY_IN_CONTEXT = frozenset({Category.AGE, Category.DATE})


@dataclass(frozen=True, slots=True)
class Inspection:
    """One story as it was decided for one purpose, ready to be held against what was written."""

    case: Case
    decisions: tuple[Decision, ...]
    judgement: Judgement
    world: World

    def leaks(self, look: Callable[[SurfaceIndex], Assessment]) -> list[Leak]:
        """Everything that ``look`` finds and that should not be there; an unreadable file is one leak.

        ``look`` opens the written bytes and searches them for an index of surfaces: those of this story first, then
        every value of the client list.
        """
        found = [look(SurfaceIndex(self.forbidden())), look(self.world.client_values)]
        if not all(assessment.readable for assessment in found):
            return [Leak("file", "unreadable", "")]
        return [leak for assessment in found for leak in assessment.leaks if not self._allowed(leak)]

    def missed(self, text: str) -> Iterator[Leak]:
        """Direct identifiers that detection, run on the result, still sees and that the source had."""
        source_words = {fold(word) for word in _WORD.findall(self.case.story.text)}
        put = self._put_there(text)
        for finding in self.world.detect_text(text):
            if finding.category not in DIRECT or finding.score < self.world.policy.thresholds.redetect_score:
                continue
            surface = text[finding.start : finding.end].rstrip(" .,;:!?")  # "Client A." is what was put there, and a full stop
            if any(start <= finding.start and finding.start + len(surface) <= end for start, end in put):
                continue
            words = [fold(word) for word in _WORD.findall(surface)]
            if not words or not source_words.issuperset(words) or self._says_nothing(surface, finding.category):
                continue
            leak = Leak("text", finding.category.value, surface)
            if not self._allowed(leak):
                yield leak
        yield from self._parts_of_places(text, put)

    def _parts_of_places(self, text: str, put: list[tuple[int, int]]) -> Iterator[Leak]:
        """A word of its own out of a place's longer name that was changed: "the Snoreham violinist" of Little Snoreham."""
        said = {fold(word) for word in self._changed_in(Category.LOCATION, Category.ADDRESS) if len(word) >= _OF_A_PLACE}
        said = said - self.world.ordinary - self.world.own_words
        for match in _WORD.finditer(text):
            if not match.group()[0].isupper() or fold(match.group()) not in said:
                continue
            if not any(start <= match.start() and match.end() <= end for start, end in put):
                yield Leak("text", Category.LOCATION.value, match.group())

    def _changed_in(self, *categories: Category) -> Iterator[str]:
        """The words of every detail of several words that was changed, of those categories."""
        for decision in self.decisions:
            surface = self.case.story.text[decision.finding.start : decision.finding.end]
            words = _WORD.findall(surface)
            if decision.finding.category in categories and surface != decision.replacement and len(words) > 1:
                yield from words

    def held(self, purpose: Purpose, leaks: list[Leak]) -> Held:
        """The ending of a story whose file still held something; the categories say what, never the words."""
        what = ", ".join(sorted({leak.category for leak in leaks})) or "unreadable"
        return Held(
            self.case.story.story_id, purpose, Reason.LEAK_FOUND,
            "The review pack shows the original; take the detail out of the note, or add it to the lists, and run again.", what,
        )

    def forbidden(self) -> Forbidden:
        """The surfaces that were changed, which must not be in the result."""
        entries = set()
        for decision in self.decisions:
            finding = decision.finding
            surface = self.case.story.text[finding.start : finding.end]
            kept = decision.treatment is Treatment.KEEP and surface == decision.replacement
            if not kept and not self._says_nothing(surface, finding.category):
                entries.add((surface, finding.category.value))
        entries |= {(word, Category.PERSON.value) for word in self.name_words() if len(word) >= _SHORTEST}
        return Forbidden(tuple(sorted(entries)), ordinary_among(entries, self.world.ordinary | self.world.own_words))

    def name_words(self) -> frozenset[str]:
        """Every word of every name that was changed, folded, but for titles and words for kin: "Entwistle" alone is she."""
        text, found = self.case.story.text, set()
        for decision in self.decisions:
            finding = decision.finding
            if finding.category is Category.PERSON and text[finding.start : finding.end] != decision.replacement:
                found |= {fold(word) for word in _WORD.findall(text[finding.start : finding.end])}
        return frozenset(word for word in found if len(word) > 1 and not word.isdigit()) - self.world.not_names

    def _says_nothing(self, surface: str, category: Category) -> bool:
        """True for a fragment that is in any document: a bare number, "www", a date that the layout itself prints."""
        words = [fold(word) for word in _WORD.findall(surface)]
        shortest = _SHORTEST - 1 if category is Category.PERSON and not surface.isupper() else _SHORTEST
        if len("".join(words)) < shortest or (category in _ONLY_IN_CONTEXT and len(words) < 2):
            return True
        if category is Category.DATE:
            return self._is_printed(surface)
        return _ADDRESS_PARTS.issuperset(words)

    def _is_printed(self, surface: str) -> bool:
        """True for a date that layouts print themselves: the policy's own, and the day of the run."""
        day, policy = read_date(surface, None), self.world.policy
        printed = (policy.approved_on, policy.review_by, self.world.settings.on)
        if day in printed:
            return True
        month_only = len(_WORD.findall(surface)) == 2 and day is not None and day.day == 1
        return month_only and day is not None and (day.year, day.month) in {(d.year, d.month) for d in printed}

    def _allowed(self, leak: Leak) -> bool:
        """The service user's own names as far as they allowed them; the organisation's own as a phrase, never as a person."""
        words = [fold(word) for word in _WORD.findall(leak.surface)]
        names = [allowed_name(self.judgement, self.case.subject.client)]
        names += [decision.replacement for decision in self.decisions if decision.treatment is Treatment.KEEP]
        if words and {fold(word) for name in names for word in _WORD.findall(name)}.issuperset(words):
            return True
        phrase = f" {' '.join(words)} "
        return bool(words) and leak.category != Category.PERSON and any(phrase in own for own in self.world.own_phrases)

    def _put_there(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand that decisions put in place of details."""
        words = {d.replacement for d in self.decisions if d.replacement and d.treatment is not Treatment.KEEP}
        pattern = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)", re.IGNORECASE)
        return [match.span() for match in pattern.finditer(text)]
