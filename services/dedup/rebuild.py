"""The index built anew beside the one that is read: for new keys, for a new layout, or to be rid of bloat.

    begin     from here on each record is stored under the keys of both generations
    wait      until no statement runs that does not know that yet
    fill      the records that were there before, a page a transaction, in the order of their ids
    switch    one row changes: a look reads one generation or the other, and either is whole
    wait      until no statement runs that stores under the old generation
    sweep     the old keys go, some thousands a transaction

Killed at any step, it goes on from there when it is called again. Nobody is kept waiting: no lock is held but on the
records of the page in hand.
"""

import asyncio
from collections.abc import Callable
from uuid import UUID

from services.dedup.engine.block import RULES, blocking_keys
from services.dedup.engine.record import LAYOUT, Record
from services.dedup.index import reaching
from services.dedup.queries import generation
from shared.db import Connection, Pool

SCHEME = f"{RULES}.{LAYOUT}"
"""What an index is made by; one made by another is due to be rebuilt."""
PAGE = 500
SWEPT_AT_A_TIME = 20_000
_PAUSE = 0.05  # seconds between two looks at what still runs
_LOWEST, _HIGHEST = -(2**63), 2**63 - 1
_NOBODY = UUID(int=0)


class RebuildRuns(RuntimeError):
    """Another process rebuilds the index at this moment."""


async def due(pool: Pool) -> bool:
    """Whether the index is made by other rules or in another layout, or a rebuild was cut off."""
    async with reaching(pool) as connection:
        state = await generation.read(connection)
    return state["scheme"] != SCHEME or state["next_number"] is not None or not state["swept"]


async def rebuild(pool: Pool, told: Callable[[int], None] = lambda _: None, page: int = PAGE) -> int:
    """Build the next generation, or finish the one begun; the number of records filled in by this call.

    told: called with that number after every page. Memory: one page. Raises RebuildRuns, DatabaseUnavailable,
    UnknownLayout for a record that a newer version stored.
    """
    async with reaching(pool) as connection:
        if not await generation.lock(connection):
            raise RebuildRuns("another process rebuilds the index; wait for it to end")
        try:
            return await _rebuild(connection, told, page)
        finally:
            if not connection.is_closed():
                await generation.unlock(connection)


async def _rebuild(connection: Connection, told: Callable[[int], None], page: int) -> int:
    state = await generation.read(connection)
    if state["next_number"] is not None and state["next_scheme"] != SCHEME:
        await generation.abandon(connection)
        state = await generation.read(connection)
    if not state["swept"]:
        await _sweep(connection)
        if state["scheme"] == SCHEME:
            return 0
    if state["next_number"] is None:
        await generation.begin(connection, SCHEME)
    await _settled(connection)
    filled = await _fill(connection, told, page)
    await generation.switch(connection)
    await _sweep(connection)
    return filled


async def _settled(connection: Connection) -> None:
    """Until every statement of the linker that runs sees what this session has committed."""
    mark = await generation.mark(connection)
    while await generation.older_than(connection, mark):  # noqa: ASYNC110 - the database tells nobody of this
        await asyncio.sleep(_PAUSE)


async def _fill(connection: Connection, told: Callable[[int], None], page: int) -> int:
    """Records that arrive meanwhile are stored under both generations as they come: `last` need not move."""
    filled, reached = 0, (await generation.read(connection))["filled_to"]
    last = await generation.greatest(connection)
    while rows := await generation.page(connection, reached, last, page):
        async with connection.transaction():
            await generation.refresh(connection, [_anew(*row) for row in rows])
        filled, reached = filled + len(rows), rows[-1]["record_id"]
        told(filled)
    return filled


def _anew(record_id: UUID, features: bytes) -> tuple[UUID, bytes, bytes, tuple[int, ...]]:
    record = Record.load(features)
    return record_id, features, record.dump(), tuple(key.hash for key in blocking_keys(record))


async def _sweep(connection: Connection) -> None:
    """Delete the keys of all generations but the one that is read."""
    await _settled(connection)
    number = (await generation.read(connection))["number"]
    for first, below in ((_LOWEST, number << 56), (((number + 1) << 56) - 1, _HIGHEST)):
        after: tuple[int, UUID] | None = (first, _NOBODY if first == _LOWEST else UUID(int=2**128 - 1))
        while after is not None:
            after = await generation.sweep(connection, after, below, SWEPT_AT_A_TIME)
    await generation.set_swept(connection)
