"""Aid requests in the database."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry.aid.schemas import DeliveryForm
from shared.db import Connection, Pool, Row, fetch
from shared.jsonb import to_json
from shared.outbox import HANDLED

# One statement and its own transaction, so that a submission costs one round trip. All that it writes comes from
# `sent`, which has its first row after `bound` has said whose rows the transaction may see. A registration that is
# known keeps its id, person and household, and whatever the new form leaves out; its version moves only when something
# typed has changed. Known registrations are locked first, by id, as a screening locks them, so that neither waits for
# the other; what is new goes in by key and by reference, so that two submissions do not either.
_STORE = """
WITH bound AS MATERIALIZED (
    SELECT set_config('sijill.charities', $5, true)
), sent AS MATERIALIZED (
    SELECT s.* FROM bound, jsonb_to_recordset($1::jsonb) AS s(
        charity_id uuid, key text, fingerprint text, request_id uuid, client_id text, subject text, call_id text,
        registration_id uuid, person_id uuid, household_id uuid, source_ref text, name text, name_latin text,
        id_kind text, id_sealed text, id_token text, id_near text[], birth_date date, birth_typed text,
        birth_calendar text, birth_precision text, gender text, phones text[], address_text text, zone_code text,
        household_ref text, household_role text, household_size smallint,
        aid_type text, starts_on date, ends_on date, amount numeric, currency text, note text)
), keys AS (
    INSERT INTO registry.idempotency_key (charity_id, key, fingerprint, request_id, created_at)
    SELECT charity_id, key, fingerprint, request_id, $3 FROM sent ORDER BY charity_id, key
    ON CONFLICT (charity_id, key) DO NOTHING RETURNING request_id
), fresh AS (
    SELECT sent.* FROM sent JOIN keys USING (request_id)
), known AS MATERIALIZED (
    SELECT locked.id FROM (
        SELECT r.id FROM fresh CROSS JOIN LATERAL (SELECT o.id FROM registry.registration AS o WHERE
            o.charity_id = fresh.charity_id AND o.source_ref = fresh.source_ref OFFSET 0) AS r ORDER BY r.id) AS k
    CROSS JOIN LATERAL (SELECT o.id FROM registry.registration AS o WHERE o.id = k.id FOR UPDATE) AS locked
), registrations AS (
    INSERT INTO registry.registration AS r (
        id, charity_id, source_ref, person_id, household_id, name, name_latin, id_kind, id_sealed, id_token, id_near,
        birth_date, birth_typed, birth_calendar, birth_precision, gender, phones, address_text, zone_code,
        household_ref, household_role, household_size, created_at, updated_at)
    SELECT registration_id, charity_id, source_ref, person_id, household_id, name, name_latin, id_kind,
           decode(id_sealed, 'hex'), id_token, coalesce(id_near, '{}'), birth_date, birth_typed, birth_calendar,
           birth_precision, gender, coalesce(phones, '{}'), address_text, zone_code, household_ref, household_role,
           household_size, $3, $3 FROM fresh WHERE (SELECT count(*) FROM known) >= 0 ORDER BY charity_id, source_ref
    ON CONFLICT (charity_id, source_ref) DO UPDATE SET
        household_id = CASE WHEN excluded.household_ref IS NULL THEN r.household_id ELSE excluded.household_id END,
        name = coalesce(excluded.name, r.name), name_latin = coalesce(excluded.name_latin, r.name_latin),
        id_kind = coalesce(excluded.id_kind, r.id_kind), id_token = coalesce(excluded.id_token, r.id_token),
        id_sealed = CASE WHEN excluded.id_token = r.id_token THEN r.id_sealed
                         ELSE coalesce(excluded.id_sealed, r.id_sealed) END,
        id_near = CASE WHEN excluded.id_token IS NULL THEN r.id_near ELSE excluded.id_near END,
        birth_date = coalesce(excluded.birth_date, r.birth_date),
        birth_typed = coalesce(excluded.birth_typed, r.birth_typed),
        birth_calendar = coalesce(excluded.birth_calendar, r.birth_calendar),
        birth_precision = coalesce(excluded.birth_precision, r.birth_precision),
        gender = coalesce(excluded.gender, r.gender),
        phones = CASE WHEN excluded.phones = '{}' THEN r.phones ELSE excluded.phones END,
        address_text = coalesce(excluded.address_text, r.address_text),
        zone_code = coalesce(excluded.zone_code, r.zone_code),
        household_ref = coalesce(excluded.household_ref, r.household_ref),
        household_role = coalesce(excluded.household_role, r.household_role),
        household_size = coalesce(excluded.household_size, r.household_size),
        version = r.version + (CASE WHEN (coalesce(excluded.name, r.name), coalesce(excluded.name_latin, r.name_latin),
               coalesce(excluded.id_token, r.id_token), coalesce(excluded.birth_date, r.birth_date),
               coalesce(excluded.birth_precision, r.birth_precision), coalesce(excluded.gender, r.gender),
               CASE WHEN excluded.phones = '{}' THEN r.phones ELSE excluded.phones END,
               coalesce(excluded.address_text, r.address_text), coalesce(excluded.zone_code, r.zone_code),
               coalesce(excluded.household_ref, r.household_ref), coalesce(excluded.household_role, r.household_role),
               coalesce(excluded.household_size, r.household_size))
           IS DISTINCT FROM
              (r.name, r.name_latin, r.id_token, r.birth_date, r.birth_precision, r.gender, r.phones, r.address_text,
               r.zone_code, r.household_ref, r.household_role, r.household_size)
            THEN 1 ELSE 0 END), updated_at = excluded.updated_at
    RETURNING r.*
), requests AS (
    INSERT INTO registry.aid_request (id, charity_id, registration_id, aid_type, starts_on, ends_on, amount, currency,
                                      note, zone_code, created_at, updated_at)
    SELECT request_id, charity_id, registrations.id, aid_type, starts_on, ends_on, amount, currency, note,
           coalesce(fresh.zone_code, registrations.zone_code), $3, $3
    FROM fresh JOIN registrations USING (charity_id, source_ref) RETURNING id, version, registration_id
), letters AS (
    INSERT INTO registry.letter (name, subject, written_at, due_at) SELECT $2, id, $3, $4 FROM requests
), witnesses AS (
    INSERT INTO registry.access (at, client_id, subject, charity_id, act, purpose, targets, request_id)
    SELECT $3, client_id, subject, charity_id, 'write', 'aid request', ARRAY[request_id], call_id FROM fresh
)
SELECT q.id, q.version, r.id AS registration_id, r.version AS registration_version, r.charity_id, r.name,
       r.name_latin, r.id_kind, r.id_token, r.id_near, r.birth_date, r.birth_precision, r.birth_calendar, r.gender,
       r.phones, r.zone_code, r.address_text, r.household_ref, r.household_role
FROM requests AS q JOIN registrations AS r ON r.id = q.registration_id
"""


async def store(
    pool: Pool, document: str, charities: Iterable[UUID], letter: str, now: datetime, due: datetime
) -> dict[UUID, Row]:
    """Store the submissions of `document` (a JSON array of rows), bound to `charities`, and commit.

    Returns those whose key is new, as `findings.to_screen` would give them. Raises DatabaseUnavailable.
    """
    rows = await fetch(pool, _STORE, document, letter, now, due, ",".join(map(str, charities)))
    return {row["id"]: row for row in rows}


async def known_keys(
    connection: Connection, keys: Sequence[tuple[UUID, str]]
) -> dict[tuple[UUID, str], tuple[str, UUID]]:
    """(charity, key) -> (fingerprint, request) of keys used before."""
    rows = await connection.fetch(
        "SELECT charity_id, key, fingerprint, request_id FROM registry.idempotency_key"
        " WHERE (charity_id, key) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))",
        [charity for charity, _ in keys], [key for _, key in keys],
    )  # fmt: skip
    return {(row["charity_id"], row["key"]): (row["fingerprint"], row["request_id"]) for row in rows}


_AS_SHOWN = """
    SELECT q.*, r.source_ref,
           EXISTS (SELECT FROM registry.aid_request AS e
                   WHERE e.registration_id = q.registration_id AND e.priority < q.priority) AS known_here,
           coalesce((SELECT jsonb_agg(to_jsonb(n) ORDER BY n.told_at, n.finding_id) FROM registry.overlap_notice AS n
                     WHERE n.request_id = q.id AND n.withdrawn_at IS NULL), '[]') AS notices
"""
_SHOWN = (
    _AS_SHOWN
    + """
    FROM registry.aid_request AS q JOIN registry.registration AS r ON r.id = q.registration_id
"""
)
_CONCLUDE = f"""
WITH said AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS s(id uuid, charity_id uuid, was text, status text, reason text)
), changed AS (
    UPDATE registry.aid_request AS q
    SET status = said.status, screened_at = $2,
        version = q.version + (said.status <> said.was)::int,
        updated_at = CASE WHEN said.status <> said.was THEN $2 ELSE q.updated_at END
    FROM said WHERE q.id = said.id
    RETURNING q.*
), history AS (
    INSERT INTO registry.request_status (request_id, charity_id, status, author, reason, at)
    SELECT id, charity_id, status, 'screening', reason, $2 FROM said WHERE status <> was
), letters AS (
    {HANDLED.format(letter="registry.letter", letters="$3::bigint[]", now="$2")}
)
{_AS_SHOWN}
    FROM changed AS q JOIN registry.registration AS r ON r.id = q.registration_id
"""


async def shown(connection: Connection, request_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """The requests with their notices, of those that the transaction may see."""
    rows = await connection.fetch(_SHOWN + "WHERE q.id = ANY($1::uuid[])", list(request_ids))
    return {row["id"]: row for row in rows}


async def conclude(
    connection: Connection, statuses: Sequence[dict[str, Any]], letters: Sequence[int], now: datetime
) -> dict[UUID, Row]:
    """Status and reason of screened requests; each change of status enters the history, and the letters are handled.

    Returns the requests as `shown` does.
    """
    rows = await connection.fetch(_CONCLUDE, to_json(statuses), now, list(letters))
    return {row["id"]: row for row in rows}


async def page(connection: Connection, charity: UUID, after: UUID | None, limit: int, status: str | None) -> list[Row]:
    """Requests of one charity, oldest first, after the given one."""
    rows: list[Row] = await connection.fetch(
        _SHOWN + "WHERE q.charity_id = $1 AND q.id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000')"
        " AND ($4::text IS NULL OR q.status = $4) ORDER BY q.id LIMIT $3",
        charity, after, limit, status,
    )  # fmt: skip
    return rows


async def lock_one(connection: Connection, request_id: UUID) -> Row | None:
    """The request, locked; its registration before it, in the order of a screening."""
    its = "SELECT registration_id FROM registry.aid_request WHERE id = $1"
    await connection.execute(f"SELECT FROM registry.registration WHERE id = ({its}) FOR UPDATE", request_id)
    return await connection.fetchrow(
        "SELECT q.*, r.source_ref, r.version AS registration_version FROM registry.aid_request AS q"
        " JOIN registry.registration AS r ON r.id = q.registration_id WHERE q.id = $1 FOR UPDATE OF q",
        request_id,
    )


async def change_request(connection: Connection, request_id: UUID, columns: dict[str, object], now: datetime) -> None:
    """Amended: pending again, one version on."""
    await connection.execute(
        "UPDATE registry.aid_request SET aid_type = $2, starts_on = $3, ends_on = $4, amount = $5, currency = $6,"
        " note = $7, zone_code = $8, status = 'pending', version = version + 1, updated_at = $9 WHERE id = $1",
        request_id, columns["aid_type"], columns["starts_on"], columns["ends_on"], columns["amount"],
        columns["currency"], columns["note"], columns["zone_code"], now,
    )  # fmt: skip


async def change_registration(connection: Connection, charity: UUID, columns: dict[str, object], now: datetime) -> None:
    """The newest typing of an applicant; what it leaves out stays, as in `store`."""
    given = {key: value for key, value in columns.items() if value is not None and key in _TYPED}
    if columns["household_ref"] is not None:
        given["household_id"] = columns["household_id"]
    if isinstance(given.get("id_sealed"), str):
        given["id_sealed"] = bytes.fromhex(str(given["id_sealed"]))
    assignments = "".join(f"{key} = ${n}, " for n, key in enumerate(given, start=4))
    await connection.execute(
        f"UPDATE registry.registration SET {assignments} version = version + 1, updated_at = $3"
        " WHERE charity_id = $1 AND source_ref = $2",
        charity, columns["source_ref"], now, *given.values(),
    )  # fmt: skip


_TYPED = frozenset({
    "name", "name_latin", "id_kind", "id_sealed", "id_token", "id_near", "birth_date", "birth_typed", "birth_calendar",
    "birth_precision", "gender", "phones", "address_text", "zone_code", "household_ref", "household_role",
    "household_size",
})  # fmt: skip


async def set_status(connection: Connection, request_id: UUID, status: str, now: datetime) -> None:
    await connection.execute(
        "UPDATE registry.aid_request SET status = $2, version = version + 1, updated_at = $3 WHERE id = $1",
        request_id, status, now,
    )  # fmt: skip


async def add_status(connection: Connection, row: Row, status: str, author: str, reason: str, now: datetime) -> None:
    """A line of the request's history."""
    await connection.execute(
        "INSERT INTO registry.request_status (request_id, charity_id, status, author, reason, at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        row["id"], row["charity_id"], status, author, reason, now,
    )  # fmt: skip


async def add_assistance(
    connection: Connection, assistance_id: UUID, row: Row, form: DeliveryForm, now: datetime
) -> None:
    await connection.execute(
        "INSERT INTO registry.assistance (id, request_id, charity_id, delivered_on, amount, currency, recorded_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        assistance_id, row["id"], row["charity_id"], form.delivered_on,
        form.amount.value if form.amount else row["amount"],
        form.amount.currency if form.amount else row["currency"], now,
    )  # fmt: skip
