"""All SQL of the linker. Needs PostgreSQL 18: `RETURNING old.…, new.…`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.db import Connection

STORE = """
WITH mode AS MATERIALIZED (SELECT set_config('synchronous_commit', $5, true)),
asked AS MATERIALIZED (
    SELECT record_id, charity_id, features, keys::bigint[] AS keys
    FROM mode, unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[])
         AS asked(record_id, charity_id, features, keys)
    ORDER BY record_id
),
stored AS (
    INSERT INTO dedup.record AS r (record_id, charity_id, features, keys)
    SELECT record_id, charity_id, features, keys FROM asked
    ON CONFLICT (record_id) DO UPDATE
        SET charity_id = excluded.charity_id, features = excluded.features, keys = excluded.keys,
            updated_at = excluded.updated_at
        WHERE r.features <> excluded.features OR r.keys <> excluded.keys
    RETURNING new.record_id, new.keys, coalesce(old.keys, '{}') AS keys_before,
              old.features AS features_before, old.updated_at AS stored_at
),
removed AS (
    DELETE FROM dedup.blocking_key k USING stored, unnest(stored.keys_before) AS before(hash)
    WHERE k.hash = before.hash AND k.record_id = stored.record_id AND before.hash <> ALL (stored.keys)
),
retired AS (
    INSERT INTO dedup.retired (features, stored_at)
    SELECT features_before, stored_at FROM stored WHERE features_before IS NOT NULL
)
INSERT INTO dedup.blocking_key (hash, record_id)
SELECT key.hash, stored.record_id FROM stored, unnest(stored.keys) AS key(hash)
WHERE key.hash <> ALL (stored.keys_before)
ORDER BY key.hash
ON CONFLICT DO NOTHING
"""

LOOK = """
WITH found AS (
    SELECT asked.place, asked.hash, near.record_id,
           count(*) OVER (PARTITION BY asked.place, asked.hash) AS block
    FROM unnest($1::int[], $2::bigint[], $3::uuid[]) AS asked(place, hash, own)
    CROSS JOIN LATERAL (
        SELECT k.record_id FROM dedup.blocking_key k
        WHERE k.hash = asked.hash AND k.record_id <> asked.own
        ORDER BY k.record_id DESC LIMIT $4::int + 1
    ) AS near
),
ranked AS (
    SELECT place, record_id, array_agg(hash) AS hashes,
           count(*) OVER (PARTITION BY place) AS candidates,
           row_number() OVER (
               PARTITION BY place ORDER BY sum(1.0::float8 / block) DESC, record_id DESC
           ) AS rank
    FROM found GROUP BY place, record_id
)
SELECT ranked.place, ranked.candidates, near.features,
       (SELECT count(DISTINCT (place, hash)) FROM found WHERE block > $4::int) AS keys_over_cap
FROM ranked CROSS JOIN LATERAL (
    SELECT r.features, r.keys FROM dedup.record r WHERE r.record_id = ranked.record_id OFFSET 0
) AS near
WHERE ranked.rank <= $5::int AND near.keys && ranked.hashes
ORDER BY ranked.place, ranked.rank
"""

REMOVE = """
WITH removed AS (
    DELETE FROM dedup.record WHERE record_id = ANY ($1::uuid[])
    RETURNING record_id, features, keys, updated_at
),
keys AS (
    DELETE FROM dedup.blocking_key k USING removed, unnest(removed.keys) AS before(hash)
    WHERE k.hash = before.hash AND k.record_id = removed.record_id
),
retired AS (INSERT INTO dedup.retired (features, stored_at) SELECT features, updated_at FROM removed)
SELECT count(*) FROM removed
"""


async def store(
    connection: Connection,
    rows: Sequence[tuple[UUID, UUID, bytes, tuple[int, ...]]],
    synchronous_commit: str,
) -> None:
    """Insert or replace records and their keys, in one statement that is its own transaction.

    rows: (record id, charity id, features, keys), each record id once; keys sorted.
    A record that is stored just so already is not written again. Records are locked in the order of their
    ids, so that two calls never wait for each other. When a record is replaced twice at one moment, a key of
    the version between may stay; `look` does not follow such a key.
    """
    ids, charities, features, keys = zip(*rows, strict=True)
    literals = ["{" + ",".join(map(str, of_one)) + "}" for of_one in keys]
    await connection.execute(STORE, ids, charities, features, literals, synchronous_commit)


async def look(
    connection: Connection,
    asked: Sequence[tuple[int, int, UUID]],
    key_cap: int,
    candidate_cap: int,
) -> list[Any]:
    """The records that share keys with those asked about.

    asked: (place of the record in the caller's list, one of its keys, its id).
    Rows: place, candidates (how many share a key, before `candidate_cap`), features, keys_over_cap (the same
    in every row: keys of the whole call under which more than `key_cap` others stand); by place, then by
    the sum of 1 / block size over the shared keys, largest first. A key is read newest record first: of
    two records that arrive at one moment the later finds the earlier however common their keys are.
    """
    places, hashes, own = zip(*asked, strict=True)
    rows: list[Any] = await connection.fetch(LOOK, places, hashes, own, key_cap, candidate_cap)
    return rows


async def remove(connection: Connection, record_ids: Sequence[UUID]) -> int:
    """Delete records and their keys. Returns how many there were."""
    return int(await connection.fetchval(REMOVE, list(record_ids)))


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
