"""Many callers, one round trip: calls that arrive while one is under way are handled together next.

A caller alone waits for nobody. This is what lets a busy service pay for one commit where sixteen callers
asked for sixteen.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")
Handle = Callable[[Sequence[T]], Awaitable[Sequence[R]]]


class Coalescer(Generic[T, R]):
    """Calls `handle` with one to `most` items at a time, at most `lanes` calls at once.

    apart:  items of the same `apart(item)` are never handled in one call.
    handle: gives a result for each item, in order. If it raises with several items, each is tried alone, so
            that one bad item does not fail its neighbours; so it must be safe to call again after it raised.
    """

    def __init__(
        self, handle: Handle[T, R], apart: Callable[[T], Sequence[Hashable]], most: int = 64, lanes: int = 1
    ) -> None:
        self._handle, self._apart, self._most, self._lanes = handle, apart, most, lanes
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, item: T) -> R:
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if len(self._tasks) < self._lanes:
            task = asyncio.create_task(self._drain())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return await future

    async def _drain(self) -> None:
        while batch := self._take():
            try:
                results = await self._handle([item for item, _ in batch])
            except Exception as error:  # noqa: BLE001  handed to the callers, who raise it
                await self._one_by_one(batch, error)
                continue
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)

    async def _one_by_one(self, batch: list[tuple[T, asyncio.Future[R]]], error: Exception) -> None:
        for item, future in batch:
            if future.done():
                continue
            if len(batch) == 1:
                future.set_exception(error)
                continue
            try:
                result = (await self._handle([item]))[0]
            except Exception as own:  # noqa: BLE001  as above
                if not future.done():
                    future.set_exception(own)
            else:
                if not future.done():
                    future.set_result(result)

    def _take(self) -> list[tuple[T, asyncio.Future[R]]]:
        taken: list[tuple[T, asyncio.Future[R]]] = []
        seen: set[Hashable] = set()
        later: list[tuple[T, asyncio.Future[R]]] = []
        while self._waiting and len(taken) < self._most:
            item, future = self._waiting.popleft()
            if future.cancelled():
                continue
            marks = set(self._apart(item))
            if marks & seen:
                later.append((item, future))
                continue
            seen |= marks
            taken.append((item, future))
        self._waiting.extendleft(reversed(later))
        return taken
