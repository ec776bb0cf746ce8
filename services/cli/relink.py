"""`sijill relink`: the register looked at once more, or its index rebuilt beside the running one."""

import asyncio
from pathlib import Path

from rich.console import Console

from services.cli.up import keys, plan
from services.cli.up.database import opened
from services.dedup import rebuild
from services.dedup.relink import RelinkRuns, relink
from services.dedup.settings import DedupSettings
from services.dedup.shares import model_in_force, read_weights
from shared import db
from shared.db import DatabaseUnavailable, Pool
from shared.postgres import PostgresUnavailable

_VARIABLE = "SIJILL_DEDUP_DATABASE_URL"


def run(data_dir: Path, everything: bool, anew: bool, console: Console) -> int:
    """Gives the exit status. anew: rebuild the index in place of relinking.

    Works on the database of SIJILL_DEDUP_DATABASE_URL, else on that of the house on `data_dir`.
    """
    try:
        asyncio.run(_run(data_dir, everything, anew, console))
    except (PostgresUnavailable, keys.KeysUnreadable, RelinkRuns, rebuild.RebuildRuns, ValueError) as error:
        console.print(str(error), style="red", soft_wrap=True)
    except DatabaseUnavailable:
        console.print("the database does not answer, or lacks tables: is it migrated (`sijill migrate`)?", style="red")
    else:
        return 0
    return 1


async def _run(data_dir: Path, everything: bool, anew: bool, console: Console) -> None:
    if _VARIABLE not in plan.missing_role_urls():
        await _on(DedupSettings(), everything, anew, console)
        return
    if not data_dir.exists():  # noqa: ASYNC240 - once, before anything waits
        raise ValueError(f"there is no house in {data_dir}: give its --data-dir, or set {_VARIABLE}")
    async with opened(data_dir, stop=False) as admin_url:
        url = plan.role_urls(admin_url, keys.load_or_make(data_dir))["sijill_dedup"]
        await _on(DedupSettings(dedup_database_url=url), everything, anew, console)


async def _on(settings: DedupSettings, everything: bool, anew: bool, console: Console) -> None:
    url = settings.dedup_database_url.get_secret_value()
    async with await db.open_pool(url, size=2, application="sijill-relink") as pool:
        if anew:
            await _rebuild(pool, console)
            return
        weights = await read_weights(pool, model_in_force(settings))
        done = await relink(pool, weights, everything=everything)
    console.print(
        f"{done.records:,} records looked at; {done.proposed:,} proposals made or changed, "
        f"{done.withdrawn:,} withdrawn",
        soft_wrap=True, highlight=False,
    )  # fmt: skip


async def _rebuild(pool: Pool, console: Console) -> None:
    def told(filled: int) -> None:
        if filled % 50_000 < rebuild.PAGE:
            console.print(f"{filled:,} records", highlight=False)

    filled = await rebuild.rebuild(pool, told)
    console.print(f"the index is rebuilt: {filled:,} records filled in", highlight=False)
