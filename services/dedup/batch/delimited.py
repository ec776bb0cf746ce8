"""CSV files as clerks keep them: delimiter and headings are found, and what is wrong is told by its line."""

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from services.dedup.batch.charset import Charset, Unreadable, guessed, settled
from services.dedup.batch.headings import heading_row, named
from services.dedup.batch.transcode import utf8

LONGEST_CELL = 131_072
"""Bytes; four times what a spreadsheet's cell can hold."""
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 30
_BLOCK = 1 << 24
_MOST_LINES = 200


class Delimited(NamedTuple):
    """table: of text. notes: what was found of the file that its reader should know."""

    table: pa.Table
    notes: tuple[str, ...]


class _Shape(NamedTuple):
    """width: cells of the widest of the first rows."""

    delimiter: str
    width: int


def read_delimited(path: Path) -> Delimited:
    """Raises Unreadable, which names the line."""
    charset = guessed(path) or settled(path)
    try:
        table = _parsed(path, charset)
    except pa.ArrowInvalid as error:
        if "UTF8" not in str(error):
            raise _flaw(path, charset) from None
        charset = settled(path)
        try:
            table = _parsed(path, charset)
        except pa.ArrowInvalid:
            raise _flaw(path, charset) from None
    if _swallows(table, path, charset):
        raise _flaw(path, charset)
    return Delimited(table, _notes(charset))


def _parsed(path: Path, charset: Charset) -> pa.Table:
    shape = _shape(path, charset)
    with utf8(path, charset) as stream:
        headings = named(heading_row(csv.reader(_lines(stream), delimiter=shape.delimiter), shape.width))
        if not stream.peek(1):
            return pa.table({heading: pa.array([], pa.string()) for heading in headings})
        return pyarrow.csv.read_csv(
            stream,
            pyarrow.csv.ReadOptions(column_names=headings, block_size=_BLOCK),
            pyarrow.csv.ParseOptions(delimiter=shape.delimiter, newlines_in_values=True),
            pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(headings, pa.string()), strings_can_be_null=True,
                                       null_values=[""], quoted_strings_can_be_null=True),
        )  # fmt: skip


def _lines(stream: BinaryIO) -> Iterator[str]:
    """One at a time: what comes after the last one asked for is still in the stream."""
    while line := stream.readline(_BLOCK):
        yield line.decode("utf-8", "replace")


def _shape(path: Path, charset: Charset) -> _Shape:
    """The delimiter under which most of the first rows are as wide as the widest; a comma if none has two cells."""
    with utf8(path, charset) as stream:
        lines = list(islice(_lines(stream), _SAMPLE_ROWS))
    fits = []
    for place, delimiter in enumerate(_DELIMITERS):
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            widths = []
        widest = max(widths, default=1)
        fits.append((widths.count(widest) if widest > 1 else 0, widest, -place))
    _, width, place = max(fits)
    return _Shape(_DELIMITERS[-place], width)


def _swallows(table: pa.Table, path: Path, charset: Charset) -> bool:
    """Whether a quotation mark that was never closed made one cell of many lines."""
    open_end = False
    for column in table.columns:
        longest = pc.max(pc.binary_length(column)).as_py() or 0
        if longest > LONGEST_CELL:
            return True
        if longest > _MOST_LINES and (pc.max(pc.count_substring(column, "\n")).as_py() or 0) > _MOST_LINES:
            return True
        last = column[-1].as_py() if len(column) else None
        open_end |= bool(last and "\n" in last)
    if not open_end:
        return False
    with utf8(path, charset) as stream:
        return sum(block.count(b'"') for block in iter(lambda: stream.read(_BLOCK), b"")) % 2 == 1


def _flaw(path: Path, charset: Charset) -> Unreadable:
    """What is wrong with the first row that cannot be read. Only asked once it is known that one cannot."""
    shape = _shape(path, charset)
    with utf8(path, charset) as stream:
        rows = csv.reader(_lines(stream), delimiter=shape.delimiter)
        try:
            width = len(heading_row(rows, shape.width))
            start, before = 0, rows.line_num
            for row in rows:
                start, before = before + 1, rows.line_num
                if row and (said := _wrong(row, width, before - start)):
                    return Unreadable(f"line {start:,}: {said}")
        except csv.Error:
            return Unreadable(f"line {rows.line_num:,}: a cell of more than {LONGEST_CELL:,} bytes; {_QUOTE}")
    if before > start:
        return Unreadable(f'line {start:,}: a quotation mark (") is opened and never closed')
    return Unreadable("it does not read as a table; save it as CSV UTF-8 again")


_QUOTE = 'is a quotation mark (") opened there or above, and never closed?'


def _wrong(row: list[str], width: int, more_lines: int) -> str | None:
    if more_lines > _MOST_LINES:
        return f"a cell runs over {more_lines + 1:,} lines; {_QUOTE}"
    if any(len(cell) > LONGEST_CELL for cell in row):
        return f"a cell of more than {LONGEST_CELL:,} bytes; {_QUOTE}"
    if len(row) == width:
        return None
    how = _QUOTE if more_lines else "a cell that holds the delimiter wants quotation marks"
    return f"{len(row)} cells, and the headings are {width}; {how}"


def _notes(charset: Charset) -> tuple[str, ...]:
    if charset.name == "mixed":
        return (
            f"two encodings, UTF-8 and {charset.page}, read line by line; the lesser has {charset.others:,} lines, "
            f"from line {charset.line:,} on",
        )
    return () if charset.name.startswith("utf-8") else (f"read as {charset.name.upper()}",)
