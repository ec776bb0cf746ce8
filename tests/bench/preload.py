"""Hundreds of thousands of registrations into a house, quickly, as if it had screened them all.

Each is a simulated registration (`sijill`'s own simulator) that goes through the services' own code: the form, the
sealing and tokens of the national ID, `normalise`, `blocking_keys`, `Record.dump`, the counting of values. Only the way
into the tables is another: COPY in place of the statements, and who is one person is taken from the simulation
instead of being found out. Each registration has one cleared request. The linker's large index is made anew after the
load; then everything is vacuumed and analysed, as autovacuum would have done by then.
"""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from multiprocessing import get_context
from os import cpu_count
from typing import Any
from uuid import UUID

import asyncpg

from services.cli.simulate import BY_KEY, labelled_registrations
from services.dedup.engine.normalise import normalise
from services.dedup.index import Entry, placed
from services.dedup.queries import counting, generation
from services.dedup.schemas import RecordForm
from services.dedup.shares import count
from services.registry.aid.catalogue import load_catalogue
from services.registry.aid.schemas import AidRequestForm
from services.registry.aid.submit import Intake
from services.registry.people.queries import typed
from services.registry.zones.queries import load_tree
from shared.auth import Caller
from shared.ids import CharityId, new_id
from shared.vault import Vault
from tests.bench.applications import has_a_valid_id, renamed

CHUNK = 10_000
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
KEYS_AWAY = "ALTER TABLE dedup.blocking_key DROP CONSTRAINT blocking_key_pkey"
KEYS_BACK = "ALTER TABLE dedup.blocking_key ADD PRIMARY KEY (hash, record_id)"
_REGISTRATION = (
    "id", "charity_id", "source_ref", "person_id", "household_id", "name", "name_latin", "id_kind", "id_sealed",
    "id_token", "id_near", "birth_date", "birth_typed", "birth_calendar", "birth_precision", "gender", "phones",
    "address_text", "zone_code", "household_ref", "household_role", "household_size", "created_at", "updated_at",
)  # fmt: skip
_REQUEST = (
    "id", "charity_id", "registration_id", "aid_type", "starts_on", "ends_on", "amount", "currency", "note",
    "zone_code", "status", "created_at", "updated_at", "screened_at",
)  # fmt: skip
_LINK = (
    "id",
    "registration_id",
    "registration_version",
    "person_id",
    "how",
    "rule",
    "probability",
    "made_at",
    "author",
)
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Target:
    """Where the registrations go. charities: key in the simulation -> id in the register."""

    admin_url: str
    national_id_key: str
    charities: dict[str, str]


async def preload(target: Target, registrations: int, seed: int) -> None:
    """Load so many; nobody else may write meanwhile, and the linker's counting worker must be away."""
    connection = await asyncpg.connect(target.admin_url)
    await connection.execute(KEYS_AWAY)
    chunks = [(target, seed * 1_000 + part, CHUNK) for part in range(registrations // CHUNK)]
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as processes:
        loop = asyncio.get_running_loop()
        await asyncio.gather(*(loop.run_in_executor(processes, _load, *chunk) for chunk in chunks))
    await connection.execute("SET maintenance_work_mem = '1GB'")
    await connection.execute(KEYS_BACK)
    counted = await counting.lock_counting(connection)
    await counting.set_counted(connection, counted, len(chunks) * CHUNK)
    await connection.execute("VACUUM (ANALYZE)")
    await connection.execute("CHECKPOINT")
    await connection.close()


def _load(target: Target, seed: int, n: int) -> None:
    asyncio.run(_load_chunk(target, seed, n))


async def _load_chunk(target: Target, seed: int, n: int) -> None:
    connection = await asyncpg.connect(target.admin_url)
    zones, catalogue = await load_tree(connection), await load_catalogue(connection)
    intake = Intake(Vault(target.national_id_key), zones, catalogue)
    columns = [*_columns(intake, target.charities, seed, n)]
    entries = [
        Entry(normalise(RecordForm.model_validate(typed(row, zones.path(row["zone_code"]))).typed())) for row in columns
    ]
    async with connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")  # no look-up for each foreign key
        await _copy_registry(connection, columns)
        await copy_index(connection, entries)
        await counting.add_counts(
            connection, sorted((kind, value, k) for (kind, value), k in count(e.record for e in entries).items())
        )
    await connection.close()


def _columns(intake: Intake, charities: dict[str, str], seed: int, n: int) -> Iterator[dict[str, Any]]:
    """What `Intake` makes of each form, with the person that the simulation says."""
    people: dict[int, UUID] = {}
    for number, each in enumerate(labelled_registrations(n, seed)):
        if not has_a_valid_id(each.applicant):
            continue
        gives = BY_KEY[each.charity].gives
        start = date(2026, 9, 1) + timedelta(days=number % 60)
        form = AidRequestForm.model_validate(renamed({
            "applicant": each.applicant, "aid_type": gives[number % len(gives)],
            "period": {"start": start.isoformat(), "end": (start + timedelta(days=29)).isoformat()},
            "amount": {"value": "350.00", "currency": "SAR"},
        }, f"p{seed}-"))  # fmt: skip
        charity = CharityId(UUID(charities[each.charity]))
        caller = Caller("preload", "preload", frozenset(), frozenset(), charity, ())
        columns = intake.admit(form, caller, charity, f"preload {number}", "preload").columns
        columns["known"] = each.truth_person in people
        columns["person_id"] = people.setdefault(each.truth_person, columns["person_id"])
        yield columns


async def _copy_registry(connection: asyncpg.Connection, columns: list[dict[str, Any]]) -> None:
    households = {row["household_id"] for row in columns}
    await _copy(connection, "household", ("id", "unit_id", "created_at"), [(h, h, LONG_AGO) for h in households])
    people = {row["person_id"] for row in columns}
    await _copy(connection, "person", ("id", "created_at"), [(person, LONG_AGO) for person in people])
    await _copy(connection, "registration", _REGISTRATION, [_registration(row) for row in columns])
    await _copy(connection, "aid_request", _REQUEST, [_request(row) for row in columns])
    await _copy(connection, "identity_link", _LINK, [_link(row) for row in columns])


def _registration(row: dict[str, Any]) -> tuple[Any, ...]:
    stored = row | {
        "id": row["registration_id"], "id_sealed": bytes.fromhex(row["id_sealed"]) if row["id_sealed"] else None,
        "id_near": row["id_near"] or [], "phones": row["phones"] or [], "created_at": LONG_AGO, "updated_at": LONG_AGO,
    }  # fmt: skip
    return tuple(stored[name] for name in _REGISTRATION)


def _request(row: dict[str, Any]) -> tuple[Any, ...]:
    stored = row | {
        "id": row["request_id"], "amount": Decimal(row["amount"]), "status": "cleared", "created_at": LONG_AGO,
        "updated_at": LONG_AGO, "screened_at": LONG_AGO,
    }  # fmt: skip
    return tuple(stored[name] for name in _REQUEST)


def _link(row: dict[str, Any]) -> tuple[Any, ...]:
    how = ("probabilistic", "probability", 0.99) if row["known"] else ("first", "none", None)
    return (new_id(), row["registration_id"], 1, row["person_id"], *how, LONG_AGO, "linkage")


async def copy_index(connection: asyncpg.Connection, entries: list[Entry]) -> None:
    """A record's time is long ago: its values are counted here, so that the worker has nothing to catch up on."""
    number = (await generation.read(connection))["number"]
    keys = {e.record.record_id: [placed(number, key) for key in e.keys] for e in entries}
    records = [
        (e.record.record_id, e.record.charity_id, e.record.dump(), keys[e.record.record_id], LONG_AGO) for e in entries
    ]
    names = ("record_id", "charity_id", "features", "keys", "updated_at")
    await _copy(connection, "record", names, records, schema="dedup")
    held = [(key, record_id) for record_id, of_one in keys.items() for key in of_one]
    await _copy(connection, "blocking_key", ("hash", "record_id"), held, schema="dedup")


async def _copy(
    connection: asyncpg.Connection, table: str, columns: Iterable[str], rows: Rows, schema: str = "registry"
) -> None:
    await connection.copy_records_to_table(table, schema_name=schema, columns=columns, records=rows)
