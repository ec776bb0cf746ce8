"""`sijill up`: the house on this machine until Ctrl-C."""

import asyncio
import signal
from pathlib import Path

from rich.console import Console
from rich.table import Table

from services.cli.up.house import House
from services.cli.up.keys import KeysUnreadable
from services.cli.up.record import HouseAlreadyRuns
from services.cli.up.supervisor import ProgramFailed
from shared.db import LOST
from shared.postgres import PostgresUnavailable

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def up(data_dir: Path, only: list[str] | None, console: Console) -> int:
    """Run the house until a signal, or until a program can't be kept up; gives the exit status."""
    try:
        return asyncio.run(_run(data_dir, only, console))
    except HouseAlreadyRuns as error:
        console.print(str(error), soft_wrap=True)
        if error.record:
            console.print(_table(error.record.urls))
        return 0
    except (PostgresUnavailable, KeysUnreadable, ProgramFailed) as error:
        _complain(console, str(error))
    except LOST as error:
        _complain(console, f"the database does not answer: {type(error).__name__}")
    return 1


async def _run(data_dir: Path, only: list[str] | None, console: Console) -> int:
    told = asyncio.Event()
    for kind in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(kind, told.set)

    def say(words: str) -> None:
        console.print(f"· {words}", soft_wrap=True, highlight=False)

    house = House(data_dir, only=only, say=say)
    entering = asyncio.create_task(house.__aenter__())
    telling = asyncio.create_task(told.wait())
    await asyncio.wait((entering, telling), return_when=asyncio.FIRST_COMPLETED)
    if not entering.done():
        entering.cancel()
        await asyncio.wait((entering,))
        return 130
    await entering
    try:
        return await _stay(house, telling, console)
    finally:
        console.print("· stopping")
        await house.__aexit__(None, None, None)


async def _stay(house: House, telling: "asyncio.Task[bool]", console: Console) -> int:
    console.print(_table(house.urls))
    console.print(f"Logs: {house.logs}   Stop: Ctrl-C", soft_wrap=True, highlight=False)
    failing = asyncio.create_task(house.failure())
    await asyncio.wait((telling, failing), return_when=asyncio.FIRST_COMPLETED)
    if failing.done():
        _complain(console, str(failing.result()))
        return 1
    failing.cancel()
    return 0


def _table(urls: dict[str, str]) -> Table:
    table = Table("service", "address")
    for name, url in urls.items():
        table.add_row(name, url)
    return table


def _complain(console: Console, words: str) -> None:
    console.print(words, style="red", soft_wrap=True, markup=False, highlight=False)
    console.print("`sijill doctor` says what is wrong and what to do.", highlight=False)
