"""The house with its real database, services and workers."""

import asyncio
import os
import shutil
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from services.cli.up import keys
from services.cli.up.house import House
from services.cli.up.record import HouseAlreadyRuns, running_house
from shared import postgres, revisions

SOME = {"identity", "dedup"}
ROOT = Path(__file__).parents[4]


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "house"
    postgres.erase(tmp_path / "house" / "postgres")
    shutil.rmtree(tmp_path / "house", ignore_errors=True)


async def test_a_house_comes_up_ready_survives_kills_and_keeps_its_data(data_dir: Path) -> None:
    async with House(data_dir, only=SOME, free_ports=True) as house, httpx.AsyncClient() as http:
        for url in house.urls.values():
            assert (await http.get(f"{url}/readyz")).status_code == 200
        assert set(house.pids) == {"identity", "dedup", "dedup-worker"}
        record = running_house(data_dir)
        assert record is not None
        assert (record.urls, record.processes) == (house.urls, house.pids)

        await house.kill("dedup")
        with pytest.raises(httpx.ConnectError):
            await http.get(f"{house.urls['dedup']}/livez")
        await house.restart("dedup")
        assert (await http.get(f"{house.urls['dedup']}/readyz")).status_code == 200

        with pytest.raises(HouseAlreadyRuns):
            await House(data_dir, only=SOME, free_ports=True).__aenter__()
        first_keys, address = house.keys, house.admin_url
        database = await asyncpg.connect(address)
        await database.execute("CREATE TABLE kept AS SELECT 7 AS n")
        await database.close()

    assert running_house(data_dir) is None
    assert postgres.running(data_dir / "postgres") is None
    async with House(data_dir, only={"identity"}, free_ports=True) as again:
        database = await asyncpg.connect(again.admin_url)
        assert await database.fetchval("SELECT n FROM kept") == 7
        assert await revisions.current("registry", database) == revisions.head("registry")
        await database.close()
        assert again.keys == first_keys


def test_secrets_are_made_once_and_are_for_their_owner_alone(tmp_path: Path) -> None:
    made = keys.load_or_make(tmp_path)

    assert keys.load_or_make(tmp_path) == made
    assert stat.S_IMODE((tmp_path / keys.FILE).stat().st_mode) == 0o600
    assert made.national_id_key not in repr(made)
    (tmp_path / keys.FILE).write_text("{")
    with pytest.raises(keys.KeysUnreadable):
        keys.load_or_make(tmp_path)


async def test_the_command_says_where_it_runs_and_stops_all_on_a_signal(data_dir: Path) -> None:
    ports = {f"SIJILL_{name}_PORT": "0" for name in ("REGISTRY", "DEDUP", "IDENTITY", "NAFATH_MOCK")}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.cli.main", "up", "--data-dir", str(data_dir), "--only", "identity",
        env={**os.environ, **ports}, cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    async with asyncio.timeout(60):
        while b"Ctrl-C" not in await running.stdout.readline():
            assert running.returncode is None
    record = running_house(data_dir)
    assert record is not None

    running.send_signal(signal.SIGTERM)

    assert await running.wait() == 0
    assert postgres.running(data_dir / "postgres") is None
    assert not Path(f"/proc/{record.processes['identity']}").exists()
    assert running_house(data_dir) is None
