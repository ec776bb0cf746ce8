"""Files of registrations, read and normalised for the commands that learn from them or explain them."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute

from services.dedup.batch.block import block
from services.dedup.batch.inputs import read_inputs
from services.dedup.batch.mapping import MappingUnusable
from services.dedup.batch.read import FileUnreadable
from services.dedup.batch.records import Records
from services.dedup.batch.scheme import scheme
from services.dedup.engine.normalise import HOME
from services.dedup.model import Model, ModelUnusable, load_model
from services.dedup.model.start import START


class Unusable(ValueError):
    """The files or the options do not allow what was asked; the message says what to do."""


def read_records(paths: Sequence[Path], mapping: Path | None, region: str = HOME) -> Records:
    """The records of all files. mapping: JSON that names the columns which their headings do not.

    region: of phones without a country. Raises Unusable.
    """
    try:
        inputs = read_inputs(paths, mapping)
    except (FileUnreadable, MappingUnusable) as error:
        raise Unusable(str(error)) from None
    return inputs.records(region)


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


def check_comparisons(model: Model, records: Records) -> None:
    """Raises Unusable where the model was learned with other comparisons of a mapping than the records have."""
    learned = {field: set(levels) for field, levels in model.levels.items() if field not in START}
    levels = scheme(records.mapped).start
    here = {each.name: set(levels[each.name]) for each in records.mapped}
    if learned == here:
        return
    parts = (
        ("the model weighs what the files do not map", learned.keys() - here.keys()),
        ("the files map what the model does not weigh", here.keys() - learned.keys()),
        ("compared in another way", {name for name in learned.keys() & here.keys() if learned[name] != here[name]}),
    )
    told = "; ".join(f"{what}: {', '.join(sorted(names))}" for what, names in parts if names)
    raise Unusable(
        f"the model was not learned with this mapping ({told}): give the --map it was learned with, or learn a model "
        "from these files"
    )


def not_learned(error: ValueError, records: Records, instead: str) -> Unusable:
    """Why no model came of the records. instead: what else can be done. Cost: of blocking them once more."""
    left_out = block(records).left_out
    if left_out:
        return Unusable(
            f"nothing could be learned: whatever records share is shared by too many of them ({left_out:,} groups too "
            f"large to compare), as where all rows hold one name; if that is not a mistake in the files, {instead}"
        )
    return Unusable(f"nothing could be learned: {error}; {instead}")
