"""What was measured: as a table of ratios with the figures they come from, and as JSON."""

import os
from datetime import UTC, datetime
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table

from tests.bench.measure import CROWD, Batches, Stage

_SETTINGS = ("server_version", "shared_buffers", "synchronous_commit", "fsync", "full_page_writes", "max_wal_size",
             "wal_sync_method", "random_page_cost", "max_connections", "jit")  # fmt: skip


async def machine(admin_url: str) -> dict[str, Any]:
    """The date, the cores that this process may use, and what PostgreSQL is set to."""
    connection = await asyncpg.connect(admin_url)
    settings = {name: await connection.fetchval("SELECT current_setting($1)", name) for name in _SETTINGS}
    await connection.close()
    cores = len(os.sched_getaffinity(0))
    return {"date": datetime.now(UTC).isoformat(timespec="minutes"), "cores": cores, "postgresql": settings}


def as_json(where: dict[str, Any], stages: list[Stage], batches: Batches | None) -> dict[str, Any]:
    done = {} if batches is None else {
        "batch": {"requests": batches.requests, "stored_per_second": round(batches.stored),
                  "screened_per_second": round(batches.screened), "together_per_second": round(batches.together)}
    }  # fmt: skip
    return where | done | {"stages": [_stage(stage) for stage in stages]}


def _stage(stage: Stage) -> dict[str, Any]:
    series = {f"{what} x{clients}": each for (what, clients), each in stage.series.items()}
    return {
        "registrations": stage.registrations,
        "series": {
            name: {"per_second": round(each.rate, 1), "p50_ms": round(each.p50, 3), "p99_ms": round(each.p99, 3)}
            for name, each in series.items()
        },
        "ratios": _ratios(stage),
    }


def _ratios(stage: Stage) -> dict[str, float]:
    found: dict[str, float] = {}
    for clients in (1, CROWD):
        ours, bare, raw = (stage.series[what, clients] for what in ("submit", "bare", "raw"))
        found |= {
            f"submit/bare x{clients}": round(ours.rate / bare.rate, 3),
            f"submit/raw x{clients}": round(ours.rate / raw.rate, 3),
            f"p99/p50 x{clients}": round(ours.p99 / ours.p50, 2),
            f"pending x{clients}": round(ours.pending, 4),
        }
    return found


def show(where: dict[str, Any], stages: list[Stage], batches: Batches | None, console: Console) -> None:
    settings = ", ".join(f"{name} {value}" for name, value in where["postgresql"].items())
    console.print(f"{where['date']}, {where['cores']} cores; PostgreSQL: {settings}", soft_wrap=True, highlight=False)
    for stage in stages:
        console.print(_at_size(stage))
    if len(stages) > 1:
        console.print(_growth(stages))
    if batches is not None:
        console.print(
            f"batches: {batches.stored:,.0f} requests/s stored (aim 2,000), then {batches.screened:,.0f}/s screened by"
            f" the worker; {batches.together:,.0f}/s with both at work ({batches.requests:,} requests)",
            soft_wrap=True, highlight=False,
        )  # fmt: skip


def _at_size(stage: Stage) -> Table:
    table = Table("clients", "what", "per s", "p50 ms", "p99 ms", "to bare (aim 0.33)", "to raw", "p99/p50 (aim < 8)",
                  "pending", title=f"{stage.registrations:,} registrations")  # fmt: skip
    for (what, clients), each in stage.series.items():
        bare, raw = stage.series["bare", clients], stage.series["raw", clients]
        ratios = [""] * 4
        if what == "submit":
            ratios = [f"{each.rate / bare.rate:.2f}", f"{each.rate / raw.rate:.2f}", f"{each.p99 / each.p50:.1f}",
                      f"{each.pending:.1%}"]  # fmt: skip
        elif what == "bare":
            ratios = ["1", f"{each.rate / raw.rate:.2f}", f"{each.p99 / each.p50:.1f}", ""]
        table.add_row(str(clients), what, f"{each.rate:,.0f}", f"{each.p50:.2f}", f"{each.p99:.2f}", *ratios)
    return table


def _growth(stages: list[Stage]) -> Table:
    """The cost of one screening against the first size, as it is and measured in bare calls of the same minutes."""
    table = Table("registrations", "one link ms", "×", "one submission ms", "×", "in bare calls", "×",
                  title="growth of the cost of one screening (aim ≤ 1.5 × from 10 k to 1 M)")  # fmt: skip
    first = _costs(stages[0])
    for stage in stages:
        cells = [
            cell
            for cost, before in zip(_costs(stage), first, strict=True)
            for cell in (f"{cost:.2f}", f"{cost / before:.2f}")
        ]
        table.add_row(f"{stage.registrations:,}", *cells)
    return table


def _costs(stage: Stage) -> tuple[float, float, float]:
    """Medians alone: one link and one submission in milliseconds, and one submission in bare calls."""
    link, submit, bare = (stage.series[what, 1].p50 for what in ("link", "submit", "bare"))
    return link, submit, submit / bare
