"""Coverage over HTTP: what coordinators and auditors are told, and what they are refused."""

from decimal import Decimal
from typing import Any

import asyncpg
import httpx
import pytest

from tests.services.registry import make
from tests.services.registry.issuer import Issuer

JEDDAH, TAIF, RIYADH = "SA-02-02", "SA-02-03", "SA-01"


@pytest.fixture
def auditor(issuer: Issuer) -> dict[str, str]:
    return issuer.bearer("coverage:read", roles=["auditor"])


@pytest.fixture
def coordinator(issuer: Issuer) -> dict[str, str]:
    return issuer.bearer("coverage:read", roles=["coordinator"], zones=["SA-02"])


async def read(http: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> dict[str, Any]:
    answer = await http.get("/v1/coverage/overlap", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def row_of(body: dict[str, Any], code: str | None) -> dict[str, Any]:
    return next(row for row in body["rows"] if (row["zone"] and row["zone"]["code"]) == code)


async def test_a_person_helped_in_two_zones_by_two_charities_counts_in_both_and_once_in_the_total(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    person = make.new_id()
    for zone in (JEDDAH, TAIF):
        charity = await make.charity(admin)
        registration = await make.registration(admin, charity, person=person, zone=zone)
        await make.request(admin, charity, registration, zone=zone)

    body = await read(http, auditor, zone="SA-02")

    both = {"helped": 1, "by_two_or_more": 1}
    assert (row_of(body, JEDDAH)["people"], row_of(body, TAIF)["people"], body["total"]["people"]) == (both,) * 3
    assert body["total"]["requests"]["total"] == 2


async def test_one_overlap_shows_its_requests_its_money_and_its_two_charities(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    person, requests, charities = make.new_id(), [], []
    for amount in ("300.00", "450.50"):
        charity = await make.charity(admin)
        registration = await make.registration(admin, charity, person=person)
        charities.append(str(charity))
        requests.append(await make.request(admin, charity, registration, amount=Decimal(amount), currency="SAR"))
    await make.finding(admin, requests[1], requests[0], certainty="suspected")

    row = row_of(await read(http, auditor, zone="SA-02"), JEDDAH)

    assert row["requests"] == {"total": 2, "in_overlap": {"confirmed": 0, "suspected": 2}}
    assert row["money"] == [
        {"currency": "SAR", "total": "750.50", "in_overlap": {"confirmed": "0.00", "suspected": "750.50"},
         "later": "450.50"}
    ]  # fmt: skip
    (pair,) = row["overlaps"]
    assert {each["id"] for each in pair["charities"]} == set(charities)
    assert (pair["overlaps"], pair["people"]) == ({"confirmed": 0, "suspected": 1}, 1)


async def test_a_request_without_a_zone_counts_in_the_country_of_its_charity_and_in_no_region(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    charity = await make.charity(admin, zones=(JEDDAH,))
    await make.request(admin, charity, await make.registration(admin, charity, zone=None), zone=None)

    saudi, morocco, makkah = [await read(http, auditor, zone=zone) for zone in ("SA", "MA", "SA-02")]

    assert row_of(saudi, None)["requests"]["total"] == saudi["total"]["requests"]["total"] == 1
    assert morocco["total"]["requests"]["total"] == makkah["total"]["requests"]["total"] == 0


async def test_a_request_that_names_only_the_region_is_in_the_row_without_a_governorate(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    charity = await make.charity(admin)
    await make.request(admin, charity, await make.registration(admin, charity), zone="SA-02")

    body = await read(http, auditor, zone="SA-02")

    assert [row["zone"] for row in body["rows"]] == [None]
    assert row_of(body, None)["people"]["helped"] == 1


async def test_the_span_of_days_may_be_given_in_hijri_and_is_answered_in_both(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    charity = await make.charity(admin)
    await make.request(admin, charity, await make.registration(admin, charity))
    span = {"from": "1448-05-01", "to": "1448-05-29", "calendar": "hijri"}

    body = await read(http, auditor, zone="SA", **span)
    later = await read(http, auditor, zone="SA", **{"from": "2026-11-01"})

    assert body["period"] == {
        "first": "2026-10-12", "last": "2026-11-09", "first_hijri": "1448-05-01", "last_hijri": "1448-05-29",
    }  # fmt: skip
    assert (body["total"]["requests"]["total"], later["total"]["requests"]["total"]) == (1, 0)


async def test_zones_where_nobody_is_helped_are_listed_on_demand(
    http: httpx.AsyncClient, auditor: dict[str, str]
) -> None:
    assert (await read(http, auditor, zone="SA"))["rows"] == []
    listed = (await read(http, auditor, zone="SA", empty=True))["rows"]
    assert len(listed) == 13
    assert all(row["people"]["helped"] == 0 for row in listed)


@pytest.mark.parametrize(
    ("query", "pointer", "code"),
    [
        ({"zone": "XX-99"}, "#/query/zone", "unknown_zone"),
        ({}, "#/query/zone", "missing"),
        ({"zone": "SA", "level": 4}, "#/query/level", "no_such_level"),
        ({"zone": "SA-02", "level": 0}, "#/query/level", "no_such_level"),
        ({"zone": "SA", "aid_type": "GOLD"}, "#/query/aid_type", "unknown_aid_type"),
        ({"zone": "SA", "from": "2026-02-30"}, "#/query/from", "impossible_date"),
        ({"zone": "SA", "to": "1448-13-01", "calendar": "hijri"}, "#/query/to", "impossible_date"),
        ({"zone": "SA", "from": "2026-02-02", "to": "2026-02-01"}, "#/query/to", "end_before_start"),
        ({"zone": "SA", "colour": "red"}, "#/query/colour", "extra_forbidden"),
    ],
)
async def test_what_is_wrong_in_the_query_is_named_with_its_place(
    http: httpx.AsyncClient, auditor: dict[str, str], query: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await http.get("/v1/coverage/overlap", params=query, headers=auditor)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert {"pointer": pointer, "code": code}.items() <= answer.json()["errors"][0].items()


@pytest.mark.parametrize(("zone", "status"), [("SA-02", 200), (JEDDAH, 200), (RIYADH, 403), ("SA", 403)])
async def test_a_coordinator_sees_his_zones_and_what_lies_below_them(
    http: httpx.AsyncClient, coordinator: dict[str, str], zone: str, status: int
) -> None:
    answer = await http.get("/v1/coverage/overlap", params={"zone": zone}, headers=coordinator)

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "zone_out_of_sight"


async def test_a_charity_may_not_ask(http: httpx.AsyncClient, issuer: Issuer) -> None:
    headers = issuer.bearer("aid:read aid:write", roles=["charity"], charity=make.new_id())
    answer = await http.get("/v1/coverage/overlap", params={"zone": "SA"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "insufficient_scope")


async def test_each_look_is_recorded(
    http: httpx.AsyncClient, coordinator: dict[str, str], admin: asyncpg.Connection
) -> None:
    await read(http, coordinator, zone="SA-02")

    (line,) = await admin.fetch("SELECT act, purpose, client_id FROM registry.access")
    assert tuple(line) == ("read", "coverage of SA-02", "client")
