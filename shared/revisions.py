"""Which revision the code has and which the database is at, without loading Alembic: services ask at every start."""

from importlib import import_module
from pathlib import Path

import asyncpg

SERVICES = ("identity", "dedup", "registry")


def head(service: str) -> str:
    """The newest revision that the code of `service` has: its files are named `<revision>_<what>.py`."""
    package = import_module(f"services.{service}.migrations")
    versions = Path(str(package.__file__)).parent / "versions"
    return max(file.name.partition("_")[0] for file in versions.glob("[0-9]*_*.py"))


async def current(service: str, database: asyncpg.Pool | asyncpg.Connection) -> str | None:
    """The revision that the database is at, or None before the first."""
    try:
        found: str | None = await database.fetchval(f"SELECT version_num FROM {service}.alembic_version")  # noqa: S608
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return None
    return found
