"""The findings in the database, for auditors. Runs as the oversight role."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from services.registry.decisions.queries import FINDING, SIDES
from shared.db import Connection, Row

_TOGETHER = 500


@dataclass(frozen=True, slots=True)
class Filter:
    """Which findings a report is of; None is any.

    zones:    one of the two requests lies in one of these zones, or below it.
    unplaced: also findings neither of whose requests names a zone.
    first, last: the later request's benefit period shares a day with these.
    aid_type: one of the two requests is of it.
    """

    zones: tuple[str, ...] | None
    unplaced: bool
    aid_type: str | None
    first: date | None
    last: date | None
    state: str | None

    def values(self) -> tuple[object, ...]:
        zones = list(self.zones) if self.zones is not None else None
        return zones, self.unplaced, self.aid_type, self.first, self.last, self.state


_KEPT = """
    WHERE ($1::text[] IS NULL OR lz.path && $1 OR ez.path && $1
           OR ($2 AND l.zone_code IS NULL AND e.zone_code IS NULL))
      AND ($3::text IS NULL OR $3 IN (l.aid_type, e.aid_type))
      AND ($4::date IS NULL OR l.ends_on >= $4) AND ($5::date IS NULL OR l.starts_on <= $5)
      AND ($6::text IS NULL OR f.state = $6)
"""


async def page(connection: Connection, which: Filter, after: UUID | None, limit: int) -> list[Row]:
    """Findings, oldest first, after the given one."""
    rows: list[Row] = await connection.fetch(
        FINDING + _KEPT + " AND ($7::uuid IS NULL OR f.id > $7) ORDER BY f.id LIMIT $8", *which.values(), after, limit
    )
    return rows


async def stream(connection: Connection, which: Filter) -> AsyncIterator[Row]:
    """All findings of the filter, oldest first, by a server-side cursor: memory does not grow with their number."""
    async for row in connection.cursor(FINDING + _KEPT + " ORDER BY f.id", *which.values(), prefetch=_TOGETHER):
        yield row


# A finding counts once under each key of a kind: under both its charities, under each zone that it touches.
_COUNTS = f"""
WITH kept AS MATERIALIZED (
    SELECT f.id, f.certainty, f.state, f.rule, f.model_version, f.request_id, l.amount, l.currency,
           l.charity_id AS later_charity, e.charity_id AS earlier_charity,
           l.aid_type AS later_type, e.aid_type AS earlier_type,
           lz.path AS later_path, ez.path AS earlier_path
    {SIDES} {_KEPT}
), keyed AS (
    SELECT 'total' AS kind, NULL AS key, id, certainty, state FROM kept
    UNION SELECT 'rule', rule, id, certainty, state FROM kept
    UNION SELECT 'model', model_version, id, certainty, state FROM kept
    UNION SELECT 'charity', later_charity::text, id, certainty, state FROM kept
    UNION SELECT 'charity', earlier_charity::text, id, certainty, state FROM kept
    UNION SELECT 'aid_type', later_type, id, certainty, state FROM kept
    UNION SELECT 'aid_type', earlier_type, id, certainty, state FROM kept
    UNION SELECT 'zone', coalesce(later_path[$7::int + 1], later_path[cardinality(later_path)]), id, certainty, state
          FROM kept WHERE later_path IS NULL OR $8::text IS NULL OR $8 = ANY(later_path)
    UNION SELECT 'zone', coalesce(earlier_path[$7::int + 1], earlier_path[cardinality(earlier_path)]), id, certainty,
          state FROM kept WHERE earlier_path IS NULL OR $8::text IS NULL OR $8 = ANY(earlier_path)
), counts AS (
    SELECT kind, key, count(*) AS findings,
           count(*) FILTER (WHERE certainty = 'confirmed') AS confirmed,
           count(*) FILTER (WHERE certainty = 'suspected') AS suspected,
           count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE state = 'closed') AS closed
    FROM keyed GROUP BY kind, key
), later AS (
    SELECT DISTINCT request_id, amount, currency FROM kept WHERE currency IS NOT NULL AND state = 'open'
), money AS (
    SELECT currency, sum(amount)::text AS amount, count(*) AS requests FROM later GROUP BY currency
)
SELECT jsonb_build_object(
    'counts', (SELECT coalesce(jsonb_agg(to_jsonb(counts) ORDER BY findings DESC, key), '[]') FROM counts),
    'money', (SELECT coalesce(jsonb_agg(to_jsonb(money) ORDER BY currency), '[]') FROM money))::text
"""


async def counts(
    connection: Connection, which: Filter, level: int, zone: str | None
) -> dict[str, list[dict[str, Any]]]:
    """Counts over all findings of the filter, by kind and key; and the open later requests' money by currency.

    level: the zone level that is counted by. zone: count only the side of a finding that lies in it.
    """
    text = await connection.fetchval(_COUNTS, *which.values(), level, zone)
    found: dict[str, list[dict[str, Any]]] = orjson.loads(text)
    return found
