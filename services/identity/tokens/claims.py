"""An access token: what it says (RFC 9068), and its signed form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey

from services.identity.clients.queries import Client
from services.identity.keys.signing import ALGORITHM
from shared.auth import AUDIENCE


@dataclass(frozen=True, slots=True)
class Token:
    """One token for one client, from `issued_at` up to `expires_at`."""

    jti: UUID
    client_id: str
    scopes: frozenset[str]
    issued_at: datetime
    expires_at: datetime


def claims(token: Token, client: Client, issuer: str) -> dict[str, Any]:
    """RFC 9068's claims, and ours: roles, the charity the client acts for, the zones it may look at.

    With no person behind it, `sub` is the client itself (RFC 9068, 2.2).
    """
    said: dict[str, Any] = {
        "iss": issuer,
        "sub": token.client_id,
        "aud": AUDIENCE,
        "client_id": token.client_id,
        "scope": " ".join(sorted(token.scopes)),
        "roles": sorted(client.roles),
        "zones": sorted(client.zones),
        "iat": int(token.issued_at.timestamp()),
        "exp": int(token.expires_at.timestamp()),
        "jti": str(token.jti),
    }
    if client.charity_id is not None:
        said["charity_id"] = str(client.charity_id)
    return said


def sign(said: dict[str, Any], key: ECKey) -> str:
    header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
    return jwt.encode(header, said, key, algorithms=[ALGORITHM])
