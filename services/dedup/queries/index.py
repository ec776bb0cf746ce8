"""SQL of the hot path: storing records, finding candidates. Needs PostgreSQL 18: `RETURNING old.…, new.…`."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from shared.db import Connection

STORE = """
WITH mode AS MATERIALIZED (SELECT set_config('synchronous_commit', $5, true)),
live AS MATERIALIZED (
    SELECT unnest(array_remove(ARRAY[number, next_number], NULL)) AS number
    FROM (SELECT number, next_number FROM dedup.generation LIMIT 1) AS only_row
),
asked AS MATERIALIZED (
    SELECT record_id, charity_id, features,
           ARRAY(SELECT dedup.placed(live.number, hash)
                 FROM live, unnest(hashes::bigint[]) AS hash ORDER BY 1) AS keys
    FROM mode, unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::text[])
         AS asked(record_id, charity_id, features, hashes)
    ORDER BY record_id
),
stored AS (
    INSERT INTO dedup.record AS r (record_id, charity_id, features, keys)
    SELECT record_id, charity_id, features, keys FROM asked
    ON CONFLICT (record_id) DO UPDATE
        SET charity_id = excluded.charity_id, features = excluded.features, keys = excluded.keys,
            updated_at = excluded.updated_at
        WHERE r.features <> excluded.features OR NOT r.keys @> excluded.keys
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
),
added AS (
    INSERT INTO dedup.blocking_key (hash, record_id)
    SELECT key.hash, stored.record_id FROM stored, unnest(stored.keys) AS key(hash)
    WHERE key.hash <> ALL (stored.keys_before)
    ORDER BY key.hash
    ON CONFLICT DO NOTHING
)
SELECT count(features_before) FROM stored
"""

LOOK = """
WITH found AS (
    SELECT asked.place, asked.hash, near.record_id,
           count(*) OVER (PARTITION BY asked.place, asked.hash) AS block
    FROM (
        SELECT place, dedup.placed(number, hash) AS hash, own
        FROM unnest($1::int[], $2::bigint[], $3::uuid[]) AS raw(place, hash, own)
        CROSS JOIN (SELECT number FROM dedup.generation LIMIT 1) AS live
    ) AS asked
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
) -> int:
    """Insert or replace records and their keys, in one statement that is its own transaction.

    Returns how many replaced another version of theirs.

    rows: (record id, charity id, features, hashes of its keys), each record id once.
    The keys stand under the index's generation, and under the next one as well while that is being built.
    A record that is stored just so already is not written again. Records are locked in the order of their
    ids, so that two calls never wait for each other. When a record is replaced twice at one moment, a key of
    the version between may stay; `look` does not follow such a key.
    """
    ids, charities, features, hashes = zip(*rows, strict=True)
    literals = ["{" + ",".join(map(str, of_one)) + "}" for of_one in hashes]
    return int(await connection.fetchval(STORE, ids, charities, features, literals, synchronous_commit))


async def look(
    connection: Connection,
    asked: Sequence[tuple[int, int, UUID]],
    key_cap: int,
    candidate_cap: int,
) -> list[Any]:
    """The records that share keys with those asked about.

    asked: (place of the record in the caller's list, the hash of one of its keys, its id).
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
