"""What waits for a decision, whose it is, and why. Runs as the oversight role."""

from collections.abc import Sequence
from uuid import UUID

from shared.db import Connection, Row

SIDES = """
    FROM registry.overlap_finding AS f
    JOIN registry.aid_request AS l ON l.id = f.request_id
    JOIN registry.aid_request AS e ON e.id = f.earlier_id
    LEFT JOIN registry.zone AS lz ON lz.code = l.zone_code
    LEFT JOIN registry.zone AS ez ON ez.code = e.zone_code
"""
FINDING = f"""
    SELECT f.id, f.rule, f.unit, f.certainty, f.probability, f.common_from, f.common_to, f.evidence::text AS evidence,
           f.model_version, f.policy_version, f.effect, f.found_at, f.state, f.closed_at, f.closed_because,
           l.id AS later_id, l.charity_id AS later_charity_id, lc.name_ar AS later_name_ar, lc.name_en AS later_name_en,
           l.aid_type AS later_aid_type, l.zone_code AS later_zone, l.starts_on AS later_starts_on,
           l.ends_on AS later_ends_on, l.amount AS later_amount, l.currency AS later_currency,
           l.status AS later_status, l.version AS later_version,
           e.id AS earlier_id, e.charity_id AS earlier_charity_id, ec.name_ar AS earlier_name_ar,
           ec.name_en AS earlier_name_en, e.aid_type AS earlier_aid_type, e.zone_code AS earlier_zone,
           e.starts_on AS earlier_starts_on, e.ends_on AS earlier_ends_on, e.amount AS earlier_amount,
           e.currency AS earlier_currency, e.status AS earlier_status, e.version AS earlier_version
    {SIDES}
    JOIN registry.charity AS lc ON lc.id = l.charity_id
    JOIN registry.charity AS ec ON ec.id = e.charity_id
"""
"""Findings `f` with their later request `l` and their earlier one `e`, as `finding.finding` reads them."""


async def place_of(connection: Connection, request_id: UUID) -> Row | None:
    """Charity and zone of a request; neither tells whom it is for."""
    return await connection.fetchrow("SELECT charity_id, zone_code FROM registry.aid_request WHERE id = $1", request_id)


async def held(
    connection: Connection, zones: Sequence[str] | None, unplaced: bool, after: UUID | None, limit: int
) -> list[Row]:
    """Held requests, oldest first, after the given one.

    zones: those that lie in one of these or below it; None is everywhere. unplaced: also those without a zone.
    """
    rows: list[Row] = await connection.fetch(
        "SELECT q.id, q.charity_id, c.name_ar, c.name_en, q.aid_type, q.zone_code, q.starts_on, q.ends_on, q.amount,"
        " q.currency, q.version, q.created_at FROM registry.aid_request AS q"
        " JOIN registry.charity AS c ON c.id = q.charity_id LEFT JOIN registry.zone AS z ON z.code = q.zone_code"
        " WHERE q.status = 'held' AND ($1::text[] IS NULL OR z.path && $1 OR ($2 AND q.zone_code IS NULL))"
        " AND ($3::uuid IS NULL OR q.id > $3) ORDER BY q.id LIMIT $4",
        list(zones) if zones is not None else None, unplaced, after, limit,
    )  # fmt: skip
    return rows


async def holding(connection: Connection, requests: Sequence[UUID]) -> list[Row]:
    """The open findings that flag one of `requests`, oldest first."""
    rows: list[Row] = await connection.fetch(
        FINDING + " WHERE f.state = 'open' AND f.request_id = ANY($1::uuid[]) ORDER BY f.id", list(requests)
    )
    return rows
