"""Coverage over HTTP, for coordinators and auditors."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field

from services.registry.aid.schemas import ZoneCode
from services.registry.aid.selection import SelectionQuery, selected
from services.registry.audit.record import record_access
from services.registry.coverage.overlap import coverage, level_below
from services.registry.coverage.views import CoverageView
from services.registry.zones.sight import ZoneOutOfSight, in_sight
from shared.auth import Caller, scope
from shared.clock import now
from shared.db import Connection, transaction
from shared.openapi import refusals

router = APIRouter(prefix="/v1/coverage", tags=["coverage"])


class CoverageQuery(SelectionQuery):
    zone: ZoneCode
    level: int | None = Field(default=None, description="1 region, 2 governorate, 3 district; the next one down.")
    empty: bool = Field(default=False, description="Also the zones where nobody is helped.")


async def _across(request: Request) -> AsyncIterator[Connection]:
    async with transaction(request.app.state.oversight_pool) as connection:
        yield connection


@router.get("/overlap", responses=refusals(ZoneOutOfSight))
async def read_overlap(
    query: Annotated[CoverageQuery, Query()],
    request: Request,
    caller: Annotated[Caller, Depends(scope("coverage:read"))],
    connection: Annotated[Connection, Depends(_across, scope="function")],
) -> CoverageView:
    """Per zone: people and households helped, helped by two charities or more, and what overlaps, between whom.

    A person who is helped in two zones counts in both, and once in the total. Whether he is helped by two
    charities is judged over the whole register.
    """
    state = request.app.state
    selection = selected(query, state.zones, state.catalogue)
    zone = state.zones.zone(query.zone)
    level = level_below(zone, query.level)
    if not in_sight(caller, state.zones, zone.code):
        raise ZoneOutOfSight
    moment = now()
    await record_access(connection, caller, "read", f"coverage of {zone.code}", [], moment)
    return await coverage(connection, state.zones, zone, level, selection, query.empty, moment)
