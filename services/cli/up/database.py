"""The house's database: the one that SIJILL_DATABASE_URL names, else the embedded PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import asyncpg

from services.cli.settings import CommandSettings
from services.registry.reference import load_reference
from shared import migrations, postgres

DATABASE = "sijill"
_GLANCE = 0.2  # seconds between two looks at whether PostgreSQL lives


@asynccontextmanager
async def opened(data_dir: Path, *, stop: bool, say: Callable[[str], None] = lambda _: None) -> AsyncIterator[str]:
    """The URL of the owner's login, with the embedded PostgreSQL started if it is wanted and does not run.

    stop: stop it afterwards in any case; else only if it did not run before. Until then it is brought back
    whenever it dies, at the same address. Raises PostgresUnavailable.
    """
    if external := CommandSettings().database_url:
        yield external.get_secret_value()
        return
    directory = data_dir / "postgres"
    ran_before = await asyncio.to_thread(postgres.running, directory) is not None
    if not ran_before:
        say("starting PostgreSQL")
    server = await asyncio.to_thread(postgres.start, directory)
    leaving = asyncio.Event()
    keeper = asyncio.create_task(_keep(server, leaving, say))
    try:
        await _create(server.admin_url)
        yield server.url(DATABASE)
    finally:
        leaving.set()
        server = await keeper
        if stop or not ran_before:
            await asyncio.to_thread(server.stop)


async def _keep(server: postgres.Server, leaving: asyncio.Event, say: Callable[[str], None]) -> postgres.Server:
    """Start the server again on its port whenever it has died, until `leaving`; the one that runs then."""
    while not leaving.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(leaving.wait(), _GLANCE)
        if server.alive or leaving.is_set():
            continue
        say("PostgreSQL ended; starting it again")
        try:
            server = await asyncio.to_thread(postgres.start, server.directory, server.port)
        except postgres.PostgresUnavailable as error:
            say(str(error))
    return server


async def _create(admin_url: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f'CREATE DATABASE "{DATABASE}"')
    finally:
        await connection.close()


async def prepare(admin_url: str, logins: dict[str, str]) -> None:
    """Roles, every service's schema, and the zones and aid types that the product ships. Safe to do again."""
    await asyncio.to_thread(migrations.migrate_all, admin_url, logins)
    await load_reference(admin_url)
