"""One winner for each stretch of text, whoever found it first; what a loser covered stays covered."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from pipeline.detect.found import Span
from pipeline.domain.finding import Category

_RANK = {
    Category.EMAIL: 11,
    Category.ONLINE_HANDLE: 10,
    Category.POSTCODE: 9,
    Category.ID_NUMBER: 8,
    Category.PHONE: 7,
    Category.ADDRESS: 6,
    Category.PERSON: 5,
    Category.ORGANISATION: 4,
    Category.LOCATION: 3,
    Category.DATE: 2,
    Category.AGE: 1,
    Category.INDIRECT: 0,
}
"""Between categories the narrower one wins; a direct identifier always beats a quasi-identifier."""

_INITIAL = re.compile(r"(?:^|[^\w])\w\.$")


def settle(spans: Iterable[Span], text: str) -> list[Span]:
    """Spans in order, apart, without loss of coverage; the same whatever the order they came in."""
    winners: list[Span] = []
    for cluster in _clusters(sorted(_join_same(sorted(set(spans))))):
        winners.extend(_won(cluster, text))
    return _whole_words(winners, text)


def _clusters(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Stretches of spans in order that overlap, one with the next: what is settled in one does not touch another."""
    cluster: list[Span] = []
    end = 0
    for span in spans:
        if cluster and span.start >= end:
            yield cluster
            cluster = []
        cluster.append(span)
        end = max(end, span.end)
    if cluster:
        yield cluster


def _won(cluster: list[Span], text: str) -> list[Span]:
    if len(cluster) > 1:
        cluster.sort(key=_strength)
    winners: list[Span] = []
    taken = _Taken()
    for span in cluster:
        for start, end in taken.free(span.start, span.end):
            low, high = _trimmed(text, start, end)
            if low < high:
                winners.append(span if (low, high) == (span.start, span.end) else span._replace(start=low, end=high))
                taken.add(low, high)
    return sorted(winners) if len(winners) > 1 else winners


def _strength(span: Span) -> tuple[float, ...]:
    known_organisation = span.kind == "OWN"
    return (-known_organisation, -_RANK[span.category], -(span.end - span.start), -span.score, span.start)


def _join_same(spans: list[Span]) -> list[Span]:
    """Overlapping spans of one category become their union, with the best score's detector and kind."""
    joined: list[Span] = []
    last: dict[tuple[Category, bool], int] = {}
    for span in spans:
        key = (span.category, span.kind == "OWN")
        index = last.get(key)
        if index is not None and span.start < joined[index].end:
            previous = joined[index]
            best = max(previous, span, key=lambda one: (one.score, one.end - one.start, one.detector))
            kind = best.kind or previous.kind or span.kind
            joined[index] = best._replace(start=previous.start, end=max(previous.end, span.end), kind=kind)
        else:
            last[key] = len(joined)
            joined.append(span)
    return joined


class _Taken:
    """The stretches already won, kept sorted."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def free(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of ``[start, end)`` that nobody has won yet."""
        gaps: list[tuple[int, int]] = []
        index = self._before(start)
        for low, high in self._spans[index:]:
            if low >= end:
                break
            if high <= start:
                continue
            if start < low:
                gaps.append((start, low))
            start = max(start, high)
        if start < end:
            gaps.append((start, end))
        return gaps

    def add(self, start: int, end: int) -> None:
        insort(self._spans, (start, end))

    def _before(self, start: int) -> int:
        return max(0, bisect_left(self._spans, (start, start)) - 1)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without spaces and marks at the edges; brackets, + and @ that belong to a number or handle stay."""
    while start < end and not (text[start].isalnum() or text[start] in "@+(£#"):
        start += 1
    while start < end and not (text[end - 1].isalnum() or text[end - 1] == ")"):
        if text[end - 1] == "." and _INITIAL.search(text, max(start, end - 3), end):
            break
        end -= 1
    if not any(character.isalnum() for character in text[start:end]):
        return start, start
    if text[end - 1] == ")" and "(" not in text[start:end]:
        end -= 1
    if text[start] == "(" and ")" not in text[start:end]:
        start += 1
    return start, end


def _whole_words(spans: list[Span], text: str) -> list[Span]:
    """A span that ends inside a word takes the rest of the word, unless another span begins there."""
    whole: list[Span] = []
    for index, span in enumerate(spans):
        start, end = span.start, span.end
        floor = whole[-1].end if whole else 0
        ceiling = spans[index + 1].start if index + 1 < len(spans) else len(text)
        while start > floor and text[start].isalpha() and text[start - 1].isalpha():
            start -= 1
        while end < ceiling and text[end - 1].isalpha() and text[end].isalpha():
            end += 1
        whole.append(span if (start, end) == (span.start, span.end) else span._replace(start=start, end=end))
    return whole
