"""Which parts of a story are about the person who asks: all of their own, some of one about several people."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.access.standing import Seeker, Sighting, Standing, another_client
from pipeline.domain.finding import Category
from pipeline.domain.story import Block, BlockKind, Story
from pipeline.narrative import split_spans
from pipeline.verify.assess import SurfaceIndex

_NEW_MATTER = re.compile(
    r"\s*(?:\d+[.)]|[A-Z][\w ]{0,20}\d+\s*[-:–]|any other business|a\.?o\.?b\b|next meeting|apologies|present|attend)",
    re.IGNORECASE,
)
_LONGEST_TITLE = 60
_OF_ALL = re.compile(
    r"\b(?P<two>either|both|neither)?(?P<all>all|every|each)?\s+(?:of\s+)?(?:the\s+|our\s+)?"
    r"(?:cases?|clients?|service users?|residents?|participants?)\b",
    re.IGNORECASE,
)
_SHAPES = frozenset({"id", "style", "type"})  # how a drawing lies on its page: nothing about anybody


def told_blocks(story: Story) -> Iterator[Block]:
    """The blocks of a story that say something to a person: not those that only lay out a drawing."""
    yield from (block for block in story.blocks if block.kind is not BlockKind.HIDDEN or block.label not in _SHAPES)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch ``[start, end)`` of a story that is given to the person who asks; ``where`` says where it stood.

    ``label`` is that of a form's field or a table's column, which the stretch itself does not hold.
    """

    start: int
    end: int
    where: str
    label: str = ""


def parts_about(sighting: Sighting, seeker: Seeker) -> tuple[Part, ...]:
    """The stretches about the person, in order; neighbours in one block are one part."""
    story = sighting.case.story
    whole = sighting.standing is Standing.OWN and not _company(sighting)
    chosen: list[Part] = []
    for block, start, end in _about(sighting, seeker) if not whole else _everything(sighting):
        where = str(block.locator)
        last = chosen[-1] if chosen else None
        if last and last.where == where and block.start <= last.start and not story.text[last.end : start].strip():
            chosen[-1] = Part(last.start, end, where, last.label)
        else:
            chosen.append(Part(start, end, where, block.label.strip() if start == block.start else ""))
    return tuple(chosen)


def _everything(sighting: Sighting) -> Iterator[tuple[Block, int, int]]:
    for block in told_blocks(sighting.case.story):
        if sighting.case.story.text[block.start : block.end].strip():
            yield block, block.start, block.end


def _company(sighting: Sighting) -> bool:
    people = sighting.resolution.entities
    return any(another_client(entity, sighting.themselves, sighting.standing) for entity in people)


def _about(sighting: Sighting, seeker: Seeker) -> Iterator[tuple[Block, int, int]]:
    """Sentences that name the person, and those that go on from them until somebody else's matter begins."""
    text, standing = sighting.case.story.text, sighting.standing
    naming = _Naming(sighting, seeker)
    theirs = standing is Standing.OWN
    for block in told_blocks(sighting.case.story):
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.FIELD):
            theirs = standing is Standing.OWN  # a heading, a comment or a page's head goes on from nothing
        for start, end in _sentences(text, block):
            mine, others = naming.mine(start, end), naming.others(start, end)
            if mine:
                theirs = True
            elif others or (standing is not Standing.OWN and (standing is Standing.OTHERS or _new_matter(text[start:end]))):
                theirs = False
            if theirs or (not others and naming.all_of_them(text[start:end])):
                yield block, start, end
            if others and standing is Standing.OWN and not mine:
                theirs = True  # in their own file the next sentence is theirs again


def _sentences(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """The sentences of a block, in order."""
    yield from split_spans(text, block.start, block.end)


def _new_matter(sentence: str) -> bool:
    return len(sentence) <= _LONGEST_TITLE and bool(_NEW_MATTER.match(sentence))


class _Naming:
    """Where the person who asks is named, by name or by what is theirs alone, and where another client is."""

    def __init__(self, sighting: Sighting, seeker: Seeker) -> None:
        text = sighting.case.story.text
        findings = sighting.resolution.findings
        others = {e.entity_id for e in sighting.resolution.entities if another_client(e, sighting.themselves, sighting.standing)}
        self._company = len(others) if sighting.standing is Standing.SHARED else 0
        self._mine = sorted([*(f.start for f in findings if f.entity in sighting.themselves), *_references(seeker.own, text)])
        self._others = sorted([*(f.start for f in findings if f.entity in others), *_references(seeker.others, text)])

    def mine(self, start: int, end: int) -> bool:
        """True when the person is named there."""
        return _between(self._mine, start, end)

    def all_of_them(self, sentence: str) -> bool:
        """True where a file about several speaks of each: "no incidents in either case", of two; "all clients", of any number."""
        said = _OF_ALL.search(sentence)
        return said is not None and self._company > 0 and bool(said["all"] or (said["two"] and self._company == 1))

    def others(self, start: int, end: int) -> bool:
        """True when another client is named there."""
        return _between(self._others, start, end)


def _references(index: SurfaceIndex, text: str) -> list[int]:
    return [hit.start for hit in index.find(text) if hit.category == Category.ID_NUMBER]


def _between(places: list[int], start: int, end: int) -> bool:
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end
