"""Work over many pairs, cut into pieces for the cores there are."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
_PIECE = 16_384
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def parallel(work: Callable[[slice], None], size: int) -> None:
    """Do `work` on all pieces of range(size); it must let go of the interpreter's lock to gain by it."""
    pieces = [slice(start, min(start + _PIECE, size)) for start in range(0, size, _PIECE)]
    if len(pieces) < 2 or CORES == 1:
        for piece in pieces:
            work(piece)
        return
    with ThreadPoolExecutor(CORES) as pool:
        for done in [pool.submit(work, piece) for piece in pieces]:
            done.result()


def each(work: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """`work` of every item, in their order; no more items are taken ahead than there are cores."""
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(CORES) as pool:
        for item in items:
            if len(waiting) >= CORES:
                yield waiting.popleft().result()
            waiting.append(pool.submit(work, item))
        while waiting:
            yield waiting.popleft().result()
