"""An issuer of access tokens, as seen over the wire: discovery, keys, and tokens signed with them."""

import time
from collections.abc import Iterable
from uuid import UUID, uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from shared.auth import AUDIENCE, TokenChecker

ISSUER = "http://issuer.test"


class Issuer:
    def __init__(self) -> None:
        self._key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)

    def checker(self) -> TokenChecker:
        return TokenChecker(ISSUER, AUDIENCE, httpx.AsyncClient(transport=httpx.MockTransport(self._answer)))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/.well-known/openid-configuration":
            return httpx.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys"})
        return httpx.Response(200, json={"keys": [self._key.as_dict(private=False)]})

    def bearer(
        self, scopes: str, roles: Iterable[str] = (), zones: Iterable[str] = (), charity: UUID | None = None,
        client: str = "client",
    ) -> dict[str, str]:  # fmt: skip
        """The headers of a caller with these scopes, roles and bounds."""
        now = int(time.time())
        said = {
            "iss": ISSUER, "sub": client, "aud": AUDIENCE, "client_id": client, "scope": scopes,
            "roles": list(roles), "zones": list(zones), "iat": now, "exp": now + 300, "jti": str(uuid4()),
        }  # fmt: skip
        if charity is not None:
            said["charity_id"] = str(charity)
        token = jwt.encode(
            {"alg": "ES256", "typ": "at+jwt", "kid": self._key.kid}, said, self._key, algorithms=["ES256"]
        )
        return {"Authorization": f"Bearer {token}"}
