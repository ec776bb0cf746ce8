"""One program as a process of its own: how long it ran, and how much memory it and its children held."""

import os
import select
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

_BETWEEN_LOOKS = 50  # milliseconds
_SAID_LAST = 2_000  # characters


class Used(NamedTuple):
    seconds: float
    peak_bytes: int


class Failed(RuntimeError):
    """A program of the bench ended with an error; the message ends with what it said last."""


def run(command: Sequence[str], log: Path) -> Used:
    """Wall time from start to end, and the most memory held at once. Raises Failed.

    Of one process the peak is the kernel's own; of several it is the greatest sum seen, each page counted once.
    """
    with log.open("wb") as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        peak = _watched(process)
        seconds = time.perf_counter() - started
    if process.wait():
        raise Failed(f"{' '.join(command)}: {log.read_text(errors='replace')[-_SAID_LAST:]}")
    return Used(seconds, peak)


def _watched(process: subprocess.Popen[bytes]) -> int:
    """The peak in bytes, once the process has ended."""
    ended = os.pidfd_open(process.pid)
    try:
        waiting = select.poll()
        waiting.register(ended, select.POLLIN)
        peak = 0
        while not waiting.poll(_BETWEEN_LOOKS):
            peak = max(peak, _held(process.pid))
        return peak
    finally:
        os.close(ended)


def _held(pid: int) -> int:
    tree = list(_tree(pid))
    if len(tree) == 1:
        return _kibibytes(Path(f"/proc/{pid}/status"), "VmHWM:") * 1024
    return sum(_kibibytes(Path(f"/proc/{each}/smaps_rollup"), "Pss:") for each in tree) * 1024


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(task).split():
            yield from _tree(int(child))


def _kibibytes(file: Path, name: str) -> int:
    """The value of the line that `name` begins, 0 for a process that has just ended."""
    return next((int(line.split()[1]) for line in _read(file).splitlines() if line.startswith(name)), 0)


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
