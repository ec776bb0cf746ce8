"""Carries letters: screens what was stored and not screened yet, until told to stop.

A letter's attempt is counted before the work; the work and its mark are one transaction. Any number of workers
may run: each claims letters that no other holds.
"""

import asyncio
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta

from services.registry.aid.screen import LETTERS, Screener
from services.registry.aid.submit import AID_REQUESTED
from services.registry.main import open_screener
from services.registry.settings import RegistrySettings
from shared import log
from shared.clock import now
from shared.db import transaction
from shared.errors import Unavailable
from shared.outbox import Letter

_TOGETHER = 200
_ALONE = 3
_IDLE_SECONDS = 0.2
_RETRY = timedelta(seconds=5)


async def main(settings: RegistrySettings | None = None) -> None:
    settings = settings or RegistrySettings()
    log.configure("registry-worker", settings.log_level)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with AsyncExitStack() as stack:
        screener = await open_screener(stack, settings)
        async with transaction(screener.pool) as connection:
            revived = await LETTERS.revive(connection, now())
        log.logger().info("worker started", count=revived)
        await carry(screener, stop)


async def carry(screener: Screener, stop: asyncio.Event) -> None:
    """Handle letters as they fall due, until `stop` is set."""
    while not stop.is_set():
        try:
            busy = await carry_some(screener)
        except Unavailable as error:
            log.logger().warning("letters wait", reason=error.code)
            busy = False
        if not busy:
            await _pause(stop)


async def carry_some(screener: Screener) -> bool:
    """Handle the letters that are due now; whether there were any.

    Raises Unavailable; the letters not handled by then stay due, and the try is not counted.
    """
    at = now()
    async with transaction(screener.pool) as connection:
        letters = await LETTERS.claim(connection, at, _TOGETHER, at + _RETRY)
    try:
        for group in _groups(letters):
            await _handle(screener, group)
    except Unavailable:
        async with transaction(screener.pool) as connection:
            await LETTERS.give_back(connection, letters)
        raise
    return bool(letters)


def _groups(letters: Sequence[Letter]) -> list[list[Letter]]:
    """Those tried before come alone, so that one that fails does not hold up its neighbours."""
    fresh = [letter for letter in letters if letter.attempts < _ALONE]
    return ([fresh] if fresh else []) + [[letter] for letter in letters if letter.attempts >= _ALONE]


async def _handle(screener: Screener, letters: Sequence[Letter]) -> None:
    """Raises Unavailable. Any other fault is logged: the attempt is counted, and the letters come again."""
    subjects = [letter.subject for letter in letters if letter.name == AID_REQUESTED]
    try:
        screened = await screener.screen(subjects, now())
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001  a letter that fails again is set aside, and seen
        log.logger().error("letters failed", error_type=type(error).__name__, traceback=log.frames(error))
    else:
        log.logger().info("letters handled", count=len(subjects), screened=len(screened))


async def _pause(stop: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_IDLE_SECONDS):
            await stop.wait()
    except TimeoutError:
        return


if __name__ == "__main__":
    asyncio.run(main())
