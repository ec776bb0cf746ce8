"""Access tokens: given to who proves himself, believed only when they are ours."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
import time_machine
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey

from services.identity.settings import IdentitySettings
from shared import clock
from shared.auth import AUDIENCE, BadToken, IssuerUnavailable, TokenChecker

GRANT = {"grant_type": "client_credentials"}
OPERATOR = ("operator", "operator-secret-0123456789-0123456789")
Register = Callable[..., Awaitable[tuple[str, str]]]


async def token_of(http: httpx.AsyncClient, client: tuple[str, str], **fields: str) -> str:
    answer = await http.post("/oauth2/token", data={**GRANT, **fields}, auth=client)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def part(token: str, index: int) -> dict[str, Any]:
    text = token.split(".")[index]
    found: dict[str, Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found


def encoded(value: dict[str, Any]) -> str:
    return encoded_bytes(json.dumps(value).encode())


def encoded_bytes(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


async def test_a_token_proves_its_client_to_every_service(http: httpx.AsyncClient, checker: TokenChecker) -> None:
    answer = await http.post("/oauth2/token", data=GRANT, auth=OPERATOR)

    caller = await checker.check(answer.json()["access_token"])

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    assert (answer.json()["token_type"], answer.json()["expires_in"]) == ("Bearer", 300)
    assert caller.client_id == caller.subject == "operator"
    assert caller.scopes == {"charities:manage", "clients:manage"}


async def test_a_token_says_what_rfc_9068_asks(http: httpx.AsyncClient, settings: IdentitySettings) -> None:
    token = await token_of(http, OPERATOR)

    header, claims = part(token, 0), part(token, 1)
    assert (header["typ"], header["alg"]) == ("at+jwt", "ES256")
    assert (claims["iss"], claims["aud"]) == (settings.issuer, AUDIENCE)
    assert claims["exp"] - claims["iat"] == 300
    assert {"sub", "client_id", "jti", "scope", "roles", "zones"} <= claims.keys()


async def test_a_charitys_token_carries_its_charity_and_a_coordinators_his_zones(
    http: httpx.AsyncClient, checker: TokenChecker, register: Register
) -> None:
    charity = uuid4()
    clerk = await register(roles=["charity"], charity_id=str(charity))
    coordinator = await register(roles=["coordinator"], zones=["SA-02", "SA-09"])

    for_clerk = await checker.check(await token_of(http, clerk))
    for_coordinator = await checker.check(await token_of(http, coordinator))

    assert (for_clerk.charity, for_clerk.zones) == (charity, ())
    assert (for_coordinator.charity, for_coordinator.zones) == (None, ("SA-02", "SA-09"))


async def test_fewer_scopes_may_be_asked_for_and_more_are_refused(
    http: httpx.AsyncClient, checker: TokenChecker
) -> None:
    fewer = await token_of(http, OPERATOR, scope="clients:manage")
    more = await http.post("/oauth2/token", data={**GRANT, "scope": "clients:manage aid:read"}, auth=OPERATOR)

    assert (await checker.check(fewer)).scopes == {"clients:manage"}
    assert (more.status_code, more.json()["error"]) == (400, "invalid_scope")


async def test_a_token_is_refused_once_its_time_is_over(http: httpx.AsyncClient, checker: TokenChecker) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        token = await token_of(http, OPERATOR)
        time.shift(timedelta(seconds=299))
        await checker.check(token)
        time.shift(timedelta(seconds=1))
        with pytest.raises(BadToken):
            await checker.check(token)


Change = Callable[[dict[str, Any], dict[str, Any]], None]
WRONG: dict[str, Change] = {
    "issuer": lambda _, claims: claims.update(iss="http://other.test"),
    "audience": lambda _, claims: claims.update(aud="another"),
    "no audience": lambda _, claims: claims.pop("aud"),
    "type of an ID token": lambda header, _: header.update(typ="JWT"),
    "no type": lambda header, _: header.pop("typ"),
    "expired": lambda _, claims: claims.update(exp=claims["iat"] - 1),
    "no expiry": lambda _, claims: claims.pop("exp"),
    "issued in the future": lambda _, claims: claims.update(iat=claims["iat"] + 60, exp=claims["exp"] + 60),
    "charity that is no id": lambda _, claims: claims.update(charity_id="all"),
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
async def test_even_a_well_signed_token_is_refused_for_a_wrong(
    change: Change, http: httpx.AsyncClient, checker: TokenChecker, app: FastAPI
) -> None:
    token = await token_of(http, OPERATOR)
    header, claims = part(token, 0), part(token, 1)
    change(header, claims)

    with pytest.raises(BadToken):
        await checker.check(jwt.encode(header, claims, app.state.signing_key, algorithms=["ES256"]))


async def test_a_tampered_token_is_refused(http: httpx.AsyncClient, checker: TokenChecker) -> None:
    token = await token_of(http, OPERATOR)
    header, body, signature = token.split(".")
    greedy = encoded({**part(token, 1), "scope": "aid:read aid:write"})

    for tampered in (
        f"{header}.{greedy}.{signature}",
        f"{header}.{body}.{signature[:-4]}AAAA",
        f"{header}.{body}.",
        f"{encoded({'alg': 'none', 'typ': 'at+jwt'})}.{body}.",
        "not.a.token",
        "",
    ):
        with pytest.raises(BadToken):
            await checker.check(tampered)


async def test_the_public_key_used_as_a_shared_secret_signs_nothing(
    http: httpx.AsyncClient, checker: TokenChecker, app: FastAPI
) -> None:
    claims = part(await token_of(http, OPERATOR), 1)
    header = {"alg": "HS256", "typ": "at+jwt", "kid": app.state.signing_key.kid}

    signed = f"{encoded(header)}.{encoded(claims)}"
    mac = hmac.digest(app.state.signing_key.as_pem(private=False), signed.encode(), "sha256")

    with pytest.raises(BadToken):
        await checker.check(f"{signed}.{encoded_bytes(mac)}")


@pytest.mark.parametrize("named", ["same", "other"])
async def test_another_key_is_refused_whatever_it_is_called(
    named: str, http: httpx.AsyncClient, checker: TokenChecker, app: FastAPI
) -> None:
    claims = part(await token_of(http, OPERATOR), 1)
    foreign = ECKey.generate_key("P-256")
    kid = app.state.signing_key.kid if named == "same" else "another"
    header = {"alg": "ES256", "typ": "at+jwt", "kid": kid}

    with pytest.raises(BadToken):
        await checker.check(jwt.encode(header, claims, foreign, algorithms=["ES256"]))


async def test_an_issuer_that_does_not_answer_is_not_a_bad_token(http: httpx.AsyncClient) -> None:
    def down(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with httpx.AsyncClient(transport=httpx.MockTransport(down)) as nowhere:
        lonely = TokenChecker("http://identity.test", AUDIENCE, nowhere)
        with pytest.raises(IssuerUnavailable):
            await lonely.check(await token_of(http, OPERATOR))


async def test_the_keys_are_fetched_once_for_many_tokens(http: httpx.AsyncClient, app: FastAPI) -> None:
    fetched: list[str] = []

    async def note(request: httpx.Request) -> None:
        fetched.append(request.url.path)

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), event_hooks={"request": [note]}) as counted:
        checker = TokenChecker("http://identity.test", AUDIENCE, counted)
        for _ in range(3):
            await checker.check(await token_of(http, OPERATOR))

    assert fetched == ["/.well-known/openid-configuration", "/jwks"]
