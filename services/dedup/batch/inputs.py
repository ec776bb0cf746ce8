"""Several files, each with a layout of its own, as one table of persons' fields and mapped comparisons."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.dedup.batch.coded import Codes
from services.dedup.batch.dates import order_of, written_birth
from services.dedup.batch.fields import JOINED, NAMELESS
from services.dedup.batch.layout import Layout, layout
from services.dedup.batch.mapped import Spec, mapped_columns
from services.dedup.batch.mapping import read_mapping
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.read import FileUnreadable, Sheet, empty, one_column, read_sheet
from services.dedup.batch.records import Records
from services.dedup.engine.normalise import HOME

_NAMES = ("full_name", "full_name_latin", "given_name", "father_name", "grandfather_name", "family_name")
_NUMBERS = ("national_id", "phone")
_ROUNDED = r"^\s*\d(\.\d+)?[eE]\+\d+\s*$"
_LOOKED_AT = 1_000
_TOLD_ROWS = 5


@dataclass(frozen=True)
class Inputs:
    """fields: field -> text of every row of all files. compared: the same of each comparison in `specs`, by name.

    source: which file each row is from. notes: of the files, and of what in their columns could not be read.
    """

    sheets: tuple[Sheet, ...]
    layouts: tuple[Layout, ...]
    fields: dict[str, pa.ChunkedArray]
    compared: dict[str, pa.ChunkedArray]
    specs: tuple[Spec, ...]
    source: Codes
    notes: tuple[str, ...]

    def records(self, home: str = HOME) -> Records:
        """Normalised, in the order of their ids. home: region of phones without a country."""
        mapped = mapped_columns(self.compared, self.specs)
        return normalise_columns(self.fields, self.source, home, mapped).by_id()


def read_inputs(paths: Sequence[Path], mapping: Path | None) -> Inputs:
    """Raises FileUnreadable and MappingUnusable: no usable column, a record_id twice, and whatever else stops."""
    told = read_mapping(mapping)
    sheets = tuple(read_sheet(path) for path in paths)
    told.check(heading for sheet in sheets for heading in sheet.columns)
    layouts = tuple(layout(list(sheet.columns), told.told) for sheet in sheets)
    for sheet, found in zip(sheets, layouts, strict=True):
        if not found.has_evidence:
            raise FileUnreadable(f"{sheet.name}: no column says anything of a person; name the columns with --map")
    notes = [note for sheet in sheets for note in sheet.notes]
    parts = [_fields(sheet, found, notes) for sheet, found in zip(sheets, layouts, strict=True)]
    fields = {
        field: one_column([part.get(field, empty(sheet.rows)) for sheet, part in zip(sheets, parts, strict=True)])
        for field in dict.fromkeys(field for part in parts for field in part)
    }
    specs = tuple(spec for spec in told.specs if any(spec.name in found.compared for found in layouts))
    source = np.repeat(np.arange(len(sheets), dtype=np.int32), [sheet.rows for sheet in sheets])
    if "record_id" in fields:
        _check_ids(fields["record_id"], sheets, source)
    return Inputs(sheets, layouts, fields, _compared(sheets, layouts, specs), specs, source, tuple(notes))


def persons_fields(sheet: Sheet) -> dict[str, pa.ChunkedArray]:
    """Field -> text of one file's rows, as its headings name them."""
    return _fields(sheet, layout(list(sheet.columns), {}), [])


def _fields(sheet: Sheet, found: Layout, notes: list[str]) -> dict[str, pa.ChunkedArray]:
    columns = {}
    for field, headings in found.fields.items():
        several = [sheet.columns[heading] for heading in headings]
        if field in _NAMES:
            _check_letters(sheet, headings[0], several[0])
            several = [_named(column) for column in several]
        if field in _NUMBERS:
            several = [_unrounded(sheet.name, heading, column, notes)
                       for heading, column in zip(headings, several, strict=True)]  # fmt: skip
        if field == "birth_date":
            notes.extend(_undated(sheet.name, headings, several))
        columns[field] = _together(field, several)
    return columns


def _together(field: str, several: list[pa.ChunkedArray]) -> pa.ChunkedArray:
    """What several columns of one field say: all of it, or what the first of them says that says anything."""
    if len(several) == 1:
        return several[0]
    if field in JOINED:
        return pc.binary_join_element_wise(*several, pa.scalar(JOINED[field]), null_handling="skip")
    return pc.coalesce(*several)


def _compared(sheets: Sequence[Sheet], layouts: Sequence[Layout], specs: Sequence[Spec]) -> dict[str, pa.ChunkedArray]:
    return {
        spec.name: one_column([
            sheet.columns[found.compared[spec.name]] if spec.name in found.compared else empty(sheet.rows)
            for sheet, found in zip(sheets, layouts, strict=True)
        ])
        for spec in specs
    }  # fmt: skip


def _check_letters(sheet: Sheet, heading: str, column: pa.ChunkedArray) -> None:
    """Raises FileUnreadable where names have become question marks."""
    first = column.slice(0, _LOOKED_AT)
    lost = pc.sum(pc.match_substring_regex(first, r"^[?\x{FFFD} ]*[?\x{FFFD}][?\x{FFFD} ]*$")).as_py() or 0
    if 2 * lost > len(first) - first.null_count:
        raise FileUnreadable(
            f"{sheet.name}: column «{heading}» holds question marks for letters: it was saved in an encoding without "
            "them; export it again as CSV UTF-8"
        )


def _named(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column without what is written in place of a name."""
    nothing = pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(column)), value_set=pa.array(NAMELESS, pa.string()))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), column) if pc.any(nothing).as_py() else column


def _unrounded(file: str, heading: str, column: pa.ChunkedArray, notes: list[str]) -> pa.ChunkedArray:
    """The column without numbers that a spreadsheet rounded to a few digits: many would be alike that are not."""
    if not pc.any(pc.match_substring(column, "E+", ignore_case=True)).as_py():
        return column
    rounded = pc.match_substring_regex(column, _ROUNDED).fill_null(False)
    times = pc.sum(rounded).as_py()
    if not times:
        return column
    notes.append(
        f"{file}: column «{heading}»: {times:,} cells like 1.23E+09, which a spreadsheet rounded, are left out; format "
        "the column as text, fill it from the source and export it again"
    )
    return pc.if_else(rounded, pa.scalar(None, pa.string()), column)


def _undated(file: str, headings: Sequence[str], several: Sequence[pa.ChunkedArray]) -> Iterator[str]:
    for heading, column in zip(headings, several, strict=True):
        texts = [text for text in column.slice(0, _LOOKED_AT).to_pylist() if text and text.strip()]
        order = order_of(texts)
        undated = sum(1 for text in texts if written_birth(text, order) is None)
        if undated:
            yield (
                f"{file}: column «{heading}»: {undated:,} of the first {len(texts):,} are no dates that we read; write "
                "them like 1990-05-21 or 1410/10/26, the year with four digits"
            )


def _check_ids(ids: pa.ChunkedArray, sheets: Sequence[Sheet], source: Codes) -> None:
    """Raises FileUnreadable where two records have one id, with the first few of them but not the ids."""
    coded = ids.combine_chunks().dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    times = np.bincount(codes[codes >= 0], minlength=len(coded.dictionary))
    if not (times > 1).any():
        return
    again = np.flatnonzero((codes >= 0) & (times[codes] > 1))
    starts = np.concatenate([[0], np.cumsum([sheet.rows for sheet in sheets])])
    told = [f"{sheets[source[place]].name} record {place - starts[source[place]] + 1:,}"
            for place in again[:_TOLD_ROWS].tolist()]  # fmt: skip
    raise FileUnreadable(
        f"{int((times > 1).sum()):,} record_ids stand for two records or more, over all files; the first: "
        f"{', '.join(told)} (counted below the headings). Give every record its own, or leave the column out with "
        '--map and null: {"columns": {"the heading": null}}'
    )
