"""The registry's real app on a real database with the shipped zones and aid types, called as over HTTP."""

from base64 import b64encode
from collections.abc import AsyncIterator
from os import urandom

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.registry.main import create_app
from services.registry.reference import load_reference
from services.registry.settings import RegistrySettings
from tests.databases import Database
from tests.services.registry.issuer import Issuer

NOBODY = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def registry_settings(database: Database) -> RegistrySettings:
    """Nothing listens where the linker and the issuer of its tokens should be: what needs them must do without."""
    return RegistrySettings(
        issuer=NOBODY,
        registry_database_url=SecretStr(database.url("registry")),
        screening_database_url=SecretStr(database.url("screening")),
        oversight_database_url=SecretStr(database.url("oversight")),
        national_id_key=SecretStr(b64encode(urandom(32)).decode()),
        registry_client_secret=SecretStr("only-for-tests"),
        dedup_url=NOBODY,
    )


@pytest.fixture(scope="module")
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
async def admin(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's connection, past all row security, on an empty register with zones and aid types."""
    connection = await asyncpg.connect(database.admin_url)
    try:
        if not await connection.fetchval("SELECT count(*) FROM registry.zone"):
            await load_reference(database.admin_url)
        await connection.execute(
            "TRUNCATE registry.charity, registry.household, registry.access, registry.letter CASCADE"
        )
        yield connection
    finally:
        await connection.close()


@pytest.fixture
async def app(registry_settings: RegistrySettings, issuer: Issuer, admin: asyncpg.Connection) -> AsyncIterator[FastAPI]:
    app = create_app(registry_settings)
    async with app.router.lifespan_context(app):
        app.state.tokens = issuer.checker()
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://registry.test") as client:
        yield client
