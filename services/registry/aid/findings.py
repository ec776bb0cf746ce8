"""Overlap findings in the database. Runs as the screening role."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.db import Connection, Pool, Row, fetch
from shared.jsonb import to_json

_TO_SCREEN = """
    SELECT q.id, q.version, r.id AS registration_id, r.version AS registration_version, r.charity_id, r.name,
           r.name_latin, r.id_kind, r.id_token, r.id_near, r.birth_date, r.birth_precision, r.birth_calendar, r.gender,
           r.phones, r.zone_code, r.address_text, r.household_ref, r.household_role
    FROM registry.aid_request AS q JOIN registry.registration AS r ON r.id = q.registration_id
    WHERE q.id = ANY($1::uuid[])
"""

# Who is tied to whom, nearest tie first: 1 the same person, 2 the same household, 3 possibly the same person,
# 4 the household of someone who is possibly the same person. One ID on two different-looking people is a conflict
# for review, and no claim that they are one: it ties nobody.
# `count(*) > 0` and not EXISTS, which the planner may answer for all households of the register at once.
_ASKED = """
WITH asked AS MATERIALIZED (
    SELECT q.id AS asked, r.person_id, r.household_id
    FROM registry.aid_request AS q JOIN registry.registration AS r ON r.id = q.registration_id
    WHERE q.id = ANY($1::uuid[])
), unit AS MATERIALIZED (
    SELECT a.asked, h.unit_id FROM asked AS a JOIN registry.household AS h ON h.id = a.household_id
), supposed AS (
    SELECT NULL::uuid AS asked, NULL::uuid AS other WHERE false
"""

# The same for a request that is not stored: whose it would be, of which households, and whose it may be.
_SUPPOSED = """
WITH asked AS MATERIALIZED (
    SELECT $1::uuid AS asked, $2::uuid AS person_id, $3::uuid AS household_id
), unit AS MATERIALIZED (
    SELECT DISTINCT $1::uuid AS asked, h.unit_id FROM registry.household AS h WHERE h.id = ANY($4::uuid[])
), supposed AS MATERIALIZED (
    SELECT $1::uuid AS asked, o AS other FROM unnest($5::uuid[]) AS o
"""

_NEIGHBOURS = """
), of_person AS MATERIALIZED (
    SELECT a.asked, r.id FROM asked AS a JOIN registry.registration AS r ON r.person_id = a.person_id
), doubt AS MATERIALIZED (
    SELECT p.asked, m.high_registration AS other, m.id AS match_id FROM of_person AS p
    JOIN registry.possible_match AS m ON m.low_registration = p.id AND m.state = 'open' AND m.outcome <> 'conflict'
    UNION ALL
    SELECT p.asked, m.low_registration, m.id FROM of_person AS p
    JOIN registry.possible_match AS m ON m.high_registration = p.id AND m.state = 'open' AND m.outcome <> 'conflict'
    UNION ALL
    SELECT asked, other, NULL FROM supposed
), ties AS (
    SELECT asked, id AS registration_id, 1 AS tie, NULL::uuid AS match_id FROM of_person
    UNION ALL
    SELECT u.asked, r.id, 2, NULL FROM unit AS u JOIN registry.household AS h ON h.unit_id = u.unit_id
    JOIN registry.registration AS r ON r.household_id = h.id
    UNION ALL
    SELECT d.asked, r.id, 3, d.match_id FROM doubt AS d JOIN registry.registration AS o ON o.id = d.other
    JOIN registry.registration AS r ON r.person_id = o.person_id
    UNION ALL
    SELECT d.asked, r.id, 4, d.match_id FROM doubt AS d JOIN registry.registration AS o ON o.id = d.other
    JOIN registry.household AS ho ON ho.id = o.household_id
    JOIN registry.household AS h ON h.unit_id = ho.unit_id
    JOIN registry.registration AS r ON r.household_id = h.id
), nearest AS (
    SELECT DISTINCT ON (asked, registration_id) * FROM ties ORDER BY asked, registration_id, tie
)
SELECT n.asked, n.tie, q.status, n.tie = 2 AND (
           SELECT count(*) > 0 FROM registry.registration AS x
           JOIN registry.registration AS y ON y.person_id = x.person_id AND y.id_token = x.id_token
           WHERE x.household_id = a.household_id AND y.household_id = r.household_id
             AND (x.household_role = y.household_role
                  OR (x.household_role IN ('head', 'spouse') AND y.household_role IN ('head', 'spouse')))
       ) AS sure_household,
       q.id, q.priority, q.aid_type, q.starts_on, q.ends_on, q.amount, q.currency, q.zone_code,
       q.charity_id, c.name_ar AS charity_ar, c.name_en AS charity_en, q.registration_id, r.id_token, r.household_id,
       l.how, l.rule AS link_rule, l.probability AS link_probability, l.bits AS link_bits,
       l.evidence AS link_evidence, l.model_version AS link_model,
       m.rule AS match_rule, m.outcome AS match_outcome, m.probability AS match_probability, m.bits AS match_bits,
       m.evidence AS match_evidence, m.model_version AS match_model
FROM nearest AS n
JOIN asked AS a ON a.asked = n.asked
JOIN registry.aid_request AS q ON q.registration_id = n.registration_id AND q.id <> n.asked
JOIN registry.registration AS r ON r.id = q.registration_id
JOIN registry.charity AS c ON c.id = q.charity_id
LEFT JOIN registry.identity_link AS l ON l.registration_id = r.id AND l.ended_at IS NULL
LEFT JOIN registry.possible_match AS m ON m.id = n.match_id
WHERE q.status NOT IN ('cancelled', 'rejected')
"""

_LOCKED = """
    SELECT q.id, q.version, q.status, q.priority, q.aid_type, q.starts_on, q.ends_on, q.amount, q.currency,
           q.zone_code, q.charity_id, c.name_ar AS charity_ar, c.name_en AS charity_en, q.registration_id,
           r.version AS registration_version, r.id_token, r.household_id,
           l.how, l.rule AS link_rule, l.probability AS link_probability, l.bits AS link_bits,
           l.evidence AS link_evidence, l.model_version AS link_model
    FROM registry.aid_request AS q
    JOIN registry.registration AS r ON r.id = q.registration_id
    JOIN registry.charity AS c ON c.id = q.charity_id
    LEFT JOIN registry.identity_link AS l ON l.registration_id = r.id AND l.ended_at IS NULL
    WHERE q.id = ANY($1::uuid[]) ORDER BY q.id FOR UPDATE OF q
"""


async def to_screen(pool: Pool, requests: Collection[UUID]) -> list[Row]:
    """The requests with what their charities typed of the applicants. Raises DatabaseUnavailable."""
    return await fetch(pool, _TO_SCREEN, list(requests))


async def neighbours(connection: Connection, requests: Collection[UUID]) -> list[Row]:
    """Standing requests of the same, or possibly the same, persons and households; one row a pair."""
    rows: list[Row] = await connection.fetch(_ASKED + _NEIGHBOURS, list(requests))
    return rows


async def neighbours_of(
    connection: Connection, asked: UUID, person: UUID, households: Sequence[UUID], doubtful: Sequence[UUID]
) -> list[Row]:
    """The same for a request that is not stored.

    households: those it would be in, its own file first. doubtful: registrations that may be of `person`.
    """
    rows: list[Row] = await connection.fetch(
        _SUPPOSED + _NEIGHBOURS, asked, person, households[0], list(households), list(doubtful)
    )
    return rows


async def registration_of(connection: Connection, charity: UUID, source_ref: str) -> Row | None:
    """What `charity` typed before under this reference."""
    return await connection.fetchrow(
        "SELECT r.*, r.id AS registration_id FROM registry.registration AS r WHERE charity_id = $1 AND source_ref = $2",
        charity, source_ref,
    )  # fmt: skip


async def lock_requests(connection: Connection, requests: Collection[UUID]) -> dict[UUID, Row]:
    """The requests as they stand, locked in the order of their ids until the transaction ends."""
    return {row["id"]: row for row in await connection.fetch(_LOCKED, list(requests))}


_STANDING = """
    SELECT f.id, f.request_id, f.earlier_id, f.rule, f.certainty, f.effect, f.policy_version, f.common_from,
           f.common_to, n.aid_type, n.starts_on, n.ends_on, n.zone_code
    FROM registry.overlap_finding AS f JOIN registry.overlap_notice AS n ON n.finding_id = f.id
    WHERE f.state = 'open' AND
"""


async def open_findings(connection: Connection, requests: Collection[UUID]) -> list[Row]:
    """The open findings that flag one of `requests` or name it as the earlier one, with what was told of them."""
    rows: list[Row] = await connection.fetch(
        f"{_STANDING} f.request_id = ANY($1::uuid[]) UNION {_STANDING} f.earlier_id = ANY($1::uuid[])",
        list(requests),
    )
    return rows


async def close(connection: Connection, findings: Collection[UUID], because: str, now: datetime) -> None:
    """Close findings and withdraw what was told of them; nothing is deleted."""
    if not findings:
        return
    await connection.execute(
        """
        WITH closed AS (
            UPDATE registry.overlap_finding SET state = 'closed', closed_at = $3, closed_because = $2
            WHERE id = ANY($1::uuid[]) AND state = 'open' RETURNING id
        )
        UPDATE registry.overlap_notice AS n SET withdrawn_at = $3 FROM closed WHERE n.finding_id = closed.id
        """,
        list(findings), because, now,
    )  # fmt: skip


_ADD = """
WITH found AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS f(
        id uuid, request_id uuid, earlier_id uuid, rule text, unit text, certainty text, probability float8,
        common_from date, common_to date, evidence jsonb, model_version text, policy_version int, effect text,
        charity_id uuid, aid_type text, starts_on date, ends_on date, zone_code text, own boolean, own_request_id uuid,
        charity_name_ar text, charity_name_en text, reason_ar text, reason_en text)
), added AS (
    INSERT INTO registry.overlap_finding (id, request_id, earlier_id, rule, unit, certainty, probability, common_from,
        common_to, evidence, model_version, policy_version, effect, found_at)
    SELECT id, request_id, earlier_id, rule, unit, certainty, probability, common_from, common_to, evidence,
           model_version, policy_version, effect, $2 FROM found
    ON CONFLICT (least(request_id, earlier_id), greatest(request_id, earlier_id)) WHERE state = 'open' DO NOTHING
    RETURNING id
)
INSERT INTO registry.overlap_notice (finding_id, request_id, charity_id, aid_type, starts_on, ends_on, zone_code,
    certainty, rule, own, own_request_id, charity_name_ar, charity_name_en, reason_ar, reason_en, told_at)
SELECT id, request_id, charity_id, aid_type, starts_on, ends_on, zone_code, certainty, rule, own, own_request_id,
       charity_name_ar, charity_name_en, reason_ar, reason_en, $2
FROM found JOIN added USING (id)
"""


async def add(connection: Connection, findings: Sequence[dict[str, Any]], now: datetime) -> None:
    """Add findings with the notice that the flagged request's charity gets of each."""
    if findings:
        await connection.execute(_ADD, to_json(findings), now)


async def requests_of_households(connection: Connection, households: Collection[UUID]) -> list[UUID]:
    rows = await connection.fetch(
        "SELECT q.id FROM registry.registration AS r JOIN registry.aid_request AS q ON q.registration_id = r.id"
        " WHERE r.household_id = ANY($1::uuid[]) AND q.status NOT IN ('cancelled', 'rejected', 'pending')",
        list(households),
    )
    return [row["id"] for row in rows]
