"""Decisions over HTTP, for reviewers.

A reviewer acts for no charity, so row-level security shows him no rows. The oversight role, which reads without
personal columns and writes nothing, says whose request it is; the change itself is made by the charity-bound role,
bound for this one transaction to that one charity. The screening role could do both, but sees and may change
everyone's rows: it is not lent to a caller.
"""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from services.registry.aid.change import etag, for_change
from services.registry.aid.cursor import after, cursor
from services.registry.aid.described import DECIDED
from services.registry.aid.endpoints import IfMatch
from services.registry.aid.errors import AidRequestNotFound, BadCursor
from services.registry.aid.schemas import Form
from services.registry.audit.record import record_access
from services.registry.decisions import queries
from services.registry.decisions.decide import decide
from services.registry.decisions.finding import finding, held
from services.registry.decisions.schemas import DecisionForm, DecisionView
from services.registry.decisions.views import HeldPage
from services.registry.zones.sight import bounds, has_country, in_sight
from shared.auth import Caller, scope
from shared.bodies import StrictRoute
from shared.clock import now
from shared.db import Connection, transaction
from shared.lines import Line
from shared.openapi import headers, refusals

router = APIRouter(prefix="/v1", tags=["decisions"], route_class=StrictRoute)


class HeldQuery(Form):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[Line, Field(max_length=100)] | None = None


Reviewer = Annotated[Caller, Depends(scope("decisions:write"))]


async def _rows_of_its_charity(request_id: UUID, request: Request, caller: Reviewer) -> AsyncIterator[Connection]:
    """A transaction that sees the rows of the request's charity and no others. Raises AidRequestNotFound.

    A request outside the reviewer's zones looks like none at all.
    """
    state = request.app.state
    async with transaction(state.oversight_pool) as connection:
        place = await queries.place_of(connection, request_id)
    if place is None or not in_sight(caller, state.zones, place["zone_code"]):
        raise AidRequestNotFound
    async with transaction(state.pool, [place["charity_id"]]) as connection:
        yield connection


@router.post("/aid-requests/{request_id}/decision", responses=DECIDED)
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


@router.get("/held-requests", responses={**refusals(BadCursor), 200: headers("Link")})
async def list_held_requests(
    request: Request, caller: Reviewer, response: Response, query: Annotated[HeldQuery, Query()]
) -> HeldPage:
    """The requests within the reviewer's zones that wait for a decision, oldest first, each with what holds it.

    Of the evidence only fields, levels and bits: whom it is about is not in it.
    """
    state, within = request.app.state, bounds(caller)
    unplaced = within is not None and has_country(tuple(code for code in within if code in state.zones), state.zones)
    async with transaction(state.oversight_pool) as connection:
        rows = await queries.held(connection, within, unplaced, after(query.cursor), query.limit)
        why = await queries.holding(connection, [row["id"] for row in rows])
        looked_at = sorted({row["id"] for row in rows} | {row["earlier_id"] for row in why})
        await record_access(connection, caller, "read", "held requests", looked_at, now())
    following = cursor(rows[-1]["id"]) if len(rows) == query.limit else None
    if following:
        response.headers["Link"] = f'</v1/held-requests?cursor={following}&limit={query.limit}>; rel="next"'
    findings = [finding(row) for row in why]
    items = [held(row, [each for each in findings if each.later.request == row["id"]]) for row in rows]
    return HeldPage(items=items, next=following)
