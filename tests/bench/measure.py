"""The runs: both sides of every ratio in turns, several rounds, so that whatever else the machine does hits both."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from services.cli.up.house import House
from services.registry.aid.schemas import AidRequestForm
from services.registry.aid.submit import Intake
from services.registry.people.queries import typed
from services.registry.zones.tree import ZoneTree
from shared.ids import CharityId
from shared.jsonb import to_json
from tests.bench.applications import Application, applications, batches, single
from tests.bench.bare import INSERT
from tests.bench.callers import Callers
from tests.bench.wire import Run, drive, message

CROWD = 16
_VALUES = ("سالم علي", "FOOD_BASKET", 350)
_BARE = message("/", orjson.dumps(dict(zip(("name", "aid_type", "amount"), _VALUES, strict=True))))
_LINES = 1_000


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is sent: messages of one client, of the crowd, and how often both sides take turns."""

    alone: int = 200
    crowd: int = 1_600
    rounds: int = 5


@dataclass(slots=True)
class Bench:
    """All that the runs need. `fresh` yields applications that were never sent."""

    house: House
    callers: Callers
    intake: Intake
    zones: ZoneTree
    bare_url: str
    bare_database: str
    effort: Effort
    fresh: Iterator[Application] = field(default_factory=lambda: applications(seed=1))


@dataclass(slots=True)
class Series:
    """The runs of one kind, one a round; figures are medians over the rounds."""

    runs: list[Run] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return median(run.rate for run in self.runs)

    @property
    def p50(self) -> float:
        return median(run.percentile(50) for run in self.runs)

    @property
    def p99(self) -> float:
        return median(run.percentile(99) for run in self.runs)

    @property
    def pending(self) -> float:
        """The share of answers that were not final."""
        bodies = [body for run in self.runs for body in run.bodies]
        return sum(b'"screening":"pending"' in body for body in bodies) / len(bodies)


@dataclass(slots=True)
class Stage:
    """What was measured at one size of the register. `series` by (what, clients)."""

    registrations: int
    series: dict[tuple[str, int], Series] = field(default_factory=dict)

    def add(self, what: str, clients: int, run: Run) -> None:
        self.series.setdefault((what, clients), Series()).runs.append(run)


async def at_this_size(bench: Bench) -> Stage:
    """Raw inserts, the bare endpoint, the linker and submissions, in turns. The first round only warms up."""
    stage = Stage(await _registrations(bench.house))
    for round_ in range(bench.effort.rounds + 1):
        measured = stage if round_ else Stage(0)
        measured.add("link", 1, await _links(bench, bench.effort.alone))
        for clients, count in ((1, bench.effort.alone), (CROWD, bench.effort.crowd)):
            measured.add("raw", clients, await _raw(bench.bare_database, clients, count))
            measured.add("bare", clients, await drive(bench.bare_url, [_BARE] * count, clients))
            bearers = await bench.callers.bearers()
            sent = [single(each, bearers) for each in islice(bench.fresh, count)]
            measured.add("submit", clients, await drive(bench.house.urls["registry"], sent, clients))
    return stage


async def _registrations(house: House) -> int:
    async with _connected(house.admin_url) as connection:
        return int(await connection.fetchval("SELECT count(*) FROM dedup.record"))


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def _raw(url: str, clients: int, count: int) -> Run:
    """The same insert as the bare endpoint's, straight through the driver, each a transaction of its own."""
    connections = [await asyncpg.connect(url) for _ in range(clients)]
    for connection in connections:
        await connection.fetchval(INSERT, *_VALUES)
    waiting, latencies = iter(range(count)), []  # type: ignore[var-annotated]

    async def insert(connection: asyncpg.Connection) -> None:
        for _ in waiting:
            begun = time.perf_counter()
            await connection.fetchval(INSERT, *_VALUES)
            latencies.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*map(insert, connections))
    run = Run(time.perf_counter() - begun, latencies, [])
    await asyncio.gather(*(connection.close() for connection in connections))
    return run


async def _links(bench: Bench, count: int) -> Run:
    """The linker's service time: one record a call, stored and matched; taken out again afterwards."""
    bearer = (await bench.callers.bearers())["linker"]
    records = [_record(bench, each) for each in islice(bench.fresh, count)]
    sent = [message("/v1/links", to_json({"records": [r]}).encode(), Authorization=bearer) for r in records]
    run = await drive(bench.house.urls["dedup"], sent, 1)
    for start in range(0, count, 500):
        ids = to_json({"record_ids": [r["record_id"] for r in records[start : start + 500]]})
        await drive(bench.house.urls["dedup"], [message("/v1/removals", ids.encode(), Authorization=bearer)], 1)
    return run


def _record(bench: Bench, application: Application) -> dict[str, Any]:
    form = AidRequestForm.model_validate(application.form)
    charity = CharityId(UUID(bench.callers.ids[application.charity]))
    columns = bench.intake.applicant_columns(form.applicant, charity) | {"charity_id": charity}
    return typed(columns, bench.zones.path(columns["zone_code"]))


@dataclass(frozen=True, slots=True)
class Batches:
    """Requests per second. stored: while the worker is away. screened: by the worker, catching up. together: from
    the first line sent to the last request screened, with both at work."""

    requests: int
    stored: float
    screened: float
    together: float


async def by_batches(bench: Bench, requests: int) -> Batches:
    """Half of the requests stored first and screened after, the other half all at once."""
    half = requests // 2
    await bench.house.kill("registry-worker")
    run = await _send_batches(bench, half)
    begun = time.perf_counter()
    await bench.house.restart("registry-worker")
    await _until_screened(bench.house)
    screening = time.perf_counter() - begun
    begun = time.perf_counter()
    await _send_batches(bench, half)
    await _until_screened(bench.house)
    return Batches(requests, half / run.seconds, half / screening, half / (time.perf_counter() - begun))


async def _send_batches(bench: Bench, requests: int) -> Run:
    sent = batches([*islice(bench.fresh, requests)], await bench.callers.bearers(), _LINES)
    run = await drive(bench.house.urls["registry"], sent, 2)
    assert sum(body.count(b'"outcome":"stored"') for body in run.bodies) == requests
    return run


async def _until_screened(house: House) -> None:
    async with _connected(house.admin_url) as connection:
        while await connection.fetchval("SELECT EXISTS (SELECT FROM registry.letter WHERE handled_at IS NULL)"):
            await asyncio.sleep(0.05)
