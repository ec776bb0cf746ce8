"""What a linkage found, as files; written part by part, so that memory does not grow with their size."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from services.cli.link.labels import as_ids
from services.dedup.batch.coded import Ints
from services.dedup.batch.link import Linked
from services.dedup.batch.records import Records
from services.dedup.engine.compare import FIELDS

EVIDENCE = (*FIELDS, "family_tie")
_AT_A_TIME = 500_000
_CLUSTERS = pa.schema([("record_id", pa.string()), ("cluster_id", pa.string())])
_PAIR = [("record_id_l", pa.string()), ("record_id_r", pa.string()), ("probability", pa.float64())]


def write_clusters(path: Path, records: Records, linked: Linked) -> None:
    """record_id, cluster_id: the least id of the cluster's records. In the order of the files' rows."""
    ids, places = as_ids(records.ids), records.rows(np.arange(len(records.ids)))
    with pyarrow.csv.CSVWriter(path, _CLUSTERS) as file:
        for some in _parts(len(ids)):
            columns = [ids.take(pa.array(each)) for each in (places[some], linked.clusters[places[some]])]
            file.write_table(pa.table(columns, schema=_CLUSTERS))


def write_pairs(path: Path, records: Records, linked: Linked) -> None:
    """record_id_l, record_id_r, probability, and the bits of evidence of every field; the likeliest first."""
    ids, order = as_ids(records.ids), np.argsort(-linked.pairs.probability, kind="stable")
    fields = (*EVIDENCE, *(mapped.name for mapped in records.mapped))
    schema = pa.schema([*_PAIR, *((f"bits_{field}", pa.float32()) for field in fields)])
    with pyarrow.parquet.ParquetWriter(path, schema, use_dictionary=False, compression="zstd") as file:
        for some in _parts(len(order)):
            file.write_table(pa.table(_columns(ids, linked, order[some]), schema=schema))


def _columns(ids: pa.Array, linked: Linked, places: Ints) -> list[pa.Array]:
    pairs = linked.pairs
    evidence = pairs.evidence[places].astype(np.float32, copy=False)
    columns = [ids.take(pa.array(side[places])) for side in (pairs.left, pairs.right)]
    columns.append(pa.array(pairs.probability[places].astype(np.float64, copy=False)))
    columns.extend(pa.array(np.ascontiguousarray(evidence[:, field])) for field in range(evidence.shape[1]))
    return columns


def _parts(size: int) -> Iterator[slice]:
    """At least one, so that a file without rows still has its headings."""
    for start in range(0, max(1, size), _AT_A_TIME):
        yield slice(start, start + _AT_A_TIME)
