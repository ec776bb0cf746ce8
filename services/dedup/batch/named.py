"""The names of every record, from whichever columns hold them."""

from collections.abc import Callable
from functools import reduce
from typing import NamedTuple

import numpy as np

from services.dedup.batch.coded import NOTHING, Coded, Codes, Flags, Index, Ints, gather
from services.dedup.batch.kernel.words import joined
from services.dedup.batch.names import WIDTH, Cut, Names, cut
from services.dedup.engine.arabic import ARABIC
from services.dedup.engine.latin import LATIN

PARTS = ("given_name", "father_name", "grandfather_name", "family_name")
Columns = Callable[[str], Coded]


class Named(NamedTuple):
    """arabic, latin: each record's row of `names` in either script, or NOTHING."""

    names: Names
    arabic: Codes
    latin: Codes


def named(columns: Columns) -> Named:
    """The names of a file.

    A whole name without an Arabic letter is taken for a Latin one, if no other is there; names typed in several
    columns are for the records that have no whole name.
    """
    tables = _Tables()
    whole = columns("full_name")
    arabic = tables.add(cut(whole, ARABIC), whole.codes)
    written = columns("full_name_latin")
    latin = tables.add(cut(written, LATIN), written.codes)
    other = _only(whole, (arabic < 0) & (latin < 0))
    latin = np.maximum(latin, tables.add(cut(other, LATIN), other.codes))
    _from_parts(columns, tables, arabic, latin)
    return Named(tables.names(), arabic, latin)


def _only(coded: Coded, held: Flags) -> Coded:
    """Of a column what those records hold."""
    codes = np.where(held, coded.codes, NOTHING)
    used = np.zeros(len(coded.values), dtype=bool)
    used[codes[codes >= 0]] = True
    places = np.where(used, np.cumsum(used) - 1, NOTHING).astype(np.int32)
    return Coded(gather(places, codes), coded.values.take(np.flatnonzero(used)))


def _from_parts(columns: Columns, tables: "_Tables", arabic: Codes, latin: Codes) -> None:
    """Fills in the names typed in parts, in Arabic where any part has an Arabic letter."""
    parts = [columns(part) for part in PARTS]
    if not any(len(part.values) for part in parts):
        return
    for script, into in ((ARABIC, arabic), (LATIN, latin)):
        fresh = np.flatnonzero((arabic < 0) & (latin < 0))
        firsts, which = _different([part.codes[fresh] for part in parts])
        rows = [tables.recoded(cut(part, script), part.codes[fresh[firsts]]) for part in parts]
        whole = joined(np.stack(rows, axis=1), tables.blank(), WIDTH)
        into[fresh] = tables.place(whole)[which]


def _different(columns: list[Codes]) -> tuple[Ints, Ints]:
    """Where each different combination is first, and which of them each row has."""

    def paired(above: Ints, column: Codes) -> Ints:
        kinds, which = np.unique(above, return_inverse=True)
        return which * (int(column.max(initial=0)) + 2) + column + 1 if len(kinds) else above

    combined = reduce(paired, columns, np.zeros(len(columns[0]), dtype=np.int64))
    _, firsts, which = np.unique(combined, return_index=True, return_inverse=True)
    return firsts, which


class _Tables:
    """Names of several columns under one list of units."""

    def __init__(self) -> None:
        self._units = Index[str]()
        self._tables: list[Codes] = []
        self._size = 0

    def add(self, found: Cut, codes: Codes) -> Codes:
        """Takes in a column's names; the row of each record."""
        return gather(self.place(self.recoded(found, None)), codes)

    def recoded(self, found: Cut, codes: Codes | None) -> Codes:
        """Rows of the common units: all, or those at `codes`."""
        table = np.array([self._units.of(unit) for unit in found.units], dtype=np.int32)
        if codes is None:
            return gather(table, found.rows)
        rows = np.full((len(codes), WIDTH), NOTHING, dtype=np.int32)
        rows[codes >= 0] = gather(table, found.rows[codes[codes >= 0]])
        return rows

    def place(self, rows: Codes) -> Codes:
        """Takes in names; where each is from now on, NOTHING for what holds none."""
        held = rows[:, 0] >= 0
        places = np.where(held, np.cumsum(held) - 1 + self._size, NOTHING).astype(np.int32)
        self._tables.append(rows[held])
        self._size += len(self._tables[-1])
        return places

    def blank(self) -> int:
        """The unit for a given name that was not typed."""
        return self._units.of("")

    def names(self) -> Names:
        """All names; one without a given name where there are none, so that tables are never empty."""
        if not self._size:
            self.place(np.array([[self.blank(), *[NOTHING] * (WIDTH - 1)]], dtype=np.int32))
        return Names(self._units.values, np.concatenate(self._tables))
