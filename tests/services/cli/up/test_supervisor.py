"""The supervisor, with real processes that are really killed."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from services.cli.up import process
from services.cli.up.process import Program
from services.cli.up.supervisor import ProgramFailed, Supervisor

DUMMY = str(Path(__file__).with_name("dummy.py"))
ROOT = Path(__file__).parents[4]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def program(name: str, *options: str) -> Program:
    port = free_port()
    command = (sys.executable, DUMMY, str(port), *options)
    return Program(name, command, ready_url=f"http://127.0.0.1:{port}/readyz")


async def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_all_are_ready_within_and_gone_after(tmp_path: Path) -> None:
    programs = [program("first"), program("second")]
    async with Supervisor(programs, tmp_path) as house, httpx.AsyncClient() as http:
        pids = house.pids
        assert list(pids) == ["first", "second"]
        for each in programs:
            assert (await http.get(str(each.ready_url))).status_code == 200

    assert not any(map(lives, pids.values()))
    assert (tmp_path / "first.log").read_text("utf-8") == "finished\n"


async def test_what_dies_comes_back(tmp_path: Path) -> None:
    async with Supervisor([program("only")], tmp_path) as house:
        before = house.pids["only"]
        await house.crash("only")
        await until(lambda: house.pids.get("only", before) != before)
        await house.until_ready("only")


async def test_what_was_killed_on_purpose_stays_down_until_restarted(tmp_path: Path) -> None:
    async with Supervisor([program("one"), program("other")], tmp_path) as house:
        await house.kill("one")
        await house.crash("other")
        await house.until_ready("other")
        assert "one" not in house.pids

        await house.restart("one")
        assert set(house.pids) == {"one", "other"}


async def test_a_restart_replaces_a_running_process(tmp_path: Path) -> None:
    async with Supervisor([program("only")], tmp_path) as house:
        before = house.pids["only"]
        await house.restart("only")
        assert house.pids["only"] != before
        assert not lives(before)


async def test_one_that_cannot_start_is_named_with_its_last_words_and_the_others_are_stopped(
    tmp_path: Path,
) -> None:
    seen: dict[str, int] = {}
    house = Supervisor([program("well"), program("ill", "--die")], tmp_path, lambda: seen.update(house.pids))

    with pytest.raises(ProgramFailed, match=r"(?s)ill died 5 times.*cannot find my shoes"):
        await house.__aenter__()

    assert seen["well"]
    assert not lives(seen["well"])


async def test_one_that_is_deaf_to_requests_to_stop_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "PATIENCE", 0.2)
    async with Supervisor([program("deaf", "--deaf")], tmp_path) as house:
        pid = house.pids["deaf"]

    assert not lives(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
async def test_programs_end_with_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    script = f"""
import asyncio, pathlib, sys
from services.cli.up.process import Program
from services.cli.up.supervisor import Supervisor
async def main():
    program = Program("p", {(sys.executable, DUMMY, str(free_port()))!r})
    async with Supervisor([program], pathlib.Path({str(tmp_path)!r})) as house:
        print(house.pids["p"], flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    supervisor = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert supervisor.stdout is not None
    child = int(await supervisor.stdout.readline())
    assert lives(child)

    os.kill(supervisor.pid, signal.SIGKILL)
    await supervisor.wait()

    began = time.monotonic()
    await until(lambda: not lives(child))
    assert time.monotonic() - began < 5
