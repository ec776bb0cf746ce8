"""The shipped zones into the database: `data/zones.csv` with the boundaries of `data/zones.geojson`."""

import csv
from pathlib import Path

import orjson

from services.registry.zones.queries import put_zones
from shared.db import Connection

DATA = Path(__file__).parent / "data"


def shipped_zones() -> list[dict[str, object]]:
    """Every shipped zone with its path and, where there is one, its boundary."""
    with (DATA / "zones.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    features = orjson.loads((DATA / "zones.geojson").read_bytes())["features"]
    boundaries = {feature["properties"]["code"]: feature["geometry"] for feature in features}
    return [_zone(row, rows, boundaries.get(code)) for code, row in rows.items()]


def _zone(row: dict[str, str], rows: dict[str, dict[str, str]], boundary: object) -> dict[str, object]:
    return {
        "code": row["code"],
        "parent_code": row["parent_code"] or None,
        "level": int(row["level"]),
        "level_type": row["level_type"],
        "path": _path(row["code"], rows),
        "name_ar": row["name_ar"],
        "name_en": row["name_en"] or None,
        "name_en_suspect": row["name_en_suspect"],
        "lat": float(row["lat"]) if row["lat"] else None,
        "lon": float(row["lon"]) if row["lon"] else None,
        "boundary": boundary,
        "geom_quality": row["geom_quality"] or None,
        "source": row["source"],
        "licence": row["licence"],
    }


def _path(code: str, rows: dict[str, dict[str, str]]) -> list[str]:
    path = [code]
    while parent := rows[path[-1]]["parent_code"]:
        path.append(parent)
    return path[::-1]


async def load_zones(connection: Connection) -> int:
    """Load what is shipped over what is there; returns the number of zones."""
    return await put_zones(connection, shipped_zones())
