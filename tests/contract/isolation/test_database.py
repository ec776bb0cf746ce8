"""The database itself keeps charities apart, whatever the code above it does."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from services.registry.reference import load_reference
from shared.migrations import ROLES
from tests.databases import Database

A, B = "0199a000-0000-7000-8000-00000000000a", "0199a000-0000-7000-8000-00000000000b"
REFERENCE = {"zone", "charity", "aid_type", "aid_policy", "alembic_version"}
"""What the charity-bound role may read and belongs to nobody."""
_TABLES = """
    SELECT c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS secured,
           EXISTS (SELECT FROM pg_attribute AS a WHERE a.attrelid = c.oid AND a.attname = 'charity_id') AS owned,
           has_table_privilege('sijill_registry', c.oid, 'SELECT') AS reads,
           has_table_privilege('sijill_registry', c.oid, 'INSERT') AS inserts,
           has_table_privilege('sijill_registry', c.oid, 'UPDATE') AS updates,
           has_table_privilege('sijill_registry', c.oid, 'DELETE, TRUNCATE') AS deletes
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
      AND has_schema_privilege('sijill_registry', n.oid, 'USAGE')
"""
_STORED = """
WITH r AS (
    INSERT INTO registry.registration (id, charity_id, source_ref, person_id, household_id, name,
                                       created_at, updated_at)
    VALUES (uuidv7(), $1, 'R-1', uuidv7(), uuidv7(), 'اسم', now(), now()) RETURNING id, charity_id
), q AS (
    INSERT INTO registry.aid_request (id, charity_id, registration_id, aid_type, starts_on, ends_on,
                                      created_at, updated_at)
    SELECT uuidv7(), charity_id, id, 'FOOD_BASKET', '2026-12-01', '2026-12-31', now(), now() FROM r
    RETURNING id, charity_id
), k AS (
    INSERT INTO registry.idempotency_key (charity_id, key, fingerprint, request_id, created_at)
    SELECT charity_id, 'K-1', 'f', id, now() FROM q
), s AS (
    INSERT INTO registry.request_status (request_id, charity_id, status, author, reason, at)
    SELECT id, charity_id, 'pending', 'a', 'r', now() FROM q
), a AS (
    INSERT INTO registry.assistance (id, request_id, charity_id, delivered_on, recorded_at)
    SELECT uuidv7(), id, charity_id, '2026-12-01', now() FROM q
), h AS (
    INSERT INTO registry.registration_history (registration_id, version, charity_id, was, until)
    SELECT id, 1, charity_id, '{}', now() FROM r
)
SELECT q.id AS request, r.id AS registration FROM q, r
"""
_FOUND = """
WITH f AS (
    INSERT INTO registry.overlap_finding (id, request_id, earlier_id, rule, unit, certainty, evidence, policy_version,
                                          effect, found_at)
    VALUES (uuidv7(), $2, $3, 'same_type', 'person', 'confirmed', '{}', 1, 'hold', now()) RETURNING id
)
INSERT INTO registry.overlap_notice (finding_id, request_id, charity_id, aid_type, starts_on, ends_on, certainty, rule,
                                     own, reason_ar, reason_en, told_at)
SELECT id, $2, $1, 'FOOD_BASKET', '2026-12-01', '2026-12-31', 'confirmed', 'same_type', false, 'س', 'r', now() FROM f
"""
Act = Callable[[asyncpg.Connection], Awaitable[Any]]


@pytest.fixture(scope="module")
def filled(database: Database) -> Database:
    """A row of each charity in every table that charities own."""
    asyncio.run(fill(database))
    return database


async def fill(database: Database) -> None:
    await load_reference(database.admin_url)
    connection = await asyncpg.connect(database.admin_url)
    try:
        for number, charity in enumerate((A, B)):
            await connection.execute("INSERT INTO registry.charity (id, licence_number, name_ar, zones, created_at)"
                                     " VALUES ($1, $2, 'جمعية', '{}', now())", charity, str(number))  # fmt: skip
        stored = {charity: await connection.fetchrow(_STORED, charity) for charity in (A, B)}
        for charity, other in ((A, B), (B, A)):
            await connection.execute("UPDATE registry.overlap_finding SET state = 'closed'")
            await connection.execute(_FOUND, charity, stored[charity]["request"], stored[other]["request"])
    finally:
        await connection.close()


@asynccontextmanager
async def as_registry(database: Database, charity: str | None) -> AsyncIterator[asyncpg.Connection]:
    """The charity-bound role in a transaction of that charity, taken back at the end."""
    connection = await asyncpg.connect(database.url("registry"))
    try:
        transaction = connection.transaction()
        await transaction.start()
        if charity is not None:
            await connection.execute(f"SET LOCAL sijill.charities = '{charity}'")
        yield connection
        await transaction.rollback()
    finally:
        await connection.close()


async def tables(database: Database) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(database.admin_url)
    try:
        return list(await connection.fetch(_TABLES))
    finally:
        await connection.close()


async def test_what_the_role_may_read_is_secured_row_by_row_or_belongs_to_nobody(filled: Database) -> None:
    found = await tables(filled)

    assert {
        table["name"] for table in found if table["reads"] and not (table["owned"] and table["secured"])
    } == REFERENCE
    assert [table["name"] for table in found if table["deletes"]] == []
    assert len([table for table in found if table["reads"] and table["owned"]]) >= 7


async def test_a_charity_sees_its_own_rows_in_every_table_and_no_others(filled: Database) -> None:
    for table in await tables(filled):
        if table["owned"] and table["reads"]:
            async with as_registry(filled, B) as connection:
                rows = await connection.fetch(f"SELECT DISTINCT charity_id::text FROM registry.{table['name']}")
                assert [row["charity_id"] for row in rows] == [B], table["name"]


@pytest.mark.parametrize("setting", [None, "", "0199a000-0000-7000-8000-00000000000c"])
async def test_bound_to_no_charity_it_sees_no_rows_at_all(filled: Database, setting: str | None) -> None:
    for table in await tables(filled):
        if table["owned"] and table["reads"]:
            async with as_registry(filled, setting) as connection:
                assert await connection.fetchval(f"SELECT count(*) FROM registry.{table['name']}") == 0, table["name"]


async def test_a_row_for_another_charity_is_refused_before_it_is_compared_with_what_is_there(filled: Database) -> None:
    """The same refusal whether such a row exists or not: a unique constraint is looked at later."""
    admin = await asyncpg.connect(filled.admin_url)
    try:
        for table in await tables(filled):
            if not (table["owned"] and table["reads"] and table["inserts"]):
                continue
            columns = await insertable(admin, table["name"])
            row = await admin.fetchval(
                f"SELECT to_jsonb(t)::text FROM registry.{table['name']} AS t WHERE charity_id = $1 LIMIT 1", A
            )
            async with as_registry(filled, B) as connection:
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                    await connection.execute(
                        f"INSERT INTO registry.{table['name']} ({columns}) SELECT {columns}"
                        f" FROM jsonb_populate_record(NULL::registry.{table['name']}, $1::jsonb)", row,
                    )  # fmt: skip
    finally:
        await admin.close()


async def insertable(admin: asyncpg.Connection, table: str) -> str:
    return str(await admin.fetchval(
        "SELECT string_agg(column_name, ', ') FROM information_schema.columns"
        " WHERE table_schema = 'registry' AND table_name = $1 AND is_identity = 'NO'", table,
    ))  # fmt: skip


async def test_another_charitys_rows_cannot_be_changed_nor_own_rows_given_to_it(filled: Database) -> None:
    for table in await tables(filled):
        if not (table["owned"] and table["updates"]):
            continue
        name = table["name"]
        async with as_registry(filled, B) as connection:
            assert (
                await connection.execute(f"UPDATE registry.{name} SET charity_id = charity_id WHERE charity_id = $1", A)
                == "UPDATE 0"
            )
            assert await connection.execute(f"UPDATE registry.{name} SET charity_id = charity_id") == "UPDATE 1"
        async with as_registry(filled, B) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
                await connection.execute(f"UPDATE registry.{name} SET charity_id = $1", A)


@pytest.mark.parametrize("role", ROLES)
async def test_no_role_can_take_anothers_place(filled: Database, role: str) -> None:
    connection = await asyncpg.connect(filled.url(role.removeprefix("sijill_")))
    try:
        for other in {*ROLES, "sijill"} - {role}:
            for statement in (f"SET ROLE {other}", f"SET SESSION AUTHORIZATION {other}"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(statement)
    finally:
        await connection.close()


async def test_row_security_turned_off_by_the_role_shows_an_error_and_no_rows(filled: Database) -> None:
    async with as_registry(filled, B) as connection:
        await connection.execute("SET LOCAL row_security = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM registry.registration")


async def test_the_roles_have_no_power_beyond_their_grants(filled: Database) -> None:
    connection = await asyncpg.connect(filled.admin_url)
    try:
        rows = await connection.fetch(
            "SELECT r.rolname,"
            " r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication AS power,"
            " EXISTS (SELECT FROM pg_auth_members AS m WHERE m.member = r.oid) AS belongs,"
            " EXISTS (SELECT FROM pg_class AS c WHERE c.relowner = r.oid) AS owns"
            " FROM pg_roles AS r WHERE r.rolname = ANY($1::text[])",
            list(ROLES),
        )
    finally:
        await connection.close()
    assert len(rows) == len(ROLES)
    assert [row["rolname"] for row in rows if row["power"] or row["belongs"] or row["owns"]] == []
