"""The mock of the national sign-on speaks the integrator's wire, and believes in nobody real."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any
from uuid import uuid4

import httpx
import pytest
import time_machine
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet
from openapi_spec_validator import validate
from pydantic import HttpUrl, SecretStr, ValidationError

from services.nafath_mock.main import create_app
from services.nafath_mock.settings import NafathMockSettings
from shared import clock

KEY = "the-key-of-these-tests"
APP = {"APP-ID": "sijill", "APP-KEY": KEY}
WIRE = "/nafath-sandbox/api/v1/mfa"
CITIZEN, RESIDENT = "1900000017", "2900000015"
Posted = Queue[dict[str, Any]]


class Provider(HTTPServer):
    """A service provider's callback address on a real socket; `answers` is the status it gives."""

    answers = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.posted: Posted = Queue()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/callback"


class _Receiver(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.posted.put(json.loads(body))
        self.send_response(self.server.answers)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests print what fails."""


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def settings(**fields: Any) -> NafathMockSettings:
    return NafathMockSettings(nafath_mock_enabled=True, nafath_mock_app_key=SecretStr(KEY), **fields)


@pytest.fixture
async def app(provider: Provider) -> AsyncIterator[FastAPI]:
    app = create_app(settings(nafath_mock_callback_url=HttpUrl(provider.url)))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://mock", headers=APP) as one:
        yield one


async def ask(
    http: httpx.AsyncClient, number: str = CITIZEN, service: str = "Login", request_id: str = ""
) -> httpx.Response:
    query = {"local": "ar", "requestId": request_id or str(uuid4())}
    return await http.post(f"{WIRE}/request", params=query, json={"nationalId": number, "service": service})


async def begin(http: httpx.AsyncClient, number: str = CITIZEN, service: str = "Login") -> dict[str, str]:
    answer = await ask(http, number, service)
    assert answer.status_code == 201, answer.text
    begun: dict[str, str] = answer.json()
    return begun


async def poll(http: httpx.AsyncClient, begun: dict[str, str], number: str = CITIZEN) -> httpx.Response:
    return await http.post(f"{WIRE}/request/status", json={"nationalId": number, **begun})


async def pick(http: httpx.AsyncClient, begun: dict[str, str], choice: str) -> httpx.Response:
    return await http.post(f"/phone/{begun['transId']}", json={"choice": choice})


def wrong(shown: dict[str, Any], begun: dict[str, str]) -> str:
    return next(str(number) for number in shown["choices"] if number != begun["random"])


@pytest.mark.parametrize(("number", "claim"), [(CITIZEN, "nin"), (RESIDENT, "iqamaNumber")])
async def test_an_acceptance_is_announced_with_a_token_that_the_published_key_signed(
    number: str, claim: str, http: httpx.AsyncClient, provider: Provider
) -> None:
    request_id = str(uuid4())
    begun = (await ask(http, number, request_id=request_id)).json()
    waiting = (await poll(http, begun, number)).json()

    picked = await pick(http, begun, begun["random"])

    posted = provider.posted.get(timeout=5)
    keys = KeySet.import_key_set((await http.get(f"{WIRE}/jwk")).json())
    token = jwt.decode(posted["token"], keys, algorithms=["RS256"])
    assert (waiting, picked.json()["status"]) == ({"status": "WAITING"}, "COMPLETED")
    assert (await poll(http, begun, number)).json() == {"status": "COMPLETED"}
    assert (posted["transId"], posted["requestId"]) == (begun["transId"], request_id)
    assert (token.claims["transId"], token.claims["aud"]) == (begun["transId"], "sijill")
    assert token.claims[claim] == number
    assert token.header["kid"] == keys.keys[0].kid


async def test_the_same_number_is_the_same_made_up_person_each_time(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    born = set()
    for _ in range(2):
        begun = await begin(http)
        await pick(http, begun, begun["random"])
        keys = KeySet.import_key_set((await http.get(f"{WIRE}/jwk")).json())
        said = jwt.decode(provider.posted.get(timeout=5)["token"], keys, algorithms=["RS256"]).claims
        born.add((said["dateOfBirthG"], said["dateOfBirthH"], said["firstName"], said["gender"]))

    assert len(born) == 1


@pytest.mark.parametrize("refusal", ["reject", "a wrong number"])
async def test_a_refusal_or_a_wrong_number_is_final_and_announces_nothing(
    refusal: str, http: httpx.AsyncClient, provider: Provider
) -> None:
    begun = await begin(http)
    shown = (await http.get(f"/phone/{begun['transId']}")).json()
    choice = "reject" if refusal == "reject" else wrong(shown, begun)

    answers = [(await pick(http, begun, one)).json()["status"] for one in (choice, begun["random"])]

    assert len(set(shown["choices"])) == 3
    assert begun["random"] in shown["choices"]
    assert answers == ["REJECTED", "REJECTED"]
    assert (await poll(http, begun)).json() == {"status": "REJECTED"}
    assert provider.posted.empty()


async def test_accepting_twice_announces_once(http: httpx.AsyncClient, provider: Provider) -> None:
    begun = await begin(http)
    for _ in range(2):
        await pick(http, begun, begun["random"])

    provider.posted.get(timeout=5)
    assert provider.posted.empty()


async def test_a_callback_that_is_not_taken_leaves_the_sign_on_completed(
    http: httpx.AsyncClient, provider: Provider
) -> None:
    provider.answers = 500
    begun = await begin(http)

    assert (await pick(http, begun, begun["random"])).status_code == 200
    assert (await poll(http, begun)).json() == {"status": "COMPLETED"}


async def test_one_identity_has_one_open_sign_on(http: httpx.AsyncClient) -> None:
    begun = await begin(http)
    second = await ask(http)
    another = await ask(http, RESIDENT)
    await pick(http, begun, "reject")
    afterwards = await ask(http)

    assert (second.status_code, second.json()["code"]) == (400, "400-034-050")
    assert second.json()["reference"]
    assert (another.status_code, afterwards.status_code) == (201, 201)


@pytest.mark.parametrize(("service", "seconds"), [("Login", 180), ("DigitalServiceEnrollmentWithoutBio", 60)])
async def test_a_sign_on_nobody_answers_expires_and_then_is_gone(
    service: str, seconds: int, http: httpx.AsyncClient
) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        begun = await begin(http, service=service)
        time.shift(timedelta(seconds=seconds - 1))
        last_second = (await poll(http, begun)).json()
        time.shift(timedelta(seconds=1))
        late = (await poll(http, begun)).json()
        too_late = await pick(http, begun, begun["random"])
        time.shift(timedelta(seconds=20))
        gone = await poll(http, begun)
        again = await ask(http)

    assert (last_second, late) == ({"status": "WAITING"}, {"status": "EXPIRED"})
    assert (too_late.status_code, too_late.json()["code"]) == (400, "400-034-051")
    assert (gone.status_code, gone.json()["code"]) == (400, "400-034-051")
    assert again.status_code == 201


@pytest.mark.parametrize("field", ["nationalId", "transId", "random"])
async def test_status_is_told_only_to_who_knows_all_three(field: str, http: httpx.AsyncClient) -> None:
    begun = {"nationalId": CITIZEN, **await begin(http)}
    other = {"nationalId": RESIDENT, "transId": str(uuid4()), "random": "00"}

    answer = await http.post(f"{WIRE}/request/status", json=begun | {field: other[field]})

    assert (answer.status_code, answer.json()["code"]) == (400, "400-034-053")


INVALID = {
    "a number with a wrong check digit": ("1900000018", "Login"),
    "a number that could be somebody's": ("1000000008", "Login"),
    "letters": ("AB123456", "Login"),
    "an unknown service": (CITIZEN, "Everything"),
}


@pytest.mark.parametrize(("number", "service"), INVALID.values(), ids=INVALID.keys())
async def test_invalid_data_is_answered_as_such_without_repeating_it(
    number: str, service: str, http: httpx.AsyncClient
) -> None:
    answer = await ask(http, number, service)

    assert (answer.status_code, answer.json()["code"]) == (422, "422-031-046")
    assert number not in answer.text


@pytest.mark.parametrize("query", [{}, {"local": "fr", "requestId": str(uuid4())}, {"local": "ar", "requestId": "1"}])
async def test_the_query_must_name_a_language_and_a_request(query: dict[str, str], http: httpx.AsyncClient) -> None:
    answer = await http.post(f"{WIRE}/request", params=query, json={"nationalId": CITIZEN, "service": "Login"})

    assert (answer.status_code, answer.json()["code"]) == (422, "422-031-046")


@pytest.mark.parametrize("path", ["/request", "/request/status", "/jwk"])
async def test_a_wrong_key_is_refused_before_anything_is_read(path: str, http: httpx.AsyncClient) -> None:
    answer = await http.request(
        "GET" if path == "/jwk" else "POST", WIRE + path, headers={"APP-ID": "sijill", "APP-KEY": "wrong"}
    )

    assert (answer.status_code, answer.json()["message"]) == (403, "Authentication failed")


async def test_other_paths_of_the_wire_answer_as_the_real_gateway_does(http: httpx.AsyncClient) -> None:
    answer = await http.get("/nafath-sandbox/api/v9/anything")

    assert (answer.status_code, answer.text) == (404, "No Mapping Rule matched")


async def test_it_is_ready_and_describes_itself(http: httpx.AsyncClient) -> None:
    assert (await http.get("/readyz")).status_code == 200
    validate((await http.get("/openapi.json")).json())


async def test_it_logs_no_number_and_no_name(capsys: pytest.CaptureFixture[str], http: httpx.AsyncClient) -> None:
    begun = await begin(http)
    await pick(http, begun, begun["random"])

    logged = capsys.readouterr().out
    assert '"route":"/phone/{trans_id}"' in logged
    assert CITIZEN not in logged


def test_it_does_not_start_unless_it_is_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIJILL_NAFATH_MOCK_ENABLED", raising=False)

    with pytest.raises(ValidationError, match="must never run in production"):
        create_app()
