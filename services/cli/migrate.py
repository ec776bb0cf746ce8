"""`sijill migrate`: roles and schemas brought to this version."""

import asyncio
from pathlib import Path

import asyncpg
from rich.console import Console

from services.cli.settings import CommandSettings
from services.cli.up import keys, plan
from services.cli.up.database import opened, prepare
from shared import revisions
from shared.db import LOST
from shared.postgres import PostgresUnavailable


def migrate(data_dir: Path, console: Console) -> int:
    """Gives the exit status. An embedded PostgreSQL that did not run is stopped again.

    Where SIJILL_DATABASE_URL and every role's URL are set, nothing is written to `data_dir`.
    """
    try:
        asyncio.run(_migrate(data_dir, _own_keys(data_dir), console))
    except (PostgresUnavailable, keys.KeysUnreadable) as error:
        console.print(str(error), style="red", soft_wrap=True)
    except (TimeoutError, *LOST, asyncpg.PostgresError) as error:
        console.print(f"the database does not answer, or refuses: {type(error).__name__}", style="red")
    else:
        return 0
    return 1


def _own_keys(data_dir: Path) -> keys.Keys:
    """The house's own, or none where the environment names every role's login."""
    if CommandSettings().database_url is not None and not plan.missing_role_urls():
        return keys.Keys()
    data_dir.mkdir(parents=True, exist_ok=True)
    return keys.load_or_make(data_dir)


async def _migrate(data_dir: Path, own: keys.Keys, console: Console) -> None:
    async with opened(data_dir, stop=False) as admin_url:
        await prepare(admin_url, plan.role_urls(admin_url, own))
        for service in revisions.SERVICES:
            console.print(f"{service}: {revisions.head(service)}")
