"""Both sides of the comparison as programs that take turns on one set of data."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from tests.bench.linkage import judge
from tests.bench.linkage.judge import Found
from tests.bench.linkage.process import Used, run
from tests.bench.linkage.sets import Data, prepared

OURS = "sijill link"


@dataclass(frozen=True)
class Side:
    """command: what is run, to write clusters.csv and pairs.parquet to `out`."""

    name: str
    command: tuple[str, ...]
    out: Path


@dataclass
class Measured:
    """default: the clusters written. best: the best that its pairs allow, which takes the truth; Splink's only."""

    side: str
    used: list[Used] = field(default_factory=list)
    default: Found | None = None
    best: Found | None = None

    @property
    def seconds(self) -> float:
        return median(used.seconds for used in self.used)

    @property
    def peak_bytes(self) -> float:
        return median(used.peak_bytes for used in self.used)


def sides(data: Data, place: Path) -> Iterator[Side]:
    out = place / "ours"
    options = ["--map", str(data.mapping)] if data.mapping else []
    options += ["--links-only"] if len(data.sheets) > 1 else []
    program = str(Path(sys.executable).with_name("sijill"))
    yield Side(OURS, (program, "link", *map(str, data.sheets), "--out", str(out), *options), out)
    for number, peer in enumerate(data.peers):
        out = place / f"peer_{number}"
        files = map(str, prepared(data, peer.how, place))
        module = (sys.executable, "-m", "tests.bench.linkage.peer", peer.model, str(peer.pairs_for_u), str(out))
        yield Side(peer.name, (*module, *files), out)


def measured(data: Data, rounds: int, place: Path) -> list[Measured]:
    """Every side `rounds` times, taking turns; what the last round wrote is judged. Raises process.Failed."""
    every = list(sides(data, place))
    found = [Measured(side.name) for side in every]
    for _ in range(rounds):
        for side, figures in zip(every, found, strict=True):
            figures.used.append(run(side.command, place / "log.txt"))
    for side, figures in zip(every, found, strict=True):
        figures.default = judge.of_clusters(side.out / "clusters.csv", data.truth)
        if side.name != OURS:
            figures.best = judge.at_best(side.out / "pairs.parquet", data.truth)
    return found
