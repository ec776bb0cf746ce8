"""Whoever locks what a screening locks does so in its order: registrations by id, then requests. So nobody deadlocks.

Each test holds the first lock as a screening does, waits until the other has come to wait for it, and takes the second.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from services.registry.aid import findings
from services.registry.people import queries as people
from shared.db import transaction
from tests.databases import Database
from tests.houses import until
from tests.services.registry import make
from tests.services.registry.issuer import Issuer

BATCH, NDJSON = "/v1/aid-requests:batch", {"Content-Type": "application/x-ndjson"}


@pytest.fixture
async def screening(app: FastAPI) -> AsyncIterator[asyncpg.Connection]:
    async with transaction(app.state.screener.pool) as connection:
        yield connection


@pytest.fixture
async def charity(admin: asyncpg.Connection) -> UUID:
    return await make.charity(admin)


@pytest.fixture
def headers(issuer: Issuer, charity: UUID) -> dict[str, str]:
    bearer = issuer.bearer("aid:read aid:write", roles=["charity"], charity=charity)
    return bearer | {"Idempotency-Key": uuid4().hex}


def form(source_ref: str) -> dict[str, object]:
    period = {"start": str(make.FIRST), "end": str(make.LAST)}
    return {"applicant": {"source_ref": source_ref, "name": "سالم"}, "aid_type": make.FOOD, "period": period}


def lines(*source_refs: str) -> str:
    return "\n".join(json.dumps(form(each)) for each in source_refs)


async def somebody_waits(admin: asyncpg.Connection) -> None:
    async def waits() -> bool:
        return bool(await admin.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ))  # fmt: skip

    await until(waits, patience=10)


async def test_an_amendment_waits_for_a_screening_that_then_takes_the_request(
    http: httpx.AsyncClient, admin: asyncpg.Connection, screening: asyncpg.Connection, charity: UUID,
    headers: dict[str, str],
) -> None:  # fmt: skip
    registration = await make.registration(admin, charity)
    request = await make.request(admin, charity, registration)
    reference = await admin.fetchval("SELECT source_ref FROM registry.registration")
    await people.lock(screening, [registration])
    change = {"applicant": form(reference)["applicant"]}
    amended = asyncio.create_task(
        http.patch(f"/v1/aid-requests/{request}", json=change, headers=headers | {"If-Match": '"1"'})
    )
    await somebody_waits(admin)

    assert set(await findings.lock_requests(screening, [request])) == {request}
    await screening.execute("COMMIT")
    assert (await amended).status_code == 200


async def test_a_batch_for_known_people_takes_them_in_the_order_of_a_screening(
    http: httpx.AsyncClient, admin: asyncpg.Connection, screening: asyncpg.Connection, charity: UUID,
    headers: dict[str, str],
) -> None:  # fmt: skip
    low, high = sorted([await make.registration(admin, charity), await make.registration(admin, charity)])
    for registration, reference in ((low, "B"), (high, "A")):
        await admin.execute("UPDATE registry.registration SET source_ref = $2 WHERE id = $1", registration, reference)
    await people.lock(screening, [low])
    sent = asyncio.create_task(http.post(BATCH, content=lines("A", "B"), headers=headers | NDJSON))
    await somebody_waits(admin)

    await people.lock(screening, [high])
    await screening.execute("COMMIT")
    assert [json.loads(each)["outcome"] for each in (await sent).text.splitlines()] == ["stored", "stored"]


async def test_batches_with_the_same_new_people_take_them_in_the_order_of_their_references(
    http: httpx.AsyncClient, admin: asyncpg.Connection, database: Database, charity: UUID, headers: dict[str, str]
) -> None:
    other = await asyncpg.connect(database.admin_url)
    await other.execute("BEGIN")
    await make.put(other, "registration", **new(charity, "A"))
    sent = asyncio.create_task(http.post(BATCH, content=lines("B", "A"), headers=headers | NDJSON))
    await somebody_waits(admin)

    await make.put(other, "registration", **new(charity, "B"))
    await other.execute("COMMIT")
    await other.close()
    assert [json.loads(each)["outcome"] for each in (await sent).text.splitlines()] == ["stored", "stored"]


def new(charity: UUID, source_ref: str) -> dict[str, object]:
    ids = {"id": uuid4(), "person_id": uuid4(), "household_id": uuid4()}
    times = {"created_at": make.NOON, "updated_at": make.NOON}
    return {**ids, "charity_id": charity, "source_ref": source_ref, "name": "سالم", **times}
