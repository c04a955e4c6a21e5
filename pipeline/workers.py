"""Work spread over processes, its results in order, with no more of it under way than can be carried."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from pipeline.errors import StorysafeError

Item = TypeVar("Item")
Result = TypeVar("Result")

_trouble: StorysafeError | None = None


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
                waiting.append(pool.submit(_unless_troubled, work, item))
                if len(waiting) >= 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        except BrokenProcessPool:
            raise StorysafeError(
                "a working process was ended from outside, perhaps because the memory ran out",
                "Give the same command again, with fewer --workers: it goes on from there.",
            ) from None
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _quietly(start: Callable[..., None], start_with: tuple[object, ...]) -> None:
    # Ctrl-C reaches every process of the group; the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    global _trouble
    try:
        start(*start_with)
    except StorysafeError as error:
        _trouble = error  # Raised here it would end the process with a traceback and without its words.


def _unless_troubled(work: Callable[[Item], Result], item: Item) -> Result:
    if _trouble is not None:
        raise _trouble
    return work(item)


def end_with_parent() -> None:
    """End this process when its parent was killed: nobody waits for its work, and another run may have begun it anew."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


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
