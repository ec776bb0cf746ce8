"""Twelve charities at work: each sends its requests one by one and in batches, again until they are acknowledged."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from services.cli.simulate import SimulatedRequest, simulate
from services.registry.aid.schemas import AidRequestForm
from tests.houses import Client, Town

ONE_BY_ONE, TOGETHER = 15, 25


def draw(requests: int, seed: int) -> list[SimulatedRequest]:
    """So many synthetic requests, in order of time; those that the form refuses for a mistyped ID are left out."""
    found = [request for request in simulate(requests, seed).requests if _is_taken(request)]
    assert len(found) >= requests
    return found[:requests]


def _is_taken(request: SimulatedRequest) -> bool:
    try:
        AidRequestForm.model_validate(request.form)
    except ValidationError:
        return False
    return True


class Load:
    """acknowledged: key -> the id that the API gave for it."""

    def __init__(self, town: Town, requests: Sequence[SimulatedRequest], run: str) -> None:
        self.requests, self.acknowledged = requests, dict[str, UUID]()
        self._town, self.run_name = town, run
        self._progress = asyncio.Condition()

    def key(self, place: int) -> str:
        return f"{self.run_name}-{place}"

    def id(self, place: int) -> UUID:
        """The id of the request that stands at `place` in the load."""
        return self.acknowledged[self.key(place)]

    async def run(self) -> None:
        """Send everything, all charities at once."""
        by_charity: defaultdict[str, list[int]] = defaultdict(list)
        for place, request in enumerate(self.requests):
            by_charity[request.charity].append(place)
        async with asyncio.TaskGroup() as tasks:
            for name, places in by_charity.items():
                tasks.create_task(self._send_all(await self._town.new_charity(f"{name} {self.run_name}"), places))

    async def reached(self, share: float) -> None:
        """Until that share of the requests is acknowledged."""
        async with self._progress:
            await self._progress.wait_for(lambda: len(self.acknowledged) >= share * len(self.requests))

    async def _send_all(self, charity: Client, places: list[int]) -> None:
        for number, chunk in enumerate(_chunks(places)):
            if number % 2:
                await self._send_together(charity, chunk)
                continue
            for place in chunk:
                await self._send_one(charity, place)

    async def _send_one(self, charity: Client, place: int) -> None:
        answer = await self._town.insist(
            charity, "POST", "/v1/aid-requests", json=self._form(place), headers={"Idempotency-Key": self.key(place)}
        )
        assert answer.status_code in (200, 201), answer.text
        await self._acknowledge({self.key(place): answer.json()["id"]})

    async def _send_together(self, charity: Client, places: list[int]) -> None:
        lines = [orjson.dumps(self._form(place) | {"key": self.key(place)}) for place in places]
        answer = await self._town.insist(
            charity, "POST", "/v1/aid-requests:batch", content=b"\n".join(lines),
            headers={"Idempotency-Key": f"{self.run_name}-batch-{places[0]}", "Content-Type": "application/x-ndjson"},
        )  # fmt: skip
        assert answer.status_code == 200, answer.text
        results = [orjson.loads(line) for line in answer.text.splitlines()]
        refused = [result for result in results if result["outcome"] == "refused"]
        assert not refused, refused[0]
        await self._acknowledge(
            {self.key(place): result["request"] for place, result in zip(places, results, strict=True)}
        )

    def _form(self, place: int) -> dict[str, Any]:
        form = self.requests[place].form
        applicant = form["applicant"]
        return form | {"applicant": applicant | {"source_ref": f"{self.run_name}/{applicant['source_ref']}"}}

    async def _acknowledge(self, ids: dict[str, str]) -> None:
        async with self._progress:
            self.acknowledged |= {key: UUID(id_) for key, id_ in ids.items()}
            self._progress.notify_all()


def _chunks(places: list[int]) -> Iterator[list[int]]:
    """Alternately some to send one by one and some to send in a batch."""
    begin, size = 0, ONE_BY_ONE
    while begin < len(places):
        yield places[begin : begin + size]
        begin, size = begin + size, ONE_BY_ONE + TOGETHER - size
