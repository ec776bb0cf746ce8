"""Charities in the database."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.db import Connection, Pool, Row
from shared.ids import CharityId


@dataclass(frozen=True, slots=True)
class Charity:
    id: CharityId
    licence_number: str
    name_ar: str
    name_en: str | None
    zones: tuple[str, ...]
    created_at: datetime


async def add(connection: Connection, charity: Charity) -> bool:
    """Whether it was added; False when the licence number is taken."""
    added = await connection.fetchval(
        "INSERT INTO registry.charity (id, licence_number, name_ar, name_en, zones, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (licence_number) DO NOTHING RETURNING true",
        charity.id, charity.licence_number, charity.name_ar, charity.name_en, list(charity.zones), charity.created_at,
    )  # fmt: skip
    return bool(added)


async def by_id(database: Pool | Connection, charity_id: UUID) -> Charity | None:
    row = await database.fetchrow("SELECT * FROM registry.charity WHERE id = $1", charity_id)
    return _charity(row) if row else None


async def all_charities(database: Pool | Connection) -> list[Charity]:
    return [_charity(row) for row in await database.fetch("SELECT * FROM registry.charity ORDER BY created_at, id")]


def _charity(row: Row) -> Charity:
    return Charity(
        id=row["id"],
        licence_number=row["licence_number"],
        name_ar=row["name_ar"],
        name_en=row["name_en"],
        zones=tuple(row["zones"]),
        created_at=row["created_at"],
    )
