"""Any process of the house may be killed at any moment: nothing acknowledged is lost, and no overlap is missed."""

import asyncio
from uuid import UUID

import pytest

from services.cli.simulate import load_policies, true_overlaps
from shared.ids import parse_national_id
from tests.flow.load import Load, draw
from tests.houses import Client, Town

pytestmark = pytest.mark.asyncio(loop_scope="module")
PROGRAMS = ("registry", "dedup", "postgres", "identity", "registry-worker", "dedup-worker", "nafath-mock")
FULL = 2_000


async def test_nothing_is_lost_doubled_or_missed_when_each_process_is_killed_in_turn(town: Town) -> None:
    load = Load(town, draw(FULL, seed=1), "in-turn")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(load.run())
        for turn, program in enumerate(PROGRAMS, start=1):
            await load.reached(turn / (len(PROGRAMS) + 2))
            await town.crash(program)

    await holds_all_that_was_acknowledged(town, load)
    await found_every_overlap(town, load)


async def test_with_the_matching_service_down_requests_are_stored_pending_and_screened_once_it_is_back(
    town: Town,
) -> None:
    first, second = await town.new_charity("first door"), await town.new_charity("second door")
    await town.house.kill("dedup")
    ids = [await submit_while_down(town, charity, "A-1") for charity in (first, second)]

    await town.house.restart("dedup")
    await town.settled()

    statuses = [(await town.call(c, "GET", f"/v1/aid-requests/{id_}")).json()["status"] for c, id_ in ids]
    assert sorted(statuses) == ["cleared", "held"]


@pytest.mark.long
@pytest.mark.parametrize("program", PROGRAMS)
async def test_nothing_is_lost_doubled_or_missed_when_one_process_is_killed_again_and_again(
    town: Town, program: str
) -> None:
    load = Load(town, draw(FULL, seed=PROGRAMS.index(program) + 2), program)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(load.run())
        for share in (0.2, 0.4, 0.6, 0.8):
            await load.reached(share)
            await town.crash(program)

    await holds_all_that_was_acknowledged(town, load)
    await found_every_overlap(town, load)


async def submit_while_down(town: Town, charity: Client, source_ref: str) -> tuple[Client, str]:
    form = {
        "applicant": {"source_ref": source_ref, "name": "نوال سعيد عوض الزهراني", "national_id": "1000000008"},
        "aid_type": "FOOD_BASKET",
        "period": {"start": "2026-12-01", "end": "2026-12-31"},
    }
    answer = await town.call(charity, "POST", "/v1/aid-requests", json=form, headers={"Idempotency-Key": "down"})
    assert answer.status_code == 201
    assert (answer.json()["status"], answer.json()["screening"]) == ("pending", "pending")
    return charity, answer.json()["id"]


async def holds_all_that_was_acknowledged(town: Town, load: Load) -> None:
    """Every request of the load is stored once, under the id that was answered, and is screened in the end."""
    await town.settled()
    assert len(set(load.acknowledged.values())) == len(load.requests)
    stored = await town.fetch(
        "SELECT q.id, q.status, q.screened_at FROM registry.aid_request AS q"
        " JOIN registry.registration AS r ON r.id = q.registration_id WHERE starts_with(r.source_ref, $1)",
        f"{load.run_name}/",
    )
    assert sorted(row["id"] for row in stored) == sorted(load.acknowledged.values())
    assert {row["status"] for row in stored} <= {"cleared", "held"}
    assert all(row["screened_at"] for row in stored)
    [counts] = await town.fetch(
        "SELECT (SELECT count(*) FROM registry.letter WHERE parked_at IS NOT NULL) AS parked,"
        " (SELECT count(*) FROM registry.registration AS r"
        "  WHERE NOT EXISTS (SELECT FROM dedup.record AS d WHERE d.record_id = r.id)) AS unknown,"
        " (SELECT count(*) FROM registry.registration AS r WHERE (SELECT count(*) FROM registry.identity_link AS l"
        "  WHERE l.registration_id = r.id AND l.ended_at IS NULL) <> 1) AS unlinked"
    )
    assert dict(counts) == {"parked": 0, "unknown": 0, "unlinked": 0}


async def found_every_overlap(town: Town, load: Load) -> None:
    """What truly overlaps and bears one ID is found, and screening everything once more finds nothing else."""
    before = await open_findings(town)
    assert {frozenset((load.id(a), load.id(b))) for a, b in sure_overlaps(load)} <= before

    await town.fetch(
        "INSERT INTO registry.letter (name, subject, written_at, due_at)"
        " SELECT 'aid.requested.v1', id, now(), now() FROM registry.aid_request"
    )
    await town.settled()

    assert await open_findings(town) == before
    held = await town.fetch(
        "SELECT q.id, q.status = 'held' AS held, EXISTS (SELECT FROM registry.overlap_finding AS f"
        " WHERE f.request_id = q.id AND f.state = 'open' AND f.effect = 'hold') AS flagged"
        " FROM registry.aid_request AS q"
    )
    assert [row["id"] for row in held if row["held"] != row["flagged"]] == []


def sure_overlaps(load: Load) -> set[tuple[int, int]]:
    """Pairs of places in the load that truly overlap and that bear one and the same ID."""
    return {
        (later, earlier)
        for later, earlier in true_overlaps(load.requests, load_policies())
        if id_at(load, later) is not None and id_at(load, later) == id_at(load, earlier)
    }


def id_at(load: Load, place: int) -> str | None:
    typed = load.requests[place].form["applicant"].get("national_id")
    return parse_national_id(typed)[0] if typed else None


async def open_findings(town: Town) -> set[frozenset[UUID]]:
    rows = await town.fetch("SELECT request_id, earlier_id FROM registry.overlap_finding WHERE state = 'open'")
    return {frozenset((row["request_id"], row["earlier_id"])) for row in rows}
