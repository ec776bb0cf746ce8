"""One program of the house as a process: started, watched, stopped."""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

BOUND = str(Path(__file__).with_name("bound.py"))
LARGEST_LOG = 10 * 2**20  # bytes
PATIENCE = 10.0  # seconds to finish what it is doing when told to stop


@dataclass(frozen=True, slots=True)
class Program:
    """What to run. `ready_url` answers 200 when it can take work; None if it serves nothing.

    environment: all of it; None for the supervisor's own.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] | None = field(default=None, repr=False)
    ready_url: str | None = None


class Process:
    """A program that may run. `wanted` says whether it should; the supervisor makes it so."""

    def __init__(self, program: Program, logs: Path) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self.wanted = asyncio.Event()
        self.quick_deaths = 0
        self.failed = False
        self._running: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Its process number while it runs."""
        running = self._running
        return running.pid if running and running.returncode is None else None

    async def run(self) -> float:
        """Run the program to its end, whatever ends it; gives the seconds that it lived."""
        began = time.monotonic()
        environment = os.environ if self.program.environment is None else self.program.environment
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as output:
            self._running = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-S", BOUND, str(os.getpid()), *self.program.command,
                stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                env={**environment, "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        await self._running.wait()
        return time.monotonic() - began

    async def stop(self) -> None:
        """Tell it to finish; kill it if it has not after PATIENCE seconds."""
        self.wanted.clear()
        if self._running is None or self.pid is None:
            return
        self._running.terminate()
        try:
            await asyncio.wait_for(self._running.wait(), PATIENCE)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """SIGKILL, and wait for the end."""
        if self._running is not None and self.pid is not None:
            self._running.kill()
            await self._running.wait()

    def last_lines(self, count: int = 12) -> str:
        if not self.log.exists():
            return ""
        return "\n".join(self.log.read_text("utf-8", "replace").splitlines()[-count:])
