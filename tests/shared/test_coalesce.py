"""Calls that arrive together are handled together, and never spoil one another."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.coalesce import Coalescer


class Recorder:
    """Doubles numbers, remembers which came together, and fails on 13."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()

    async def handle(self, items: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(items))
        await self.gate.wait()
        if 13 in items:
            raise ValueError("unlucky")
        return [item * 2 for item in items]


async def _begun(recorder: Recorder) -> None:
    while not recorder.batches:
        await asyncio.sleep(0)


async def test_what_arrives_during_a_call_is_handled_in_the_next_one() -> None:
    recorder = Recorder()
    ask = Coalescer(recorder.handle, lambda item: (item,))
    first = asyncio.ensure_future(ask(1))
    await _begun(recorder)
    others = [asyncio.ensure_future(ask(item)) for item in (2, 3, 4)]
    await asyncio.sleep(0)
    recorder.gate.set()

    assert await asyncio.gather(first, *others) == [2, 4, 6, 8]
    assert recorder.batches == [[1], [2, 3, 4]]


async def test_one_bad_item_fails_alone() -> None:
    recorder = Recorder()
    ask = Coalescer(recorder.handle, lambda item: (item,))
    asked = [asyncio.ensure_future(ask(item)) for item in (1, 2, 13, 4)]
    recorder.gate.set()
    one, two, bad, four = await asyncio.gather(*asked, return_exceptions=True)

    assert (one, two, four) == (2, 4, 8)
    assert isinstance(bad, ValueError)


async def test_items_that_must_stay_apart_never_share_a_call() -> None:
    recorder = Recorder()
    recorder.gate.set()
    ask = Coalescer(recorder.handle, lambda item: (item % 2,))
    assert await asyncio.gather(*(ask(item) for item in (1, 3, 2, 5, 4))) == [2, 6, 4, 10, 8]
    assert all(len({item % 2 for item in batch}) == len(batch) for batch in recorder.batches)


async def test_a_caller_who_left_is_not_handled() -> None:
    recorder = Recorder()
    ask = Coalescer(recorder.handle, lambda item: (item,))
    first = asyncio.ensure_future(ask(1))
    await _begun(recorder)
    gone, waits = asyncio.ensure_future(ask(2)), asyncio.ensure_future(ask(3))
    await asyncio.sleep(0)
    gone.cancel()
    await asyncio.sleep(0)
    recorder.gate.set()

    assert await asyncio.gather(first, waits) == [2, 6]
    assert recorder.batches == [[1], [3]]
    with pytest.raises(asyncio.CancelledError):
        await gone


@pytest.mark.parametrize("leaving", [2, 13])
async def test_a_caller_who_leaves_while_his_item_is_tried_alone_harms_nobody(leaving: int) -> None:
    tried, gate = asyncio.Event(), asyncio.Event()

    async def handle(items: Sequence[int]) -> Sequence[int]:
        if list(items) == [leaving]:
            tried.set()
            await gate.wait()
        if 13 in items:
            raise ValueError("unlucky")
        return [item * 2 for item in items]

    ask = Coalescer(handle, lambda item: (item,))
    asked = {item: asyncio.ensure_future(ask(item)) for item in (2, 13, 4)}
    await tried.wait()
    asked[leaving].cancel()
    gate.set()

    async with asyncio.timeout(5):
        assert await asked[4] == 8
        assert await ask(5) == 10
