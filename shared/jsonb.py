"""JSON for PostgreSQL and between services: UUIDs (the driver's own kind, too), dates and decimals as text."""

from typing import Any

import orjson


def to_json(value: Any) -> str:
    """Raises TypeError for nothing but unserialisable keys; every other value has its text."""
    return orjson.dumps(value, default=str).decode()
