"""A whole house for tests, its own database included, and the people who work with it over HTTP."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from services.cli.up.house import House
from shared import postgres
from shared.auth import IssuerUnavailable
from shared.tokens import OwnToken

PATIENCE = 120.0  # seconds that any one thing may take on a slow machine
_LICENCES = count(700_001)


@dataclass(frozen=True, slots=True)
class Client:
    """A machine client of the house. `charity_id` is that of the charity it acts for."""

    token: OwnToken
    client_id: str
    charity_id: UUID | None = None


class Town:
    """A running house, an HTTP client to it, and its operator."""

    def __init__(self, house: House, http: httpx.AsyncClient) -> None:
        self.house, self.http = house, http
        self.operator = self.client("operator", house.keys.clients["operator"], "charities:manage clients:manage")
        self.service = self.client("registry", house.keys.clients["registry"], "dedup:link")

    def client(self, client_id: str, secret: str, scope: str, charity: UUID | None = None) -> Client:
        token = OwnToken(self.house.urls["identity"], client_id, secret, scope, self.http)
        return Client(token, client_id, charity)

    async def new_client(self, role: str, scope: str, zones: Iterable[str] = (), charity: UUID | None = None) -> Client:
        form = {"name": f"test {role}", "roles": [role], "zones": list(zones)}
        if charity is not None:
            form["charity_id"] = str(charity)
        answer = await self.call(self.operator, "POST", "/v1/clients", service="identity", json=form)
        made = answer.raise_for_status().json()
        return self.client(made["client_id"], made["client_secret"], scope, charity)

    async def new_charity(self, name: str, zones: Iterable[str] = ()) -> Client:
        """A charity, with the client that acts for it."""
        form = {"licence_number": str(next(_LICENCES)), "name_ar": name, "name_en": name, "zones": list(zones)}
        answer = await self.call(self.operator, "POST", "/v1/charities", json=form)
        charity = UUID(answer.raise_for_status().json()["id"])
        return await self.new_client("charity", "aid:read aid:write", charity=charity)

    async def call(
        self, client: Client | None, method: str, path: str, service: str = "registry", url: str | None = None,
        headers: dict[str, str] | None = None, **sent: Any,
    ) -> httpx.Response:  # fmt: skip
        """One call, as `client` or without a token."""
        token = await client.token.header() if client else {}
        address = (url or self.house.urls[service]) + path
        return await self.http.request(method, address, headers={**token, **(headers or {})}, **sent)

    async def insist(self, client: Client, method: str, path: str, **sent: Any) -> httpx.Response:
        """`call`, again and again while nobody answers or the answer is 503: as a charity's own system does."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                answer = await self.call(client, method, path, **sent)
                if answer.status_code != 503 or time.monotonic() > deadline:
                    return answer
            except (httpx.TransportError, IssuerUnavailable):
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.1)

    async def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        """Rows of the house's database, as its owner sees them: all of them."""
        connection = await asyncpg.connect(self.house.admin_url)
        try:
            return list(await connection.fetch(statement, *values))
        finally:
            await connection.close()

    async def settled(self) -> None:
        """Until every request is screened and no letter waits."""

        async def nothing_waits() -> bool:
            rows = await self.fetch(
                "SELECT (SELECT count(*) FROM registry.aid_request WHERE status = 'pending')"
                " + (SELECT count(*) FROM registry.letter WHERE handled_at IS NULL AND parked_at IS NULL) AS waiting"
            )
            return bool(rows[0]["waiting"] == 0)

        await until(nothing_waits)

    def database_log(self) -> str:
        return (self.house.data_dir / "postgres" / "server.log").read_text("utf-8", "replace")

    async def crash(self, program: str) -> None:
        """SIGKILL a program, or the first process of PostgreSQL, and wait until the house has it back."""
        if program != "postgres":
            before = self.house.pids.get(program)
            await self.house.crash(program)
            await until(lambda: _is(self.house.pids.get(program) not in (None, before)))
            await self.house.until_ready(program)
            return
        directory = self.house.data_dir / "postgres"
        dying = await asyncio.to_thread(postgres.running, directory)
        assert dying is not None
        os.kill(dying.pid, signal.SIGKILL)

        async def another_answers() -> bool:
            server = await asyncio.to_thread(postgres.running, directory)
            return server is not None and server.pid != dying.pid

        await until(another_answers)


async def _is(truth: bool) -> bool:
    return truth


async def until(holds: Callable[[], Awaitable[bool]], patience: float = PATIENCE) -> None:
    """Wait until the condition holds. Raises TimeoutError."""
    async with asyncio.timeout(patience):
        while not await holds():
            await asyncio.sleep(0.05)


@asynccontextmanager
async def town(directory: Path) -> AsyncIterator[Town]:
    """A house of its own in `directory`, gone afterwards with all its data."""
    async with AsyncExitStack() as stack:
        stack.callback(shutil.rmtree, directory, ignore_errors=True)
        stack.callback(postgres.erase, directory / "postgres")
        house = await stack.enter_async_context(House(directory, free_ports=True))
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=60, trust_env=False, limits=limits))
        yield Town(house, http)
