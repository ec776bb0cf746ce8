"""The OAuth face: token endpoint, keys, discovery. Its errors are those of RFC 6749, not problems."""

import json
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security.http import HTTPBase
from pydantic import BaseModel

from services.identity.clients.roles import SCOPES, scopes_of
from services.identity.keys import queries as keys
from services.identity.keys.signing import PUBLISHED_AFTER_RETIREMENT
from services.identity.settings import IdentitySettings
from services.identity.tokens import form, grant
from services.identity.tokens.claims import claims, sign
from services.identity.tokens.errors import InvalidClient, TokenRefused, TooManyFailures
from services.identity.tokens.throttle import WINDOW_SECONDS, Throttle
from shared import db, log
from shared.clock import now
from shared.openapi import refusals
from shared.web import Transaction

router = APIRouter(tags=["tokens"])

_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_basic = HTTPBase(scheme="basic", scheme_name="ClientBasic", auto_error=False)  # for the description only
_TOKEN_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            form.FORM: {
                "schema": {
                    "type": "object",
                    "required": ["grant_type"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "scope": {
                            "type": "string",
                            "description": "Fewer than the client's, space-separated.",
                        },
                    },
                }
            }
        },
    },
}


class TokenAnswer(BaseModel):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105  the type's name
    expires_in: int
    scope: str


class PublishedKeys(BaseModel):
    """A JSON Web Key Set (RFC 7517)."""

    keys: list[dict[str, str]]


class TokenError(BaseModel):
    """RFC 6749, 5.2."""

    error: str
    error_description: str


_REFUSALS: dict[int | str, dict[str, Any]] = refusals(db.DatabaseUnavailable) | {
    status: {"model": TokenError, "description": "No token is given (RFC 6749, 5.2)."} for status in (400, 401, 429)
}


@router.post(
    "/oauth2/token",
    response_model=TokenAnswer,
    responses=_REFUSALS,
    openapi_extra=_TOKEN_FORM,
    dependencies=[Depends(_basic)],
)
async def issue_token(request: Request) -> JSONResponse:
    """An access token for a client: grant_type=client_credentials, id and secret by HTTP Basic."""
    try:
        answer = await _answer(request)
    except TokenRefused as refused:
        return _refusal(refused)
    return JSONResponse(answer.model_dump(), headers=_NO_STORE)


async def _answer(request: Request) -> TokenAnswer:
    given = form.credentials(request.headers.get("authorization", ""))
    fields = form.fields(request.headers.get("content-type", ""), await request.body())
    state, settings = request.app.state, _settings(request)
    throttle: Throttle = state.throttle
    caller = (given.client_id, request.client.host if request.client else "")
    if throttle.blocked(caller):
        raise TooManyFailures
    life = timedelta(seconds=settings.identity_token_seconds)
    moment = now()
    async with db.transaction(state.pool) as connection:
        try:
            client = await grant.authenticate(connection, given, moment)
        except InvalidClient:
            throttle.failed(caller)
            raise
        token = await grant.issue(connection, client, fields, life, moment)
    throttle.succeeded(caller)
    return TokenAnswer(
        access_token=sign(claims(token, client, settings.issuer), state.signing_key),
        expires_in=settings.identity_token_seconds,
        scope=" ".join(sorted(token.scopes)),
    )


def _refusal(refused: TokenRefused) -> JSONResponse:
    headers = dict(_NO_STORE)
    if isinstance(refused, InvalidClient):
        headers["WWW-Authenticate"] = 'Basic realm="sijill", charset="UTF-8"'
    if isinstance(refused, TooManyFailures):
        headers["Retry-After"] = str(int(WINDOW_SECONDS))
    log.logger().warning("token refused", code=refused.error)
    body = TokenError(error=refused.error, error_description=refused.told)
    return JSONResponse(body.model_dump(), refused.status, headers)


@router.get("/jwks", responses={200: {"model": PublishedKeys}, **refusals(db.DatabaseUnavailable)})
async def published_keys(connection: Transaction) -> Response:
    """The keys that check our tokens (RFC 7517); a retired one stays for 15 minutes."""
    found = await keys.published(connection, now() - PUBLISHED_AFTER_RETIREMENT)
    body = json.dumps({"keys": [json.loads(jwk) for jwk in found]})
    return Response(body, media_type="application/json", headers={"Cache-Control": "public, max-age=60"})


@router.get("/.well-known/openid-configuration")
@router.get("/.well-known/oauth-authorization-server", name="authorization_server_metadata")
async def openid_configuration(request: Request) -> dict[str, Any]:
    """What this issuer offers (RFC 8414): no more than is there, so no flow for people yet."""
    issuer = _settings(request).issuer
    return {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/oauth2/token",
        "jwks_uri": f"{issuer}/jwks",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "scopes_supported": sorted(scopes_of(SCOPES)),
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }


def _settings(request: Request) -> IdentitySettings:
    settings: IdentitySettings = request.app.state.settings
    return settings
