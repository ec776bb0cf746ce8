"""What is compared of two records: the engine's fields, and the columns of a file that were mapped to comparisons."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from services.dedup.batch.compare import LEVELS
from services.dedup.batch.mapped import START as MAPPED_START
from services.dedup.batch.mapped import Mapped
from services.dedup.engine.compare import FIELDS
from services.dedup.model import Chances
from services.dedup.model.start import START


class Scheme(NamedTuple):
    """fields: in their order. levels: of each its levels, "missing" first; codes are places there. start: where
    learning begins."""

    fields: tuple[str, ...]
    levels: Mapping[str, tuple[str, ...]]
    start: Mapping[str, Mapping[str, Chances]]


def scheme(mapped: Sequence[Mapped] = ()) -> Scheme:
    return Scheme(
        (*FIELDS, *(each.name for each in mapped)),
        {**LEVELS, **{each.name: each.levels_of for each in mapped}},
        {**START, **{each.name: MAPPED_START[each.kind] for each in mapped}},
    )
