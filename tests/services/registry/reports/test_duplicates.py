"""The report of duplicates over HTTP, as auditors read it."""

import csv
from io import StringIO
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from fastapi import FastAPI

from services.registry.people.dedup import Dedup
from shared.tokens import OwnToken
from tests.services.registry import make
from tests.services.registry.issuer import ISSUER, Issuer

PATH = "/v1/reports/duplicates"
JEDDAH, TAIF, RIYADH = "SA-02-02", "SA-02-03", "SA-01-01"


@pytest.fixture
def auditor(issuer: Issuer) -> dict[str, str]:
    return issuer.bearer("reports:read", roles=["auditor"])


async def a_double(admin: asyncpg.Connection, zones: tuple[str | None, str | None] = (JEDDAH, TAIF), **of: Any) -> UUID:
    """A finding between two charities of its own, the later one's request in the first zone."""
    person, requests = make.new_id(), []
    for zone in reversed(zones):
        charity = await make.charity(admin)
        registration = await make.registration(admin, charity, person=person, zone=zone)
        requests.append(await make.request(admin, charity, registration, zone=zone))
    return await make.finding(admin, requests[1], requests[0], **of)


async def read(http: httpx.AsyncClient, headers: dict[str, str], **query: Any) -> dict[str, Any]:
    answer = await http.get(PATH, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


async def test_a_finding_is_shown_with_both_sides_and_its_evidence_and_no_value_that_was_typed(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    finding = await a_double(admin, certainty="suspected")

    body = await read(http, auditor)

    (shown,) = body["findings"]
    assert (shown["id"], shown["certainty"], shown["probability"]) == (str(finding), "suspected", 0.91)
    assert (shown["later"]["zone"], shown["earlier"]["zone"]) == (JEDDAH, TAIF)
    assert shown["later"]["charity"]["id"] != shown["earlier"]["charity"]["id"]
    assert shown["later"]["period"]["start_hijri"] == "1448-04-20"
    assert shown["evidence"]["support"][0]["fields"] == make.FIELDS
    assert (shown["model_version"], shown["policy_version"]) == ("2026-11-a", 1)


async def test_whatever_else_the_evidence_holds_stays_inside(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    await a_double(admin)
    await admin.execute(
        """UPDATE registry.overlap_finding SET evidence = jsonb_set(evidence, '{support,0,fields,0,value}', '"سالم"')"""
    )
    registration = await admin.fetchval("SELECT evidence #>> '{registrations,0}' FROM registry.overlap_finding")

    for how in ("json", "csv"):
        text = (await http.get(PATH, params={"format": how}, headers=auditor)).text
        assert "given" in text
        assert not [secret for secret in ("سالم", registration) if secret in text]


async def test_a_finding_counts_once_under_each_zone_and_charity_it_touches(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    await a_double(admin)
    await a_double(admin, (JEDDAH, JEDDAH), certainty="suspected")
    await a_double(admin, (RIYADH, None), state="closed")

    counts = (await read(http, auditor, zone="SA"))["counts"]
    makkah = (await read(http, auditor, zone="SA-02"))["counts"]

    assert counts["total"] == {"findings": 3, "confirmed": 2, "suspected": 1, "open": 2, "closed": 1}
    assert {each["key"]: each["findings"] for each in counts["by_zone"]} == {"SA-02": 2, "SA-01": 1, None: 1}
    assert {each["key"]: each["findings"] for each in makkah["by_zone"]} == {JEDDAH: 2, TAIF: 1}
    assert sorted(each["findings"] for each in counts["by_charity"]) == [1] * 6
    assert [(each["key"], each["findings"], each["name_ar"]) for each in counts["by_aid_type"]] == [
        ("FOOD_BASKET", 3, "سلة غذائية")
    ]
    assert [(each["key"], each["findings"]) for each in counts["by_model"]] == [("2026-11-a", 3)]


async def test_money_asked_for_twice_counts_each_later_request_once(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    person, requests = make.new_id(), []
    for amount in (100, 200, 300):
        charity = await make.charity(admin)
        registration = await make.registration(admin, charity, person=person)
        requests.append(await make.request(admin, charity, registration, amount=amount, currency="SAR"))
    await make.finding(admin, requests[2], requests[0])
    await make.finding(admin, requests[2], requests[1])

    counts = (await read(http, auditor))["counts"]

    assert counts["money"] == [{"currency": "SAR", "amount": "300.00", "requests": 1}]


async def test_filters_choose_by_zone_type_days_and_state(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    jeddah = str(await a_double(admin))
    riyadh = str(await a_double(admin, (RIYADH, RIYADH), state="closed"))

    async def found(**query: Any) -> list[str]:
        body = await read(http, auditor, **query)
        assert body["counts"]["total"]["findings"] == len(body["findings"])
        return [each["id"] for each in body["findings"]]

    assert await found() == [jeddah, riyadh]
    assert await found(zone=TAIF) == await found(state="open") == [jeddah]
    assert await found(zone="SA-01") == await found(state="closed") == [riyadh]
    assert await found(aid_type="RENT") == await found(**{"from": "2026-11-01"}) == []
    assert await found(**{"from": "2026-10-31", "to": "2026-12-31"}) == [jeddah, riyadh]


async def test_pages_follow_each_other_without_gap_and_carry_the_counts_of_all(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    findings = [str(await a_double(admin)) for _ in range(5)]

    answer = await http.get(PATH, params={"limit": 2, "zone": "SA"}, headers=auditor)
    seen, pages = [], 0
    while True:
        body, pages = answer.json(), pages + 1
        seen += [each["id"] for each in body["findings"]]
        assert body["counts"]["total"]["findings"] == 5
        if body["next"] is None:
            break
        answer = await http.get(answer.links["next"]["url"], headers=auditor)

    assert (seen, pages) == (findings, 3)


@pytest.mark.parametrize("how", [{"params": {"format": "csv"}}, {"headers": {"Accept": "text/csv, */*;q=0.1"}}])
async def test_csv_holds_the_same_findings_by_format_or_by_accept(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection, how: dict[str, Any]
) -> None:
    findings = [str(await a_double(admin, certainty="suspected")) for _ in range(3)]

    answer = await http.get(PATH, params=how.get("params"), headers=auditor | how.get("headers", {}))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.text.count("\r\n") == 4
    rows = list(csv.DictReader(StringIO(answer.text, newline="")))
    assert [row["finding"] for row in rows] == findings
    assert rows[0]["evidence"] == "threshold: given exact +4.25, birth year -0.50"
    assert (rows[0]["probability"], rows[0]["later_zone"], rows[0]["earlier_zone"]) == ("0.91", JEDDAH, TAIF)


async def test_csv_begins_with_a_byte_order_mark_only_where_asked(
    http: httpx.AsyncClient, auditor: dict[str, str]
) -> None:
    marked = await http.get(PATH, params={"format": "csv", "bom": True}, headers=auditor)
    plain = await http.get(PATH, params={"format": "csv"}, headers=auditor)

    assert marked.content == b"\xef\xbb\xbf" + plain.content
    assert plain.content.startswith(b'"finding"')


async def test_json_answers_whoever_prefers_neither(http: httpx.AsyncClient, auditor: dict[str, str]) -> None:
    for accept in ("*/*", "image/png", "text/csv;q=0", "text/csv;q=0.5, application/json", "text/csv;q=x"):
        answer = await http.get(PATH, headers=auditor | {"Accept": accept})
        assert answer.headers["content-type"] == "application/json", accept


async def test_a_name_that_a_spreadsheet_would_run_is_defused(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    await a_double(admin)
    await admin.execute("""UPDATE registry.charity SET name_ar = '=HYPERLINK("http://x","برّ")'""")

    (row,) = csv.DictReader(
        StringIO((await http.get(PATH, params={"format": "csv"}, headers=auditor)).text, newline="")
    )

    assert row["later_charity_name_ar"] == """'=HYPERLINK("http://x","برّ")"""


async def test_an_auditor_bound_to_zones_sees_what_touches_them_and_nothing_else(
    http: httpx.AsyncClient, issuer: Issuer, admin: asyncpg.Connection
) -> None:
    touching = str(await a_double(admin, (RIYADH, JEDDAH)))
    await a_double(admin, (RIYADH, RIYADH))
    await a_double(admin, (None, None))
    bound = issuer.bearer("reports:read", roles=["auditor"], zones=["SA-02"])

    body = await read(http, bound)
    refused = await http.get(PATH, params={"zone": "SA-01"}, headers=bound)

    assert [each["id"] for each in body["findings"]] == [touching]
    assert body["counts"]["total"]["findings"] == 1
    assert (refused.status_code, refused.json()["code"]) == (403, "zone_out_of_sight")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"state": "maybe"}, "#/query/state"),
        ({"limit": 1001}, "#/query/limit"),
        ({"format": "xml"}, "#/query/format"),
        ({"zone": "XX"}, "#/query/zone"),
        ({"from": "yesterday"}, "#/query/from"),
    ],
)
async def test_what_is_wrong_in_the_query_is_named_with_its_place(
    http: httpx.AsyncClient, auditor: dict[str, str], query: dict[str, Any], pointer: str
) -> None:
    answer = await http.get(PATH, params=query, headers=auditor)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)


async def test_a_coordinator_may_not_read_it(http: httpx.AsyncClient, issuer: Issuer) -> None:
    headers = issuer.bearer("coverage:read", roles=["coordinator"], zones=["SA"])
    assert (await http.get(PATH, headers=headers)).status_code == 403


async def test_each_look_is_recorded_with_its_filters_and_the_requests_shown(
    http: httpx.AsyncClient, auditor: dict[str, str], admin: asyncpg.Connection
) -> None:
    await a_double(admin)
    await read(http, auditor, zone="SA-02", state="open")
    await http.get(PATH, params={"format": "csv"}, headers=auditor)

    page, sheet = await admin.fetch("SELECT act, purpose, cardinality(targets) FROM registry.access ORDER BY id")
    assert tuple(page) == ("read", "report of duplicates: zone=SA-02, state=open", 2)
    assert tuple(sheet) == ("read", "report of duplicates: state=all as CSV", 0)


async def test_without_the_matching_service_the_report_says_that_its_thresholds_are_missing(
    http: httpx.AsyncClient, auditor: dict[str, str]
) -> None:
    method = (await read(http, auditor))["method"]
    assert method["thresholds"] is None
    assert "Fellegi" in method["text_en"]


async def test_thresholds_and_their_expected_errors_come_from_the_matching_service(
    http: httpx.AsyncClient, auditor: dict[str, str], app: FastAPI
) -> None:
    model = {
        "model_version": "2026-11-a", "learned_on": "2026-11-20", "data": "20,000 simulated registrations",
        "lower": 0.05, "upper": 0.97, "lower_error": 0.04, "upper_error": 0.002,
    }  # fmt: skip

    async def linker(request: web.Request) -> web.Response:
        assert request.headers["authorization"] == "Bearer t"
        return web.json_response(model)

    service = web.Application()
    service.router.add_get("/v1/model", linker)
    issuer = httpx.MockTransport(lambda _: httpx.Response(200, json={"access_token": "t", "expires_in": 300}))
    async with httpx.AsyncClient(transport=issuer) as wire, TestServer(service) as served, ClientSession() as session:
        token = OwnToken(ISSUER, "registry", "secret", "dedup:link", wire)
        screener = app.state.screener
        dedup = Dedup(str(served.make_url("")).rstrip("/"), token, session)
        app.state.screener = type(screener)(screener.pool, dedup, screener.zones, screener.catalogue)
        assert (await read(http, auditor))["method"]["thresholds"] == model
