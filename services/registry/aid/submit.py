"""A request comes in: registration, request and letter in one transaction, committed before anything else.

Requests that arrive together are stored together (`shared.coalesce`): one transaction for all of them, bound to
exactly the charities that sent them.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from services.registry.aid import queries
from services.registry.aid.errors import NO_AID_TYPE, NO_ZONE, IdempotencyKeyReused, NoCharity
from services.registry.aid.policy import Catalogue
from services.registry.aid.schemas import AidRequestForm, AmendForm, Applicant
from services.registry.zones.tree import ZoneTree
from shared.auth import Caller
from shared.db import Pool, Row, transaction
from shared.errors import Flaw
from shared.ids import CharityId, RequestId, new_id
from shared.jsonb import to_json
from shared.problems import InvalidInput
from shared.vault import Vault

AID_REQUESTED = "aid.requested.v1"
_TO_CHARITY = ("registration_charity_id_fkey", "aid_request_charity_id_fkey")


@dataclass(frozen=True, slots=True)
class Submission:
    """A form that has passed all checks, as the columns it will fill, and who sent it under which key."""

    charity: CharityId
    key: str
    fingerprint: str
    columns: dict[str, Any]

    def apart(self) -> tuple[tuple[str, CharityId, str], ...]:
        """Two submissions that share a mark are never stored by one statement."""
        return (("key", self.charity, self.key), ("ref", self.charity, self.columns["source_ref"]))


@dataclass(frozen=True, slots=True)
class Stored:
    """The request that stands for a submission: stored now, or long ago under the same key and body.

    row: what its screening needs to know; None if it is a replay.
    """

    request_id: RequestId
    row: Row | None

    @property
    def replayed(self) -> bool:
        return self.row is None


class Intake:
    """Turns forms into submissions: what they name must exist, and the national ID is sealed here."""

    def __init__(self, vault: Vault, zones: ZoneTree, catalogue: Catalogue) -> None:
        self._vault, self._zones, self._catalogue = vault, zones, catalogue

    def admit(self, form: AidRequestForm, caller: Caller, charity: CharityId, key: str, request_id: str) -> Submission:
        """Raises InvalidInput when the zone or the aid type is unknown.

        Key and fingerprint are keyed: from a plain hash of the body its ID could be had by trying all there are.
        """
        self.check_named(form)
        key, fingerprint = self._vault.mark(key), self._vault.mark(form.model_dump_json(exclude={"key"}))
        start, end = form.period.days()
        columns = {
            **self.applicant_columns(form.applicant, charity),
            "charity_id": charity, "key": key, "fingerprint": fingerprint, "request_id": new_id(),
            "client_id": caller.client_id, "subject": caller.subject, "call_id": request_id,
            "aid_type": form.aid_type, "starts_on": start, "ends_on": end, "note": form.note,
            "amount": str(form.amount.value) if form.amount else None,
            "currency": form.amount.currency if form.amount else None,
        }  # fmt: skip
        return Submission(charity, key, fingerprint, columns)

    def check_named(self, form: AidRequestForm | AmendForm) -> None:
        """Raises InvalidInput when the zone or the aid type that `form` names is unknown."""
        flaws = []
        if form.aid_type is not None and form.aid_type not in self._catalogue:
            flaws.append(Flaw("/aid_type", "unknown_aid_type", NO_AID_TYPE))
        zone = form.applicant.address.zone if form.applicant else None
        if zone is not None and zone not in self._zones:
            flaws.append(Flaw("/applicant/address/zone", "unknown_zone", NO_ZONE))
        if flaws:
            raise InvalidInput(flaws=tuple(flaws))

    def applicant_columns(self, applicant: Applicant, charity: CharityId) -> dict[str, Any]:
        """The columns of the registration. Its ids are new; the statement keeps the old ones where it is known."""
        household = applicant.household
        own = household_of(charity, household.ref) if household.ref else new_id()
        return {
            "registration_id": new_id(), "person_id": new_id(), "household_id": own,
            "source_ref": applicant.source_ref, "name": applicant.name, "name_latin": applicant.name_latin,
            "gender": applicant.gender, "phones": list(applicant.phones) or None,
            "address_text": applicant.address.text, "zone_code": applicant.address.zone,
            "household_ref": household.ref, "household_role": household.role, "household_size": household.size,
            **_birth_columns(applicant), **self._id_columns(applicant, charity),
        }  # fmt: skip

    def _id_columns(self, applicant: Applicant, charity: CharityId) -> dict[str, Any]:
        identifier = applicant.identifier()
        if identifier is None:
            return {"id_kind": None, "id_sealed": None, "id_token": None, "id_near": None}
        national_id, kind = identifier
        tokens = self._vault.tokens(national_id)
        sealed = self._vault.seal(national_id, f"{charity}/{applicant.source_ref}")
        return {
            "id_kind": kind,
            "id_sealed": sealed.hex(),
            "id_token": tokens.exact,
            "id_near": list(tokens.near),
        }


def household_of(charity: CharityId, ref: str) -> UUID:
    """The id of the household that `charity` files under `ref`: the same whoever computes it, whenever."""
    return uuid5(charity, f"household/{ref}")


def _birth_columns(applicant: Applicant) -> dict[str, Any]:
    if applicant.birth_date is None:
        return {"birth_date": None, "birth_typed": None, "birth_calendar": None, "birth_precision": None}
    born = applicant.birth_date.dated()
    return {
        "birth_date": born.gregorian, "birth_typed": born.typed,
        "birth_calendar": born.calendar, "birth_precision": born.precision,
    }  # fmt: skip


async def store(
    pool: Pool, submissions: Sequence[Submission], now: datetime, due: timedelta
) -> list[Stored | IdempotencyKeyReused]:
    """Store all of them, or none. No two may share a mark of `Submission.apart`.

    due: how long the submitter himself screens them, before the worker takes over.
    Raises NoCharity if the register does not know the charity of one of them, DatabaseUnavailable.
    """
    document = to_json([submission.columns for submission in submissions])
    charities = {submission.charity for submission in submissions}
    try:
        fresh = await queries.store(pool, document, charities, AID_REQUESTED, now, now + due)
    except asyncpg.ForeignKeyViolationError as error:
        if error.constraint_name not in _TO_CHARITY:
            raise
        raise NoCharity from error
    known = {} if len(fresh) == len(submissions) else await _known(pool, submissions, fresh)
    return [_outcome(submission, fresh, known) for submission in submissions]


async def _known(
    pool: Pool, submissions: Sequence[Submission], fresh: Container[UUID]
) -> dict[tuple[UUID, str], tuple[str, UUID]]:
    old = [each for each in submissions if each.columns["request_id"] not in fresh]
    async with transaction(pool, {each.charity for each in old}) as connection:
        return await queries.known_keys(connection, [(each.charity, each.key) for each in old])


def _outcome(
    submission: Submission, fresh: Mapping[UUID, Row], known: dict[tuple[UUID, str], tuple[str, UUID]]
) -> Stored | IdempotencyKeyReused:
    if row := fresh.get(submission.columns["request_id"]):
        return Stored(RequestId(row["id"]), row)
    fingerprint, request_id = known[submission.charity, submission.key]
    if fingerprint != submission.fingerprint:
        return IdempotencyKeyReused()
    return Stored(RequestId(request_id), None)
