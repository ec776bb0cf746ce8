"""The data of the bench: simulated registrations and Febrl's sets, and what each side is given of them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from services.cli.link import invent
from tests.bench.linkage import judge
from tests.bench.linkage.prepare import prepare

FEBRL = Path(__file__).parent / "febrl"
SEED = 20_26
_MAPPING = Path(__file__).parents[3] / "examples" / "febrl.mapping.json"
"""FEBRL's columns as the documentation shows them; Splink compares the same ones."""


@dataclass(frozen=True)
class Peer:
    """A way to run Splink. model: a module of this folder. how: the way of `prepare`."""

    name: str
    model: str
    how: str
    pairs_for_u: float


@dataclass(frozen=True)
class Data:
    """sheets: the files as `sijill link` gets them. mapping: what their headings do not say, for --map."""

    name: str
    sheets: tuple[Path, ...]
    truth: dict[str, str]
    peers: tuple[Peer, ...]
    mapping: Path | None = None


REGISTRATIONS = (
    Peer("Splink, u from 10⁶ pairs", "registrations", "ours", 1e6),
    Peer("Splink, u from 10⁷ pairs", "registrations", "ours", 1e7),
    Peer("Splink, plain text, 10⁷", "registrations", "plain", 1e7),
)


def simulated(records: int, noise: str, place: Path) -> Data:
    """noise: usual or heavy."""
    sheet = place / f"{noise}_{records}.csv"
    invent.simulate(records, sheet, noise, SEED, Console(quiet=True))
    truth = judge.labels(sheet.with_name(f"{sheet.stem}.truth.csv"))
    return Data(f"{records:,} {noise}", (sheet,), truth, REGISTRATIONS)


def febrl(number: int, _place: Path) -> Data:
    """One of the four sets; the fourth is of two files."""
    sheets = [FEBRL / f"dataset{number}{part}.csv" for part in (("a", "b") if number == 4 else ("",))]
    model = "febrl_two" if number == 4 else "febrl_one"
    peers = (Peer("Splink, u from 10⁶ pairs", model, "febrl", 1e6),)
    return Data(f"FEBRL {number}", tuple(sheets), _febrl_truth(sheets), peers, _MAPPING)


def _febrl_truth(sheets: Iterable[Path]) -> dict[str, str]:
    """rec-N-org and rec-N-dup-K are person N."""
    found: dict[str, str] = {}
    for sheet in sheets:
        with sheet.open(encoding="utf-8", newline="") as file:
            found |= {row["rec_id"]: row["rec_id"].split("-")[1] for row in csv.DictReader(file)}
    return found


def prepared(data: Data, how: str, place: Path) -> list[Path]:
    """The sheets as Splink gets them, made on the first call."""
    files = [place / f"{sheet.stem}_{how}.parquet" for sheet in data.sheets]
    for sheet, file in zip(data.sheets, files, strict=True):
        if not file.exists():
            prepare(how, sheet, file)
    return files
