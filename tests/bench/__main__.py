"""Speed as ratios, measured in one run against a house of its own:  python -m tests.bench [--large] [--json FILE]

The linker alone, against an index of so many records:  python -m tests.bench --linkage-online --records 10000 1000000

First batches fill the register to 10,000 registrations by the real path; then `preload` brings it to 100,000 and,
with --large, to a million. At each size the ceilings and the submissions take turns.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import orjson
import uvloop
from rich.console import Console

from services.cli.client import connections
from services.cli.up import ports
from services.cli.up.house import House
from services.registry.aid.catalogue import load_catalogue
from services.registry.aid.submit import Intake
from services.registry.zones.queries import load_tree
from shared import postgres
from shared.vault import Vault
from tests.bench import bare, online, report
from tests.bench.callers import onboard
from tests.bench.measure import Bench, Effort, Stage, at_this_size, by_batches
from tests.bench.preload import CHUNK, Target, preload

FIRST, SECOND, LARGE = 10_000, 100_000, 1_000_000


async def main(told: argparse.Namespace, data_dir: Path, console: Console) -> None:
    async with opened(data_dir, Effort(rounds=told.rounds)) as bench:
        console.print(f"batches of {FIRST:,} requests")
        batches = await by_batches(bench, FIRST)
        stages: list[Stage] = []
        for size in [size for size in (FIRST, SECOND, LARGE) if size <= told.up_to]:
            await _fill(bench, size, console)
            console.print(f"measuring at {size:,} registrations")
            stages.append(await at_this_size(bench))
        where = await report.machine(bench.house.admin_url)
    report.show(where, stages, batches, console)
    if told.json:
        told.json.write_bytes(orjson.dumps(report.as_json(where, stages, batches), option=orjson.OPT_INDENT_2))


async def linkage_online(told: argparse.Namespace, data_dir: Path, console: Console) -> None:
    levels = [level async for level in online.run(data_dir, told.records, online.Work(rounds=told.rounds))]
    console.print(online.table(levels))
    if told.json:
        told.json.write_bytes(orjson.dumps(online.as_json(levels), option=orjson.OPT_INDENT_2))


@asynccontextmanager
async def opened(data_dir: Path, effort: Effort) -> AsyncIterator[Bench]:
    """A house with its charities, and the bare endpoint beside it on the same PostgreSQL."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(House(data_dir, free_ports=True))
        http = await stack.enter_async_context(connections())
        callers = await onboard(house, http)
        database = await _bare_database(house.admin_url)
        url = await stack.enter_async_context(_bare_endpoint(database))
        connection = await asyncpg.connect(house.admin_url)
        zones, catalogue = await load_tree(connection), await load_catalogue(connection)
        await connection.close()
        intake = Intake(Vault(house.keys.national_id_key), zones, catalogue)
        yield Bench(house, callers, intake, zones, url, database, effort)


async def _bare_database(admin_url: str) -> str:
    connection = await asyncpg.connect(admin_url)
    await connection.execute("CREATE DATABASE bare")
    await connection.close()
    url = urlunsplit(urlsplit(admin_url)._replace(path="/bare"))
    connection = await asyncpg.connect(url)
    await connection.execute(bare.TABLE)
    await connection.close()
    return url


@asynccontextmanager
async def _bare_endpoint(database: str) -> AsyncIterator[str]:
    port = ports.free("127.0.0.1")
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bench.bare", str(port), database)
    try:
        while not await _listens(port):
            await asyncio.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionRefusedError:
        return False
    writer.close()
    return True


async def _fill(bench: Bench, size: int, console: Console) -> None:
    """Bring the register to about `size` registrations, the linker's services anew on what is there then."""
    connection = await asyncpg.connect(bench.house.admin_url)
    missing = size - await connection.fetchval("SELECT count(*) FROM dedup.record")
    await connection.close()
    if missing >= CHUNK:
        console.print(f"loading {missing:,} registrations")
        target = Target(bench.house.admin_url, bench.house.keys.national_id_key, bench.callers.ids)
        await bench.house.kill("dedup-worker")
        await preload(target, missing, seed=size)
        await bench.house.restart("dedup")
        await bench.house.restart("dedup-worker")


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--large", dest="up_to", action="store_const", const=LARGE, default=SECOND,
                        help="up to a million registrations")  # fmt: skip
    parser.add_argument("--small", dest="up_to", action="store_const", const=FIRST, help="10,000 registrations only")
    parser.add_argument("--linkage-online", action="store_true", help="the linker alone, at the sizes of --records")
    parser.add_argument("--records", type=int, nargs="+", default=[FIRST, SECOND], help="sizes of the linker's index")
    parser.add_argument("--rounds", type=int, default=5, help="how often both sides take turns (default 5)")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    parser.add_argument("--data-dir", type=Path, help="where the house stands; by default a directory made for it")
    return parser.parse_args()


if __name__ == "__main__":
    told = _told()
    place = told.data_dir or Path(tempfile.mkdtemp(prefix="sijill-bench-"))
    try:
        measured = linkage_online if told.linkage_online else main
        uvloop.run(measured(told, place / "house", Console(width=120)))
    finally:
        postgres.erase(place / "house" / "postgres")
        shutil.rmtree(place if told.data_dir is None else place / "house", ignore_errors=True)
