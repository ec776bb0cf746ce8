"""Migrations and tables in code agree, for every service, and the roles that run services own nothing."""

from importlib import import_module

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, MetaData, Table, Text

from shared import migrations, revisions
from tests.databases import Database

each_service = pytest.mark.parametrize("service", revisions.SERVICES)


@each_service
async def test_migrations_and_tables_agree(service: str, database: Database) -> None:
    tables = import_module(f"services.{service}.tables").metadata

    assert await migrations.differences(service, database.admin_url, tables) == []


async def test_a_table_that_no_migration_made_is_noticed(database: Database) -> None:
    forgotten = MetaData(schema="identity")
    Table("forgotten", forgotten, Column("name", Text))

    found = await migrations.differences("identity", database.admin_url, forgotten)

    assert "add_table" in {difference[0] for difference in found if isinstance(difference, tuple)}


@each_service
async def test_a_migrated_database_is_at_the_head_that_the_service_can_see(service: str, database: Database) -> None:
    connection = await asyncpg.connect(database.url(service))
    try:
        assert await revisions.current(service, connection) == revisions.head(service) is not None
    finally:
        await connection.close()


@each_service
async def test_migrating_again_changes_nothing(service: str, database: Database) -> None:
    await migrations.migrate(service, database.admin_url)

    connection = await asyncpg.connect(database.admin_url)
    try:
        assert await revisions.current(service, connection) == revisions.head(service)
    finally:
        await connection.close()


async def test_an_empty_database_is_before_the_first_revision(database: Database) -> None:
    connection = await asyncpg.connect(database.server.admin_url)
    try:
        assert await revisions.current("identity", connection) is None
    finally:
        await connection.close()


async def test_runtime_roles_own_nothing_and_bypass_nothing(database: Database) -> None:
    connection = await asyncpg.connect(database.admin_url)
    try:
        mighty = await connection.fetch(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)"
            " AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication)",
            list(migrations.ROLES),
        )
        owned = await connection.fetch(
            "SELECT c.relname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner WHERE r.rolname = ANY ($1)",
            list(migrations.ROLES),
        )
        assert (mighty, owned) == ([], [])
    finally:
        await connection.close()


@each_service
async def test_every_table_of_a_charitys_data_has_forced_row_security(service: str, database: Database) -> None:
    """Whatever table has a column charity_id or client_id holds a charity's data."""
    connection = await asyncpg.connect(database.admin_url)
    try:
        unguarded = await connection.fetch(
            "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = $1::text::regnamespace AND c.relkind IN ('r', 'p')"
            " AND a.attname IN ('charity_id', 'client_id') AND NOT a.attisdropped"
            " AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
            service,
        )
        assert unguarded == []
    finally:
        await connection.close()


@each_service
def test_the_newest_revision_by_file_name_is_alembics_own(service: str) -> None:
    script = ScriptDirectory.from_config(migrations.chain(service))
    assert revisions.head(service) == script.get_current_head()
