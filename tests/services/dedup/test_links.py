"""Linking over the API, on a real database."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import httpx
import pytest

from tests.databases import Database
from tests.services.dedup.conftest import Clients, person, settings, token


@pytest.fixture(autouse=True)
async def _nobody_is_stored_yet(admin: asyncpg.Connection) -> None:
    await admin.execute("TRUNCATE dedup.record, dedup.blocking_key, dedup.retired CASCADE")


async def asked(client: httpx.AsyncClient, path: str, *records: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.post(path, json={"records": records})
    assert answer.status_code == 200, answer.text
    results: list[dict[str, Any]] = answer.json()["results"]
    return results


def found(result: dict[str, Any]) -> list[str]:
    return [match["record_id"] for match in result["matches"]]


async def stored(admin: asyncpg.Connection) -> list[Any]:
    records = await admin.fetch("SELECT record_id, charity_id, features, keys FROM dedup.record ORDER BY 1")
    keys = await admin.fetch("SELECT hash, record_id FROM dedup.blocking_key ORDER BY 1, 2")
    return [*records, *keys]


async def test_a_second_registration_of_a_person_finds_the_first(client: httpx.AsyncClient) -> None:
    first, second = person(), person(full_name="نوره سعد الدوسري")
    [alone] = await asked(client, "/v1/links", first)
    [result] = await asked(client, "/v1/links", second)

    assert (alone["matches"], alone["candidates"]) == ([], 0)
    assert (result["record_id"], found(result)) == (second["record_id"], [first["record_id"]])
    [match] = result["matches"]
    assert match["outcome"] in ("probable", "possible")
    assert all(match[reason] for reason in ("reason_ar", "reason_en"))
    assert sum(part["bits"] for part in match["evidence"]) == pytest.approx(match["bits"])


async def test_one_id_under_one_name_is_certain(client: httpx.AsyncClient) -> None:
    first, second = person(id_token="ab" * 16), person(id_token="ab" * 16)
    results = await asked(client, "/v1/links", first, second)

    assert [match["outcome"] for result in results for match in result["matches"]] == ["certain", "certain"]


async def test_one_id_on_two_people_is_a_conflict_and_never_silent(client: httpx.AsyncClient) -> None:
    mother = person(id_token="cd" * 16)
    child = person(id_token="cd" * 16, full_name="خالد علي فهد الدوسري", birth="2015-09-02", gender="male")
    _, result = await asked(client, "/v1/links", mother, child)

    assert [match["outcome"] for match in result["matches"]] == ["conflict"]


async def test_strangers_do_not_match(client: httpx.AsyncClient) -> None:
    stranger = person(full_name="عمر زياد كمال برغوثي", birth="1960-11-30", phones=["0509876543"], gender="male")
    results = await asked(client, "/v1/links", person(), stranger)

    assert [result["matches"] for result in results] == [[], []]


async def test_storing_a_record_again_changes_nothing(client: httpx.AsyncClient, admin: asyncpg.Connection) -> None:
    record = person()
    [once] = await asked(client, "/v1/links", record)
    before = await stored(admin)
    [twice] = await asked(client, "/v1/links", record)

    assert await stored(admin) == before
    assert once == twice
    assert await admin.fetchval("SELECT count(*) FROM dedup.retired") == 0


async def test_a_record_twice_in_one_call_is_stored_as_it_came_last(client: httpx.AsyncClient) -> None:
    record = person()
    moved = {**record, "full_name": "منى طارق عوض باناجه", "birth": "1999-12-02", "phones": ["0533333333"]}
    results = await asked(client, "/v1/links", record, moved)
    [looking] = await asked(client, "/v1/matches", {**moved, "record_id": person()["record_id"]})

    assert [result["matches"] for result in results] == [[], []]
    assert found(looking) == [record["record_id"]]


async def test_only_looking_stores_nothing(client: httpx.AsyncClient, admin: asyncpg.Connection) -> None:
    first = person()
    await asked(client, "/v1/links", first)
    before = await stored(admin)
    [result] = await asked(client, "/v1/matches", person())

    assert found(result) == [first["record_id"]]
    assert await stored(admin) == before


async def test_a_record_never_matches_itself(client: httpx.AsyncClient) -> None:
    record = person(id_token="ef" * 16)
    for path in ("/v1/links", "/v1/links", "/v1/matches"):
        [result] = await asked(client, path, record)
        assert (result["matches"], result["candidates"]) == ([], 0)


async def test_an_amended_record_is_found_as_it_is_now_only(
    client: httpx.AsyncClient, admin: asyncpg.Connection
) -> None:
    record = person()
    now = {**record, "full_name": "منى طارق عوض باناجه", "birth": "1999-12-02", "phones": ["0533333333"]}
    await asked(client, "/v1/links", record)
    await asked(client, "/v1/links", now)
    [as_before] = await asked(client, "/v1/matches", person())
    [as_now] = await asked(client, "/v1/matches", {**now, "record_id": person()["record_id"]})

    assert (as_before["candidates"], found(as_now)) == (0, [record["record_id"]])
    keys, listed = await admin.fetchrow(
        "SELECT (SELECT count(*) FROM dedup.blocking_key), cardinality(keys) FROM dedup.record"
    )
    assert keys == listed


async def test_a_removed_record_is_not_found(client: httpx.AsyncClient, admin: asyncpg.Connection) -> None:
    record = person()
    await asked(client, "/v1/links", record)
    removed = await client.post("/v1/removals", json={"record_ids": [record["record_id"]]})
    again = await client.post("/v1/removals", json={"record_ids": [record["record_id"]]})
    [result] = await asked(client, "/v1/matches", person())

    assert (removed.json(), again.json()) == ({"removed": 1}, {"removed": 0})
    assert result["candidates"] == 0
    assert await stored(admin) == []


async def test_of_two_that_arrive_at_one_moment_one_sees_the_other(clients: Clients) -> None:
    async with AsyncExitStack() as stack:
        here, there = [await stack.enter_async_context(clients()) for _ in range(2)]
        for turn in range(100):
            day = f"19{40 + turn // 12}-{turn % 12 + 1:02}-17"
            first, second = person(birth=day, phones=[]), person(birth=day, phones=[])
            [[one], [other]] = await asyncio.gather(asked(here, "/v1/links", first), asked(there, "/v1/links", second))
            assert second["record_id"] in found(one) or first["record_id"] in found(other)


async def test_batches_that_store_the_same_records_in_opposite_order_do_not_wait_for_each_other(
    clients: Clients,
) -> None:
    bare = [{field: person()[field] for field in ("record_id", "charity_id")} for _ in range(200)]
    async with AsyncExitStack() as stack:
        here, there = [await stack.enter_async_context(clients()) for _ in range(2)]
        for turn in range(30):
            changed = [{**record, "address_text": f"شارع {turn} شمال"} for record in bare]
            await asyncio.gather(asked(here, "/v1/links", *changed), asked(there, "/v1/links", *reversed(changed)))


async def test_what_the_caps_leave_out_is_counted(clients: Clients) -> None:
    async with clients(dedup_key_cap=3, dedup_candidate_cap=2) as client:
        await asked(client, "/v1/links", *[person() for _ in range(8)])
        [result] = await asked(client, "/v1/matches", person())
        metrics = (await client.get("/metrics")).text

    assert (result["candidates"], len(result["matches"])) == (4, 2)
    figures = dict(line.split() for line in metrics.splitlines() if line.startswith("sijill_dedup_"))
    assert float(figures["sijill_dedup_keys_over_cap_total"]) > 0
    assert float(figures["sijill_dedup_candidates_over_cap_total"]) > 0


async def test_a_record_that_says_nothing_is_stored_and_matches_nobody(client: httpx.AsyncClient) -> None:
    bare = {field: person()[field] for field in ("record_id", "charity_id")}
    results = await asked(client, "/v1/links", bare, {**bare, "record_id": person()["record_id"]})

    assert [result["candidates"] for result in results] == [0, 0]


@pytest.mark.parametrize(
    ("scope", "status", "code"), [("aid:write", 403, "insufficient_scope"), ("", 403, "insufficient_scope")]
)
@pytest.mark.parametrize("path", ["/v1/links", "/v1/matches", "/v1/removals"])
async def test_a_token_without_the_scope_is_refused(
    client: httpx.AsyncClient, path: str, scope: str, status: int, code: str
) -> None:
    headers = {"Authorization": f"Bearer {token(scope)}"}
    answer = await client.post(path, json={"records": [person()]}, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_without_a_token_there_is_no_answer(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/links", json={"records": [person()]}, headers={"Authorization": ""})

    assert (answer.status_code, answer.json()["code"]) == (401, "missing_token")


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"surprise": 1}, "/records/0/surprise"),
        ({"birth": "1987-02-30"}, "/records/0/birth"),
        ({"gender": "f"}, "/records/0/gender"),
        ({"id_token": "1012345672"}, "/records/0/id_token"),
        ({"full_name": "ن" * 301}, "/records/0/full_name"),
    ],
)
async def test_a_form_that_is_not_valid_is_refused_with_its_place(
    client: httpx.AsyncClient, admin: asyncpg.Connection, change: dict[str, Any], pointer: str
) -> None:
    answer = await client.post("/v1/links", json={"records": [person(**change)]})

    assert answer.status_code == 422
    assert [flaw["pointer"] for flaw in answer.json()["errors"]] == [pointer]
    assert await stored(admin) == []


@pytest.mark.parametrize("path", ["/v1/links", "/v1/matches"])
async def test_a_database_that_is_gone_is_a_503_and_not_an_empty_answer(
    clients: Clients, database: Database, path: str
) -> None:
    nowhere = str(settings(database).dedup_database_url.get_secret_value()).replace(database.name, "nowhere")
    async with clients(dedup_database_url=nowhere) as client:
        answer = await client.post(path, json={"records": [person()]})
        ready = await client.get("/readyz")

    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert "results" not in answer.json()
    assert ready.status_code == 503


async def test_connections_cut_under_the_service_are_a_503_at_most_and_then_it_serves_again(
    client: httpx.AsyncClient, admin: asyncpg.Connection
) -> None:
    await asked(client, "/v1/links", person())
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE usename = 'sijill_dedup' AND datname = current_database()"
    )
    cut = await client.post("/v1/matches", json={"records": [person()]})
    assert cut.status_code == 503 or cut.json()["results"][0]["candidates"] == 1

    [result] = await asked(client, "/v1/matches", person())
    assert result["candidates"] == 1
