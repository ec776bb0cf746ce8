"""Makers of rows with harmless defaults, put in as the superuser: each returns the new row's id."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import asyncpg
import orjson

from shared.ids import new_id

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)
FIRST, LAST = date(2026, 10, 1), date(2026, 10, 31)
ZONE = "SA-02-02"
FOOD = "FOOD_BASKET"


async def put(connection: asyncpg.Connection, table: str, **columns: object) -> None:
    names = ", ".join(columns)
    places = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    await connection.execute(f"INSERT INTO registry.{table} ({names}) VALUES ({places})", *columns.values())


async def charity(
    connection: asyncpg.Connection, name: str = "جمعية البر (تجريبية)", *, zones: tuple[str, ...] = ("SA",)
) -> UUID:
    charity_id = new_id()
    await put(
        connection, "charity", id=charity_id, licence_number=str(charity_id.int % 10**12), name_ar=name,
        name_en=f"Sample {charity_id.hex[-4:]}", zones=list(zones), created_at=NOON,
    )  # fmt: skip
    return charity_id


async def household(connection: asyncpg.Connection, *, unit: UUID | None = None) -> UUID:
    """A household of its own, or one that is part of `unit`."""
    household_id = new_id()
    await put(connection, "household", id=household_id, unit_id=unit or household_id, created_at=NOON)
    return household_id


async def registration(
    connection: asyncpg.Connection, charity_id: UUID, *, person: UUID | None = None, household: UUID | None = None,
    zone: str | None = ZONE,
) -> UUID:  # fmt: skip
    """Of a person and household of its own, unless given."""
    registration_id = new_id()
    await put(
        connection, "registration", id=registration_id, charity_id=charity_id,
        source_ref=f"A-{registration_id.hex[-8:]}",
        person_id=person or new_id(), household_id=household or new_id(), name="سالم علي (تجريبي)", zone_code=zone,
        created_at=NOON, updated_at=NOON,
    )  # fmt: skip
    return registration_id


async def request(
    connection: asyncpg.Connection, charity_id: UUID, registration_id: UUID, *, aid_type: str = FOOD,
    first: date = FIRST, last: date = LAST, zone: str | None = ZONE, status: str = "cleared",
    amount: Decimal | None = None, currency: str | None = None,
) -> UUID:  # fmt: skip
    request_id = new_id()
    await put(
        connection, "aid_request", id=request_id, charity_id=charity_id, registration_id=registration_id,
        aid_type=aid_type, starts_on=first, ends_on=last, amount=amount, currency=currency, zone_code=zone,
        status=status, created_at=NOON, updated_at=NOON, screened_at=NOON,
    )  # fmt: skip
    return request_id


FIELDS = [{"field": "given", "level": "exact", "bits": 4.25}, {"field": "birth", "level": "year", "bits": -0.5}]


async def finding(
    connection: asyncpg.Connection, later: UUID, earlier: UUID, *, certainty: str = "confirmed", state: str = "open",
    rule: str = "same_type", model: str | None = "2026-11-a",
) -> UUID:  # fmt: skip
    """`later` is the flagged request."""
    finding_id = new_id()
    support = {"how": "probabilistic", "rule": "threshold", "probability": 0.97, "bits": 21.5, "fields": FIELDS,
               "model_version": model}  # fmt: skip
    evidence = {"tie": "person", "registrations": [str(new_id()), str(new_id())], "support": [support]}
    await put(
        connection, "overlap_finding", id=finding_id, request_id=later, earlier_id=earlier, rule=rule, unit="person",
        certainty=certainty, probability=None if certainty == "confirmed" else 0.91, common_from=FIRST,
        common_to=LAST, evidence=orjson.dumps(evidence).decode(), model_version=model, policy_version=1,
        effect="hold", found_at=NOON, state=state,
    )  # fmt: skip
    return finding_id
