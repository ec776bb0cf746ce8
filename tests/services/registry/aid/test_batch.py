"""A large batch is read without keeping everybody else waiting."""

import asyncio

from fastapi import FastAPI

from services.registry.aid.batch import Batch
from shared.auth import Caller
from shared.ids import CharityId, new_id

LINES = 1000


async def test_others_have_their_turn_every_fifty_lines(app: FastAPI) -> None:
    charity = CharityId(new_id())
    caller = Caller("client", "client", frozenset(), frozenset(), charity, ())
    batch = Batch(app.state.intake, app.state.pool, caller, charity, "key", "en", "/v1/aid-requests:batch")
    reading = asyncio.create_task(batch.run(b"{}\n" * LINES))
    turns = 0
    while not reading.done():
        await asyncio.sleep(0)
        turns += 1

    assert len(await reading) == LINES
    assert turns >= LINES / 50
