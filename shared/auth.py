"""Who is calling: an RFC 9068 access token of a trusted issuer, checked here without asking anyone.

The issuer's keys come from its discovery document (RFC 8414) and are kept; an unknown key id leads to one
new fetch, no more often than every ten seconds. Only ES256 and EdDSA are taken, whatever the token says.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from uuid import UUID

import httpx
from fastapi import Depends, Request, Security
from fastapi.security import HTTPBearer
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from shared import errors
from shared.errors import Text
from shared.ids import CharityId

AUDIENCE = "sijill"
"""Whom access tokens are for: every API of the house."""
ALGORITHMS = ["ES256", "Ed25519", "EdDSA"]
_LEEWAY = 10
_LONGEST_LIFE = 86_400.0
_COOL_DOWN = 10.0
_REMEMBERED = 10_000


class NoToken(errors.Unauthenticated):
    code = "missing_token"
    text = Text("أرسل رمز الدخول في Authorization: Bearer.", "Send an access token as Authorization: Bearer.")


class BadToken(errors.Unauthenticated):
    code = "invalid_token"
    text = Text("رمز الدخول غير صالح أو انتهت مدته.", "The access token is not valid, or has expired.")


class MissingScope(errors.Forbidden):
    code = "insufficient_scope"
    text = Text("ليس لهذا الحساب حق في هذا الفعل.", "This account may not do this.")


class IssuerUnavailable(errors.Unavailable):
    code = "issuer_unavailable"
    text = Text("خدمة الهوية لا تجيب الآن.", "The identity service does not answer now.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, in which roles, with which scopes, and within which bounds.

    charity: the one charity he acts for, or None.
    zones:   codes of the zones he may look at, each with all below it; empty means none.
    """

    client_id: str
    subject: str
    scopes: frozenset[str]
    roles: frozenset[str]
    charity: CharityId | None
    zones: tuple[str, ...]


class TokenChecker:
    """Checks access tokens of one issuer, meant for one audience."""

    def __init__(self, issuer: str, audience: str, http: httpx.AsyncClient) -> None:
        self.issuer, self.audience, self._http = issuer, audience, http
        self._keys: KeySet | None = None
        self._asked = -_COOL_DOWN
        self._fetching = asyncio.Lock()
        self._known: dict[bytes, tuple[float, Caller]] = {}

    async def check(self, token: str) -> Caller:
        """The caller that `token` proves. Raises BadToken, or IssuerUnavailable when keys can't be had."""
        digest = hashlib.sha256(token.encode()).digest()
        remembered = self._known.get(digest)
        if remembered and remembered[0] > time.time():
            return remembered[1]
        claims = await self._claims(token)
        caller = _caller(claims)
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[digest] = (float(claims["exp"]), caller)
        return caller

    async def _claims(self, token: str) -> dict[str, Any]:
        decoded = self._decode(token, await self._keys_now())
        if decoded is None:
            decoded = self._decode(token, await self._keys_now(newer=True))
        if decoded is None:
            raise BadToken
        if decoded.header.get("typ", "").lower() not in ("at+jwt", "application/at+jwt"):
            raise BadToken
        self._check_claims(decoded.claims)
        return decoded.claims

    def _decode(self, token: str, keys: KeySet) -> jwt.Token | None:
        """The token, None if its key is not among `keys`. Raises BadToken for anything else wrong."""
        try:
            return jwt.decode(token, keys, algorithms=ALGORITHMS)
        except InvalidKeyIdError:
            return None
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise BadToken from error

    def _check_claims(self, claims: Mapping[str, Any]) -> None:
        now = time.time()
        try:
            audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
            holds = (
                claims["iss"] == self.issuer
                and self.audience in audience
                and now < float(claims["exp"]) < now + _LONGEST_LIFE
                and float(claims["iat"]) <= now + _LEEWAY
                and float(claims.get("nbf", 0)) <= now + _LEEWAY
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BadToken from error
        if not holds:
            raise BadToken

    async def _keys_now(self, newer: bool = False) -> KeySet:
        if self._keys is not None and not (newer and self._may_fetch()):
            return self._keys
        async with self._fetching:
            if self._keys is None or (newer and self._may_fetch()):
                self._asked = time.monotonic()
                self._keys = await self._fetch()
            return self._keys

    def _may_fetch(self) -> bool:
        return time.monotonic() - self._asked > _COOL_DOWN

    async def _fetch(self) -> KeySet:
        try:
            found = await self._http.get(f"{self.issuer}/.well-known/openid-configuration")
            document = found.raise_for_status().json()
            if document["issuer"] != self.issuer:
                raise IssuerUnavailable
            answer = await self._http.get(document["jwks_uri"])
            return KeySet.import_key_set(answer.raise_for_status().json())
        except (httpx.HTTPError, ValueError, KeyError, JoseError) as error:
            raise IssuerUnavailable from error

    async def ready(self) -> bool:
        """Whether the issuer's keys are at hand."""
        try:
            await self._keys_now()
        except IssuerUnavailable:
            return False
        return True


def _caller(claims: Mapping[str, Any]) -> Caller:
    charity = claims.get("charity_id")
    try:
        return Caller(
            client_id=str(claims["client_id"]),
            subject=str(claims["sub"]),
            scopes=frozenset(str(claims.get("scope", "")).split()),
            roles=frozenset(claims.get("roles", ())),
            charity=CharityId(UUID(str(charity))) if charity else None,
            zones=tuple(claims.get("zones", ())),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise BadToken from error


_bearer = HTTPBearer(auto_error=False, description="An access token of the identity service (RFC 9068).")


async def authenticated(request: Request, _: Annotated[object, Depends(_bearer)]) -> Caller:
    """The caller, from the Authorization header. The app keeps its checker in `app.state.tokens`."""
    scheme, _space, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise NoToken
    checker: TokenChecker = request.app.state.tokens
    return await checker.check(token.strip())


Authenticated = Annotated[Caller, Depends(authenticated)]
T = TypeVar("T")


def scope(name: str) -> Callable[[Caller], Awaitable[Caller]]:
    """A dependency: the caller, who must hold the scope `name`. Raises MissingScope.

    Asynchronous, as FastAPI sends what is not through a thread: twice the time of a quick check.
    """

    async def check(caller: Annotated[Caller, Security(authenticated, scopes=[name])]) -> Caller:
        if name not in caller.scopes:
            raise MissingScope
        return caller

    return check
