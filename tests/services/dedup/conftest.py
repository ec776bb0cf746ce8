"""The dedup service on a real database, and an issuer whose tokens it trusts."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import ECKey

from services.dedup.main import create_app
from services.dedup.settings import DedupSettings
from shared import db
from shared.auth import AUDIENCE, TokenChecker
from shared.ids import new_id
from tests.databases import Database

ISSUER = "http://issuer.test"
KEY = ECKey.generate_key("P-256", {"kid": "test"})
Clients = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


def token(scope: str = "dedup:link") -> str:
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": "registry", "client_id": "registry",
        "iat": now, "exp": now + 300, "scope": scope,
    }  # fmt: skip
    return jwt.encode({"alg": "ES256", "kid": "test", "typ": "at+jwt"}, claims, KEY, algorithms=["ES256"])


def _issuer(request: httpx.Request) -> httpx.Response:
    if request.url.path == "/jwks":
        return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
    return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks"})


def settings(database: Database, **told: Any) -> DedupSettings:
    return DedupSettings(
        **{"dedup_database_url": database.url("dedup"), **told},
        issuer=ISSUER,
        log_level="ERROR",
        database_pool_size=4,
    )


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running app that holds a token of the registry's."""
    issuer = httpx.AsyncClient(transport=httpx.MockTransport(_issuer))
    door = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), issuer:
        app.state.tokens = TokenChecker(ISSUER, AUDIENCE, issuer)
        headers = {"Authorization": f"Bearer {token()}", "Accept-Language": "en"}
        async with httpx.AsyncClient(transport=door, base_url="http://dedup.test", headers=headers) as client:
            yield client


@pytest.fixture
def clients(database: Database) -> Clients:
    """Makes a client of a fresh instance of the service; the settings given replace its own."""

    def make(**told: Any) -> AbstractAsyncContextManager[httpx.AsyncClient]:
        return serving(create_app(settings(database, **told)))

    return make


@pytest.fixture
async def client(clients: Clients) -> AsyncIterator[httpx.AsyncClient]:
    async with clients() as one:
        yield one


@pytest.fixture
async def admin(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's connection; row security does not bind it."""
    connection = await asyncpg.connect(database.admin_url)
    yield connection
    await connection.close()


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[db.Pool]:
    async with await db.open_pool(database.url("dedup"), size=4, application="test") as opened:
        yield opened


def person(**typed: Any) -> dict[str, Any]:
    """One registration of one and the same woman, as the wire has it, with a record id of its own."""
    return {
        "record_id": str(new_id()),
        "charity_id": str(new_id()),
        "full_name": "نورة سعد فهد الدوسري",
        "birth": "1987-03-14",
        "birth_precision": "day",
        "gender": "female",
        "phones": ["0551234567"],
        "zone_path": ["SA", "SA-02", "JED"],
        **typed,
    }
