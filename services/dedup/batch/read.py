"""Files of records, read column by column as text: CSV in any usual encoding, Parquet, workbooks.

Whatever is wrong with a file comes out as FileUnreadable, which says what, where and how to mend it; what could be
read but should be known comes out as a note.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from services.dedup.batch.charset import Unreadable
from services.dedup.batch.delimited import LONGEST_CELL, Delimited, read_delimited
from services.dedup.batch.headings import is_second_heading, named
from services.dedup.batch.workbook import read_workbook

_SECOND_HEADINGS = 2
_TAIL = 10_000


class FileUnreadable(ValueError):
    """The file cannot be read as a table; the message says why, and quotes none of its cells."""


@dataclass(frozen=True)
class Sheet:
    """A file's rows. columns: heading -> text of every row, null where the cell is empty.

    notes: what whoever gave the file should know of how it was read.
    """

    name: str
    rows: int
    columns: dict[str, pa.ChunkedArray]
    notes: tuple[str, ...] = ()


def read_sheet(path: Path) -> Sheet:
    """The table in `path`, by its suffix, without what is no record in it. Raises FileUnreadable."""
    try:
        match path.suffix.lower():
            case ".parquet" | ".pq":
                found = _parquet(path)
            case ".xlsx" | ".xlsm" | ".xlsb" | ".xls" | ".ods":
                found = read_workbook(path)
            case _:
                found = read_delimited(path)
        table = _records(found.table)
        columns = {name: column for name, column in zip(table.column_names, table.columns, strict=True)
                   if not (name.startswith("column ") and column.null_count == len(column))}  # fmt: skip
        _check_cells(columns)
    except Unreadable as error:
        raise FileUnreadable(f"{path.name}: {error}") from None
    except OSError as error:
        raise FileUnreadable(f"{path.name}: {error.strerror or type(error).__name__}") from None
    return Sheet(path.name, table.num_rows, columns, tuple(f"{path.name}: {note}" for note in found.notes))


def one_column(parts: Sequence[pa.ChunkedArray]) -> pa.ChunkedArray:
    """The columns of several files, one below the other."""
    return pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string())


def empty(rows: int) -> pa.ChunkedArray:
    """The column of a file that has none."""
    return pa.chunked_array([pa.nulls(rows, pa.string())])


def _parquet(path: Path) -> Delimited:
    try:
        table = pyarrow.parquet.read_table(path)
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        raise Unreadable(f"it is no Parquet file ({type(error).__name__})") from None
    names = named(table.column_names)
    columns = [_text(name, column) for name, column in zip(names, table.columns, strict=True)]
    return Delimited(pa.table(dict(zip(names, columns, strict=True))), ())


def _text(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """As text: whole numbers without a point, no empty texts, no NULs. Raises Unreadable."""
    if pa.types.is_floating(column.type) and pc.all(pc.equal(column, pc.round(column))).as_py():
        column = column.cast(pa.int64(), safe=False)
    if not pa.types.is_string(column.type):
        try:
            column = column.cast(pa.string())
        except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
            raise Unreadable(f"column «{name}» holds {column.type}, which is no text or number") from None
    if pc.any(pc.match_substring(column, "\0")).as_py():
        column = pc.replace_substring(column, "\0", "")
    return pc.if_else(pc.equal(column, ""), pa.scalar(None, pa.string()), column)


def _records(table: pa.Table) -> pa.Table:
    """The rows from the first record to the last: no headings said again, no empty rows at the end.

    Raises Unreadable where none is left.
    """
    first = 0
    while first < min(_SECOND_HEADINGS, table.num_rows) and is_second_heading(
        [column[first].as_py() for column in table.columns]
    ):
        first += 1
    last = table.num_rows
    while last > first and not _filled(table.slice(max(first, last - _TAIL), min(_TAIL, last - first))):
        last = max(first, last - _TAIL)
    tail = table.slice(max(first, last - _TAIL), min(_TAIL, last - first))
    last -= tail.num_rows - _filled(tail)
    if last == first:
        raise Unreadable("it has no rows")
    return table.slice(first, last - first)


def _filled(table: pa.Table) -> int:
    """How many rows there are up to the last one with anything in it."""
    some = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        some |= column.is_valid().to_numpy()
    return int(np.flatnonzero(some)[-1]) + 1 if some.any() else 0


def _check_cells(columns: dict[str, pa.ChunkedArray]) -> None:
    for name, column in columns.items():
        sizes = pc.binary_length(column)
        if (pc.max(sizes).as_py() or 0) > LONGEST_CELL:
            place = pc.index(pc.greater(sizes, LONGEST_CELL), True).as_py() + 1
            raise Unreadable(
                f"column «{name}», record {place:,}: a cell of more than {LONGEST_CELL:,} bytes; shorten it"
            )
