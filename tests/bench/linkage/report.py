"""What was measured: on the screen, as Markdown for docs/linkage.md, and as JSON."""

import os
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.linkage.judge import Found
from tests.bench.linkage.sides import Measured

_HEADINGS = ("data", "side", "precision", "recall", "F1", "best F1 (at)", "seconds", "peak GB", "time, ours : theirs",
             "memory, ours : theirs")  # fmt: skip
_GIB = 1 << 30
Results = dict[str, list[Measured]]
"""The data's name -> its sides, ours first."""


def machine(command: str, rounds: int) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "command": command,
        "rounds": rounds,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _GIB, 1),
        "splink": version("splink"),
        "duckdb": version("duckdb"),
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }


def line(where: dict[str, Any]) -> str:
    """Date, command and machine."""
    return (
        f"{where['date']}, `{where['command']}`, {where['cores']} cores, {where['memory_gib']:g} GiB,"
        f" Splink {where['splink']} on DuckDB {where['duckdb']}, median of {where['rounds']} rounds,"
        f" load average at the end {where['load_average'][0]}"
    )


def show(where: dict[str, Any], results: Results, console: Console) -> None:
    console.print(line(where), soft_wrap=True, highlight=False)
    table = Table(*_HEADINGS)
    for row in _rows(results):
        table.add_row(*row)
    console.print(table)


def markdown(where: dict[str, Any], results: Results) -> str:
    rows = [_HEADINGS, ("---",) * len(_HEADINGS), *_rows(results)]
    return "\n".join([line(where), "", *(f"| {' | '.join(row)} |" for row in rows), ""])


def as_json(where: dict[str, Any], results: Results) -> dict[str, Any]:
    return where | {"data": {name: [_figures(each) for each in sides] for name, sides in results.items()}}


def _figures(measured: Measured) -> dict[str, Any]:
    return {
        "side": measured.side,
        "seconds": [round(used.seconds, 3) for used in measured.used],
        "peak_bytes": [used.peak_bytes for used in measured.used],
        "default": measured.default._asdict() if measured.default else None,
        "best": measured.best._asdict() if measured.best else None,
    }


def _rows(results: Results) -> list[tuple[str, ...]]:
    return [_row(name, each, sides[0]) for name, sides in results.items() for each in sides]


def _row(name: str, each: Measured, ours: Measured) -> tuple[str, ...]:
    found = each.default
    quality = (f"{found.precision:.4f}", f"{found.recall:.4f}", f"{found.f1:.4f}") if found else ("",) * 3
    ratios = ("", "") if each is ours else (
        f"{ours.seconds / each.seconds:.2f}", f"{ours.peak_bytes / each.peak_bytes:.2f}"
    )  # fmt: skip
    return (
        name, each.side, *quality, _best(each.best), f"{each.seconds:.1f}", f"{each.peak_bytes / _GIB:.2f}", *ratios,
    )  # fmt: skip


def _best(found: Found | None) -> str:
    return f"{found.f1:.4f} ({found.threshold:.4f})" if found else ""
