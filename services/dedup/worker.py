"""Counts in how many registrations each value occurs, behind the hot path and exactly once a version."""

import asyncio
import signal
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import asyncpg

from services.dedup import queries
from services.dedup.engine.record import Record
from services.dedup.index import reaching
from services.dedup.settings import DedupSettings
from services.dedup.shares import count
from shared import db, log
from shared.db import DatabaseUnavailable, Pool

BATCH = 2_000
_TICK = timedelta(microseconds=1)


async def count_once(pool: Pool, limit: int = BATCH) -> int:
    """Count the oldest `limit` records not counted yet, and take replaced versions out. Returns how many.

    One snapshot shows every record in its newest version, and the versions retired. A retired version that
    was stored before the last watermark had been counted, and is subtracted; a later one never was.
    Raises DatabaseUnavailable, and asyncpg's SerializationError when another worker did it meanwhile.
    """
    async with reaching(pool) as connection:
        settled = await queries.settled_before(connection)
        async with connection.transaction(isolation="repeatable_read"):
            counted_before = await queries.lock_counting(connection)
            stored = await queries.stored_between(connection, counted_before, settled, limit)
            retired = await queries.take_retired(connection)
            gone = [features for features, stored_at in retired if stored_at < counted_before]
            reached = stored[-1]["updated_at"] + _TICK if len(stored) >= limit else settled
            await _add(connection, [features for features, _ in stored], gone)
            await queries.set_counted(connection, max(reached, counted_before), len(stored) - len(gone))
    return len(stored) + len(retired)


async def _add(connection: db.Connection, new: list[bytes], gone: list[bytes]) -> None:
    changes = Counter(count(map(Record.load, new)))
    changes.subtract(count(map(Record.load, gone)))
    ordered = sorted((kind, value, difference) for (kind, value), difference in changes.items() if difference)
    if ordered:
        await queries.add_counts(connection, ordered)
    if fewer := [(kind, value) for kind, value, difference in ordered if difference < 0]:
        await queries.forget_unheld(connection, fewer)


async def run(pool: Pool, stopped: asyncio.Event, seconds: float) -> None:
    """Count until `stopped`: at once while there is a full batch to do, else every `seconds`."""
    while not stopped.is_set():
        done = 0
        try:
            done = await count_once(pool)
        except (DatabaseUnavailable, asyncpg.SerializationError) as error:
            log.logger().warning("values not counted", error_type=type(error).__name__)
        if done < BATCH:
            with suppress(TimeoutError):
                await asyncio.wait_for(stopped.wait(), seconds)


async def main() -> None:
    """The process: ends after the pass in hand on SIGTERM or SIGINT."""
    settings = DedupSettings()
    log.configure("dedup-worker", settings.log_level)
    stopped = asyncio.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(kind, stopped.set)
    url = settings.dedup_database_url.get_secret_value()
    async with await db.open_pool(url, size=2, application="sijill-dedup-worker") as pool:
        log.logger().info("worker started")
        await run(pool, stopped, settings.dedup_count_seconds)
        log.logger().info("worker stopped")
