"""Value counts: every stored version counted once, every version that went taken out once."""

import asyncio
import os
import signal
import sys
from datetime import date
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from services.dedup import shares
from services.dedup.engine.normalise import normalise
from services.dedup.engine.record import Record, Typed
from services.dedup.index import Entry, Index
from services.dedup.model import load_model
from services.dedup.rebuild import SCHEME
from services.dedup.worker import count_once
from shared import db
from tests.databases import Database
from tests.services.dedup import conftest

NAMES = ("نورة سعد الدوسري", "خالد علي الدوسري", "منى سعد باناجه")
IDS = tuple(UUID(int=n) for n in range(1, 4))


@pytest.fixture(autouse=True)
async def _nothing_is_counted_yet(admin: asyncpg.Connection) -> None:
    await _reset(admin)


@pytest.fixture
def index(pool: db.Pool, database: Database) -> Index:
    return Index(pool, conftest.settings(database), CollectorRegistry())


def record(record_id: UUID, name: str) -> Record:
    return normalise(Typed(record_id, UUID(int=9), full_name=name, birth=date(1987, 3, 14)))


async def settle(admin: asyncpg.Connection) -> None:
    """Let what is stored be older than the worker's second of grace, without waiting for it."""
    await admin.execute("UPDATE dedup.record SET updated_at = updated_at - interval '1 hour'")
    await admin.execute("UPDATE dedup.retired SET stored_at = stored_at - interval '1 hour'")


async def counted(admin: asyncpg.Connection) -> dict[tuple[str, int], int]:
    rows = await admin.fetch("SELECT kind, value_hash, n FROM dedup.value_count")
    return {(row["kind"], row["value_hash"]): row["n"] for row in rows}


async def test_values_are_counted_once_however_often_the_worker_runs(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    records = [record(id_, name) for id_, name in zip(IDS, NAMES, strict=True)]
    await index.store(map(Entry, records))
    await settle(admin)
    passes = [await count_once(pool, limit=2) for _ in range(4)]

    assert sum(passes) == 3
    assert await counted(admin) == shares.count(records)
    assert await admin.fetchval("SELECT registrations FROM dedup.counting") == 3


Step = tuple[str, UUID, str]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("store"), st.sampled_from(IDS), st.sampled_from(NAMES)),
        st.tuples(st.just("remove"), st.sampled_from(IDS), st.just("")),
        st.tuples(st.just("count"), st.just(IDS[0]), st.just("")),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_the_counts_are_those_of_what_is_stored(
    steps: list[Step], pool: db.Pool, admin: asyncpg.Connection, index: Index
) -> None:
    await _reset(admin)
    here: dict[UUID, Record] = {}
    for act, id_, name in steps:
        if act == "store":
            here[id_] = record(id_, name)
            await index.store([Entry(here[id_])])
        elif act == "remove":
            here.pop(id_, None)
            await index.remove([id_])
        else:
            await _count_all(pool, admin)
    await _count_all(pool, admin)

    assert await counted(admin) == shares.count(here.values())
    assert await admin.fetchval("SELECT registrations FROM dedup.counting") == len(here)
    assert await admin.fetchval("SELECT count(*) FROM dedup.retired") == 0


async def _reset(admin: asyncpg.Connection) -> None:
    await admin.execute("TRUNCATE dedup.record, dedup.blocking_key, dedup.retired, dedup.value_count CASCADE")
    await admin.execute("UPDATE dedup.counting SET counted_before = '1970-01-01Z', registrations = 0")


async def _count_all(pool: db.Pool, admin: asyncpg.Connection) -> None:
    """A pass over everything stored so far, as if the second of grace had gone by."""
    await admin.execute("UPDATE dedup.counting SET counted_before = counted_before - interval '1 hour'")
    await settle(admin)
    while await count_once(pool, limit=2):
        pass


async def test_a_value_that_is_common_here_weighs_less(pool: db.Pool, admin: asyncpg.Connection) -> None:
    model = load_model()
    before = await shares.read_weights(pool, model)
    await admin.execute("INSERT INTO dedup.value_count VALUES ('phone', $1, 900)", shares.value_hash("+966551234567"))
    await admin.execute("UPDATE dedup.counting SET registrations = 10000")
    after = await shares.read_weights(pool, model)

    assert before.frequencies.share("phone", "+966551234567") is None
    assert after.frequencies.share("phone", "+966551234567") == pytest.approx(900 / 15_000, rel=0.01)
    assert after.model.population == 10_000


async def test_the_worker_process_counts_and_ends_on_sigterm(
    database: Database, index: Index, admin: asyncpg.Connection
) -> None:
    await index.store([Entry(record(uuid4(), NAMES[0]))])
    await settle(admin)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import asyncio; from services.dedup.worker import main; asyncio.run(main())",
        env={**os.environ, "SIJILL_DEDUP_DATABASE_URL": database.url("dedup"), "PYTHONPATH": os.getcwd()},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(30):
            while not await admin.fetchval("SELECT registrations FROM dedup.counting"):
                assert child.returncode is None
                await asyncio.sleep(0.01)
    finally:
        child.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(child.wait(), 30) == 0


async def test_the_worker_process_rebuilds_an_index_made_otherwise_and_relinks_at_its_first_start(
    database: Database, index: Index, admin: asyncpg.Connection
) -> None:
    await admin.execute("UPDATE dedup.generation SET number = 0, scheme = '', next_number = NULL")
    await index.store([Entry(record(id_, NAMES[0])) for id_ in IDS])
    await settle(admin)
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "import asyncio; from services.dedup.worker import main; asyncio.run(main())",
        env={**os.environ, "SIJILL_DEDUP_DATABASE_URL": database.url("dedup"), "PYTHONPATH": os.getcwd()},
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(30):
            while not await admin.fetchval("SELECT count(*) FROM dedup.relink_run WHERE finished_at IS NOT NULL"):
                assert child.returncode is None
                await asyncio.sleep(0.01)
    finally:
        child.send_signal(signal.SIGTERM)
    generation = await admin.fetchrow("SELECT number, scheme, swept FROM dedup.generation")

    assert await asyncio.wait_for(child.wait(), 30) == 0
    assert tuple(generation) == (1, SCHEME, True)
    assert await admin.fetchval("SELECT count(*) FROM dedup.proposal WHERE state = 'open'") == 3
