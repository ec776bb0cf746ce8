"""A call that is wrong around its body is refused too: headers, tokens, queries, methods, paths."""

import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from tests.contract.refusal import check_problem, form, key, refused
from tests.contract.standing import Standing


@pytest.fixture(scope="module")
def charity(house: Standing) -> Iterator[httpx.Client]:
    with house.client("charity") as client:
        yield client


@pytest.fixture(scope="module")
def stored(charity: httpx.Client) -> httpx.Response:
    """A request that is stored, as answered."""
    answer = charity.post("/v1/aid-requests", json=form(), headers=key())
    assert answer.status_code == 201, answer.text
    return answer


LONGEST = "k" * 200


@pytest.mark.parametrize("sent", [None, "", "k" * 201, "مفتاح".encode(), b"caf\xe9", "a\tb"])
def test_creation_asks_for_an_idempotency_key_of_a_sensible_form(
    house: Standing, charity: httpx.Client, sent: str | bytes | None
) -> None:
    headers: Any = {} if sent is None else {"Idempotency-Key": sent}
    refused(
        house, lambda: charity.post("/v1/aid-requests", json=form(), headers=headers), 400, "idempotency_key_missing"
    )


def test_a_key_may_be_200_characters_long_and_stands_for_one_body(house: Standing, charity: httpx.Client) -> None:
    headers, body = {"Idempotency-Key": LONGEST}, form()
    first = charity.post("/v1/aid-requests", json=body, headers=headers)

    again = charity.post("/v1/aid-requests", json=body, headers=headers)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]
    refused(
        house, lambda: charity.post("/v1/aid-requests", json=body | {"note": "another"}, headers=headers), 422,
        "idempotency_key_reused",
    )  # fmt: skip


def test_two_charities_may_use_one_key(house: Standing, charity: httpx.Client) -> None:
    headers = key()
    with house.client("neighbour") as neighbour:
        answers = [client.post("/v1/aid-requests", json=form(), headers=headers) for client in (charity, neighbour)]

    assert [answer.status_code for answer in answers] == [201, 201]


@pytest.mark.parametrize(
    ("if_match", "status", "code"),
    [
        (None, 428, "if_match_missing"),
        ('"999"', 412, "version_stale"),
        ('W/"2"', 412, "version_stale"),
        ('"8", "9"', 412, "version_stale"),
        ("2", 400, "if_match_malformed"),
        ('"2', 400, "if_match_malformed"),
        ("", 400, "if_match_malformed"),
        ("nonsense, *", 400, "if_match_malformed"),
    ],
)
@pytest.mark.parametrize(
    ("method", "below", "body"),
    [
        ("PATCH", "", {"note": "تعديل"}),
        ("POST", "/cancellation", {"reason": "سجّل مرتين"}),
        ("POST", "/delivery", {"delivered_on": "2026-11-01"}),
    ],
)
def test_a_change_needs_the_newest_copy(
    house: Standing, charity: httpx.Client, stored: httpx.Response, if_match: str | None, status: int, code: str,
    method: str, below: str, body: dict[str, Any],
) -> None:  # fmt: skip
    headers = {} if if_match is None else {"If-Match": if_match}
    path = stored.headers["location"] + below

    refused(house, lambda: charity.request(method, path, json=body, headers=headers), status, code)


def test_a_star_matches_whatever_copy_there_is(charity: httpx.Client) -> None:
    path = charity.post("/v1/aid-requests", json=form(), headers=key()).headers["location"]

    answer = charity.patch(path, json={"note": "تعديل"}, headers={"If-Match": "*"})

    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"period": {"start": "2026-12-31", "end": "2026-12-01"}}, "/period", "end_before_start"),
        ({"aid_type": "FREE_LUNCH"}, "/aid_type", "unknown_aid_type"),
        ({"status": "approved"}, "/status", "extra_forbidden"),
        ({"applicant": {"source_ref": "C-1"}}, "/applicant", "missing_name"),
    ],
)
def test_an_amendment_is_checked_as_a_submission_is(
    house: Standing, charity: httpx.Client, stored: httpx.Response, body: dict[str, Any], pointer: str, code: str
) -> None:
    path, headers = stored.headers["location"], {"If-Match": stored.headers["etag"]}

    refused(house, lambda: charity.patch(path, json=body, headers=headers), 422, "invalid_input", (pointer, code))


def test_nobody_amends_a_request_into_another_persons(
    house: Standing, charity: httpx.Client, stored: httpx.Response
) -> None:
    path, headers = stored.headers["location"], {"If-Match": stored.headers["etag"]}
    body = {"applicant": {"source_ref": "somebody else", "name": "منى علي"}}

    refused(house, lambda: charity.patch(path, json=body, headers=headers), 422, "other_applicant")


@pytest.mark.parametrize(("day", "code"), [("2999-01-01", "in_the_future"), ("0001-01-01", "too_far_back")])
def test_a_day_of_delivery_out_of_range_is_refused(house: Standing, charity: httpx.Client, day: str, code: str) -> None:
    body = form(applicant={"source_ref": f"D-{code}", "name": f"زكية مرزوق {code}"}, aid_type="VOCATIONAL_TRAINING")
    path = charity.post("/v1/aid-requests", json=body, headers=key()).headers["location"]

    refused(
        house, lambda: charity.post(f"{path}/delivery", json={"delivered_on": day}, headers={"If-Match": "*"}), 422,
        "invalid_input", ("/delivered_on", code),
    )  # fmt: skip


BAD_QUERIES = [
    ("/v1/aid-requests", "limit=0", "#/query/limit", "greater_than_equal"),
    ("/v1/aid-requests", "limit=201", "#/query/limit", "less_than_equal"),
    ("/v1/aid-requests", "limit=ten", "#/query/limit", "int_parsing"),
    ("/v1/aid-requests", f"limit={'9' * 5000}", "#/query/limit", "int_parsing_size"),
    ("/v1/aid-requests", "status=lost", "#/query/status", "enum"),
    ("/v1/aid-requests", "staus=held", "#/query/staus", "extra_forbidden"),
    ("/v1/aid-requests", f"cursor={'A' * 101}", "#/query/cursor", "string_too_long"),
    ("/v1/aid-requests", "cursor=%00", "#/query/cursor", "control_character"),
    ("/v1/zones", "parent=%00", "#/query/parent", "control_character"),
    ("/v1/zones", f"parent={'S' * 41}", "#/query/parent", "string_too_long"),
    ("/v1/zones/%00", "", "#/path/code", "control_character"),
    ("/v1/aid-requests/not-an-id", "", "#/path/request_id", "uuid_parsing"),
    ("/v1/charities/7", "", "#/path/charity_id", "uuid_parsing"),
]


@pytest.mark.parametrize(("path", "query", "pointer", "code"), BAD_QUERIES)
def test_a_bad_query_is_named(
    house: Standing, charity: httpx.Client, path: str, query: str, pointer: str, code: str
) -> None:
    refused(house, lambda: charity.get(f"{path}?{query}"), 422, "invalid_input", (pointer, code))


@pytest.mark.parametrize("cursor", ["bad", "é", "A" * 100, "=", "////", "AAAA"])
def test_a_bad_cursor_is_named(house: Standing, charity: httpx.Client, cursor: str) -> None:
    refused(
        house, lambda: charity.get("/v1/aid-requests", params={"cursor": cursor}), 422, "invalid_cursor",
        ("#/query/cursor", "invalid_cursor"),
    )  # fmt: skip


SPANS = [
    ("zone=SA-99", "#/query/zone", "unknown_zone"),
    ("zone=SA-02&aid_type=LUNCH", "#/query/aid_type", "unknown_aid_type"),
    ("zone=SA-02&from=2026-02-30", "#/query/from", "impossible_date"),
    ("zone=SA-02&from=2026-02-01&to=2026-01-01", "#/query/to", "end_before_start"),
    ("zone=SA-02&from=1448-13-01&calendar=hijri", "#/query/from", "impossible_date"),
    ("zone=SA-02&calendar=mayan", "#/query/calendar", "enum"),
    ("zone=SA-02&colour=red", "#/query/colour", "extra_forbidden"),
    ("zone=SA-02%00", "#/query/zone", "control_character"),
]


@pytest.mark.parametrize(("query", "pointer", "code"), SPANS)
@pytest.mark.parametrize(
    ("caller", "path"), [("coordinator", "/v1/coverage/overlap"), ("auditor", "/v1/reports/duplicates")]
)
def test_a_bad_selection_is_named(house: Standing, caller: str, path: str, query: str, pointer: str, code: str) -> None:
    with house.client(caller) as client:
        refused(house, lambda: client.get(f"{path}?{query}"), 422, "invalid_input", (pointer, code))


@pytest.mark.parametrize("level", [-1, 0, 9, 10**30, "x"])
def test_a_level_that_the_zone_does_not_have_is_named(house: Standing, level: Any) -> None:
    with house.client("coordinator") as client:
        before = house.rows()
        answer = client.get(f"/v1/coverage/overlap?zone=SA-02&level={level}")
        problem = check_problem(answer, 422, "invalid_input")
    assert [each["pointer"] for each in problem["errors"]] == ["#/query/level"]
    assert house.rows() == before


def test_what_does_not_exist_is_not_found(house: Standing, charity: httpx.Client, stored: httpx.Response) -> None:
    unknown = f"/v1/aid-requests/{uuid4()}"
    theirs = stored.headers["location"]
    newest = {"If-Match": "*"}

    refused(house, lambda: charity.get(unknown), 404, "aid_request_not_found")
    refused(house, lambda: charity.patch(unknown, json={}, headers=newest), 404, "aid_request_not_found")
    refused(
        house, lambda: charity.post(f"{unknown}/cancellation", json={"reason": "خطأ في الإدخال"}, headers=newest),
        404, "aid_request_not_found",
    )  # fmt: skip
    refused(house, lambda: charity.get(f"/v1/charities/{uuid4()}"), 404, "charity_not_found")
    refused(house, lambda: charity.get("/v1/zones/SA-99"), 404, "unknown_zone")
    with house.client("neighbour") as neighbour:
        refused(house, lambda: neighbour.get(theirs), 404, "aid_request_not_found")
        refused(house, lambda: neighbour.patch(theirs, json={}, headers=newest), 404, "aid_request_not_found")


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v2/aid-requests", "/docs", "/%2e%2e/etc/passwd", "/v1/aid-requests/", "//"]
)
def test_an_address_with_nothing_there_is_a_problem_too(house: Standing, charity: httpx.Client, path: str) -> None:
    answer = charity.get(path)

    check_problem(answer, 404, "no_such_path")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/v1/aid-requests", "GET, POST"),
        ("PUT", "/v1/aid-requests", "GET, POST"),
        ("OPTIONS", "/v1/aid-requests", "GET, POST"),
        ("GET", "/v1/aid-requests:batch", "POST"),
        ("POST", "/v1/aid-types", "GET"),
        ("TRACE", "/v1/zones", "GET"),
        ("DELETE", "/v1/aid-requests/01a20141-26b2-7759-9cab-7db5e89197b9", "GET, PATCH"),
    ],
)
def test_a_method_not_taken_is_refused_with_those_that_are(
    house: Standing, charity: httpx.Client, method: str, path: str, allowed: str
) -> None:
    answer = refused(house, lambda: charity.request(method, path), 405, "method_not_allowed")

    assert answer.headers["allow"] == allowed


def test_head_is_answered_as_a_refusal_without_a_body(charity: httpx.Client) -> None:
    answer = charity.head("/v1/zones")

    assert (answer.status_code, answer.headers["allow"], answer.content) == (405, "GET", b"")


def test_the_callers_request_id_is_kept_if_it_is_harmless(charity: httpx.Client) -> None:
    kept = charity.get("/v1/nothing", headers={"X-Request-Id": "ours-1.2_3"})
    replaced = charity.get("/v1/nothing", headers={"X-Request-Id": 'x" onload="'})

    assert check_problem(kept, 404, "no_such_path")["request_id"] == "ours-1.2_3"
    assert "onload" not in check_problem(replaced, 404, "no_such_path")["request_id"]


def test_an_absurd_content_length_is_refused_before_a_byte_of_it_is_read(house: Standing) -> None:
    place = urlsplit(house.urls["registry"])
    lines = ["POST /v1/aid-requests HTTP/1.1", "Host: x", "X-Request-Id: absurd", f"Content-Length: {10**18}", "", ""]
    with socket.create_connection((place.hostname, place.port), timeout=20) as raw:
        raw.sendall("\r\n".join(lines).encode())
        answer = raw.makefile("rb").read()

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"body_too_large"' in answer
    assert b'"request_id":"absurd"' in answer
