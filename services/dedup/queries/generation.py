"""SQL of the index's generations: one that is read, and at times the next one, built beside it.

A key's generation is the top byte of its hash, so that a generation lies in one piece and leaves in one piece.
Generation 0 is of an index older than that: whole hashes, without a number.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.db import Connection

_LOCK = 7_311_960_212  # any number of our own: two processes never rebuild at once

_REFRESH = """
WITH asked AS MATERIALIZED (
    SELECT record_id, seen, features, hashes::bigint[] AS hashes
    FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[]) AS asked(record_id, seen, features, hashes)
),
live AS MATERIALIZED (SELECT number, next_number FROM dedup.generation),
held AS MATERIALIZED (
    SELECT record_id FROM dedup.record WHERE record_id = ANY ($1::uuid[]) ORDER BY record_id FOR NO KEY UPDATE
),
refreshed AS (
    UPDATE dedup.record r
    SET features = asked.features,
        keys = ARRAY(
            SELECT key FROM unnest(r.keys) AS key WHERE live.number = 0 OR key >> 56 = live.number
            UNION SELECT dedup.placed(live.next_number, hash) FROM unnest(asked.hashes) AS hash ORDER BY 1
        )
    FROM live, asked JOIN held USING (record_id)
    WHERE r.record_id = asked.record_id AND r.features = asked.seen
    RETURNING r.record_id, asked.hashes, live.next_number
)
INSERT INTO dedup.blocking_key (hash, record_id)
SELECT dedup.placed(next_number, hash), record_id FROM refreshed, unnest(hashes) AS hash
ORDER BY 1
ON CONFLICT DO NOTHING
"""

_SWEEP = """
WITH gone AS MATERIALIZED (
    SELECT ctid AS place, hash, record_id FROM dedup.blocking_key
    WHERE (hash, record_id) > ($1, $2) AND hash < $3 ORDER BY hash, record_id LIMIT $4
),
deleted AS (
    DELETE FROM dedup.blocking_key WHERE ctid = ANY (ARRAY(SELECT place FROM gone))
)
SELECT hash, record_id FROM gone ORDER BY hash DESC, record_id DESC LIMIT 1
"""


async def lock(connection: Connection) -> bool:
    """Whether this session may rebuild; until `unlock`, or the session's end, no other may."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK))


async def unlock(connection: Connection) -> None:
    await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def read(connection: Connection) -> Any:
    """The row of number, scheme, next_number, next_scheme, filled_to, swept."""
    return await connection.fetchrow(
        "SELECT number, scheme, next_number, next_scheme, filled_to, swept FROM dedup.generation"
    )


async def begin(connection: Connection, scheme: str) -> None:
    """From the next statement on every record is stored under the next generation's keys as well."""
    await connection.execute(
        "UPDATE dedup.generation SET next_number = number % 127 + 1, next_scheme = $1, filled_to = NULL", scheme
    )


async def mark(connection: Connection) -> int:
    """A transaction id, for `older_than`: given out now."""
    return int(await connection.fetchval("SELECT pg_current_xact_id()::text"))


async def older_than(connection: Connection, mark: int) -> bool:
    """Whether a statement of the linker may still run that does not see what was committed before `mark`."""
    return bool(await connection.fetchval(
        "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = current_user AND pid <> pg_backend_pid()"
        " AND age(backend_xmin) >= age(($1::text::numeric % 4294967296)::text::xid))",
        str(mark),
    ))  # fmt: skip


async def greatest(connection: Connection) -> UUID:
    """The greatest id of a record that is stored."""
    found: UUID | None = await connection.fetchval("SELECT record_id FROM dedup.record ORDER BY record_id DESC LIMIT 1")
    return found or UUID(int=0)


async def page(connection: Connection, after: UUID | None, last: UUID, limit: int) -> list[Any]:
    """The next records up to `last`, in the order of their ids, as rows of record_id, features."""
    rows: list[Any] = await connection.fetch(
        "SELECT record_id, features FROM dedup.record WHERE record_id > $1 AND record_id <= $2"
        " ORDER BY record_id LIMIT $3",
        after or UUID(int=0), last, limit,
    )  # fmt: skip
    return rows


async def refresh(connection: Connection, rows: Sequence[tuple[UUID, bytes, bytes, tuple[int, ...]]]) -> None:
    """Write records in the present layout, and under the keys of the next generation as well.

    rows: (record id, features as read, features in the present layout, hashes of its keys), in the order of the ids.
    A record that was stored anew since it was read is left alone: that store wrote both. Its `updated_at` stays.
    """
    ids, seen, features, hashes = zip(*rows, strict=True)
    literals = ["{" + ",".join(map(str, of_one)) + "}" for of_one in hashes]
    await connection.execute(_REFRESH, ids, seen, features, literals)
    await connection.execute("UPDATE dedup.generation SET filled_to = $1", ids[-1])


async def switch(connection: Connection) -> None:
    """The next generation is the one that is read from now on."""
    await connection.execute(
        "UPDATE dedup.generation SET number = next_number, scheme = next_scheme, next_number = NULL,"
        " next_scheme = NULL, filled_to = NULL, swept = false WHERE next_number IS NOT NULL"
    )


async def abandon(connection: Connection) -> None:
    """The next generation is built no further, and its keys are to be swept."""
    await connection.execute(
        "UPDATE dedup.generation SET next_number = NULL, next_scheme = NULL, filled_to = NULL, swept = (number = 0)"
    )


async def sweep(connection: Connection, after: tuple[int, UUID], below: int, limit: int) -> tuple[int, UUID] | None:
    """Delete the next `limit` keys after `after` whose hash is less than `below`; the last of them, None if none."""
    row = await connection.fetchrow(_SWEEP, *after, below, limit)
    return (row["hash"], row["record_id"]) if row else None


async def set_swept(connection: Connection) -> None:
    await connection.execute("UPDATE dedup.generation SET swept = true")
