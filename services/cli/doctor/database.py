"""The database: does it answer, and are its tables of this version?"""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg

from services.cli.doctor.ailment import Ailment
from services.cli.settings import CommandSettings
from services.cli.up.database import DATABASE
from services.cli.up.record import Record
from shared import postgres, revisions
from shared.db import LOST
from shared.settings import masked

PATIENCE = 5.0  # seconds


async def check(data_dir: Path, settings: CommandSettings, house: Record | None) -> AsyncIterator[Ailment]:
    """Nothing is started: an embedded database at rest is not looked into."""
    if settings.database_url:
        url, place = settings.database_url.get_secret_value(), masked(settings)["SIJILL_DATABASE_URL"]
    elif server := postgres.running(data_dir / "postgres"):
        url, place = server.url(DATABASE), str(data_dir / "postgres")
    else:
        if house:
            yield Ailment("embedded_down", {"log": str(data_dir / "postgres" / "server.log")})
        return
    try:
        connection = await asyncpg.connect(url, timeout=PATIENCE)
    except (TimeoutError, ValueError, *LOST, asyncpg.PostgresError) as error:
        yield Ailment("database_unreachable", {"place": place, "reason": type(error).__name__})
        return
    try:
        async for ailment in _migrations(connection):
            yield ailment
    finally:
        await connection.close()


async def _migrations(connection: asyncpg.Connection) -> AsyncIterator[Ailment]:
    for service in revisions.SERVICES:
        found, needed = await revisions.current(service, connection), revisions.head(service)
        if found != needed:
            facts = {"service": service, "found": found or "0", "needed": needed or "0"}
            yield Ailment("migrations_behind", facts)
