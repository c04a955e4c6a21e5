"""The trained token classifier: texts in, labelled spans out, by onnxruntime alone.

Every window goes through the model by itself: int8 activations are scaled over whatever shares a run, so a batch would
make the answer for one text depend on its neighbours (law 3). A window of a hundred tokens fills the arithmetic units of
a core as well as a batch does, and a longer one no longer fits what the core keeps at hand.
"""

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from pipeline.errors import ModelMissing

CLS, SEP = 101, 102
WINDOW, OVERLAP = 128, 8
_ROOM, _NEAR = WINDOW - 2 - OVERLAP, 16
_CHUNK = 20_000
_LINE = 4  # added to the mark of a token that begins a line
_SURROGATE = re.compile("[\ud800-\udfff]")
_FILES = ("model.int8.onnx", "tokenizer.json", "labels.json", "thresholds.toml")
_GLUE = re.compile(r"[-'’./@:_+&]{1,2}")
# Where a threshold is low the word after a name is lifted with it; these are lifted only when the model is sure.
CONNECTIVES = frozenset("and or but to in at is was for on with by from as so if then he she they it who".split())
_EDGE_LEFT, _EDGE_RIGHT = " \t\r\n,;:!?\"“”‘'’*>]}-–—/|=", " \t\r\n,;:!?\"“”‘'’*<[{(-–—/|="
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TaggedSpan:
    """Code points [start, end) of a text, a category of the interface and 1 - P(not identifying)."""

    start: int
    end: int
    category: str
    score: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """Word pieces of a text: ids, marks (letter case, line start), code-point offsets, and whether a sentence begins there."""

    ids: Ints
    marks: Ints
    starts: Ints
    ends: Ints
    begins: NDArray[np.bool_]


class Window(NamedTuple):
    """Tokens [first, last) go through the model together, and the answer is taken for [start, stop) of them."""

    first: int
    last: int
    start: int
    stop: int


class Tagger:
    """The model, its tokenizer and its thresholds, loaded once and used for any number of texts."""

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, labels: Sequence[str], thresholds: dict[str, float]
    ) -> None:
        """Use load(); this takes the parts."""
        self._session, self.tokenizer, self._labels = session, tokenizer, tuple(labels)
        self.categories = tuple(dict.fromkeys(label[2:] for label in labels[1:]))
        self._thresholds = np.array([thresholds[category] for category in self.categories], dtype=np.float32)

    def with_thresholds(self, thresholds: dict[str, float]) -> "Tagger":
        """The same model with other thresholds, one for every category."""
        return Tagger(self._session, self.tokenizer, self._labels, thresholds)

    @classmethod
    def load(cls, folder: Path, threads: int = 1) -> "Tagger":
        """Load a folder with model.int8.onnx, tokenizer.json, labels.json and thresholds.toml; ModelMissing if one is absent."""
        for name in _FILES:
            if not (folder / name).is_file():
                raise ModelMissing(f"{name} is not in the model folder")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(str(folder / _FILES[0]), options, providers=["CPUExecutionProvider"])
        labels = json.loads((folder / _FILES[2]).read_text(encoding="utf-8"))
        thresholds = tomllib.loads((folder / _FILES[3]).read_text(encoding="utf-8"))["thresholds"]
        return cls(session, Tokenizer.from_file(str(folder / _FILES[1])), labels, thresholds)

    def tag(self, texts: Sequence[str]) -> list[list[TaggedSpan]]:
        """Spans of each text, in order, not overlapping; an empty text has none. Memory grows with the longest text only."""
        return [self._tag_one(text) for text in texts]

    def _tag_one(self, text: str) -> list[TaggedSpan]:
        tokens = tokenise(self.tokenizer, text)
        return self.decode(text, tokens, self.probabilities(tokens))

    def probabilities(self, tokens: Tokens) -> Halves:
        """P(label) for every token, each taken from the window whose stretch it stands in."""
        found = np.zeros((len(tokens.ids), 1 + 2 * len(self.categories)), dtype=np.float16)
        for window in cut_windows(tokens.begins):
            seen = self._run(tokens, window.first, window.last)
            found[window.start : window.stop] = seen[window.start - window.first : window.stop - window.first]
        return found

    def _run(self, tokens: Tokens, first: int, last: int) -> Floats:
        ids = np.concatenate([[CLS], tokens.ids[first:last], [SEP]])[None]
        marks = np.concatenate([[0], tokens.marks[first:last], [0]])[None]
        logits = self._session.run(None, {"input_ids": ids, "marks": marks})[0][0, 1:-1]
        odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=-1, keepdims=True), dtype=np.float32)

    def decode(self, text: str, tokens: Tokens, probabilities: Halves) -> list[TaggedSpan]:
        """Whole words whose P(identifying) reaches their category's threshold, joined where the model goes on."""
        spans: list[TaggedSpan] = []
        for start, end, score, best, begins in _words(text, tokens, probabilities, self._thresholds):
            category = self.categories[best]
            if score < 0.5 and _only_lifted(text[start:end], category):
                continue
            # Two phrases side by side are one phrase; two people side by side are two people.
            begins = begins and category != "INDIRECT"
            if spans and spans[-1].category == category and _joins(text[spans[-1].end : start], begins):
                last = spans.pop()
                spans.append(TaggedSpan(last.start, end, category, max(last.score, score)))
            else:
                spans.append(TaggedSpan(start, end, category, score))
        return [trimmed for span in spans if (trimmed := _trim(text, span))]


def tokenise(tokenizer: Tokenizer, text: str) -> Tokens:
    """All word pieces of a text of any length, without special tokens; nothing is cut off."""
    text = _SURROGATE.sub("\ufffd", text)
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for at, chunk in _chunks(text):
        encoding = tokenizer.encode(chunk, add_special_tokens=False)
        offsets = encoding.offsets
        ids += encoding.ids
        starts += [at + start for start, _ in offsets]
        ends += [at + end for _, end in offsets]
    marks = _marks(text, starts, ends)
    begins = np.array([mark >= _LINE or _ended(text, starts, ends, at) for at, mark in enumerate(marks)], dtype=np.bool_)
    return Tokens(_ints(ids), _ints(marks), _ints(starts), _ints(ends), begins)


def _ints(column: Sequence[int]) -> Ints:
    return np.array(column, dtype=np.int64)


def _ended(text: str, starts: Sequence[int], ends: Sequence[int], at: int) -> bool:
    """Whether a full stop and a space stand before a token."""
    return starts[at] > ends[at - 1] and text[ends[at - 1] - 1] in ".!?"


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Stretches that the tokenizer takes at a time, cut at white space where there is any."""
    at = 0
    while at < len(text):
        end = min(at + _CHUNK, len(text))
        if end < len(text):
            space = max(text.rfind(" ", at, end), text.rfind("\n", at, end))
            end = space + 1 if space > at else end
        yield at, text[at:end]
        at = end


def _marks(text: str, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """0 lower case, 1 capital, 2 capitals, 3 mixed; and 4 more where the token begins a line."""
    marks, last = [], 0
    for start, end in zip(starts, ends, strict=True):
        piece = text[start:end]
        if piece.islower() or piece.lower() == piece:
            mark = 0
        elif end - start > 1 and piece.isupper():
            mark = 2
        else:
            mark = 1 if piece[0].isupper() else 3
        marks.append(mark + _LINE if "\n" in text[last:start] or start == 0 else mark)
        last = end
    return marks


def cut_windows(begins: NDArray[np.bool_]) -> list[Window]:
    """Windows that answer for stretches of tokens side by side, each with a few tokens of its neighbours.

    ``begins`` says where sentences and lines begin: a cut falls there if it can, where the words around say least of each
    other.  Alike in length, none is a short rest that sees too little around its words.
    """
    count, cuts = len(begins), [0]
    while (rest := count - cuts[-1]) > (_ROOM if len(cuts) > 1 else WINDOW - 2):
        even = -(-rest // -(-rest // _ROOM))
        aim = cuts[-1] + min(_ROOM, even + _NEAR // 2)
        near = np.flatnonzero(begins[aim - _NEAR + 1 : aim + 1])
        cuts.append(aim - _NEAR + 1 + int(near[-1]) if len(near) else aim)
    beside = OVERLAP // 2
    return [Window(max(0, a - beside), min(count, b + beside), a, b) for a, b in pairwise([*cuts, count]) if a < b]


def _words(text: str, tokens: Tokens, probabilities: Halves, thresholds: Floats) -> Iterator[tuple[int, int, float, int, bool]]:
    """Start, end, score, category and beginning of whole words that reach it: a word takes its surest piece's verdict."""
    if not len(tokens.ids):
        return
    starts_word = np.ones(len(tokens.ids), dtype=np.bool_)
    for at in (np.flatnonzero(tokens.starts[1:] == tokens.ends[:-1]) + 1).tolist():
        starts_word[at] = not _inside_word(text, int(tokens.starts[at]))
    firsts = np.flatnonzero(starts_word)
    lasts = np.append(firsts[1:], len(tokens.ids)) - 1
    scores = 1 - probabilities[:, 0].astype(np.float32)
    highest = np.maximum.reduceat(scores, firsts)
    # The surest piece is the first that has its word's highest score.
    reaching = np.flatnonzero(scores == np.repeat(highest, lasts - firsts + 1))
    surest = reaching[np.searchsorted(reaching, firsts)]
    begins, goes_on = np.moveaxis(probabilities[surest, 1:].astype(np.float32).reshape(len(firsts), -1, 2), 2, 0)
    best = (begins + goes_on).argmax(axis=1)
    for word in np.flatnonzero(highest >= thresholds[best]).tolist():
        category = int(best[word])
        yield (
            int(tokens.starts[firsts[word]]),
            int(tokens.ends[lasts[word]]),
            float(highest[word]),
            category,
            bool(begins[word, category] > goes_on[word, category]),
        )


def _inside_word(text: str, at: int) -> bool:
    return text[at - 1].isalnum() and text[at].isalnum()


def _only_lifted(word: str, category: str) -> bool:
    """A small word that is no part of a name; in a phrase or an organisation's name it may be one."""
    return category not in {"INDIRECT", "ORGANISATION"} and word.lower() in CONNECTIVES


def _joins(gap: str, begins: bool) -> bool:
    """A word belongs to the span before it: next to it unless the model begins anew, or glued by a hyphen, stop or apostrophe."""
    if gap.strip() == "":
        return not begins or gap == ""
    return _GLUE.fullmatch(gap) is not None


def _trim(text: str, span: TaggedSpan) -> TaggedSpan | None:
    """The span without white space, quotes and commas at its edges, and without a possessive ending."""
    start, end = span.start, span.end
    if span.category in {"PERSON", "ORGANISATION", "LOCATION"}:
        ending = _POSSESSIVE.search(text, start, end)
        end = ending.start() if ending and ending.start() > start else end
    while start < end and text[start] in _EDGE_LEFT:
        start += 1
    while end > start and text[end - 1] in _EDGE_RIGHT:
        end -= 1
    while start < end < len(text) and unicodedata.category(text[end]).startswith("M"):
        end += 1
    return TaggedSpan(start, end, span.category, span.score) if start < end else None
