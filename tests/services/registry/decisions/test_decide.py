"""A reviewer decides on held requests."""

from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.services.registry import make
from tests.services.registry.issuer import Issuer

REASON = "The two baskets are for two kitchens; seen on site."
APPROVE, REJECT = {"decision": "approve", "reason": REASON}, {"decision": "reject", "reason": REASON}


@pytest.fixture
def reviewer(issuer: Issuer) -> dict[str, str]:
    return issuer.bearer("decisions:write", roles=["reviewer"], client="reviewer-7")


async def a_request(admin: asyncpg.Connection, status: str = "held", zone: str | None = make.ZONE) -> UUID:
    charity = await make.charity(admin)
    registration = await make.registration(admin, charity, zone=zone)
    return await make.request(admin, charity, registration, status=status, zone=zone)


async def decide(
    http: httpx.AsyncClient, headers: dict[str, str], request: UUID, form: dict[str, Any], if_match: str | None = '"1"'
) -> httpx.Response:
    match = {"If-Match": if_match} if if_match is not None else {}
    return await http.post(f"/v1/aid-requests/{request}/decision", json=form, headers=headers | match)


@pytest.mark.parametrize(("form", "status"), [(APPROVE, "approved"), (REJECT, "rejected")])
async def test_a_held_request_is_decided_with_author_and_reason(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection, form: dict[str, Any], status: str
) -> None:
    request = await a_request(admin)

    answer = await decide(http, reviewer, request, form)

    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert {"request": str(request), "status": status, "author": "reviewer-7"}.items() <= answer.json().items()
    assert await admin.fetchval("SELECT status FROM registry.aid_request WHERE id = $1", request) == status
    (line,) = await admin.fetch("SELECT status, author, reason FROM registry.request_status")
    assert tuple(line) == (status, "reviewer-7", REASON)
    (access,) = await admin.fetch("SELECT act, purpose, targets FROM registry.access")
    assert tuple(access) == ("write", f"decision: {status}", [request])


async def test_after_a_rejection_and_only_then_what_overlapped_is_looked_at_anew(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection
) -> None:
    approved, rejected = await a_request(admin), await a_request(admin)
    await decide(http, reviewer, approved, APPROVE)
    await decide(http, reviewer, rejected, REJECT)

    letters = await admin.fetch("SELECT name, subject FROM registry.letter")
    assert [tuple(letter) for letter in letters] == [("aid.requested.v1", rejected)]


@pytest.mark.parametrize("status", ["pending", "cleared", "approved", "rejected", "delivered", "closed", "cancelled"])
async def test_only_a_held_request_can_be_decided(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection, status: str
) -> None:
    request = await a_request(admin, status)

    answer = await decide(http, reviewer, request, APPROVE)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_in_this_state")
    assert await admin.fetchval("SELECT status FROM registry.aid_request WHERE id = $1", request) == status


async def test_the_second_of_two_decisions_finds_its_copy_stale(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection
) -> None:
    request = await a_request(admin)
    await decide(http, reviewer, request, APPROVE)
    answer = await decide(http, reviewer, request, REJECT)
    assert (answer.status_code, answer.json()["code"]) == (412, "version_stale")


async def test_a_decision_without_if_match_is_refused(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection
) -> None:
    answer = await decide(http, reviewer, await a_request(admin), APPROVE, if_match=None)
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_missing")


async def test_a_request_outside_the_reviewers_zones_looks_like_none_at_all(
    http: httpx.AsyncClient, issuer: Issuer, admin: asyncpg.Connection
) -> None:
    bound = issuer.bearer("decisions:write", roles=["reviewer"], zones=["SA-02"])
    inside, outside, nowhere = [await a_request(admin, zone=zone) for zone in ("SA-02-02", "SA-01-01", None)]

    answers = [await decide(http, bound, request, APPROVE) for request in (inside, outside, nowhere, make.new_id())]

    assert [answer.status_code for answer in answers] == [200, 404, 404, 404]
    refusals = [{**answer.json(), "instance": "", "request_id": ""} for answer in answers[1:]]
    assert refusals[0] == refusals[1] == refusals[2]


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        ({"decision": "approve", "reason": "too short"}, "/reason"),
        ({"decision": "approve", "reason": " " * 20}, "/reason"),
        ({"decision": "postpone", "reason": REASON}, "/decision"),
        ({"decision": "approve"}, "/reason"),
    ],
)
async def test_a_decision_needs_a_verdict_and_a_reason(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection, form: dict[str, Any], pointer: str
) -> None:
    answer = await decide(http, reviewer, await a_request(admin), form)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_charity_may_not_decide_on_its_own_request(
    http: httpx.AsyncClient, issuer: Issuer, admin: asyncpg.Connection
) -> None:
    request = await a_request(admin)
    owner = await admin.fetchval("SELECT charity_id FROM registry.aid_request WHERE id = $1", request)
    headers = issuer.bearer("aid:read aid:write", roles=["charity"], charity=owner)
    assert (await decide(http, headers, request, APPROVE)).status_code == 403
