"""What a charity that submits is answered when the screening of what was stored goes wrong."""

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
