"""Comparisons of columns that are no field of ours, as the mapping file asks for them.

    specs = (Spec("postcode", "exact"), Spec("street", "text"), Spec("rooms", "number", 1), Spec("arrived", "date"))
    for mapped in mapped_columns(columns, specs):                    # one a spec, in their order
        levels = mapped.level(mapped.codes[left], mapped.codes[right])      # bytes: places in mapped.levels_of
        start = START[mapped.kind]                                   # level -> m, k, u from which learning starts
        u = mapped.shares()[mapped.codes[left[levels == EXACT]]]     # of agreement on that very value

`mapped_keys.wide_keys(columns, others)` says which facts of them, alone or with others, bring records together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

import numpy as np
import pyarrow as pa

from services.dedup.batch.coded import Codes, Flags, Floats
from services.dedup.batch.mapped_levels import (
    DAYS_OFF,
    KINDS,
    LEVELS,
    Compare,
    Kind,
    Level,
    date_levels,
    exact_levels,
    number_levels,
    text_levels,
)
from services.dedup.batch.mapped_values import Day, Meant, days, exact_texts, numbers, texts
from services.dedup.model import Chances

__all__ = ["EXACT", "KINDS", "START", "Kind", "Mapped", "Spec", "mapped_columns"]

EXACT: Final = 1
"""The level of equal values, of every kind."""
START: Final[Mapping[Kind, Mapping[str, Chances]]] = {
    "exact": {"exact": Chances(0.90, 0.50, 0.02), "differ": Chances(0.10, 0.50, 0.98)},
    "text": {
        "exact": Chances(0.75, 0.40, 0.01), "close": Chances(0.12, 0.06, 0.005), "near": Chances(0.05, 0.06, 0.015),
        "differ": Chances(0.08, 0.48, 0.97),
    },
    "number": {
        "exact": Chances(0.85, 0.40, 0.02), "close": Chances(0.05, 0.06, 0.03), "differ": Chances(0.10, 0.54, 0.95),
    },
    "date": {
        "exact": Chances(0.85, 0.10, 0.0005), "close": Chances(0.05, 0.02, 0.0015), "near": Chances(0.05, 0.03, 0.018),
        "differ": Chances(0.05, 0.85, 0.98),
    },
}  # fmt: skip
"""Judgement, not measurement: what the column is nobody knows before its data do, nor whether a family shares it."""


@dataclass(frozen=True)
class Spec:
    """A comparison asked for. tolerance: of a number, how far two that are close lie apart; of a date, in days.

    None stands for no tolerance of numbers, and for DAYS_OFF days.
    """

    name: str
    kind: Kind
    tolerance: float | None = None


@dataclass(frozen=True)
class Mapped:
    """One column. levels_of: names of its levels, "missing" first, "exact" second.

    codes: of each record, NOTHING where the cell is empty or has no meaning of that kind. values: what codes stand
    for, in order: folded texts, numbers, or days.
    """

    name: str
    kind: Kind
    levels_of: tuple[str, ...]
    codes: Codes
    values: Sequence[str] | Sequence[float] | Sequence[Day]
    tolerance: float

    def level(self, left: Codes, right: Codes) -> Level:
        """The levels of pairs of values, by their codes; the same from either side."""
        found = np.zeros(len(left), dtype=np.uint8)
        there = (left >= 0) & (right >= 0)
        found[there & (left == right)] = EXACT
        if self.kind == "date":  # a year known twice is not one day known twice
            found[there & (left == right) & ~self._whole[left]] = self.levels_of.index("near")
        other = np.flatnonzero(there & (left != right))
        found[other] = self._compare(left[other], right[other])
        return found

    def shares(self) -> Floats:
        """Of each code, in (0, 1]: the share of records with that value among those that have any.

        The chance that a record agrees on it with another that has one, if they are of strangers.
        """
        held = np.bincount(self.codes[self.codes >= 0], minlength=len(self.values))
        return np.asarray(held / max(1, held.sum()), dtype=np.float64)

    @cached_property
    def _whole(self) -> Flags:
        """Of each code of a date, whether the day is known; the last stands for NOTHING."""
        return np.array([day.parts == 3 for day in cast(Sequence[Day], self.values)] + [False], dtype=bool)

    @cached_property
    def _compare(self) -> Compare:
        match self.kind:
            case "text":
                return text_levels(cast(Sequence[str], self.values))
            case "number":
                return number_levels(cast(Sequence[float], self.values), self.tolerance)
            case "date":
                return date_levels(cast(Sequence[Day], self.values), self.tolerance)
            case "exact":
                return exact_levels


def mapped_columns(columns: Mapping[str, pa.ChunkedArray], specs: Sequence[Spec]) -> tuple[Mapped, ...]:
    """One of each spec, in their order. columns: by the specs' names, each of one text a record."""
    return tuple(_mapped(columns[spec.name], spec) for spec in specs)


def _mapped(column: pa.ChunkedArray, spec: Spec) -> Mapped:
    reads = {"exact": exact_texts, "text": texts, "number": numbers, "date": days}
    meant: Meant = reads[spec.kind](column)
    tolerance = spec.tolerance if spec.tolerance is not None else DAYS_OFF if spec.kind == "date" else 0.0
    return Mapped(spec.name, spec.kind, LEVELS[spec.kind], meant.codes, meant.values, tolerance)
