"""Clients and the hashes of their secrets."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.identity.clients.credentials import Secret
from services.identity.clients.roles import Role
from shared.db import Connection


@dataclass(frozen=True, slots=True)
class Client:
    client_id: str
    name: str
    roles: frozenset[Role]
    scopes: frozenset[str]
    charity_id: UUID | None
    zones: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeptSecret:
    client_id: str
    digest: bytes
    hint: str
    created_at: datetime
    expires_at: datetime | None


async def add(connection: Connection, client: Client, author: str) -> None:
    await connection.execute(
        "INSERT INTO identity.client"
        " (client_id, name, roles, scopes, charity_id, zones, created_at, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        client.client_id, client.name, sorted(client.roles), sorted(client.scopes), client.charity_id,
        sorted(client.zones), client.created_at, author,
    )  # fmt: skip


async def put(connection: Connection, client: Client, author: str) -> None:
    """Add the client, or give the one of that id these roles and scopes; a revoked one stays revoked."""
    await connection.execute(
        "INSERT INTO identity.client"
        " (client_id, name, roles, scopes, charity_id, zones, created_at, created_by)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (client_id) DO UPDATE"
        " SET name = excluded.name, roles = excluded.roles, scopes = excluded.scopes,"
        " charity_id = excluded.charity_id, zones = excluded.zones",
        client.client_id, client.name, sorted(client.roles), sorted(client.scopes), client.charity_id,
        sorted(client.zones), client.created_at, author,
    )  # fmt: skip


async def lock(connection: Connection, client_id: str) -> Client | None:
    """The client, which nobody else changes until the transaction ends."""
    row = await connection.fetchrow("SELECT * FROM identity.client WHERE client_id = $1 FOR UPDATE", client_id)
    return _client(row) if row else None


async def find(connection: Connection, client_id: str) -> Client | None:
    row = await connection.fetchrow("SELECT * FROM identity.client WHERE client_id = $1", client_id)
    return _client(row) if row else None


async def page(connection: Connection, after: str, limit: int) -> list[Client]:
    """At most `limit` clients whose id comes after `after`, by id."""
    rows = await connection.fetch(
        "SELECT * FROM identity.client WHERE client_id > $1 ORDER BY client_id LIMIT $2", after, limit
    )
    return [_client(row) for row in rows]


async def revoke(connection: Connection, client_id: str, author: str, now: datetime) -> None:
    await connection.execute(
        "UPDATE identity.client SET revoked_at = $3, revoked_by = $2"
        " WHERE client_id = $1 AND revoked_at IS NULL",
        client_id, author, now,
    )  # fmt: skip


async def add_secret(connection: Connection, client_id: str, secret: Secret, now: datetime) -> None:
    """Keep the secret's hash; one that is kept already has no end from now on."""
    await connection.execute(
        "INSERT INTO identity.client_secret (secret_hash, client_id, hint, created_at)"
        " VALUES ($1, $2, $3, $4) ON CONFLICT (client_id, secret_hash) DO UPDATE SET expires_at = NULL",
        secret.digest, client_id, secret.hint, now,
    )  # fmt: skip


async def end_secrets(connection: Connection, client_id: str, at: datetime, but: bytes = b"") -> None:
    """Let the client's secrets, save the one of hash `but`, end at that moment at the latest."""
    await connection.execute(
        "UPDATE identity.client_secret SET expires_at = least(expires_at, $2)"
        " WHERE client_id = $1 AND secret_hash <> $3",
        client_id, at, but,
    )  # fmt: skip


async def valid_secrets(connection: Connection, client_ids: Iterable[str], now: datetime) -> list[KeptSecret]:
    """Secrets of those clients that have not expired, oldest first."""
    rows = await connection.fetch(
        "SELECT client_id, secret_hash AS digest, hint, created_at, expires_at FROM identity.client_secret"
        " WHERE client_id = ANY ($1) AND (expires_at IS NULL OR expires_at > $2) ORDER BY created_at",
        list(client_ids), now,
    )  # fmt: skip
    return [KeptSecret(**row) for row in rows]


def _client(row: Mapping[str, Any]) -> Client:
    return Client(
        client_id=row["client_id"],
        name=row["name"],
        roles=frozenset(Role(role) for role in row["roles"]),
        scopes=frozenset(row["scopes"]),
        charity_id=row["charity_id"],
        zones=frozenset(row["zones"]),
        created_at=row["created_at"],
        revoked_at=row["revoked_at"],
    )
