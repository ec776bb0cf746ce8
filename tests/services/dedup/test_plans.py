"""The plans of the hot path: index look-ups only, whatever the size of the batch and of the register."""

import asyncio
import re

import asyncpg
import pytest

from services.dedup.main import with_kept_plans
from services.dedup.queries import index as queries
from tests.databases import Database

RECORDS, KEYS_EACH = 20_000, 9
CALLS = {
    "store": (
        queries.STORE,
        "ARRAY[gen_random_uuid()], ARRAY[gen_random_uuid()], ARRAY['x'::bytea], ARRAY['{1,2}'], 'off'",
    ),
    "look": (
        queries.LOOK,
        "ARRAY[0, 0], ARRAY[hashint8(1), 7]::bigint[], ARRAY[gen_random_uuid()], 200, 50",
    ),
    "remove": (queries.REMOVE, "ARRAY[gen_random_uuid()]"),
}


@pytest.fixture(scope="module")
def filled(database: Database) -> Database:
    asyncio.run(_fill(database))
    return database


async def _fill(database: Database) -> None:
    connection = await asyncpg.connect(database.admin_url)
    await connection.execute(f"""
        INSERT INTO dedup.record (record_id, charity_id, features, keys)
        SELECT uuidv7(), gen_random_uuid(), repeat('x', 500)::bytea,
               ARRAY(SELECT hashint8extended(n + k, k) FROM generate_series(1, {KEYS_EACH}) k)
        FROM generate_series(1, {RECORDS}) n;
        INSERT INTO dedup.blocking_key (hash, record_id)
        SELECT DISTINCT key, record_id FROM dedup.record, unnest(keys) AS key
    """)
    await connection.execute("ANALYZE dedup.record, dedup.blocking_key")
    await connection.close()


async def plan_of(database: Database, call: str) -> str:
    """The plan that the service's own connections make and keep."""
    statement, arguments = CALLS[call]
    connection = await asyncpg.connect(with_kept_plans(database.url("dedup")))
    await connection.execute(f"PREPARE hot AS {statement}")
    lines = await connection.fetch(f"EXPLAIN EXECUTE hot ({arguments})")
    await connection.close()
    return "\n".join(line[0] for line in lines)


@pytest.mark.parametrize("call", CALLS)
async def test_no_call_reads_a_whole_table(filled: Database, call: str) -> None:
    plan = await plan_of(filled, call)

    assert re.findall(r"(?:Seq|Bitmap Heap) Scan on (?:record|blocking_key)\b", plan) == [], plan
    assert re.search(r"Index (?:Only )?Scan (?:Backward )?using (?:blocking_key|record)_pkey", plan), plan


async def test_the_store_finds_what_it_replaces_by_index(filled: Database) -> None:
    assert "Conflict Arbiter Indexes: record_pkey" in await plan_of(filled, "store")


async def test_candidates_come_newest_first_from_the_index_alone(filled: Database) -> None:
    plan = await plan_of(filled, "look")

    assert re.search(r"Limit[^\n]*\n\s*->  Index Only Scan Backward using blocking_key_pkey", plan), plan
