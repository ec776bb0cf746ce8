"""Clients are registered, rotated and revoked by whoever may, and their secrets are kept nowhere."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import asyncpg
import httpx
import pytest
import time_machine

from shared import clock
from tests.databases import Database

GRANT = {"grant_type": "client_credentials"}
Register = Callable[..., Awaitable[tuple[str, str]]]
Headers = dict[str, str]


async def status(http: httpx.AsyncClient, client: tuple[str, str]) -> int:
    return (await http.post("/oauth2/token", data=GRANT, auth=client)).status_code


async def test_a_new_secret_works_beside_the_old_one_until_the_overlap_ends(
    http: httpx.AsyncClient, as_operator: Headers, register: Register
) -> None:
    client_id, old = await register()
    with time_machine.travel(clock.now(), tick=False) as time:
        answer = await http.post(f"/v1/clients/{client_id}/secrets", json={"overlap_seconds": 60}, headers=as_operator)
        new = answer.json()["client_secret"]

        both = [await status(http, (client_id, secret)) for secret in (old, new)]
        time.shift(timedelta(seconds=60))
        later = [await status(http, (client_id, secret)) for secret in (old, new)]

    assert answer.headers["cache-control"] == "no-store"
    assert (both, later) == ([200, 200], [401, 200])


async def test_a_second_rotation_does_not_lengthen_an_older_secrets_life(
    http: httpx.AsyncClient, as_operator: Headers, register: Register
) -> None:
    client_id, first = await register()
    path = f"/v1/clients/{client_id}/secrets"
    await http.post(path, json={"overlap_seconds": 0}, headers=as_operator)
    await http.post(path, headers=as_operator)

    assert await status(http, (client_id, first)) == 401


async def test_a_revoked_client_gets_no_token_and_no_new_secret(
    http: httpx.AsyncClient, as_operator: Headers, register: Register
) -> None:
    client_id, secret = await register()

    revoked = [(await http.delete(f"/v1/clients/{client_id}", headers=as_operator)).status_code for _ in range(2)]
    rotated = await http.post(f"/v1/clients/{client_id}/secrets", headers=as_operator)

    assert revoked == [204, 204]
    assert await status(http, (client_id, secret)) == 401
    assert (rotated.status_code, rotated.json()["code"]) == (409, "client_revoked")


async def test_the_list_shows_every_client_once_and_no_secret(
    http: httpx.AsyncClient, as_operator: Headers, register: Register
) -> None:
    made = {(await register())[0] for _ in range(3)}
    seen: list[str] = []
    after: str | None = ""
    while after is not None:
        answer = await http.get("/v1/clients", params={"after": after, "limit": 2}, headers=as_operator)
        page = answer.json()
        seen += [client["client_id"] for client in page["items"]]
        assert all(set(one) == {"hint", "created_at", "expires_at"}
                   for client in page["items"] for one in client["secrets"])  # fmt: skip
        after = page["next"]

    assert made | {"operator", "registry"} <= set(seen)
    assert len(seen) == len(set(seen))


NOT_TAKEN = {
    "a charity without its id": ({"roles": ["charity"]}, "charity_missing", "/charity_id"),
    "an auditor with a charity": (
        {"roles": ["auditor"], "charity_id": str(uuid4())}, "charity_missing", "/charity_id",
    ),
    "a coordinator without zones": ({"roles": ["coordinator"]}, "zones_missing", "/zones"),
    "an operator with zones": ({"roles": ["operator"], "zones": ["SA"]}, "zones_missing", "/zones"),
    "a scope beyond the role": (
        {"roles": ["auditor"], "scopes": ["aid:read"]}, "scope_beyond_role", "/scopes",
    ),
    "a service account": ({"roles": ["service"]}, "scope_beyond_role", "/roles"),
    "an unknown role": ({"roles": ["king"]}, "invalid_input", "/roles/0"),
    "no role": ({"roles": []}, "invalid_input", "/roles"),
    "an unknown field": ({"roles": ["auditor"], "password": "x"}, "invalid_input", "/password"),
    "a zone that is none": ({"roles": ["auditor"], "zones": ["../x"]}, "invalid_input", "/zones/0"),
    "a null byte in the name": ({"roles": ["auditor"], "name": "a\u0000b"}, "invalid_input", "/name"),
}  # fmt: skip


@pytest.mark.parametrize(("fields", "code", "pointer"), NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
async def test_not_taken_is(
    fields: dict[str, object], code: str, pointer: str, http: httpx.AsyncClient, as_operator: Headers
) -> None:
    answer = await http.post("/v1/clients", json={"name": "of a test", **fields}, headers=as_operator)

    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, code)
    assert [flaw["pointer"] for flaw in problem["errors"]] == [pointer]


async def test_only_who_may_manage_clients_touches_them(http: httpx.AsyncClient, register: Register) -> None:
    auditor = await register()
    token = (await http.post("/oauth2/token", data=GRANT, auth=auditor)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    form = {"name": "mine", "roles": ["operator"]}

    for method, path in (
        ("POST", "/v1/clients"),
        ("GET", "/v1/clients"),
        ("POST", "/v1/clients/operator/secrets"),
        ("DELETE", "/v1/clients/operator"),
    ):
        body = form if path == "/v1/clients" and method == "POST" else None
        refused = await http.request(method, path, json=body, headers=headers)
        nobody = await http.request(method, path, json=body)
        assert (refused.status_code, nobody.status_code) == (403, 401), f"{method} {path}"


async def test_a_page_begins_after_an_id_and_nothing_else(http: httpx.AsyncClient, as_operator: Headers) -> None:
    answer = await http.get("/v1/clients", params={"after": "\x00"}, headers=as_operator)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/query/after")


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/v1/clients/x"), ("POST", "/v1/clients/x/secrets")])
async def test_a_client_that_is_not_there_is_not_found(
    method: str, path: str, http: httpx.AsyncClient, as_operator: Headers
) -> None:
    answer = await http.request(method, path, headers=as_operator)

    assert (answer.status_code, answer.json()["code"]) == (404, "client_not_found")


async def test_no_secret_and_no_private_key_is_in_clear_in_the_database(database: Database, register: Register) -> None:
    _, secret = await register()
    connection = await asyncpg.connect(database.admin_url)
    try:
        kept = await connection.fetchval(
            "SELECT (SELECT string_agg(to_jsonb(s)::text, '') FROM identity.client_secret s)"
            " || (SELECT string_agg(to_jsonb(c)::text, '') FROM identity.client c)"
            " || (SELECT string_agg(to_jsonb(k)::text, '') FROM identity.signing_key k)"
        )
        sealed = await connection.fetchval("SELECT sealed_private FROM identity.signing_key")
    finally:
        await connection.close()

    assert "public_jwk" in kept
    for clear in (secret, "operator-secret"):
        assert clear not in kept
        assert clear.encode().hex() not in kept
    assert b'"d"' not in sealed
    assert b"P-256" not in sealed


async def test_the_services_role_cannot_rewrite_who_got_a_token(database: Database, register: Register) -> None:
    await register()
    connection = await asyncpg.connect(database.url("identity"))
    try:
        assert await connection.fetchval("SELECT count(*) FROM identity.token_issue") > 0
        for statement in (
            "DELETE FROM identity.token_issue",
            "UPDATE identity.token_issue SET client_id = 'x'",
            "DELETE FROM identity.client",
            "UPDATE identity.client_secret SET secret_hash = sha256('x')",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("role", ["registry", "dedup", "screening", "oversight"])
async def test_no_other_services_role_sees_the_clients(role: str, database: Database) -> None:
    connection = await asyncpg.connect(database.url(role))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM identity.client")
    finally:
        await connection.close()
