"""The index rebuilt beside the running one: no registration is lost, and no look waits or misses."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from datetime import date
from itertools import count
from uuid import UUID

import asyncpg
import pytest
from prometheus_client import CollectorRegistry

from services.dedup import rebuild
from services.dedup.engine.normalise import normalise
from services.dedup.engine.record import LAYOUT, Record, Typed
from services.dedup.index import Entry, Index
from services.dedup.queries import generation
from shared import db
from tests.databases import Database
from tests.services.dedup import conftest

GIVEN = ("نورة", "خالد", "منى", "سعد", "هند", "عمر", "ليلى", "زياد")
FAMILY = ("الدوسري", "باناجه", "برغوثي", "القحطاني", "الغامدي")


@pytest.fixture(autouse=True)
async def _nobody_is_stored_yet(admin: asyncpg.Connection) -> None:
    await admin.execute("TRUNCATE dedup.record, dedup.blocking_key, dedup.retired CASCADE")
    await admin.execute(
        "UPDATE dedup.generation SET number = 1, scheme = $1, next_number = NULL, next_scheme = NULL,"
        " filled_to = NULL, swept = true",
        rebuild.SCHEME,
    )


@pytest.fixture
def index(pool: db.Pool, database: Database) -> Index:
    return Index(pool, conftest.settings(database), CollectorRegistry())


def entry(number: int) -> Entry:
    """One of a hundred invented people; every hundredth number is the same person again."""
    n = number % 100
    name = f"{GIVEN[n % 8]} {GIVEN[n // 8 % 8]} {FAMILY[n % 5]}"
    return Entry(normalise(Typed(UUID(int=number + 1), UUID(int=9), full_name=name, birth=date(1950 + n % 50, 3, 14))))


async def keys(admin: asyncpg.Connection) -> set[tuple[int, UUID]]:
    return {(row["hash"], row["record_id"]) for row in await admin.fetch("SELECT * FROM dedup.blocking_key")}


async def found(index: Index, numbers: range) -> list[set[UUID]]:
    return [{r.record_id for r in one.records} for one in await index.look([entry(n) for n in numbers])]


async def test_a_rebuilt_index_answers_as_one_filled_afresh(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await index.store([entry(n) for n in range(300)])
    before = await found(index, range(300))
    filled = await rebuild.rebuild(pool, page=70)
    rebuilt = await keys(admin)
    await admin.execute("TRUNCATE dedup.record, dedup.blocking_key CASCADE")
    await index.store([entry(n) for n in range(300)])

    assert filled == 300
    assert await keys(admin) == rebuilt
    assert await found(index, range(300)) == before
    assert all(before)


async def test_an_index_without_generations_is_due_and_becomes_one_with(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await admin.execute("UPDATE dedup.generation SET number = 0, scheme = ''")
    await index.store([entry(n) for n in range(200)])
    before = await found(index, range(200))
    was_due = await rebuild.due(pool)
    await rebuild.rebuild(pool)

    assert (was_due, await rebuild.due(pool)) == (True, False)
    assert await found(index, range(200)) == before
    assert {key >> 56 for key, _ in await keys(admin)} == {1}


async def test_features_of_the_layout_before_are_read_and_rewritten(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await index.store([entry(0)])
    features = await admin.fetchval("SELECT features FROM dedup.record")
    old = b"[" + features.split(b",", 1)[1]
    await admin.execute("UPDATE dedup.record SET features = $1", old)
    [seen] = await index.look([entry(100)])
    await rebuild.rebuild(pool)

    assert seen.records == [Record.load(features)]
    assert features.startswith(b"[%d," % LAYOUT)
    assert await admin.fetchval("SELECT features FROM dedup.record") == features


async def test_what_is_stored_and_removed_meanwhile_is_neither_lost_nor_left(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    """Two writers and a reader beside a rebuild: every registration acknowledged is seen by each later look."""
    await index.store([entry(n) for n in range(300)])
    done, missed, numbers = asyncio.Event(), [], count(1_000)

    async def write() -> None:
        while not done.is_set():
            n = next(numbers)
            await index.store([entry(n)])
            [seen] = await index.look([entry(n % 100)])
            if UUID(int=n + 1) not in {record.record_id for record in seen.records}:
                missed.append(n)
            if n % 3 == 0:
                await index.remove([UUID(int=n + 1)])

    async def anew() -> None:
        await rebuild.rebuild(pool, page=20)
        await rebuild.rebuild(pool, page=20)
        done.set()

    await asyncio.gather(write(), write(), anew())
    stored = await admin.fetch("SELECT record_id, features FROM dedup.record")
    wanted = {
        (rebuild_key, row["record_id"])
        for row in stored
        for rebuild_key in _placed(3, Entry(Record.load(row["features"])))
    }
    assert missed == []
    assert next(numbers) > 1_001
    assert await keys(admin) == wanted


def _placed(number: int, of_one: Entry) -> list[int]:
    return [number << 56 | key & (1 << 56) - 1 for key in of_one.keys]


class Killed(Exception):
    """In place of a process that dies between two pages."""


@pytest.mark.parametrize("pages", [1, 3])
async def test_a_rebuild_that_died_goes_on_where_it_was(
    index: Index, pool: db.Pool, admin: asyncpg.Connection, pages: int
) -> None:
    await index.store([entry(n) for n in range(100)])
    before = await found(index, range(100))

    def die(filled: int) -> None:
        if filled == pages * 20:
            raise Killed

    with suppress(Killed):
        await rebuild.rebuild(pool, die, page=20)
    midway = await found(index, range(100))
    left = await rebuild.due(pool)
    filled = await rebuild.rebuild(pool, page=20)

    assert (left, filled) == (True, 100 - pages * 20)
    assert midway == before == await found(index, range(100))
    assert await keys(admin) == {(key, e.record.record_id) for e in map(entry, range(100)) for key in _placed(2, e)}


async def test_rules_that_change_during_a_rebuild_begin_it_anew(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await admin.execute("UPDATE dedup.generation SET scheme = 'of the version before'")
    await index.store([entry(n) for n in range(60)])
    async with pool.acquire() as connection:
        await generation.begin(connection, "of another version")
    await index.store([entry(n) for n in range(60, 80)])
    filled = await rebuild.rebuild(pool)

    assert filled == 80
    assert await keys(admin) == {(key, e.record.record_id) for e in map(entry, range(80)) for key in _placed(2, e)}


async def test_a_sweep_that_died_is_finished_and_nothing_is_built_anew(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await index.store([entry(n) for n in range(50)])
    await admin.execute("INSERT INTO dedup.blocking_key SELECT hash + (7::bigint << 56), record_id"
                        " FROM dedup.blocking_key")  # fmt: skip
    await admin.execute("UPDATE dedup.generation SET swept = false")

    assert await rebuild.rebuild(pool) == 0
    assert {key >> 56 for key, _ in await keys(admin)} == {1}


async def test_two_never_rebuild_at_once(pool: db.Pool) -> None:
    async with pool.acquire() as connection:
        await generation.lock(connection)
        with pytest.raises(rebuild.RebuildRuns, match="another process"):
            await rebuild.rebuild(pool)
        await generation.unlock(connection)


async def test_a_killed_process_leaves_an_index_that_serves_and_can_be_finished(
    index: Index, pool: db.Pool, database: Database, admin: asyncpg.Connection
) -> None:
    await index.store([entry(n) for n in range(300)])
    before = await found(index, range(300))
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _ENDLESSLY,
        env={**os.environ, "DATABASE": database.url("dedup"), "PYTHONPATH": os.getcwd()},
    )  # fmt: skip
    async with asyncio.timeout(60):
        while await admin.fetchval("SELECT filled_to IS NULL FROM dedup.generation"):
            assert child.returncode is None
            await asyncio.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    await child.wait()
    midway = await found(index, range(300))
    async with asyncio.timeout(60):
        while await admin.fetchval("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'to be killed'"):
            await asyncio.sleep(0.01)
    await rebuild.rebuild(pool)

    assert midway == before == await found(index, range(300))
    assert {key >> 56 for key, _ in await keys(admin)} == {2}


_ENDLESSLY = """
import asyncio, os, time
from services.dedup import rebuild
from shared import db

async def main():
    async with await db.open_pool(os.environ["DATABASE"], size=1, application="to be killed") as pool:
        await rebuild.rebuild(pool, lambda filled: time.sleep(60 if filled > 100 else 0), page=20)

asyncio.run(main())
"""
