"""Files of registrations, read and normalised for the commands that learn from them or explain them."""

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute

from services.dedup.batch.fields import FIELDS, layout
from services.dedup.batch.normalise import normalise_columns
from services.dedup.batch.read import FileUnreadable, read_sheet, stack
from services.dedup.batch.records import Records
from services.dedup.model import Model, ModelUnusable, load_model

_NO_EVIDENCE = {"record_id", "charity_id", "source_ref"}


class Unusable(ValueError):
    """The files or the options do not allow what was asked; the message says what to do."""


def read_records(paths: Sequence[Path], mapping: Path | None) -> Records:
    """The records of all files. mapping: JSON that names the columns which their headings do not. Raises Unusable."""
    told = _told(mapping)
    try:
        sheets = [read_sheet(path) for path in paths]
    except FileUnreadable as error:
        raise Unusable(str(error)) from None
    layouts = [layout(list(sheet.columns), told) for sheet in sheets]
    for sheet, found in zip(sheets, layouts, strict=True):
        if not set(found) - _NO_EVIDENCE:
            raise Unusable(f"{sheet.name}: no column says anything of a person; name the columns with --map")
    return normalise_columns(*stack(sheets, layouts))


def ids_of(records: Records) -> pa.Array:
    """The records' ids, by place."""
    return pa.array(records.ids, pa.string())


def places_of(records: Records, ids: Sequence[str]) -> dict[str, int]:
    """Id -> place, for those of `ids` that are there; of two records with one id the first."""
    found = pa.compute.index_in(pa.array(ids, pa.string()), value_set=ids_of(records)).to_pylist()
    return {id_: place for id_, place in zip(ids, found, strict=True) if place is not None}


def read_model(path: Path | None) -> Model:
    """The model in `path`, by default the one that ships. Raises Unusable."""
    try:
        return load_model(path)
    except (OSError, ModelUnusable) as error:
        raise Unusable(f"{path}: {error}") from None


def sized(model: Model, records: int) -> Model:
    """The model at the size of the file, as `sijill link` uses it; one learned on it is of that size already."""
    return model if model.population == records else model.for_population(records)


def _told(mapping: Path | None) -> dict[str, str | None]:
    """heading -> field, as the mapping file says. Raises Unusable."""
    if mapping is None:
        return {}
    try:
        columns = json.loads(mapping.read_bytes())["columns"]
        unknown = {field for field in columns.values() if field is not None} - set(FIELDS)
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        raise Unusable(f'{mapping.name}: write it as {{"columns": {{"heading": "field"}}}}') from None
    if unknown:
        raise Unusable(
            f"{mapping.name}: no field is named {', '.join(sorted(unknown))}; fields are {', '.join(FIELDS)}"
        )
    return dict(columns)
