"""The integrator's wire: request, status, keys. Errors are the sign-on's own, not problems."""

from secrets import compare_digest
from typing import Annotated, Any, Literal, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from services.nafath_mock.errors import AuthenticationFailed, InvalidData, TransactionNotFound, WireErrorBody
from services.nafath_mock.people import NotSynthetic, parse_synthetic
from services.nafath_mock.settings import NafathMockSettings
from services.nafath_mock.transactions import SERVICES, Status, Transactions
from shared.clock import now


class Query(BaseModel):
    """`local` is the wire's spelling of locale."""

    model_config = ConfigDict(frozen=True)

    local: Literal["ar", "en"]
    requestId: UUID


class MfaRequest(BaseModel):
    nationalId: str
    service: str


class StatusRequest(BaseModel):
    nationalId: str
    transId: UUID
    random: str


class MfaAnswer(BaseModel):
    transId: str
    random: str


class StatusAnswer(BaseModel):
    """Unsigned, and about nobody: identity comes with the signed callback only."""

    status: Status


Form = TypeVar("Form", bound=BaseModel)


async def read(form: type[Form], request: Request) -> Form:
    """The body as `form`. Raises InvalidData."""
    try:
        return form.model_validate_json(await request.body())
    except ValidationError as error:
        raise InvalidData from error


def provider(request: Request) -> Transactions:
    """The transactions, for a caller with the right APP-ID and APP-KEY. Raises AuthenticationFailed."""
    settings: NafathMockSettings = request.app.state.settings
    key = request.headers.get("app-key", "")
    right = compare_digest(key.encode(), settings.nafath_mock_app_key.get_secret_value().encode())
    if request.headers.get("app-id", "") != settings.nafath_mock_app_id or not right:
        raise AuthenticationFailed
    transactions: Transactions = request.app.state.transactions
    return transactions


Provider = Annotated[Transactions, Depends(provider)]
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": WireErrorBody, "description": "The sign-on's own error."} for status in (400, 403, 422)
}


def _body(form: type[BaseModel]) -> dict[str, Any]:
    """The OpenAPI of a body that is read by hand, so that its errors are the wire's."""
    schema = form.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


_QUERY = {
    "parameters": [
        {
            "name": "local",
            "in": "query",
            "required": True,
            "schema": {"type": "string", "enum": ["ar", "en"]},
        },
        {
            "name": "requestId",
            "in": "query",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        },
    ]
}


async def request_sign_on(request: Request, transactions: Provider) -> MfaAnswer:
    """Ask the person with this ID to accept on his phone. `random` is shown to him here."""
    form = await read(MfaRequest, request)
    try:
        query = Query.model_validate(dict(request.query_params))
        number = parse_synthetic(form.nationalId)
    except (ValidationError, NotSynthetic) as error:
        raise InvalidData from error
    if form.service not in SERVICES:
        raise InvalidData
    begun = transactions.begin(number, form.service, query.requestId, now())
    return MfaAnswer(transId=str(begun.trans_id), random=begun.random)


async def sign_on_status(request: Request, transactions: Provider) -> StatusAnswer:
    """How far the sign-on is."""
    form = await read(StatusRequest, request)
    found = transactions.find(form.transId, now())
    if (found.number, found.random) != (form.nationalId, form.random):
        raise TransactionNotFound
    return StatusAnswer(status=found.status(now()))


async def sign_on_keys(request: Request, _: Provider) -> dict[str, Any]:
    """The keys that check the callback's token."""
    return {"keys": [request.app.state.signing_key.as_dict(private=False)]}


def router(prefix: str) -> APIRouter:
    """The wire below `prefix`, which in the real one names the environment."""
    wire = APIRouter(prefix=f"{prefix}/api/v1/mfa", tags=["wire"], responses=_ERRORS)
    wire.post("/request", status_code=201, openapi_extra=_body(MfaRequest) | _QUERY)(request_sign_on)
    wire.post("/request/status", openapi_extra=_body(StatusRequest))(sign_on_status)
    wire.get("/jwk")(sign_on_keys)
    return wire


def nowhere(prefix: str) -> APIRouter:
    """What any other path below `prefix` answers; to be included last."""
    rest = APIRouter(include_in_schema=False)

    @rest.api_route(prefix + "/{path:path}", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    async def no_mapping_rule() -> Response:
        return Response("No Mapping Rule matched", 404, media_type="text/plain")

    return rest
