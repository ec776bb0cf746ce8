"""Real databases for tests: one embedded server for all runs on this machine, one database a test module.

The server outlives no run: whoever ends last stops it. Databases are copied from a template that each run
migrates once, which takes some tens of milliseconds.
"""

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from shared import migrations, postgres, revisions

_DIRECTORY = Path(__file__).parents[1] / ".sijill" / "tests"
_PASSWORD = "only-for-tests"


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated, empty database. `admin_url` is the superuser's; services connect with `url`."""

    server: postgres.Server
    name: str

    @property
    def admin_url(self) -> str:
        return self.server.url(self.name)

    def url(self, role: str) -> str:
        """The address for one of the runtime roles, named without its prefix: `registry`, `screening`, …"""
        place = f"127.0.0.1:{self.server.port}/{self.name}?sslmode=disable"
        return f"postgresql://sijill_{role}:{_PASSWORD}@{place}"


@contextmanager
def shared_server() -> Iterator[postgres.Server]:
    """The server, started by the first of the processes that test at this moment and stopped by the last."""
    _DIRECTORY.mkdir(parents=True, exist_ok=True)
    with (_DIRECTORY / "users").open("a") as users:
        if _alone(users.fileno()):
            asyncio.run(_tidy(postgres.start(_DIRECTORY / "postgres")))
        fcntl.flock(users, fcntl.LOCK_SH)
        server = postgres.start(_DIRECTORY / "postgres")
        try:
            yield server
        finally:
            if _alone(users.fileno()):
                server.stop()
            elif child := postgres.CHILDREN.get(server.pid):
                child.returncode = 0  # another process stops it; Popen need not warn that it outlives us


def _alone(users: int) -> bool:
    """Whether no other process tests; if so, others wait until we let go."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _tidy(server: postgres.Server) -> None:
    """Drop what runs that were killed left behind; give the roles their test passwords."""
    connection = await asyncpg.connect(server.admin_url)
    try:
        left = await connection.fetch("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
        for row in left:
            await connection.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')
    finally:
        await connection.close()
    logins = dict.fromkeys(migrations.ROLES, f"postgresql://:{_PASSWORD}@localhost")
    await migrations.ensure_roles(server.admin_url, logins)


async def make_template(server: postgres.Server, run: str) -> str:
    """The migrated database that this run's others are copies of; the first process to come makes it."""
    name = f"test_{run}_template"
    connection = await asyncpg.connect(server.admin_url)
    try:
        await connection.execute("SELECT pg_advisory_lock(hashtextextended($1, 0))", name)
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            draft = Database(server, f"{name}_draft")
            await connection.execute(f'CREATE DATABASE "{draft.name}"')
            for service in revisions.SERVICES:
                await migrations.migrate(service, draft.admin_url)
            await connection.execute(f'ALTER DATABASE "{draft.name}" RENAME TO "{name}"')
    finally:
        await connection.close()
    return name


async def copy(server: postgres.Server, template: str, name: str) -> Database:
    connection = await asyncpg.connect(server.admin_url)
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        await connection.close()
    return Database(server, name)


async def drop(database: Database) -> None:
    connection = await asyncpg.connect(database.server.admin_url)
    try:
        await connection.execute(f'DROP DATABASE "{database.name}" WITH (FORCE)')
    finally:
        await connection.close()
