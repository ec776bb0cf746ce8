"""A reviewer sees what waits for a decision, where he may look, with the evidence and without the people."""

from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests.services.registry import make
from tests.services.registry.issuer import Issuer

HELD = "/v1/held-requests"


@pytest.fixture
def reviewer(issuer: Issuer) -> dict[str, str]:
    return issuer.bearer("decisions:write", roles=["reviewer"], client="reviewer-7")


async def a_request(admin: asyncpg.Connection, status: str = "held", zone: str | None = make.ZONE) -> UUID:
    charity = await make.charity(admin)
    registration = await make.registration(admin, charity, zone=zone)
    return await make.request(admin, charity, registration, status=status, zone=zone)


async def seen(http: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> dict[str, Any]:
    answer = await http.get(HELD, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def test_held_requests_come_with_what_holds_them_and_with_nobodys_name(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection
) -> None:
    earlier, later = await a_request(admin, "cleared"), await a_request(admin)
    found = await make.finding(admin, later, earlier)
    await make.finding(admin, later, await a_request(admin, "cancelled"), state="closed")

    answer = await http.get(HELD, headers=reviewer)

    (item,) = answer.json()["items"]
    assert (item["id"], item["etag"], item["aid_type"], item["zone"]) == (str(later), '"1"', make.FOOD, make.ZONE)
    (why,) = item["findings"]
    assert (why["id"], why["later"]["request"], why["earlier"]["request"]) == (str(found), str(later), str(earlier))
    assert why["evidence"]["support"][0]["fields"] == make.FIELDS
    assert "سالم" not in answer.text
    assert await admin.fetchval("SELECT count(*) FROM registry.registration WHERE position(id::text in $1) > 0",
                                answer.text) == 0  # fmt: skip


async def test_the_etag_of_the_list_is_good_for_the_decision(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection
) -> None:
    request = await a_request(admin)
    (item,) = (await seen(http, reviewer))["items"]
    decision = {"decision": "approve", "reason": "Two kitchens; seen on site."}

    answer = await http.post(
        f"/v1/aid-requests/{request}/decision", json=decision, headers=reviewer | {"If-Match": item["etag"]}
    )

    assert answer.status_code == 200
    assert (await seen(http, reviewer))["items"] == []


@pytest.mark.parametrize(
    ("zones", "places"),
    [((), ["SA-02-02", "SA-01-01", None]), (("SA",), ["SA-02-02", "SA-01-01", None]), (("SA-02",), ["SA-02-02"])],
)
async def test_a_reviewer_sees_what_lies_within_his_zones(
    http: httpx.AsyncClient, issuer: Issuer, admin: asyncpg.Connection, zones: tuple[str, ...], places: list[str | None]
) -> None:
    for zone in ("SA-02-02", "SA-01-01", None):
        await a_request(admin, zone=zone)
    bound = issuer.bearer("decisions:write", roles=["reviewer"], zones=zones)

    assert [item["zone"] for item in (await seen(http, bound))["items"]] == places


async def test_pages_follow_one_another_until_the_end(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection
) -> None:
    requests = [str(await a_request(admin)) for _ in range(3)]

    first = await http.get(HELD, params={"limit": 2}, headers=reviewer)
    second = await http.get(first.links["next"]["url"], headers=reviewer)

    assert [item["id"] for page in (first, second) for item in page.json()["items"]] == requests
    assert second.json()["next"] is None


async def test_the_access_log_names_the_requests_that_were_looked_at(
    http: httpx.AsyncClient, reviewer: dict[str, str], admin: asyncpg.Connection
) -> None:
    alone, later, earlier = await a_request(admin), await a_request(admin), await a_request(admin, "cleared")
    await make.finding(admin, later, earlier)

    await seen(http, reviewer)

    (line,) = await admin.fetch("SELECT client_id, act, purpose, targets FROM registry.access")
    assert tuple(line) == ("reviewer-7", "read", "held requests", sorted([alone, later, earlier]))


async def test_a_charity_may_not_see_them(http: httpx.AsyncClient, issuer: Issuer, admin: asyncpg.Connection) -> None:
    headers = issuer.bearer("aid:read aid:write", roles=["charity"], charity=await make.charity(admin))
    assert (await http.get(HELD, headers=headers)).status_code == 403
