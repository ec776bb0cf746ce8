"""The linker's service time against an index of so many registrations: one at a time, and a hundred at a time.

A house of identity and linker alone. The index is filled with simulated registrations of ever new families, which go
through the services' own code (form, tokens of the national ID, `normalise`, `blocking_keys`, `Record.dump`, counts
of values) and into the tables by COPY. What is then sent are further registrations of families of that same index: the
members that were left out of it, so that some have a match, most have kin, and all have namesakes.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import get_context
from os import cpu_count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import httpx
import orjson
from rich.table import Table

from services.cli.client import Credentials, Tokens, connections
from services.cli.simulate import labelled_registrations
from services.cli.up.house import House
from services.dedup.engine.normalise import normalise
from services.dedup.engine.record import Typed
from services.dedup.index import Entry
from services.dedup.queries import counting as queries
from services.dedup.schemas import RecordForm
from services.dedup.shares import count
from services.registry.aid.schemas import Applicant
from shared.ids import new_id
from shared.jsonb import to_json
from shared.vault import Vault
from tests.bench.applications import has_a_valid_id
from tests.bench.measure import Series
from tests.bench.preload import CHUNK, KEYS_AWAY, KEYS_BACK, copy_index
from tests.bench.wire import Run, drive, message

CHARITIES = UUID("018f4e5a-0000-7000-8000-000000000000")
"""Under which the simulated charities' ids are made."""
KEPT_BACK = 20
"""One registration in so many is not filled in: they are what is sent later."""
LINES = 100


@dataclass(frozen=True, slots=True)
class Work:
    """How much is measured: single registrations and batches a round, and rounds."""

    singles: int = 500
    batches: int = 10
    rounds: int = 3


@dataclass(slots=True)
class Level:
    """What was measured at one size. candidates: records that share a key with one sent, at the mean.

    bare: a call that only checks its token and answers, in the same rounds.
    """

    records: int
    candidates: float = 0.0
    bare: Series = field(default_factory=Series)
    one: Series = field(default_factory=Series)
    many: dict[int, Series] = field(default_factory=lambda: {1: Series(), 2: Series()})

    def per_second(self, clients: int) -> float:
        """Registrations a second in batches of LINES over so many connections."""
        return self.many[clients].rate * LINES


def forms(vault: Vault, seed: int) -> Iterator[dict[str, Any]]:
    """Simulated registrations in the linker's form, CHUNK and those to keep back; without those whose ID is refused."""
    for each in labelled_registrations(CHUNK * KEPT_BACK // (KEPT_BACK - 1), seed):
        if has_a_valid_id(each.applicant):
            yield _form(vault, each.charity, Applicant.model_validate(each.applicant), f"{seed}-")


def _form(vault: Vault, charity: str, applicant: Applicant, family: str) -> dict[str, Any]:
    identifier, birth, household = applicant.identifier(), applicant.birth_date, applicant.household
    tokens = vault.tokens(identifier[0]) if identifier else None
    born = birth.dated() if birth else None
    return {
        "record_id": new_id(), "charity_id": uuid5(CHARITIES, charity), "full_name": applicant.name,
        "full_name_latin": applicant.name_latin, "id_token": tokens and tokens.exact,
        "id_near": list(tokens.near) if tokens else [], "id_kind": identifier and identifier[1],
        "birth": born and born.gregorian, "birth_precision": born and born.precision,
        "birth_calendar": born and born.calendar, "gender": applicant.gender, "phones": list(applicant.phones),
        "zone_path": _zone_path(applicant.address.zone), "address_text": applicant.address.text,
        "household_ref": household.ref and family + household.ref, "household_role": household.role,
    }  # fmt: skip


def _zone_path(code: str | None) -> list[str]:
    """SA, SA-02, SA-02-02 and SA-02-02-04294 of the last of them."""
    parts = code.split("-") if code else []
    return ["-".join(parts[: size + 1]) for size in range(len(parts))]


def _typed(form: dict[str, Any]) -> Typed:
    return RecordForm.model_validate(form).typed()


async def fill(house: House, records: int) -> int:
    """Bring the index to about `records`; the counting worker must be away. Returns how many there are."""
    connection = await asyncpg.connect(house.admin_url)
    there = int(await connection.fetchval("SELECT count(*) FROM dedup.record"))
    key = house.keys.national_id_key
    chunks = [(house.admin_url, key, seed) for seed in range(round(there / CHUNK), round(records / CHUNK))]
    if chunks:
        await connection.execute(KEYS_AWAY)
        with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as processes:
            loop = asyncio.get_running_loop()
            loaded = await asyncio.gather(*(loop.run_in_executor(processes, _load, *chunk) for chunk in chunks))
        await connection.execute("SET maintenance_work_mem = '1GB'")
        await connection.execute(KEYS_BACK)
        await queries.set_counted(connection, await queries.lock_counting(connection), sum(loaded))
        there += sum(loaded)
    await connection.execute("VACUUM (ANALYZE)")
    await connection.execute("CHECKPOINT")
    await connection.close()
    return there


def _load(admin_url: str, key: str, seed: int) -> int:
    return asyncio.run(_load_chunk(admin_url, key, seed))


async def _load_chunk(admin_url: str, key: str, seed: int) -> int:
    kept = [form for place, form in enumerate(forms(Vault(key), seed)) if place % KEPT_BACK]
    entries = [Entry(normalise(_typed(form))) for form in kept]
    connection = await asyncpg.connect(admin_url)
    async with connection.transaction():
        await copy_index(connection, entries)
        counted = count(entry.record for entry in entries)
        await queries.add_counts(connection, sorted((kind, value, k) for (kind, value), k in counted.items()))
    await connection.close()
    return len(entries)


def _left_out(vault: Vault, chunks: int) -> Iterator[dict[str, Any]]:
    """Registrations that `fill` kept back, of ever other chunks; without end."""
    while True:
        for seed in range(chunks):
            for place, form in enumerate(forms(vault, seed)):
                if place % KEPT_BACK == 0:
                    yield form | {"record_id": new_id()}


async def measured(house: House, tokens: Tokens, records: int, work: Work) -> Level:
    """Single registrations, and batches over one and over two connections, in turns; the first round warms up."""
    level = Level(records)
    waiting = _left_out(Vault(house.keys.national_id_key), max(1, round(records / CHUNK)))
    for round_ in range(work.rounds + 1):
        kept = level if round_ else Level(records)
        bearer = f"Bearer {await tokens.current()}"
        bare = message("/v1/model", b"", Authorization=bearer).replace(b"POST", b"GET", 1)
        kept.bare.runs.append(await drive(house.urls["dedup"], [bare] * work.singles, 1))
        run = await _linked(house, bearer, [[form] for form in islice(waiting, work.singles)], 1)
        kept.one.runs.append(run)
        kept.candidates = _mean_candidates(run)
        for clients in kept.many:
            sent = [[*islice(waiting, LINES)] for _ in range(work.batches)]
            kept.many[clients].runs.append(await _linked(house, bearer, sent, clients))
    return level


async def _linked(house: House, bearer: str, batches: Sequence[list[dict[str, Any]]], clients: int) -> Run:
    """Store and match the batches, each a call; then take them out again, so that the index stays as it was."""
    sent = [message("/v1/links", to_json({"records": batch}).encode(), Authorization=bearer) for batch in batches]
    run = await drive(house.urls["dedup"], sent, clients)
    ids = [form["record_id"] for batch in batches for form in batch]
    for start in range(0, len(ids), 500):
        gone = to_json({"record_ids": ids[start : start + 500]}).encode()
        await drive(house.urls["dedup"], [message("/v1/removals", gone, Authorization=bearer)], 1)
    return run


def _mean_candidates(run: Run) -> float:
    found = [result["candidates"] for body in run.bodies for result in orjson.loads(body)["results"]]
    return sum(found) / len(found)


@asynccontextmanager
async def opened(data_dir: Path) -> AsyncIterator[tuple[House, Tokens]]:
    """The house, and the registry's tokens, with which the linker is called."""
    async with House(data_dir, only=("identity", "dedup"), free_ports=True) as house, connections() as http:
        yield house, _tokens(house, http)


def _tokens(house: House, http: httpx.AsyncClient) -> Tokens:
    return Tokens(http, house.urls["identity"], Credentials("registry", house.keys.clients["registry"]))


async def run(data_dir: Path, sizes: Sequence[int], work: Work) -> AsyncIterator[Level]:
    """What is measured at each of `sizes`, which must grow."""
    async with opened(data_dir) as (house, tokens):
        for size in sizes:
            await house.kill("dedup-worker")
            there = await fill(house, size)
            await house.restart("dedup")
            await house.restart("dedup-worker")
            yield await measured(house, tokens, there, work)


def table(levels: Sequence[Level]) -> Table:
    """Growth and ratios first, the figures they come from after."""
    heads = ("records", "candidates", "one: p50 to bare", "growth of p50", "bare p50 ms", "one p50 ms (aim < 5)",
             "p99 ms (aim < 20)", "in batches, 1 caller /s (aim 1,000)", "2 callers /s")  # fmt: skip
    found = Table(*heads, title=f"the linker alone: single registrations, and batches of {LINES}")
    for level in levels:
        one = level.one.p50
        found.add_row(
            f"{level.records:,}", f"{level.candidates:.1f}", f"{one / level.bare.p50:.1f}",
            f"{one / levels[0].one.p50:.2f}", f"{level.bare.p50:.2f}", f"{one:.2f}", f"{level.one.p99:.2f}",
            f"{level.per_second(1):,.0f}", f"{level.per_second(2):,.0f}",
        )  # fmt: skip
    return found


def as_json(levels: Sequence[Level]) -> list[dict[str, float]]:
    return [
        {
            "records": level.records, "candidates": round(level.candidates, 2), "bare_p50_ms": round(level.bare.p50, 3),
            "one_p50_ms": round(level.one.p50, 3), "one_p99_ms": round(level.one.p99, 3),
            "batches_1_per_second": round(level.per_second(1)), "batches_2_per_second": round(level.per_second(2)),
        }
        for level in levels
    ]  # fmt: skip
