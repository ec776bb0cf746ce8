"""PostgreSQL: pools, the one transaction, and what a service needs to be ready.

A charity-bound role sees the rows of the charities named in `sijill.charities`, a setting that ends with
the transaction; row-level security enforces it (docs/decisions/0003-row-level-security.md).
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TypeAlias
from uuid import UUID

import asyncpg

from shared.errors import Text, Unavailable

Connection: TypeAlias = asyncpg.Connection
Pool: TypeAlias = asyncpg.Pool
Row: TypeAlias = asyncpg.Record


class DatabaseUnavailable(Unavailable):
    code = "database_unavailable"
    text = Text(
        "قاعدة البيانات لا تجيب الآن؛ أعد المحاولة بعد قليل.",
        "The database does not answer now; try again shortly.",
    )


LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the driver, on a connection that was cut while it read
    asyncpg.OperatorInterventionError,  # 57: shut down, cancelled, starting
    asyncpg.InsufficientResourcesError,  # 53: disk full, too many connections
    asyncpg.TransactionRollbackError,  # 40: deadlock, serialization
    asyncpg.InvalidCatalogNameError,  # 3D: no such database
    asyncpg.InvalidAuthorizationSpecificationError,  # 28: login refused
)
"""What a database raises that is away, overloaded, or asks to try again; nothing was committed then."""


async def open_pool(url: str, *, size: int, application: str, **settings: str) -> Pool:
    """A pool of at most `size` connections; connects on first use. `settings` are the server's, per session."""
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        reset=_leave_clean,
        command_timeout=60,
        server_settings={"application_name": application, "jit": "off", **settings},
    )


async def _leave_clean(connection: Connection) -> None:
    """In place of the driver's RESET ALL, a round trip: our only settings end with their transaction."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


@asynccontextmanager
async def transaction(pool: Pool, charities: Iterable[UUID] = ()) -> AsyncIterator[Connection]:
    """A transaction that sees the rows of `charities`, committed at the end or rolled back on any error.

    Raises DatabaseUnavailable when there is no connection to be had.
    """
    bound = ",".join(sorted({str(charity) for charity in charities}))
    try:
        connection = await pool.acquire(timeout=10)
    except (TimeoutError, *LOST) as error:
        raise DatabaseUnavailable from error
    try:
        await connection.execute(f"BEGIN; SET LOCAL sijill.charities = '{bound}'")
        try:
            yield connection
        except BaseException:
            await _roll_back(connection)
            raise
        await connection.execute("COMMIT")
    except LOST as error:
        raise DatabaseUnavailable from error
    finally:
        await asyncio.shield(pool.release(connection))


async def _roll_back(connection: Connection) -> None:
    if connection.is_closed():
        return
    try:
        await asyncio.shield(connection.execute("ROLLBACK"))
    except LOST:
        connection.terminate()


async def fetch(pool: Pool, statement: str, *values: object) -> list[Row]:
    """The rows of one statement, which is its own transaction. Raises DatabaseUnavailable."""
    try:
        async with pool.acquire(timeout=10) as connection:
            rows: list[Row] = await connection.fetch(statement, *values)
            return rows
    except (TimeoutError, *LOST) as error:
        raise DatabaseUnavailable from error


async def answers(pool: Pool) -> bool:
    """Whether the database takes a query within two seconds."""
    try:
        async with asyncio.timeout(2):
            return bool(await pool.fetchval("SELECT true"))
    except (TimeoutError, *LOST, asyncpg.PostgresError):
        return False
