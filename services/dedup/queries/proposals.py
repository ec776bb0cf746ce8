"""SQL of what was answered on pairs, of what more would be said now, and of the runs that find it."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from shared.db import Connection

_LOCK = 7_311_960_213  # any number of our own: one process relinks at a time, so that revisions grow as they commit


class Proposal(NamedTuple):
    """A row of dedup.proposal as it is written: `answered` is the outcome told before, None if nothing was."""

    low: UUID
    high: UUID
    outcome: str
    rule: str
    answered: str | None
    probability: float
    bits: float
    evidence: str


_NOTE = """
WITH mode AS MATERIALIZED (SELECT set_config('synchronous_commit', $5, true)),
asked AS MATERIALIZED (
    SELECT low, high, outcome FROM mode, unnest($2::uuid[], $3::uuid[], $4::text[]) AS asked(low, high, outcome)
),
held AS MATERIALIZED (
    SELECT record_id FROM dedup.record
    WHERE record_id = ANY ($2::uuid[]) OR record_id = ANY ($3::uuid[]) ORDER BY record_id FOR KEY SHARE
),
gone AS (
    DELETE FROM dedup.answer a WHERE (a.low_record = ANY ($1::uuid[]) OR a.high_record = ANY ($1::uuid[]))
        AND NOT EXISTS (SELECT FROM asked WHERE asked.low = a.low_record AND asked.high = a.high_record)
)
INSERT INTO dedup.answer AS a (low_record, high_record, outcome)
SELECT low, high, outcome FROM asked
WHERE low IN (SELECT record_id FROM held) AND high IN (SELECT record_id FROM held) ORDER BY low, high
ON CONFLICT (low_record, high_record) DO UPDATE SET outcome = excluded.outcome WHERE a.outcome <> excluded.outcome
"""

_KNOWN = """
WITH touched AS (
    SELECT low_record, high_record FROM dedup.answer WHERE low_record = ANY ($1::uuid[])
    UNION SELECT low_record, high_record FROM dedup.answer WHERE high_record = ANY ($1::uuid[])
    UNION SELECT low_record, high_record FROM dedup.proposal WHERE low_record = ANY ($1::uuid[]) AND state = 'open'
    UNION SELECT low_record, high_record FROM dedup.proposal WHERE high_record = ANY ($1::uuid[]) AND state = 'open'
)
SELECT low_record, high_record, a.outcome AS answered, low.features AS low_features, high.features AS high_features
FROM touched LEFT JOIN dedup.answer a USING (low_record, high_record)
JOIN dedup.record low ON low.record_id = low_record JOIN dedup.record high ON high.record_id = high_record
"""

_PROPOSE = """
WITH asked AS MATERIALIZED (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[],
        $8::text[]) AS asked(low, high, outcome, rule, answered, probability, bits, evidence)
),
held AS MATERIALIZED (
    SELECT record_id FROM dedup.record
    WHERE record_id = ANY ($1::uuid[]) OR record_id = ANY ($2::uuid[]) ORDER BY record_id FOR KEY SHARE
)
INSERT INTO dedup.proposal AS p (low_record, high_record, outcome, rule, answered, probability, bits, evidence,
                                 model_version, state, found_at, revision)
SELECT low, high, outcome, rule, answered, probability, bits, evidence::jsonb, $9, 'open', now(),
       nextval('dedup.proposal_revision')
FROM asked WHERE low IN (SELECT record_id FROM held) AND high IN (SELECT record_id FROM held) ORDER BY low, high
ON CONFLICT (low_record, high_record) DO UPDATE
    SET outcome = excluded.outcome, rule = excluded.rule, answered = excluded.answered,
        probability = excluded.probability, bits = excluded.bits, evidence = excluded.evidence,
        model_version = excluded.model_version, state = 'open', revision = excluded.revision,
        found_at = CASE p.state WHEN 'open' THEN p.found_at ELSE excluded.found_at END
    WHERE (p.state, p.outcome, p.rule, p.answered, p.bits, p.model_version) IS DISTINCT FROM
          ('open', excluded.outcome, excluded.rule, excluded.answered, excluded.bits, excluded.model_version)
RETURNING 1
"""

_WITHDRAW = """
UPDATE dedup.proposal SET state = 'withdrawn', revision = nextval('dedup.proposal_revision')
FROM unnest($1::uuid[], $2::uuid[]) AS asked(low, high)
WHERE low_record = low AND high_record = high AND state = 'open'
RETURNING 1
"""


async def note(
    connection: Connection,
    asked: Collection[UUID],
    answers: Sequence[tuple[UUID, UUID, str]],
    synchronous_commit: str,
) -> None:
    """Keep that these are the answers on the records `asked`, and that earlier ones on them stand no longer.

    answers: (lesser id, greater id, outcome), each pair once. A pair of which a record is gone is left out.
    """
    lows, highs, outcomes = zip(*answers, strict=True) if answers else ((), (), ())
    await connection.execute(_NOTE, list(asked), lows, highs, outcomes, synchronous_commit)


async def lock(connection: Connection) -> bool:
    """Whether this session may relink; until `unlock`, or the session's end, no other may."""
    return bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", _LOCK))


async def unlock(connection: Connection) -> None:
    await connection.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def known(connection: Connection, record_ids: Collection[UUID]) -> list[Any]:
    """Pairs with one of `record_ids` that were answered on or are proposed: both sides, answered, both features."""
    rows: list[Any] = await connection.fetch(_KNOWN, list(record_ids))
    return rows


async def propose(connection: Connection, proposals: Sequence[Proposal], model_version: str) -> int:
    """Write the proposals; one that stands just so already is not touched. Returns how many were new or changed."""
    return len(await connection.fetch(_PROPOSE, *zip(*proposals, strict=True), model_version))


async def withdraw(connection: Connection, pairs: Sequence[tuple[UUID, UUID]]) -> int:
    """Withdraw the open proposals of these pairs; returns how many there were."""
    return len(await connection.fetch(_WITHDRAW, *zip(*pairs, strict=True)))


async def after(connection: Connection, revision: int, state: str | None, limit: int) -> list[Any]:
    """The proposals whose revision is greater, least first, of one state or of both."""
    rows: list[Any] = await connection.fetch(
        "SELECT low_record, high_record, outcome, rule, answered, probability, bits, evidence, model_version, state,"
        " found_at, revision FROM dedup.proposal"
        " WHERE revision > $1 AND ($2::text IS NULL OR state = $2) ORDER BY revision LIMIT $3",
        revision, state, limit,
    )  # fmt: skip
    return rows


async def last_run(connection: Connection) -> Any | None:
    """The newest run, finished or not; None before the first."""
    return await connection.fetchrow("SELECT * FROM dedup.relink_run ORDER BY id DESC LIMIT 1")


async def begin_run(connection: Connection, made_by: str, first: datetime, before: datetime) -> Any:
    """A run over the records last stored in [first, before)."""
    return await connection.fetchrow(
        "INSERT INTO dedup.relink_run (made_by, changed_from, changed_before, reached_at, reached_id, records,"
        " proposed, withdrawn, begun_at) VALUES ($1, $2, $3, $2, $4, 0, 0, 0, now()) RETURNING *",
        made_by, first, before, UUID(int=0),
    )  # fmt: skip


async def page(connection: Connection, run: Any, limit: int) -> list[Any]:
    """The next records of a run, in the order of their last change: rows of record_id, features, updated_at."""
    rows: list[Any] = await connection.fetch(
        "SELECT record_id, features, updated_at FROM dedup.record"
        " WHERE (updated_at, record_id) > ($1, $2) AND updated_at < $3 ORDER BY updated_at, record_id LIMIT $4",
        run["reached_at"], run["reached_id"], run["changed_before"], limit,
    )  # fmt: skip
    return rows


async def advance_run(
    connection: Connection, run_id: int, reached: tuple[datetime, UUID], counts: tuple[int, int, int]
) -> Any:
    """Note how far the run is; counts: records, proposals and withdrawals more than so far. Returns the run."""
    return await connection.fetchrow(
        "UPDATE dedup.relink_run SET reached_at = $2, reached_id = $3, records = records + $4,"
        " proposed = proposed + $5, withdrawn = withdrawn + $6 WHERE id = $1 RETURNING *",
        run_id, *reached, *counts,
    )  # fmt: skip


async def finish_run(connection: Connection, run_id: int) -> None:
    await connection.execute("UPDATE dedup.relink_run SET finished_at = now() WHERE id = $1", run_id)
