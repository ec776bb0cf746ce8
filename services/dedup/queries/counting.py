"""SQL of the counts: in how many registrations a value occurs, and up to when all are counted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from shared.db import Connection


async def frequent_values(connection: Connection) -> list[Any]:
    """Rows of kind, hashes, counts (arrays side by side) for all values that occur 20 times or more."""
    rows: list[Any] = await connection.fetch(
        "SELECT kind, array_agg(value_hash) AS hashes, array_agg(n) AS counts"
        " FROM dedup.value_count WHERE n >= 20 GROUP BY kind"
    )
    return rows


async def registrations(connection: Connection) -> int:
    """How many registrations the counts are of."""
    return int(await connection.fetchval("SELECT registrations FROM dedup.counting"))


async def lock_counting(connection: Connection) -> datetime:
    """The moment before which all records are counted; other workers wait until the transaction ends."""
    found: datetime = await connection.fetchval("SELECT counted_before FROM dedup.counting FOR UPDATE")
    return found


async def settled_before(connection: Connection) -> datetime:
    """A moment such that every transaction of the linker which began before it has ended.

    A record bears the start of its transaction as `updated_at`, so none can still turn up before that moment.
    One second of grace covers a transaction that has read the clock and is not listed yet.
    """
    found: datetime = await connection.fetchval(
        "SELECT least(min(xact_start), clock_timestamp()) - interval '1 second' FROM pg_stat_activity"
        " WHERE usename = current_user AND pid <> pg_backend_pid()"
    )
    return found


async def stored_between(connection: Connection, first: datetime, before: datetime, limit: int) -> list[Any]:
    """Records last stored in [first, before) as rows of features, updated_at; oldest first."""
    rows: list[Any] = await connection.fetch(
        "SELECT features, updated_at FROM dedup.record WHERE updated_at >= $1 AND updated_at < $2"
        " ORDER BY updated_at FETCH FIRST $3 ROWS WITH TIES",
        first, before, limit,
    )  # fmt: skip
    return rows


async def take_retired(connection: Connection) -> list[Any]:
    """Replaced and removed versions as rows of features, stored_at; deleted as they are read."""
    rows: list[Any] = await connection.fetch("DELETE FROM dedup.retired RETURNING features, stored_at")
    return rows


async def add_counts(connection: Connection, changes: Sequence[tuple[str, int, int]]) -> None:
    """Add `changes` of (kind, value hash, difference), each value once, to the counts."""
    kinds, hashes, differences = zip(*changes, strict=True)
    await connection.execute(
        "INSERT INTO dedup.value_count AS c (kind, value_hash, n)"
        " SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])"
        " ON CONFLICT (kind, value_hash) DO UPDATE SET n = c.n + excluded.n",
        kinds, hashes, differences,
    )  # fmt: skip


async def forget_unheld(connection: Connection, values: Sequence[tuple[str, int]]) -> None:
    """Delete the counts of those `values` (kind, value hash) that nobody holds any more."""
    kinds, hashes = zip(*values, strict=True)
    await connection.execute(
        "DELETE FROM dedup.value_count c USING unnest($1::text[], $2::bigint[]) AS gone(kind, value_hash)"
        " WHERE c.kind = gone.kind AND c.value_hash = gone.value_hash AND c.n <= 0",
        kinds, hashes,
    )  # fmt: skip


async def set_counted(connection: Connection, before: datetime, added: int) -> None:
    """Note that all records stored before `before` are counted, `added` registrations more than so far."""
    await connection.execute(
        "UPDATE dedup.counting SET counted_before = $1, registrations = registrations + $2", before, added
    )
