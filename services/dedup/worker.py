"""What goes on behind the hot path: value counts, each version exactly once; the index rebuilt; the nightly relink."""

import asyncio
import signal
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import asyncpg

from services.dedup import rebuild, relink
from services.dedup.engine.record import Record
from services.dedup.index import reaching
from services.dedup.model import Model
from services.dedup.queries import counting as queries
from services.dedup.settings import DedupSettings
from services.dedup.shares import count, model_in_force, read_weights
from shared import db, log
from shared.clock import now
from shared.db import DatabaseUnavailable, Pool

BATCH = 2_000
LOOK_AGAIN = 60.0
"""Seconds between two looks at whether anything is to be rebuilt or relinked."""
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


def next_night(after: datetime, hour: int) -> datetime:
    """The first moment after `after` at which the clock of UTC shows `hour` o'clock."""
    tonight = after.astimezone(UTC).replace(hour=hour, minute=0, second=0, microsecond=0)
    return tonight if tonight > after else tonight + timedelta(days=1)


async def keep_up(pool: Pool, model: Model, hour: int) -> None:
    """Rebuild the index if it is made otherwise; relink after a new model, and nightly from `hour` on. Endless."""
    night = next_night(now(), hour)
    while True:
        try:
            if await rebuild.due(pool):
                log.logger().info("index rebuilt", records=await rebuild.rebuild(pool))
            if now() >= night or await relink.due(pool, model):
                run = await relink.relink(pool, await read_weights(pool, model))
                log.logger().info("relinked", **run._asdict())
                night = next_night(now(), hour)
        except (DatabaseUnavailable, rebuild.RebuildRuns, relink.RelinkRuns) as error:
            log.logger().warning("index not kept up", error_type=type(error).__name__)
        await asyncio.sleep(LOOK_AGAIN)


async def main() -> None:
    """The process: on SIGTERM or SIGINT the count in hand is finished, and what `keep_up` does is left for later."""
    settings = DedupSettings()
    log.configure("dedup-worker", settings.log_level)
    stopped = asyncio.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(kind, stopped.set)
    url = settings.dedup_database_url.get_secret_value()
    model = model_in_force(settings)
    async with await db.open_pool(url, size=3, application="sijill-dedup-worker") as pool, asyncio.TaskGroup() as tasks:
        log.logger().info("worker started")
        keeping = tasks.create_task(keep_up(pool, model, settings.dedup_relink_hour))
        await run(pool, stopped, settings.dedup_count_seconds)
        keeping.cancel()
        log.logger().info("worker stopped")
