"""Reference data that the product ships: zones and the aid taxonomy, loaded after the migrations."""

import asyncpg

from services.registry.aid.load import load_aid_types
from services.registry.zones.load import load_zones


async def load_reference(admin_url: str) -> dict[str, int]:
    """Load or refresh; safe to call again. How many of each there are."""
    connection = await asyncpg.connect(admin_url)
    try:
        async with connection.transaction():
            return {"zones": await load_zones(connection), "aid_types": await load_aid_types(connection)}
    finally:
        await connection.close()
