"""Workbooks: the first sheet that can be seen, its cells as the text that a person reads in them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from services.dedup.batch.charset import Unreadable
from services.dedup.batch.delimited import Delimited
from services.dedup.batch.headings import heading_row, named

Cell = int | float | str | bool | time | date | datetime | object


def read_workbook(path: Path) -> Delimited:
    """Raises Unreadable."""
    try:
        book = CalamineWorkbook.from_path(path)
        seen = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
        names = seen or book.sheet_names
        rows = [[_text(cell) for cell in row] for row in book.get_sheet_by_name(names[0]).to_python()]
    except CalamineError:
        raise Unreadable("it is no workbook that can be opened (a password?); save it again, or as CSV UTF-8") from None
    width = max(map(len, rows), default=0)
    row = iter(rows)
    headings = named(heading_row(row, width))
    columns = list(zip(*row, strict=True)) or [() for _ in headings]
    table = pa.table({name: pa.array([cell or None for cell in column], pa.string())
                      for name, column in zip(headings, columns, strict=True)})  # fmt: skip
    return Delimited(table, tuple(_notes(names, table)))


def _text(cell: Cell) -> str:
    """A whole number without its point, whatever its size; a day as YYYY-MM-DD; truth as 1 or 0."""
    match cell:
        case bool():
            return str(int(cell))
        case float():
            return format(Decimal(repr(cell)), "f").removesuffix(".0")
        case datetime():
            return cell.isoformat(" ") if cell.time() != time() else cell.date().isoformat()
        case _:
            return str(cell).replace("\0", "")


def _notes(names: Sequence[str], table: pa.Table) -> list[str]:
    notes = []
    if len(names) > 1:
        notes.append(f"of its {len(names)} sheets the first was read, «{names[0]}»; save another one by itself")
    for name, column in zip(table.column_names, table.columns, strict=True):
        cut = sum(1 for text in column.to_pylist() if text and len(text) > 15 and text.isdigit() and text.endswith("0"))
        if cut and cut > len(column) / 2:
            notes.append(
                f"column «{name}»: numbers of over 15 digits, of which a workbook keeps 15; format it as text, and "
                "type them again"
            )
    return notes
