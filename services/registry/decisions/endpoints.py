"""Decisions over HTTP, for reviewers.

A reviewer acts for no charity, so row-level security shows him no rows. The oversight role, which reads without
personal columns and writes nothing, says whose request it is; the change itself is made by the charity-bound role,
bound for this one transaction to that one charity. The screening role could do both, but sees and may change
everyone's rows: it is not lent to a caller.
"""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from services.registry.aid.change import etag, for_change
from services.registry.aid.described import DECIDED
from services.registry.aid.endpoints import IfMatch
from services.registry.aid.errors import AidRequestNotFound
from services.registry.audit.record import record_access
from services.registry.decisions.decide import decide
from services.registry.decisions.queries import place_of
from services.registry.decisions.schemas import DecisionForm, DecisionView
from services.registry.zones.sight import in_sight
from shared.auth import Caller, scope
from shared.bodies import StrictRoute
from shared.clock import now
from shared.db import Connection, transaction

router = APIRouter(prefix="/v1/aid-requests", tags=["decisions"], route_class=StrictRoute)

Reviewer = Annotated[Caller, Depends(scope("decisions:write"))]


async def _rows_of_its_charity(request_id: UUID, request: Request, caller: Reviewer) -> AsyncIterator[Connection]:
    """A transaction that sees the rows of the request's charity and no others. Raises AidRequestNotFound.

    A request outside the reviewer's zones looks like none at all.
    """
    state = request.app.state
    async with transaction(state.oversight_pool) as connection:
        place = await place_of(connection, request_id)
    if place is None or not in_sight(caller, state.zones, place["zone_code"]):
        raise AidRequestNotFound
    async with transaction(state.pool, [place["charity_id"]]) as connection:
        yield connection


@router.post("/{request_id}/decision", responses=DECIDED)
async def decide_aid_request(
    request_id: UUID, form: DecisionForm, caller: Reviewer, response: Response,
    connection: Annotated[Connection, Depends(_rows_of_its_charity, scope="function")], if_match: IfMatch = None,
) -> DecisionView:  # fmt: skip
    """Approve or reject a held request, with a reason; the charity sees it in the request's status."""
    row = await for_change(connection, request_id, if_match)
    moment = now()
    decision = await decide(connection, row, form, caller, moment)
    await record_access(connection, caller, "write", f"decision: {decision.status}", [request_id], moment)
    response.headers["ETag"] = etag({"version": decision.version})
    return decision
