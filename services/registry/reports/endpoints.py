"""Reports over HTTP, for auditors."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import Field

from services.registry.aid.cursor import after
from services.registry.aid.errors import BadCursor
from services.registry.aid.selection import SelectionQuery, selected
from services.registry.audit.record import record_access
from services.registry.reports import queries
from services.registry.reports.duplicates import filter_of, filters_of, report, requests_of, sheet
from services.registry.reports.method import method
from services.registry.reports.queries import Filter
from services.registry.reports.views import DuplicatesReport, StateFilter
from services.registry.zones.sight import ZoneOutOfSight
from shared.auth import Caller, scope
from shared.clock import now
from shared.db import Pool, transaction
from shared.openapi import headers, refusals

router = APIRouter(prefix="/v1/reports", tags=["reports"])
CSV = "text/csv"


class DuplicatesQuery(SelectionQuery):
    state: StateFilter = "all"
    format: Literal["json", "csv"] | None = Field(default=None, description="Goes before the Accept header.")
    bom: bool = Field(default=False, description="Begin the CSV with a byte order mark, as some spreadsheets need.")
    limit: Annotated[int, Field(ge=1, le=1000)] = 200
    cursor: Annotated[str, Field(max_length=100)] | None = None


@router.get(
    "/duplicates",
    response_model=DuplicatesReport,
    responses={
        200: {"content": {CSV: {"schema": {"type": "string"}}}, **headers("Link")},
        **refusals(BadCursor, ZoneOutOfSight),
    },
)
async def report_duplicates(
    query: Annotated[DuplicatesQuery, Query()],
    request: Request,
    caller: Annotated[Caller, Depends(scope("reports:read"))],
    accept: Annotated[str, Header()] = "*/*",
) -> Response:
    """The overlaps found, with their evidence, counts, method and thresholds; no personal data.

    As JSON by pages (follow `next`, or the Link header), or whole as CSV, streamed: `format`, or the Accept header.
    """
    state = request.app.state
    selection = selected(query, state.zones, state.catalogue)
    which = filter_of(selection, query.state, caller, state.zones)
    if (query.format or _preferred(accept)) == "csv":
        return await _as_csv(state.oversight_pool, which, caller, query)
    how = await method(state.screener.dedup)
    moment = now()
    async with transaction(state.oversight_pool) as connection:
        rows = await queries.page(connection, which, after(query.cursor), query.limit)
        await record_access(connection, caller, "read", _purpose(query), requests_of(rows), moment)
        filters = filters_of(selection, query.state)
        body = await report(connection, which, rows, how, filters, state.catalogue, state.zones, query.limit, moment)
    link = {"Link": f'<{request.url.include_query_params(cursor=body.next)}>; rel="next"'} if body.next else {}
    return JSONResponse(body.model_dump(mode="json"), headers={"Vary": "Accept", **link})


async def _as_csv(pool: Pool, which: Filter, caller: Caller, query: DuplicatesQuery) -> Response:
    """Streamed from one snapshot. That it was read is committed before the first byte leaves."""
    async with transaction(pool) as connection:
        await record_access(connection, caller, "read", f"{_purpose(query)} as CSV", [], now())
    chunks = _chunks(pool, which, query.bom)
    first = await anext(chunks)
    headers = {"Content-Disposition": 'attachment; filename="duplicates.csv"', "Vary": "Accept"}
    return StreamingResponse(_after(first, chunks), media_type=f"{CSV}; charset=utf-8", headers=headers)


async def _chunks(pool: Pool, which: Filter, bom: bool) -> AsyncGenerator[bytes]:
    """A reader who stops reading for a minute loses the connection: it is needed by others."""
    async with transaction(pool) as connection:
        await connection.execute("SET LOCAL idle_in_transaction_session_timeout = '60s'")
        async for chunk in sheet(connection, which, bom):
            yield chunk


async def _after(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """`first` was fetched before the answer began, so that what fails at once is still a problem and no half file."""
    async with aclosing(rest):
        yield first
        async for chunk in rest:
            yield chunk


def _preferred(accept: str) -> str:
    """csv where the header ranks text/csv above JSON (RFC 9110, 12.5.1), else json."""
    weights = dict(_weighed(part) for part in accept.split(","))
    wanted = weights.get(CSV, 0.0)
    return "csv" if wanted > 0 and wanted > weights.get("application/json", 0.0) else "json"


def _weighed(part: str) -> tuple[str, float]:
    kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
    said = next((each[2:] for each in parameters if each.startswith("q=")), "1")
    try:
        return kind, float(said)
    except ValueError:
        return kind, 0.0


def _purpose(query: DuplicatesQuery) -> str:
    """What was asked, for the record: filters only."""
    asked = query.model_dump(include={"zone", "aid_type", "first", "last", "state"}, exclude_none=True)
    return "report of duplicates: " + ", ".join(f"{name}={value}" for name, value in asked.items())
