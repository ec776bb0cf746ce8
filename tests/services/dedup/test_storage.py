"""What the database itself guarantees about the linker's tables."""

import asyncpg
import pytest

from services.dedup import tables
from shared import migrations
from tests.databases import Database

TABLES = ("record", "blocking_key", "retired", "value_count", "counting", "generation", "answer", "proposal",
          "relink_run")  # fmt: skip


async def test_migrations_and_tables_agree(database: Database) -> None:
    assert await migrations.differences("dedup", database.admin_url, tables.metadata) == []


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["registry", "identity"])
async def test_no_other_service_reads_a_table(database: Database, role: str, table: str) -> None:
    connection = await asyncpg.connect(database.url(role))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f"SELECT * FROM dedup.{table}")
    finally:
        await connection.close()


@pytest.mark.parametrize("table", TABLES)
async def test_a_role_that_is_granted_a_table_by_mistake_still_reads_no_row(
    admin: asyncpg.Connection, table: str
) -> None:
    await admin.execute("INSERT INTO dedup.retired (features, stored_at) VALUES ('x', now())")
    async with admin.transaction():
        await admin.execute("GRANT USAGE ON SCHEMA dedup TO sijill_registry")
        await admin.execute(f"GRANT SELECT ON dedup.{table} TO sijill_registry")
        await admin.execute("SET LOCAL ROLE sijill_registry")
        seen = await admin.fetchval(f"SELECT count(*) FROM dedup.{table}")
        await admin.execute("RESET ROLE")
        await admin.execute(f"REVOKE SELECT ON dedup.{table} FROM sijill_registry")
        await admin.execute("REVOKE USAGE ON SCHEMA dedup FROM sijill_registry")

    assert seen == 0


async def test_row_security_is_forced_on_every_table(admin: asyncpg.Connection) -> None:
    rows = await admin.fetch(
        "SELECT relname, relrowsecurity AND relforcerowsecurity AS forced FROM pg_class"
        " WHERE relnamespace = 'dedup'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'"
    )

    assert {row["relname"]: row["forced"] for row in rows} == dict.fromkeys(TABLES, True)


async def test_the_linker_may_not_change_its_own_tables(database: Database) -> None:
    connection = await asyncpg.connect(database.url("dedup"))
    try:
        for statement in ("ALTER TABLE dedup.record DISABLE ROW LEVEL SECURITY", "TRUNCATE dedup.record"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()
