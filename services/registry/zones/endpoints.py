"""The zone tree, for whoever must name a zone."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from services.registry.zones import queries
from services.registry.zones.tree import UnknownZone
from shared.auth import Authenticated
from shared.lines import Line
from shared.openapi import refusals
from shared.web import Transaction

router = APIRouter(prefix="/v1/zones", tags=["zones"])


class ZoneView(BaseModel):
    """`name_en` is null where the source's English is not to be trusted; the Arabic name always is."""

    code: str
    parent_code: str | None
    level: int
    level_type: str
    name_ar: str
    name_en: str | None
    lat: float | None
    lon: float | None
    children: int
    source: str
    licence: str


class ZoneList(BaseModel):
    items: list[ZoneView]


class ZonesQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    parent: Annotated[Line, Field(max_length=40, examples=["SA-02"])] | None = None


@router.get("")
async def list_zones(
    _: Authenticated,
    connection: Transaction,
    query: Annotated[ZonesQuery, Query()],
) -> ZoneList:
    """The zones right below `parent`; the countries without it."""
    return ZoneList(items=[ZoneView(**dict(row)) for row in await queries.children(connection, query.parent)])


@router.get("/{code}", responses=refusals(UnknownZone))
async def read_zone(code: Annotated[Line, Path(max_length=40)], _: Authenticated, connection: Transaction) -> ZoneView:
    """One zone."""
    row = await queries.one(connection, code)
    if row is None:
        raise UnknownZone
    return ZoneView(**dict(row))
