"""Examples -> windows of token ids, marks and labels, with the tagger's own tokenisation."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from models.training.external import UNSURE, Example
from models.training.slots import CATEGORIES
from pipeline.detect.tagger import CLS, SEP, Tokens, cut_windows, tokenise

LABELS = ("O", *(f"{edge}-{category}" for category in CATEGORIES for edge in "BI"))
IGNORE = -100


@dataclass(frozen=True, slots=True)
class Window:
    """ids, marks and labels of one window (special tokens included); silent is a bit for each category not annotated."""

    ids: NDArray[np.uint16]
    marks: NDArray[np.uint8]
    labels: NDArray[np.int16]
    silent: int


def labels_of(tokens: Tokens, example: Example) -> NDArray[np.int16]:
    """One label a token: the B or I of the span that it overlaps."""
    labels = np.zeros(len(tokens.ids), dtype=np.int16)
    for start, end, category in example.spans:
        first = int(np.searchsorted(tokens.ends, start, side="right"))
        last = int(np.searchsorted(tokens.starts, end, side="left"))
        if category == UNSURE:
            labels[first:last] = IGNORE
            continue
        code = 1 + 2 * CATEGORIES.index(category)
        labels[first:last] = code + 1
        labels[first : min(first + 1, last)] = code
    return labels


def encode(tokenizer: Tokenizer, example: Example) -> Iterator[Window]:
    """The windows of an example; words in the overlap of two windows are learned in both."""
    tokens = tokenise(tokenizer, example.text)
    labels = labels_of(tokens, example)
    silent = sum(1 << CATEGORIES.index(category) for category in example.silent)
    for first, last, _, _ in cut_windows(tokens.begins):
        yield Window(
            np.concatenate([[CLS], tokens.ids[first:last], [SEP]]).astype(np.uint16),
            np.concatenate([[0], tokens.marks[first:last], [0]]).astype(np.uint8),
            np.concatenate([[IGNORE], labels[first:last], [IGNORE]]).astype(np.int16),
            silent,
        )
