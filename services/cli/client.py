"""The house's API as the commands see it: tokens that renew themselves, retries that store nothing twice, pages."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

ATTEMPTS = 8
LONGEST_PAUSE = 5.0  # seconds between two attempts
RENEW_BEFORE = 30.0  # seconds before a token ends
PAGE = 200
_BUSY = (429, 502, 503, 504)
NDJSON = "application/x-ndjson"


class CallFailed(RuntimeError):
    """The API did not do what was asked. The message holds nothing that was sent."""


class Unreachable(CallFailed):
    """Nobody answered, or answered that it can't now, until the attempts were used up."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place} does not answer ({why})")


class Refused(CallFailed):
    """The API said no. `problem` is its RFC 9457 body, or RFC 6749's from the token endpoint."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        said = problem.get("title") or problem.get("error_description") or f"status {status}"
        where = [f"{flaw['pointer']}: {flaw['message']}" for flaw in problem.get("errors", [])]
        super().__init__("; ".join([str(said), *where]))
        self.status, self.problem = status, problem
        self.code = str(problem.get("code") or problem.get("error") or status)


@dataclass(frozen=True, slots=True)
class Credentials:
    client_id: str
    secret: str = field(repr=False)


class Tokens:
    """Access tokens of one client (RFC 6749, 4.4), one at a time, renewed before they end."""

    def __init__(self, http: httpx.AsyncClient, issuer: str, credentials: Credentials) -> None:
        self._http, self._issuer, self._credentials = http, issuer.rstrip("/"), credentials
        self._token, self._ends = "", 0.0
        self._fetching = asyncio.Lock()

    async def current(self) -> str:
        """Raises Refused, Unreachable."""
        async with self._fetching:
            if time.monotonic() > self._ends - RENEW_BEFORE:
                await self._renew()
            return self._token

    def forget(self, token: str) -> None:
        """`token` was not taken: the next call gets another."""
        if token == self._token:
            self._ends = 0.0

    async def _renew(self) -> None:
        login = httpx.BasicAuth(self._credentials.client_id, self._credentials.secret)
        form = {"grant_type": "client_credentials"}
        request = self._http.build_request("POST", f"{self._issuer}/oauth2/token", data=form)
        answer = await patiently(self._http, request, auth=login)
        body = _checked(answer)
        self._token, self._ends = body["access_token"], time.monotonic() + float(body["expires_in"])


class Api:
    """One service, called as one client. Raises Refused or Unreachable from every call."""

    def __init__(self, http: httpx.AsyncClient, url: str, tokens: Tokens, language: str = "en") -> None:
        self._http, self.url, self._tokens, self._language = http, url.rstrip("/"), tokens, language

    async def get(self, path: str, **query: Any) -> Any:
        return _checked(await self._call("GET", path, query=query))

    async def text(self, path: str, media: str, **query: Any) -> str:
        """The answer as text of the media type asked for."""
        answer = await self._call("GET", path, query=query, headers={"Accept": media})
        if answer.is_error:
            _checked(answer)
        return answer.text

    async def post(self, path: str, body: Mapping[str, Any], key: str | None = None) -> Any:
        """key: the Idempotency-Key, with which the call is safe to repeat, and is repeated while nobody answers."""
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        return _checked(await self._call("POST", path, orjson.dumps(body), headers=headers, again=bool(key)))

    async def post_lines(self, path: str, lines: bytes, key: str) -> list[dict[str, Any]]:
        """NDJSON there and back: the results in the order in which they came."""
        headers = {"Content-Type": NDJSON, "Idempotency-Key": key}
        answer = await self._call("POST", path, lines, headers=headers)
        if answer.is_error:
            _checked(answer)
        return [orjson.loads(line) for line in answer.content.splitlines() if line.strip()]

    async def pages(self, path: str, **query: Any) -> AsyncIterator[dict[str, Any]]:
        """All items of a list, page by page."""
        cursor: dict[str, Any] = {}
        while True:
            page = await self.get(path, limit=PAGE, **query, **cursor)
            for item in page["items"]:
                yield item
            if not page.get("next"):
                return
            cursor = {"cursor": page["next"]}

    async def _call(
        self, method: str, path: str, content: bytes | None = None, *, query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None, again: bool = True,
    ) -> httpx.Response:  # fmt: skip
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        request = self._http.build_request(
            method, self.url + path, params=asked or None, content=content,
            headers={"Accept-Language": self._language, **(headers or {})},
        )  # fmt: skip
        for last in (False, True):
            token = await self._tokens.current()
            request.headers["Authorization"] = f"Bearer {token}"
            answer = await patiently(self._http, request, again=again)
            if answer.status_code != 401 or last:
                break
            self._tokens.forget(token)
        return answer


@asynccontextmanager
async def connections(most: int = 16, seconds: float = 60.0) -> AsyncIterator[httpx.AsyncClient]:
    """What all clients of one command share, on this machine and beyond; `seconds` for one answer."""
    limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
    here = {f"all://{host}": httpx.AsyncHTTPTransport(limits=limits) for host in ("127.0.0.1", "localhost")}
    async with httpx.AsyncClient(timeout=seconds, limits=limits, mounts=here) as http:  # no proxy to this machine
        yield http


async def patiently(
    http: httpx.AsyncClient, request: httpx.Request, *, again: bool = True, auth: httpx.Auth | None = None
) -> httpx.Response:
    """Send; while nobody answers or the answer is "not now", send again, with pauses that double.

    again: whether a repetition is safe. Raises Unreachable after ATTEMPTS.
    """
    why, place = "", f"{request.url.scheme}://{request.url.netloc.decode()}"
    for attempt in range(ATTEMPTS if again else 1):
        if attempt:
            await asyncio.sleep(min(0.1 * 2**attempt, LONGEST_PAUSE))
        try:
            answer = await http.send(request, auth=auth)
        except httpx.TransportError as error:
            why = type(error).__name__
            continue
        if answer.status_code not in _BUSY:
            return answer
        why = f"status {answer.status_code}"
    raise Unreachable(place, why)


def _checked(answer: httpx.Response) -> Any:
    """The body of an answer that says yes. Raises Refused."""
    try:
        body = orjson.loads(answer.content) if answer.content else {}
    except orjson.JSONDecodeError:
        body = {}
    if answer.is_error:
        raise Refused(answer.status_code, body if isinstance(body, dict) else {})
    return body
