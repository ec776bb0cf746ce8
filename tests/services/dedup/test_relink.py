"""Relinking: what would now be said otherwise becomes a proposal; nothing is decided, and again changes nothing."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from prometheus_client import CollectorRegistry

from services.dedup import relink as relinking
from services.dedup.engine.record import Typed
from services.dedup.index import Index
from services.dedup.link import link
from services.dedup.model import load_model
from services.dedup.queries import proposals
from services.dedup.relink import RelinkRuns, Run, relink
from services.dedup.shares import Weights, weights_of
from services.dedup.worker import next_night
from shared import db
from tests.databases import Database
from tests.services.dedup import conftest

NEWER = replace(load_model(), version="a newer one")
GENEROUS = weights_of(replace(NEWER, lower=0.0001, upper=0.9999))
"""Under which many a pair that is apart today would go to a person."""
TODAY = weights_of(load_model())
GIVEN = ("نورة", "خالد", "منى", "سعد")


@pytest.fixture(autouse=True)
async def _nothing_is_there_yet(admin: asyncpg.Connection) -> None:
    await admin.execute("TRUNCATE dedup.record, dedup.blocking_key, dedup.retired, dedup.relink_run CASCADE")


@pytest.fixture
def index(pool: db.Pool, database: Database) -> Index:
    return Index(pool, conftest.settings(database), CollectorRegistry())


def typed(number: int, **told: Any) -> Typed:
    """One of eight invented people of one family; every eighth number is one person, spelled a little otherwise."""
    n = number % 8
    name = f"{GIVEN[n % 4]} {GIVEN[n // 4]} فهد {'الدوسري' if number < 8 else 'الدوسرى'}"
    return replace(
        Typed(UUID(int=number + 1), UUID(int=9), full_name=name, birth=date(1960 + n, 3, 14 - number // 8)), **told
    )


async def settle(admin: asyncpg.Connection) -> None:
    """An hour passes, without waiting for it: what is stored is older than the second of grace."""
    await admin.execute("UPDATE dedup.record SET updated_at = updated_at - interval '1 hour'")
    await admin.execute("UPDATE dedup.relink_run SET changed_before = changed_before - interval '1 hour'")


async def told(admin: asyncpg.Connection) -> list[dict[str, Any]]:
    """The proposals but for their revisions and times."""
    rows = await admin.fetch("SELECT * FROM dedup.proposal ORDER BY low_record, high_record")
    return [{name: value for name, value in row.items() if name not in ("revision", "found_at")} for row in rows]


async def test_what_was_answered_is_no_proposal(index: Index, pool: db.Pool, admin: asyncpg.Connection) -> None:
    for number in range(16):
        await link(index, TODAY, [typed(number)])
    await settle(admin)
    run = await relink(pool, TODAY)

    assert await admin.fetchval("SELECT count(*) FROM dedup.answer") >= 8
    assert run == Run(16, 0, 0)
    assert await told(admin) == []


async def test_a_pair_that_the_look_missed_is_proposed_and_nothing_else_is_touched(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await link(index, TODAY, [typed(0)])
    await link(index, TODAY, [typed(8)])
    await admin.execute("DELETE FROM dedup.answer")
    before = await admin.fetch("SELECT record_id, features, keys FROM dedup.record ORDER BY 1")
    await settle(admin)
    run = await relink(pool, TODAY)
    [proposal] = await told(admin)

    assert (run.proposed, run.withdrawn) == (1, 0)
    assert (proposal["low_record"], proposal["high_record"]) == (UUID(int=1), UUID(int=9))
    assert (proposal["state"], proposal["answered"]) == ("open", None)
    assert proposal["outcome"] in ("probable", "possible")
    assert await admin.fetch("SELECT record_id, features, keys FROM dedup.record ORDER BY 1") == before
    assert await admin.fetchval("SELECT count(*) FROM dedup.answer") == 0


async def test_an_answer_that_a_newer_model_would_not_give_is_proposed_as_apart(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await link(index, TODAY, [typed(0), typed(8)])
    await settle(admin)
    strict = weights_of(replace(NEWER, lower=0.999999, upper=0.9999999, prior=1e-30))
    await relink(pool, strict)
    [proposal] = await told(admin)

    assert proposal["outcome"] == "apart"
    assert proposal["answered"] in ("probable", "possible")
    assert proposal["model_version"] == "a newer one"


async def test_doing_it_again_changes_nothing(index: Index, pool: db.Pool, admin: asyncpg.Connection) -> None:
    await link(index, TODAY, [typed(number) for number in range(16)])
    await settle(admin)
    first = await relink(pool, GENEROUS)
    before = await admin.fetch("SELECT * FROM dedup.proposal ORDER BY revision")
    again = await relink(pool, GENEROUS, everything=True)

    assert first.proposed > 0
    assert (again.records, again.proposed, again.withdrawn) == (16, 0, 0)
    assert await admin.fetch("SELECT * FROM dedup.proposal ORDER BY revision") == before


async def test_only_what_changed_is_looked_at_and_all_after_a_new_model(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await link(index, TODAY, [typed(number) for number in range(8)])
    await settle(admin)
    first = await relink(pool, TODAY)
    nothing = await relink(pool, TODAY)
    await link(index, TODAY, [typed(8), typed(9)])
    await settle(admin)
    changed = await relink(pool, TODAY)
    newer = await relink(pool, GENEROUS)

    assert [run.records for run in (first, nothing, changed, newer)] == [8, 0, 2, 10]


async def test_step_by_step_it_comes_to_what_one_run_over_all_comes_to(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await relink(pool, GENEROUS)
    for numbers in (range(6), range(6, 13), range(13, 24)):
        await link(index, TODAY, [typed(number) for number in numbers])
        await settle(admin)
        await relink(pool, GENEROUS)
    await link(index, TODAY, [typed(3, full_name="عمر زياد برغوثي")])
    await index.remove([UUID(int=6)])
    await settle(admin)
    await relink(pool, GENEROUS)
    stepwise = [each for each in await told(admin) if each["state"] == "open"]
    await admin.execute("TRUNCATE dedup.proposal, dedup.relink_run")
    await settle(admin)
    await relink(pool, GENEROUS)

    assert len(stepwise) > 3
    assert await told(admin) == stepwise


async def test_a_removed_record_takes_its_proposals_along(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await link(index, TODAY, [typed(0), typed(8)])
    await settle(admin)
    await relink(pool, GENEROUS)
    await admin.execute("DELETE FROM dedup.answer")
    await relink(pool, TODAY)
    assert await told(admin) != []
    await index.remove([UUID(int=9)])

    assert await told(admin) == []


async def test_a_proposal_that_holds_no_longer_is_withdrawn(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await link(index, TODAY, [typed(0), typed(8)])
    await admin.execute("DELETE FROM dedup.answer")
    await settle(admin)
    await relink(pool, TODAY)
    await link(index, TODAY, [typed(8)])
    await relink(pool, TODAY, everything=True)

    assert [each["state"] for each in await told(admin)] == ["withdrawn"]


class Killed(Exception):
    """In place of a process that dies between two pages."""


async def test_a_run_that_died_goes_on_where_it_was(
    index: Index, pool: db.Pool, admin: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await link(index, TODAY, [typed(number) for number in range(16)])
    await settle(admin)
    advance, pages = proposals.advance_run, []

    async def die_at_the_third_page(*told: Any) -> Any:
        pages.append(told)
        if len(pages) == 3:
            raise Killed
        return await advance(*told)

    monkeypatch.setattr(proposals, "advance_run", die_at_the_third_page)
    with pytest.raises(Killed):
        await relink(pool, GENEROUS, page=5)
    left = await relinking.due(pool, GENEROUS.model)
    run = await relink(pool, GENEROUS, page=5)
    resumed, taken = await told(admin), len(pages)
    await admin.execute("TRUNCATE dedup.proposal, dedup.relink_run")
    await relink(pool, GENEROUS)

    assert left
    assert (run.records, taken) == (16, 5)
    assert resumed == await told(admin)


async def test_two_never_relink_at_once(pool: db.Pool) -> None:
    async with pool.acquire() as connection:
        await proposals.lock(connection)
        with pytest.raises(RelinkRuns, match="another process"):
            await relink(pool, TODAY)
        await proposals.unlock(connection)


async def test_registrations_that_come_and_go_meanwhile_do_not_disturb_it(
    index: Index, pool: db.Pool, admin: asyncpg.Connection
) -> None:
    await link(index, TODAY, [typed(number) for number in range(24)])
    await settle(admin)

    async def traffic() -> None:
        for number in range(24, 48):
            await link(index, TODAY, [typed(number % 24, record_id=UUID(int=number + 1))])
            await index.remove([UUID(int=number - 23)])

    run, _ = await asyncio.gather(relink(pool, GENEROUS, page=3), traffic())
    sides = await admin.fetch("SELECT low_record FROM dedup.proposal UNION SELECT high_record FROM dedup.proposal")

    assert run.records <= 24
    assert {row[0] for row in sides} <= {UUID(int=number + 1) for number in range(24, 48)}


@pytest.fixture
async def proposing(
    index: Index, pool: db.Pool, admin: asyncpg.Connection, client: httpx.AsyncClient
) -> httpx.AsyncClient:
    await link(index, TODAY, [typed(number) for number in range(16)])
    await admin.execute("DELETE FROM dedup.answer")
    await settle(admin)
    await relink(pool, TODAY)
    return client


async def test_the_registry_reads_proposals_page_by_page_and_later_only_what_is_new(
    proposing: httpx.AsyncClient, admin: asyncpg.Connection
) -> None:
    read: list[Any] = []
    after = 0
    while items := (page := (await proposing.get(f"/v1/proposals?limit=3&after={after}")).json())["items"]:
        assert len(items) <= 3
        read, after = [*read, *items], page["next"]
    end = (await proposing.get(f"/v1/proposals?after={after}")).json()

    assert len(read) == await admin.fetchval("SELECT count(*) FROM dedup.proposal") > 3
    assert [each["revision"] for each in read] == sorted({each["revision"] for each in read})
    assert (end["items"], end["next"]) == ([], after)
    first = read[0]
    assert first["record_ids"] == sorted(first["record_ids"])
    assert sum(part["bits"] for part in first["evidence"]) == pytest.approx(first["bits"])
    assert (await proposing.get("/v1/proposals?state=withdrawn")).json()["items"] == []


@pytest.mark.parametrize("query", ["limit=0", "after=-1", "state=decided", "cursor=3"])
async def test_a_query_that_is_not_valid_is_refused(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/v1/proposals?{query}")).status_code == 422


async def test_proposals_need_the_linkers_scope(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {conftest.token('aid:write')}"}
    assert (await client.get("/v1/proposals", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("told", "hour", "night"),
    [("2026-03-01T02:00", 3, "2026-03-01T03:00"), ("2026-03-01T03:00", 3, "2026-03-02T03:00"),
     ("2026-12-31T23:59", 0, "2027-01-01T00:00")],
)  # fmt: skip
def test_the_next_night_is_at_the_hour_told(told: str, hour: int, night: str) -> None:
    after, expected = (datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (told, night))
    assert next_night(after, hour) == expected
    assert next_night(after + timedelta(microseconds=1), hour) >= expected


async def test_a_new_record_never_changes_what_is_said_of_two_others(index: Index) -> None:
    """At fixed weights: the counts, and so the weights, are read anew by the minute, not by the record."""
    weights: Weights = TODAY
    await link(index, weights, [typed(0), typed(8)])

    async def said() -> list[Any]:
        [of_one] = await link(index, weights, [typed(0)])
        return [(match.score, match.verdict) for match in of_one.matches if match.record_id == UUID(int=9)]

    before = await said()
    for number in (16, 1, 2, 9):
        await link(index, weights, [typed(number)])
        assert await said() == before
    assert before
