"""Keeps programs running: starts them, waits until each is ready, brings back what dies, stops all."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from services.cli.up.process import Process, Program

QUICK = 10.0  # seconds; a program that lives shorter has died quickly
ATTEMPTS = 5  # quick deaths in a row before the supervisor gives up
LONGEST_PAUSE = 5.0  # seconds between two attempts
PATIENCE = 60.0  # seconds for all programs to be ready


class ProgramFailed(RuntimeError):
    """A program does not come up or does not stay up; the message ends with its last log lines."""

    def __init__(self, process: Process, why: str) -> None:
        super().__init__(f"{process.program.name} {why}. {process.log} ends with:\n{process.last_lines()}")
        self.name = process.program.name


class Supervisor:
    """Programs under watch, within `async with`; on entry all are ready, after exit all have ended.

    changed: called whenever a process has come or gone, for whoever keeps a list.
    Raises ProgramFailed on entry.
    """

    def __init__(self, programs: Sequence[Program], logs: Path, changed: Callable[[], None] = lambda: None) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._processes = {program.name: Process(program, logs) for program in programs}
        self._changed = changed
        self._keepers: list[asyncio.Task[None]] = []
        self._stack = AsyncExitStack()
        self._failure: asyncio.Event = asyncio.Event()

    async def __aenter__(self) -> Self:
        async with self._stack:
            self._http = await self._stack.enter_async_context(httpx.AsyncClient(timeout=2, trust_env=False))
            self._stack.push_async_callback(self._stop_all)
            for process in self._processes.values():
                process.wanted.set()
                self._keepers.append(asyncio.create_task(self._keep(process)))
            for process in self._processes.values():
                await self._until_ready(process)
            self._stack = self._stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def pids(self) -> dict[str, int]:
        """The processes that run now."""
        return {name: process.pid for name, process in self._processes.items() if process.pid is not None}

    async def failure(self) -> ProgramFailed:
        """Waits until a program dies again and again, and says which."""
        await self._failure.wait()
        self._failure.clear()
        return self._failures()[0]

    def _failures(self) -> list[ProgramFailed]:
        why = f"died {ATTEMPTS} times within {QUICK:.0f} s of its start"
        return [ProgramFailed(process, why) for process in self._processes.values() if process.failed]

    async def kill(self, name: str) -> None:
        """SIGKILL the process and leave it down until `restart`."""
        self._processes[name].wanted.clear()
        await self._processes[name].kill()

    async def crash(self, name: str) -> None:
        """SIGKILL the process as an accident would; it comes back by itself."""
        await self._processes[name].kill()

    async def restart(self, name: str) -> None:
        """Stop the process if it runs, start it, wait until it is ready."""
        process = self._processes[name]
        await process.stop()
        process.quick_deaths, process.failed = 0, False
        process.wanted.set()
        await self._until_ready(process)

    async def until_ready(self, name: str) -> None:
        """Wait until the process runs and is ready. Raises ProgramFailed."""
        await self._until_ready(self._processes[name])

    async def _keep(self, process: Process) -> None:
        while True:
            await process.wanted.wait()
            lived = await process.run()
            self._changed()
            if not process.wanted.is_set():
                continue
            process.quick_deaths = process.quick_deaths + 1 if lived < QUICK else 1
            if process.quick_deaths >= ATTEMPTS:
                process.failed = True
                process.wanted.clear()
                self._failure.set()
            else:
                await asyncio.sleep(min(0.1 * 2**process.quick_deaths, LONGEST_PAUSE))

    async def _until_ready(self, process: Process) -> None:
        deadline = time.monotonic() + PATIENCE
        while not await self._is_ready(process):
            if failures := self._failures():
                raise failures[0]
            if time.monotonic() > deadline:
                raise ProgramFailed(process, f"was not ready after {PATIENCE:.0f} s")
            await asyncio.sleep(0.05)
        self._changed()

    async def _is_ready(self, process: Process) -> bool:
        if process.pid is None:
            return False
        if process.program.ready_url is None:
            return True
        try:
            answer = await self._http.get(process.program.ready_url)
        except httpx.HTTPError:
            return False
        return answer.status_code == 200 and process.pid is not None

    async def _stop_all(self) -> None:
        """In reverse order, so that nothing loses what it leans on while it finishes."""
        for process in reversed(self._processes.values()):
            await process.stop()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        self._changed()
