"""Who is who: files of record ids with a label, a person's or a cluster's."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from services.dedup.batch.coded import Ints
from services.dedup.batch.read import FileUnreadable, read_sheet

_IDS = ("record_id", "rec_id", "unique_id", "id")
_LABELS = ("cluster_id", "person_id", "entity_id", "cluster", "person", "true_id")


class TruthUnusable(ValueError):
    """The truth and what was found do not speak of the same records; the message says where."""


class Labels(NamedTuple):
    """ids: of records, each once. codes: of each record's label, from 0 up."""

    ids: pa.Array
    codes: Ints


def labels(path: Path) -> Labels:
    """The column named record_id (or the first) and the one named for a person or cluster (or the next).

    Raises FileUnreadable, also for a record without an id or a label, or listed twice.
    """
    sheet = read_sheet(path)
    headings = list(sheet.columns)
    if len(headings) < 2:
        raise FileUnreadable(f"{path.name}: it needs two columns, a record's id and its person")
    key = named(headings, _IDS) or headings[0]
    others = [heading for heading in headings if heading != key]
    label = sheet.columns[named(others, _LABELS) or others[0]]
    blank = sheet.columns[key].null_count + label.null_count
    if blank:
        raise FileUnreadable(f"{path.name}: {blank:,} cells are empty; every record needs an id and a label")
    ids = once(sheet.columns[key], path)
    return Labels(ids, label.combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64))


def named(headings: Sequence[str], names: Sequence[str]) -> str | None:
    """The heading that is one of the names, whatever its case; the earliest name wins."""
    known = {heading.lower(): heading for heading in headings}
    return next((known[name] for name in names if name in known), None)


def once(ids: pa.ChunkedArray, path: Path) -> pa.Array:
    """The ids as one array. Raises FileUnreadable where one is there twice."""
    different = pc.count_distinct(ids).as_py()
    if different < len(ids):
        raise FileUnreadable(f"{path.name}: {len(ids) - different:,} rows repeat a record id; list each record once")
    return ids.combine_chunks()


def as_ids(ids: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Record ids as one Arrow array of texts, whatever they are kept in."""
    if isinstance(ids, pa.ChunkedArray):
        ids = ids.combine_chunks()
    return ids.cast(pa.string()) if isinstance(ids, pa.Array) else pa.array(ids, pa.string())


def places(ids: pa.Array | pa.ChunkedArray, among: pa.Array) -> Ints:
    """Where each id is found in `among`; -1 where it is not."""
    found = pc.index_in(ids, value_set=among).fill_null(-1)
    return np.asarray(found.to_numpy(), dtype=np.int64)


def truth_of(ids: pa.Array, truth: Labels) -> Ints:
    """The true label of each of the linked records, -1 where the truth does not know it.

    Raises TruthUnusable where the truth knows a record that was never linked.
    """
    where = places(truth.ids, ids)
    missing = int((where < 0).sum())
    if missing:
        raise TruthUnusable(f"{missing:,} records of the truth are not among the {len(ids):,} linked ones")
    found = np.full(len(ids), -1, dtype=np.int64)
    found[where] = truth.codes
    return found
