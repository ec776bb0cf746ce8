"""The demo's result on the screen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.table import Table

from services.cli.demo.examples import ExampleRow
from services.cli.demo.score import Score
from services.cli.demo.summary import Summary, zone_line
from services.cli.submit.answers import NOT_STORED


def show_examples(rows: Sequence[ExampleRow], console: Console) -> None:
    """What was caught and what was sent back, row by row; rows with nothing to say are counted."""
    for file, several in groupby(rows, key=lambda row: row.file):
        table = Table("row", "reference", "answer", "why", title=file, title_justify="left")
        answers = list(several)
        for row in answers:
            if row.why is not None:
                answer = "sent back" if row.status == NOT_STORED else f"{row.status}, {row.certainty}"
                table.add_row(str(row.row), row.ref, answer, row.why.en)
        counts = Counter(row.status for row in answers)
        table.caption = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
        console.print(table)


def show_summary(summary: Summary, console: Console) -> None:
    console.print(_zones(summary))
    console.print(_figures(summary))


def _figures(summary: Summary) -> Table:
    said, pairs = summary.as_json(), summary.pairs()
    table = Table(title="The register", title_justify="left", show_header=False)
    for name, value in (
        ("requests stored", f"{said['requests']:,} ({said['truth']['requests']:,} simulated)"),
        ("requests sent back", _codes(summary)),
        ("persons, as linked", f"{said['persons']:,}"),
        ("households, as linked", f"{said['households']:,}"),
        ("overlaps confirmed", f"{said['overlaps']['confirmed']:,}"),
        ("overlaps suspected", f"{said['overlaps']['suspected']:,}"),
        ("precision", f"{_share(pairs.precision)} ({pairs.right:,} of {pairs.found:,} pairs found are true)"),
        ("recall", f"{_share(pairs.recall)} ({pairs.right:,} of {pairs.true:,} true pairs are found)"),
        ("  of the confirmed", _line(summary.pairs("confirmed"))),
        ("  of the suspected", _line(summary.pairs("suspected"))),
        ("  by request", _line(summary.by_request())),
        ("sent and screened", f"{said['seconds']:.1f} s, {said['requests_per_second']:,.0f} requests/s"),
        ("report", said["report"]["csv"]),
        ("", said["report"]["json"]),
    ):
        table.add_row(name, value)
    return table


def _codes(summary: Summary) -> str:
    codes = Counter(summary.loaded.refused.values())
    return ", ".join(f"{count:,} ({code})" for code, count in sorted(codes.items())) or "0"


def _zones(summary: Summary) -> Table:
    table = Table("governorate", title="Overlap by zone", title_justify="left")
    table.caption = "2+: helped by two charities or more. confirmed, suspected: requests in such an overlap"
    for name in ("people", "2+", "homes", "2+", "requests", "confirmed", "suspected"):
        table.add_column(name, justify="right")
    for row in [*summary.figures.coverage["rows"], summary.figures.coverage["total"]]:
        total = row is summary.figures.coverage["total"]
        table.add_row(*_zone_cells(zone_line(row), total), style="bold" if total else None)
    return table


def _zone_cells(line: Mapping[str, Any], total: bool) -> list[str]:
    name = "all" if total else line["name_en"] or line["name_ar"] or "none named"
    overlap = line["requests_in_overlap"]
    figures = (
        line["people"], line["people_by_two_or_more"], line["households"], line["households_by_two_or_more"],
        line["requests"], overlap["confirmed"], overlap["suspected"],
    )  # fmt: skip
    return [name, *(f"{figure:,}" for figure in figures)]


def _line(score: Score) -> str:
    return f"precision {_share(score.precision)}, recall {_share(score.recall)} ({score.right:,} right)"


def _share(share: float | None) -> str:
    return "not to be said" if share is None else f"{share:.1%}"
