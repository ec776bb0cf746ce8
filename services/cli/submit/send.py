"""Requests go to the register in batches; then each is read until it is screened."""

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from services.cli.client import Api
from services.cli.submit.read import Entry

LINES, BYTES = 400, 800_000  # of one batch, at most
READERS = 8
_SOON, _LATER = 0.05, 1.0  # seconds between two looks at a request

Step = Callable[[int], None]
"""Called with how many more are done."""


def nothing(_: int) -> None:
    """For whoever does not watch."""


async def send(api: Api, entries: Sequence[Entry], series: str, step: Step = nothing) -> dict[int, dict[str, Any]]:
    """row -> its LineResult. Raises Refused or Unreachable; what was stored by then stays, and is not stored twice."""
    results: dict[int, dict[str, Any]] = {}
    for batch, lines in _batches(entries):
        answers = await api.post_lines("/v1/aid-requests:batch", b"\n".join(lines), series)
        for answer in answers:
            results[batch[answer["line"] - 1].row] = answer
        step(len(batch))
    return results


async def screened(
    api: Api, requests: Sequence[str], patience: float, step: Step = nothing
) -> dict[str, Mapping[str, Any]]:
    """request id -> its view, final unless `patience` seconds were not enough."""
    deadline = time.monotonic() + patience
    views: dict[str, Mapping[str, Any]] = {}
    waiting = asyncio.Queue[str]()
    for request in dict.fromkeys(requests):
        waiting.put_nowait(request)

    async def read() -> None:
        while not waiting.empty():
            request = waiting.get_nowait()
            views[request] = await _final(api, request, deadline)
            step(1)

    async with asyncio.TaskGroup() as readers:
        for _ in range(READERS):
            readers.create_task(read())
    return views


async def _final(api: Api, request: str, deadline: float) -> Mapping[str, Any]:
    pause = _SOON
    while True:
        view: Mapping[str, Any] = await api.get(f"/v1/aid-requests/{request}")
        if view["screening"] == "final" or time.monotonic() > deadline:
            return view
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, _LATER)


def _batches(entries: Sequence[Entry]) -> Iterator[tuple[list[Entry], list[bytes]]]:
    batch: list[Entry] = []
    lines: list[bytes] = []
    size = 0
    for entry in entries:
        line = orjson.dumps({**entry.form, "key": entry.key})
        if batch and (len(batch) == LINES or size + len(line) + 1 > BYTES):
            yield batch, lines
            batch, lines, size = [], [], 0
        batch.append(entry)
        lines.append(line)
        size += len(line) + 1
    if batch:
        yield batch, lines
