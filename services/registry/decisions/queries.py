"""Whose request it is, and where, before anything may be done with it. Runs as the oversight role."""

from uuid import UUID

from shared.db import Connection, Row


async def place_of(connection: Connection, request_id: UUID) -> Row | None:
    """Charity and zone of a request; neither tells whom it is for."""
    return await connection.fetchrow("SELECT charity_id, zone_code FROM registry.aid_request WHERE id = $1", request_id)
