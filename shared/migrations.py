"""Alembic, one chain a service: `services/<service>/migrations`, versions in the service's own schema."""

import asyncio
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from shared.revisions import SERVICES

ROLES = ("sijill_identity", "sijill_dedup", "sijill_registry", "sijill_screening", "sijill_oversight")
"""The login roles that the migrations grant to; they must exist first, see `ensure_roles`."""
_LOCK = 7_311_960_210  # any number of our own: two processes never migrate at once


def chain(service: str) -> Config:
    """The Alembic configuration of `service`'s chain."""
    package = import_module(f"services.{service}.migrations")
    config = Config()
    config.set_main_option("script_location", str(Path(str(package.__file__)).parent))
    config.attributes["service"] = service
    return config


async def migrate(service: str, admin_url: str) -> None:
    """Bring `service`'s schema to the newest revision. Safe to call from several processes at once."""
    engine = _engine(admin_url)
    config = chain(service)

    def upgrade(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async with engine.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {service}"))
        await connection.execute(text("SET LOCAL lock_timeout = '4s'"))
        await connection.run_sync(upgrade)
    await engine.dispose()


def run_chain(metadata: MetaData) -> None:
    """What each chain's env.py calls: run the revisions on the connection that `migrate` opened."""
    schema = metadata.schema
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=metadata,
        version_table_schema=schema,
        include_schemas=True,
        include_name=lambda name, kind, _: kind != "schema" or name == schema,
    )
    context.run_migrations()


async def differences(service: str, admin_url: str, metadata: MetaData) -> list[object]:
    """Where the migrated schema and the tables in code differ; empty when they agree."""
    from alembic.autogenerate import compare_metadata

    engine = _engine(admin_url)

    def compare(connection: Connection) -> list[object]:
        found = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "compare_type": True,
                "include_name": lambda name, kind, _: kind != "schema" or name == service,
                "include_object": lambda _o, name, *_: name != "alembic_version",
            },
        )
        return list(compare_metadata(found, metadata))

    async with engine.connect() as connection:
        result = await connection.run_sync(compare)
    await engine.dispose()
    return result


async def ensure_roles(admin_url: str, role_urls: dict[str, str]) -> None:
    """Create or update the login roles that `role_urls` (role -> its URL) name, with the URLs' passwords.

    The roles own nothing and bypass nothing; what each may touch is granted by the migrations.
    """
    connection = await asyncpg.connect(admin_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
            for role, url in role_urls.items():
                await _ensure_role(connection, role, unquote(urlsplit(url).password or ""))
    finally:
        await connection.close()


async def _ensure_role(connection: asyncpg.Connection, role: str, password: str) -> None:
    exists = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    statement = await connection.fetchval(
        "SELECT format('%s ROLE %I LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD %L',"
        " $1::text, $2::text, $3::text)",
        verb, role, password,
    )  # fmt: skip
    await connection.execute(statement)


def _engine(admin_url: str) -> AsyncEngine:
    """Connects by asyncpg itself, which knows libpq's parameters (sslmode, …) in a URL."""

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(admin_url)

    return create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=pool.NullPool)


def migrate_all(admin_url: str, role_urls: dict[str, str]) -> None:
    """Roles first, then every service's chain, in the order of SERVICES."""

    async def run() -> None:
        await ensure_roles(admin_url, role_urls)
        for service in SERVICES:
            await migrate(service, admin_url)

    asyncio.run(run())
