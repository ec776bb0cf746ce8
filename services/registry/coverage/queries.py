"""Coverage in the database: one statement, so that all its figures are of one moment. Runs as the oversight role."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from shared.db import Connection

_STANDING = "q.status NOT IN ('cancelled', 'rejected')"
_CHOSEN = f"""{_STANDING} AND ($4::text IS NULL OR q.aid_type = $4)
      AND ($5::date IS NULL OR q.ends_on >= $5) AND ($6::date IS NULL OR q.starts_on <= $6)"""

# Persons and households are counted first, over the whole register, and only then attributed to zones: whoever is
# helped by one charity here and another there counts as helped by two in both.
_OVERLAP = f"""
WITH cell AS MATERIALIZED (
    SELECT code, path[$3::int + 1] AS cell FROM registry.zone WHERE path[$2::int + 1] = $1
), located AS (
    SELECT q.id, q.charity_id, q.amount, q.currency, q.registration_id, cell.cell
    FROM cell JOIN registry.aid_request AS q ON q.zone_code = cell.code WHERE {_CHOSEN}
    UNION ALL
    SELECT q.id, q.charity_id, q.amount, q.currency, q.registration_id, NULL
    FROM registry.aid_request AS q WHERE q.zone_code IS NULL AND q.charity_id = ANY($7::uuid[]) AND {_CHOSEN}
), asked AS MATERIALIZED (
    SELECT q.*, r.person_id, coalesce(h.unit_id, r.household_id) AS unit_id
    FROM located AS q JOIN registry.registration AS r ON r.id = q.registration_id
    LEFT JOIN registry.household AS h ON h.id = r.household_id
), person AS MATERIALIZED (
    SELECT r.person_id, count(DISTINCT q.charity_id) > 1 AS twice
    FROM registry.registration AS r JOIN registry.aid_request AS q ON q.registration_id = r.id
    WHERE r.person_id IN (SELECT person_id FROM asked) AND {_CHOSEN}
    GROUP BY r.person_id
), member AS MATERIALIZED (
    SELECT h.id AS household_id, h.unit_id FROM registry.household AS h WHERE h.unit_id IN (SELECT unit_id FROM asked)
    UNION SELECT unit_id, unit_id FROM asked
), unit AS MATERIALIZED (
    SELECT m.unit_id, count(DISTINCT q.charity_id) > 1 AS twice
    FROM member AS m JOIN registry.registration AS r ON r.household_id = m.household_id
    JOIN registry.aid_request AS q ON q.registration_id = r.id
    WHERE {_CHOSEN}
    GROUP BY m.unit_id
), touching AS (
    SELECT f.id FROM asked AS a JOIN registry.overlap_finding AS f ON f.request_id = a.id AND f.state = 'open'
    UNION SELECT f.id FROM asked AS a JOIN registry.overlap_finding AS f ON f.earlier_id = a.id AND f.state = 'open'
), standing AS MATERIALIZED (
    SELECT f.id, f.request_id, f.earlier_id, f.certainty = 'confirmed' AS sure,
           least(q.charity_id, e.charity_id) AS low, greatest(q.charity_id, e.charity_id) AS high, r.person_id
    FROM touching JOIN registry.overlap_finding AS f USING (id)
    JOIN registry.aid_request AS q ON q.id = f.request_id
    JOIN registry.registration AS r ON r.id = q.registration_id
    JOIN registry.aid_request AS e ON e.id = f.earlier_id
    WHERE {_STANDING} AND e.status NOT IN ('cancelled', 'rejected')
), side AS MATERIALIZED (
    SELECT id AS finding, request_id AS request, sure, true AS later FROM standing
    UNION ALL SELECT id, earlier_id, sure, false FROM standing
), tangled AS MATERIALIZED (
    SELECT request, bool_or(sure) AS sure, bool_or(later) AS later FROM side GROUP BY request
), marked AS MATERIALIZED (
    SELECT a.*, p.twice AS person_twice, u.twice AS unit_twice,
           coalesce(t.sure, false) AS sure, coalesce(NOT t.sure, false) AS unsure, coalesce(t.later, false) AS later
    FROM asked AS a JOIN person AS p USING (person_id) JOIN unit AS u USING (unit_id)
    LEFT JOIN tangled AS t ON t.request = a.id
), figures AS (
    SELECT grouping(cell) = 1 AS total, cell,
           count(DISTINCT charity_id) AS charities, count(*) AS requests,
           count(*) FILTER (WHERE sure) AS confirmed, count(*) FILTER (WHERE unsure) AS suspected
    FROM marked GROUP BY GROUPING SETS ((cell), ())
), people AS (
    SELECT false AS total, cell, count(*) AS helped, count(*) FILTER (WHERE twice) AS by_two_or_more
    FROM (SELECT DISTINCT cell, person_id, person_twice AS twice FROM marked) AS once GROUP BY cell
    UNION ALL SELECT true, NULL, count(*), count(*) FILTER (WHERE twice) FROM person
), households AS (
    SELECT false AS total, cell, count(*) AS helped, count(*) FILTER (WHERE twice) AS by_two_or_more
    FROM (SELECT DISTINCT cell, unit_id, unit_twice AS twice FROM marked) AS once GROUP BY cell
    UNION ALL SELECT true, NULL, count(*), count(*) FILTER (WHERE twice) FROM unit
), money AS (
    SELECT grouping(cell) = 1 AS total, cell, currency, sum(amount)::text AS asked,
           round(coalesce(sum(amount) FILTER (WHERE sure), 0), 2)::text AS confirmed,
           round(coalesce(sum(amount) FILTER (WHERE unsure), 0), 2)::text AS suspected,
           round(coalesce(sum(amount) FILTER (WHERE later), 0), 2)::text AS later
    FROM marked WHERE currency IS NOT NULL GROUP BY GROUPING SETS ((cell, currency), (currency))
), placed AS (
    SELECT DISTINCT s.finding, a.cell FROM side AS s JOIN asked AS a ON a.id = s.request
), pairs AS (
    SELECT grouping(cell) = 1 AS total, cell, low, high,
           count(DISTINCT f.id) FILTER (WHERE sure) AS confirmed,
           count(DISTINCT f.id) FILTER (WHERE NOT sure) AS suspected, count(DISTINCT f.person_id) AS people
    FROM placed JOIN standing AS f ON f.id = placed.finding GROUP BY GROUPING SETS ((cell, low, high), (low, high))
)
SELECT jsonb_build_object(
    'figures', (SELECT coalesce(jsonb_agg(to_jsonb(figures)), '[]') FROM figures),
    'people', (SELECT jsonb_agg(to_jsonb(people)) FROM people),
    'households', (SELECT jsonb_agg(to_jsonb(households)) FROM households),
    'money', (SELECT coalesce(jsonb_agg(to_jsonb(money) ORDER BY currency), '[]') FROM money),
    'pairs', (SELECT coalesce(jsonb_agg(to_jsonb(pairs) ORDER BY confirmed + suspected DESC, low, high), '[]')
              FROM pairs))::text
"""


async def overlap(
    connection: Connection,
    zone: str,
    zone_level: int,
    level: int,
    aid_type: str | None,
    first: date | None,
    last: date | None,
    unplaced: Sequence[UUID],
) -> dict[str, list[dict[str, Any]]]:
    """Figures, people, households, money and pairs of charities by cell, each with its total over all cells.

    A cell is the code of the zone of `level` within `zone`; None where a request names no zone so exact.
    unplaced: the charities whose requests without any zone count in `zone`.
    """
    text = await connection.fetchval(_OVERLAP, zone, zone_level, level, aid_type, first, last, list(unplaced))
    found: dict[str, list[dict[str, Any]]] = orjson.loads(text)
    return found


async def zones_below(connection: Connection, zone: str, zone_level: int, level: int) -> list[str]:
    """Codes of all zones of `level` within `zone`."""
    rows = await connection.fetch(
        "SELECT code FROM registry.zone WHERE path[$2::int + 1] = $1 AND level = $3", zone, zone_level, level
    )
    return [row["code"] for row in rows]
