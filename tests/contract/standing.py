"""Registry, dedup and identity on one real database, served over real HTTP from a thread of this process."""

import asyncio
import json
import socket
import threading
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from os import urandom
from typing import Any

import asyncpg
import httpx
import uvicorn
from fastapi import FastAPI
from joserfc.jwk import ECKey
from pydantic import SecretStr

from services.dedup.main import create_app as create_dedup
from services.dedup.settings import DedupSettings
from services.identity.main import create_app as create_identity
from services.identity.settings import IdentitySettings
from services.identity.tokens.claims import sign
from services.registry.main import create_app as create_registry
from services.registry.settings import RegistrySettings
from tests.databases import Database

OPERATOR = ("operator", "operator-secret-0123456789-0123456789")
_REGISTRY_SECRET = "registry-secret-0123456789-0123456789"
_SCHEMAS = ("registry", "dedup", "identity")
_TABLES = "SELECT schemaname || '.' || tablename AS name FROM pg_tables WHERE schemaname = ANY($1::text[])"
_CALLERS: dict[str, dict[str, Any]] = {
    "charity": {"roles": ["charity"]},
    "neighbour": {"roles": ["charity"]},
    "coordinator": {"roles": ["coordinator"], "zones": ["SA-02"]},
    "reviewer": {"roles": ["reviewer"]},
    "auditor": {"roles": ["auditor"]},
}
"""Who calls in these tests, besides the operator; the two charities are of different people."""


class Counter:
    """Counts the rows of all tables over one connection of the superuser's, which row security does not bind."""

    def __init__(self, admin_url: str) -> None:
        self._runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self._connection = self._runner.run(_connected(admin_url))
        found = self._runner.run(self._connection.fetch(_TABLES, _SCHEMAS))
        counts = (f'(SELECT count(*) FROM {row["name"]}) AS "{row["name"]}"' for row in found)
        self._question = f"SELECT {', '.join(counts)}"

    def rows(self) -> dict[str, int]:
        return dict(self._runner.run(self._connection.fetchrow(self._question)))

    def close(self) -> None:
        self._runner.run(self._connection.close())
        self._runner.close()


async def _connected(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(url)


@dataclass(frozen=True, slots=True)
class Standing:
    """urls and apps by service. Callers are named as in `_CALLERS`, and `operator`."""

    urls: Mapping[str, str]
    apps: Mapping[str, FastAPI]
    admin_url: str
    counter: Counter
    secrets: dict[str, tuple[str, str]]
    charities: dict[str, str]

    def token(self, caller: str) -> str:
        """A fresh access token of the caller's."""
        form = {"grant_type": "client_credentials"}
        answer = httpx.post(f"{self.urls['identity']}/oauth2/token", data=form, auth=self.secrets[caller])
        return str(answer.raise_for_status().json()["access_token"])

    def client(self, caller: str | None, service: str = "registry") -> httpx.Client:
        headers = {"Authorization": f"Bearer {self.token(caller)}"} if caller else {}
        return httpx.Client(base_url=self.urls[service], headers=headers, timeout=60)

    def signed(self, said: Mapping[str, Any]) -> str:
        """An access token with any claims, by the issuer's own key."""
        key: ECKey = self.apps["identity"].state.signing_key
        return sign(dict(said), key)

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        return self.counter.rows()


@contextmanager
def standing(database: Database) -> Iterator[Standing]:
    """All three services, ready, with the callers and their charities registered over the API."""
    with ExitStack() as stack:
        doors = {name: stack.enter_context(_door()) for name in _SCHEMAS}
        urls = {name: f"http://127.0.0.1:{door.getsockname()[1]}" for name, door in doors.items()}
        apps = _apps(database, urls)
        for name, app in apps.items():
            stack.enter_context(_served(app, doors[name]))
        counter = stack.enter_context(closing(Counter(database.admin_url)))
        house = Standing(urls, apps, database.admin_url, counter, {"operator": OPERATOR}, {})
        for number, (caller, form) in enumerate(_CALLERS.items()):
            _register(house, caller, form, licence=str(7000 + number))
        yield house


def _door() -> socket.socket:
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    return door


def _apps(database: Database, urls: Mapping[str, str]) -> dict[str, FastAPI]:
    """Identity first, as the others ask it for keys when they start."""
    told: dict[str, Any] = {"issuer": urls["identity"], "log_level": "CRITICAL", "database_pool_size": 4}
    listed = [
        {"client_id": OPERATOR[0], "secret": OPERATOR[1], "roles": ["operator"]},
        {"client_id": "registry", "secret": _REGISTRY_SECRET, "roles": ["service"]},
    ]
    key = SecretStr(b64encode(urandom(32)).decode())
    roles = ("registry", "screening", "oversight", "dedup", "identity")
    secret = {role: SecretStr(database.url(role)) for role in roles}
    identity = IdentitySettings(
        identity_database_url=secret["identity"], identity_sealing_key=key,
        identity_bootstrap_clients=SecretStr(json.dumps(listed)), **told,
    )  # fmt: skip
    registry = RegistrySettings(
        registry_database_url=secret["registry"], screening_database_url=secret["screening"],
        oversight_database_url=secret["oversight"], national_id_key=key, dedup_url=urls["dedup"],
        registry_client_secret=SecretStr(_REGISTRY_SECRET), **told,
    )  # fmt: skip
    dedup = DedupSettings(dedup_database_url=secret["dedup"], **told)
    return {
        "identity": create_identity(identity),
        "dedup": create_dedup(dedup),
        "registry": create_registry(registry),
    }


@contextmanager
def _served(app: FastAPI, door: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
    thread = threading.Thread(target=asyncio.run, args=(server.serve(sockets=[door]),), daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the service did not start"
        assert time.monotonic() < deadline, "the service did not start in time"
        thread.join(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(20)


def _register(house: Standing, caller: str, form: dict[str, Any], licence: str) -> None:
    with house.client("operator") as registry, house.client("operator", "identity") as identity:
        if form["roles"] == ["charity"]:
            charity = {"licence_number": licence, "name_ar": f"جمعية تجريبية {licence}", "zones": ["SA-02-02"]}
            made = registry.post("/v1/charities", json=charity).raise_for_status().json()
            house.charities[caller] = made["id"]
            form = form | {"charity_id": made["id"]}
        client = identity.post("/v1/clients", json={"name": caller, **form}).raise_for_status().json()
        house.secrets[caller] = (client["client_id"], client["client_secret"])
