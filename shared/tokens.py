"""A service's own access token, by client credentials (RFC 6749, 4.4), renewed before it runs out."""

import asyncio
import time

import httpx

from shared.auth import IssuerUnavailable

_EARLY = 30.0


class OwnToken:
    def __init__(self, issuer: str, client_id: str, secret: str, scope: str, http: httpx.AsyncClient) -> None:
        self._issuer, self._credentials, self._scope, self._http = issuer, (client_id, secret), scope, http
        self._token, self._good_until = "", 0.0
        self._fetching = asyncio.Lock()

    async def header(self) -> dict[str, str]:
        """The Authorization header. Raises IssuerUnavailable."""
        if time.monotonic() >= self._good_until:
            async with self._fetching:
                if time.monotonic() >= self._good_until:
                    await self._fetch()
        return {"Authorization": f"Bearer {self._token}"}

    async def _fetch(self) -> None:
        form = {"grant_type": "client_credentials", "scope": self._scope}
        try:
            answer = await self._http.post(f"{self._issuer}/oauth2/token", data=form, auth=self._credentials)
            body = answer.raise_for_status().json()
            self._token = str(body["access_token"])
            self._good_until = time.monotonic() + float(body["expires_in"]) - _EARLY
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise IssuerUnavailable from error
