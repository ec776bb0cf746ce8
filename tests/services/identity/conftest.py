"""A running identity service, called as over HTTP."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Callable
from os import urandom

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from services.identity.main import create_app
from services.identity.settings import IdentitySettings
from shared.auth import AUDIENCE, TokenChecker
from tests.databases import Database

ISSUER = "http://identity.test"
OPERATOR = ("operator", "operator-secret-0123456789-0123456789")
REGISTRY = ("registry", "registry-secret-0123456789-0123456789")


@pytest.fixture(scope="module")
def settings(database: Database) -> IdentitySettings:
    listed = [
        {"client_id": OPERATOR[0], "secret": OPERATOR[1], "roles": ["operator"]},
        {"client_id": REGISTRY[0], "secret": REGISTRY[1], "roles": ["service"]},
    ]
    return IdentitySettings(
        issuer=ISSUER,
        identity_database_url=SecretStr(database.url("identity")),
        identity_sealing_key=SecretStr(b64encode(urandom(32)).decode()),
        identity_bootstrap_clients=SecretStr(json.dumps(listed)),
    )


@pytest.fixture
async def app(settings: IdentitySettings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=ISSUER) as client:
        yield client


@pytest.fixture
def checker(http: httpx.AsyncClient) -> TokenChecker:
    return TokenChecker(ISSUER, AUDIENCE, http)


@pytest.fixture
async def as_operator(http: httpx.AsyncClient) -> dict[str, str]:
    """The headers of a caller who may manage clients."""
    answer = await http.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=OPERATOR)
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


Register = Callable[..., Awaitable[tuple[str, str]]]


@pytest.fixture
def register(http: httpx.AsyncClient, as_operator: dict[str, str]) -> Register:
    """Registers a client, by default an auditor; gives its id and secret."""

    async def register(**fields: object) -> tuple[str, str]:
        form = {"name": "a client of the tests", "roles": ["auditor"], **fields}
        answer = await http.post("/v1/clients", json=form, headers=as_operator)
        assert answer.status_code == 201, answer.text
        return answer.json()["client_id"], answer.json()["client_secret"]

    return register
