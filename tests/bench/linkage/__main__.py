"""`sijill link` beside Splink, on the same data in the same run:  python -m tests.bench.linkage [--small | --large]

Each run of either is a process of its own, from reading to writing; they take turns. Splink is tuned as an expert
would, and given our normalisation; once more it gets the text as typed. Reading and normalising is counted in our
time, but not in Splink's.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import orjson
from rich.console import Console

from tests.bench.linkage import report
from tests.bench.linkage.process import Failed
from tests.bench.linkage.sets import Data, febrl, simulated
from tests.bench.linkage.sides import measured

SMALL, USUAL, LARGE = 10_000, 100_000, 1_000_000
NOISES = ("usual", "heavy")


def choices(up_to: int, only: list[str]) -> dict[str, Callable[[Path], Data]]:
    """Name -> how to make it. only: names to choose from them, all if empty."""
    every: dict[str, Callable[[Path], Data]] = {f"febrl{number}": partial(febrl, number) for number in (1, 2, 3, 4)}
    for size in (SMALL, USUAL, LARGE):
        if size <= up_to:
            every |= {f"{noise}-{size}": partial(simulated, size, noise) for noise in NOISES}
    unknown = set(only) - set(every)
    if unknown:
        sys.exit(f"no such data: {', '.join(sorted(unknown))}; there is {', '.join(every)}")
    return {name: make for name, make in every.items() if not only or name in only}


def main(told: argparse.Namespace, console: Console) -> None:
    results: report.Results = {}
    for name, make in choices(told.up_to, told.only).items():
        console.print(f"{name}", highlight=False)
        with tempfile.TemporaryDirectory(prefix="sijill-bench-") as place:
            data = make(Path(place))
            results[data.name] = measured(data, told.rounds, Path(place))
    where = report.machine(" ".join(["python -m tests.bench.linkage", *sys.argv[1:]]), told.rounds)
    report.show(where, results, console)
    if told.json:
        told.json.write_bytes(orjson.dumps(report.as_json(where, results), option=orjson.OPT_INDENT_2))
    if told.markdown:
        told.markdown.write_text(report.markdown(where, results), encoding="utf-8")


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.linkage", description=__doc__)
    parser.add_argument("--large", dest="up_to", action="store_const", const=LARGE, default=USUAL,
                        help="up to a million records; by default 100,000")  # fmt: skip
    parser.add_argument("--small", dest="up_to", action="store_const", const=SMALL, help="up to 10,000 records")
    parser.add_argument("--only", nargs="*", default=[], help="some of the data: usual-10000, febrl1, …")
    parser.add_argument("--rounds", type=int, default=3, help="how often the sides take turns (default 3)")
    parser.add_argument("--json", type=Path, help="write the figures here, too")
    parser.add_argument("--markdown", type=Path, help="write the table here, too")
    return parser.parse_args()


if __name__ == "__main__":
    try:
        main(_told(), Console(width=160))
    except Failed as failure:
        sys.exit(str(failure))
