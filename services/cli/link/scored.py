"""Pairs with a probability, read from a file and placed among the records whose truth is known."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from services.cli.link.labels import TruthUnusable, places
from services.dedup.batch.coded import Floats, Ints
from services.dedup.batch.read import FileUnreadable, read_sheet

COLUMNS = ("record_id_l", "record_id_r", "probability")
_AT_A_TIME = 1_000_000


class Scored(NamedTuple):
    """Places of the records, left < right, each pair once; unknown: rows left out, as the truth lacks a record."""

    left: Ints
    right: Ints
    probability: Floats
    unknown: int


def scored(path: Path, ids: pa.Array) -> Scored:
    """The pairs in a Parquet file (read in parts, only the three columns) or a sheet; ids: of the truth's records.

    A pair that is there twice counts once, with its higher probability; a record paired with itself does not count.
    Raises FileUnreadable, and TruthUnusable where no pair is of the truth's records.
    """
    parts = [_placed(table, ids, path) for table in _tables(path)]
    left, right, probability = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    known = (left >= 0) & (right >= 0)
    if not known.any():
        raise TruthUnusable(f"{path.name}: none of its {len(left):,} pairs is of records that the truth knows")
    use = known & (left != right)
    return Scored(*_each_once(left[use], right[use], probability[use], len(ids)), int((~known).sum()))


def _tables(path: Path) -> Iterable[pa.Table]:
    if path.suffix.lower() in (".parquet", ".pq"):
        try:
            file = pyarrow.parquet.ParquetFile(path)
            _check(file.schema_arrow.names, path)
            for batch in file.iter_batches(_AT_A_TIME, columns=list(COLUMNS)):
                yield pa.table(batch)
        except (pa.ArrowInvalid, OSError) as error:
            raise FileUnreadable(f"{path.name}: {type(error).__name__}; it does not read as a table") from None
    else:
        sheet = read_sheet(path)
        _check(list(sheet.columns), path)
        yield pa.table({name: sheet.columns[name] for name in COLUMNS})


def _check(headings: list[str], path: Path) -> None:
    missing = [name for name in COLUMNS if name not in headings]
    if missing:
        raise FileUnreadable(f"{path.name}: no column {', '.join(missing)}; it needs {', '.join(COLUMNS)}")


def _placed(table: pa.Table, ids: pa.Array, path: Path) -> tuple[Ints, Ints, Floats]:
    one, other = (places(pc.cast(table[name], pa.string()), ids) for name in COLUMNS[:2])
    try:
        probability = pc.cast(table["probability"], pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        raise FileUnreadable(f"{path.name}: a probability is no number; write it as 0.97") from None
    if not ((probability >= 0) & (probability <= 1)).all():
        raise FileUnreadable(f"{path.name}: a probability is missing or outside 0 to 1")
    return np.minimum(one, other), np.maximum(one, other), probability


def _each_once(left: Ints, right: Ints, probability: Floats, size: int) -> tuple[Ints, Ints, Floats]:
    pairs = left * size + right
    order = np.lexsort((-probability, pairs))
    pairs = pairs[order]
    first = np.ones(len(pairs), dtype=bool)
    first[1:] = pairs[1:] != pairs[:-1]
    kept = order[first]
    return left[kept], right[kept], probability[kept]
