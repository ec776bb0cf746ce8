"""A charity amends, cancels, or marks its own request as delivered; each with the newest ETag in hand."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.registry.aid import queries
from services.registry.aid.errors import (
    AidRequestNotFound,
    NotInThisState,
    OtherApplicant,
    VersionMissing,
    VersionStale,
    VersionUnreadable,
)
from services.registry.aid.schemas import AmendForm, DeliveryForm
from services.registry.aid.screen import LETTERS
from services.registry.aid.submit import AID_REQUESTED, Intake
from shared.auth import Caller
from shared.calendar import FIRST_DAY
from shared.db import Connection, Row
from shared.errors import Flaw, Text
from shared.ids import CharityId, new_id
from shared.problems import InvalidInput

_TAG = re.compile(r'\*|(W/)?"[!#-~]*"')  # RFC 9110, 8.8.3; a weak one never matches
_AMENDABLE = ("pending", "cleared", "held")
_CANCELLABLE = ("pending", "cleared", "held", "approved")
_DELIVERABLE = ("cleared", "approved")


async def amend(
    connection: Connection, intake: Intake, charity: CharityId, row: Row, form: AmendForm, caller: Caller,
    now: datetime,
) -> None:  # fmt: skip
    """Change what `form` gives and have the request screened anew: it is pending until then.

    Raises NotInThisState, OtherApplicant, InvalidInput.
    """
    _require(row, _AMENDABLE)
    intake.check_named(form)
    if form.applicant is not None:
        if form.applicant.source_ref != row["source_ref"]:
            raise OtherApplicant
        typed = intake.applicant_columns(form.applicant, charity)
        await queries.change_registration(connection, charity, typed, now)
    await queries.change_request(connection, row["id"], _changes(form, row), now)
    await queries.add_status(connection, row, "pending", caller.client_id, "amended by the charity", now)
    await LETTERS.write(connection, AID_REQUESTED, [row["id"]], now, now)


async def cancel(connection: Connection, row: Row, caller: Caller, reason: str, now: datetime) -> None:
    """Raises NotInThisState. What overlapped with it is looked at anew."""
    _require(row, _CANCELLABLE)
    await queries.set_status(connection, row["id"], "cancelled", now)
    await queries.add_status(connection, row, "cancelled", caller.client_id, reason, now)
    await LETTERS.write(connection, AID_REQUESTED, [row["id"]], now, now)


async def deliver(connection: Connection, row: Row, form: DeliveryForm, caller: Caller, now: datetime) -> None:
    """Record what was really given. A held request is not delivered before a person decided. Raises NotInThisState."""
    _require(row, _DELIVERABLE)
    if form.delivered_on > now.date() + timedelta(days=1):
        raise InvalidInput(flaws=(Flaw("/delivered_on", "in_the_future", _FUTURE),))
    if form.delivered_on < FIRST_DAY:
        raise InvalidInput(flaws=(Flaw("/delivered_on", "too_far_back", _LONG_AGO),))
    await queries.add_assistance(connection, new_id(), row, form, now)
    await queries.set_status(connection, row["id"], "delivered", now)
    await queries.add_status(connection, row, "delivered", caller.client_id, "delivered by the charity", now)


async def for_change(connection: Connection, request_id: UUID, if_match: str | None) -> Row:
    """The request, locked, if the caller's copy is the newest.

    Raises AidRequestNotFound (also for another charity's), VersionMissing, VersionUnreadable, VersionStale.
    """
    row = await queries.lock_one(connection, request_id)
    if row is None:
        raise AidRequestNotFound
    if if_match is None:
        raise VersionMissing
    tags = [tag.strip() for tag in if_match.split(",")]
    if not all(_TAG.fullmatch(tag) for tag in tags):
        raise VersionUnreadable
    if tags != ["*"] and etag(row) not in tags:
        raise VersionStale
    return row


def etag(row: Mapping[str, Any]) -> str:
    return f'"{row["version"]}"'


def _require(row: Mapping[str, Any], states: tuple[str, ...]) -> None:
    if row["status"] not in states:
        raise NotInThisState


def _changes(form: AmendForm, row: Mapping[str, Any]) -> dict[str, Any]:
    start, end = form.period.days() if form.period else (row["starts_on"], row["ends_on"])
    zone = form.applicant.address.zone if form.applicant else None
    return {
        "aid_type": form.aid_type or row["aid_type"], "starts_on": start, "ends_on": end,
        "amount": form.amount.value if form.amount else row["amount"],
        "currency": form.amount.currency if form.amount else row["currency"],
        "note": form.note if form.note is not None else row["note"], "zone_code": zone or row["zone_code"],
    }  # fmt: skip


_LONG_AGO = Text("تاريخ التسليم قديم جداً.", "The day of delivery lies too far back.")
_FUTURE = Text("تاريخ التسليم في المستقبل.", "The day of delivery lies in the future.")
