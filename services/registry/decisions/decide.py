"""A person decides on a held request: approved, or rejected, with reason and name."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.registry.aid import queries
from services.registry.aid.screen import LETTERS
from services.registry.aid.states import State, check_step
from services.registry.aid.submit import AID_REQUESTED
from services.registry.decisions.schemas import DecisionForm, DecisionView, Verdict
from shared.auth import Caller
from shared.db import Connection, Row

_BECOMES = {Verdict.APPROVE: State.APPROVED, Verdict.REJECT: State.REJECTED}


async def decide(connection: Connection, row: Row, form: DecisionForm, caller: Caller, now: datetime) -> DecisionView:
    """Decide on the locked request `row`. Raises NotInThisState unless it is held.

    What was flagged because of a request that is rejected now is looked at anew: it may be the only one left.
    """
    status = _BECOMES[form.decision]
    check_step(row["status"], status)
    await queries.set_status(connection, row["id"], status, now)
    await queries.add_status(connection, row, status, caller.subject, form.reason, now)
    if status is State.REJECTED:
        await LETTERS.write(connection, AID_REQUESTED, [row["id"]], now, now)
    return _view(row, status, form, caller, now)


def _view(row: Mapping[str, Any], status: State, form: DecisionForm, caller: Caller, now: datetime) -> DecisionView:
    return DecisionView(
        request=row["id"],
        status=status,
        reason=form.reason,
        author=caller.subject,
        decided_at=now,
        version=row["version"] + 1,
    )
