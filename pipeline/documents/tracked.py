"""A text with its changes tracked as Word tracks them: the original struck out, the replacement inserted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml.etree import _Element

from pipeline.documents.prose import legal
from pipeline.domain.decision import Decision
from pipeline.domain.policy import Treatment

AUTHOR = "storysafe"
_HIDDEN_CHARACTER = "\ufffd"


@dataclass(slots=True)
class Tracker:
    """Writes changes and comments; numbers are counted so that the same input gives the same file.

    ``comments`` is the root of the document's comments part.
    """

    comments: _Element
    _next: int = 1
    _begun: set[tuple[int, int]] = field(default_factory=set)

    def paragraph(self, home: _Element, text: str, start: int, end: int, decisions: Sequence[Decision]) -> None:
        """Add ``text[start:end]`` to a paragraph with the decisions that touch it (in order, apart)."""
        at = start
        for decision in decisions:
            if decision.end <= at or decision.start >= end:
                continue
            low, high = max(decision.start, at), min(decision.end, end)
            _plain(home, text[at:low])
            self._change(home, text[low:high], decision)
            at = high
        _plain(home, text[at:end])

    def _change(self, home: _Element, original: str, decision: Decision) -> None:
        # A change that goes on over a line is explained where it begins.
        first = (decision.start, decision.end) not in self._begun
        self._begun.add((decision.start, decision.end))
        number = len(self._begun) - 1
        if first:
            _comment(self.comments, number, explained(decision))
            home.append(_marker("w:commentRangeStart", number))
        if decision.treatment in (Treatment.KEEP, Treatment.WITHHOLD) and decision.replacement in ("", original):
            _plain(home, original)
        else:
            self._wrapped(home, "w:del", original, "w:delText")
            if first and decision.replacement:
                self._wrapped(home, "w:ins", decision.replacement, "w:t")
        if first:
            home.append(_marker("w:commentRangeEnd", number))
            run = OxmlElement("w:r")
            run.append(_marker("w:commentReference", number))
            home.append(run)

    def _wrapped(self, home: _Element, tag: str, text: str, inner: str) -> None:
        change = OxmlElement(tag)
        change.set(qn("w:id"), str(self._next))
        change.set(qn("w:author"), AUTHOR)
        self._next += 1
        change.append(_run(text, inner))
        home.append(change)


def explained(decision: Decision) -> str:
    """What a decision did and why, in one sentence without the words it was about."""
    finding = decision.finding
    what = finding.category.value + (f" ({finding.kind})" if finding.kind else "")
    return f"{what}: {decision.treatment.value}. Rule {decision.rule_id}, clause {decision.clause}. {decision.reason}".strip()


def apart(decisions: Sequence[Decision]) -> tuple[Decision, ...]:
    """The decisions that are carried out, in order: one that lies inside another's span goes with it."""
    kept: list[Decision] = []
    for decision in sorted(decisions, key=lambda d: (d.start, -d.end)):
        if not kept or decision.start >= kept[-1].end:
            kept.append(decision)
    return tuple(kept)


def lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The spans of the lines of ``text[start:end]`` that have something on them."""
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if text[at:stop].strip():
            yield at, stop
        at = stop + 1


def _comment(comments: _Element, number: int, text: str) -> None:
    """Add a comment; without a time of writing, which would make two runs differ."""
    comment = _marker("w:comment", number)
    comment.set(qn("w:author"), AUTHOR)
    comment.set(qn("w:initials"), "ss")
    paragraph = OxmlElement("w:p")
    paragraph.append(_run(text, "w:t"))
    comment.append(paragraph)
    comments.append(comment)


def _marker(tag: str, number: int) -> _Element:
    marker = OxmlElement(tag)
    marker.set(qn("w:id"), str(number))
    return marker


def _plain(home: _Element, text: str) -> None:
    if text:
        home.append(_run(text, "w:t"))


def _run(text: str, inner: str) -> _Element:
    run = OxmlElement("w:r")
    words = OxmlElement(inner)
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    words.text = legal(text, _HIDDEN_CHARACTER).replace("\n", " ").replace("\r", " ")
    run.append(words)
    return run
