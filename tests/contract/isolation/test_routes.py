"""Every route, for every role, on what belongs to another charity: nothing is read, changed or given away."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.identity.clients.roles import Role
from tests.contract.isolation.conftest import JAZAN, Register
from tests.contract.isolation.routes import OF_A_REQUEST, PUBLIC, ROUTES, Route, published
from tests.contract.refusal import check_problem, key

OF_REQUESTS = [route for route in ROUTES if OF_A_REQUEST in route.path]


@pytest.fixture(scope="module")
def foreign(register: Register) -> str:
    """The id of a request of the charity A, for a person with everything that a registration may say."""
    form = {
        "applicant": {
            "source_ref": "ISOLATED-1", "name": "نوال سعيد عوض القحطاني", "national_id": "1000000016",
            "birth_date": {"value": "1988-03-04"}, "gender": "female", "phones": ["0500000016"],
            "address": {"zone": "SA-02-02", "text": "حي تجريبي"},
        },
        "aid_type": "FOOD_BASKET", "period": {"start": "2026-12-01", "end": "2026-12-31"}, "note": "ملاحظة تجريبية",
    }  # fmt: skip
    with register.calling(Role.CHARITY, register.first) as charity:
        made = charity.post("/v1/aid-requests", json=form, headers={"Idempotency-Key": "isolated-1"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.fixture
def unchanged(register: Register, foreign: str) -> Iterator[None]:
    """Nothing that belongs to charity A changes meanwhile."""
    before = register.belongings(register.first)
    yield
    assert register.belongings(register.first) == before


def test_the_table_of_routes_names_every_route_that_is_published(register: Register) -> None:
    assert published(register.house) == {route.name for route in ROUTES}


@pytest.mark.parametrize("service", ["registry", "identity", "dedup"])
def test_nobody_gets_in_without_a_token(register: Register, foreign: str, unchanged: None, service: str) -> None:
    with (
        httpx.Client(base_url=register.house.urls[service]) as nobody,
        httpx.Client(base_url=register.house.urls[service]) as stranger,
    ):
        stranger.headers["Authorization"] = "Bearer made.up.token"
        for route in bound_routes(service):
            check_problem(call(register, route, nobody, foreign), 401, "missing_token")
            check_problem(call(register, route, stranger, foreign), 401, "invalid_token")


@pytest.mark.parametrize("service", ["registry", "identity", "dedup"])
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CHARITY])
def test_a_role_may_do_what_its_scopes_say_and_nothing_else(
    register: Register, foreign: str, unchanged: None, service: str, role: Role
) -> None:
    with register.calling(role, service=service) as caller:
        for route in bound_routes(service):
            answer = call(register, route, caller, foreign)
            if route.lets_in(role):
                assert answer.status_code in (200, 201, 204, 404), (route.name, answer.text)
            else:
                check_problem(answer, 403, "insufficient_scope")


@pytest.mark.parametrize("service", ["registry", "identity", "dedup"])
def test_another_charity_may_do_what_its_scopes_say_and_finds_nothing_of_the_first(
    register: Register, foreign: str, unchanged: None, service: str
) -> None:
    with register.calling(Role.CHARITY, register.second, service) as neighbour:
        for route in bound_routes(service):
            answer = call(register, route, neighbour, foreign)
            if not route.lets_in(Role.CHARITY):
                check_problem(answer, 403, "insufficient_scope")
            elif route in OF_REQUESTS:
                check_problem(answer, 404, "aid_request_not_found")
            else:
                assert answer.status_code in (200, 201), (route.name, answer.text)
            assert foreign not in answer.text.replace(answer.request.url.path, "")
            assert "القحطاني" not in answer.text


@pytest.mark.parametrize("route", OF_REQUESTS, ids=lambda route: route.name)
def test_what_is_another_charitys_looks_exactly_like_what_does_not_exist(
    register: Register, foreign: str, unchanged: None, route: Route
) -> None:
    role = Role.CHARITY if route.lets_in(Role.CHARITY) else Role.REVIEWER
    charity = register.second if role is Role.CHARITY else None
    with register.calling(role, charity) as caller:
        for headers in ({}, {"If-Match": "*"}, {"If-Match": '"2"'}, {"If-Match": '"7"'}):
            as_sent = Route(route.service, route.method, route.path, route.needs, route.body, headers)
            theirs, nobodys = (as_sent.call(caller, request_id=id_) for id_ in (foreign, str(uuid4())))
            check_problem(theirs, 404, "aid_request_not_found")
            assert without_names(theirs) == without_names(nobodys)


def test_a_list_holds_the_charitys_own_requests_whatever_cursor_it_is_given(register: Register, foreign: str) -> None:
    with (
        register.calling(Role.CHARITY, register.first) as first,
        register.calling(Role.CHARITY, register.second) as second,
    ):
        mine = second.post("/v1/aid-requests", json=a_form("OWN-1"), headers=key()).json()["id"]
        cursor = first.get("/v1/aid-requests", params={"limit": 1}).json()["next"]
        pages = [second.get("/v1/aid-requests", params=page).json() for page in
                 ({"limit": 200}, {"limit": 200, "cursor": cursor}, {"limit": 200, "status": "cleared"})]  # fmt: skip

    rows = register.fetch("SELECT id FROM registry.aid_request WHERE charity_id = $1", register.second)
    owned = {str(row["id"]) for row in rows}
    assert mine in {item["id"] for item in pages[0]["items"]}
    for page in pages:
        assert {item["id"] for item in page["items"]} <= owned


def test_a_coordinator_sees_figures_of_his_own_zones_only(register: Register, foreign: str) -> None:
    with register.calling(Role.COORDINATOR) as coordinator:
        assert coordinator.get("/v1/coverage/overlap", params={"zone": JAZAN}).status_code == 200
        for zone in ("SA", "SA-02", "SA-02-02"):
            answer = coordinator.get("/v1/coverage/overlap", params={"zone": zone})
            check_problem(answer, 403, "zone_out_of_sight")


def bound_routes(service: str) -> list[Route]:
    """The routes of the service that ask for a token."""
    return [route for route in ROUTES if route.service == service and route.needs != PUBLIC]


def call(register: Register, route: Route, client: httpx.Client, foreign: str) -> httpx.Response:
    """The route, aimed at what belongs to charity A; coverage and reports at Jazan, where these callers may look."""
    if route.params:
        route = Route(route.service, route.method, route.path, route.needs, route.body, route.headers, {"zone": JAZAN})
    return route.call(client, request_id=foreign, charity_id=register.first, code="SA-02", client_id="unknown-client")


def a_form(source_ref: str) -> dict[str, Any]:
    return {
        "applicant": {"source_ref": source_ref, "name": "طارق فهد ناصر العمري", "birth_date": {"value": "1971-05-06"}},
        "aid_type": "FOOD_BASKET",
        "period": {"start": "2026-12-01", "end": "2026-12-31"},
    }


def without_names(answer: httpx.Response) -> tuple[int, dict[str, str], dict[str, Any]]:
    """All that the answer tells, but for the address asked, the call's own id and the time."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("x-request-id", "date")}
    body = {name: value for name, value in answer.json().items() if name not in ("instance", "request_id")}
    return answer.status_code, headers, body
