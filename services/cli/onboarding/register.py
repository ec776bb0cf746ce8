"""A charity is registered at the registry, a client at the identity service."""

from collections.abc import Collection
from typing import Any

from services.cli.client import Api, Credentials, Refused

TAKEN = "licence_number_taken"


async def add_charity(
    registry: Api, licence: str, name_ar: str, name_en: str | None, zones: Collection[str]
) -> dict[str, Any]:
    """Raises Refused, with code TAKEN when the licence number is another charity's."""
    form = {"licence_number": licence, "name_ar": name_ar, "name_en": name_en, "zones": list(zones)}
    added: dict[str, Any] = await registry.post("/v1/charities", form)
    return added


async def charity(registry: Api, named: str) -> dict[str, Any] | None:
    """The charity of this id or licence number."""
    async for each in registry.pages("/v1/charities"):
        if named in (each["id"], each["licence_number"]):
            return each
    return None


async def ensure_charity(
    registry: Api, licence: str, name_ar: str, name_en: str | None, zones: Collection[str]
) -> dict[str, Any]:
    """The charity of this licence number, registered if it is not yet."""
    try:
        return await add_charity(registry, licence, name_ar, name_en, zones)
    except Refused as refused:
        known = await charity(registry, licence) if refused.code == TAKEN else None
        if known is None:
            raise
        return known


async def add_client(
    identity: Api, name: str, role: str, charity_id: str | None = None, zones: Collection[str] = ()
) -> Credentials:
    """A new client with its first secret, which the identity service shows this once."""
    form = {"name": name, "roles": [role], "zones": list(zones)}
    made = await identity.post("/v1/clients", form | ({"charity_id": charity_id} if charity_id else {}))
    return Credentials(made["client_id"], made["client_secret"])
