"""What a charity that submits is answered when something other than its form is wrong."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from services.registry.aid.gate import Gate
from tests.services.registry import make
from tests.services.registry.issuer import Issuer

NAME = "سالم علي (تجريبي)"
FORM = {
    "applicant": {"source_ref": "A-1", "name": NAME, "address": {"zone": make.ZONE}},
    "aid_type": make.FOOD,
    "period": {"start": str(make.FIRST), "end": str(make.LAST)},
}


class BrokenLinker:
    """Has a fault of its own; the fault's text quotes what was typed."""

    async def link(self, records: Sequence[Mapping[str, Any]]) -> None:
        raise LookupError(records[0]["full_name"])


async def test_a_fault_while_screening_leaves_the_stored_request_pending_and_is_logged_without_its_data(
    app: FastAPI, http: httpx.AsyncClient, issuer: Issuer, admin: asyncpg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    state = app.state
    state.gate = Gate(state.pool, replace(state.screener, dedup=BrokenLinker()), budget=5.0)
    headers = issuer.bearer("aid:write", roles=["charity"], charity=await make.charity(admin))
    capsys.readouterr()

    answer = await http.post("/v1/aid-requests", json=FORM, headers=headers | {"Idempotency-Key": uuid4().hex})

    assert (answer.status_code, answer.json()["screening"]) == (201, "pending")
    assert await admin.fetchval("SELECT count(*) FROM registry.letter WHERE handled_at IS NULL") == 1
    told = capsys.readouterr().out
    (line,) = [each for each in map(json.loads, told.splitlines()) if each["event"] == "screening failed"]
    assert (line["error_type"], line["request"]) == ("LookupError", answer.json()["id"])
    assert any(frame.startswith("test_gate.py") for frame in line["traceback"])
    assert NAME not in told


@pytest.mark.parametrize("path", ["/v1/aid-requests", "/v1/aid-requests:batch"])
async def test_a_charity_that_the_register_does_not_know_is_refused_and_harms_nobody_beside_it(
    http: httpx.AsyncClient, issuer: Issuer, admin: asyncpg.Connection, path: str
) -> None:
    unknown, known = (
        issuer.bearer("aid:write", roles=["charity"], charity=each) for each in (uuid4(), await make.charity(admin))
    )
    media = {"Content-Type": "application/x-ndjson"} if path.endswith("batch") else {"Content-Type": "application/json"}

    answers = await asyncio.gather(
        *(
            http.post(path, content=json.dumps(FORM), headers=headers | media | {"Idempotency-Key": uuid4().hex})
            for headers in (unknown, known, unknown)
        )
    )

    assert [answer.status_code for answer in answers] == [403, 200 if path.endswith("batch") else 201, 403]
    assert {answers[0].json()["code"], answers[2].json()["code"]} == {"no_charity"}
    assert await admin.fetchval("SELECT count(*) FROM registry.aid_request") == 1
