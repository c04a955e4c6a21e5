"""The text that detectors read: the story's, with labels beside their values and without invisible characters.

Detectors see one character for each visible character of the story, so a name broken by a soft hyphen or written
with combining accents is read whole, and a cell under the header "NHS number" reads "NHS number: 999...".
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from pipeline.domain.story import Block, Story

_INVISIBLE = re.compile("[\u00ad\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]+")
_SAME = {code: " " for code in [*range(0x00, 0x20), *range(0x7F, 0xA0), 0xA0, *range(0x2000, 0x200B), 0x202F, 0x3000]}
_SAME.update({0x09: "\t", 0x0A: "\n", 0x0D: "\n", 0x0B: "\n", 0x0C: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"})
_SAME.update(dict.fromkeys(range(0xD800, 0xE000), " "))  # half a character, which no model takes
_SAME.update({ord(mark): "'" for mark in "‘’ʼ`´′＇"} | {ord(mark): '"' for mark in "“”„«»″"})
_SAME.update({ord(mark): "-" for mark in "‐‑‒−﹣－"} | {ord(mark): "@" for mark in "＠"})


@dataclass(frozen=True, slots=True)
class Reading:
    """``text`` to search; ``pieces`` are (start here, start in the story, length, block number), in order."""

    text: str
    pieces: tuple[tuple[int, int, int, int], ...]
    story_length: int

    def in_story(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where ``[start, end)`` of this text stands in the story: one span for each block that it touches."""
        spans: list[tuple[int, int]] = []
        block = -1
        index = max(0, bisect_right(self.pieces, (start, self.story_length + 1, 0, 0)) - 1)
        for at, origin, length, number in self.pieces[index:]:
            if at >= end:
                break
            low, high = max(start, at), min(end, at + length)
            if low >= high:
                continue
            span = (origin + low - at, origin + high - at)
            if spans and number == block:
                span = (spans.pop()[0], span[1])
            spans.append(span)
            block = number
        return spans


def read(story: Story) -> Reading:
    """The reading of a story; stretches between its blocks are read too, so nothing is left out."""
    parts: list[str] = []
    pieces: list[tuple[int, int, int, int]] = []
    here = 0
    for number, (start, end, label) in enumerate(_stretches(story)):
        if label:
            lead = f"\n{label.strip()}: "
            parts.append(lead)
            here += len(lead)
        for low, high in _visible(story.text, start, end):
            parts.append(story.text[low:high])
            pieces.append((here, low, high - low, number))
            here += high - low
        if label:
            parts.append("\n")
            here += 1
    return Reading("".join(parts).translate(_SAME), tuple(pieces), len(story.text))


def _stretches(story: Story) -> list[tuple[int, int, str]]:
    """Labelled blocks alone, everything else joined: (start, end, label)."""
    stretches: list[tuple[int, int, str]] = []
    at = 0
    for block in story.blocks:
        if not _labelled(block):
            continue
        if at < block.start:
            stretches.append((at, block.start, ""))
        stretches.append((block.start, block.end, block.label))
        at = block.end
    if at < len(story.text):
        stretches.append((at, len(story.text), ""))
    return stretches


def _labelled(block: Block) -> bool:
    return bool(block.label.strip()) and block.start < block.end


def _visible(text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    at = start
    for match in _INVISIBLE.finditer(text, start, end):
        if match.start() > at:
            spans.append((at, match.start()))
        at = match.end()
    if at < end:
        spans.append((at, end))
    return spans
