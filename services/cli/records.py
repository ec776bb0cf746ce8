"""Files of registrations, read and normalised for the commands that learn from them or explain them."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute

from services.dedup.batch.inputs import read_inputs
from services.dedup.batch.mapping import MappingUnusable
from services.dedup.batch.read import FileUnreadable
from services.dedup.batch.records import Records
from services.dedup.model import Model, ModelUnusable, load_model


class Unusable(ValueError):
    """The files or the options do not allow what was asked; the message says what to do."""


def read_records(paths: Sequence[Path], mapping: Path | None) -> Records:
    """The records of all files. mapping: JSON that names the columns which their headings do not. Raises Unusable."""
    try:
        inputs = read_inputs(paths, mapping)
    except (FileUnreadable, MappingUnusable) as error:
        raise Unusable(str(error)) from None
    return inputs.records()


def ids_of(records: Records) -> pa.Array:
    """The records' ids, by place."""
    return pa.array(records.ids, pa.string())


def places_of(records: Records, ids: Sequence[str]) -> dict[str, int]:
    """Id -> place, for those of `ids` that are there."""
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
