"""`sijill demo`: a house of its own, the main job over its API, and what came of it."""

import asyncio
import shlex
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from services.cli.client import CallFailed, Credentials, connections
from services.cli.demo.doors import Doors, Registrar
from services.cli.demo.examples import FOLDER, ExampleRow, send_examples
from services.cli.demo.figures import collect
from services.cli.demo.load import Loaded, Loader, NotScreened, until_screened
from services.cli.demo.place import NotOurs, prepare
from services.cli.demo.show import show_examples, show_summary
from services.cli.demo.summary import Run, Summary
from services.cli.onboarding.access import Addresses
from services.cli.simulate import Simulation, simulate
from services.cli.up.house import House
from services.cli.up.keys import KeysUnreadable
from services.cli.up.record import HouseAlreadyRuns
from services.cli.up.supervisor import ProgramFailed
from shared.db import LOST
from shared.postgres import PostgresUnavailable

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Wish:
    """json: where the summary goes. leave: stop the house at the end. keep: begin with what the last demo left."""

    households: int
    seed: int
    data_dir: Path
    json: Path | None
    leave: bool
    keep: bool


def demo(wish: Wish, console: Console) -> int:
    """The exit status: 0 if all of it worked."""
    try:
        prepare(wish.data_dir, wish.keep, console)
        return asyncio.run(_until_told(wish, console))
    except (NotOurs, HouseAlreadyRuns, NotScreened, CallFailed, OSError) as error:
        _complain(console, str(error))
    except (PostgresUnavailable, KeysUnreadable, ProgramFailed) as error:
        _complain(console, f"{error}\n`sijill doctor` says what is wrong and what to do.")
    except LOST as error:
        _complain(console, f"the database does not answer: {type(error).__name__}")
    return 1


async def _until_told(wish: Wish, console: Console) -> int:
    """Run; a signal ends it in order, with the house stopped."""
    running = asyncio.create_task(_run(wish, console))
    told = asyncio.Event()

    def stop() -> None:
        told.set()
        running.cancel()

    for kind in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(kind, stop)
    try:
        return await running
    except asyncio.CancelledError:
        if told.is_set():
            return INTERRUPTED
        raise


async def _run(wish: Wish, console: Console) -> int:
    say = _teller(console)
    async with House(wish.data_dir, say=say) as house:
        failing = asyncio.create_task(house.failure())
        working = asyncio.create_task(_work(wish, house, console))
        await asyncio.wait((failing, working), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            working.cancel()
            raise failing.result()
        await working
        if wish.leave:
            failing.cancel()
            return 0
        _say_where(wish, house, console)
        raise await failing


async def _work(wish: Wish, house: House, console: Console) -> None:
    say = _teller(console)
    places = Addresses(house.urls["registry"], house.urls["identity"])
    operator = Credentials("operator", house.keys.clients["operator"])
    async with connections() as http:
        say("registering twelve charities, a coordinator and an auditor")
        doors = await Registrar(http, places, operator, wish.data_dir).open()
        rows = await _examples(wish, doors, console)
        say(f"making up {wish.households:,} households and what they ask for (seed {wish.seed})")
        simulation = await asyncio.to_thread(simulate, wish.households, wish.seed)
        began = time.monotonic()
        loaded = await _load(wish, doors, simulation, console)
        say("waiting until every request is screened")
        await until_screened(doors.charities)
        run = Run(wish.households, wish.seed, round(time.monotonic() - began, 2))
        summary = Summary(run, simulation, rows, loaded, await collect(doors, wish.data_dir))
    show_summary(summary, console)
    if wish.json:
        summary.write(wish.json)
        say(f"the same as JSON: {wish.json}")


async def _examples(wish: Wish, doors: Doors, console: Console) -> list[ExampleRow]:
    """The answers to the example files, shown; none where the program is installed without its sources."""
    if not FOLDER.exists():
        return []
    _teller(console)("sending the three example files")
    rows = await send_examples(doors.charities, wish.data_dir / "answers")
    show_examples(rows, console)
    return rows


async def _load(wish: Wish, doors: Doors, simulation: Simulation, console: Console) -> Loaded:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("requests sent", total=len(simulation.requests))
        run = f"demo-{wish.households}-{wish.seed}"
        loader = Loader(doors.charities, run, lambda more: progress.update(task, advance=more))
        return await loader.load(simulation)


def _say_where(wish: Wish, house: House, console: Console) -> None:
    for name, url in house.urls.items():
        console.print(f"{name:12} {url}", highlight=False)
    console.print(f"answers beside the rows of the example files: {wish.data_dir / 'answers'}", highlight=False)
    console.print(f"logs: {house.logs}", highlight=False, soft_wrap=True)
    console.print("overlap as the coordinator sees it, from another terminal:", highlight=False)
    console.print(f"  {curl_line(wish, house)}", soft_wrap=True, markup=False, highlight=False)
    console.print("Stop: Ctrl-C", highlight=False)


def curl_line(wish: Wish, house: House) -> str:
    """A command that gets a token for the coordinator, whose secret stays in its file, and asks with it."""
    command = f"sijill token coordinator --data-dir {shlex.quote(str(wish.data_dir))}"
    return f'curl -s -H "Authorization: Bearer $({command})" "{house.urls["registry"]}/v1/coverage/overlap?zone=SA-02"'


def _teller(console: Console) -> Callable[[str], None]:
    return lambda words: console.print(f"· {words}", soft_wrap=True, markup=False, highlight=False)


def _complain(console: Console, words: str) -> None:
    console.print(words, style="red", soft_wrap=True, markup=False, highlight=False)
