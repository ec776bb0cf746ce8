"""Progress tells the step, how much of it is done and how long the rest will take."""

import io
from collections.abc import Sequence

from rich.console import Console

from services.cli.link.progress import EVERY, Progress


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def told(steps: Sequence[tuple[float, str, float]], terminal: bool = False) -> list[str]:
    """What is printed when at each of the seconds a step has come so far."""
    clock, text = Clock(), io.StringIO()
    console = Console(file=text, force_terminal=terminal, width=100)
    with Progress(console, clock) as progress:
        for seconds, step, done in steps:
            clock.now = 100.0 + seconds
            progress(step, done)
    return text.getvalue().splitlines()


def test_every_step_is_told_once_and_long_ones_with_the_time_left() -> None:
    steps = [(0, "read", 0), (2, "score", 0), (4, "score", 0.1), (12, "score", 0.25), (13, "score", 0.3)]
    assert told(steps) == [
        "    0.0 s  read",
        "    2.0 s  score",
        "   12.0 s  score 25%, some 30 s left",
    ]


def test_lines_of_one_step_are_far_enough_apart_to_be_read() -> None:
    steps = [(place / 10, "score", place / 10_000) for place in range(1_000)]
    assert len(told(steps)) <= 1 + 100 / EVERY


def test_minutes_are_told_as_minutes() -> None:
    assert told([(0, "score", 0), (60, "score", 0.1)])[-1].endswith("some 9 min left")


def test_a_terminal_shows_a_bar_a_step() -> None:
    shown = "\n".join(told([(0, "read", 0), (2, "score", 0.5)], terminal=True))
    assert "read" in shown
    assert "100%" in shown
