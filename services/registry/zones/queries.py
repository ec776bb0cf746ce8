"""Reading and loading the zone tree."""

from services.registry.zones.tree import Zone, ZoneTree
from shared.db import Connection, Pool, Row
from shared.jsonb import to_json


async def load_tree(database: Pool | Connection) -> ZoneTree:
    rows = await database.fetch("SELECT code, level, path, name_ar, name_en, name_en_suspect FROM registry.zone")
    return ZoneTree({row["code"]: _zone(row) for row in rows})


def _zone(row: Row) -> Zone:
    return Zone(
        code=row["code"],
        level=row["level"],
        path=tuple(row["path"]),
        name_ar=row["name_ar"],
        name_en=None if row["name_en_suspect"] else row["name_en"],
    )


async def put_zones(connection: Connection, zones: list[dict[str, object]]) -> int:
    """Add or update zones, parents before children; returns how many there are now."""
    await connection.execute(
        """
        INSERT INTO registry.zone (code, parent_code, level, level_type, path, name_ar, name_en, name_en_suspect,
                                   lat, lon, boundary, geom_quality, source, licence)
        SELECT z.* FROM jsonb_to_recordset($1::jsonb) AS z(
            code text, parent_code text, level smallint, level_type text, path text[], name_ar text, name_en text,
            name_en_suspect text, lat float8, lon float8, boundary jsonb, geom_quality text, source text,
            licence text)
        ORDER BY z.level
        ON CONFLICT (code) DO UPDATE SET
            parent_code = excluded.parent_code, level = excluded.level, level_type = excluded.level_type,
            path = excluded.path, name_ar = excluded.name_ar, name_en = excluded.name_en,
            name_en_suspect = excluded.name_en_suspect, lat = excluded.lat, lon = excluded.lon,
            boundary = excluded.boundary, geom_quality = excluded.geom_quality, source = excluded.source,
            licence = excluded.licence
        """,
        to_json(zones),
    )
    return int(await connection.fetchval("SELECT count(*) FROM registry.zone"))


_SHOWN = """
    SELECT code, parent_code, level, level_type, name_ar,
           CASE WHEN name_en_suspect = '' THEN name_en END AS name_en, lat, lon, source, licence,
           (SELECT count(*) FROM registry.zone AS below WHERE below.parent_code = zone.code) AS children
    FROM registry.zone
"""


async def children(connection: Connection, parent: str | None) -> list[Row]:
    found: list[Row] = await connection.fetch(
        _SHOWN + "WHERE parent_code IS NOT DISTINCT FROM $1 ORDER BY code", parent
    )
    return found


async def one(connection: Connection, code: str) -> Row | None:
    return await connection.fetchrow(_SHOWN + "WHERE code = $1", code)
