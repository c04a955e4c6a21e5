"""Work spread over processes, its results in order, with no more of it under way than can be carried."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def map_in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    workers: int,
    start: Callable[..., None],
    start_with: tuple[object, ...],
) -> Iterator[Result]:
    """``work(item)`` for every item, results in the order of the items whatever the number of workers.

    ``start(*start_with)`` is called once in each process before any work.  One worker means this process.  At most
    two items a worker wait at any time, so memory does not grow with the number of items.
    """
    if workers <= 1:
        start(*start_with)
        yield from map(work, items)
        return
    # Spawn on every system: a forked child of a process with loaded models and threads may hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _quietly, (start, start_with)) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) >= 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _quietly(start: Callable[..., None], start_with: tuple[object, ...]) -> None:
    # Ctrl-C reaches every process of the group; the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    start(*start_with)


def in_chunks(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    """Consecutive groups of at most ``size``."""
    chunk: list[Item] = []
    for item in items:
        chunk.append(item)
        if len(chunk) == size:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)
