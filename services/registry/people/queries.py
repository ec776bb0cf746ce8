"""Registrations, persons, links and households in the database. Runs as the screening role."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.registry.people.resolve import How, Join, Known, Match
from shared.db import Connection, Row
from shared.ids import RegistrationId, new_id
from shared.jsonb import to_json


@dataclass(frozen=True, slots=True)
class Made:
    """By what and when links are made."""

    model_version: str
    author: str
    at: datetime


_ARRANGING = 7_311_960_211  # any number of our own, for the lock of `households_around`
_KNOWN = """
    SELECT r.id, r.charity_id, r.person_id, r.household_id, r.household_ref, r.household_role, r.id_kind, r.id_token,
           r.version, l.how, coalesce(l.registration_version < r.version, false) AS changed_since_linked
    FROM registry.registration AS r
    LEFT JOIN registry.identity_link AS l ON l.registration_id = r.id AND l.ended_at IS NULL
"""


async def lock(connection: Connection, registrations: Collection[UUID]) -> None:
    """Lock them in the order of their ids, so that two screenings that meet wait, and never for each other."""
    await connection.execute(
        "SELECT FROM registry.registration WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE",
        list(registrations),
    )


async def known_with_siblings(connection: Connection, registrations: Collection[UUID]) -> dict[RegistrationId, Known]:
    """The registrations, with all others of their persons."""
    rows = await connection.fetch(
        _KNOWN + "WHERE r.person_id IN (SELECT person_id FROM registry.registration WHERE id = ANY($1::uuid[]))",
        list(registrations),
    )
    return {row["id"]: _known(row) for row in rows}


def _known(row: Row) -> Known:
    return Known(
        registration_id=row["id"], charity_id=row["charity_id"], person_id=row["person_id"],
        household_id=row["household_id"], household_ref=row["household_ref"], household_role=row["household_role"],
        id_kind=row["id_kind"], id_token=row["id_token"], version=row["version"],
        how=How(row["how"]) if row["how"] else None, changed_since_linked=row["changed_since_linked"],
    )  # fmt: skip


_LINK = """
WITH made AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS m(
        id uuid, registration_id uuid, registration_version int, person_id uuid, how text, rule text,
        by_registration uuid, probability float8, bits float8, evidence jsonb)
), homes AS (
    INSERT INTO registry.household (id, unit_id, created_at) SELECT h, h, $2 FROM unnest($5::uuid[]) AS h
    ON CONFLICT (id) DO NOTHING
), persons AS (
    INSERT INTO registry.person (id, created_at) SELECT DISTINCT person_id, $2 FROM made ORDER BY person_id
    ON CONFLICT (id) DO NOTHING
), moved AS (
    UPDATE registry.registration AS r SET person_id = made.person_id FROM made
    WHERE r.id = made.registration_id AND r.person_id <> made.person_id
)
INSERT INTO registry.identity_link (id, registration_id, registration_version, person_id, how, rule, by_registration,
                                    probability, bits, evidence, model_version, made_at, author)
SELECT id, registration_id, registration_version, person_id, how, rule, by_registration, probability, bits, evidence,
       $3, $2::timestamptz, $4
FROM made
"""


async def link(
    connection: Connection,
    joins: Sequence[tuple[Known, Join]],
    households: Collection[UUID],
    made: Made,
) -> None:
    """End the registrations' links, add the new ones, and move the registrations to their persons.

    households: those that must be there; the ones that are not are added, each a unit of its own.
    """
    linked_before = [mine.registration_id for mine, _ in joins if mine.how is not None]
    if linked_before:
        await connection.execute(
            "UPDATE registry.identity_link SET ended_at = $2 WHERE registration_id = ANY($1::uuid[])"
            " AND ended_at IS NULL",
            linked_before, made.at,
        )  # fmt: skip
    document = to_json([_link_row(mine, join) for mine, join in joins])
    await connection.execute(_LINK, document, made.at, made.model_version, made.author, sorted(households))


def _link_row(mine: Known, join: Join) -> dict[str, Any]:
    by = join.by
    return {
        "id": new_id(), "registration_id": mine.registration_id, "registration_version": mine.version,
        "person_id": join.person_id, "how": join.how, "rule": by.rule if by else "first_registration",
        "by_registration": by.registration_id if by else None, "probability": by.probability if by else None,
        "bits": by.bits if by else None, "evidence": by.evidence if by else [],
    }  # fmt: skip


async def note_doubts(
    connection: Connection, doubts: Sequence[tuple[RegistrationId, Match]], model_version: str, now: datetime
) -> None:
    """Keep possible matches for a person to decide; one that was decided `different` stays so."""
    if not doubts:
        return
    rows = {tuple(sorted((mine, match.registration_id))): match for mine, match in doubts}
    document = to_json([_doubt_row(low, high, match) for (low, high), match in sorted(rows.items())])
    await connection.execute(
        """
        INSERT INTO registry.possible_match (id, low_registration, high_registration, outcome, rule, probability, bits,
                                             evidence, model_version, found_at)
        SELECT m.*, $2, $3 FROM jsonb_to_recordset($1::jsonb) AS m(
            id uuid, low_registration uuid, high_registration uuid, outcome text, rule text, probability float8,
            bits float8, evidence jsonb)
        ON CONFLICT (low_registration, high_registration) DO UPDATE
        SET outcome = excluded.outcome, rule = excluded.rule, probability = excluded.probability,
            bits = excluded.bits, evidence = excluded.evidence, model_version = excluded.model_version,
            state = CASE WHEN possible_match.state = 'withdrawn' THEN 'open' ELSE possible_match.state END,
            closed_at = CASE WHEN possible_match.state = 'withdrawn' THEN NULL ELSE possible_match.closed_at END
        """,
        document, model_version, now,
    )  # fmt: skip


def _doubt_row(low: UUID, high: UUID, match: Match) -> dict[str, Any]:
    return {
        "id": new_id(), "low_registration": low, "high_registration": high, "outcome": match.outcome,
        "rule": match.rule, "probability": match.probability, "bits": match.bits, "evidence": match.evidence,
    }  # fmt: skip


async def confirm_links(connection: Connection, registrations: Collection[RegistrationId]) -> None:
    """The links of these stand for what is typed now."""
    if not registrations:
        return
    await connection.execute(
        "UPDATE registry.identity_link AS l SET registration_version = r.version FROM registry.registration AS r"
        " WHERE r.id = ANY($1::uuid[]) AND l.registration_id = r.id AND l.ended_at IS NULL",
        list(registrations),
    )


async def withdraw_doubts(connection: Connection, mine: UUID, standing: Collection[UUID], now: datetime) -> None:
    """Withdraw the open doubts about `mine` whose other side is not among `standing`: the evidence is gone."""
    await connection.execute(
        "UPDATE registry.possible_match SET state = 'withdrawn', closed_at = $3"
        " WHERE state = 'open' AND $1 IN (low_registration, high_registration)"
        " AND NOT (CASE WHEN low_registration = $1 THEN high_registration ELSE low_registration END"
        "          = ANY($2::uuid[]))",
        mine, list(standing), now,
    )  # fmt: skip


async def households_around(connection: Connection, households: Collection[UUID]) -> dict[UUID, UUID]:
    """All households of the units that these are in, each with its unit.

    Until the transaction ends nobody else arranges households: of two that do it at once, neither would see the
    other's. The lock is taken first, so that the look comes after whoever had it.
    """
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _ARRANGING)
    rows = await connection.fetch(
        "SELECT id, unit_id FROM registry.household WHERE unit_id IN"
        " (SELECT unit_id FROM registry.household WHERE id = ANY($1::uuid[]))",
        list(households),
    )
    return {row["id"]: row["unit_id"] for row in rows}


async def known_in(connection: Connection, households: Collection[UUID]) -> list[Known]:
    """The registrations that stand in the households."""
    rows = await connection.fetch(_KNOWN + "WHERE r.household_id = ANY($1::uuid[])", list(households))
    return [_known(row) for row in rows]


async def set_units(connection: Connection, units: Mapping[UUID, UUID]) -> None:
    if not units:
        return
    await connection.execute(
        "UPDATE registry.household AS h SET unit_id = u.unit FROM unnest($1::uuid[], $2::uuid[]) AS u(id, unit)"
        " WHERE h.id = u.id",
        list(units), list(units.values()),
    )  # fmt: skip


def typed(row: Mapping[str, Any], zone_path: Sequence[str]) -> dict[str, Any]:
    """A registration's row as the dedup service takes it."""
    return {
        "record_id": row["registration_id"], "charity_id": row["charity_id"], "full_name": row["name"],
        "full_name_latin": row["name_latin"], "id_token": row["id_token"], "id_near": row["id_near"] or [],
        "id_kind": row["id_kind"], "birth": row["birth_date"], "birth_precision": row["birth_precision"],
        "birth_calendar": row["birth_calendar"], "gender": row["gender"], "phones": row["phones"] or [],
        "zone_path": zone_path, "address_text": row["address_text"], "household_ref": row["household_ref"],
        "household_role": row["household_role"],
    }  # fmt: skip
