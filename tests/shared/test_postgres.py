"""The embedded PostgreSQL, with real servers and real kills."""

import asyncio
import contextlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from shared import postgres
from shared.postgres_programs import account, programs

as_root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def parent() -> Iterator[Path]:
    """A directory that every account can look into, unlike pytest's own."""
    made = Path(tempfile.mkdtemp(prefix="sijill-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture
def directory(parent: Path) -> Iterator[Path]:
    yield parent / "postgres"
    postgres.erase(parent / "postgres")


@contextlib.asynccontextmanager
async def session(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


async def add_rows(server: postgres.Server, rows: int) -> None:
    async with session(server.admin_url) as db:
        await db.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        await db.execute("INSERT INTO kept SELECT generate_series(1, $1::int)", rows)


async def count_rows(server: postgres.Server) -> int:
    async with session(server.admin_url) as db:
        return int(await db.fetchval("SELECT count(*) FROM kept"))


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def family(pid: int) -> list[int]:
    """The process and its children, by Linux's own list."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()
    return [pid, *map(int, children)]


async def test_committed_rows_are_there_after_a_restart(directory: Path) -> None:
    first = postgres.start(directory)
    await add_rows(first, 1000)
    first.stop()
    assert not first.alive

    assert await count_rows(postgres.start(directory)) == 1000


@pytest.mark.parametrize("everybody", [True, False], ids=["with its children", "alone"])
async def test_committed_rows_survive_a_kill_of_the_server(directory: Path, everybody: bool) -> None:
    first = postgres.start(directory)
    await add_rows(first, 1000)
    for pid in family(first.pid) if everybody else [first.pid]:
        os.kill(pid, signal.SIGKILL)

    second = postgres.start(directory)

    assert second.pid != first.pid
    assert await count_rows(second) == 1000


async def test_a_second_start_adopts_the_running_server(directory: Path) -> None:
    first = postgres.start(directory)
    second = postgres.start(directory)

    assert (second.pid, second.admin_url) == (first.pid, first.admin_url)
    assert postgres.running(directory) == first


async def test_commands_that_start_at_one_moment_share_one_server(directory: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        servers = list(pool.map(lambda _: postgres.start(directory), range(4)))

    assert len(set(servers)) == 1


async def test_a_server_whose_starter_was_killed_is_adopted_and_can_be_stopped(directory: Path) -> None:
    script = "import sys, pathlib, shared.postgres as p;"
    script += "print(p.start(pathlib.Path(sys.argv[1])).pid, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(directory)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as starter:  # fmt: skip
        assert starter.stdout is not None
        orphan = int(starter.stdout.readline())
        starter.kill()

    adopted = postgres.start(directory)

    assert adopted.pid == orphan
    await add_rows(adopted, 10)
    adopted.stop()
    assert postgres.running(directory) is None


async def test_a_process_number_left_by_a_dead_server_is_not_believed(directory: Path) -> None:
    first = postgres.start(directory)
    written = (postgres._cluster(directory) / "postmaster.pid").read_text("utf-8")
    first.stop()
    stale = postgres._cluster(directory) / "postmaster.pid"
    stale.write_text(written.replace(str(first.pid), str(os.getpid()), 1), "utf-8")

    assert postgres.running(directory) is None
    assert postgres.start(directory).pid not in (os.getpid(), first.pid)


async def test_a_start_that_was_killed_halfway_leaves_nothing_in_the_way(directory: Path) -> None:
    (directory / "cluster.draft").mkdir(parents=True)
    (directory / "cluster.draft" / "PG_VERSION").write_text("18\n")
    (directory / "cluster.password").write_text("half")
    (directory / "password.draft").write_text("half")

    await add_rows(postgres.start(directory), 1)


async def test_only_the_password_opens_it(directory: Path) -> None:
    server = postgres.start(directory)

    for wrong in (
        server.admin_url.replace(server.password, "guess"),
        server.admin_url.replace(server.password, ""),
    ):
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(wrong, passfile="/nonexistent")
    assert stat.S_IMODE((directory / "password").stat().st_mode) == 0o600
    assert server.password not in repr(server)


async def test_it_keeps_to_durable_settings_whatever_is_asked(directory: Path) -> None:
    server = postgres.start(directory, shared_buffers="64MB", fsync="off")

    async with session(server.admin_url) as db:
        shown = [await db.fetchval(f"SHOW {name}") for name in ("shared_buffers", "fsync", "listen_addresses")]
        folded = await db.fetchval("SELECT lower('ÉCOLE') || (SELECT datlocale FROM pg_database LIMIT 1)")
    assert shown == ["64MB", "on", "127.0.0.1"]
    assert folded == "écoleC.UTF-8"


async def test_a_start_of_a_ready_cluster_takes_less_than_a_second(directory: Path) -> None:
    postgres.start(directory).stop()

    began = time.monotonic()
    postgres.start(directory)

    assert time.monotonic() - began < 1.0


async def test_its_log_quotes_no_row(directory: Path) -> None:
    server = postgres.start(directory)
    async with session(server.admin_url) as db:
        await db.execute("CREATE TABLE one (name text PRIMARY KEY)")
        await db.execute("INSERT INTO one VALUES ('somebody')")
        with pytest.raises(asyncpg.UniqueViolationError):
            await db.execute("INSERT INTO one VALUES ('somebody')")

    logged = (directory / "server.log").read_text("utf-8")
    assert "duplicate key" in logged
    assert "somebody" not in logged


async def test_a_cluster_of_another_version_is_refused_with_advice(directory: Path) -> None:
    postgres.start(directory).stop()
    (postgres._cluster(directory) / "PG_VERSION").write_text("14\n")

    with pytest.raises(postgres.PostgresUnavailable, match="made by PostgreSQL 14"):
        postgres.start(directory)


@as_root_only
async def test_root_may_keep_data_where_nobody_can_look(parent: Path) -> None:
    private = parent / "private"
    private.mkdir(mode=0o700)
    server = postgres.start(private / "postgres")
    await add_rows(server, 10)
    cluster = postgres._cluster(private / "postgres")

    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert not cluster.is_relative_to(private)
    assert stat.S_IMODE(cluster.stat().st_mode) == 0o700
    assert cluster.stat().st_uid != 0
    server.stop()
    assert await count_rows(postgres.start(private / "postgres")) == 10

    postgres.erase(private / "postgres")
    assert not cluster.parent.exists()


@as_root_only
async def test_an_ordinary_user_runs_it_as_himself(parent: Path) -> None:
    nobody = account(parent / "none")
    assert nobody is not None
    wheel = programs(nobody).parents[2]
    home = parent / "his"
    home.mkdir(mode=0o700)
    os.chown(home, nobody.uid, nobody.gid)

    def as_himself() -> None:
        os.setgroups([])
        os.setgid(nobody.gid)
        os.setuid(nobody.uid)
        os.environ["HOME"] = str(home)
        sys.path.insert(0, str(wheel))
        server = postgres.start(home / "postgres")
        asyncio.run(add_rows(server, 5))
        postgres.start(home / "postgres").stop()

    assert forked(as_himself) == 0
    assert (home / "postgres/cluster").stat().st_uid == nobody.uid
    assert await count_rows(postgres.start(home / "postgres")) == 5  # root takes over his cluster as him
    postgres.erase(home / "postgres")


def forked(act: Callable[[], None]) -> int:
    """The exit status of a copy of this process that does `act`; its traceback goes to stderr."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # about other threads
        pid = os.fork()
    if pid == 0:
        try:
            act()
            os._exit(0)
        finally:
            import traceback

            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
