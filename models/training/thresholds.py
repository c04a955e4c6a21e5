"""Score a tagger on the passages kept aside, and choose each category's threshold there."""

import argparse
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.training.corpus import Source, open_source
from models.training.external import Example
from models.training.noise import add_noise
from models.training.passages import fill_passage, join
from models.training.slots import CATEGORIES
from pipeline.detect.tagger import TaggedSpan, Tagger, tokenise

# Below .05 a category of few mentions would be chosen by chance; above .5 a name is missed to save a word.
GRID = (0.05, 0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
# What names somebody outright is never left to a bare majority, whatever a few dozen examples say; a name, to the least doubt.
HIGHEST = {"PERSON": 0.05, **dict.fromkeys(("ADDRESS", "POSTCODE", "PHONE", "EMAIL", "ONLINE_HANDLE", "ID_NUMBER"), 0.1)}


@dataclass(frozen=True, slots=True)
class Score:
    """Mentions fully and partly covered and their number, by category and by style; words found rightly and wrongly."""

    full: Counter[str]
    part: Counter[str]
    all: Counter[str]
    right: Counter[str]
    wrong: Counter[str]


def aside_examples(source: Source, fills: int) -> list[tuple[str, Example]]:
    """Style and example of every passage kept aside, filled several times, with noise from the second time on."""
    made = []
    for seed in range(fills):
        for number, passage in enumerate(source.passages):
            rng = random.Random(seed * 100_003 + number)
            segments = fill_passage(rng, passage, source.lexicon)
            text, spans = join(add_noise(rng, segments, passage.style) if seed else segments)
            made.append((passage.style, Example(text, tuple(spans))))
    return made


def score(found: list[list[TaggedSpan]], examples: list[tuple[str, Example]]) -> Score:
    """Compare spans with the examples: a mention is covered where its letters and digits are, whatever the category."""
    result = Score(*(Counter() for _ in range(5)))
    for spans, (style, example) in zip(found, examples, strict=True):
        covered, gold = np.zeros(len(example.text), dtype=bool), np.zeros(len(example.text), dtype=bool)
        for span in spans:
            covered[span.start : span.end] = True
        for start, end, category in example.spans:
            gold[start:end] = True
            letters = [i for i in range(start, end) if example.text[i].isalnum()]
            hits = sum(bool(covered[i]) for i in letters)
            for key in (category, style, "ALL"):
                result.all[key] += 1
                result.full[key] += hits == len(letters)
                result.part[key] += 0 < hits < len(letters)
        for span in spans:
            words = _words_of(example.text, span)
            rightly = sum(bool(gold[a:b].any()) for a, b in words)
            for key in (span.category, style, "ALL"):
                result.right[key] += rightly
                result.wrong[key] += len(words) - rightly
    return result


def _words_of(text: str, span: TaggedSpan) -> list[tuple[int, int]]:
    words, at = [], span.start
    for word in text[span.start : span.end].split():
        start = text.index(word, at)
        at = start + len(word)
        words.append((start, at))
    return words


def choose(tagger: Tagger, examples: list[tuple[str, Example]], price: float) -> dict[str, float]:
    """For each category the threshold with the least cost: a mention not fully covered costs 1, a word wrongly found `price`."""
    missed: dict[str, NDArray[np.int64]] = defaultdict(lambda: np.zeros(len(GRID), dtype=np.int64))
    wrong: dict[str, NDArray[np.int64]] = defaultdict(lambda: np.zeros(len(GRID), dtype=np.int64))
    cached = [(example, tokens := tokenise(tagger.tokenizer, example.text), tagger.probabilities(tokens)) for _, example in examples]
    for at, threshold in enumerate(GRID):
        same = tagger.with_thresholds(dict.fromkeys(CATEGORIES, threshold))
        for example, tokens, probabilities in cached:
            one = score([same.decode(example.text, tokens, probabilities)], [("", example)])
            for category in CATEGORIES:
                missed[category][at] += one.all[category] - one.full[category]
                wrong[category][at] += one.wrong[category]
    cost = {category: missed[category] + price * wrong[category] for category in CATEGORIES}
    allowed = {category: [at for at in GRID if at <= HIGHEST.get(category, 1.0)] for category in CATEGORIES}
    return {category: allowed[category][int(np.argmin(cost[category][: len(allowed[category])]))] for category in CATEGORIES}


def table(result: Score) -> str:
    """Markdown rows: key, mentions, fully and partly covered, precision by word."""
    keys = ["ALL", *CATEGORIES, *sorted(k for k in result.all if k.islower())]
    rows = ["| | mentions | fully covered | partly | word precision |", "|---|---|---|---|---|"]
    for key in keys:
        if result.all[key]:
            found = result.right[key] + result.wrong[key]
            rows.append(
                f"| {key} | {result.all[key]} | {result.full[key] / result.all[key]:.3f} | {result.part[key] / result.all[key]:.3f} | {result.right[key] / max(1, found):.3f} |"
            )
    return "\n".join(rows)


def main() -> None:
    """Command line; see README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/tagger"))
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--fills", type=int, default=4)
    parser.add_argument("--price", type=float, default=0.1)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    tagger = Tagger.load(options.model)
    examples = aside_examples(open_source(options.gazetteer, options.model / "tokenizer.json", aside=True), options.fills)
    if options.write:
        chosen = choose(tagger, examples, options.price)
        lines = [
            "# P(identifying) from which a word is a span of the category; chosen on the passages kept aside.",
            "[thresholds]",
        ]
        lines += [f"{category} = {value}" for category, value in chosen.items()]
        (options.model / "thresholds.toml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        tagger = tagger.with_thresholds(chosen)
        print(chosen)
    print(table(score(tagger.tag([example.text for _, example in examples]), examples)))


if __name__ == "__main__":
    main()
