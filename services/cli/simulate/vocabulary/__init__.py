"""Name units with weights, from which people are made up."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.cli.simulate.draws import Weighted

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Vocabulary:
    """Given names by gender and family names, and how each is spelt in Latin letters."""

    female: Weighted[str]
    male: Weighted[str]
    family: Weighted[str]
    latin: Mapping[str, Weighted[str]]


@cache
def vocabulary() -> Vocabulary:
    """The name units shipped with the simulator; read once."""
    given, family = _rows("given.csv"), _rows("family.csv")
    return Vocabulary(
        female=_units(row for row in given if row["gender"] == "female"),
        male=_units(row for row in given if row["gender"] == "male"),
        family=_units(family),
        latin={row["name"]: _spellings(row["latin"]) for row in [*family, *given]},
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _units(rows: Iterable[dict[str, str]]) -> Weighted[str]:
    return Weighted({row["name"]: float(row["weight"]) for row in rows})


def _spellings(text: str) -> Weighted[str]:
    """`Omar:661|Umar:37` as spellings with their counts."""
    pairs = (spelling.rsplit(":", 1) for spelling in text.split("|"))
    return Weighted({spelling: float(count) for spelling, count in pairs})
