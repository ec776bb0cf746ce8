"""The whole house: database, secrets, migrations, then every program under the supervisor."""

import os
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from services.cli.settings import CommandSettings
from services.cli.up import keys, plan, ports
from services.cli.up.database import opened, prepare
from services.cli.up.record import FILE, Record, hold
from services.cli.up.supervisor import ProgramFailed, Supervisor
from shared.clock import now


class House:
    """The running house, within `async with`.

    only:       services to run, with their workers; by default all.
    free_ports: take ports of the system's choice, so that several houses can stand side by side.
    say:        called with each thing worth telling, in words.
    Raises HouseAlreadyRuns, PostgresUnavailable, KeysUnreadable or ProgramFailed on entry.
    """

    urls: dict[str, str]
    admin_url: str
    keys: keys.Keys

    def __init__(
        self,
        data_dir: Path,
        *,
        only: Collection[str] | None = None,
        free_ports: bool = False,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.data_dir = data_dir.resolve()
        self.logs = self.data_dir / "logs"
        self._services = [name for name in plan.installed() if only is None or name in only]
        self._free_ports, self._say = free_ports, say
        self._settings = CommandSettings()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        async with AsyncExitStack() as stack:
            stack.enter_context(hold(self.data_dir))
            self._started_at = now()
            self.keys = keys.load_or_make(self.data_dir)
            self.admin_url = await stack.enter_async_context(opened(self.data_dir, stop=True, say=self._say))
            self._say("bringing the database up to date")
            logins = plan.role_urls(self.admin_url, self.keys)
            await prepare(self.admin_url, logins)
            self.urls = self._addresses()
            programs = plan.programs(self.data_dir, self.urls, self.admin_url, self.keys)
            stack.callback((self.data_dir / FILE).unlink, missing_ok=True)
            self._say(f"starting {', '.join(program.name for program in programs)}")
            self._supervisor = Supervisor(programs, self.logs, self._write)
            await stack.enter_async_context(self._supervisor)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def pids(self) -> dict[str, int]:
        """The processes that run now, by program: the services, and `<service>-worker`."""
        return self._supervisor.pids

    async def kill(self, name: str) -> None:
        """SIGKILL the program and leave it down until `restart`."""
        await self._supervisor.kill(name)

    async def crash(self, name: str) -> None:
        """SIGKILL the program as an accident would; the supervisor brings it back."""
        await self._supervisor.crash(name)

    async def restart(self, name: str) -> None:
        """Start the program again, running or not; ready on return."""
        await self._supervisor.restart(name)

    async def until_ready(self, name: str) -> None:
        await self._supervisor.until_ready(name)

    async def failure(self) -> ProgramFailed:
        """Waits until a program dies again and again, and says which."""
        return await self._supervisor.failure()

    def _addresses(self) -> dict[str, str]:
        host = self._settings.host
        return {name: f"http://{host}:{self._port(host, name)}" for name in self._services}

    def _port(self, host: str, name: str) -> int:
        wanted = self._settings.ports()[name]
        if self._free_ports or wanted == 0:
            return ports.free(host)
        if ports.is_free(host, wanted):
            return wanted
        instead = ports.free(host)
        by = ports.holder(wanted) or "another program"
        self._say(f"port {wanted} is taken by {by}; {name} listens on {instead} instead")
        return instead

    def _write(self) -> None:
        database = "external" if self._settings.database_url else "embedded"
        Record(
            pid=os.getpid(), started_at=self._started_at, database=database,
            urls=self.urls, processes=self._supervisor.pids, logs=self.logs,
        ).write(self.data_dir)  # fmt: skip
