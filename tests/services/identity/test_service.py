"""The identity service as a process: starts, restarts, says whether it is ready, describes itself."""

import asyncio
import json
from base64 import b64encode
from os import urandom

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate
from pydantic import SecretStr, ValidationError

from services.identity.keys.sealing import Seal, WrongSealingKey
from services.identity.main import create_app
from services.identity.settings import IdentitySettings
from shared.settings import masked
from tests.databases import Database

GRANT = {"grant_type": "client_credentials"}


def changed(settings: IdentitySettings, **fields: object) -> IdentitySettings:
    return settings.model_copy(update=fields)


async def status(settings: IdentitySettings, client: tuple[str, str]) -> int:
    """What the token endpoint of a freshly started service answers."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://identity.test") as http,
    ):
        return (await http.post("/oauth2/token", data=GRANT, auth=client)).status_code


async def test_it_is_ready_when_database_migrations_and_key_are_there(http: httpx.AsyncClient) -> None:
    answer = await http.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": True, "migrations": True, "signing_key": True}


async def test_it_is_not_ready_when_the_database_is_behind(http: httpx.AsyncClient, database: Database) -> None:
    connection = await asyncpg.connect(database.admin_url)
    try:
        found = await connection.fetchval("SELECT version_num FROM identity.alembic_version")
        await connection.execute("UPDATE identity.alembic_version SET version_num = '0000'")
        behind = await http.get("/readyz")
        await connection.execute("UPDATE identity.alembic_version SET version_num = $1", found)
    finally:
        await connection.close()

    assert (behind.status_code, behind.json()["checks"]["migrations"]) == (503, False)


async def test_without_a_database_it_lives_says_it_is_not_ready_and_gives_no_token(
    http: httpx.AsyncClient, app: FastAPI
) -> None:
    await app.state.pool.close()

    token = await http.post("/oauth2/token", data=GRANT, auth=("operator", "any"))
    ready = await http.get("/readyz")

    assert (await http.get("/livez")).status_code == 204
    assert (ready.status_code, ready.json()["checks"]["database"]) == (503, False)
    assert (token.status_code, token.json()["code"]) == (503, "database_unavailable")


async def test_its_openapi_is_valid(http: httpx.AsyncClient) -> None:
    described = (await http.get("/openapi.json")).json()

    validate(described)
    token = described["paths"]["/oauth2/token"]["post"]
    (scheme,) = token["security"][0]
    assert described["components"]["securitySchemes"][scheme] == {"type": "http", "scheme": "basic"}
    assert "application/x-www-form-urlencoded" in token["requestBody"]["content"]


async def test_processes_that_start_at_one_moment_share_one_key(settings: IdentitySettings, database: Database) -> None:
    connection = await asyncpg.connect(database.admin_url)
    try:
        await connection.execute("DELETE FROM identity.signing_key")
        await asyncio.gather(*(status(settings, ("operator", "wrong")) for _ in range(4)))
        keys = await connection.fetchval("SELECT count(*) FROM identity.signing_key")
    finally:
        await connection.close()

    assert keys == 1


async def test_it_does_not_start_with_another_sealing_key(settings: IdentitySettings, http: httpx.AsyncClient) -> None:
    another = changed(settings, identity_sealing_key=SecretStr(b64encode(urandom(32)).decode()))

    with pytest.raises(WrongSealingKey, match="sealed with another key"):
        await status(another, ("operator", "any"))


@pytest.mark.parametrize("key", ["", "short", "AAAA", "not base64!"])
def test_a_sealing_key_is_32_bytes_in_base64(key: str) -> None:
    with pytest.raises(WrongSealingKey):
        Seal(key)


async def test_a_bootstrap_secret_that_was_replaced_no_longer_works(settings: IdentitySettings) -> None:
    old, new = ("operator", "first-" * 8), ("operator", "second-" * 8)

    def with_secret(client: tuple[str, str]) -> IdentitySettings:
        listed = [{"client_id": client[0], "secret": client[1], "roles": ["operator"]}]
        return changed(settings, identity_bootstrap_clients=SecretStr(json.dumps(listed)))

    assert await status(with_secret(old), old) == 200
    assert await status(with_secret(new), new) == 200
    assert await status(with_secret(new), old) == 401
    assert await status(with_secret(old), old) == 200


@pytest.mark.parametrize("field", ["secret", "roles", "client_id"])
def test_a_careless_bootstrap_client_stops_the_start_without_showing_its_secret(
    field: str, settings: IdentitySettings
) -> None:
    good = {"client_id": "operator", "secret": "x" * 32, "roles": ["operator"]}
    bad = {"secret": "too-short-secret", "roles": [], "client_id": "a b"}
    listed = SecretStr(json.dumps([good | {field: bad[field]}]))

    with pytest.raises(ValidationError) as refused:
        create_app(changed(settings, identity_bootstrap_clients=listed))

    assert field in str(refused.value)
    assert "too-short-secret" not in str(refused.value)


def test_its_settings_print_without_secrets(settings: IdentitySettings) -> None:
    shown = masked(settings)

    assert "only-for-tests" not in str(shown)
    assert "operator-secret" not in str(shown)
    assert shown["SIJILL_IDENTITY_SEALING_KEY"] == "********"
