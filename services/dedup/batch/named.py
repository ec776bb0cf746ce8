"""The names of every record, from whichever columns hold them."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from services.dedup.batch.coded import (
    NOTHING,
    Coded,
    Codes,
    Index,
    Ints,
    encode,
    encode_numbers,
    gather,
    nothing,
    whole,
)
from services.dedup.batch.kernel.words import joined
from services.dedup.batch.names import WIDTH, Cut, Names, cut
from services.dedup.engine.arabic import ARABIC
from services.dedup.engine.latin import LATIN

PARTS = ("given_name", "father_name", "grandfather_name", "family_name")
Columns = Mapping[str, pa.ChunkedArray]


class Named(NamedTuple):
    """arabic, latin: each record's row of `names` in either script, or NOTHING."""

    names: Names
    arabic: Codes
    latin: Codes


def named(columns: Columns, size: int) -> Named:
    """The names of a file of `size` records. columns: text by field; fields not there are nothing.

    A whole name without an Arabic letter is taken for a Latin one, if no other is there; names typed in several
    columns are for the records that have no whole name.
    """
    tables = _Tables()
    arabic, latin = (np.full(size, NOTHING, dtype=np.int32) for _ in "al")
    if "full_name" in columns:
        arabic = tables.place(tables.recoded(cut(whole(columns["full_name"]), ARABIC)))
    if "full_name_latin" in columns:
        latin = tables.place(tables.recoded(cut(whole(columns["full_name_latin"]), LATIN)))
    if "full_name" in columns:
        other = (arabic < 0) & (latin < 0)
        left = whole(columns["full_name"].filter(pa.array(other)))
        latin[other] = tables.place(tables.recoded(cut(left, LATIN)))
    if any(part in columns for part in PARTS):
        _from_parts(
            [encode(columns[part]) if part in columns else nothing(size) for part in PARTS], tables, arabic, latin
        )
    return Named(tables.names(), arabic, latin)


def _from_parts(parts: list[Coded], tables: "_Tables", arabic: Codes, latin: Codes) -> None:
    """Fills in the names typed in parts, in Arabic where any part has an Arabic letter."""
    for script, into in ((ARABIC, arabic), (LATIN, latin)):
        fresh = np.flatnonzero((arabic < 0) & (latin < 0))
        firsts, which = _different([part.codes[fresh] for part in parts])
        tried = fresh[firsts]
        rows = [_picked(tables.recoded(cut(part.values, script)), part.codes[tried]) for part in parts]
        whole = joined(np.stack(rows, axis=1), tables.blank(), WIDTH)
        into[fresh] = tables.place(whole)[which]


def _different(columns: list[Codes]) -> tuple[Ints, Ints]:
    """Where each different combination is first, and which of them each row has."""
    which = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        which = encode_numbers(which * (int(column.max(initial=0)) + 2) + column + 1)[0].astype(np.int64)
    return np.unique(which, return_index=True)[1], which


def _picked(rows: Codes, codes: Codes) -> Codes:
    """rows[codes]; a code of NOTHING has no unit."""
    return np.where((codes >= 0)[:, None], rows[codes], NOTHING) if len(rows) else np.full((len(codes), WIDTH), NOTHING)


class _Tables:
    """Names of several columns under one list of units."""

    def __init__(self) -> None:
        self._units = Index[str]()
        self._tables: list[Codes] = []
        self._size = 0

    def recoded(self, found: Cut) -> Codes:
        """Names as rows of the common units."""
        return gather(np.array([self._units.of(unit) for unit in found.units], dtype=np.int32), found.rows)

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
