"""A screening that was overtaken by a change leaves the letter which the change wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID, uuid4

import asyncpg
import httpx
from fastapi import FastAPI

from services.registry.aid import findings
from services.registry.people.dedup import Dedup, Linkage
from shared.clock import now
from tests.services.registry import make
from tests.services.registry.issuer import Issuer


class KnowsNobody:
    """A linker that finds no other record of anyone."""

    async def link(self, records: Sequence[Mapping[str, Any]]) -> Linkage:
        return Linkage({}, "none")


async def test_a_request_amended_after_it_was_read_is_left_to_its_own_letter(
    app: FastAPI, http: httpx.AsyncClient, admin: asyncpg.Connection, issuer: Issuer
) -> None:
    bearer = issuer.bearer("aid:read aid:write", roles=["charity"], charity=await make.charity(admin))
    period = {"start": str(make.FIRST), "end": str(make.LAST)}
    form = {"applicant": {"source_ref": "A-1", "name": "سالم"}, "aid_type": make.FOOD, "period": period}
    sent = await http.post("/v1/aid-requests", json=form, headers=bearer | {"Idempotency-Key": uuid4().hex})
    request = UUID(sent.json()["id"])
    screener = replace(app.state.screener, dedup=cast(Dedup, KnowsNobody()))
    read = await findings.to_screen(screener.pool, [request])
    amended = await http.patch(f"/v1/aid-requests/{request}", json={"note": "x y"}, headers=bearer | {"If-Match": "*"})
    assert amended.status_code == 200

    assert await screener.screen_rows(read, now()) == {}
    waiting = "SELECT count(*) FROM registry.letter WHERE subject = $1 AND handled_at IS NULL"
    assert await admin.fetchval(waiting, request) >= 1

    assert set(await screener.screen([request], now())) == {request}
    assert await admin.fetchval(waiting, request) == 0
