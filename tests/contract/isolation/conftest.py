"""Two charities that work in one register, and the tokens of everyone who calls it."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from services.identity.clients.roles import SCOPES, Role
from services.registry.reference import load_reference
from shared import postgres
from tests import databases
from tests.contract.standing import Standing, standing
from tests.databases import Database

JAZAN = "SA-09"


@dataclass(frozen=True, slots=True)
class Register:
    """The standing services, and their database as its owner sees it."""

    house: Standing
    database: Database

    @property
    def first(self) -> str:
        """The charity whose registrations nobody else may know of."""
        return self.house.charities["charity"]

    @property
    def second(self) -> str:
        return self.house.charities["neighbour"]

    def calling(
        self, role: Role, charity: str | None = None, service: str = "registry", zones: tuple[str, ...] = (JAZAN,)
    ) -> httpx.Client:
        """A client with a token of that role, bound to zones and charity, as the identity service would issue it."""
        moment = int(time.time())
        said: dict[str, Any] = {
            "iss": self.house.urls["identity"], "aud": "sijill", "iat": moment, "exp": moment + 300,
            "client_id": f"test-{role}", "sub": f"test-{role}", "roles": [role], "jti": uuid4().hex,
            "scope": " ".join(sorted(SCOPES[role])), "zones": list(zones),
        }  # fmt: skip
        if charity is not None:
            said |= {"charity_id": charity, "zones": []}
        headers = {"Authorization": f"Bearer {self.house.signed(said)}"}
        return httpx.Client(base_url=self.house.urls[service], headers=headers, timeout=60)

    def fetch(self, statement: str, *values: object) -> list[asyncpg.Record]:
        return asyncio.run(_fetch(self.database.admin_url, statement, *values))

    def belongings(self, charity: str) -> dict[str, list[str]]:
        """All rows that belong to the charity, but for the record of who looked."""
        tables = self.fetch(
            "SELECT table_schema || '.' || table_name AS name FROM information_schema.columns WHERE column_name ="
            " 'charity_id' AND table_schema IN ('registry', 'dedup') AND table_name <> 'access'"
        )
        rows = " UNION ALL ".join(
            f"SELECT '{table['name']}' AS name, t::text AS row FROM {table['name']} AS t WHERE charity_id = $1"
            for table in tables
        )
        found: dict[str, list[str]] = {table["name"]: [] for table in tables}
        for row in self.fetch(f"{rows} ORDER BY 1, 2", charity):
            found[row["name"]].append(row["row"])
        return found


async def _fetch(url: str, statement: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return list(await connection.fetch(statement, *values))
    finally:
        await connection.close()


@pytest.fixture(scope="package")
def register(server: postgres.Server, template: str) -> Iterator[Register]:
    database = asyncio.run(databases.copy(server, template, f"test_{uuid4().hex}"))
    asyncio.run(load_reference(database.admin_url))
    with standing(database) as house:
        yield Register(house, database)
    asyncio.run(databases.drop(database))


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The text of every SQL statement that the services execute from here on, in order."""
    said: list[str] = []
    for name in ("execute", "fetch", "fetchrow", "fetchval"):
        monkeypatch.setattr(asyncpg.Connection, name, _overheard(getattr(asyncpg.Connection, name), said))
    return said


def _overheard(method: Callable[..., Coroutine[Any, Any, Any]], said: list[str]) -> Callable[..., Any]:
    def tell(self: asyncpg.Connection, statement: str, *values: Any, **options: Any) -> Coroutine[Any, Any, Any]:
        said.append(" ".join(statement.split()))
        return method(self, statement, *values, **options)

    return tell
