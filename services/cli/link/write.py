"""What a linkage found, as files."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from services.dedup.batch.link import Linked
from services.dedup.batch.records import Records
from services.dedup.engine.compare import FIELDS

EVIDENCE = (*FIELDS, "family_tie")


def write_clusters(path: Path, records: Records, linked: Linked) -> None:
    """record_id, cluster_id: the id of the cluster's first record."""
    ids = pa.array(records.ids, pa.string())
    table = pa.table({"record_id": ids, "cluster_id": ids.take(pa.array(linked.clusters))})
    pyarrow.csv.write_csv(table, path)


def write_pairs(path: Path, records: Records, linked: Linked) -> None:
    """record_id_l, record_id_r, probability, and the bits of evidence of every field; the likeliest first."""
    pairs = linked.pairs
    order = np.argsort(-pairs.probability, kind="stable")
    ids = pa.array(records.ids, pa.string())
    evidence = pairs.evidence[order]
    columns = {
        "record_id_l": ids.take(pa.array(pairs.left[order])),
        "record_id_r": ids.take(pa.array(pairs.right[order])),
        "probability": pa.array(pairs.probability[order]),
        **{f"bits_{field}": pa.array(evidence[:, place]) for place, field in enumerate(EVIDENCE)},
    }
    pyarrow.parquet.write_table(pa.table(columns), path)
