"""What a long run is doing and how long it will take: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

EVERY = 5.0
"""Seconds between two lines of one step."""


class Progress:
    """Told what is being done and how much of it is, from 0 to 1; steps come one after another."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console, self._clock = console, clock
        self._start = self._since = self._told = clock()
        self._step: str | None = None
        self._task: TaskID | None = None
        columns = (TextColumn("{task.description:<10}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._bars = Bars(*columns, TextColumn("left"), TimeRemainingColumn(), console=console)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bars.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._console.is_terminal:
            self._finish_bar()
            self._bars.stop()

    def __call__(self, step: str, done: float) -> None:
        now = self._clock()
        fresh = step != self._step
        if fresh:
            self._finish_bar()
            self._step, self._since, self._told = step, now, now
        if self._console.is_terminal:
            self._move_bar(step, done, fresh)
        elif fresh:
            self._line(step)
        elif done > 0 and now - self._told >= EVERY:
            self._told = now
            left = (now - self._since) * (1 - done) / done
            self._line(f"{step} {done:.0%}, some {_spoken(left)} left")

    def say(self, words: str, style: str | None = None) -> None:
        """A line of its own, above the bar if there is one."""
        self._console.print(words, style=style, markup=False, highlight=False, soft_wrap=True)

    def _line(self, words: str) -> None:
        self.say(f"{self._clock() - self._start:7.1f} s  {words}")

    def _move_bar(self, step: str, done: float, fresh: bool) -> None:
        if fresh or self._task is None:
            self._task = self._bars.add_task(step, total=1.0)
        self._bars.update(self._task, completed=done)

    def _finish_bar(self) -> None:
        if self._task is not None:
            self._bars.update(self._task, completed=1.0)
            self._task = None


def _spoken(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"
