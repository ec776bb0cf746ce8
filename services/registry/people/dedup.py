"""The dedup service, asked over HTTP: which registrations may be of the same person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import aiohttp
import orjson
from opentelemetry.propagate import inject

from services.registry.people.resolve import Match, Outcome
from shared import errors
from shared.auth import IssuerUnavailable
from shared.errors import Text
from shared.ids import RegistrationId
from shared.jsonb import to_json
from shared.tokens import OwnToken


class DedupUnavailable(errors.Unavailable):
    code = "dedup_unavailable"
    text = Text("خدمة المطابقة لا تجيب الآن.", "The matching service does not answer now.")


@dataclass(frozen=True, slots=True)
class Linkage:
    """matches: registration -> its likely others, best first."""

    matches: Mapping[RegistrationId, Sequence[Match]]
    model_version: str


class Dedup:
    """`http` is aiohttp's: a call of httpx costs several times the processor time, and every screening makes one."""

    def __init__(self, url: str, token: OwnToken, http: aiohttp.ClientSession) -> None:
        self._url, self._token, self._http = url, token, http

    async def link(self, records: Sequence[Mapping[str, Any]]) -> Linkage:
        """Make `records` known to the index, then look for each among all. Raises DedupUnavailable."""
        return await self._matches("/v1/links", records)

    async def look(self, records: Sequence[Mapping[str, Any]]) -> Linkage:
        """The same with nothing stored. Raises DedupUnavailable."""
        return await self._matches("/v1/matches", records)

    async def model(self) -> Mapping[str, Any]:
        """What the linker says of its model in force: version, thresholds, expected errors. Raises DedupUnavailable."""
        model: Mapping[str, Any] = await self._ask("GET", "/v1/model")
        return model

    async def _matches(self, path: str, records: Sequence[Mapping[str, Any]]) -> Linkage:
        body = await self._ask("POST", path, to_json({"records": records}).encode())
        try:
            found = {RegistrationId(UUID(each["record_id"])): _matches(each["matches"]) for each in body["results"]}
            return Linkage(found, str(body["model_version"]))
        except (ValueError, KeyError, TypeError) as error:
            raise DedupUnavailable from error

    async def _ask(self, method: str, path: str, content: bytes | None = None) -> Any:
        try:
            headers = await self._token.header() | {"Content-Type": "application/json"}
            inject(headers)  # the trace's context, where there is a trace
            async with self._http.request(method, self._url + path, data=content, headers=headers) as answer:
                answer.raise_for_status()
                return orjson.loads(await answer.read())
        except (aiohttp.ClientError, TimeoutError, IssuerUnavailable, ValueError) as error:
            raise DedupUnavailable from error


def _matches(found: Sequence[Mapping[str, Any]]) -> list[Match]:
    return [
        Match(
            registration_id=RegistrationId(UUID(each["record_id"])),
            outcome=Outcome(each["outcome"]),
            rule=each["rule"],
            probability=each["probability"],
            bits=each["bits"],
            evidence=each["evidence"],
        )
        for each in found
    ]
