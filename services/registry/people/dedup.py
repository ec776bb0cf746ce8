"""The dedup service, asked over HTTP: which registrations may be of the same person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import orjson

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
    def __init__(self, url: str, token: OwnToken, http: httpx.AsyncClient) -> None:
        self._url, self._token, self._http = url, token, http

    async def link(self, records: Sequence[Mapping[str, Any]]) -> Linkage:
        """Make `records` known to the index, then look for each among all. Raises DedupUnavailable."""
        return await self._ask("/v1/links", records)

    async def look(self, records: Sequence[Mapping[str, Any]]) -> Linkage:
        """The same with nothing stored. Raises DedupUnavailable."""
        return await self._ask("/v1/matches", records)

    async def model(self) -> Mapping[str, Any]:
        """What the linker says of its model in force: version, thresholds, expected errors. Raises DedupUnavailable."""
        try:
            answer = await self._http.get(f"{self._url}/v1/model", headers=await self._token.header())
            answer.raise_for_status()
            model: Mapping[str, Any] = orjson.loads(answer.content)
        except (httpx.HTTPError, IssuerUnavailable, ValueError) as error:
            raise DedupUnavailable from error
        return model

    async def _ask(self, path: str, records: Sequence[Mapping[str, Any]]) -> Linkage:
        content = to_json({"records": records})
        try:
            headers = await self._token.header() | {"Content-Type": "application/json"}
            answer = await self._http.post(self._url + path, content=content, headers=headers)
            answer.raise_for_status()
            body = orjson.loads(answer.content)
            results = body["results"]
            matches = {RegistrationId(UUID(each["record_id"])): _matches(each["matches"]) for each in results}
            return Linkage(matches, str(body["model_version"]))
        except (httpx.HTTPError, IssuerUnavailable, ValueError, KeyError, TypeError) as error:
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
