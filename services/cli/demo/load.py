"""The simulated requests go in as they would: week by week, from all charities at once, singly or in batches."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import orjson

from services.cli.client import Api, Refused
from services.cli.simulate import BY_KEY, SimulatedRequest, Simulation
from services.cli.submit.send import Step

TOGETHER = 16  # single requests under way at a time
PATIENCE = 120.0  # seconds without any progress before the wait for the screening is given up
_LOOK = 0.2  # seconds between two looks

Indexed = tuple[int, SimulatedRequest]


class NotScreened(RuntimeError):
    """Requests are stored, and the house does not get on with screening them."""


@dataclass(slots=True)
class Loaded:
    """By the simulation's index: the request that was stored, or the code of the problem."""

    stored: dict[int, str] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)


class Loader:
    """Sends one simulation; sending it again stores nothing twice."""

    def __init__(self, charities: Mapping[str, Api], run: str, step: Step) -> None:
        """run: names the simulation, in all idempotency keys. step: called with how many more were sent."""
        self._charities, self._run, self._step = charities, run, step
        self._slots = asyncio.Semaphore(TOGETHER)
        self._loaded = Loaded()

    async def load(self, simulation: Simulation) -> Loaded:
        """One week after another; within a week the order is free. Raises Unreachable, Refused if a whole batch is."""
        for _, requests in groupby(enumerate(simulation.requests), key=lambda each: week(each[1])):
            await self._send(list(requests))
        return self._loaded

    async def _send(self, requests: Sequence[Indexed]) -> None:
        by_charity: defaultdict[str, list[Indexed]] = defaultdict(list)
        for index, request in requests:
            by_charity[request.charity].append((index, request))
        async with asyncio.TaskGroup() as sending:
            for key, theirs in by_charity.items():
                if sends_batches(key):
                    sending.create_task(self._batch(key, theirs))
                else:
                    for each in theirs:
                        sending.create_task(self._single(key, each))

    async def _single(self, key: str, each: Indexed) -> None:
        index, request = each
        async with self._slots:
            try:
                view = await self._charities[key].post("/v1/aid-requests", request.form, f"{self._run}-{index}")
            except Refused as refused:
                self._loaded.refused[index] = code_of(refused.problem)
            else:
                self._loaded.stored[index] = view["id"]
        self._step(1)

    async def _batch(self, key: str, theirs: Sequence[Indexed]) -> None:
        lines = b"\n".join(orjson.dumps({**request.form, "key": str(index)}) for index, request in theirs)
        results = await self._charities[key].post_lines("/v1/aid-requests:batch", lines, self._run)
        for result in results:
            index = theirs[result["line"] - 1][0]
            if "request" in result:
                self._loaded.stored[index] = result["request"]
            else:
                self._loaded.refused[index] = code_of(result["problem"])
        self._step(len(theirs))


def week(request: SimulatedRequest) -> tuple[int, int]:
    """ISO year and number of the week in which the help was asked for."""
    year, number, _ = request.asked_on.isocalendar()
    return year, number


def code_of(problem: Mapping[str, Any]) -> str:
    """Of what was wrong in particular, where the problem names it."""
    return str(next((flaw["code"] for flaw in problem.get("errors") or []), problem.get("code")))


def sends_batches(charity: str) -> bool:
    """Those who keep paper by the Hijri calendar type the week's requests in at its end."""
    return BY_KEY[charity].habits.calendar == "hijri"


async def until_screened(charities: Mapping[str, Api]) -> None:
    """Wait until no charity has a request that is pending. Raises NotScreened."""
    last, since = None, time.monotonic()
    while left := [mark for api in charities.values() for mark in await _pending(api)]:
        if left != last:
            last, since = left, time.monotonic()
        elif time.monotonic() - since > PATIENCE:
            raise NotScreened(f"requests were stored and are not screened after {PATIENCE:.0f} s; see the logs")
        await asyncio.sleep(_LOOK)


async def _pending(api: Api) -> list[str]:
    """The first pages of what is pending there, enough to see it change."""
    page = await api.get("/v1/aid-requests", status="pending", limit=100)
    return [item["id"] for item in page["items"]]
