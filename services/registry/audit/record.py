"""Every read and write of personal data leaves a line: who, when, what for, about whom."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared import log
from shared.auth import Caller
from shared.db import Connection


async def record_access(
    connection: Connection, caller: Caller, act: str, purpose: str, targets: Sequence[UUID], now: datetime
) -> None:
    """Add a line in the caller's own transaction: no data leaves without it. No personal data in it."""
    await connection.execute(
        "INSERT INTO registry.access (at, client_id, subject, charity_id, act, purpose, targets, request_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        now, caller.client_id, caller.subject, caller.charity, act, purpose, list(targets), log.request_id.get(),
    )  # fmt: skip
