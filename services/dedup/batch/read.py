"""Files of records, read column by column as text: CSV in any usual encoding, Parquet, XLSX."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from services.dedup.batch.coded import Codes

_SAMPLE = 65_536
_DELIMITERS = (",", ";", "\t", "|")


class FileUnreadable(ValueError):
    """The file cannot be read as a table; the message says why, and quotes none of its cells."""


@dataclass(frozen=True)
class Sheet:
    """A file's rows. columns: heading -> text of every row, null where the cell is empty."""

    name: str
    rows: int
    columns: dict[str, pa.ChunkedArray]


def read_sheet(path: Path) -> Sheet:
    """The table in `path`, by its suffix. Raises FileUnreadable."""
    try:
        match path.suffix.lower():
            case ".parquet" | ".pq":
                table = pyarrow.parquet.read_table(path)
            case ".xlsx" | ".xls" | ".ods":
                table = _workbook(path)
            case _:
                table = _csv(path)
    except (pa.ArrowInvalid, pa.ArrowKeyError, UnicodeDecodeError, OSError) as error:
        raise FileUnreadable(f"{path.name}: {type(error).__name__}; it does not read as a table") from None
    if not table.num_rows:
        raise FileUnreadable(f"{path.name}: it has no rows")
    columns = {name.strip(): _text(table.column(place)) for place, name in enumerate(table.column_names)}
    return Sheet(path.name, table.num_rows, columns)


def stack(sheets: list[Sheet], fields: list[dict[str, str]]) -> tuple[dict[str, pa.ChunkedArray], Codes]:
    """One column a field over all sheets, and which sheet each row is from.

    fields: field -> heading, one of each sheet.
    """
    source = np.repeat(np.arange(len(sheets), dtype=np.int32), [sheet.rows for sheet in sheets])
    every = dict.fromkeys(field for found in fields for field in found)
    stacked = {}
    for field in every:
        chunks: list[pa.Array] = []
        for sheet, found in zip(sheets, fields, strict=True):
            column = (
                sheet.columns[found[field]] if field in found else pa.chunked_array([pa.nulls(sheet.rows, pa.string())])
            )
            chunks.extend(column.chunks)
        stacked[field] = pa.chunked_array(chunks, pa.string())
    return stacked, source


def _csv(path: Path) -> pa.Table:
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    encoding = _encoding(sample)
    head = sample.decode(encoding, "ignore")
    delimiter = max(_DELIMITERS, key=head.split("\n", 1)[0].count)
    headings = next(csv.reader([head.split("\n", 1)[0].strip("\ufeff\r")], delimiter=delimiter), [])
    if len(set(headings)) != len(headings):
        raise FileUnreadable(f"{path.name}: two columns have one heading")
    return pyarrow.csv.read_csv(
        path,
        pyarrow.csv.ReadOptions(encoding=encoding, column_names=headings, skip_rows=1, block_size=1 << 24),
        pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(headings, pa.string()), strings_can_be_null=True,
                                   null_values=[""], quoted_strings_can_be_null=True),
    )  # fmt: skip


def _encoding(sample: bytes) -> str:
    """UTF-8 and UTF-16 by their shape; what is neither is taken for Windows Arabic."""
    if sample.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        sample[: len(sample) - 4 if len(sample) == _SAMPLE else None].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 8:
            return "cp1256"
    return "utf-8"


def _workbook(path: Path) -> pa.Table:
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        raise FileUnreadable(f"{path.name}: install python-calamine to read workbooks, or save it as CSV") from None
    rows: list[list[Any]] = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    if not rows:
        raise FileUnreadable(f"{path.name}: it has no rows")
    headings = [str(cell) for cell in rows[0]]
    cells = zip(*rows[1:], strict=True) if rows[1:] else ([] for _ in headings)
    return pa.table({name: pa.array([_cell(cell) for cell in column], pa.string())
                     for name, column in zip(headings, cells, strict=True)})  # fmt: skip


def _cell(cell: object) -> str | None:
    """A whole number is written without its point, a date as ISO."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell) if cell not in (None, "") else None


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_large_string(column.type) or not pa.types.is_string(column.type):
        return column.cast(pa.string())
    return column
