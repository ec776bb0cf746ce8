"""Where submissions that arrive together are stored together, and then screened together.

Alone, a submission is stored and screened at once; beside fifteen others it shares their two transactions and
their one question to the dedup service. The answer is final if the screening is done within the budget; else the
request is stored, the answer says `pending`, and the worker finishes.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from services.registry.aid import queries
from services.registry.aid.errors import IdempotencyKeyReused
from services.registry.aid.screen import Screener
from services.registry.aid.submit import Stored, Submission, store
from shared import log
from shared.clock import now
from shared.coalesce import Coalescer
from shared.db import Pool, Row, transaction
from shared.errors import Unavailable
from shared.ids import CharityId, RequestId

_TOGETHER = 64


class Gate:
    def __init__(self, pool: Pool, screener: Screener, budget: float) -> None:
        """budget: seconds that a submission waits for its screening."""
        self._pool, self._screener, self._budget = pool, screener, budget
        self._store = Coalescer(self._store_together, Submission.apart, most=_TOGETHER)
        self._screen = Coalescer(self._screen_together, lambda row: (row["id"],), most=_TOGETHER)

    async def submit(self, submission: Submission) -> tuple[Row, bool]:
        """The request as it stands, and whether it was stored before under the same key.

        Raises IdempotencyKeyReused, DatabaseUnavailable (nothing is stored then).
        """
        outcome = await self._store(submission)
        if isinstance(outcome, IdempotencyKeyReused):
            raise outcome
        row = await self._screened(outcome.row) if outcome.row else None
        return row or await self._as_stored(submission.charity, outcome.request_id), outcome.replayed

    async def _screened(self, stored: Row) -> Row | None:
        """The request after its screening, None if that was not done in time."""
        try:
            async with asyncio.timeout(self._budget):
                return await self._screen(stored)
        except (TimeoutError, Unavailable) as error:
            log.logger().warning(
                "screening left to the worker", request=str(stored["id"]), error_type=type(error).__name__
            )
        except Exception as error:  # noqa: BLE001  the request is stored: whatever the fault is, a 500 would deny it
            log.logger().error(
                "screening failed",
                request=str(stored["id"]),
                error_type=type(error).__name__,
                traceback=log.frames(error),
            )
        return None

    async def _as_stored(self, charity: CharityId, request: RequestId) -> Row:
        async with transaction(self._pool, [charity]) as connection:
            return (await queries.shown(connection, [request]))[request]

    async def _store_together(self, submissions: Sequence[Submission]) -> Sequence[Stored | IdempotencyKeyReused]:
        return await store(self._pool, submissions, now(), due=timedelta(seconds=self._budget * 2))

    async def _screen_together(self, stored: Sequence[Row]) -> Sequence[Row | None]:
        screened = await self._screener.screen_rows(stored, now())
        return [screened.get(row["id"]) for row in stored]
