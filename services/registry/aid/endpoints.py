"""Aid requests over HTTP: parse, call, answer."""

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field

from services.registry.aid import answer, change, queries
from services.registry.aid.batch import Batch
from services.registry.aid.check import check
from services.registry.aid.cursor import after, cursor
from services.registry.aid.described import AMENDED, BATCH, BATCH_BODY, CHANGED, CHECKED, LISTED, READ, SUBMITTED
from services.registry.aid.errors import AidRequestNotFound, IdempotencyKeyMissing, NoCharity
from services.registry.aid.gate import Gate
from services.registry.aid.policy import Catalogue
from services.registry.aid.schemas import AidRequestForm, AmendForm, CancelForm, DeliveryForm, Form
from services.registry.aid.states import State
from services.registry.aid.submit import Intake
from services.registry.aid.views import (
    AidRequestPage,
    AidRequestView,
    AidTypeList,
    AidTypeView,
    CheckView,
    LineResult,
)
from services.registry.audit.record import record_access
from shared import log
from shared.auth import Authenticated, Caller, scope
from shared.bodies import StrictRoute
from shared.clock import now
from shared.db import Connection, transaction
from shared.ids import CharityId
from shared.lines import Line
from shared.openapi import NDJSON
from shared.problems import NotJson, language_of

router = APIRouter(prefix="/v1", tags=["aid requests"], route_class=StrictRoute)
_KEY = re.compile(r"[!-~]([ -~]{0,198}[!-~])?")

Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="Required. The same key with the same body stores nothing twice."),
]


class Ndjson(Response):
    media_type = NDJSON


class PageQuery(Form):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[Line, Field(max_length=100)] | None = None
    status: State | None = None


IfMatch = Annotated[str | None, Header(alias="If-Match", description="Required. The ETag of the copy you read.")]


async def writer(caller: Annotated[Caller, Depends(scope("aid:write"))]) -> Caller:
    return _of_a_charity(caller)


async def reader(caller: Annotated[Caller, Depends(scope("aid:read"))]) -> Caller:
    return _of_a_charity(caller)


def _of_a_charity(caller: Caller) -> Caller:
    if caller.charity is None:
        raise NoCharity
    return caller


Writer = Annotated[Caller, Depends(writer)]
Reader = Annotated[Caller, Depends(reader)]


async def _own_rows(request: Request, caller: Authenticated) -> AsyncIterator[Connection]:
    """A transaction that sees the rows of the caller's charity and no others; committed before the answer leaves."""
    async with transaction(request.app.state.pool, [_charity(_of_a_charity(caller))]) as connection:
        yield connection


OwnRows = Annotated[Connection, Depends(_own_rows, scope="function")]


@router.post(
    "/aid-requests",
    status_code=201,
    responses=SUBMITTED,
)
async def submit_aid_request(
    form: AidRequestForm, request: Request, response: Response, caller: Writer, key: Key = None
) -> AidRequestView:
    """Submit a request for aid, and learn whether the person or household has that help already.

    It is stored before anything is looked up. `held`: a person will decide; nothing is refused by a machine.
    `pending`: stored, and screened as soon as the matching service answers.
    """
    gate: Gate = request.app.state.gate
    intake: Intake = request.app.state.intake
    submission = intake.admit(form, caller, _charity(caller), _checked(key), log.request_id.get())
    row, replayed = await gate.submit(submission)
    if replayed:
        response.status_code = 200
        response.headers["Idempotent-Replayed"] = "true"
    response.headers["ETag"] = change.etag(row)
    response.headers["Location"] = f"/v1/aid-requests/{row['id']}"
    return answer.view(row)


@router.post(
    "/aid-requests:batch",
    response_class=Ndjson,
    responses=BATCH,
    openapi_extra=BATCH_BODY,
)
async def submit_batch(request: Request, caller: Writer, key: Key = None) -> Response:
    """Submit many requests, a JSON object a line, as in the single form and optionally with a `key` of its own.
    Up to 10,000 lines, empty ones included.

    The good lines are stored, the bad ones answered with their problem; each line's result is a line, in order.
    What is stored is screened right after (`pending` until then). Sending the batch again stores nothing twice:
    a line's idempotency key is made of the header and the line's own `key`, or its number.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != NDJSON:
        raise NotJson
    state = request.app.state
    language = language_of(request.headers.get("accept-language", ""))
    batch = Batch(state.intake, state.pool, caller, _charity(caller), _checked(key), language, request.url.path)
    results = await batch.run(await request.body())
    lines = "".join(result.model_dump_json(exclude_none=True) + "\n" for result in results)
    return Ndjson(lines)


@router.post("/overlap-checks", responses=CHECKED)
async def check_overlap(form: AidRequestForm, request: Request, caller: Writer) -> CheckView:
    """Ask what a submission would be answered, before you promise. Nothing is stored but that you asked."""
    state = request.app.state
    return await check(state.screener, state.intake, form, caller, _charity(caller), now())


@router.get("/aid-requests", responses=LISTED)
async def list_aid_requests(
    caller: Reader,
    connection: OwnRows,
    response: Response,
    query: Annotated[PageQuery, Query()],
) -> AidRequestPage:
    """The charity's own requests, oldest first. Follow `next`, or the Link header (RFC 8288)."""
    limit, status = query.limit, query.status
    rows = await queries.page(connection, _charity(caller), after(query.cursor), limit, status)
    await record_access(connection, caller, "read", "own requests", [row["id"] for row in rows], now())
    following = cursor(rows[-1]["id"]) if len(rows) == limit else None
    if following:
        kept = f"&status={status}" if status else ""
        response.headers["Link"] = f'</v1/aid-requests?cursor={following}&limit={limit}{kept}>; rel="next"'
    return AidRequestPage(items=[answer.view(row) for row in rows], next=following)


@router.get("/aid-requests/{request_id}", responses=READ)
async def read_aid_request(request_id: UUID, caller: Reader, connection: OwnRows, response: Response) -> AidRequestView:
    """One of the charity's own requests, with its ETag."""
    return await _shown(connection, request_id, caller, response)


@router.patch("/aid-requests/{request_id}", responses=AMENDED)
async def amend_aid_request(
    request_id: UUID, form: AmendForm, request: Request, caller: Writer, connection: OwnRows, response: Response,
    if_match: IfMatch = None,
) -> AidRequestView:  # fmt: skip
    """Amend a request that no person has decided yet. It is screened anew: `pending` until then."""
    row = await change.for_change(connection, request_id, if_match)
    intake: Intake = request.app.state.intake
    await change.amend(connection, intake, _charity(caller), row, form, caller, now())
    return await _shown(connection, request_id, caller, response)


@router.post("/aid-requests/{request_id}/cancellation", responses=CHANGED)
async def cancel_aid_request(
    request_id: UUID, form: CancelForm, caller: Writer, connection: OwnRows, response: Response,
    if_match: IfMatch = None,
) -> AidRequestView:  # fmt: skip
    """Cancel a request that was not delivered. What overlapped with it is looked at anew."""
    row = await change.for_change(connection, request_id, if_match)
    await change.cancel(connection, row, caller, form.reason, now())
    return await _shown(connection, request_id, caller, response)


@router.post("/aid-requests/{request_id}/delivery", responses=CHANGED)
async def deliver_aid_request(
    request_id: UUID, form: DeliveryForm, caller: Writer, connection: OwnRows, response: Response,
    if_match: IfMatch = None,
) -> AidRequestView:  # fmt: skip
    """Say that the aid of a cleared or approved request was given, when, and how much."""
    row = await change.for_change(connection, request_id, if_match)
    await change.deliver(connection, row, form, caller, now())
    return await _shown(connection, request_id, caller, response)


@router.get("/aid-types", tags=["aid types"])
async def list_aid_types(request: Request, _: Authenticated) -> AidTypeList:
    """The aid taxonomy, each type with the policy that is in force."""
    catalogue: Catalogue = request.app.state.catalogue
    return AidTypeList(items=[AidTypeView.of(aid_type) for aid_type in catalogue.all()])


async def _shown(connection: Connection, request_id: UUID, caller: Caller, response: Response) -> AidRequestView:
    row: Any = (await queries.shown(connection, [request_id])).get(request_id)
    if row is None:
        raise AidRequestNotFound
    await record_access(connection, caller, "read", "own request", [request_id], now())
    response.headers["ETag"] = change.etag(row)
    return answer.view(row)


def _charity(caller: Caller) -> CharityId:
    assert caller.charity is not None
    return caller.charity


def _checked(key: str | None) -> str:
    if key is None or not _KEY.fullmatch(key):
        raise IdempotencyKeyMissing
    return key


__all__ = ["LineResult", "router"]
