"""Signing keys in the database. JSON goes in and comes out as text."""

from datetime import datetime

from shared.db import Connection


async def lock(connection: Connection) -> None:
    """Wait until no other process makes a key; held until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('identity.signing_key', 0))")


async def newest(connection: Connection) -> tuple[str, bytes] | None:
    """Key id and sealed private key of the one to sign with, or None before the first."""
    row = await connection.fetchrow(
        "SELECT kid, sealed_private FROM identity.signing_key WHERE retired_at IS NULL"
        " ORDER BY created_at DESC, kid LIMIT 1"
    )
    return (row["kid"], row["sealed_private"]) if row else None


async def add(connection: Connection, kid: str, public: str, sealed: bytes, now: datetime) -> None:
    await connection.execute(
        "INSERT INTO identity.signing_key (kid, public_jwk, sealed_private, created_at)"
        " VALUES ($1, $2::jsonb, $3, $4)",
        kid, public, sealed, now,
    )  # fmt: skip


async def published(connection: Connection, retired_after: datetime) -> list[str]:
    """Public JWKs, as JSON, of the keys in use and of those retired after that moment."""
    rows = await connection.fetch(
        "SELECT public_jwk::text AS jwk FROM identity.signing_key"
        " WHERE retired_at IS NULL OR retired_at > $1 ORDER BY created_at",
        retired_after,
    )
    return [row["jwk"] for row in rows]
